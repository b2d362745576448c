"""Hours of training: what each cadre has in a year, what he is asked for, and what he lacks to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from django.db.models import Count, Q, QuerySet, Sum

from cadres.choices_development import Topic, TrainingMode
from cadres.models import Attendance, Course, Person, Post, Reserve
from core.periods import Period
from core.shared import shared
from villages.choices import LegalRuleKey
from villages.models import LegalRule


def hours_asked(villages: QuerySet, day: date) -> dict[int, int | None]:
    """Hours a year by the rule in force on the day at each village; None where no rule is known. Two queries."""
    rules = list(LegalRule.objects.filter(key=LegalRuleKey.TRAINING_HOURS).on(day))
    places = villages.with_applies_to().order_by().values_list("pk", "code", "falls_under")
    picked = {
        pk: LegalRule.pick(rules, LegalRuleKey.TRAINING_HOURS, day, falls_under, code)
        for pk, code, falls_under in places
    }
    return {pk: ceil(rule.value) if rule else None for pk, rule in picked.items()}


@dataclass
class Hours:
    """The cadres in post of a village on a day: person → hours of the year so far. `asked`: of each."""

    asked: int | None
    of: dict[int, int] = field(default_factory=dict)
    #: Whether any training of any of them is on record this year.
    known: bool = False

    @property
    def enough(self) -> int:
        return sum(1 for hours in self.of.values() if self.asked is not None and hours >= self.asked)

    @property
    def total(self) -> int:
        return len(self.of)

    @property
    def short(self) -> int:
        return self.total - self.enough

    @property
    def lacking(self) -> int:
        """Hours that all together lack."""
        return sum(max(0, (self.asked or 0) - hours) for hours in self.of.values())

    def lacks(self, person: int) -> int:
        return max(0, (self.asked or 0) - self.of.get(person, 0))


@shared
def hours_of(villages: QuerySet, period: Period) -> dict[int, Hours]:
    """Every village with somebody in post, by its id. Four queries, however many villages."""
    asked = hours_asked(villages, period.as_of)
    posts = Post.objects.on(period.as_of).filter(village__in=villages)
    counting = Attendance.objects.counting_in(period.start, period.as_of).filter(person__in=posts.values("person"))
    hours = dict(counting.values_list("person").annotate(total=Sum("hours")).order_by())
    found = {}
    for village, person in posts.order_by("village", "person").values_list("village", "person").distinct():
        own = found.setdefault(village, Hours(asked.get(village)))
        own.of[person] = hours.get(person, 0)
        own.known = own.known or person in hours
    return found


# ---- what each lacks ----


@dataclass
class Trainee:
    """A cadre, his hours, and the topics that he had nothing of this year."""

    person: Person
    hours: int
    lacks: int
    topics: list[str]


def trainees(people: Iterable[Person], hours: Hours, period: Period) -> list[Trainee]:
    """Those who lack most come first. One query."""
    people = list(people)
    had = topics_of(people, period)
    rows = [
        Trainee(
            person,
            hours.of.get(person.pk, 0),
            hours.lacks(person.pk),
            [topic.label for topic in Topic if topic not in had[person.pk]],
        )
        for person in people
    ]
    return sorted(rows, key=lambda row: -row.lacks)


def topics_of(people: Iterable[Person], period: Period) -> dict[int, set[str]]:
    rows = Attendance.objects.counting_in(period.start, period.as_of).filter(person__in=[p.pk for p in people])
    had = defaultdict(set)
    for person, topic in rows.order_by().values_list("person", "course__topic"):
        had[person].add(topic)
    return had


# ---- plan and done ----


@dataclass
class ModeLine:
    """Courses of one mode: planned and held, seats planned and taken."""

    label: str
    planned: int
    held: int
    seats: int
    attended: int


def by_mode(courses: Iterable[Course]) -> list[ModeLine]:
    """`courses` with their numbers; modes that have none are left out."""
    groups = defaultdict(list)
    for course in courses:
        if not course.cancelled:
            groups[course.mode].append(course)
    return [
        ModeLine(
            mode.label,
            len(groups[mode]),
            sum(1 for course in groups[mode] if course.attended),
            sum(course.seats for course in groups[mode]),
            sum(course.attended for course in groups[mode]),
        )
        for mode in TrainingMode
        if groups[mode]
    ]


def with_numbers(courses: QuerySet, villages: QuerySet) -> QuerySet:
    """`listed` and `attended`: people of the villages on each course's sheet."""
    mine = Q(attendances__person__village__in=villages)
    return courses.annotate(
        listed=Count("attendances", filter=mine),
        attended=Count("attendances", filter=mine & Q(attendances__present=True)),
    )


def sheet_people(villages: QuerySet, course: Course) -> QuerySet:
    """Whom a course's sheet lists: who is in post or in reserve on its first day, and who is on it already."""
    in_post = Post.objects.on(course.starts_on).values("person")
    reserves = Reserve.objects.on(course.starts_on).values("person")
    on_sheet = Attendance.objects.filter(course=course).values("person")
    return (
        Person.objects.filter(village__in=villages)
        .filter(Q(pk__in=in_post) | Q(pk__in=reserves) | Q(pk__in=on_sheet))
        .select_related("village")
        .order_by("village__code", "name")
    )
