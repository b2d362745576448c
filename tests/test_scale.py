"""Pages ask the same number of questions for 74 villages and for 7,400: of every register, and the cadres' own pages."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.choices import HowChosen, Position
from cadres.models import Person, Post
from core import indicators
from core.periods import Period
from core.registers import all_registers
from core.rights import can
from tests import cast as stage
from villages.choices import VillageKind
from villages.models import Hamlet, Township, Village

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

OWN_PAGES = ("/cadres/structure/", "/cadres/committees/", "/facilities/matrix/", "/overview/")


def grow(first: int, last: int) -> None:
    """Villages numbered from `first` up to `last`, each with a hamlet, two people and their posts."""
    townships = list(Township.objects.filter(code__startswith=stage.DISTRICT))
    codes = [f"{townships[n % 2].code[:6]}{300 + n // 190:03d}{200 + n % 190:03d}" for n in range(first, last)]
    Village.objects.bulk_create(
        Village(
            code=code, scope_code=code, name=f"村{code[6:]}", official_name="x", kind=VillageKind.VILLAGE,
            township=townships[n % 2],
        )
        for n, code in enumerate(codes)
    )  # fmt: skip
    villages = list(Village.objects.filter(code__in=codes))
    Hamlet.objects.bulk_create(Hamlet(village=village, name="坡") for village in villages)
    people = Person.objects.bulk_create(
        Person(village=village, name=f"人{n}", sex="1", born_on=date(1970, 1, 1))
        for n, village in enumerate(villages * 2)
    )
    Post.objects.bulk_create(
        Post(
            person=person, village=person.village, starts_on=date(2011, 8, 1), how=HowChosen.MEMBERS_ELECTION,
            position=Position.DIRECTOR if n < len(villages) else Position.SECRETARY,
        )
        for n, person in enumerate(people)
    )  # fmt: skip


def test_questions_do_not_grow_from_74_to_7400_villages(cast, client):
    client.force_login(cast["district"])
    lists = [r.url("list") for r in all_registers() if can(cast["district"], "view", r.model)]

    def counted() -> dict[str, int]:
        found = {}
        for address in (*lists, *OWN_PAGES):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found[address] = len(seen)
        period = Period(2013, date(2013, 11, 24))
        for indicator in indicators.all_indicators():
            with CaptureQueriesContext(connection) as seen:
                indicator(Village.objects.all(), period)
            found[indicator.key] = len(seen)
        return found

    grow(0, 69)
    few = counted()
    grow(69, 7395)
    assert Village.objects.filter(code__startswith=stage.DISTRICT).count() > 7390
    many = counted()
    assert {key: (few[key], n) for key, n in many.items() if n > few[key]} == {}
