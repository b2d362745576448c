"""The pages of people and filings: what they show and what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.choices import Education, Position
from tests.cadres.conftest import ELECTED, full_team, person, post
from tests.factories import VillageFactory

LIST = "/cadres/people/"


def row_of(page: str, name: str) -> str:
    """The line of the list that a person stands in."""
    start = page.index(f">{name}</a>")
    return page[start : page.index("</tr>", start)]


def test_a_line_says_what_he_is(as_, place):
    who = person(place.home, "周文德", born_on=date(1965, 11, 25), education=Education.SENIOR, phone="15400000001")
    post(who, Position.SECRETARY)
    post(who, Position.DIRECTOR, ELECTED.replace(day=9))
    line = row_of(as_("clerk").get(LIST).content.decode(), "周文德")
    for told in (">47<", ">男<", ">高中<", ">书记<", ">主任<", "一肩挑", ">2011-09<", "未备案", "154****0001", "/24"):
        assert told in line, told
    assert "15400000001" not in line


def test_the_list_begins_with_those_in_post(as_, place):
    full_team(place.home)
    person(place.home, "群众")
    post(person(place.home, "老主任"), Position.DIRECTOR, date(2008, 1, 1), date(2011, 9, 1))

    def names(**query) -> int:
        return as_("clerk").get(LIST, query).context["total"]

    assert (names(), names(standing="former"), names(standing="all")) == (5, 1, 7)
    assert names(position=Position.SECRETARY) == 1 == names(sex="2")
    assert names(age="unknown") == 5 and names(age="under_40") == 0
    assert names(schooling="unknown") == 5 and names(schooling="college") == 0


def test_the_head_counts_what_the_filters_leave(as_, place):
    full_team(place.home)
    page = as_("clerk").get(LIST).content.decode()
    assert "5人，其中女1人（20.0%），40岁以下0人（0.0%）" in page


def test_ticked_rows_are_given_out_whoever_is_in_post(as_, place):
    """Somebody out of post is on the list only when asked for, and is given out all the same."""
    who = person(place.home, "群众", phone="15400000001")
    sheet = as_("clerk").post(f"{LIST}bulk/", {"pk": who.pk, "do": "export"}).content.decode()
    assert "群众" in sheet and "154****0001" in sheet and "<" not in sheet


@pytest.mark.parametrize(
    "address", [LIST, "/cadres/filings/", "/cadres/members/", "/cadres/committees/?show=all", "/cadres/structure/"]
)
def test_a_page_costs_the_same_for_ten_villages_and_for_one(as_, place, address):
    def queries() -> int:
        client = as_("clerk")
        client.get(address)  # what is read once is read now
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    full_team(place.home)
    first = queries()
    for _number in range(3):
        full_team(VillageFactory(township=place.home.township))
    assert queries() == first


def test_a_removal_is_begun_on_the_secretarys_page(as_, place):
    people = full_team(place.home)
    page = as_("secretary").get(f"{LIST}{people['书记'].pk}/").content.decode()
    assert f"/cadres/filings/new/?village={place.home.pk}&amp;person={people['书记'].pk}&amp;kind=remove" in page
    assert "kind=appoint" in as_("secretary").get(f"{LIST}{people['主任'].pk}/").content.decode()
    assert "filings/new" not in as_("leader").get(f"{LIST}{people['书记'].pk}/").content.decode()
