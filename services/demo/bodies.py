"""The three bodies of hamlets, most of them whole, and the households of some: invented."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from cadres.demo.names import MEN, SURNAMES, WOMEN
from cadres.demo.people import CLERKS
from cadres.models import PartyMember, Representative
from services.choices_bodies import BodyKind, Office
from services.models import BodyMember, HamletBody, Household
from villages.demo import LIANG
from villages.models import Hamlet, Village

FORMED = date(2011, 10, 22)
TERM_ENDS = date(2014, 10, 22)
#: Formed for the term before and not renewed since.
OLD_FORMED, OLD_TERM_ENDS = date(2008, 10, 18), date(2011, 10, 18)
#: Chance that a hamlet lacks the body, or has an old one.
LACKING = {BodyKind.PARTY_GROUP: 0.04, BodyKind.HOUSEHOLDERS: 0.03, BodyKind.COUNCIL: 0.12}
OLD = 0.05
#: Hamlets of each village with representatives whose households are on record; in the secretary's village all.
REGISTERED = 2


def build(rng: Random, villages: list[Village], day: date) -> None:
    hamlets = defaultdict(list)
    for hamlet in Hamlet.objects.select_related("village").order_by("village__code", "pk"):
        hamlets[hamlet.village_id].append(hamlet)
    _bodies(rng, villages, hamlets)
    _households(rng, villages, hamlets)


def _bodies(rng: Random, villages: list[Village], hamlets: dict[int, list[Hamlet]]) -> None:
    party = defaultdict(list)
    for member in PartyMember.objects.on(FORMED).filter(left_on=None).select_related("branch").order_by("pk"):
        party[member.branch.village_id].append(member)
    bodies, members = [], []
    for village in villages:
        for hamlet in hamlets[village.pk]:
            for kind in BodyKind:
                whole = village.code == LIANG and hamlet != hamlets[village.pk][-1]
                if (kind == BodyKind.PARTY_GROUP and not party[village.pk]) or (
                    not whole and rng.random() < LACKING[kind]
                ):
                    continue
                body = _body(hamlet, kind, old=not whole and rng.random() < OLD)
                bodies.append(body)
                members += _members(rng, body, party[village.pk])
    HamletBody.objects.bulk_create(bodies, batch_size=900)
    BodyMember.objects.bulk_create(members, batch_size=900)


def _body(hamlet: Hamlet, kind: str, *, old: bool) -> HamletBody:
    return HamletBody(
        hamlet=hamlet,
        kind=kind,
        formed_on=OLD_FORMED if old else FORMED,
        term_ends_on=OLD_TERM_ENDS if old else TERM_ENDS,
        saved_by=CLERKS.get(hamlet.village.code[:9], ""),
    )


def _members(rng: Random, body: HamletBody, party: list[PartyMember]) -> list[BodyMember]:
    """A party group has a member or two of the branch, who sit in no other; a council three to five villagers."""
    if body.kind == BodyKind.PARTY_GROUP:
        own = [{"party_member": party.pop()} for _n in range(min(len(party), 2 if len(party) > 8 else 1))]
    else:
        size = rng.choice((3, 3, 5)) if body.kind == BodyKind.COUNCIL else 1
        own = [{"name": name} for name in _names(rng, size)]
    offices = [Office.HEAD, *(Office.MEMBER,) * (len(own) - 1)]
    if len(own) == 5:
        offices[1], offices[2] = Office.DEPUTY, Office.TREASURER
    return [
        BodyMember(body=body, office=office, starts_on=body.formed_on, saved_by=body.saved_by, **who)
        for office, who in zip(offices, own, strict=True)
    ]


def _names(rng: Random, n: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < n:
        found[rng.choice(SURNAMES) + rng.choice(MEN if rng.random() < 0.8 else WOMEN)] = None
    return list(found)


def _households(rng: Random, villages: list[Village], hamlets: dict[int, list[Hamlet]]) -> None:
    """As many as the hamlet's own figure says; in one hamlet of each village but the first three are not entered yet."""
    known = set(Representative.objects.values_list("village", flat=True).distinct())
    rows = []
    for village in villages:
        own = hamlets[village.pk]
        chosen = own if village.code == LIANG else own[:REGISTERED] if village.pk in known else []
        for place, hamlet in enumerate(chosen):
            lacking = 3 if place == 1 and village.code != LIANG else 0
            rows += [_household(rng, hamlet, name) for name in _names(rng, hamlet.households - lacking)]
    Household.objects.bulk_create(rows, batch_size=900)


def _household(rng: Random, hamlet: Hamlet, name: str) -> Household:
    people = rng.choice((2, 3, 3, 4, 4, 4, 5, 5, 6, 7))
    return Household(
        hamlet=hamlet,
        householder=name,
        people=people,
        adults=rng.randint(min(2, people), people),
        starts_on=date(2011, 1, 1) + timedelta(days=rng.randrange(30)),
        saved_by=CLERKS.get(hamlet.village.code[:9], ""),
    )
