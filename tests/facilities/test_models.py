"""What the database itself refuses, and what a published set allows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import actions
from facilities.choices import SetState, State
from facilities.models import Building, Room, RoomSet, RoomType, SetAssignment
from tests.facilities.conftest import DAY, room_set, room_type


def refused(row) -> None:
    """The database itself refuses the row, whoever writes it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_two_sets_ask_what_the_document_asks(place):
    villages, communities = room_set("111118"), room_set("11147")
    assert (villages.rooms.count(), villages.office_area) == (13, 200_00)
    assert (communities.rooms.count(), communities.office_area) == (14, 400_00)
    assert all(row.name_en for one in (villages, communities) for row in [*one.rooms.all(), *one.equipment.all()])


def test_loading_again_changes_nothing(place, django_assert_num_queries):
    from facilities import standards

    RoomSet.objects.filter(key="111118").update(name="改过的")
    standards.load("450109")
    assert RoomSet.objects.count() == 2
    assert RoomType.objects.count() == 27
    assert room_set("111118").name == "改过的"


def test_a_room_is_on_record_once(place):
    mediation = room_type("mediation")
    Room.objects.create(village=place.home, room_type=mediation, key="mediation")
    refused(Room(village=place.home, room_type=mediation, key="mediation"))


@pytest.mark.parametrize(
    "facts", [{"sign": True}, {"furniture": True}, {"layout": True}, {"shared": True}, {"area": 10_00}], ids=str
)
def test_a_room_that_is_not_there_has_nothing(place, facts):
    refused(Room(village=place.home, room_type=room_type("mediation"), key="mediation", present=False, **facts))


def test_shared_with_somebody_is_shared(place):
    refused(Room(village=place.home, room_type=room_type("mediation"), key="mediation", shared_with="民兵活动室"))


def test_a_village_has_one_building_in_use(place):
    Building.objects.create(village=place.home, area=200_00)
    refused(Building(village=place.home, area=100_00))
    Building.objects.create(village=place.home, area=80_00, ends_on=DAY)
    refused(Building(village=place.next_door, starts_on=DAY, ends_on=DAY.replace(day=1)))


def test_assignments_end_after_they_start_and_one_is_open(place):
    communities = room_set("11147")
    SetAssignment.objects.create(village=place.home, room_set=communities, starts_on=DAY)
    refused(SetAssignment(village=place.home, room_set=communities, starts_on=DAY))
    refused(SetAssignment(village=place.next_door, room_set=communities, starts_on=DAY, ends_on=DAY.replace(day=1)))


def test_states_the_gravest_first():
    assert Room(present=False).states == [State.MISSING]
    assert Room(sign=True, furniture=True, layout=True).states == [State.IN_ORDER]
    assert Room(sign=False, furniture=True, layout=False, shared=True).states == [
        State.NO_SIGN,
        State.NO_LAYOUT,
        State.SHARED,
    ]


def test_a_published_set_never_changes(place):
    """The door itself says no: the set, its rooms and equipment can be read, not changed, deleted or added to."""
    published = room_set("111118")
    mediation = room_type("mediation")
    mediation.name = "别的"
    with pytest.raises(actions.Invisible):
        actions.update(place["district"], [mediation], ["name"])
    with pytest.raises(actions.Invisible):
        actions.delete(place["district"], [mediation])
    with pytest.raises(ValidationError):
        actions.create(
            place["district"], [RoomType(room_set=published, key="more", name="更多", group="room", position=14)]
        )
    published.office_area = 1_00
    with pytest.raises(actions.Invisible):
        actions.update(place["district"], [published], ["office_area"])
    assert RoomSet.objects.visible_to(place["clerk"]).count() == 2


def test_a_draft_is_seen_by_the_district_alone(place):
    RoomSet.objects.filter(key="11147").update(state=SetState.DRAFT)
    assert RoomSet.objects.visible_to(place["district"]).count() == 2
    assert [one.key for one in RoomSet.objects.visible_to(place["clerk"])] == ["111118"]
    assert RoomType.objects.visible_to(place["clerk"]).count() == 13
