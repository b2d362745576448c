"""Integrity messages: on the days of their plans, to whom they are for, once."""

import logging
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cadres import tasks
from cadres.actions.messages import MESSAGE_FLOW, days_of, deliver, festival_days, fill_outbox, recipients
from cadres.choices import Position
from cadres.choices_supervision import MessageState as State
from cadres.choices_supervision import PlanKind
from cadres.models import Message, MessagePlan
from cadres.registers.messages import MessageRegister
from cadres.senders import FileSender, NotSent, sender
from core.models import AuditRow
from core.sensitive import Sensitive
from core.workflow import move
from tests.cadres.conftest import person, post
from tests.factories import MessagePlanFactory, ReserveFactory

pytestmark = pytest.mark.django_db

DAY, PHONE = date(2013, 11, 20), "15400001234"


class Carrier:
    """Keeps what it was given; raises what it is told, for as many times."""

    def __init__(self, *errors: Exception):
        self.sent, self.errors = [], list(errors)

    def send(self, to: Sensitive, text: str, reference: str) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((to.plain, text, reference))


@pytest.fixture
def cadre(place):
    who = person(place.home, "在任", phone=PHONE)
    post(who, Position.BRANCH_MEMBER)
    return who


@pytest.fixture
def plan(place) -> MessagePlan:
    return MessagePlanFactory(day=20)


# ---- when ----


@pytest.mark.parametrize(
    ("day", "days"),
    [(20, ["2013-02-20", "2013-03-20"]), (31, ["2013-02-28", "2013-03-31"]), (1, ["2013-03-01"]), (5, ["2013-03-05"])],
)
def test_a_monthly_day_that_a_month_lacks_is_its_last(plan, day, days):
    plan.day = day
    assert [str(on) for on in days_of(plan, date(2013, 2, 6), date(2013, 3, 31), {})] == days


def test_a_plan_is_in_force_from_one_day_to_another(plan):
    plan.starts_on, plan.ends_on = date(2013, 2, 21), date(2013, 4, 20)
    found = days_of(plan, date(2013, 1, 1), date(2013, 12, 31), {})
    assert [on.month for on in found] == [3, 4]


def test_a_festival_is_that_of_the_holiday_table(place):
    spring = MessagePlanFactory(kind=PlanKind.FESTIVAL, day=None, festival="春节", days_before=3)
    new_year = MessagePlanFactory(kind=PlanKind.FESTIVAL, day=None, festival="元旦", days_before=2)
    festivals = festival_days()
    assert days_of(spring, date(2013, 1, 1), date(2014, 12, 31), festivals) == [date(2013, 2, 6), date(2014, 1, 28)]
    assert days_of(new_year, date(2013, 12, 25), date(2013, 12, 31), festivals) == [date(2013, 12, 30)]


# ---- to whom ----


def test_cadres_in_post_and_reserves_of_the_territory(place, cadre, plan):
    left, reserve, across = (
        person(place.home),
        ReserveFactory.at(place.home),
        person(place.across, phone=PHONE[:-1] + "5"),
    )
    post(left, Position.COMMITTEE_MEMBER, ends_on=DAY)
    post(across, Position.COMMITTEE_MEMBER)
    assert dict(recipients(plan, DAY)) == {cadre.pk: True, reserve.person_id: False, across.pk: True}
    plan.territory_code, plan.to_reserves = "450109100", False
    assert dict(recipients(plan, DAY)) == {cadre.pk: True}
    assert left.pk in dict(recipients(plan, DAY - timedelta(days=1)))


# ---- once ----


def test_the_outbox_is_filled_once_and_caught_up_for_a_few_days(cadre, plan):
    assert fill_outbox(DAY - timedelta(days=1)) == 0
    assert fill_outbox(DAY + timedelta(days=2)) == 1
    assert fill_outbox(DAY) == fill_outbox(DAY + timedelta(days=3)) == 0
    assert Message.objects.get().on == DAY
    Message.objects.all().delete()
    assert fill_outbox(DAY + timedelta(days=4)) == 0  # too long ago
    assert AuditRow.objects.get(verb="fill_outbox").after == {"on": "2013-11-20", "messages": 1}


def test_a_message_is_handed_over_once(cadre, plan):
    fill_outbox(DAY)
    carrier = Carrier()
    assert deliver(carrier, DAY) == {State.SENT: 1}
    assert deliver(carrier, DAY) == {}
    assert carrier.sent == [(PHONE, plan.text, f"{plan.pk}-20131120-{cadre.pk}")]
    fill_outbox(DAY)
    assert deliver(carrier, DAY) == {} and len(carrier.sent) == 1


def test_what_did_not_leave_is_tried_again_so_often(cadre, plan, settings):
    settings.MESSAGE_ATTEMPTS = 3
    fill_outbox(DAY)
    carrier = Carrier(*[NotSent()] * 3)
    assert [deliver(carrier, DAY) for _time in range(4)] == [
        {State.FAILED: 1},
        {State.FAILED: 1},
        {State.GIVEN_UP: 1},
        {},
    ]
    message = Message.objects.get()
    assert (message.attempts, message.error) == (3, "NotSent")
    assert MessageRegister.show_error(message) == "短信通道未接收"


def test_what_may_have_left_is_never_handed_over_again_by_itself(cadre, plan, caplog):
    fill_outbox(DAY)
    with caplog.at_level(logging.DEBUG):
        assert deliver(Carrier(TimeoutError(f"no answer for {PHONE}")), DAY) == {State.UNCERTAIN: 1}
    assert deliver(Carrier(), DAY) == {}
    message = Message.objects.get()
    assert message.error == "TimeoutError" and PHONE not in caplog.text
    assert MessageRegister.show_error(message) == "短信通道超时未答复"


def test_an_error_without_words_is_named_as_it_is():
    assert MessageRegister.show_error(Message(error="Oddity")) == "发送程序报告：Oddity"
    assert MessageRegister.show_error(Message()) == "—"


def test_who_died_while_handing_over_leaves_an_uncertain_one(cadre, plan):
    fill_outbox(DAY)
    Message.objects.update(state=State.SENDING, state_since=DAY)
    assert deliver(Carrier(), DAY) == {}  # somebody may be at it
    assert deliver(Carrier(), DAY + timedelta(days=1)) == {}
    assert Message.objects.get().state == State.UNCERTAIN


def test_a_person_decides_about_those_with_a_reason(place, cadre, plan):
    fill_outbox(DAY)
    deliver(Carrier(TimeoutError()), DAY)
    message = Message.objects.get()
    move(place["inspector"], MESSAGE_FLOW, [message], "requeue", DAY, reason="本人说没有收到")
    carrier = Carrier()
    deliver(carrier, DAY)
    assert len(carrier.sent) == 1 and Message.objects.get().state == State.SENT


def test_without_a_telephone_nothing_is_tried(place, plan):
    who = person(place.home, "无电话")
    post(who, Position.BRANCH_MEMBER)
    fill_outbox(DAY)
    assert deliver(Carrier(), DAY) == {}
    message = Message.objects.get()
    assert message.state == State.NO_PHONE
    with pytest.raises(Exception, match="."):
        move(place["inspector"], MESSAGE_FLOW, [message], "requeue", DAY, reason="补发")
    who.phone = PHONE
    who.save()
    move(place["inspector"], MESSAGE_FLOW, [message], "requeue", DAY, reason="已登记电话")
    assert deliver(Carrier(), DAY) == {State.SENT: 1}


# ---- senders, the task, the audit ----


def test_the_file_sender_keeps_the_number_closed(cadre, plan, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert isinstance(sender(), FileSender)
    fill_outbox(DAY)
    assert deliver(sender(), DAY) == {State.SENT: 1}
    text = (tmp_path / "messages.txt").read_text()
    assert plan.text in text and "154****1234" in text and PHONE not in text


def test_the_task_fills_and_delivers_and_comes_back_for_the_rest(cadre, plan, settings, monkeypatch):
    settings.PORTAL_TODAY, settings.MESSAGE_ATTEMPTS = "2013-11-20", 3
    carrier, later = Carrier(NotSent(), NotSent()), []
    monkeypatch.setattr(tasks, "sender", lambda: carrier)
    monkeypatch.setattr(tasks.send_messages, "apply_async", lambda **options: later.append(options))
    for _time in range(4):
        tasks.send_messages()
    assert len(carrier.sent) == 1 and Message.objects.get().attempts == 3
    assert later == [{"countdown": tasks.PAUSE}] * 2
    assert AuditRow.objects.filter(verb="hand_over").count() == 3


def test_no_number_in_the_audit(place, cadre, plan):
    fill_outbox(DAY)
    deliver(Carrier(), DAY)
    for row in AuditRow.objects.all():
        assert PHONE not in f"{row.object_name}{row.before}{row.after}{row.reason}"


def test_the_outbox_page_counts_one_s_own(place, cadre, plan, as_, settings):
    fill_outbox(DAY)
    deliver(Carrier(), DAY)
    url = reverse("cadres:outbox")
    assert as_("inspector").get(url).context["total"] == 1
    assert as_("clerk_across").get(url).context["total"] == 0
    assert as_("secretary").get(url).status_code == 403
    page = as_("clerk").get(url).content.decode()
    assert plan.name in page and PHONE not in page
