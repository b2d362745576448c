"""The room matrix: who sees what, what a cell answers, and that its cost doesn't grow with the villages."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditRow
from facilities import matrix
from facilities.models import Equipment, Room
from tests.facilities.conftest import DAY, furnish, room_type
from tests.factories import EvidenceFactory
from villages.models import Village

URL, CELLS = "/facilities/matrix/", "/facilities/matrix/cells/"


def cell_of(html: str, village, key: str, of: str = "111118") -> str:
    """The opening tag of a cell."""
    name = f'data-cell="{village.pk}-{room_type(key, of).pk}"'
    return next(tag for tag in re.findall(r"<(?:a|span) [^>]*>", html) if name in tag)


def post(client, village, key: str, of: str = "111118", **values):
    return post_cells(client, told(village, key, of, **values))


def told(village, key: str, of: str = "111118", **values) -> dict:
    return {"village": village.pk, "room_type": room_type(key, of).pk, "version": 0} | values


def post_cells(client, *cells: dict, view: str = "state"):
    return client.post(CELLS, {"cells": json.dumps(cells), "view": view})


def name_of(village, key: str, of: str = "111118") -> str:
    return f"{village.pk}-{room_type(key, of).pk}"


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
    codes = dict(Village.objects.values_list("name", "code"))
    assert [
        name
        for name in ("梁村", "广良村", "红星社区")
        if f'<a class="to" href="/dossiers/{codes[name]}/">{name}' in html
    ] == names


def test_where_no_set_holds_the_page_says_what_to_do(cast, as_):
    html = as_("clerk").get(URL).content.decode()
    assert 'class="empty"' in html and 'id="dock"' not in html


def test_a_key_is_saved_and_answered_with_what_stands(filled, as_):
    reply = post(as_("clerk"), filled.home, "militia_room", state=1)
    assert reply.status_code == 200
    answer = reply.json()
    assert Room.objects.get(village=filled.home, key="militia_room").uniform
    cell = answer["cells"][name_of(filled.home, "militia_room")]
    assert 'class="s1"' in cell and 'data-v="1"' in cell and 'data-f="11110"' in cell and "clerk先生" in cell
    row = answer["rows"][str(filled.home.pk)]
    assert row["there"] == 12 and not row["low"] and "clerk先生" in row["when"]
    assert re.search(r"\d\d:\d\d:\d\d$", answer["saved"])
    (cleared,) = post(as_("clerk"), filled.home, "militia_room", state=0, version=1).json()["cells"].values()
    assert 'class="s0"' in cleared


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
    (cell,) = reply.json()["cells"].values()
    assert "梁村" in reply.json()["error"] and 'class="s2"' in cell and 'data-v="1"' in cell


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


def test_many_cells_cost_as_many_queries_as_one(filled, as_):
    """One of the cells of each village is new, one on record."""
    client = as_("district")

    def queries(villages) -> int:
        Room.objects.all().delete(), Equipment.objects.all().delete()
        for village in villages:
            furnish(village, militia_room=None)
        keys = {"mediation": 1, "militia_room": 0}
        cells = [told(village, key, state=3, version=keys[key]) for village in villages for key in keys]
        with CaptureQueriesContext(connection) as captured:
            assert post_cells(client, *cells).status_code == 200
        return len(captured)

    two = [filled.home, filled.next_door]  # of one row alone its own constraints are asked, for the better sentence
    queries(two)  # asks what is asked once a process
    assert queries(two) == queries([*two, filled.across]) < 50


def test_many_cells_are_saved_in_one_step_or_not_at_all(filled, as_):
    keys = ("mediation", "party_office")
    saved = post_cells(as_("clerk"), *(told(filled.home, key, state=4, version=1) for key in keys))
    assert saved.status_code == 200 and len(saved.json()["cells"]) == 2
    rows = AuditRow.objects.filter(model="facilities.Room", verb="update")
    assert rows.count() == 2 and len({row.request_id for row in rows}) == 1
    stale = post_cells(as_("clerk"), *(told(filled.home, key, state=1, version=2 - n) for n, key in enumerate(keys)))
    assert stale.status_code == 409 and len(stale.json()["cells"]) == 2
    assert not Room.objects.filter(village=filled.home, key__in=keys, furniture=True).exists()


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", "[1]", '[{"village": 1}]', "[" * 5000, '[{"a": []}]'])
def test_cells_that_cannot_be_read(filled, as_, text):
    reply = as_("clerk").post(CELLS, {"cells": text})
    assert reply.status_code == 400 and reply.json()["error"]


def test_a_number_beyond_the_database_is_refused(filled, as_):
    assert post_cells(as_("clerk"), told(filled.home, "mediation") | {"village": 10**30}).status_code == 400


def test_one_foreign_cell_hides_all(filled, as_):
    cells = [told(village, "mediation", state=1, version=1) for village in (filled.home, filled.across)]
    assert post_cells(as_("clerk"), *cells).status_code == 404
    assert not Room.objects.get(village=filled.home, key="mediation").present


@pytest.mark.parametrize(("view", "face"), [("area", "<b>18.5</b>"), ("photos", "<b>2</b>"), ("state", "<b>")])
def test_the_views_show_area_and_photos(filled, as_, view, face):
    room = Room.objects.get(village=filled.home, key="party_office")
    Room.objects.filter(pk=room.pk).update(area=18_50)
    EvidenceFactory.create_batch(2, owner_model="facilities.room", owner_pk=room.pk)
    html = as_("clerk").get(URL, {"view": view}).content.decode()
    tag = cell_of(html, filled.home, "party_office")
    assert 'data-n="2"' in tag and 'data-area="18.5"' in tag and f'id="rooms" data-view="{view}"' in html
    assert face in html[html.index(tag) + len(tag) :][:40]
    assert (f'href="/evidence/facilities.room/{room.pk}/"' in tag) == (view == "photos")
    reply = post_cells(as_("clerk"), told(filled.home, "party_office", state=1, version=1), view=view)
    assert (face if view != "state" else "<svg") in reply.json()["cells"][name_of(filled.home, "party_office")]


def test_a_row_leads_to_the_file_of_the_village(filled, as_):
    html = as_("clerk").get(URL).content.decode()
    assert f'href="/dossiers/{filled.home.code}/"' in html
    assert as_("clerk").get(f"/dossiers/{filled.home.code}/").status_code == 200


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


def test_moments_to_the_minute():
    zone = timezone.get_current_timezone()
    assert matrix.when(datetime(2013, 11, 23, 10, 38, tzinfo=zone), DAY, exact=True) == "11-23 10:38"
    assert matrix.when(datetime(2012, 11, 23, 10, 38, tzinfo=zone), DAY, exact=True) == "2012-11-23 10:38"


def test_the_form_of_a_new_room_is_filled_in_beforehand(place, as_):
    mediation = room_type("mediation")
    html = (
        as_("clerk")
        .get("/facilities/rooms/new/", {"village": place.home.pk, "room_type": mediation.pk})
        .content.decode()
    )
    assert f'<option value="{place.home.pk}" selected' in html and f'<option value="{mediation.pk}" selected' in html
