"""The registers of message plans and of the outbox, and its page in the menu."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.actions.messages import MESSAGE_FLOW
from cadres.models import Message, MessagePlan
from cadres.registers.states import FlowRegister
from core import menu
from core.menu import Group
from core.registers import Register, register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import Role

KEEPERS = frozenset({Role.DISTRICT, Role.INSPECTOR})
WATCHERS = KEEPERS | {Role.LEADER, Role.CLERK}

menu.add("cadres:outbox", _("Integrity messages"), Group.TEAM, 58, WATCHERS)


@register
class MessagePlanRegister(Register):
    model = MessagePlan
    path = "message-plans"
    columns = ("name", "territory_code", "kind", "when", "to_cadres", "to_reserves", "starts_on", "ends_on")
    card = ("name", "kind", "when", "starts_on")
    search = ("name", "text")
    filters = ("kind",)
    sections = (
        (_("Plan of integrity messages"), ("name", "territory_code", "text")),
        (_("When"), ("kind", "day", "festival", "days_before", "starts_on", "ends_on")),
        (_("To whom"), ("to_cadres", "to_reserves")),
    )
    may = Rights(view=WATCHERS, add=KEEPERS, change=KEEPERS, delete=KEEPERS)
    sheet_words = {"starts_on": ("施行日期",), "ends_on": ("失效日期",)}
    empty = _("Enter the texts that cadres and reserves get each month and before festivals.")

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": gettext("Outbox"), "url": reverse("cadres:outbox")}]

    @computed(_("When"))
    def show_when(row: MessagePlan) -> str:
        return when_of(row)


#: The kinds of exceptions that senders meet.
TROUBLES = {
    "NotSent": _("The gateway did not take it"),
    "TimeoutError": _("The gateway did not answer in time"),
    "Timeout": _("The gateway did not answer in time"),
    "ReadTimeout": _("The gateway did not answer in time"),
    "ConnectTimeout": _("The gateway can’t be reached"),
    "ConnectionError": _("The gateway can’t be reached"),
    "ConnectionRefusedError": _("The gateway can’t be reached"),
    "HTTPError": _("The gateway refused it"),
    "OSError": _("The outbox file can’t be written"),
    "PermissionError": _("The outbox file can’t be written"),
}


def when_of(plan: MessagePlan) -> str:
    """“每月20日”，“中秋前3天”"""
    if plan.festival:
        return gettext("%(festival)s, %(n)d days before") % {"festival": plan.festival, "n": plan.days_before}
    return gettext("day %(day)d of each month") % {"day": plan.day}


@register
class MessageRegister(FlowRegister):
    """The outbox, message by message; written by the schedule alone."""

    model = Message
    path = "messages"
    columns = ("person", "person__village", "plan", "on", "attempts", "error", "state")
    card = ("person", "person__village", "on", "state")
    search = ("person__name", "person__pinyin", "person__village__name", "text")
    filters = ("plan", "person__village__township", "person__village", "state")
    sections = ((_("Integrity message"), ("person", "plan", "on", "text")),)
    facts = ("attempts", "error")
    order = ("-on", "person__village__code", "pk")
    workflow = MESSAGE_FLOW
    may = Rights(view=WATCHERS)
    empty = _("The schedule writes messages here on the days of the plans.")

    @computed(_("What went wrong"))
    def show_error(row: Message) -> str:
        """The kind of the exception that was kept, in words; what no words are here for is named as it is."""
        if row.error in TROUBLES or not row.error:
            return str(TROUBLES.get(row.error, EMPTY))
        return gettext("The sender reports: %(kind)s") % {"kind": row.error}

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": gettext("Outbox"), "url": reverse("cadres:outbox")}]
