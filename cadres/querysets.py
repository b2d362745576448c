"""Who is in post, who is a member: on a day, which is an argument."""

from datetime import date
from math import ceil

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum, Value, When

from cadres.choices import EDUCATIONS, AgeBand, EducationBand, FilingKind, FilingState, Position
from cadres.identity import latest_birth
from core.roles import Role
from core.scoping import ScopedQuerySet, in_range
from villages.choices import COMMUNITIES, AppliesTo, LegalRuleKey
from villages.models import LegalRule


def in_age_band(band: str, day: date, path: str = "") -> Q:
    """Those whose age on the day is in the band; `path` leads to the person ("person__")."""
    forty, fifty_one = latest_birth(day, 40), latest_birth(day, 51)
    return {
        AgeBand.UNDER_40: Q(**{f"{path}born_on__gt": forty}),
        AgeBand.MIDDLE: Q(**{f"{path}born_on__lte": forty, f"{path}born_on__gt": fifty_one}),
        AgeBand.OVER_50: Q(**{f"{path}born_on__lte": fifty_one}),
        AgeBand.UNKNOWN: Q(**{f"{path}born_on__isnull": True}),
    }[band]


def in_education_band(band: str, path: str = "") -> Q:
    """Those whose education is in the band."""
    if band == EducationBand.UNKNOWN:
        return Q(**{f"{path}education": ""})
    return Q(**{f"{path}education__in": EDUCATIONS[band]})


class PostQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """The posts held on the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def with_names(self):
        """With people and villages, but not the numbers that people carry: nothing is decrypted for a name."""
        return self.select_related("person", "village").defer("person__id_number", "person__phone")

    def ranked(self):
        """The weightiest first: secretary, director, their deputies, members."""
        order = [When(position=position, then=Value(rank)) for rank, position in enumerate(RANKS)]
        return self.annotate(rank=Case(*order, default=Value(len(RANKS)), output_field=IntegerField()))

    def with_filed(self, day: date):
        """`is_filed`: whether the district had this post's appointment on file by the day."""
        from cadres.models import Filing

        filed = Filing.objects.filed_by(day).filter(kind=FilingKind.APPOINT, post=OuterRef("pk"))
        return self.annotate(is_filed=Exists(filed))


RANKS = (
    Position.SECRETARY,
    Position.DIRECTOR,
    Position.DEPUTY_SECRETARY,
    Position.DEPUTY_DIRECTOR,
    Position.BRANCH_MEMBER,
    Position.COMMITTEE_MEMBER,
    Position.WOMEN_HEAD,
)


class PersonQuerySet(ScopedQuerySet):
    def in_post_on(self, day: date):
        """The cadres of the day: whoever holds a post of the two committees, each person once."""
        from cadres.models import Post

        return self.filter(Exists(Post.objects.on(day).filter(person=OuterRef("pk"))))

    def with_posts_on(self, day: date):
        """`posts_held`: the person's posts of the day, the weightiest first; `rank` sorts people by it. One query more."""
        from cadres.models import Post

        held = Post.objects.on(day).ranked().order_by("rank", "starts_on")
        first = held.filter(person=OuterRef("pk")).values("rank")[:1]
        return self.annotate(rank=Subquery(first)).prefetch_related(
            Prefetch("posts", held.with_filed(day), to_attr="posts_held")
        )

    def with_hours_in(self, year: int):
        """`hours`: of training in the year; None where no training is on record."""
        from cadres.models import Attendance

        own = Attendance.objects.filter(person=OuterRef("pk"), present=True, course__ends_on__year=year)
        total = own.order_by().values("person").annotate(total=Sum("hours")).values("total")
        return self.annotate(hours=Subquery(total))

    def with_hours_asked(self, day: date):
        """`hours_asked`: a year, by the rule in force on the day at the person's village; None where none is known.

        Reads the rules: one query now.
        """
        rules = LegalRule.objects.filter(key=LegalRuleKey.TRAINING_HOURS).on(day)
        cases = [
            When(in_range("village__code", rule.place) & _falls_under(rule.applies_to), then=Value(ceil(rule.value)))
            for rule in sorted(rules, key=lambda rule: (len(rule.place), rule.in_force_from), reverse=True)
        ]
        return self.annotate(hours_asked=Case(*cases, default=Value(None), output_field=IntegerField()))


def _falls_under(applies_to: str) -> Q:
    """People whose village is of the kind that a rule holds for; never an empty condition."""
    if applies_to == AppliesTo.ALL:
        return Q(village__isnull=False)
    community = Q(village__kind__in=COMMUNITIES)
    return community if applies_to == AppliesTo.COMMUNITY else ~community


class MemberQuerySet(ScopedQuerySet):
    def on(self, day: date):
        return self.filter(Q(joined_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))

    def admitted_between(self, first: date, last: date):
        """Admitted as probationary members from `first` to `last`, both included."""
        return self.filter(joined_on__range=(first, last))


class FilingQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What the township or the district has before it is not changed under its hands, nor what is on file."""
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        own = [FilingState.DRAFT, FilingState.RETURNED]
        if user and user.roles & {Role.CLERK, Role.DISTRICT}:
            own.append(FilingState.SUBMITTED)
        return rows.filter(state__in=own)

    def filed_by(self, day: date):
        """Those that were on file by the day."""
        return self.filter(state=FilingState.FILED, state_since__lte=day)
