"""A small district with a published standard, rooms and regulations, and a sealed run."""

from collections.abc import Callable
from datetime import date
from random import Random
from unittest import mock

import pytest

import villages.demo
from core import jobs
from facilities import standards
from facilities.choices import Condition
from facilities.models import Building, Equipment, Room
from facilities.querysets import sets_on
from scoring import actions, runner
from scoring.models import Run, Standard
from tests.cast import HOME
from villages.models import Village

DAY = date(2013, 11, 24)


@pytest.fixture
def ground(cast):
    """The cast's villages of the district, with rooms, buildings, equipment and regulations."""
    own = list(Village.objects.filter(code__startswith="450109").select_related("township").order_by("code"))
    furnish(own)
    return cast


def furnish(own: list[Village]) -> None:
    """Regulations as in the demonstration; all rooms and equipment, but for home, which lacks a room."""
    villages.demo.build(Random(7), own, DAY)
    standards.load("450109")
    rooms, items = [], []
    for pk, room_set in sets_on(Village.objects.filter(pk__in=[v.pk for v in own]), DAY).items():
        rooms += [_room(pk, room_type) for room_type in room_set.rooms.all()]
        items += [Equipment(village_id=pk, item=i, key=i.key, quantity=i.quantity) for i in room_set.equipment.all()]
    Building.objects.bulk_create(
        Building(village=village, area=400_00, condition=Condition.SOUND, easy_access=True) for village in own
    )
    Room.objects.bulk_create(rooms)
    Equipment.objects.bulk_create(items)
    Room.objects.filter(village__code=HOME, key="mediation").update(
        present=False, sign=False, furniture=False, layout=False, area=None
    )


def _room(village: int, room_type) -> Room:
    said = dict.fromkeys(("present", "sign", "furniture", "layout"), True)
    return Room(village_id=village, room_type=room_type, key=room_type.key, area=20_00, **said)


@pytest.fixture
def standard(ground):
    actions.load_shipped(ground["district"], "450109")
    return Standard.objects.get(name="2013年标准")


@pytest.fixture
def run(ground, standard):
    return score(ground["district"], standard)


def score(by, standard, bend: Callable = lambda results: None) -> Run:
    """A sealed run; `bend(results)` changes what came out of it before the seal, which nothing can break later."""
    started = actions.start_run(by, standard=standard, year=2013, territory_code="450109", cutoff=DAY, wake=False)
    grade = runner.score_villages

    def graded(run, villages):
        grade(run, villages)
        bend(run.results)

    with mock.patch.object(runner, "score_villages", graded):
        jobs.run_inline(started.job)
    return Run.objects.select_related("standard").get(pk=started.pk)
