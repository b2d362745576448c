"""Integrity messages: the outbox is filled from the plans, then emptied message by message.

Never twice: a message of a plan's day and person is one row; it is claimed before it is handed over, and where nobody
knows what became of it, it stays uncertain until a person decides.
"""

import logging
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices_supervision import MessageState as State
from cadres.choices_supervision import PlanKind
from cadres.models import Message, MessagePlan, Person, Post, Reserve
from cadres.senders import NotSent, Sender
from core import audit
from core.models import Holiday
from core.roles import Role
from core.workflow import Transition, Workflow

logger = logging.getLogger(__name__)
audit.name_verbs(fill_outbox=gettext_lazy("Written into the outbox"), hand_over=gettext_lazy("Handed over to be sent"))

#: Days for which the outbox is still filled: a machine that slept over a day catches up, old days stay as they are.
CATCH_UP = timedelta(days=3)
OPEN = (State.QUEUED, State.FAILED)


# ---- when ----


def days_of(plan: MessagePlan, first: date, last: date, festivals: dict[tuple[str, int], date]) -> list[date]:
    """The days of the plan from `first` to `last`, both included, on which it is in force."""
    if plan.kind == PlanKind.MONTHLY:
        days = [_in_month(year, month, plan.day) for year, month in _months(first, last)]
    else:
        offs = (festivals.get((plan.festival, year)) for year in range(first.year, last.year + 2))
        days = [off - timedelta(days=plan.days_before) for off in offs if off]
    return [day for day in days if max(first, plan.starts_on) <= day <= min(last, plan.ends_on or last)]


def _months(first: date, last: date) -> Iterable[tuple[int, int]]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def festival_days() -> dict[tuple[str, int], date]:
    """(festival, year) → its first day off, from the holiday table; one query."""
    rows = Holiday.objects.filter(is_workday=False).order_by("-day").values_list("name", "day")
    return {(name, day.year): day for name, day in rows}


# ---- the outbox ----


def fill_outbox(day: date) -> int:
    """Write what the plans ask for by the day; how many messages are new. May be repeated: nothing is written twice."""
    festivals, new = festival_days(), 0
    for plan in MessagePlan.objects.filter(starts_on__lte=day):
        for on in days_of(plan, day - CATCH_UP, day, festivals):
            there = set(Message.objects.filter(plan=plan, on=on).values_list("person", flat=True))
            messages = [_message(plan, on, *row) for row in recipients(plan, on) if row[0] not in there]
            if messages:
                Message.objects.bulk_create(messages, batch_size=500, ignore_conflicts=True)
                facts = {plan.pk: {"on": on.isoformat(), "messages": len(messages)}}
                audit.write(None, "fill_outbox", [plan], codes={plan.pk: plan.territory_code}, after=facts)
                new += len(messages)
    return new


def recipients(plan: MessagePlan, day: date) -> list[tuple[int, bool]]:
    """(person, whether a telephone is on record) of everybody whom the plan means on the day. The number stays closed."""
    people = Q(pk__in=())
    if plan.to_cadres:
        people |= Q(pk__in=Post.objects.on(day).in_territory(plan.territory_code).values("person"))
    if plan.to_reserves:
        people |= Q(pk__in=Reserve.objects.on(day).in_territory(plan.territory_code).values("person"))
    rows = Person.objects.filter(people).order_by("pk").values_list("pk", "phone_index")
    return [(pk, bool(index)) for pk, index in rows]


def _message(plan: MessagePlan, on: date, person: int, has_phone: bool) -> Message:
    state = State.QUEUED if has_phone else State.NO_PHONE
    return Message(plan=plan, on=on, person_id=person, text=plan.text, state=state, state_since=on)


def deliver(sender: Sender, day: date, *, most: int = 200) -> dict[str, int]:
    """Hand over what waits, at most so many; how many came to which state. Each message is claimed by one worker alone.

    What an earlier day's worker claimed and never finished is uncertain.
    """
    Message.objects.filter(state=State.SENDING, state_since__lt=day).update(
        state=State.UNCERTAIN, version=F("version") + 1
    )
    done, plans = {}, {}
    for pk in list(_waiting().order_by("attempts", "pk").values_list("pk", flat=True)[:most]):
        if message := _claim(pk, day):
            state = _hand_over(sender, message)
            done[state] = done.get(state, 0) + 1
            plans.setdefault(message.plan, {}).setdefault(state, 0)
            plans[message.plan][state] += 1
    facts = {plan.pk: counts for plan, counts in plans.items()}
    audit.write(None, "hand_over", plans, codes={plan.pk: plan.territory_code for plan in plans}, after=facts)
    return done


def is_work_left() -> bool:
    return _waiting().exists()


def _waiting() -> QuerySet:
    return Message.objects.filter(state__in=OPEN, attempts__lt=settings.MESSAGE_ATTEMPTS)


def _claim(pk: int, day: date) -> Message | None:
    """The message, if nobody else has taken it; committed before it is handed over."""
    taken = Message.objects.filter(pk=pk, state__in=OPEN).update(
        state=State.SENDING, state_since=day, attempts=F("attempts") + 1, version=F("version") + 1
    )
    return Message.objects.select_related("person", "plan").get(pk=pk) if taken else None


def _hand_over(sender: Sender, message: Message) -> State:
    """What went wrong is kept by its kind alone: its text might hold the number."""
    error = ""
    try:
        sender.send(message.person.phone, message.text, f"{message.plan_id}-{message.on:%Y%m%d}-{message.person_id}")
        state = State.SENT
    except NotSent as problem:
        state = State.FAILED if message.attempts < settings.MESSAGE_ATTEMPTS else State.GIVEN_UP
        error = type(problem.__cause__ or problem).__name__
    except Exception as problem:  # noqa: BLE001  whatever it was, the message may have left
        state, error = State.UNCERTAIN, type(problem).__name__
        logger.error("message %s: %s, uncertain whether it was sent", message.pk, error)
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=state, error=error, version=F("version") + 1
    )
    return state


def _has_phone(message: Message) -> str | None:
    return None if message.person.phone else _("no telephone is on record: enter it with the person first")


def _again(_by, messages: Sequence[Message], _day: date) -> None:
    for message in messages:
        message.attempts, message.error = 0, ""


#: The schedule moves a message; a person may put one back that was not sent, and answers for it where that is uncertain.
MESSAGE_FLOW = Workflow(
    Transition(
        "requeue",
        gettext_lazy("Put into the outbox again"),
        sources=(State.GIVEN_UP, State.NO_PHONE, State.UNCERTAIN),
        target=State.QUEUED,
        roles={Role.DISTRICT, Role.INSPECTOR},
        needs=(_has_phone,),
        effect=_again,
        reason=True,
    ),
    tags={
        State.SENT: "ok",
        State.FAILED: "near",
        State.SENDING: "near",
        State.GIVEN_UP: "bad",
        State.NO_PHONE: "bad",
        State.UNCERTAIN: "bad",
    },
)
