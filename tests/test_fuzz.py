"""Whatever is sent to whichever address, the answer is a page: never a 500.

Hypothesis makes query strings, forms and address parts out of good values, values that once broke something somewhere
(NUL, numbers that no database holds, days that don't exist) and random text. It is derandomized: a run is like the one
before, so that a failure can be looked at.
"""

import inspect
import re
from html import unescape
from itertools import count
from urllib.parse import quote_from_bytes

import pytest
from django.db import models
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.evidence import owners
from core.registers.filters import filterset_for
from core.registers.urls import PAGES as PAGES_OF_A_REGISTER
from tests import cast as stage
from tests import factories
from tests.routes import OWN_PAGES, PAGES, REGISTERS, address, payload, role_of
from villages.models import Hamlet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]

FORM = "application/x-www-form-urlencoded"
#: What has broken something somewhere. Surrogates are sent as bytes that are no UTF-8.
NASTY = (
    "\0",
    "a\0b",
    "9" * 20,
    "9" * 5000,
    "-1",
    "-" + "9" * 30,
    "0",
    "1e400",
    "NaN",
    "Infinity",
    "1/0",
    "1.5",
    "１２",
    "٣",
    "²",
    "2013-02-30",
    "0000-00-00",
    "99999-01-01",
    "0001-01-01",
    "9999-12-31",
    "\ud800",
    "\u202e",
    "x" * 10_000,
    "',\"--;%_\\",
    "<script>",
    "{{ x }} %s %(n)d",
    "null",
    "true",
    " ",
    "",
)
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))


def examples(number: int):
    """So many examples, alike in every run, nothing shrunk: the request that failed is short enough to read."""
    return settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def encoded(pairs) -> str:
    """As a browser that doesn't care would send it; lone surrogates become bytes that are no UTF-8."""

    def part(text) -> str:
        return quote_from_bytes(str(text).encode("utf-8", "surrogatepass"), safe="")

    return "&".join(f"{part(name)}={part(value)}" for name, value in pairs)


class Sender:
    """Sends, takes back what was written, and fails where the answer is a 500."""

    def __init__(self, as_, undone):
        self.as_, self.undone, self.clients, self.sent = as_, undone, {}, count()

    def __call__(self, who, method: str, url: str, pairs=()):
        if who not in self.clients:
            self.clients[who] = self.as_(who)
        client, body = self.clients[who], encoded(pairs)
        with self.undone():
            if method == "get":
                response = client.get(url, QUERY_STRING=body)
            else:
                response = client.post(url, body, content_type=FORM)
            error = getattr(response, "exc_info", None)
        assert response.status_code != 500, f"{who} {method.upper()} {url} {body[:600]}: {error and error[1]!r}"
        next(self.sent)
        return response


@pytest.fixture
def send(cast, as_, undone):
    return Sender(as_, undone)


def somebody(roles) -> str | None:
    """One of the cast who holds one of the roles."""
    return next((who for who in stage.ONE_A_ROLE if role_of(who) in roles), None)


def spoilt(values: dict):
    """The values with up to three of them replaced, and perhaps one that nobody asked for."""
    names = st.sampled_from(sorted(values)) if values else st.just("x")
    return st.tuples(
        st.dictionaries(names, WORDS, min_size=1, max_size=3), st.dictionaries(WORDS, WORDS, max_size=1)
    ).map(lambda made: list((values | made[0] | made[1]).items()))


# ---- registers ----


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_a_registers_list_bears_any_query(cast, send, register):
    factories.of(register.model).at(cast.home)
    filters = list(filterset_for(register).base_filters)
    names = st.sampled_from([*filters, "q", "sort", "page", "per_page", "_", "village"])
    order = st.sampled_from([*register.columns, *(f"-{name}" for name in register.columns)])
    who = somebody(register.may["view"])

    @examples(5)
    @given(st.lists(st.tuples(names, WORDS | order), min_size=1, max_size=5))
    def run(pairs):
        send(who, "get", address(register, "list"), pairs)
        send(who, "post", address(register, "bulk"), [("all", "1"), ("do", "export"), ("query", encoded(pairs))])

    run()


@pytest.mark.parametrize("register", [r for r in REGISTERS if r.may["add"] | r.may["change"]], ids=lambda r: r.__name__)
def test_a_registers_forms_bear_any_values(cast, send, register):
    row = factories.of(register.model).changeable(cast.home)
    for page, verb in (("new", "add"), ("edit", "change")):
        if (who := somebody(register.may[verb])) is None:
            continue
        url = address(register, page, row if page == "edit" else None)
        values = payload(register, row, cast[who]) | ({"_once": "a" * 32} if page == "new" else {})

        post_spoilt(send, who, url, values)
        send(who, "get", url, values.items())


def post_spoilt(send, who, url: str, values: dict) -> None:
    @examples(5)
    @given(spoilt(values))
    def run(pairs):
        send(who, "post", url, pairs)

    run()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_a_registers_other_posts_bear_any_values(cast, send, register):
    row = factories.of(register.model).changeable(cast.home)
    moves = list(register.workflow.verbs()) if register.workflow else []
    steps = [
        "export",
        *(f"set:{name}" for name in register.bulk),
        *(f"move:{name}" for name in moves),
        "set:",
        "move:x",
    ]
    values = {
        "pk": row.pk,
        "do": "export",
        "apply": "1",
        "all": "",
        "query": "",
        "number": "1",
        "reason": "测试",
        "name": moves[0] if moves else "x",
    } | dict.fromkeys(register.bulk, "1")
    pages = [page for page in ("bulk", "history", "delete", "move") if page != "move" or moves]
    who = somebody(register.may["change"]) or somebody(register.may["view"])

    @examples(5)
    @given(st.sampled_from(pages), st.sampled_from(steps), spoilt(values), st.booleans())
    def run(page, step, pairs, keep):
        pairs = [*pairs, ("do", step), ("pk", row.pk)] if keep else pairs
        send(who, "post", address(register, page, None if page == "bulk" else row), pairs)

    run()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_the_admins_pages_bear_any_values(cast, send, register):
    row = factories.of(register.model).changeable(cast.home)
    meta, keeper = register.model._meta, somebody(register.may["change"])
    who = keeper or somebody(register.may["view"])
    values = payload(register, row, cast[who]) if keeper else {}
    fields = [f.name for f in meta.concrete_fields]
    lookups = ["q", "o", "p", "all", "e", "_facets", "_changelist_filters", "_popup", "_to_field", *fields]

    def url(page, *args):
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)

    @examples(3)
    @given(
        st.lists(st.tuples(st.sampled_from(lookups), WORDS), min_size=1, max_size=3),
        spoilt(values),
        st.sampled_from(["0", "-1", "9" * 40, "x", "_0A", "\0"]),
    )
    def run(pairs, posted, name):
        send(who, "get", url("changelist"), pairs)
        send(who, "get", url("change", name), pairs)
        send(who, "post", url("change", row.pk), posted)
        send(who, "post", url("add"), posted)

    run()


# ---- pages of our own ----

INPUT = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"([^>]*)')


def asked_of(view, html: str) -> dict[str, str]:
    """The names that the page's form posts, with the values that stand there, and those that the view's file reads."""
    source = inspect.getsource(inspect.getmodule(inspect.unwrap(view)))
    read = re.findall(r'(?:GET|POST)(?:\.get(?:list)?\(|\[)"(\w+)"', source)
    shown = {name: re.search(r'value="([^"]*)"', rest) for name, rest in INPUT.findall(html)}
    return dict.fromkeys(read, "1") | {name: unescape(value[1]) if value else "" for name, value in shown.items()}


@pytest.mark.parametrize("route", OWN_PAGES, ids=lambda r: r.name)
def test_a_page_of_our_own_bears_any_values(cast, send, route, monkeypatch):
    monkeypatch.setitem(owners._accepted, "villages.hamlet", Hamlet)
    case, allowed = PAGES.get(route.name), route.view.allowed_roles
    row = case.row(cast.home) if case else None
    url = reverse(route.name, args=case.arg(row) if case else ())
    who = somebody(allowed) if allowed is not None else None
    values = asked_of(route.view, send(who, "get", url).content.decode(errors="replace")) | (
        case.post(row) if case else {}
    )

    @examples(4)
    @given(spoilt(values))
    def run(pairs):
        send(who, "get", url, pairs)
        send(who, "post", url, pairs)

    run()


# ---- addresses ----

PARTS = {
    "int": st.sampled_from(["0", "9" * 18, "9" * 19, "9" * 40, "9" * 5000]),
    "slug": st.sampled_from(["x", "-", "a" * 500, "9" * 40]),
    "str": st.sampled_from(
        ["x", "villages.Hamlet", "villages.hamlet", "a.b.c", ".", "x" * 500, "%00", "%ED%A0%80", "'"]
    ),
}
TAKES = re.compile(r"<(?:(\w+):)?\w+>")


def with_parts() -> list[str]:
    """The patterns of all pages whose address takes something; those of the registers once, as they are the same views."""
    found = {f"/{route.pattern}" for route in OWN_PAGES if route.takes}
    stem = address(REGISTERS[0], "list")
    return sorted(found | {stem + tail for name, tail, _view in PAGES_OF_A_REGISTER if "<" in tail and name != "move"})


@pytest.mark.parametrize("who", ["district", "sysadmin"])
def test_any_part_of_an_address_is_borne(send, who):
    patterns = with_parts()

    @examples(4)
    @given(st.fixed_dictionaries(PARTS))
    def run(parts):
        for pattern in patterns:
            url = TAKES.sub(lambda match: parts[match[1] or "str"], pattern)
            send(who, "get", url)
            send(who, "post", url)

    run()


def test_an_address_that_leads_nowhere_is_404(send):
    @examples(40)
    @given(
        st.text(max_size=30).map(lambda text: "/" + quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="/"))
    )
    def run(url):
        assert send("clerk", "get", url).status_code in (200, 301, 302, 400, 404)

    run()


def test_every_filter_and_field_was_reached():
    """The strategies above draw from these; were one empty, its tests would prove nothing."""
    assert REGISTERS and OWN_PAGES and with_parts()
    assert all(isinstance(register.model, type(models.Model)) for register in REGISTERS)


@pytest.mark.parametrize(
    ("method", "url", "pairs"),
    [
        ("get", "/villages/%00/", ()),
        ("get", "/villages/hamlets/", [("q", "a\0")]),
        ("post", "/villages/hamlets/new/", [("name", "a\0")]),
        ("post", "/villages/hamlets/new/", [("na\0me", "a")]),
        ("post", "/villages/hamlets/new/", [("_once", "\0")]),
    ],
)
def test_a_nul_is_refused_before_any_page_and_any_database(send, method, url, pairs):
    assert send("clerk", method, url, pairs).status_code == 400
