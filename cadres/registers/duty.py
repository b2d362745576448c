"""The register of duty days."""

from django.utils.translation import gettext_lazy as _

from cadres.actions.duty import create_duty_days
from cadres.models import DutyDay
from core.menu import Group
from core.registers import Register, register
from core.rights import Rights
from core.roles import CLERKS, EDITORS, READERS, Role

#: Who makes the rota and who checks in: the village and its township.
LOCALS = {Role.CLERK, Role.SECRETARY}


@register
class DutyDayRegister(Register):
    """What came of a day is changed by the township and the district; the village checks in."""

    model = DutyDay
    path = "duty-days"
    sheet_words = {
        "day": ("值班日期", "值班时间", "时间"),
        "person": ("值班人员", "值班干部", "姓名"),
        "state": ("出勤情况", "到岗情况", "值班情况"),
        "note": ("备注",),
    }
    columns = ("day", "village", "village__township", "person", "state", "checked_in_at", "note")
    card = ("day", "village", "person", "state")
    search = ("person__name", "person__pinyin", "village__name", "note")
    filters = ("village__township", "village", "state")
    sections = ((_("Duty day"), ("village", "day", "person", "state", "note")),)
    facts = ("checked_in_at",)
    create = staticmethod(create_duty_days)
    may = Rights(view=READERS, add=EDITORS, change=CLERKS, delete=CLERKS, arrange=LOCALS, check_in=LOCALS)
    menu = (Group.TEAM, 44)
    empty = _("Generate a month's rota, or enter a day and who is on duty.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return DutyDay.objects.visible_to(user, verb).select_related("person", "village")
