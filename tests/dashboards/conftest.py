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
from tests import kept
from tests.cast import HOME, Cast
from villages.models import Village

DAY = date(2013, 11, 24)
STANDARD = "2013年标准"


@pytest.fixture
def told(cast, request) -> None:
    """The last of ground, standard and run that the test asks for, with those before it: written once, see tests/kept.py."""
    last = next(name for name in ("run", "standard", "ground") if name in request.fixturenames)

    def build() -> Cast:
        furnish(list(Village.objects.filter(code__startswith="450109").select_related("township").order_by("code")))
        if last != "ground":
            actions.load_shipped(cast["district"], "450109")
        if last == "run":
            score(cast["district"], Standard.objects.get(name=STANDARD))
        return cast

    vars(cast).update(vars(kept.bring(f"dashboards-{last}", build)))


@pytest.fixture
def ground(cast, told) -> Cast:
    """The cast's villages of the district, with rooms, buildings, equipment and regulations."""
    return cast


@pytest.fixture
def standard(told) -> Standard:
    return Standard.objects.get(name=STANDARD)


@pytest.fixture
def run(told) -> Run:
    return Run.objects.select_related("standard").get()


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
