"""The register of weak villages that are put right."""

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cadres.actions.rectification import RECTIFICATION_FLOW
from cadres.models import BroughtIn, Rectification
from core import rights
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, READERS

rights.declare(BroughtIn, Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS))


@register
class RectificationRegister(Register):
    model = Rectification
    path = "rectifications"
    sheet_months = ("opened_on",)
    sheet_month_ends = ("finish_by",)
    sheet_words = {
        "opened_on": ("立项时间", "列入时间"),
        "cause": ("后进原因", "原因"),
        "findings": ("问题", "主要问题"),
        "responsible": ("责任领导", "包村领导"),
        "finish_by": ("整改期限", "完成时限"),
        "measures": ("整改措施", "措施"),
        "outcome": ("整顿结果", "整改结果", "办理结果"),
    }
    columns = (
        "village",
        "village__township",
        "opened_on",
        "cause",
        "responsible",
        "people",
        "finish_by",
        "state",
        "due_on",
    )
    card = ("village", "cause", "opened_on", "people", "state")
    search = ("village__name", "findings", "responsible")
    filters = ("village__township", "village", "cause", "state")
    sections = (
        (_("Case"), ("village", "opened_on", "cause", "findings")),
        (_("Putting right"), ("responsible", "finish_by", "measures", "outcome")),
    )
    inlines = (Inline(BroughtIn, ("person", "post", "method", "note"), title=_("People brought in")),)
    workflow = RECTIFICATION_FLOW
    evidence = True
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 24)
    empty = _("Enter a village that fell behind, with the cause; the district accepts what was put right.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        rows = Rectification.objects.visible_to(user, verb).select_related("village")
        return rows.annotate(n_people=Count("brought_in"))

    @classmethod
    def summary(cls, rows) -> str:
        """“5个村，引入12人”"""
        cases = rows.order_by().count()
        people = rows.order_by().aggregate(people=Sum("n_people"))["people"]
        text = ngettext("%(n)d case, %(people)d people brought in", "%(n)d cases, %(people)d people brought in", cases)
        return text % {"n": cases, "people": people} if cases else ""

    @computed(_("People brought in"), order=("n_people",), number=True)
    def show_people(row: Rectification) -> str:
        return str(row.n_people)
