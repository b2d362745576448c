"""What holds for every register and page, however many rows there are and whatever stands in the address."""

import string
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from core.registers import all_registers
from core.registers.tables import PAGE_SIZES
from core.sheets.export import list_rows
from tests.factories import HamletFactory, VillageFactory, is_made, of
from tests.routes import ALL, PAGES, address
from tests.test_fuzz import examples

REGISTERS = all_registers()
LISTS = [address(register, "list") for register in REGISTERS]


# ---- the price of a page ----


def price(client, url: str) -> int:
    client.get(url)  # caches of the process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


READERS_OF = {"UserRegister": "sysadmin", "GrantRegister": "secadmin", "AuditRegister": "auditor"}


@pytest.mark.django_db
@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_a_longer_list_asks_no_more(cast, as_, register):
    """A few rows or more than a page takes: the number of queries is the same."""
    client, factory = as_(READERS_OF.get(register.__name__, "district")), of(register.model)
    villages = VillageFactory.create_batch(PAGE_SIZES[0] + 10, township=cast.home.township)
    url = address(register, "list")
    for village in villages[:5]:
        factory.at(village)
    few = price(client, url)
    for village in villages[5:]:
        factory.at(village)
    assert price(client, url) <= few
    assert few <= 25, f"{few} queries for a list"


@pytest.mark.django_db
def test_a_village_with_many_hamlets_asks_no_more(cast, as_):
    client = as_("clerk")
    pages = [f"/villages/villages/{cast.home.pk}/", f"/villages/villages/{cast.home.pk}/edit/"]
    HamletFactory.create_batch(3, village=cast.home)
    few = [price(client, page) for page in pages]
    HamletFactory.create_batch(60, village=cast.home)
    assert [price(client, page) for page in pages] <= few


@pytest.mark.django_db
@pytest.mark.parametrize("register", [r for r in REGISTERS if r.search], ids=lambda r: r.__name__)
def test_the_admins_list_asks_no_more(cast, as_, register):
    client, factory = as_(READERS_OF.get(register.__name__, "district")), of(register.model)
    url = f"/admin/{register.model._meta.app_label}/{register.model._meta.model_name}/"
    villages = VillageFactory.create_batch(33, township=cast.home.township)
    for village in villages[:3]:
        factory.at(village)
    few = price(client, url)
    for village in villages[3:]:
        factory.at(village)
    assert price(client, url) <= few


# ---- the order of a list ----


@pytest.mark.django_db
@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_a_list_has_one_order(cast, register):
    """Pages and exports neither repeat a row nor lose one: ties end at the record's number, counted beside or not."""
    reader = cast[READERS_OF.get(register.__name__, "district")]
    for query in ("", f"sort={register.columns[0]}"):
        order = list_rows(register, reader, QueryDict(query)).query.order_by
        assert order[-1] == "pk"
        assert query or order[:-1] == tuple(register.order or register.model._meta.ordering)


# ---- junk in the address ----

WORDS = [
    "1",
    "0",
    "-1",
    "9" * 25,
    "9" * 5000,
    "1e9",
    "nan",
    "null",
    "None",
    "true",
    "%00",
    "\x00",
    "'",
    '"',
    "<b>",
    "—",
    "坡",
]
VALUES = st.sampled_from(WORDS) | st.text(max_size=30) | st.integers(-(10**30), 10**30).map(str)
KEYS = [
    "q",
    "page",
    "per_page",
    "sort",
    "village",
    "village__township",
    "kind",
    "in_plan",
    "state",
    "year",
    "run",
    "only",
]
KEYS += [
    "show",
    "lost",
    "order",
    "township",
    "as",
    "next",
    "code",
    "field",
    "standard",
    "group",
    "tab",
    "number",
    "day",
    "on",
]
NAMES = st.sampled_from(KEYS) | st.text(string.ascii_letters + "_-[]", min_size=1, max_size=12)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5).map(urlencode)
#: Pages without an object in their address that may be read.
READ = [f"/{route.pattern}" for route in ALL if route.has_roles and not route.takes and "health" not in route.pattern]
OBJECT_PAGES = sorted(name for name in PAGES if name.startswith(("scoring:run", "dashboards:village")))
QUIET = examples(25)


@pytest.fixture
def readers(cast, as_, unwatched):
    for register in REGISTERS:
        if is_made(register.model):
            of(register.model).at(cast.home)
    return {name: as_(name) for name in ("district", "secretary", "sysadmin", "secadmin", "auditor")}


def never_fails(readers, url: str) -> None:
    for name, client in readers.items():
        with transaction.atomic():
            response = client.get(url)
        assert response.status_code < 500, f"{name} {url}: {response.exc_info}"


@pytest.mark.django_db
@QUIET
@given(st.sampled_from(LISTS), QUERIES)
@example("/villages/hamlets/", "q=%00&village=%00&page=%00&sort=%00")
@example("/villages/hamlets/", f"village={'9' * 30}&page={'9' * 30}&per_page={'9' * 30}")
@example("/villages/hamlets/", f"page={'9' * 5000}&per_page={'9' * 5000}")
@example("/villages/adoptions/", "sort=-vote,village&sort=nothing&body=&regulation__field=x")
def test_no_query_string_breaks_a_list(readers, url, query):
    never_fails(readers, f"{url}?{query}")


@pytest.mark.django_db
@QUIET
@given(st.sampled_from([f"{url}new/" for url in LISTS]), QUERIES)
@example("/villages/adoptions/new/", "village=x&regulation=%00&adopted_on=gestern")
def test_no_query_string_breaks_an_empty_form(readers, url, query):
    never_fails(readers, f"{url}?{query}")


@pytest.mark.django_db
@QUIET
@given(st.sampled_from(READ), QUERIES)
def test_no_query_string_breaks_a_page(readers, url, query):
    never_fails(readers, f"{url}?{query}")


@pytest.mark.django_db
@QUIET
@given(st.sampled_from(OBJECT_PAGES), QUERIES)
@example("dashboards:village", f"run={'9' * 5000}")
@example("dashboards:village", f"year={'9' * 5000}")
@example("dashboards:village", f"year={'9' * 5000}&tab=%00")
def test_no_query_string_breaks_the_page_of_an_object(readers, cast, name, query):
    from django.urls import reverse

    case = PAGES[name]
    with transaction.atomic():
        url = reverse(name, args=case.arg(case.row(cast.home)))
        never_fails(readers, f"{url}?{query}")
        transaction.set_rollback(True)


@pytest.mark.django_db
@QUIET
@given(
    st.dictionaries(st.sampled_from(["village", "name", "households", "opened_on", "closed_on", "_version"]), VALUES)
)
@example({"name": "\x00", "village": "\x00"})
@example({"name": "坡" * 500, "households": "9" * 30, "opened_on": "0000-00-00", "_version": "9" * 30})
def test_no_post_breaks_a_form(readers, cast, values):
    for url in ("/villages/hamlets/new/", f"/villages/villages/{cast.home.pk}/edit/"):
        with transaction.atomic():
            response = readers["district"].post(
                url, values | ({"village": cast.home.pk} if "village" not in values else {})
            )
            assert response.status_code < 500, f"{url} {values}: {response.exc_info}"
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("url", LISTS[:4])
def test_no_number_in_the_address_breaks_a_page(readers, url):
    for tail in ("99999999999999999999999999/", "0/", "99999999999999999999999999/edit/", "-1/", "x/", "1/x/"):
        for name, client in readers.items():
            assert client.get(url + tail).status_code in (403, 404), (name, url + tail)


@pytest.mark.django_db
@pytest.mark.parametrize("register", REGISTERS[:6], ids=lambda r: r.__name__)
def test_no_query_string_breaks_the_admin(readers, register):
    url = f"/admin/{register.model._meta.app_label}/{register.model._meta.model_name}/"
    for tail in ("?o=99", "?o=x.-1", "?q=%00", "?p=999999999999", "?all=", "?e=1", "?_to_field=password", "?x=y"):
        for name, client in readers.items():
            assert client.get(url + tail).status_code < 500, (name, url + tail)
