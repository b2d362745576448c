"""The registers of appraisals and of what two bad ones in a row propose."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.actions.appraisal import APPRAISAL_FLOW, ENDING_FLOW
from cadres.models import Appraisal, AppraisalSheet, PostEnding
from cadres.registers.states import FlowRegister
from core import rights
from core.menu import Group
from core.registers import Inline, register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import READERS, Role
from core.templatetags.portal import share

ENTERED_BY, CLERKS = {Role.SECRETARY, Role.CLERK}, {Role.CLERK}

rights.declare(
    AppraisalSheet,
    Rights(view=READERS, add=ENTERED_BY, change=ENTERED_BY, delete=ENTERED_BY, confirm=CLERKS),
)


@register
class AppraisalRegister(FlowRegister):
    model = Appraisal
    path = "appraisals"
    sheet_words = {
        "year": ("年份", "评议年度"),
        "held_on": ("评议时间", "会议时间", "召开时间", "日期"),
        "body": ("评议形式", "评议会议", "参会主体"),
        "present": ("实到", "实到人数"),
    }
    columns = ("village", "village__township", "year", "held_on", "body", "turnout", "state", "due_on")
    card = ("village", "year", "held_on", "turnout", "state")
    search = ("village__name", "village__pinyin")
    filters = ("village__township", "village", "body", "state")
    sections = ((_("Democratic appraisal"), ("village", "year", "held_on", "body", "entitled", "present")),)
    inlines = (
        Inline(
            AppraisalSheet,
            ("person", "excellent", "competent", "basic", "incompetent"),
            title=_("Tallies, a line a cadre"),
        ),
    )
    order = ("-year", "village__code")
    workflow = APPRAISAL_FLOW
    evidence = True
    may = Rights(view=READERS, add=ENTERED_BY, change=ENTERED_BY, delete=ENTERED_BY)
    menu = (Group.TEAM, 52)
    empty = _("Enter the year's meeting and a tally for each cadre; who voted how is not kept.")

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": gettext("Appraisals of the year"), "url": reverse("cadres:appraisal_year")}]

    @classmethod
    def extra_actions(cls, user, row: Appraisal) -> list[dict]:
        buttons = [{"label": gettext("Verdicts"), "url": reverse("cadres:appraisal_result", args=[row.pk])}]
        if (
            rights.can(user, "change", Appraisal)
            and Appraisal.objects.visible_to(user, "change").filter(pk=row.pk).exists()
        ):
            url = reverse("cadres:appraisal_fill", args=[row.pk])
            buttons.insert(0, {"label": gettext("Add a line for each cadre"), "url": url, "post": True})
        return buttons

    @computed(_("Present of entitled"), number=True)
    def show_turnout(row: Appraisal) -> str:
        return share(row.present, row.entitled)


@register
class PostEndingRegister(FlowRegister):
    """A confirmed appraisal proposes by itself; on other grounds of law the township enters it."""

    model = PostEnding
    path = "post-endings"
    sheet_key = ("village", "person", "grounds")
    sheet_words = {
        "person": ("干部姓名", "拟终止人员"),
        "grounds": ("终止理由", "原因", "理由和依据"),
    }
    columns = ("person", "village", "village__township", "grounds", "state", "due_on")
    card = ("person", "village", "grounds", "state")
    search = ("person__name", "person__pinyin", "village__name")
    filters = ("village__township", "village", "state")
    sections = ((_("Proposal to end a post"), ("village", "person", "grounds")),)
    facts = ("appraisal",)
    workflow = ENDING_FLOW
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 56)
    empty = _("Nobody was appraised “incompetent” as often in a row as ends a post.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return super().queryset(user, verb).select_related("sheet__appraisal__village")

    @computed(_("Democratic appraisal"))
    def show_appraisal(row: PostEnding) -> str:
        if row.sheet is None:
            return EMPTY
        url = reverse("cadres:appraisal_result", args=[row.sheet.appraisal_id])
        return format_html('<a href="{}">{}</a>', url, row.sheet.appraisal)
