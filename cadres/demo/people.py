"""The demonstration's cadres: invented, by a fixed seed; how many of which kind is the document's.

532 on 24 November 2013: 168 under 40, 256 from 40 to 50, 108 over; 261 of junior secondary school or below, 199 of senior
secondary or technical, 72 of college; 54 women, so that twenty villages have none. Five villages were put right in 2013
and twelve people added there; a few changed their secretary, a few have a gap.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cadres.choices import COMMITTEE_OF, Committee, Education, HowChosen, PoliticalStatus, Position, Sex
from cadres.demo.names import Registry
from cadres.models import Person, Post, Term
from villages.demo import LIANG
from villages.models import Village

CADRES, WOMEN = 532, 54
#: (people, youngest, oldest) in completed years on the day.
AGES = ((168, 25, 39), (256, 40, 50), (108, 51, 60))
#: (people, what they learned, the frequent more than once), the highest first.
EDUCATIONS = (
    (72, (Education.COLLEGE,) * 5 + (Education.BACHELOR,)),
    (199, (Education.SENIOR,) * 3 + (Education.TECHNICAL,)),
    (261, (Education.JUNIOR,) * 5 + (Education.PRIMARY,)),
)
#: Where committees were put right in 2013, and how many were added: 12 in all.
PUT_RIGHT = {"梁村": 3, "新平村": 2, "中山村": 2, "新乐村": 2, "那才村": 3}
NO_DIRECTOR, NO_SECRETARY, TOO_SMALL = ("州同村", "南弼村"), "屯了村", "三江村"
#: Where the secretary changed in 2013, by by-election.
CHANGED = ("良勇村", "那头村", "汉林村", "华灵村", "坛西村", "公曹村")
ONE_PERSON = 0.28  # share of villages where the secretary is director too

S, D = Position.SECRETARY, Position.DIRECTOR
DS, DD = Position.DEPUTY_SECRETARY, Position.DEPUTY_DIRECTOR
BM, CM, WH = Position.BRANCH_MEMBER, Position.COMMITTEE_MEMBER, Position.WOMEN_HEAD

SPECIALITIES = ("甘蔗种植", "水电安装", "养殖", "果树栽培", "农机修理", "会计", "兽医", "电脑", "")
PROJECTS = ("甘蔗32亩", "火龙果15亩", "养猪120头", "香蕉20亩", "鱼塘8亩", "农资店", "")
#: Who typed for each township.
CLERKS = {
    "450109100": "玉丽娟",
    "450109101": "周海燕",
    "450109102": "黄志明",
    "450109103": "李艳芳",
    "450109104": "覃小龙",
}


@dataclass
class Seat:
    """A person of a village's committees: the positions, and since when where that is not the last election."""

    positions: tuple[Position, ...]
    person: Person | None = None
    since: date | None = None
    #: Who held the same positions until then.
    before: Person | None = None


@dataclass
class Team:
    village: Village
    seats: list[Seat] = field(default_factory=list)

    @property
    def secretary(self) -> Seat | None:
        return next((seat for seat in self.seats if S in seat.positions), None)


def build(rng: Random, villages: list[Village], day: date) -> None:
    """People and their posts. The other parts read them from the database."""
    terms = _terms()
    registry = Registry(rng)
    teams = _teams(rng, villages)
    _fill(rng, registry, teams, day)
    for team in teams:
        _arrivals(rng, registry, team, day)
    people = [person for team in teams for seat in team.seats for person in (seat.person, seat.before) if person]
    Person.objects.bulk_create(people, batch_size=400)
    posts = [post for team in teams for post in _posts(rng, team, terms)]
    gone = next(team for team in teams if team.village.name == NO_SECRETARY)
    posts.append(_vacated(rng, registry, gone.village, terms, day))
    Post.objects.bulk_create(posts, batch_size=400)


def _terms() -> dict[str, Term]:
    """The election of 2011; a term was three years then."""
    source = "2011年村（社区）两委换届，任期三年（待城区核定）"
    spans = {Committee.BRANCH: date(2011, 8, 1), Committee.VILLAGE: date(2011, 9, 1)}
    return {
        committee: Term.objects.create(
            committee=committee, year=2011, starts_on=first, ends_on=first.replace(year=2014), source=source
        )
        for committee, first in spans.items()
    }


# ---- who sits where ----


def _teams(rng: Random, villages: list[Village]) -> list[Team]:
    """Seven to a village, eight to a community, and some more until all 532 sit."""
    sizes = {v.pk: 5 if v.name == TOO_SMALL else 8 if v.is_community else 7 for v in villages}
    told = {NO_SECRETARY, TOO_SMALL, *NO_DIRECTOR, *PUT_RIGHT, *CHANGED}
    ordinary = [v for v in villages if v.name not in told and not v.is_community]
    for village in rng.sample(ordinary, CADRES - sum(sizes.values())):
        sizes[village.pk] += 1
    without = {NO_SECRETARY, TOO_SMALL, *NO_DIRECTOR}
    chosen = rng.sample([v.name for v in ordinary if v.in_plan], len(villages) - WOMEN - len(without))
    without |= set(chosen)
    return [Team(v, _seats(rng, v, sizes[v.pk], v.name not in without)) for v in villages]


def _seats(rng: Random, village: Village, size: int, woman: bool) -> list[Seat]:
    """The secretary first, the woman last."""
    last = (WH,) if woman else (CM,)
    if village.name == TOO_SMALL:
        positions = [(S,), (DS, D), (BM,), (BM,), last]
    elif village.name == NO_SECRETARY:
        positions = [(DS,), (BM, D), (BM, DD), (BM,), (CM,), (CM,), last]
    elif village.name in NO_DIRECTOR:
        positions = [(S,), (DS, DD), (BM, CM), (BM,), (CM,), (CM,), last]
    elif village.code != LIANG and rng.random() < ONE_PERSON:
        positions = [(S, D), (DS, DD), (BM, CM), (BM,), (CM,), (CM,), last]
    else:
        positions = [(S,), (DS, D), (BM, DD), (BM,), (CM,), (CM,), last]
    more = (CM,) if village.is_community else (BM,)
    positions[-1:-1] = [more] * (size - len(positions))
    return [Seat(own) for own in positions]


def _fill(rng: Random, registry: Registry, teams: list[Team], day: date) -> None:
    """Ages and schooling by the document's numbers; the young went to school for longer, mostly."""
    ages = [rng.randint(youngest, oldest) for number, youngest, oldest in AGES for _n in range(number)]
    schools = [(rank, rng.choice(kinds)) for rank, (number, kinds) in enumerate(EDUCATIONS) for _n in range(number)]
    ages.sort(key=lambda age: age + rng.gauss(0, 9))
    schools.sort(key=lambda school: school[0] + rng.gauss(0, 0.7))
    pool = [(age, education) for age, (_rank, education) in zip(ages, schools, strict=True)]
    rng.shuffle(pool)
    for team in teams:
        own = [pool.pop() for _seat in team.seats]
        # The secretary is the oldest of three at random: few begin with it.
        first = max(rng.sample(range(len(own)), 3), key=lambda index: own[index][0])
        own.insert(0, own.pop(first))
        for seat, (age, education) in zip(team.seats, own, strict=True):
            sex = Sex.FEMALE if WH in seat.positions else Sex.MALE
            seat.person = person(rng, registry, team.village, sex, age, education, day)
            in_branch = any(COMMITTEE_OF[position] == Committee.BRANCH for position in seat.positions)
            if in_branch or rng.random() < 0.4:
                seat.person.political_status = PoliticalStatus.MEMBER
    liang = next(team for team in teams if team.village.code == LIANG)
    liang.seats[0].person.name = "梁国栋"


def person(rng: Random, registry: Registry, village: Village, sex: str, age: int, education: str, day: date) -> Person:
    """Somebody of so many years on the day."""
    born_on = registry.born_on(age, day)
    return Person(
        village=village,
        name=registry.name(village.pk, sex),
        sex=sex,
        ethnicity="壮族" if rng.random() < 0.85 else "汉族",
        born_on=born_on,
        education=education,
        id_number=registry.id_number(born_on, sex),
        phone=registry.phone(),
        speciality=rng.choice(SPECIALITIES),
        income_project=rng.choice(PROJECTS),
        saved_by=CLERKS.get(village.code[:9], ""),
    )


# ---- who came in 2013, and who left ----


def _arrivals(rng: Random, registry: Registry, team: Team, day: date) -> None:
    """The youngest came last where the committees were put right; elsewhere the new secretary did."""
    name = team.village.name
    if name in PUT_RIGHT:
        others = sorted((seat for seat in team.seats if S not in seat.positions), key=lambda seat: -_ordinal(seat))
        for number, seat in enumerate(others[: PUT_RIGHT[name]]):
            seat.person.political_status = PoliticalStatus.MEMBER
            seat.since = date(2013, rng.randint(3, 8), rng.randint(1, 28))
            seat.before = None if number == 0 else _former(rng, registry, team.village, day)
    if name in CHANGED:
        secretary = team.secretary
        secretary.since = date(2013, rng.randint(2, 9), rng.randint(1, 28))
        secretary.before = _former(rng, registry, team.village, day)


def _ordinal(seat: Seat) -> int:
    return seat.person.born_on.toordinal()


def _former(rng: Random, registry: Registry, village: Village, day: date) -> Person:
    old = person(rng, registry, village, Sex.MALE, rng.randint(52, 64), rng.choice(EDUCATIONS[2][1]), day)
    old.political_status = PoliticalStatus.MEMBER
    return old


def _posts(rng: Random, team: Team, terms: dict[str, Term]) -> list[Post]:
    days = {
        Committee.BRANCH: date(2011, 8, rng.randint(16, 30)),
        Committee.VILLAGE: date(2011, 9, rng.randint(2, 20)),
    }
    members, voters = rng.randint(28, 90), round((team.village.population or 2000) * rng.uniform(0.66, 0.75))
    posts = []
    for seat in team.seats:
        for position in seat.positions:
            committee = COMMITTEE_OF[position]
            entitled = members if committee == Committee.BRANCH else voters
            first = days[committee]
            if seat.before:
                posts.append(_post(rng, seat.before, position, first, terms[committee], entitled, seat.since))
            posts.append(_post(rng, seat.person, position, seat.since or first, terms[committee], entitled))
            if seat.since:
                posts[-1].how = HowChosen.BY_ELECTION
    return posts


def _post(
    rng: Random, holder: Person, position: str, first: date, term: Term, entitled: int, ends_on: date | None = None
) -> Post:
    present = round(entitled * rng.uniform(0.82, 0.96))
    in_branch = term.committee == Committee.BRANCH
    return Post(
        person=holder,
        village=holder.village,
        committee=term.committee,
        position=position,
        term=term,
        starts_on=first,
        ends_on=ends_on,
        how=HowChosen.MEMBERS_ELECTION if in_branch else HowChosen.VILLAGE_ELECTION,
        entitled=entitled,
        present=present,
        in_favour=round(present * rng.uniform(0.62, 0.95)),
        saved_by=holder.saved_by,
    )


def _vacated(rng: Random, registry: Registry, village: Village, terms: dict[str, Term], day: date) -> Post:
    """The secretary who went to other work last month; nobody has followed yet."""
    gone = _former(rng, registry, village, day)
    gone.save()
    return _post(rng, gone, S, date(2011, 8, 20), terms[Committee.BRANCH], 46, day - timedelta(days=40))
