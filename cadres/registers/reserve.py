"""The registers of reserve cadres and of their steps."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cadres.actions.reserve import take_back_steps, take_steps, update_reserves, update_steps
from cadres.choices_development import ReserveStage, StepResult
from cadres.models import Reserve, ReserveStep
from core import rights
from core.clock import today
from core.menu import Group
from core.registers import Choice, Inline, Register, register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import CLERKS, EDITORS, READERS
from core.templatetags.portal import tag


class Listed:
    """Whom the list of reserves shows."""

    ON, TRAINING, LEFT, ALL = "on", "training", "left", "all"
    choices = (
        (ON, _("On the list")),
        (TRAINING, _("In training")),
        (LEFT, _("Left the list")),
        (ALL, _("All on record")),
    )


def _listed(rows: QuerySet, value: str) -> QuerySet:
    day = today()
    if value == Listed.ON:
        return rows.on(day)
    if value == Listed.TRAINING:
        return rows.in_training_on(day)
    return rows.filter(left_on__lte=day) if value == Listed.LEFT else rows


def _at_step(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(at_step__isnull=True) if value == "none" else rows.filter(at_step=value)


@register
class ReserveRegister(Register):
    model = Reserve
    path = "reserves"
    sheet_key = ("person", "entered_on")
    sheet_months = ("entered_on", "left_on")
    sheet_words = {
        "person": ("后备干部姓名",),
        "entered_on": ("入库时间", "列入时间", "确定时间"),
        "mentor": ("联系帮带人", "帮带干部", "培养联系人"),
        "note": ("备注",),
        "intended": ("培养方向", "拟培养职务"),
    }
    columns = (
        "person",
        "village",
        "village__township",
        "source",
        "pipeline",
        "intended",
        "standing",
        "since",
        "entered_on",
    )
    card = ("person", "village", "standing", "since")
    search = ("person__name", "person__pinyin", "village__name")
    filters = (
        "village__township",
        "village",
        "source",
        "pipeline",
        Choice("step", _("Last step"), [("none", _("No step yet")), *ReserveStage.choices], _at_step),
        Choice("listed", _("On the list or not"), Listed.choices, _listed, initial=Listed.ON),
    )
    sections = (
        (_("Reserve cadre"), ("village", "person", "source", "pipeline", "intended", "entered_on", "mentor", "note")),
        (_("Leaving the list"), ("left_on", "outcome")),
    )
    inlines = (
        Inline(
            ReserveStep,
            ("stage", "on", "result", "present", "in_favour", "ability", "performance", "integrity", "note"),
            title=_("Steps taken"),
        ),
    )
    order = ("village__code", "entered_on", "pk")
    update = staticmethod(update_reserves)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.TEAM, 61)
    empty = _("Enter who may follow in the committees, then each step that he takes.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return Reserve.objects.visible_to(user, verb).standing_on(today()).order_by(*cls.order)

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": _("Board of reserves"), "url": reverse("cadres:reserve_board")}]

    @classmethod
    def extra_actions(cls, user, row: Reserve) -> list[dict]:
        if not (row.next_stage and row.left_on is None and rights.can(user, "add", ReserveStep)):
            return []
        return [
            {"label": _("Record: %(step)s") % {"step": ReserveStage(row.next_stage).label}, "url": next_step_url(row)}
        ]

    @computed(_("Last step"))
    def show_standing(row: Reserve) -> str:
        if row.at_result == StepResult.FAILED:
            return tag("bad", gettext("%(step)s: not qualified") % {"step": row.standing})
        return row.standing or EMPTY

    @computed(pgettext_lazy("reserve cadre", "Since"), order=("at_since",))
    def show_since(row: Reserve) -> str:
        return row.at_since.isoformat() if row.at_since else EMPTY


def next_step_url(reserve: Reserve) -> str:
    """The form of the next step, filled in beforehand."""
    query = f"reserve={reserve.pk}&stage={reserve.next_stage}&on={today()}&result={StepResult.PASSED}"
    return f"{reverse('cadres:reserve_steps_new')}?{query}"


@register
class ReserveStepRegister(Register):
    model = ReserveStep
    path = "reserve-steps"
    sheet_words = {
        "reserve": ("姓名", "后备干部姓名"),
        "stage": ("环节", "阶段"),
        "on": ("时间",),
        "note": ("备注",),
    }
    columns = ("reserve", "reserve__village", "stage", "on", "result", "vote", "note")
    card = ("reserve", "reserve__village", "stage", "on", "result")
    search = ("reserve__person__name", "reserve__village__name")
    filters = ("reserve__village__township", "reserve__village", "stage", "result")
    sections = (
        (_("Step"), ("reserve", "stage", "on", "result")),
        (_("Vote"), ("present", "in_favour")),
        (_("Reverse look"), ("ability", "performance", "integrity")),
        (_("Note"), ("note",)),
    )
    create = staticmethod(take_steps)
    update = staticmethod(update_steps)
    delete = staticmethod(take_back_steps)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    empty = _("Steps are recorded with the reserve cadre who takes them.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return ReserveStep.objects.visible_to(user, verb).select_related("reserve__person")

    @computed(_("In favour / present"))
    def show_vote(row: ReserveStep) -> str:
        return EMPTY if row.present is None else f"{row.in_favour}/{row.present}"
