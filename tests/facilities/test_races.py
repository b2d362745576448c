"""Two people at one cell: one is saved, the other is told; nothing is lost and nothing doubled."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from facilities import actions
from facilities.actions import Cell
from facilities.choices import FACTS, State
from facilities.models import Room
from tests.facilities.conftest import DAY, room_type

KEYS = ("mediation", "militia_room", "party_office")


def save(person, village, state: State, version: int) -> bool:
    """Whether the three cells were saved; False where somebody was faster."""
    try:
        facts = FACTS[state] | {"note": f"{person.name}{version}"}  # what changes nothing would be no save
        cells = [Cell(village, room_type(key), facts, version) for key in KEYS]
        actions.set_rooms(person, cells, day=DAY)
        return True
    except actions.StaleCells:
        return False
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_people_who_save_the_same_cells_at_once_one_wins(place):
    people = [place[name] for name in ("clerk", "secretary", "district")]
    assert all(person.roles for person in people)
    states = (State.IN_ORDER, State.NO_SIGN, State.NO_LAYOUT)
    for version in range(6):  # 0: none of the cells is on record yet
        with ThreadPoolExecutor(3) as pool:
            saved = list(pool.map(lambda who, state, seen=version: save(who, place.home, state, seen), people, states))
        assert saved.count(True) == 1
        rooms = Room.objects.filter(village=place.home)
        assert rooms.count() == 3 and {room.version for room in rooms} == {version + 1}
        assert {room.saved_by for room in rooms} == {people[saved.index(True)].name}
        assert {room.states[0] for room in rooms} == {states[saved.index(True)]}
