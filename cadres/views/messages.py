"""The outbox: what the plans wrote, how far it is, and what comes next."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from cadres.actions.messages import days_of, festival_days
from cadres.choices_supervision import MessageState
from cadres.models import Message, MessagePlan
from cadres.registers.messages import KEEPERS, WATCHERS, when_of
from core.clock import today
from core.pages import page

#: Days that the page looks ahead.
AHEAD = timedelta(days=60)


@require_GET
@page(WATCHERS)
def show_outbox(request):
    """Every day of a plan with its messages by state, the latest first; the days of the next two months."""
    day = today()
    mine = Message.objects.visible_to(request.user)
    states = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    counts = defaultdict(dict)
    grouped = mine.order_by("-on", "plan").values_list("on", "plan", "state").annotate(n=Count("pk"))
    for on, plan, state, number in grouped:
        counts[on, plan][state] = number
    plans = {plan.pk: plan for plan in MessagePlan.objects.visible_to(request.user)}
    festivals = festival_days()
    ahead = [
        (on, plan, when_of(plan))
        for plan in plans.values()
        for on in days_of(plan, day + timedelta(days=1), day + AHEAD, festivals)
    ]
    listed = reverse("cadres:messages_list")
    context = {
        "states": [(state, states.get(state, 0), f"{listed}?state={state}") for state in MessageState],
        "total": sum(states.values()),
        "rows": [
            (on, plans.get(plan), sum(own.values()), own.get("sent", 0), _trouble(own), f"{listed}?plan={plan}")
            for (on, plan), own in list(counts.items())[:24]
        ],
        "ahead": sorted(ahead, key=lambda row: (row[0], row[1].pk)),
        "may_plan": bool(request.user.roles & KEEPERS),
    }
    return render(request, "cadres/messages.html", context)


def _trouble(own: dict[str, int]) -> int:
    """How many a person has to look after."""
    return sum(own.get(state, 0) for state in (MessageState.GIVEN_UP, MessageState.UNCERTAIN, MessageState.NO_PHONE))


urlpatterns = [path("messages/outbox/", show_outbox, name="outbox")]
