"""The cast's district with its two room sets, and villages furnished in a line."""

from datetime import date

import pytest

from facilities import standards
from facilities.models import Equipment, Room, RoomSet
from tests.browser.screens import sign_in
from tests.cast import DISTRICT, Cast
from tests.facilities.browsing import URL
from villages.models import Village

DAY = date(2013, 11, 24)


@pytest.fixture
def place(cast) -> Cast:
    """The cast, in a district where the room sets hold."""
    standards.load(DISTRICT)
    return cast


def room_set(key: str) -> RoomSet:
    return RoomSet.objects.get(key=key, edition=1)


def room_type(key: str, of: str = "111118"):
    return room_set(of).rooms.get(key=key)


def furnish(village: Village, of: str = "111118", **exceptions: dict) -> None:
    """Every room of the set in order and every item in full; `mediation={"present": False}` says otherwise of one.

    None leaves the record of a room or item out.
    """
    rooms, items = room_set(of).rooms.all(), room_set(of).equipment.all()
    for room in rooms:
        facts = {"sign": True, "furniture": True, "layout": True}
        if (told := exceptions.get(room.key, {})) is None:
            continue
        if told.get("present") is False:
            facts = {}
        Room.objects.create(village=village, room_type=room, key=room.key, **facts | told)
    for item in items:
        if (told := exceptions.get(item.key, {})) is not None:
            Equipment.objects.create(village=village, item=item, key=item.key, **{"quantity": item.quantity} | told)


# ---- for the browser tests ----


@pytest.fixture
def township(transactional_db, place):
    """A village that lacks one room, and has another not filled in; a community in order."""
    furnish(place.home, mediation={"present": False}, militia_room=None)
    furnish(place.community, of="11147")
    return place


@pytest.fixture
def open_as(page, live_server, township):
    """`open_as("clerk")`: the matrix as that person sees it, 1440 × 900."""

    def go(username: str, query: str = ""):
        sign_in(page.context, live_server.url, township[username])
        page.goto(URL + query)
        return page

    return go
