"""The demonstration's rooms: each kind of village occurs, and the same ones every time."""

from collections import Counter
from datetime import date

import pytest

from core import indicators
from core.periods import Period
from facilities.models import Building, Equipment, Room
from tests import kept
from tests.facilities.conftest import DAY
from villages.models import Village

PERIOD = Period(2013, DAY)


@pytest.fixture
def told(demo) -> dict[str, dict]:
    """What is measured of each village, by its name."""
    keys = ("office_area", "rooms_in_place", "rooms_uniform", "equipment_complete", "building_sound")
    measured = {key: indicators.get(key)(Village.objects.all(), PERIOD) for key in keys}
    return {v.name: {key: measured[key].get(v.pk) for key in keys} for v in Village.objects.all()}


def score(m: dict) -> float | None:
    """Points of 100 as the first standard gives them; None where rooms are not measured."""
    if m["rooms_in_place"] is None:
        return None
    share = {key: figure.num / figure.den for key, figure in m.items()}
    area = min(1, max(0, (share["office_area"] - 0.5) / 0.5))
    return sum(
        points * part
        for points, part in (
            (20, area),
            (40, share["rooms_in_place"]),
            (20, share["rooms_uniform"]),
            (10, share["equipment_complete"]),
            (10, share["building_sound"]),
        )
    )


def test_the_story(told):
    scores = {name: score(m) for name, m in told.items()}
    assert len(scores) == 74
    assert [name for name, points in scores.items() if points is None] == ["蒲津社区"]
    kinds = Counter(
        "pass" if points >= 80 else "hair" if points > 79 else "fail"
        for points in scores.values()
        if points is not None
    )
    assert kinds["pass"] > 45 and kinds["hair"] >= 3 and kinds["fail"] >= 8
    assert scores["团阳村"] == scores["坛垌村"] == 100
    assert Building.objects.filter(starts_on__year=2013).count() == 10
    assert sum(points == 100 for points in scores.values()) >= 10
    musts = [
        m for m in told.values() if m["rooms_in_place"] and m["rooms_in_place"].num * 5 < m["rooms_in_place"].den * 4
    ]
    assert musts and any(m["office_area"].num * 2 < m["office_area"].den for m in told.values())


def test_the_village_of_the_secretary_lacks_one_room(told):
    assert told["梁村"]["rooms_in_place"] == (12, 13)
    assert told["梁村"]["rooms_uniform"] == (12, 13)
    assert told["梁村"]["equipment_complete"] == (12, 12)
    assert told["梁村"]["building_sound"] == (1, 1)
    (missing,) = Room.objects.filter(village__name="梁村", present=False)
    assert missing.room_type.name == "矛盾纠纷调解室"


def test_the_rows_are_such_as_people_could_have_entered(told):
    kept.check(Room, Building, Equipment)
    assert not Room.objects.filter(saved_by="").exists()
    assert Room.objects.latest("saved_at").saved_at.date() < DAY + (DAY - date(2013, 11, 23))
