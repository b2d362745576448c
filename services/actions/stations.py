"""Service requests: the day promised in working days, finished on the spot or carried up for the resident."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions
from core.roles import EDITORS
from core.workflow import Transition, Workflow, move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from services.choices_stations import OPEN_STATES
from services.choices_stations import RequestState as State
from services.models import ServiceItem, ServiceRequest

#: The general limit: for items that promise no days of their own, and for reminders.
LIMIT = "service_request"


def promised_day(item: ServiceItem, accepted_on: date, calendar: Calendar) -> date | None:
    """The last working day of what the item promises; None where neither item nor limit says any."""
    limit = None if item.workdays else limit_on(LIMIT, accepted_on)
    days = item.workdays or (limit.workdays if limit else None)
    return calendar.add(accepted_on, days) if days else None


def _promise(requests: Sequence[ServiceRequest]) -> None:
    calendar = Calendar.load()
    for one in requests:
        one.promised_by = promised_day(one.item, one.accepted_on, calendar)
        one.due_on = one.promised_by if one.state in OPEN_STATES else None


def accept(by, requests: Sequence[ServiceRequest], *, reason: str = "") -> list[ServiceRequest]:
    """New requests, each with the day by which it is promised."""
    actions.require(by, "add", ServiceRequest)
    _promise(requests)
    for one in requests:
        one.state_since = one.accepted_on
    return actions.create(by, requests, reason=reason)


def correct(by, requests: Sequence[ServiceRequest], fields: Iterable[str], **how) -> list[ServiceRequest]:
    """As the kit's update; the day promised follows from item and day of acceptance."""
    _promise(requests)
    return actions.update(by, requests, [*fields, "due_on"], **how)


def accept_and_finish(by, one: ServiceRequest, day: date) -> ServiceRequest:
    """Done on the spot. Raises ValidationError where the station can't finish the item."""
    with transaction.atomic():
        accept(by, [one])
        return move(by, REQUEST_FLOW, [one], "finish", day)[0]


# ---- the way of a request ----


def _at_the_right_place(one: ServiceRequest) -> str | None:
    """What is decided further up is carried up first."""
    if one.state == State.CARRIED or one.finishes_here:
        return None
    return _("this station can't finish it, %(tier)s can: carry it up first") % {"tier": one.item.get_tier_display()}


def _goes_further_up(one: ServiceRequest) -> str | None:
    return _("this station can finish it itself: no need to carry it up") if one.finishes_here else None


def _carried(by, requests: Sequence[ServiceRequest], day: date) -> None:
    """The promise was given to the resident on the day of acceptance: it runs on."""
    for one in requests:
        one.carried_on, one.due_on = day, one.promised_by
        one.carried_by = one.carried_by or by.name[:40]


def _finished(by, requests: Sequence[ServiceRequest], day: date) -> None:
    calendar = Calendar.load()
    for one in requests:
        one.finished_on, one.due_on = day, None
        one.workdays_taken = max(0, calendar.between(one.accepted_on, day))


REQUEST_FLOW = Workflow(
    Transition(
        "finish",
        gettext_lazy("Finish"),
        sources=OPEN_STATES,
        target=State.FINISHED,
        roles=EDITORS,
        needs=(_at_the_right_place,),
        effect=_finished,
        asks="result",
    ),
    Transition(
        "carry_up",
        gettext_lazy("Carry up for the resident"),
        sources=(State.ACCEPTED,),
        target=State.CARRIED,
        roles=EDITORS,
        needs=(_goes_further_up,),
        effect=_carried,
        awaited=False,
    ),
    Transition(
        "withdraw",
        gettext_lazy("Withdraw"),
        sources=OPEN_STATES,
        target=State.WITHDRAWN,
        roles=EDITORS,
        reason=True,
        danger=True,
        awaited=False,
    ),
    limits={State.ACCEPTED: LIMIT, State.CARRIED: LIMIT},
    tags={State.FINISHED: "ok", State.CARRIED: "near", State.ACCEPTED: "near"},
)
