"""A page asks a question once; outside a page nothing is kept."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.indicators import all_indicators
from core.middleware import RequestContextMiddleware
from core.periods import Period
from core.shared import shared, sharing
from tests.factories import VillageFactory
from villages.models import Village

PERIOD = Period(2013, date(2013, 11, 24))
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """A shared function, and what it was called with."""
    calls = []

    @shared
    def names(villages, day=None):
        calls.append(day)
        return sorted(villages.values_list("name", flat=True))

    return names, calls


def test_the_same_rows_are_asked_for_once(asked):
    names, calls = asked
    VillageFactory(name="梁村")
    with sharing():
        first = names(Village.objects.order_by("code").select_related("township"))
        assert names(Village.objects.order_by("-name")) is first == ["梁村"]
    assert len(calls) == 1


def test_other_rows_and_other_values_are_other_questions(asked):
    names, calls = asked
    village = VillageFactory()
    with sharing():
        names(Village.objects.all())
        assert names(Village.objects.exclude(pk=village.pk)) == []
        assert names(Village.objects.none()) == []
        names(Village.objects.all(), day=1)
    assert len(calls) == 4


def test_nothing_is_kept_outside(asked):
    names, calls = asked
    VillageFactory(name="梁村")
    with sharing():
        names(Village.objects.all())
        with sharing():
            names(Village.objects.all())
        names(Village.objects.all())
    VillageFactory(name="广良村")
    assert names(Village.objects.all()) == ["广良村", "梁村"]
    with sharing():
        names(Village.objects.all())
    assert len(calls) == 3


def test_a_figure_and_its_records_share_what_they_read():
    """Every indicator: measured and explained again, it asks nothing of what it asked before."""
    VillageFactory()
    villages = Village.objects.all()
    for indicator in all_indicators():
        with sharing():
            indicator(villages, PERIOD)
            indicator.find_shortfalls(villages, PERIOD)
            with CaptureQueriesContext(connection) as again:
                indicator(villages.order_by("-code"), PERIOD)
                indicator.find_shortfalls(villages.order_by("-code"), PERIOD)
        assert len(again) == 0, indicator.key


def test_a_page_that_writes_asks_anew(asked):
    """The middleware opens the sharing for what reads alone."""
    names, calls = asked

    def view(request):
        names(Village.objects.all())
        names(Village.objects.all())

    middleware = RequestContextMiddleware(view)
    for method, expected in (("GET", 1), ("HEAD", 1), ("POST", 2), ("PUT", 2)):
        calls.clear()
        middleware._answer(type("Request", (), {"method": method})())
        assert len(calls) == expected, method
