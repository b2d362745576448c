"""The review of a village's rooms: handed in whole, confirmed or returned by the township, once a year."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actions import Invisible, Refused
from core.models import TimeLimit
from core.workflow import move
from core.workflow.todo import waiting_for
from facilities import reviews
from facilities.choices import ReviewState
from facilities.models import Building, Equipment, Room, RoomReview
from facilities.reviews import ROOM_REVIEW
from tests.facilities.conftest import DAY, furnish


def hand_in_url(code: str) -> str:
    return f"/facilities/matrix/{code}/hand-in/"


@pytest.fixture
def whole(place):
    """Home with every room on record and a building; two working days are given for the review."""
    furnish(place.home, mediation={"present": False})
    Building.objects.create(village=place.home, area=200_00)
    TimeLimit.objects.create(key="room_review", name="审核功能室", workdays=2, in_force_from=date(2013, 1, 1))
    return place


@pytest.fixture
def handed_in(whole) -> RoomReview:
    (review,) = reviews.hand_in(whole["secretary"], [whole.home], 2013, DAY)
    return review


def decide(by, review: RoomReview, name: str, day: date = DAY, **kwargs) -> RoomReview:
    (moved,) = move(by, ROOM_REVIEW, [review], name, day, **kwargs)
    return moved


def test_a_village_hands_in_and_the_township_has_so_many_days(whole, handed_in):
    review = RoomReview.objects.get()
    assert (review.state, review.year, review.village) == (ReviewState.SUBMITTED, 2013, whole.home)
    assert review.due_on == date(2013, 11, 26)  # handed in on a Sunday
    (waiting,) = [part for part in waiting_for(whole["clerk"], DAY) if part.register.model is RoomReview]
    assert [line.row for line in waiting.lines] == [review]
    assert not [part for part in waiting_for(whole["clerk_across"], DAY) if part.register.model is RoomReview]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda: Room.objects.filter(key="militia_room").delete(), "民兵活动室"),
        (lambda: Room.objects.all().delete(), "13"),
        (lambda: Building.objects.all().delete(), "梁村"),
        (lambda: Building.objects.update(ends_on=date(2013, 1, 1)), "梁村"),
    ],
    ids=["a room", "all rooms", "no building", "no building in use"],
)
def test_what_is_not_whole_is_refused_with_what_it_lacks(whole, spoil, named):
    spoil()
    with pytest.raises(ValidationError, match=named):
        reviews.hand_in(whole["secretary"], [whole.home], 2013, DAY)
    assert not RoomReview.objects.exists()


def test_a_confirmation_is_an_inspection(whole, handed_in):
    furnish(whole.next_door)
    decide(whole["clerk"], handed_in, "confirm")
    rooms = Room.objects.filter(village=whole.home)
    assert set(rooms.values_list("inspected_on", "inspected_by")) == {(DAY, "clerk先生")}
    assert rooms.count() == 13
    assert not Room.objects.filter(village=whole.next_door, inspected_on__isnull=False).exists()


def test_what_was_cleared_since_is_not_confirmed(whole, handed_in):
    Room.objects.filter(key="militia_room").delete()
    with pytest.raises(ValidationError, match="民兵活动室"):
        decide(whole["clerk"], handed_in, "confirm")
    assert RoomReview.objects.get().state == ReviewState.SUBMITTED


def test_a_return_says_why_and_is_handed_in_again(whole, handed_in):
    with pytest.raises(ValidationError):
        decide(whole["clerk"], handed_in, "send_back")
    decide(whole["clerk"], handed_in, "send_back", reason="照片不清楚")
    (own,) = reviews.of_own(whole["secretary"], [whole.home], DAY)
    assert own.is_open and own.returned_because == "照片不清楚"
    reviews.hand_in(whole["secretary"], [whole.home], 2013, DAY)
    assert RoomReview.objects.get().state == ReviewState.SUBMITTED
    (own,) = reviews.of_own(whole["secretary"], [whole.home], DAY)
    assert not own.is_open and not own.returned_because


def test_one_a_year(whole, handed_in):
    with pytest.raises(ValidationError):
        reviews.hand_in(whole["secretary"], [whole.home], 2013, DAY)
    decide(whole["clerk"], handed_in, "confirm")
    reviews.hand_in(whole["secretary"], [whole.home], 2014, DAY.replace(year=2014))
    assert RoomReview.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "error"), [("leader", Refused), ("clerk", Refused), ("secretary_next_door", Invisible)]
)
def test_those_who_hand_nothing_in(whole, who, error):
    with pytest.raises(error):
        reviews.hand_in(whole[who], [whole.home], 2013, DAY)
    assert not RoomReview.objects.exists()


@pytest.mark.parametrize(
    ("who", "error"), [("secretary", Refused), ("inspector", Refused), ("clerk_across", Invisible)]
)
def test_those_who_confirm_nothing(whole, handed_in, who, error):
    with pytest.raises(error):
        decide(whole[who], handed_in, "confirm")


def test_the_button_of_the_matrix(whole, as_):
    url = hand_in_url(whole.home.code)
    assert url in as_("secretary").get("/facilities/matrix/").content.decode()
    assert as_("secretary").post(url).status_code == 302
    assert RoomReview.objects.get().state == ReviewState.SUBMITTED
    assert url not in as_("secretary").get("/facilities/matrix/").content.decode()
    assert as_("secretary").post(url).status_code == 302  # once more: said, not done
    assert RoomReview.objects.count() == 1
    assert "/facilities/room-reviews/?state=submitted" in as_("clerk").get("/facilities/matrix/").content.decode()


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("clerk", "450109100214", 403),
        ("leader", "450109100214", 403),
        ("secretary_next_door", "450109100214", 404),
        ("secretary", "450109100215", 404),
        ("secretary", "nonsense", 404),
    ],
)
def test_the_button_is_not_theirs(whole, as_, who, code, status):
    assert as_(who).post(hand_in_url(code)).status_code == status
    assert not RoomReview.objects.exists()


def test_the_number_of_queries_does_not_grow(whole):
    def queries(villages, verb: str) -> int:
        RoomReview.objects.all().delete(), Room.objects.all().delete(), Equipment.objects.all().delete()
        Building.objects.all().delete()
        for village in villages:
            furnish(village)
            Building.objects.create(village=village, area=200_00)
        rows = [RoomReview(village=village, year=2013, state=ReviewState.SUBMITTED) for village in villages]
        rows = RoomReview.objects.bulk_create(rows)
        person = whole["district"]
        with CaptureQueriesContext(connection) as captured:
            move(person, ROOM_REVIEW, rows, verb, DAY)
        return len(captured)

    two = [whole.home, whole.next_door]  # of one row alone its own constraints are asked, for the better sentence
    assert queries(two, "confirm") == queries([*two, whole.across], "confirm")
