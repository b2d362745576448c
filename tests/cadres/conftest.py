"""People of the cast's villages, made in a line."""

from datetime import date

import pytest

from cadres.choices import COMMITTEE_OF, Committee, HowChosen, Position, Sex
from cadres.models import Person, Post, Term
from tests.cast import Cast
from villages.catalogue import load_catalogue
from villages.models import Village

DAY = date(2013, 11, 24)
ELECTED = date(2011, 9, 1)


@pytest.fixture
def place(cast) -> Cast:
    """The cast, where the rules of law and the time limits are loaded."""
    load_catalogue()
    return cast


def person(village: Village, name: str = "某人", **facts) -> Person:
    return Person.objects.create(village=village, name=name, **{"sex": Sex.MALE} | facts)


def post(who: Person, position: str, starts_on: date = ELECTED, ends_on: date | None = None, **facts) -> Post:
    """A row as it stands, past the actions."""
    facts = {"village": who.village, "how": HowChosen.VILLAGE_ELECTION} | facts
    return Post.objects.create(
        person=who,
        position=position,
        committee=COMMITTEE_OF[position],
        starts_on=starts_on,
        ends_on=ends_on,
        **facts,
    )


def new_post(who: Person, position: str, starts_on: date = ELECTED, ends_on: date | None = None, **facts) -> Post:
    """Not written yet."""
    facts = {"how": HowChosen.VILLAGE_ELECTION} | facts
    return Post(person=who, position=position, starts_on=starts_on, ends_on=ends_on, **facts)


def full_team(village: Village) -> dict[str, Person]:
    """A village whose committees are complete: five people, one of them a woman."""
    people = {
        name: person(village, name, sex=sex)
        for name, sex in (("书记", "1"), ("主任", "1"), ("支委一", "1"), ("支委二", "1"), ("妇女主任", "2"))
    }
    for name, positions in {
        "书记": (Position.SECRETARY,),
        "主任": (Position.DEPUTY_SECRETARY, Position.DIRECTOR),
        "支委一": (Position.BRANCH_MEMBER, Position.COMMITTEE_MEMBER),
        "支委二": (Position.BRANCH_MEMBER,),
        "妇女主任": (Position.WOMEN_HEAD,),
    }.items():
        for position in positions:
            post(people[name], position)
    return people


def term(committee: str = Committee.BRANCH, year: int = 2011) -> Term:
    return Term.objects.create(committee=committee, year=year, starts_on=date(year, 8, 1), ends_on=date(year + 3, 8, 1))
