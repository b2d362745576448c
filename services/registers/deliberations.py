"""The register of deliberations; a step has pages of its own and bears its minutes as evidence."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import rights
from core.clock import today
from core.evidence import owners
from core.menu import Group
from core.registers import Choice, Register, register
from core.registers.flow import due_of
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import READERS
from core.templatetags.portal import tag
from services.actions.deliberations import DELIBERATION_FLOW, ENTERING, VOTE_DOWN
from services.choices_deliberations import StepKind
from services.models import Deliberation, DeliberationStep
from services.trail import trail_of

rights.declare(DeliberationStep, Rights(view=READERS, add=ENTERING, change=ENTERING, correct=ENTERING))
owners.accept(DeliberationStep)


def _of_level(rows, value: str):
    return rows.filter(hamlet__isnull=value == "village")


def _late(rows, value: str):
    return rows.filter(due_on__lt=today()) if value == "late" else rows.filter(due_on__gte=today())


@register
class DeliberationRegister(Register):
    model = Deliberation
    path = "deliberations"
    sheet_key = ("village", "hamlet", "subject")
    sheet_words = {
        "subject": ("议题", "议事事项", "事项名称"),
        "kind": ("类别",),
        "content": ("提议", "内容", "议题内容"),
    }
    columns = ("subject", "village", "hamlet", "kind", "state", "due", "decided_on")
    card = ("subject", "village", "hamlet", "state", "due")
    search = ("subject", "village__name", "hamlet__name", "content")
    filters = (
        "village__township",
        "village",
        "hamlet",
        Choice(
            "level",
            gettext_lazy("Whose matter"),
            [("village", gettext_lazy("Of the village")), ("hamlet", gettext_lazy("Of a hamlet"))],
            _of_level,
        ),
        "kind",
        "state",
        Choice(
            "due",
            gettext_lazy("Disclosure"),
            [("late", gettext_lazy("Late in disclosure")), ("open", gettext_lazy("Still in time"))],
            _late,
        ),
    )
    sections = ((gettext_lazy("Matter"), ("village", "hamlet", "subject", "kind", "content")),)
    facts = ("decided_on",)
    workflow = DELIBERATION_FLOW
    told_below = frozenset({*StepKind.values, VOTE_DOWN})
    may = Rights(view=READERS, add=ENTERING, change=ENTERING, delete=ENTERING, correct=ENTERING)
    menu = (Group.SERVICE, 80)
    add_label = gettext_lazy("Enter a matter in full")
    empty = gettext_lazy("Enter a matter of the village or a hamlet; its steps follow one by one, none is skipped.")

    @classmethod
    def summary(cls, rows) -> str:
        """“31件，逾期公开2件”"""
        total, late = rows.order_by().count(), rows.filter(due_on__lt=today()).count()
        text = ngettext(
            "%(n)d matter, %(late)d late in disclosure", "%(n)d matters, %(late)d late in disclosure", total
        )
        return text % {"n": total, "late": late} if total else ""

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        if not rights.can(user, "add", Deliberation):
            return []
        return [{"label": _("Enter a matter"), "url": reverse("services:deliberation_start")}]

    @computed(gettext_lazy("Disclosure due"), order=("due_on",))
    def show_due(row: Deliberation) -> str:
        due = due_of(row)
        return tag(due.kind, due.text) if due else EMPTY

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        if row.decided_on is None or not row.steps.exists():
            return []
        return [{"label": _("Resolution to post"), "url": reverse("services:deliberation_notice", args=[row.pk])}]

    @classmethod
    def more(cls, request, row) -> str:
        """The steps, one below the other: taken, next, still to come."""
        context = {"deliberation": row, "trail": trail_of(row, request.user, today())}
        return render_to_string("services/_trail.html", context, request)
