"""What is measured, what is not, and which records are named."""

from datetime import date

import pytest
from django.urls import resolve
from django.utils import translation

from core import indicators
from core.indicators import Measure
from core.periods import Period
from facilities.choices import Condition
from facilities.models import Building, Equipment, Room, SetAssignment
from tests.facilities.conftest import DAY, furnish, room_set
from villages.models import Village

PERIOD = Period(2013, DAY)
KEYS = ("office_area", "rooms_in_place", "rooms_uniform", "equipment_complete", "building_sound")
MISSING = {"present": False}


def measure(key: str, village: Village, period: Period = PERIOD) -> Measure | None:
    return indicators.get(key)(Village.objects.all(), period).get(village.pk)


def named(key: str, village: Village, period: Period = PERIOD) -> list:
    with translation.override("en"):
        return list(indicators.get(key).find_shortfalls(Village.objects.all(), period).get(village.pk, []))


def shown(shortfalls) -> list[tuple[str, str]]:
    """(label, route name): every address must lead somewhere."""
    return [(one.label, resolve(one.url.partition("?")[0]).view_name) for one in shortfalls]


def test_rooms_in_place_of_the_set_that_holds(place):
    furnish(place.home, mediation=MISSING)
    furnish(place.community, of="11147")
    assert measure("rooms_in_place", place.home) == (12, 13)
    assert measure("rooms_in_place", place.community) == (14, 14)


def test_a_village_that_is_not_filled_in_is_not_measured(place):
    """Facts missing are not facts bad: one room without a record, and there is no figure; the record is named."""
    furnish(place.home, mediation=None, militia_room=MISSING)
    assert measure("rooms_in_place", place.home) is None
    assert measure("rooms_uniform", place.home) is None
    assert measure("rooms_in_place", place.next_door) is None
    (lacking, missing) = named("rooms_in_place", place.home)
    assert shown([lacking]) == [("Dispute mediation room: Not filled in", "facilities:rooms_new")]
    wanted = room_set("111118").rooms.get(key="mediation")
    assert lacking.url.endswith(f"?village={place.home.pk}&room_type={wanted.pk}")
    assert shown([missing]) == [("Militia activity room: Not there", "facilities:rooms_edit")]


def test_rooms_of_another_set_do_not_count(place):
    """A village that gets the communities' set: what both sets share is on record already, the rest is asked for."""
    furnish(place.home)
    SetAssignment.objects.create(village=place.home, room_set=room_set("11147"), starts_on=date(2013, 7, 1))
    assert measure("rooms_in_place", place.home) is None
    assert measure("rooms_in_place", place.home, Period(2013, date(2013, 6, 30))) == (13, 13)
    assert len(named("rooms_in_place", place.home)) == 6


def test_uniform_is_sign_and_furniture_and_layout_of_all_rooms_of_the_set(place):
    furnish(
        place.home, mediation=MISSING, party_office={"sign": False}, meeting_room={"layout": False, "furniture": False}
    )
    assert measure("rooms_uniform", place.home) == (10, 13)
    assert shown(named("rooms_uniform", place.home)) == [
        ("Office of the village party organisation: Lacks the sign", "facilities:rooms_edit"),
        ("General meeting room: Lacks the furniture, Lacks the layout", "facilities:rooms_edit"),
        ("Dispute mediation room: Not there", "facilities:rooms_edit"),
    ]


def test_sharing_costs_nothing(place):
    furnish(place.home, mediation={"shared": True, "shared_with": "民兵活动室"})
    assert measure("rooms_in_place", place.home) == measure("rooms_uniform", place.home) == (13, 13)
    assert named("rooms_uniform", place.home) == []


def test_equipment_counts_at_full_quantity(place):
    furnish(place.home, meeting_chairs={"quantity": 39}, desks={"quantity": 7}, printer={"quantity": 0})
    furnish(place.next_door, printer=None)
    assert measure("equipment_complete", place.home) == (10, 12)
    assert measure("equipment_complete", place.next_door) is None
    assert shown(named("equipment_complete", place.home)) == [
        ("Meeting chairs: 39 of 40", "facilities:equipment_edit"),
        ("Printer and copier: 0 of 1", "facilities:equipment_edit"),
    ]
    assert shown(named("equipment_complete", place.next_door)) == [
        ("Printer and copier: Not filled in", "facilities:equipment_new")
    ]


def test_office_area_in_hundredths_of_the_building_in_use(place):
    Building.objects.create(village=place.home, area=90_00, ends_on=date(2013, 5, 31))
    Building.objects.create(village=place.home, area=199_00, starts_on=date(2013, 6, 1))
    Building.objects.create(village=place.community, area=400_50)
    Building.objects.create(village=place.next_door)
    assert measure("office_area", place.home) == (19900, 20000)
    assert measure("office_area", place.home, Period(2013, date(2013, 5, 31))) == (9000, 20000)
    assert measure("office_area", place.community) == (40050, 40000)
    assert measure("office_area", place.next_door) is None
    assert shown(named("office_area", place.home)) == [
        ("Office building: 199 m², 1 m² short", "facilities:buildings_edit")
    ]
    assert named("office_area", place.community) == []
    assert shown(named("office_area", place.next_door))[0][1] == "facilities:buildings_edit"
    assert shown(named("office_area", place.across))[0][1] == "facilities:buildings_new"


@pytest.mark.parametrize(
    ("condition", "easy_access", "measured"),
    [
        (Condition.SOUND, True, (1, 1)),
        (Condition.SOUND, False, (0, 1)),
        (Condition.REPAIR, True, (0, 1)),
        (Condition.DANGEROUS, None, (0, 1)),  # one is known to be bad: the other can't save it
        (Condition.SOUND, None, None),
        ("", True, None),
        ("", False, (0, 1)),
    ],
)
def test_building_sound(place, condition, easy_access, measured):
    Building.objects.create(village=place.home, condition=condition, easy_access=easy_access)
    assert measure("building_sound", place.home) == measured
    assert bool(named("building_sound", place.home)) == (measured != (1, 1))


@pytest.mark.parametrize(
    ("key", "queries", "of_shortfalls"),
    [
        ("rooms_in_place", 7, 6),  # the sets in five, then one for each of the two sets
        ("rooms_uniform", 7, 6),
        ("equipment_complete", 7, 6),
        ("office_area", 6, 7),
        ("building_sound", 1, 2),
    ],
)
def test_a_few_queries_for_a_whole_territory(place, django_assert_num_queries, key, queries, of_shortfalls):
    for village in (place.home, place.next_door, place.across):
        furnish(village, mediation=MISSING)
        Building.objects.create(village=village, area=100_00)
    furnish(place.community, of="11147")
    one = indicators.get(key)
    with django_assert_num_queries(queries):
        one(Village.objects.all(), PERIOD)
    with django_assert_num_queries(of_shortfalls):
        one.find_shortfalls(Village.objects.all(), PERIOD)


def test_all_five_are_declared_with_what_their_evidence_is():
    assert all(indicators.get(key).name and indicators.get(key).evidence for key in KEYS)


def test_nothing_is_measured_where_no_set_holds(cast):
    Building.objects.create(village=cast.home, area=100_00)
    assert not Room.objects.exists() and not Equipment.objects.exists()
    for key in KEYS[:4]:
        assert indicators.get(key)(Village.objects.all(), PERIOD) == {}
