"""The register of open selections."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.actions.selection import SELECTION_FLOW
from cadres.models import Applicant, Selection
from cadres.registers.states import FlowRegister
from core import rights
from core.menu import Group
from core.registers import Inline, register
from core.rights import Rights
from core.roles import CLERKS, READERS

rights.declare(Applicant, Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS))


@register
class SelectionRegister(FlowRegister):
    model = Selection
    path = "selections"
    sheet_words = {
        "announced_on": ("公告时间", "发布公告时间"),
        "closes_on": ("报名截止时间",),
    }
    columns = ("village", "village__township", "announced_on", "closes_on", "starts_on", "document", "state")
    card = ("village", "announced_on", "closes_on", "state")
    search = ("village__name", "village__pinyin", "document", "grounds")
    filters = ("village__township", "village", "state")
    sections = (
        (
            _("Open selection of a secretary"),
            ("village", "announced_on", "closes_on", "starts_on", "document", "grounds"),
        ),
        (_("How it is decided"), ("exam_weight", "pass_mark")),
    )
    facts = ("filing",)
    inlines = (
        Inline(
            Applicant,
            ("person", "applied_on", "qualification", "exam_score", "interview_score", "chosen", "note"),
            title=_("Applicants"),
        ),
    )
    order = ("-announced_on", "village__code")
    workflow = SELECTION_FLOW
    evidence = True
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 28)
    empty = _("Where a village stagnates, let the whole township apply for the post of secretary.")

    @classmethod
    def extra_actions(cls, user, row: Selection) -> list[dict]:
        return [{"label": gettext("Applicants in order"), "url": reverse("cadres:selection_ranking", args=[row.pk])}]
