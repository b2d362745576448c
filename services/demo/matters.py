"""A year of practical matters: most cadres took one on, some were returned, some are late, a few have none. Invented."""

from datetime import date, timedelta
from random import Random

from cadres.demo.grades import FAIR, GOOD, grade_of
from cadres.demo.people import CLERKS
from cadres.models import Person
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from services.choices_matters import MatterKind, MatterState
from services.demo.matters_story import OUTCOMES, PROGRESS, TITLES, WHY_BACK
from services.demo.pilots import pilots_of
from services.matters import cadres_on, days_of
from services.models import Matter, MatterNote
from villages.demo import LIANG
from villages.models import Hamlet, Village

S = MatterState
YEAR = 2013
#: Share of the cadres who took a matter on, by how well the village keeps its team; the rest is a gap.
TAKEN = {GOOD: 1.0, FAIR: 0.93}
TAKEN_WEAK = 0.72
#: Of the matters that were planned for before the day, so many are still not done.
LATE = {GOOD: 0.03, FAIR: 0.12}
LATE_WEAK = 0.3
#: How a matter that was done and rated came there.
WAY = (
    ("submit", S.DRAFT, S.SUBMITTED, "village"),
    ("confirm", S.SUBMITTED, S.UNDER_WAY, "township"),
    ("finish", S.UNDER_WAY, S.FINISHED, "village"),
    ("rate", S.FINISHED, S.RATED, "township"),
)
ORDER = [S.DRAFT, S.SUBMITTED, S.UNDER_WAY, S.FINISHED, S.RATED]
#: Slips come back within so many days; what was done later waits for them.
RATED_AFTER = timedelta(days=20)


def build(rng: Random, villages: list[Village], day: date) -> None:
    cadres = cadres_on(Village.objects.all(), day)
    hamlets: dict[int, list[Hamlet]] = {}
    for hamlet in Hamlet.objects.order_by("pk"):
        hamlets.setdefault(hamlet.village_id, []).append(hamlet)
    maker = Maker(rng, day)
    maker.confirmed = {village.pk for village in pilots_of(villages)}
    matters = [
        maker.matter(village, person, hamlets.get(village.pk, []))
        for village in villages
        for person in cadres.get(village.pk, {}).values()
        if maker.takes_one(village)
    ]
    _home(maker, [matter for matter in matters if matter.village.code == LIANG])
    Matter.objects.bulk_create(matters, batch_size=300)
    Move.objects.bulk_create([move for matter in matters for move in maker.trail(matter)], batch_size=500)
    MatterNote.objects.bulk_create([note for matter in matters for note in maker.notes(matter)], batch_size=500)


class Maker:
    """Draws matters and lets each go as far as it came by the day."""

    def __init__(self, rng: Random, day: date):
        self.rng, self.day, self.calendar = rng, day, Calendar.load()
        self.review = limit_on("matter_confirm", day).workdays
        self.rate_by = days_of(YEAR).rate_by
        self.used: set[tuple[int, str]] = set()
        self.confirmed: set[int] = set()  # villages of which every matter was confirmed

    def takes_one(self, village: Village) -> bool:
        return self.rng.random() < TAKEN.get(grade_of(village), TAKEN_WEAK)

    def matter(self, village: Village, person: Person, hamlets: list[Hamlet]) -> Matter:
        rng = self.rng
        kind = rng.choice(list(MatterKind))
        hamlet = rng.choice(hamlets) if hamlets and rng.random() < 0.8 else None
        registered = date(YEAR, rng.choice((2, 3, 3, 3)), rng.randint(4, 28))
        matter = Matter(
            village=village,
            person=person,
            year=YEAR,
            kind=kind,
            title=self._title(person, kind, hamlet),
            hamlet=hamlet,
            people=f"{hamlet.name}{rng.randint(18, 90)}户" if hamlet else "全村群众",
            planned_by=date(YEAR, rng.randint(6, 12), rng.randint(1, 30)),
            money=rng.choice((None, None, rng.randint(2, 60) * 500)),
            registered_on=registered,
            saved_by=CLERKS.get(village.code[:9], ""),
        )
        self._go(matter)
        return matter

    def _title(self, person: Person, kind: str, hamlet: Hamlet | None) -> str:
        where = hamlet.name if hamlet else "全村"
        return where + self.rng.choice(TITLES[kind])

    def _go(self, matter: Matter) -> None:
        """Confirmed in spring and done around the day planned, where that is past; a few were registered late."""
        rng, day, grade = self.rng, self.day, grade_of(matter.village)
        fate = rng.random()
        if matter.village_id in self.confirmed:
            fate = 1
        if fate < 0.02:
            return self.place(matter, S.RETURNED, day - timedelta(days=rng.randint(2, 20)))
        if fate < 0.05:
            matter.registered_on = day - timedelta(days=rng.randint(1, 9))
            matter.planned_by = date(YEAR, 12, rng.randint(10, 30))
            return self.place(matter, S.SUBMITTED, matter.registered_on)
        matter.confirmed_on = self.calendar.add(matter.registered_on, rng.randint(1, 6))
        done = matter.planned_by + timedelta(days=rng.randint(-40, 12))
        late = rng.random() < LATE.get(grade, LATE_WEAK)
        if late or done >= day or done.year > YEAR:
            return self.place(matter, S.UNDER_WAY, matter.confirmed_on)
        matter.finished_on = max(done, matter.confirmed_on + timedelta(days=20))
        if matter.finished_on >= day:
            matter.finished_on = None
            return self.place(matter, S.UNDER_WAY, matter.confirmed_on)
        matter.outcome = rng.choice(OUTCOMES[matter.kind])
        rated = matter.finished_on + RATED_AFTER
        if rated < day:
            return self.place(matter, S.RATED, rated)
        return self.place(matter, S.FINISHED, matter.finished_on)

    def place(self, matter: Matter, state: str, since: date) -> None:
        matter.state, matter.state_since = state, since
        matter.due_on = {
            S.SUBMITTED: self.calendar.add(since, self.review),
            S.UNDER_WAY: matter.planned_by,
            S.FINISHED: self.rate_by,
        }.get(state)

    def trail(self, matter: Matter) -> list[Move]:
        """Every step with its day; what was returned went to the township and back."""
        if matter.state == S.RETURNED:
            steps = [(*WAY[0], matter.registered_on, ""), ("send_back", S.SUBMITTED, S.RETURNED, "township")]
            steps[1] = (*steps[1], matter.state_since, self.rng.choice(WHY_BACK))
        else:
            days = (matter.registered_on, matter.confirmed_on, matter.finished_on, matter.state_since)
            steps = [(*WAY[n], days[n], "") for n in range(ORDER.index(matter.state))]
        return [self._move(matter, *step) for step in steps]

    def _move(self, matter: Matter, name: str, source: str, target: str, whose: str, on: date, reason: str) -> Move:
        return Move(
            model=Matter._meta.label,
            object_id=matter.pk,
            transition=name,
            source=source,
            target=target,
            by=matter.saved_by if whose == "township" else f"{matter.village.name}书记",
            on=on,
            reason=reason,
            territory_code=matter.village.code,
        )

    def notes(self, matter: Matter) -> list[MatterNote]:
        if not matter.confirmed_on:
            return []
        last = min(matter.finished_on or self.day, self.day)
        span = (last - matter.confirmed_on).days
        number = min(self.rng.randint(0, 2), span // 20)
        days = sorted(matter.confirmed_on + timedelta(days=self.rng.randint(10, span)) for _n in range(number))
        return [
            MatterNote(matter=matter, on=on, text=text, saved_by=f"{matter.village.name}书记")
            for on, text in zip(days, PROGRESS, strict=False)
        ]


def _home(maker: Maker, matters: list[Matter]) -> None:
    """The secretary's own village has one of each: returned, late, before the township, waiting for its slips."""
    for matter, wanted in zip(matters, (S.RETURNED, S.UNDER_WAY, S.SUBMITTED, S.FINISHED), strict=False):
        matter.finished_on, matter.outcome = None, ""
        matter.confirmed_on = matter.confirmed_on or matter.registered_on
        if wanted == S.UNDER_WAY:
            matter.registered_on, matter.confirmed_on = date(YEAR, 3, 12), date(YEAR, 3, 15)
            matter.planned_by = maker.day - timedelta(days=9)
            maker.place(matter, S.UNDER_WAY, matter.confirmed_on)
        elif wanted == S.FINISHED:
            matter.registered_on, matter.confirmed_on = date(YEAR, 3, 12), date(YEAR, 3, 18)
            matter.planned_by, matter.finished_on = maker.day, maker.day - timedelta(days=4)
            matter.outcome = OUTCOMES[matter.kind][0]
            maker.place(matter, S.FINISHED, matter.finished_on)
        else:
            matter.confirmed_on, matter.registered_on = None, maker.day - timedelta(days=5)
            matter.planned_by = date(YEAR, 12, 20)
            maker.place(matter, wanted, maker.day - timedelta(days=2 if wanted == S.RETURNED else 5))
