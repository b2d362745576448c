"""The registers of supervisors and of admonishments."""

from django.utils.translation import gettext_lazy as _

from cadres.actions.supervision import ADMONISHMENT_FLOW, SUPERVISOR_FLOW
from cadres.models import Admonishment, Supervisor
from cadres.registers.states import FlowRegister
from core.menu import Group
from core.registers import register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import EDITORS, READERS, Role

#: A secretary may be the one who is admonished.
ADMONISHERS = frozenset({Role.DISTRICT, Role.CLERK, Role.INSPECTOR})


@register
class SupervisorRegister(FlowRegister):
    model = Supervisor
    path = "supervisors"
    sheet_key = ("person", "recommended_on")
    sheet_words = {
        "recommended_on": ("推荐时间", "推荐日期", "推选时间"),
        "note": ("备注",),
        "in_favour": ("得票数", "赞成票"),
    }
    columns = ("person", "village", "village__township", "recommended_on", "vote", "state", "starts_on", "ends_on")
    card = ("person", "village", "state", "starts_on")
    search = ("person__name", "person__pinyin", "village__name", "note")
    filters = ("village__township", "village", "state")
    sections = ((_("Discipline supervisor"), ("village", "person", "recommended_on", "present", "in_favour", "note")),)
    facts = ("starts_on", "ends_on")
    workflow = SUPERVISOR_FLOW
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.TEAM, 50)
    empty = _("Enter the four party members whom the members' meeting recommends; the branch proposes them.")

    @computed(_("In favour / present"))
    def show_vote(row: Supervisor) -> str:
        return EMPTY if row.present is None else f"{row.in_favour}/{row.present}"


@register
class AdmonishmentRegister(FlowRegister):
    model = Admonishment
    path = "admonishments"
    sheet_key = ("person", "talked_on")
    sheet_words = {
        "person": ("谈话对象", "被谈话人"),
        "talked_on": ("谈话时间", "时间"),
        "grounds": ("谈话事由", "事由", "原因"),
    }
    columns = ("person", "village", "village__township", "talked_on", "talked_by", "follow_up_on", "state")
    card = ("person", "village", "talked_on", "follow_up_on", "state")
    search = ("person__name", "person__pinyin", "village__name", "grounds")
    filters = ("village__township", "village", "state")
    sections = (
        (
            _("Admonishment"),
            ("village", "person", "talked_on", "talked_by", "follow_up_on", "grounds", "measures"),
        ),
    )
    workflow = ADMONISHMENT_FLOW
    may = Rights(view=ADMONISHERS | {Role.LEADER}, add=ADMONISHERS, change=ADMONISHERS, delete=ADMONISHERS)
    menu = (Group.TEAM, 54)
    empty = _("Enter the talk with a cadre and the day on which it is followed up.")
