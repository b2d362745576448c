"""The demonstration's party members: the cadres among them, a few without office, and those admitted of late.

January to August 2013, in the villages of the plan: 63, of them 17 women, 24 of senior secondary school or above, 18 under
35; a year before 92, of them 19, 24 and 18. Those totals are the document's.
"""

from datetime import date, timedelta
from random import Random

from cadres.choices import PARTY, Education, MemberState, PoliticalStatus, Sex, Source
from cadres.demo.names import Registry
from cadres.demo.people import person
from cadres.models import PartyBranch, PartyMember, Person
from villages.demo import LIANG
from villages.models import Village

#: year → admitted, women, senior secondary or above, under 35; ages are those of 31 August.
ADMITTED = {2012: (92, 19, 24, 18), 2013: (63, 17, 24, 18)}
WITHOUT_OFFICE = 3  # a village
DUTIES = ("政策宣传岗", "民事调解岗", "环境卫生岗", "扶贫助困岗", "治安巡逻岗", "")
SOURCES = (Source.LEAGUE, Source.WOMEN, Source.VETERAN, Source.RETURNED, Source.NEW_ORGANISATION)
HIGH, LOW = (Education.SENIOR, Education.SENIOR, Education.TECHNICAL, Education.COLLEGE), (Education.JUNIOR,)


def build(rng: Random, villages: list[Village], day: date) -> None:
    branches = _branches(villages)
    registry = _Registry(rng)
    members = [_of_cadre(rng, branches, cadre) for cadre in Person.objects.filter(political_status__in=PARTY)]
    others = [_without_office(rng, registry, village, day) for village in villages for _n in range(WITHOUT_OFFICE)]
    chosen = rng.sample([village for village in villages if village.in_plan], 58)  # the others developed nobody
    for year in ADMITTED:
        others += _admitted(rng, registry, chosen, year, day)
    Person.objects.bulk_create([one.person for one in others], batch_size=400)
    for one in others:
        one.branch = branches[one.person.village_id]
    PartyMember.objects.bulk_create([*members, *others], batch_size=400)


class _Registry(Registry):
    """Goes on where the cadres' ended: other telephone numbers, other ID numbers."""

    def __init__(self, rng: Random):
        super().__init__(rng)
        rows = Person.objects.values_list("village", "name", "id_number")
        self.names = {(village, name) for village, name, _number in rows}
        self.numbers = {number.plain[:17] for _village, _name, number in rows}
        for _row in rows:
            next(self.phones)
        next(self.phones)


def _branches(villages: list[Village]) -> dict[int, PartyBranch]:
    kinds = {True: "党总支", False: "党支部"}
    made = PartyBranch.objects.bulk_create(
        PartyBranch(village=village, name=f"{village.name}{kinds[village.code == LIANG]}", opened_on=date(1985, 7, 1))
        for village in villages
    )
    return {branch.village_id: branch for branch in made}


def _of_cadre(rng: Random, branches: dict, cadre: Person) -> PartyMember:
    """Admitted between 22 and the last election but one, always in the last months of a year."""
    year = rng.randint(min(cadre.born_on.year + 22, 2010), 2010)
    return _member(cadre, date(year, rng.randint(9, 12), rng.randint(1, 28)), branches[cadre.village_id])


def _member(who: Person, joined_on: date, branch: PartyBranch | None = None, **values) -> PartyMember:
    full_on = joined_on + timedelta(days=365)
    return PartyMember(person=who, branch=branch, joined_on=joined_on, full_on=full_on, saved_by=who.saved_by, **values)


def _without_office(rng: Random, registry: Registry, village: Village, day: date) -> PartyMember:
    sex = Sex.FEMALE if rng.random() < 0.2 else Sex.MALE
    who = person(rng, registry, village, sex, rng.randint(38, 72), rng.choice(LOW + HIGH), day)
    who.political_status = PoliticalStatus.MEMBER
    joined_on = date(rng.randint(who.born_on.year + 22, 2010), rng.randint(9, 12), rng.randint(1, 28))
    return _member(who, joined_on, duty=rng.choice(DUTIES))


def _admitted(rng: Random, registry: Registry, villages: list[Village], year: int, day: date) -> list[PartyMember]:
    total, women, high, young = ADMITTED[year]
    last = date(year, 8, 31)
    sexes, schools, ages = (_some(rng, number, total) for number in (women, high, young))
    found = []
    for female, schooled, under_35 in zip(sexes, schools, ages, strict=True):
        age = rng.randint(21, 34) if under_35 else rng.randint(35, 52)
        sex = Sex.FEMALE if female else Sex.MALE
        who = person(rng, registry, rng.choice(villages), sex, age, rng.choice(HIGH if schooled else LOW), last)
        one = _member(who, date(year, rng.randint(1, 8), rng.randint(1, 28)), source=rng.choice(SOURCES))
        if one.full_on > day:
            one.full_on, one.state = None, MemberState.PROBATIONARY
        who.political_status = PoliticalStatus.PROBATIONARY if one.full_on is None else PoliticalStatus.MEMBER
        found.append(one)
    return found


def _some(rng: Random, number: int, total: int) -> list[bool]:
    """`number` of `total` are true, in any order."""
    flags = [index < number for index in range(total)]
    rng.shuffle(flags)
    return flags
