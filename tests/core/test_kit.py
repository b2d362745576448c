"""The small parts of the kit: rights, indicators, periods, the clock, pages."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from core import clock, indicators, rights
from core.context import RequestContext, current, entered
from core.indicators import Kind, Measure, indicator
from core.pages import MOST_ROWS, number_in, page, public
from core.periods import Period
from core.rights import Rights
from core.roles import ADMINS, EDITORS, READERS, Role
from villages.models import Hamlet

# ---- roles and rights ----


def test_readers_and_administrators_are_everybody_and_nobody_is_both():
    assert set(Role) == READERS | ADMINS and not READERS & ADMINS
    assert EDITORS < READERS


def test_verbs_that_are_left_out_are_nobodys_and_unknown_ones_raise():
    may = Rights(view=READERS, publish={Role.DISTRICT})
    assert may["add"] == may["change"] == may["delete"] == frozenset()
    assert may["publish"] == {Role.DISTRICT}
    for model, verb in ((Hamlet, "publish"), (Hamlet, "View"), (str, "view")):
        with pytest.raises(KeyError):
            rights.roles(model, verb)


def test_rights_are_declared_once():
    same = dict(rights._declared[Hamlet])
    rights.declare(Hamlet, Rights(**same))
    with pytest.raises(ValueError, match="twice"):
        rights.declare(Hamlet, Rights(**same | {"delete": set(Role)}))
    assert rights.roles(Hamlet, "delete") == same["delete"]


# ---- indicators ----


def test_an_indicator_is_declared_once_and_known_by_its_key(monkeypatch):
    monkeypatch.setattr(indicators, "_registry", {})

    @indicator("something", name="Something", kind=Kind.COUNT)
    def something(villages, period):
        return {1: Measure(3)}

    assert indicators.get("something") is something and indicators.all_indicators() == [something]
    assert something(None, None) == {1: (3, 1)} and something.find_shortfalls(None, None) == {}
    with pytest.raises(ValueError, match="twice"):
        indicator("something", name="Again", kind=Kind.SHARE)(lambda villages, period: {})
    assert indicators.get("nothing") is None  # nobody measures it yet


def test_every_indicator_says_what_it_is_in_chinese():
    for found in indicators.all_indicators():
        assert str(found.name) and not str(found.name).isascii(), found.key
        assert found.kind in Kind


# ---- time ----


@pytest.mark.parametrize(
    ("cutoff", "as_of"),
    [
        (date(2013, 11, 24), date(2013, 11, 24)),
        (date(2013, 12, 31), date(2013, 12, 31)),
        (date(2014, 3, 1), date(2013, 12, 31)),
    ],
)
def test_a_year_is_looked_at_on_a_day_but_never_after_its_end(cutoff, as_of):
    period = Period(2013, cutoff)
    assert (period.start, period.end, period.as_of) == (date(2013, 1, 1), date(2013, 12, 31), as_of)


def test_the_demonstration_has_a_day_of_its_own(settings):
    settings.PORTAL_TODAY = "2013-11-24"
    assert clock.today() == date(2013, 11, 24)
    settings.PORTAL_TODAY = ""
    assert clock.today() >= date(2024, 1, 1)


# ---- requests ----


def test_what_is_done_in_one_request_has_one_number():
    with entered(RequestContext(address="10.0.0.1")) as outer:
        assert current() == outer
        with entered(RequestContext()) as inner:
            assert current().request_id == inner.request_id != outer.request_id
        assert current() == outer
    assert current().request_id != current().request_id  # outside of one, each call stands by itself


class Somebody:
    is_authenticated = is_active = True

    def __init__(self, *roles):
        self.roles = frozenset(roles)


def test_a_page_says_who_may_open_it_and_holds_it():
    @page({Role.DISTRICT})
    def view(request):
        return HttpResponse("open")

    request = RequestFactory().get("/somewhere/")
    assert view.allowed_roles == {Role.DISTRICT}
    request.user = Somebody(Role.DISTRICT, Role.LEADER)
    assert view(request).content == b"open"
    for user in (Somebody(Role.LEADER), Somebody()):
        request.user = user
        with pytest.raises(PermissionDenied):
            view(request)
    request.user = AnonymousUser()
    assert view(request).status_code == 302
    assert public(lambda request: None).allowed_roles is None


@pytest.mark.parametrize(
    ("text", "most", "number"),
    [
        ("18", MOST_ROWS, 18),
        ("0", MOST_ROWS, 0),
        ("2013", 2012, None),
        ("2013", 2013, 2013),
        ("", MOST_ROWS, None),
        ("-1", MOST_ROWS, None),
        (" 1", MOST_ROWS, None),
        ("１８", MOST_ROWS, None),
        ("²", MOST_ROWS, None),
        ("9" * 5000, MOST_ROWS, None),
    ],
)
def test_a_number_of_an_address_is_plain_digits_up_to_a_bound(text, most, number):
    assert number_in(text, most) == number
