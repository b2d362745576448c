"""The room matrix: who sees what, what a cell answers, and that its cost doesn't grow with the villages."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities import matrix
from facilities.models import Room
from tests.facilities.conftest import DAY, furnish, room_type
from villages.models import Village

URL, CELL = "/facilities/matrix/", "/facilities/matrix/cell/"


def cell_of(html: str, village, key: str, of: str = "111118") -> str:
    """The opening tag of a cell."""
    name = f'data-cell="{village.pk}-{room_type(key, of).pk}"'
    return next(tag for tag in re.findall(r"<(?:a|span) [^>]*>", html) if name in tag)


def post(client, village, key: str, of: str = "111118", **values):
    facts = {"village": village.pk, "room_type": room_type(key, of).pk, "version": 0}
    return client.post(CELL, facts | values)


@pytest.fixture
def filled(place):
    furnish(place.home, mediation={"present": False}, militia_room=None, party_office={"sign": False})
    furnish(place.community, of="11147")
    furnish(place.across)
    return place


def test_a_clerk_sees_the_township_and_may_enter(filled, as_):
    html = as_("clerk").get(URL).content.decode()
    assert "梁村" in html and "红星社区" in html and "屯六村" not in html and "他乡村" not in html
    assert html.count('<table class="rm"') == 2 and 'id="dock"' in html
    missing, empty = (cell_of(html, filled.home, key) for key in ("mediation", "militia_room"))
    room = Room.objects.get(village=filled.home, key="mediation")
    assert 'class="s2"' in missing and f'href="/facilities/rooms/{room.pk}/edit/"' in missing
    assert 'class="s0"' in empty
    assert f'href="/facilities/rooms/new/?village={filled.home.pk}&amp;room_type=' in empty
    assert "26/40" not in html and ">26</span>/40" in html  # 12 + 14 + nothing of 13 + 13 + 14


def test_a_leader_reads(filled, as_):
    html = as_("leader").get(URL).content.decode()
    assert 'id="dock"' not in html and "data-edit" not in html
    assert cell_of(html, filled.home, "militia_room").startswith("<span")
    assert "/edit/" not in html and "/rooms/new/" not in html


def test_a_secretary_has_the_own_village_alone(filled, as_):
    html = as_("secretary").get(URL).content.decode()
    assert html.count("<tr id=") == 1 and "梁村" in html and "<h1>" in html


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_administrators_read_no_business(filled, as_, who):
    assert as_(who).get(URL).status_code == 403
    assert post(as_(who), filled.home, "mediation", state=1).status_code == 403


def test_the_district_chooses_a_township(filled, as_):
    client = as_("district")
    assert "屯六村" not in client.get(URL).content.decode()
    assert "屯六村" in client.get(URL, {"township": "450109101"}).content.decode()
    everywhere = client.get(URL, {"township": "all"}).content.decode()
    assert "屯六村" in everywhere and "梁村" in everywhere and "他乡村" not in everywhere
    assert "梁村" in client.get(URL, {"township": "450102001", "show": "nonsense"}).content.decode()


@pytest.mark.parametrize(
    ("show", "names"), [("all", ["梁村", "广良村", "红星社区"]), ("gaps", ["梁村"]), ("empty", ["梁村", "广良村"])]
)
def test_rows_with_gaps_and_rows_not_filled_in(filled, as_, show, names):
    html = as_("clerk").get(URL, {"show": show}).content.decode()
    assert [name for name in ("梁村", "广良村", "红星社区") if f'scope="row">{name}' in html] == names


def test_where_no_set_holds_the_page_says_what_to_do(cast, as_):
    html = as_("clerk").get(URL).content.decode()
    assert 'class="empty"' in html and 'id="dock"' not in html


def test_a_key_is_saved_and_answered_with_what_stands(filled, as_):
    reply = post(as_("clerk"), filled.home, "militia_room", state=1)
    assert reply.status_code == 200
    answer = reply.json()
    assert Room.objects.get(village=filled.home, key="militia_room").uniform
    assert 'class="s1"' in answer["cell"] and 'data-v="1"' in answer["cell"] and 'data-f="11110"' in answer["cell"]
    assert answer["there"] == 12 and not answer["low"] and "clerk先生" in answer["when"]
    assert re.search(r"\d\d:\d\d:\d\d$", answer["saved"])
    assert 'class="s0"' in post(as_("clerk"), filled.home, "militia_room", state=0, version=1).json()["cell"]


def test_the_details_are_saved_together(filled, as_):
    details = {"present": "true", "sign": "true", "furniture": "false", "layout": "true", "area": "12.5"}
    more = {"shared": "true", "shared_with": "党员会议室", "note": "二楼"}
    assert post(as_("clerk"), filled.home, "militia_room", **details, **more).status_code == 200
    room = Room.objects.get(village=filled.home, key="militia_room")
    assert (room.sign, room.furniture, room.layout, room.area) == (True, False, True, 12_50)
    assert (room.shared, room.shared_with, room.note) == (True, "党员会议室", "二楼")
    absent = {"present": "false", "note": "拆了"}
    assert post(as_("clerk"), filled.home, "militia_room", version=1, **absent).status_code == 200
    room.refresh_from_db()
    assert (room.present, room.area, room.shared, room.note) == (False, None, False, "拆了")


@pytest.mark.parametrize("values", [{"area": "很大"}, {"area": "-1"}, {"note": "长" * 121}, {"state": "9"}], ids=str)
def test_what_cannot_be_read_is_answered_with_a_sentence(filled, as_, values):
    reply = post(as_("clerk"), filled.home, "militia_room", present="true", **values)
    assert reply.status_code == 400 and reply.json()["error"]
    assert not Room.objects.filter(village=filled.home, key="militia_room").exists()


def test_saved_meanwhile_is_answered_with_what_stands_now(filled, as_):
    reply = post(as_("clerk"), filled.home, "mediation", state=1, version=7)
    assert reply.status_code == 409
    assert reply.json()["error"] and 'class="s2"' in reply.json()["cell"]


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("inspector", 403), ("clerk_across", 404), ("secretary_next_door", 404)]
)
def test_a_cell_that_is_not_theirs(filled, as_, who, status):
    """403 for whoever only reads; 404 for another's village, which is not there for them."""
    assert post(as_(who), filled.home, "mediation", state=1, version=1).status_code == status
    assert not Room.objects.get(village=filled.home, key="mediation").present


def test_the_number_of_queries_does_not_grow(filled, as_):
    client = as_("district")

    def queries(township: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL, {"township": township}).status_code == 200
        return len(captured)

    queries("all")
    assert queries("450109101") == queries("all") < 20  # one village, four villages


def test_the_matrix_itself_takes_seven_queries(filled, django_assert_num_queries):
    person = filled["district"]
    assert person.roles
    with django_assert_num_queries(7):
        tables = matrix.build(person, Village.objects.visible_to(person), DAY)
        assert [len(table.rows) for table in tables] == [3, 1]
        assert tables[0].there[:2] == [2, 2] and tables[0].groups[-1][1] == 8


def test_moments_as_people_say_them():
    now = timezone.localtime()
    assert f"{now:%H:%M}" in matrix.when(now, DAY) and now.strftime("%m-%d") not in matrix.when(now, DAY)
    assert f"{now:%H:%M}" in matrix.when(now - timedelta(days=1), DAY)
    zone = timezone.get_current_timezone()
    assert matrix.when(datetime(2013, 11, 20, 9, tzinfo=zone), DAY) == "11-20"
    assert matrix.when(datetime(2012, 11, 20, 9, tzinfo=zone), DAY) == "2012-11-20"


def test_the_form_of_a_new_room_is_filled_in_beforehand(place, as_):
    mediation = room_type("mediation")
    html = (
        as_("clerk")
        .get("/facilities/rooms/new/", {"village": place.home.pk, "room_type": mediation.pk})
        .content.decode()
    )
    assert f'<option value="{place.home.pk}" selected' in html and f'<option value="{mediation.pk}" selected' in html
