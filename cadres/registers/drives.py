"""The registers of the style drives and of what villages did in them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cadres.choices_development import DriveState
from cadres.models import Drive, DriveRecord
from core.menu import Group
from core.registers import Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS
from core.templatetags.portal import tag

TAGS = {DriveState.BEGUN: "plain", DriveState.MENDING: "near", DriveState.DONE: "ok"}


@register
class DriveRecordRegister(Register):
    model = DriveRecord
    path = "drive-records"
    sheet_key = ("village", "drive", "started_on")
    sheet_months = ("started_on",)
    sheet_words = {
        "result": ("结果",),
        "drive": ("项目", "创建项目", "活动名称", "六治六比"),
        "started_on": ("启动时间", "日期"),
        "problems": ("存在问题", "突出问题", "查找问题"),
        "measures": ("整改措施", "措施", "整顿措施"),
        "finished_on": ("整改时间", "完成时间"),
        "state": ("进展", "整改状态"),
    }
    columns = ("village", "village__township", "drive", "started_on", "problems", "standing", "finished_on", "result")
    card = ("village", "drive", "standing", "started_on")
    search = ("village__name", "problems", "result")
    filters = ("village__township", "village", "drive", "state")
    sections = (
        (_("Problems"), ("village", "drive", "started_on", "problems")),
        (_("What was done"), ("measures", "state", "finished_on", "result")),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.TEAM, 46)
    evidence = True
    empty = _("Enter for each of the six drives which problems were found, what is done, and what came of it.")

    @classmethod
    def queryset(cls, user, verb: str = "view") -> QuerySet:
        return DriveRecord.objects.visible_to(user, verb).select_related("village", "drive")

    @computed(_("State"), order=("state",))
    def show_standing(row: DriveRecord) -> str:
        return tag(TAGS[row.state], row.get_state_display())


@register
class DriveRegister(Register):
    model = Drive
    path = "drives"
    columns = ("label", "vice", "quality", "organisation", "position")
    search = ("name", "name_en", "key")
    sections = ((_("Style drive"), ("key", "name", "name_en", "vice", "quality", "organisation", "position")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 92)
    empty = _("Enter the drives: which vice each treats, which quality it compares, what it creates.")

    @computed(_("Name"))
    def show_label(row: Drive) -> str:
        return row.label
