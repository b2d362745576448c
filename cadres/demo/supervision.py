"""The demonstration's supervision groups: four in most villages, three in some, on their way in a few."""

from datetime import date, timedelta
from random import Random

from cadres.choices import Education, PoliticalStatus, Sex
from cadres.choices_supervision import SupervisorState
from cadres.demo.grades import GOOD, WEAK, grade_of
from cadres.demo.members import _Registry
from cadres.demo.people import CLERKS
from cadres.models import PartyBranch, PartyMember, Person, Supervisor
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.models import Village

SIZE = 4
#: Where the fourth has not come further than this, and how many days ago he came there.
UNDER_WAY = ((SupervisorState.RECOMMENDED, 9), (SupervisorState.PROPOSED, 6), (SupervisorState.VETTED, 4))
LIMITS = {SupervisorState.PROPOSED: "supervisor_vet", SupervisorState.VETTED: "supervisor_appoint"}
WAY = (
    ("propose", SupervisorState.RECOMMENDED, SupervisorState.PROPOSED, "村党支部"),
    ("vet", SupervisorState.PROPOSED, SupervisorState.VETTED, "镇纪委"),
    ("appoint", SupervisorState.VETTED, SupervisorState.APPOINTED, ""),
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    members = _members(rng, villages)
    calendar, rows, short = Calendar.load(), [], 0
    for village in villages:
        grade, people = grade_of(village), members[village.pk]
        begun = date(2013, rng.randint(3, 5), rng.randint(1, 25))
        if grade == WEAK and rng.random() < 0.25:
            continue  # nobody was ever recommended here
        lacks_one = grade == WEAK or (grade != GOOD and rng.random() < 0.4)
        rows += [_appointed(rng, village, person, begun) for person in people[: SIZE - lacks_one]]
        if lacks_one and short % 2 == 0:
            state, ago = UNDER_WAY[short // 2 % len(UNDER_WAY)]
            rows.append(_on_the_way(rng, village, people[SIZE - 1], state, day - timedelta(days=ago), calendar))
        short += lacks_one
    Supervisor.objects.bulk_create(rows, batch_size=400)
    Move.objects.bulk_create([move for row in rows for move in _trail(row)], batch_size=500)


def _members(rng: Random, villages: list[Village]) -> dict[int, list[Person]]:
    """Four party members without a post in each village: those there, and as many more as are lacking."""
    rows = PartyMember.objects.filter(joined_on__lt=date(2011, 1, 1), person__posts__isnull=True)
    found: dict[int, list[Person]] = {village.pk: [] for village in villages}
    for row in rows.select_related("person").defer("person__id_number", "person__phone").order_by("pk"):
        found[row.person.village_id].append(row.person)
    registry, new = _Registry(rng), []
    for village in villages:
        for _missing in range(SIZE - len(found[village.pk])):
            new.append(_member(rng, registry, village))
            found[village.pk].append(new[-1])
    Person.objects.bulk_create(new, batch_size=400)
    branches = {branch.village_id: branch for branch in PartyBranch.objects.all()}
    PartyMember.objects.bulk_create(
        PartyMember(
            person=person,
            branch=branches[person.village_id],
            joined_on=date(person.born_on.year + 24, 11, 11),
            full_on=date(person.born_on.year + 25, 11, 11),
            saved_by=person.saved_by,
        )
        for person in new
    )
    return found


def _member(rng: Random, registry: _Registry, village: Village) -> Person:
    """An elder whom people listen to."""
    sex = Sex.FEMALE if rng.random() < 0.2 else Sex.MALE
    return Person(
        village=village,
        name=registry.name(village.pk, sex),
        sex=sex,
        born_on=date(rng.randint(1948, 1965), rng.randint(1, 12), rng.randint(1, 28)),
        education=rng.choice((Education.JUNIOR, Education.SENIOR)),
        political_status=PoliticalStatus.MEMBER,
        phone=registry.phone(),
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _appointed(rng: Random, village: Village, person: Person, begun: date) -> Supervisor:
    row = _recommended(rng, village, person, begun)
    row.state, row.starts_on = SupervisorState.APPOINTED, begun + timedelta(days=40)
    row.state_since = row.starts_on
    return row


def _recommended(rng: Random, village: Village, person: Person, on: date) -> Supervisor:
    present = rng.randint(24, 70)
    return Supervisor(
        village=village,
        person=person,
        recommended_on=on,
        present=present,
        in_favour=round(present * rng.uniform(0.6, 0.95)),
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _on_the_way(
    rng: Random, village: Village, person: Person, state: str, since: date, calendar: Calendar
) -> Supervisor:
    row = _recommended(rng, village, person, since - timedelta(days=14))
    row.state, row.state_since = state, since
    if key := LIMITS.get(state):
        row.due_on = calendar.add(since, limit_on(key, since).workdays)
    return row


def _trail(row: Supervisor) -> list[Move]:
    """Every step until where he stands, two weeks apart."""
    states = [target for _name, _source, target, _who in WAY]
    steps = WAY[: states.index(row.state) + 1] if row.state in states else ()
    return [
        Move(
            model=Supervisor._meta.label,
            object_id=row.pk,
            transition=name,
            source=source,
            target=target,
            by=who or row.saved_by,
            on=row.state_since - timedelta(days=10 * (len(steps) - 1 - at)),
            territory_code=row.village.code,
        )
        for at, (name, source, target, who) in enumerate(steps)
    ]
