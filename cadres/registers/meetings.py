"""The register of branch meetings: three meetings and one lecture."""

from django.utils.translation import gettext_lazy as _

from cadres.models import BranchMeeting
from core.menu import Group
from core.registers import Register, register
from core.rights import Rights
from core.roles import EDITORS, READERS


@register
class BranchMeetingRegister(Register):
    model = BranchMeeting
    path = "branch-meetings"
    sheet_words = {
        "branch": ("支部", "支部名称", "党组织"),
        "kind": ("会议类型", "会议名称", "类别"),
        "held_on": ("会议时间", "召开时间", "时间"),
        "topic": ("会议内容", "主题", "会议主题", "内容"),
        "entitled": ("应到", "应到人数", "应到党员数"),
        "led_by": ("主持", "讲课人"),
    }
    columns = ("branch", "branch__village", "kind", "held_on", "topic", "led_by", "present", "entitled")
    card = ("branch", "kind", "held_on", "topic")
    search = ("branch__name", "topic", "led_by")
    filters = ("branch__village__township", "branch__village", "kind")
    sections = ((_("Branch meeting"), ("branch", "kind", "held_on", "topic", "present", "entitled", "led_by")),)
    evidence = True
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.TEAM, 63)
    empty = _("Enter each meeting of the branch when it was held: how often it is due stands in the rules of law.")
