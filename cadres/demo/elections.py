"""The demonstration's elections of 2011, with the votes that the posts tell of; representatives and leaders in some villages.

One election of a group leader waits for the township; one of this autumn was void, because too few came.
"""

from datetime import date, timedelta
from random import Random

from cadres.choices import Committee, PoliticalStatus, Sex
from cadres.choices_supervision import ElectionBody, ElectionKind, ElectionMethod, ElectionState
from cadres.demo.names import Registry
from cadres.demo.people import CLERKS
from cadres.models import Candidate, Election, GroupLeader, PartyMember, Person, Post, Representative, Term
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.demo import LIANG
from villages.models import Hamlet, Village

BODIES = {Committee.BRANCH: ElectionBody.BRANCH, Committee.VILLAGE: ElectionBody.COMMITTEE}
METHODS = {
    ElectionBody.BRANCH: ElectionMethod.PUBLIC_DIRECT,
    ElectionBody.COMMITTEE: ElectionMethod.OPEN_NOMINATION,
}
#: So many villages have their representatives and group leaders on record.
WITH_REPRESENTATIVES = 10
HOUSEHOLDS_EACH = 14
GROUPS_ELECTED_ON = date(2011, 10, 16)


def build(rng: Random, villages: list[Village], day: date) -> None:
    elections = _of_committees(rng)
    chosen = [v for v in villages if v.code == LIANG] + rng.sample(
        [v for v in villages if v.code != LIANG and not v.is_community and v.in_plan], WITH_REPRESENTATIVES - 1
    )
    elections += _of_groups(rng, chosen)
    elections += _under_way(rng, chosen, day)
    Move.objects.bulk_create([move for one in elections for move in _trail(one)], batch_size=500)


def _of_committees(rng: Random) -> list[Election]:
    """One for each committee and village: those who came into post then, and one or two who did not."""
    posts = Post.objects.filter(starts_on__year=2011).exclude(term=None).order_by("village__code", "committee", "pk")
    groups: dict[tuple[int, str], list[Post]] = {}
    for post in posts.select_related("village", "person", "term").defer("person__id_number", "person__phone"):
        groups.setdefault((post.village_id, post.committee), []).append(post)
    elections = [_election(held) for held in groups.values()]
    Election.objects.bulk_create(elections, batch_size=400)
    others = _others()
    candidates = []
    for one, held in zip(elections, groups.values(), strict=True):
        _align(one, held)
        candidates += _stood(rng, one, held, others.get(one.village_id, []))
    Candidate.objects.bulk_create(candidates, batch_size=400)
    return elections


def _align(election: Election, held: list[Post]) -> None:
    """One meeting elected them all: the posts say the same of who could vote and who did."""
    rows = Post.objects.filter(pk__in=[post.pk for post in held])
    rows.update(entitled=election.entitled, present=election.voted)
    for post in held:
        if post.in_favour * 2 <= election.voted:
            post.in_favour = round(election.voted * 0.7)
            rows.filter(pk=post.pk).update(in_favour=post.in_favour)


def _election(held: list[Post]) -> Election:
    first, body = held[0], BODIES[held[0].committee]
    return Election(
        village=first.village,
        body=body,
        kind=ElectionKind.GENERAL,
        method=METHODS[body],
        term=first.term,
        held_on=first.starts_on,
        seats=len(held),
        entitled=max(post.entitled for post in held),
        voted=max(post.present for post in held),
        state=ElectionState.CONFIRMED,
        state_since=first.starts_on + timedelta(days=5),
        saved_by=CLERKS.get(first.village.code[:9], ""),
    )


def _others() -> dict[int, list[Person]]:
    """Party members without a post, who stood and were not elected, by village."""
    rows = PartyMember.objects.filter(joined_on__lt=date(2011, 1, 1), person__posts__isnull=True)
    found: dict[int, list[Person]] = {}
    for row in rows.select_related("person").defer("person__id_number", "person__phone").order_by("pk"):
        found.setdefault(row.person.village_id, []).append(row.person)
    return found


def _stood(rng: Random, election: Election, held: list[Post], others: list[Person]) -> list[Candidate]:
    rows = [
        Candidate(election=election, person=post.person, position=post.position, votes=post.in_favour, elected=True)
        for post in held
    ]
    last, stood = held[-1], others[: rng.randint(1, 2)]
    left = election.voted * election.seats - sum(row.votes for row in rows)  # a ballot names as many as there are seats
    for person in stood:
        votes = min(round(election.voted * rng.uniform(0.12, 0.38)), left // len(stood))
        rows.append(Candidate(election=election, person=person, position=last.position, votes=votes))
    return rows


# ---- representatives and group leaders ----


def _of_groups(rng: Random, villages: list[Village]) -> list[Election]:
    """In each group of the villages: a leader, and a representative for every fourteen households or so."""
    hamlets = list(
        Hamlet.objects.filter(village__in=villages).select_related("village").order_by("village__code", "pk")
    )
    taken = set(Person.objects.filter(village__in=villages).values_list("village", "name"))
    registry = Registry(rng)
    registry.names |= taken
    term = Term.objects.get(committee=Committee.VILLAGE, year=2011)
    drafts = []
    for hamlet in hamlets:
        number = max(1, -(-hamlet.households // HOUSEHOLDS_EACH))
        people = [_person(rng, registry, hamlet.village, at % 3 == 1) for at in range(number + 1)]
        drafts.append((hamlet, people[0], people[1:]))
    Person.objects.bulk_create([one for _h, leader, rest in drafts for one in (leader, *rest)], batch_size=400)
    elections = []
    for hamlet, _leader, rest in drafts:
        elections += [
            _group_election(rng, hamlet, ElectionBody.LEADERS, 1, term),
            _group_election(rng, hamlet, ElectionBody.REPRESENTATIVES, len(rest), term),
        ]
    Election.objects.bulk_create(elections, batch_size=400)
    _seat(rng, drafts, elections)
    return elections


def _person(rng: Random, registry: Registry, village: Village, woman: bool) -> Person:
    """Somebody of whom no more is on record than a vote needs."""
    sex = Sex.FEMALE if woman else Sex.MALE
    status = PoliticalStatus.MEMBER if rng.random() < 0.25 else PoliticalStatus.MASSES
    return Person(
        village=village,
        name=registry.name(village.pk, sex),
        sex=sex,
        political_status=status,
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _group_election(rng: Random, hamlet: Hamlet, body: str, seats: int, term: Term) -> Election:
    entitled = max(10, round(hamlet.households * 2.6))
    return Election(
        village=hamlet.village,
        hamlet=hamlet,
        body=body,
        kind=ElectionKind.GENERAL,
        method=ElectionMethod.OPEN_NOMINATION,
        term=term,
        held_on=GROUPS_ELECTED_ON,
        seats=seats,
        entitled=entitled,
        voted=round(entitled * rng.uniform(0.72, 0.9)),
        state=ElectionState.CONFIRMED,
        state_since=GROUPS_ELECTED_ON + timedelta(days=6),
        saved_by=CLERKS.get(hamlet.village.code[:9], ""),
    )


def _seat(rng: Random, drafts, elections: list[Election]) -> None:
    candidates, leaders, representatives = [], [], []
    pairs = zip(elections[::2], elections[1::2], strict=True)
    for (hamlet, leader, rest), (of_leader, of_rest) in zip(drafts, pairs, strict=True):
        common = {"village": hamlet.village, "hamlet": hamlet, "starts_on": GROUPS_ELECTED_ON}
        leaders.append(GroupLeader(person=leader, election=of_leader, **common))
        candidates.append(_winner(rng, of_leader, leader))
        for person in rest:
            households = round(hamlet.households / len(rest))
            representatives.append(Representative(person=person, election=of_rest, households=households, **common))
            candidates.append(_winner(rng, of_rest, person, households))
    Candidate.objects.bulk_create(candidates, batch_size=400)
    GroupLeader.objects.bulk_create(leaders, batch_size=400)
    Representative.objects.bulk_create(representatives, batch_size=400)


def _winner(rng: Random, election: Election, person: Person, households: int | None = None) -> Candidate:
    votes = round(election.voted * rng.uniform(0.6, 0.95))
    return Candidate(election=election, person=person, votes=votes, households=households, elected=True)


# ---- what the township has before it ----


def _under_way(rng: Random, villages: list[Village], day: date) -> list[Election]:
    """A leader has moved away; his group elected another, but in one group too few came."""
    home, other = villages[0], villages[1]
    found = []
    for village, share, state in ((home, 0.78, ElectionState.SUBMITTED), (other, 0.41, ElectionState.VOID)):
        leader = GroupLeader.objects.filter(village=village).select_related("hamlet__village").order_by("pk").first()
        person = (
            Representative.objects.filter(hamlet=leader.hamlet).select_related("person").order_by("pk").first().person
        )
        one = _group_election(rng, leader.hamlet, ElectionBody.LEADERS, 1, leader.election.term)
        one.kind, one.held_on, one.voted = ElectionKind.GENERAL, day - timedelta(days=8), round(one.entitled * share)
        one.state, one.state_since = state, day - timedelta(days=2)
        if state == ElectionState.SUBMITTED:
            one.due_on = Calendar.load().add(one.state_since, limit_on("election_confirm", day).workdays)
        one.save()
        Candidate.objects.create(
            election=one, person=person, votes=round(one.voted * 0.71), elected=state == ElectionState.SUBMITTED
        )
        found.append(one)
    return found


def _trail(election: Election) -> list[Move]:
    """Handed in, then confirmed or declared void."""
    who = {"submit": "村选举委员会", "confirm": election.saved_by, "annul": election.saved_by}
    last = {ElectionState.CONFIRMED: "confirm", ElectionState.VOID: "annul"}.get(election.state)
    steps = [("submit", ElectionState.DRAFT, ElectionState.SUBMITTED, election.held_on + timedelta(days=2))]
    if last == "annul":
        steps = []
    if last:
        source = ElectionState.SUBMITTED if steps else ElectionState.DRAFT
        steps.append((last, source, election.state, election.state_since))
    return [
        Move(
            model=Election._meta.label,
            object_id=election.pk,
            transition=name,
            source=source,
            target=target,
            by=who[name],
            on=on,
            reason="参加投票人数未过半数，重新组织" if name == "annul" else "",
            territory_code=election.village.code,
        )
        for name, source, target, on in steps
    ]
