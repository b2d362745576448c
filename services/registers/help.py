"""The registers of people who are helped, with their three helpers, and of visits."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.identity import complete_birth
from core import menu, rights
from core.clock import today
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, EDITORS, READERS
from core.templatetags.portal import tag
from services.models import HelpedPerson, Helper, HelpVisit

#: Leaders and inspectors read numbers (the board), never who is in need. Of children see `services.querysets_help`.
MAY = Rights(view=EDITORS, add=EDITORS, change=EDITORS, delete=CLERKS)

rights.declare(Helper, Rights(view=EDITORS, add=EDITORS, change=EDITORS, delete=EDITORS))
menu.add("services:help_board", _("Help by quarter"), Group.SERVICE, 50, READERS)


@register
class HelpedPersonRegister(Register):
    model = HelpedPerson
    path = "helped-people"
    sheet_key = ("village", "kind", "name", "starts_on")
    sheet_months = ("born_on", "starts_on", "ends_on")
    sheet_words = {
        "kind": ("对象类别", "类型", "人员类别", "困难类型", "帮扶对象"),
        "need": ("需求", "帮扶需求", "困难情况"),
        "starts_on": ("帮扶开始时间", "帮扶时间", "开始时间"),
        "address": ("家庭住址", "家庭地址", "地址"),
        "guardian": ("监护人姓名",),
        "guardian_agreed_on": ("监护人同意时间",),
        "ends_on": ("帮扶结束时间",),
    }
    columns = ("name", "kind", "village", "hamlet", "child", "need", "starts_on", "ends_on")
    card = ("name", "kind", "village", "child", "need")
    search = ("name", "village__name", "need", "id_number")
    filters = ("village__township", "village", "kind")
    sections = (
        (_("Who is helped"), ("village", "hamlet", "kind", "name", "sex", "born_on", "need", "starts_on")),
        (_("To reach the person"), ("id_number", "phone", "address")),
        (_("Under 14 years"), ("guardian", "guardian_agreed_on")),
        (_("End of the help"), ("ends_on", "ended_why")),
    )
    inlines = (
        Inline(
            Helper, ("tier", "person", "name", "office", "starts_on", "ends_on"), title=_("The three helpers"), extra=3
        ),
    )
    may = MAY
    menu = (Group.SERVICE, 52)
    empty = _("Enter who needs help, and the three who give it.")

    @classmethod
    def sheet_complete(cls, row, months) -> None:
        if "born_on" in months:
            complete_birth(row)

    @classmethod
    def extra_actions(cls, user, row: HelpedPerson) -> list[dict]:
        if not rights.can(user, "add", HelpVisit):
            return []
        return [{"label": gettext("Record a visit"), "url": f"{reverse('services:help_visit')}?helped={row.pk}"}]

    @computed(_("Age"), order=("of_age_on",))
    def show_child(row: HelpedPerson) -> str:
        return tag("near", gettext("under 14"), "") if row.of_age_on and row.of_age_on > today() else ""


@register
class HelpVisitRegister(Register):
    model = HelpVisit
    path = "help-visits"
    sheet_words = {
        "helped": ("被走访人", "对象姓名", "走访对象"),
        "helper": ("走访人", "走访干部", "帮扶人", "谁去走访"),
        "on": ("走访时间", "日期"),
        "done": ("走访情况", "走访内容", "帮扶情况"),
        "still": ("存在困难", "需要解决的问题", "下步需求"),
    }
    columns = ("helped", "helped__village", "on", "helper", "helper__tier", "done", "still")
    card = ("helped", "on", "helper", "done")
    search = ("helped__name", "done", "still", "helper__name", "helper__person__name")
    filters = ("helped__village__township", "helped__village", "helped__kind", "helper__tier")
    sections = ((_("Visit"), ("helped", "helper", "on", "done", "still")),)
    evidence = True
    may = MAY
    menu = (Group.SERVICE, 54)
    empty = _("Record each visit with its day and what was done.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return super().queryset(user, verb).select_related("helper__person")
