"""The demonstration's integrity messages: three plans, and what went out this autumn; a few of the last wait for a person."""

from datetime import date
from random import Random

from cadres.actions.messages import recipients
from cadres.choices_supervision import MessageState, PlanKind
from cadres.models import Message, MessagePlan
from villages.demo import DISTRICT
from villages.models import Village

TEXTS = {
    "每月廉政提醒": "【廉政提醒】常修为政之德，常思贪欲之害，常怀律己之心。村务支出逐笔公开，群众的钱一分一厘不能动。",
    "春节廉洁过节": "【廉洁过节】春节将至，严禁公款吃喝、公款送礼、借机敛财，过一个风清气正的节日。",
    "国庆廉洁过节": "【廉洁过节】国庆将至，不收不送，不大操大办，带头守规矩、树新风。",
}
FIRST = date(2013, 1, 1)
MONTHLY_DAY = 20
#: How some of the last came out: state, attempts, what went wrong.
TROUBLE = (
    (MessageState.GIVEN_UP, 3, "NotSent"),
    (MessageState.GIVEN_UP, 3, "NotSent"),
    (MessageState.UNCERTAIN, 1, "TimeoutError"),
    (MessageState.FAILED, 1, "NotSent"),
)


#: The days of this autumn on which messages went out, by the name of the plan.
WRITTEN = (
    ("国庆廉洁过节", date(2013, 9, 28)),
    ("每月廉政提醒", date(2013, 10, 20)),
    ("每月廉政提醒", date(2013, 11, 20)),
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    plans = MessagePlan.objects.bulk_create(
        [
            _plan("每月廉政提醒", kind=PlanKind.MONTHLY, day=MONTHLY_DAY),
            _plan("春节廉洁过节", kind=PlanKind.FESTIVAL, festival="春节", days_before=3),
            _plan("国庆廉洁过节", kind=PlanKind.FESTIVAL, festival="国庆节", days_before=3),
        ]
    )
    by_name = {plan.name: plan for plan in plans}
    messages = [message for name, on in WRITTEN for message in _sent(by_name[name], on)]
    last = [message for message in messages if message.on == WRITTEN[-1][1] and message.state == MessageState.SENT]
    for message, (state, attempts, error) in zip(rng.sample(last, len(TROUBLE)), TROUBLE, strict=True):
        message.state, message.attempts, message.error = state, attempts, error
    Message.objects.bulk_create(messages, batch_size=500)


def _plan(name: str, **when) -> MessagePlan:
    return MessagePlan(
        name=name, text=TEXTS[name], territory_code=DISTRICT[0], starts_on=FIRST, saved_by="陆春梅", **when
    )


def _sent(plan: MessagePlan, on: date) -> list[Message]:
    """To everybody whom the plan means on the day; handed over the same morning."""
    return [
        Message(
            plan=plan,
            on=on,
            person_id=person,
            text=plan.text,
            state=MessageState.SENT if has_phone else MessageState.NO_PHONE,
            state_since=on,
            attempts=int(has_phone),
        )
        for person, has_phone in recipients(plan, on)
    ]
