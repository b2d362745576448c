"""A search by telephone or identity number finds the person, and the number stands in no address."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from cadres.models import Person
from core.registers.base import for_model
from core.sheets.export import list_rows
from core.sought import unveiled, veiled
from tests.factories import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db
PHONE, NUMBER = "13907718888", "450109196409079972"
PEOPLE = "/cadres/people/"


@pytest.fixture
def person(cast):
    found = PersonFactory(village=cast.home, name="农光荣", phone=PHONE, id_number=NUMBER)
    for one in (found, PersonFactory(village=cast.home, name="旁人")):
        PostFactory(village=cast.home, person=one)
    return found


@pytest.mark.parametrize("typed", [PHONE, NUMBER, "139 0771 8888"])
@pytest.mark.parametrize("page", [PEOPLE, "/search/"])
def test_no_address_holds_the_number(as_, person, page, typed):
    sent = as_("clerk").post(page, {"q": typed, "csrfmiddlewaretoken": "x"})
    assert sent.status_code == 302 and sent.url.startswith(f"{page}?q=~") and "csrf" not in sent.url
    assert not any(part in sent.url for part in (PHONE, NUMBER, "0771"))


@pytest.mark.parametrize("typed", [PHONE, NUMBER])
def test_the_address_finds_the_person(as_, person, typed):
    client = as_("clerk")
    shown = client.get(client.post(PEOPLE, {"q": typed}).url)
    assert [line.record for line in shown.context["table"].lines()] == [person]
    page = shown.content.decode()
    assert f'value="{typed}"' in page  # in the box alone, to be searched again
    assert page.count(typed) - page.count(f'value="{typed}"') <= 1
    assert client.get(client.post("/search/", {"q": typed}).url).context["found"][0].hits[0].title == "农光荣"


def test_it_opens_for_the_one_who_typed_it_alone(cast, as_, person):
    address = as_("clerk").post(PEOPLE, {"q": PHONE}).url
    other = as_("district").get(address)
    assert PHONE not in other.content.decode() and not list(other.context["table"].lines())
    sealed = veiled(cast["clerk"], PHONE)
    assert unveiled(cast["clerk"], sealed) == PHONE
    assert unveiled(cast["district"], sealed) is None is unveiled(cast["clerk"], sealed[:-6])


def test_what_else_the_form_says_stays_in_the_address(as_, person):
    sent = as_("clerk").post(PEOPLE, {"q": "农光荣", "village": str(person.village_id), "sort": "-name"})
    asked = QueryDict(sent.url.partition("?")[2])
    assert (asked["q"], asked["village"], asked["sort"]) == ("农光荣", str(person.village_id), "-name")


def test_a_sheet_of_what_was_found_holds_the_same_rows(cast, as_, person):
    query = QueryDict(as_("clerk").post(PEOPLE, {"q": PHONE}).url.partition("?")[2])
    assert list(list_rows(for_model(Person), cast["clerk"], query)) == [person]


@pytest.mark.parametrize(
    "typed",
    ["~", "~aes", "~x$y$z", "~aes$dev$", "~aes$nokey$AAAA", "~aes$dev$AAAA", "~sm4$dev$AAAA", "~aes$dev$" + "A" * 64],
)
def test_an_address_that_nobody_sealed_finds_nothing_and_breaks_nothing(cast, as_, person, typed):
    assert unveiled(cast["clerk"], typed) is None
    assert not as_("clerk").get("/search/", {"q": typed}).context["found"]
    assert not list(as_("clerk").get(PEOPLE, {"q": typed}).context["table"].lines())
    assert not list(list_rows(for_model(Person), cast["clerk"], QueryDict(urlencode({"q": typed}))))
