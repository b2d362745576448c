"""A year of public-opinion cases, with the people and rooms of the three tiers. Invented."""

from dataclasses import dataclass
from datetime import date
from random import Random

from cadres.choices import Position, Sex
from cadres.demo.filings import DISTRICT
from cadres.demo.names import Registry
from cadres.demo.people import CLERKS
from cadres.models import Post
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from services.actions.case_entry import PREFIX, hash_of
from services.actions.cases import CASE_FLOW
from services.choices_cases import TIER_OF, CaseDuty, CaseRating, CaseRoomKind, CaseState, HeardHow
from services.demo.cases_story import ANSWERS, CODE, FINDINGS, REASONS, STANDING, TITLES, WAYS
from services.demo.pilots import pilots_of
from services.models import Case, CasePerson, CaseRoom
from villages.demo import LIANG
from villages.models import Village

S = CaseState
#: Step → what it writes down of the person's opinion.
RATINGS = {
    "satisfied": CaseRating.SATISFIED,
    "unsatisfied": CaseRating.UNSATISFIED,
    "unreached": CaseRating.UNREACHED,
}
FIRST_DAY = date(2013, 1, 7)


def build(rng: Random, villages: list[Village], day: date) -> None:
    _people_and_rooms(rng, villages)
    maker = Maker(rng, day)
    maker.never_late = {village.pk for village in pilots_of(villages)}
    for village in villages:
        for _n in range(rng.randint(5, 11)):
            heard_on = maker.calendar.add(FIRST_DAY, rng.randint(0, 215))
            maker.live(village, heard_on, rng.choice(WAYS))
    for number, standing in enumerate(STANDING):
        maker.stand(villages[(number * 9 + 4) % len(villages)], standing)
    home = next(village for village in villages if village.code == LIANG)
    for standing in STANDING[:3]:
        maker.stand(home, standing)
    for number in (3, 4, 5):  # the township and the district have some of the clerk's own township
        maker.stand(villages[number], STANDING[number])
    for village in villages[6::14]:
        maker.twice(village)
    maker.save()


@dataclass
class Trail:
    """A case as it goes, and its moves so far."""

    case: Case
    moves: list[Move]


class Maker:
    """Lets cases go their ways, day by day, until the demonstration's day."""

    def __init__(self, rng: Random, day: date):
        self.rng, self.day, self.calendar = rng, day, Calendar.load()
        self.limits = {state: limit_on(key, day).workdays for state, key in CASE_FLOW.limits.items()}
        self.registry, self.trails, self.counts = Registry(Random(7)), [], {}
        self.pairs: list[tuple[Trail, Trail]] = []
        posts = Post.objects.filter(position=Position.SECRETARY, ends_on__isnull=True)
        self.secretaries = dict(posts.values_list("village_id", "person__name"))
        self.hamlets: dict[int, list] = {}
        self.never_late: set[int] = set()

    def live(self, village: Village, heard_on: date, way: tuple[str, ...]) -> None:
        """A case goes the way as far as the day lets it; one step in 25 comes late, but for villages that never are."""
        trail = self._hear(village, heard_on)
        for name in way:
            limit = self.limits.get(trail.case.state, 5)
            late = self.rng.random() < 0.04 and village.pk not in self.never_late
            took = limit + self.rng.randint(1, 4) if late else self.rng.randint(0, limit)
            on = self.calendar.add(trail.case.state_since, took)
            if on > self.day:
                break
            self._move(trail, name, on)

    def stand(self, village: Village, standing: tuple[tuple[str, ...], int]) -> None:
        """An open case whose limit is so many working days away from the day (past it, where negative)."""
        way, left = standing
        state = CASE_FLOW.get(way[-1]).target if way else S.HEARD
        since = self.calendar.add(self.day, left - self.limits[state])
        trail = self._hear(village, self.calendar.add(since, -3 * len(way)))
        for number, name in enumerate(way):
            self._move(trail, name, self.calendar.add(since, -3 * (len(way) - number - 1)))

    def _hear(self, village: Village, heard_on: date) -> Trail:
        rng, number = self.rng, self._number(village, heard_on)
        kind = rng.choice(list(TITLES))
        hamlets = self.hamlets.setdefault(village.pk, list(village.hamlets.all()))
        hamlet = rng.choice(hamlets) if hamlets and rng.random() < 0.8 else None
        sex = rng.choice([Sex.MALE, Sex.FEMALE])
        named = rng.random() < 0.85
        case = Case(
            village=village,
            hamlet=hamlet,
            number=number,
            heard_on=heard_on,
            heard_by=self.secretaries.get(village.pk, "村文书"),
            how=rng.choice(HeardHow.values),
            kind=kind,
            title=f"{hamlet or '村里'}{rng.choice(TITLES[kind])}",
            raised_by=self.registry.name(village.pk, sex) if named else "",
            phone=self.registry.phone() if named else "",
            state_since=heard_on,
            due_on=self.calendar.add(heard_on, self.limits[S.HEARD]),
            saved_by=self.secretaries.get(village.pk, "村文书"),
            code_hash=hash_of(number, CODE),
        )
        self.trails.append(Trail(case, []))
        return self.trails[-1]

    def _number(self, village: Village, heard_on: date) -> str:
        key = village.code, heard_on.year
        self.counts[key] = self.counts.get(key, 0) + 1
        return f"{PREFIX}-{heard_on.year}-{village.code}-{self.counts[key]:04d}"

    def _move(self, trail: Trail, name: str, on: date) -> None:
        case, step = trail.case, CASE_FLOW.get(name)
        by = self._person(case.village, step.roles)
        trail.moves.append(
            Move(
                model=Case._meta.label,
                transition=name,
                source=case.state,
                target=step.target,
                by=by,
                on=on,
                due_on=case.due_on,
                reason=self.rng.choice(REASONS[name]) if step.reason else "",
                territory_code=case.village.code,
            )
        )
        self._write(case, name, by, on)
        limit = self.limits.get(step.target)
        case.state, case.state_since = step.target, on
        case.due_on = self.calendar.add(on, limit) if limit else None
        case.tier = TIER_OF.get(case.state, case.tier)

    def _write(self, case: Case, name: str, by: str, on: date) -> None:
        """What the effect of the step would have written."""
        if name == "inspect":
            case.findings = self.rng.choice(FINDINGS)
        elif name.startswith("solve"):
            case.answer, case.solved_on, case.handler = self.rng.choice(ANSWERS[case.kind]), on, by
        elif name == "answer":
            case.answered_on = on
        elif name == "reopen":
            case.reopened, case.solved_on, case.answered_on = 1, None, None
        elif name == "take_up":
            case.handler = by
        elif name in RATINGS:
            case.rating, case.rated_on = RATINGS[name], on
        elif name.startswith(("to_", "back_")):
            case.handler = ""

    def _person(self, village: Village, roles) -> str:
        if "secretary" in roles:
            return self.secretaries.get(village.pk, "村文书")
        return CLERKS.get(village.code[:9], "") if "clerk" in roles else DISTRICT

    def twice(self, village: Village) -> None:
        """The same thing raised on two days: the later case follows the first."""
        first, later = (self._hear(village, self.calendar.add(self.day, -ago)) for ago in (2, 1))
        later.case.title, later.case.kind = f"{first.case.title}，大家都在问", first.case.kind
        self._move(later, "join", self.day)
        self.pairs.append((first, later))

    def save(self) -> None:
        """Leaders before those who follow them: these name them."""
        followers = [later.case for _first, later in self.pairs]
        Case.objects.bulk_create([trail.case for trail in self.trails if trail.case.state != S.JOINED], batch_size=500)
        for first, later in self.pairs:
            later.case.joined_to = first.case
        Case.objects.bulk_create(followers)
        for trail in self.trails:
            for kept in trail.moves:
                kept.object_id = trail.case.pk
        Move.objects.bulk_create((kept for trail in self.trails for kept in trail.moves), batch_size=500)


# ---- people and rooms ----


def _people_and_rooms(rng: Random, villages: list[Village]) -> None:
    """Three people and three rooms for nearly each village, each township, the district."""
    registry = Registry(Random(11))
    codes = ["450109", *CLERKS, *(village.code for village in villages if rng.random() > 0.06)]
    people, rooms = [], []
    for number, code in enumerate(codes):
        where = {6: "城区信访局", 9: "镇政府"}.get(len(code), "村委会")
        for duty in CaseDuty.values:
            name = registry.name(number, rng.choice([Sex.MALE, Sex.FEMALE]))
            people.append(CasePerson(territory_code=code, duty=duty, name=name, starts_on=date(2013, 1, 15)))
        for floor, kind in enumerate(CaseRoomKind.values, start=1):
            rooms.append(
                CaseRoom(
                    territory_code=code, kind=kind, place=f"{where}{floor}楼", hours="工作日 8:00–12:00、15:00–18:00"
                )
            )
    CasePerson.objects.bulk_create(people)
    CaseRoom.objects.bulk_create(rooms)
