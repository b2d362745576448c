"""What waits for a person, on his home: a line a kind, the longest overdue first, whatever how many there are."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from core.workflow.todo import Urgency, by_urgency, waiting_for
from services.choices_cases import CaseState
from services.choices_matters import MatterState
from tests.factories import CaseFactory, MatterFactory, ServiceRequestFactory

pytestmark = pytest.mark.django_db

DAY = date(2013, 11, 24)
TOWNSHIP = {"state": CaseState.TOWNSHIP, "tier": CaseState.TOWNSHIP}


@pytest.fixture(autouse=True)
def today(settings):
    settings.PORTAL_TODAY = f"{DAY}"


def days(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture
def rows(cast):
    MatterFactory(village=cast.home, title="早超期", state=MatterState.SUBMITTED, due_on=days(-9))
    MatterFactory(village=cast.home, title="也超期", state=MatterState.SUBMITTED, due_on=days(-1))
    CaseFactory(village=cast.home, title="超三天", due_on=days(-3), **TOWNSHIP)
    MatterFactory(village=cast.next_door, title="本周", state=MatterState.UNDER_WAY, due_on=days(6))
    MatterFactory(village=cast.home, title="以后", state=MatterState.FINISHED, due_on=days(7))
    MatterFactory(village=cast.home, title="没有期限", state=MatterState.RETURNED, due_on=None)
    MatterFactory(village=cast.across, title="别镇的", state=MatterState.SUBMITTED, due_on=days(-30))


def test_the_longest_overdue_kind_first_and_each_once(cast, rows):
    found = by_urgency(waiting_for(cast["clerk"], DAY), DAY)
    assert [(urgency, [str(part.first.row) for part in parts]) for urgency, parts in found] == [
        (Urgency.LATE, ["早超期", "超三天"]),
        (Urgency.LATER, ["以后"]),
        (Urgency.BELOW, ["本周", "没有期限"]),
    ]
    submitted = found[0][1][0]
    assert (submitted.total, submitted.late) == (2, 2)


def test_what_lies_with_the_village_is_its_secretary_s_own(cast, rows):
    MatterFactory(village=cast.home, title="梁村的", state=MatterState.UNDER_WAY, due_on=days(-2))
    found = dict(by_urgency(waiting_for(cast["secretary"], DAY), DAY))
    assert Urgency.BELOW not in found
    assert {str(part.first.row) for urgency in found for part in found[urgency]} >= {"梁村的", "没有期限"}
    below = dict(by_urgency(waiting_for(cast["clerk"], DAY), DAY))[Urgency.BELOW]
    assert str(below[0].first.row) == "梁村的", "overdue for the village, and not of the clerk's own"


def test_a_request_lies_with_its_station(cast, rows):
    """All three tiers may finish one, so it is the own work of whoever may."""
    ServiceRequestFactory(village=cast.home, state="accepted", due_on=days(-1))
    for who in ("secretary", "clerk", "district"):
        late = dict(by_urgency(waiting_for(cast[who], DAY), DAY))[Urgency.LATE]
        assert "services.ServiceRequest" in {part.register.model._meta.label for part in late}, who


def test_one_leads_to_its_record_many_to_their_list(cast, rows):
    late = by_urgency(waiting_for(cast["clerk"], DAY), DAY)[0][1]
    assert late[0].does.endswith("/services/matters/?state=submitted")
    assert late[1].does == late[1].first.url


def test_the_home_counts_all_and_names_the_most_urgent(as_, rows):
    page = strip_tags(as_("clerk").get("/").content.decode())
    assert "待我办理" in page and "早超期" in page and "也超期" not in page and "别镇的" not in page
    assert "6件；其中2件可代下级办理" in page and "逾期3件" in page and "全部2" in page.replace(" ", "")


@pytest.mark.parametrize("who", ["clerk", "district"])
def test_its_queries_do_not_grow_with_what_waits(cast, rows, who):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            by_urgency(waiting_for(cast[who], DAY), DAY)
        return len(queries)

    before = asked()
    for number in range(12):
        MatterFactory(village=cast.home, state=MatterState.SUBMITTED, due_on=days(-number))
        CaseFactory(village=cast.home, due_on=days(-number), **TOWNSHIP)
    assert asked() == before


def test_who_has_nothing_to_do_has_no_such_panel(as_, rows):
    assert "待我办理" not in as_("leader").get("/").content.decode()
