"""The secretary's week: what is due, the longest overdue first, and only what is his."""

from datetime import date, timedelta

import pytest

from cadres.choices_development import DutyState
from core.workflow.todo import waiting_for
from dashboards.week import FIRST, visits_of, week_of
from services.choices_help import HelpKind
from services.choices_matters import MatterState
from tests.cadres.conftest import person
from tests.dashboards.test_homes import text
from tests.factories import (
    CaseFactory,
    DutyDayFactory,
    HelpedPersonFactory,
    HelperFactory,
    HelpVisitFactory,
    MatterFactory,
)
from villages.models import Village

DAY = date(2013, 11, 24)


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def week(cast, name: str = "secretary"):
    return week_of(cast[name], waiting_for(cast[name], DAY), DAY)


def test_the_longest_overdue_first_then_the_week_then_the_rest(cast):
    for title, due_on in (
        ("周六前", days(6)),
        ("下周", days(7)),
        ("超期", days(-3)),
        ("今天", DAY),
        ("早超期", days(-9)),
    ):
        CaseFactory(village=cast.home, title=title, due_on=due_on)
    MatterFactory(village=cast.home, title="退回的", state=MatterState.RETURNED)
    found = week(cast)
    assert [errand.what for errand in found.now] == ["早超期", "超期", "今天", "周六前"]
    assert {errand.what for errand in found.later} == {"下周", "退回的"}
    assert found.late == 2
    assert [errand.due.kind for errand in found.now] == ["bad", "bad", "near", "plain"]


def test_no_village_but_his_own(cast):
    CaseFactory(village=cast.next_door, title="邻村", due_on=DAY)
    DutyDayFactory(village=cast.next_door, person=person(cast.next_door), day=DAY, state=DutyState.DUE)
    HelpedPersonFactory(village=cast.next_door, starts_on=date(2013, 1, 10))
    found = week(cast)
    assert not found.now and not found.later
    assert not visits_of(cast["secretary"], Village.objects.all(), DAY).asked


def test_todays_duty_until_somebody_checks_in(cast):
    duty = DutyDayFactory(village=cast.home, person=person(cast.home), day=DAY, state=DutyState.DUE)
    DutyDayFactory(village=cast.home, person=person(cast.home), day=days(1), state=DutyState.DUE)
    (errand,) = week(cast).now
    assert errand.what == "今天值班签到" and errand.url == "/cadres/duty/today/"
    type(duty).objects.filter(pk=duty.pk).update(state=DutyState.KEPT)
    assert not week(cast).now


def test_more_records_than_are_listed_lead_to_the_register(cast):
    for _n in range(11):
        CaseFactory(village=cast.home, due_on=DAY)
    found = week(cast)
    assert len(found.now) == 8 and len(found.first) == FIRST and len(found.rest) == 2
    (more,) = found.later
    assert more.what == "另有3件" and more.url == "/services/cases/?state=heard"


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, True),
        ({"ends_on": date(2013, 12, 1)}, False),
        ({"ends_on": date(2014, 1, 1)}, True),
        ({"starts_on": date(2013, 12, 1)}, False),
    ],
)
def test_whom_the_quarter_asks_to_visit(cast, facts, asked):
    HelpedPersonFactory(village=cast.home, kind=HelpKind.ELDER, **{"starts_on": date(2013, 1, 10)} | facts)
    assert bool(visits_of(cast["secretary"], Village.objects.all(), DAY).waiting) is asked


def test_a_visit_takes_the_person_off_the_list(cast, as_):
    helped = HelpedPersonFactory(village=cast.home, kind=HelpKind.ELDER, name="韦阿婆", starts_on=date(2013, 1, 10))
    helper = HelperFactory(helped=helped)
    HelpVisitFactory(helped=helped, helper=helper, on=date(2013, 9, 30))  # the quarter before
    assert f"/services/help/visit/?helped={helped.pk}" in as_("secretary").get("/").content.decode()
    assert "0/1" in text(as_("secretary").get("/"))
    HelpVisitFactory(helped=helped, helper=helper, on=date(2013, 10, 1))
    page = text(as_("secretary").get("/"))
    assert "1/1" in page and "都走访过了" in page
