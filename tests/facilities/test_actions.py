"""Setting rooms, a cell each, over a set."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actions import Invisible, Refused
from core.models import AuditRow
from facilities import actions
from facilities.actions import Cell, StaleCells
from facilities.choices import FACTS, State
from facilities.models import Building, Equipment, Room
from tests.facilities.conftest import DAY, furnish, room_set, room_type
from tests.factories import EvidenceFactory


def set_room(by, village, key: str, state: State, of: str = "111118", **cell) -> Room | None:
    facts = None if state == State.EMPTY else FACTS[state]
    rooms = actions.set_rooms(by, [Cell(village, room_type(key, of), facts, **cell)], day=DAY)
    return rooms.get((village.pk, key))


@pytest.mark.parametrize("state", [state for state in State if state != State.EMPTY])
def test_a_key_makes_the_state_that_it_names(place, state):
    """From nothing, and from every other state."""
    room = set_room(place["clerk"], place.home, "mediation", state)
    assert room.states == [state]
    for other in FACTS:
        set_room(place["clerk"], place.home, "mediation", other)
        room = set_room(place["clerk"], place.home, "mediation", state)
        assert room.states[0] == state
    assert Room.objects.get().saved_by == place["clerk"].name


def test_what_a_cell_does_not_name_stays(place):
    cell = Cell(place.home, room_type("mediation"), FACTS[State.IN_ORDER] | {"area": 18_00, "note": "二楼"})
    actions.set_rooms(place["clerk"], [cell], day=DAY)
    room = set_room(place["clerk"], place.home, "mediation", State.NO_SIGN)
    assert (room.area, room.note) == (18_00, "二楼")
    room = set_room(place["clerk"], place.home, "mediation", State.MISSING)
    assert (room.area, room.note) == (None, "二楼")


def test_clearing_leaves_no_record_but_an_audit_row(place):
    set_room(place["clerk"], place.home, "mediation", State.IN_ORDER)
    assert set_room(place["clerk"], place.home, "mediation", State.EMPTY) is None
    assert not Room.objects.exists()
    assert [row.verb for row in AuditRow.objects.order_by("pk")] == ["create", "delete"]
    assert {row.territory_code for row in AuditRow.objects.all()} == {place.home.code}
    assert set_room(place["clerk"], place.home, "mediation", State.EMPTY) is None


@pytest.mark.parametrize("who", ["district", "clerk", "secretary"])
def test_those_who_enter_it(place, who):
    assert set_room(place[who], place.home, "mediation", State.IN_ORDER)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("leader", Refused),  # reads everything, changes nothing
        ("sysadmin", Refused),
        ("clerk_across", Invisible),  # the village is not there for the clerk of another township
        ("secretary_next_door", Invisible),
        ("district_abroad", Invisible),
    ],
)
def test_those_who_may_not(place, who, error):
    with pytest.raises(error):
        set_room(place[who], place.home, "mediation", State.IN_ORDER)
    set_room(place["clerk"], place.home, "mediation", State.IN_ORDER)
    with pytest.raises((error, Refused)):
        set_room(place[who], place.home, "mediation", State.MISSING)
    assert Room.objects.get().present


def test_one_foreign_cell_stops_all(place):
    cells = [Cell(village, room_type("mediation"), FACTS[State.IN_ORDER]) for village in (place.home, place.across)]
    with pytest.raises(Invisible):
        actions.set_rooms(place["clerk"], cells, day=DAY)
    assert not Room.objects.exists() and not AuditRow.objects.exists()


def test_who_saw_an_older_version_is_told(place):
    room = set_room(place["clerk"], place.home, "mediation", State.IN_ORDER, version=0)
    for state, version in ((State.MISSING, 0), (State.EMPTY, 7)):
        with pytest.raises(StaleCells, match="clerk先生"):
            set_room(place["secretary"], place.home, "mediation", state, version=version)
    assert set_room(place["secretary"], place.home, "mediation", State.MISSING, version=room.version).version == 2


def test_one_stale_cell_keeps_the_whole_set_out(place):
    set_room(place["secretary"], place.home, "mediation", State.MISSING)
    keys = ("mediation", "militia_room", "party_office")
    cells = [Cell(place.home, room_type(key), FACTS[State.IN_ORDER], 0) for key in keys]
    with pytest.raises(StaleCells) as caught:
        actions.set_rooms(place["clerk"], cells, day=DAY)
    assert "梁村" in caught.value.messages[0] and "secretary先生" in caught.value.messages[0]
    assert Room.objects.get().key == "mediation"


def test_a_cell_cleared_meanwhile_is_stale(place):
    room = set_room(place["clerk"], place.home, "mediation", State.IN_ORDER)
    set_room(place["secretary"], place.home, "mediation", State.EMPTY)
    with pytest.raises(StaleCells):
        set_room(place["clerk"], place.home, "mediation", State.NO_SIGN, version=room.version)


def test_a_room_with_photos_is_not_cleared(place):
    """The photos would hang on nothing: nobody could see them again."""
    room = set_room(place["clerk"], place.home, "mediation", State.IN_ORDER)
    EvidenceFactory(owner_model="facilities.room", owner_pk=room.pk)
    with pytest.raises(ValidationError, match="梁村"):
        set_room(place["clerk"], place.home, "mediation", State.EMPTY)
    assert Room.objects.exists()


def test_a_room_of_another_set_is_refused(place):
    """Both sets have a militia room: one of the other set would be on record and count nowhere."""
    with pytest.raises(ValidationError, match="111118"):
        set_room(place["clerk"], place.home, "militia_room", State.IN_ORDER, of="11147")
    with pytest.raises(ValidationError, match="11147"):
        set_room(place["clerk"], place.community, "womens_home", State.IN_ORDER)
    item = room_set("11147").equipment.first()
    with pytest.raises(ValidationError):
        actions.create_parts(place["clerk"], [Equipment(village=place.home, item=item, quantity=1)], day=DAY)


def test_two_cells_for_one_room_are_refused(place):
    with pytest.raises(ValidationError):
        actions.set_rooms(
            place["clerk"], [Cell(place.home, room_type("mediation"), FACTS[State.IN_ORDER])] * 2, day=DAY
        )


def test_facts_that_do_not_go_together_are_refused_with_a_sentence(place):
    cells = [
        Cell(place.home, room_type("mediation"), {"present": False, "sign": True}),
        Cell(place.home, room_type("militia_room"), {"present": True}),
    ]
    for some in (cells[:1], cells):  # the model says so for one row, the database for many
        with pytest.raises(ValidationError) as caught:
            actions.set_rooms(place["clerk"], some, day=DAY)
        assert "violat" not in " ".join(caught.value.messages)
    assert not Room.objects.exists()


def test_the_number_of_queries_does_not_grow(place):
    """Half of the cells are new, half are on record."""

    def queries(villages) -> int:
        Room.objects.all().delete()
        for village in villages:
            furnish(village, mediation=None, meeting_room=None)
            Equipment.objects.all().delete()
        keys = ("mediation", "meeting_room", "party_office", "militia_room")
        types = {key: room_type(key) for key in keys}
        cells = [Cell(village, types[key], FACTS[State.NO_SIGN]) for village in villages for key in keys]
        person = place["district"]
        with CaptureQueriesContext(connection) as captured:
            actions.set_rooms(person, cells, day=DAY)
        return len(captured)

    assert queries([place.home]) == queries([place.home, place.next_door, place.across])


def test_facts_outlive_an_edition(place):
    """A new edition asks for nothing twice: the room is found by its key, and moves to the edition when it is saved."""
    set_room(place["clerk"], place.home, "mediation", State.NO_SIGN)
    draft = actions.new_edition(place["district"], room_set("111118"))
    actions.publish_set(place["district"], draft)
    newer = draft.rooms.get(key="mediation")
    rooms = actions.set_rooms(place["clerk"], [Cell(place.home, newer, FACTS[State.IN_ORDER])], day=DAY)
    assert rooms[place.home.pk, "mediation"].room_type == newer
    assert Room.objects.get().room_type == newer


def test_buildings_of_a_village_may_not_overlap(place):
    old = Building(village=place.home, area=80_00, ends_on=DAY)
    actions.create_dated(place["clerk"], [old])
    with pytest.raises(ValidationError):
        actions.create_dated(place["clerk"], [Building(village=place.home, area=200_00, starts_on=DAY)])
    actions.create_dated(place["clerk"], [Building(village=place.home, area=200_00, starts_on=DAY.replace(day=25))])
    assert Building.objects.on(DAY).get() == old
