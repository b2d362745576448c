"""The registers of courses and of who attended them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cadres.actions.training import create_courses
from cadres.models import Attendance, Course
from core.menu import Group
from core.registers import Register, register
from core.rights import Rights
from core.roles import EDITORS, READERS


@register
class CourseRegister(Register):
    model = Course
    path = "courses"
    sheet_key = ("name", "starts_on")
    sheet_words = {
        "name": ("培训班名称", "培训名称", "班次", "培训项目"),
        "topic": ("培训主题", "培训内容", "主题", "议题"),
        "starts_on": ("开班时间", "培训时间", "开始时间", "起始日期"),
        "seats": ("人数", "培训人数", "参训人数"),
        "place": ("培训地点", "地点"),
        "organiser": ("主办单位", "举办单位"),
        "note": ("备注",),
    }
    columns = ("name", "mode", "topic", "starts_on", "days", "hours", "seats", "place", "organiser", "cancelled")
    card = ("name", "mode", "starts_on", "hours", "place")
    search = ("name", "place", "organiser")
    filters = ("mode", "topic", "cancelled")
    sections = (
        (_("Course"), ("name", "mode", "topic", "starts_on", "days", "hours", "seats")),
        (_("Place and people"), ("place", "organiser", "cancelled", "note")),
    )
    create = staticmethod(create_courses)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.TEAM, 32)
    empty = _("Enter the courses of the year's plan; who attended is ticked on the sheet of each.")

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": _("Training plan"), "url": reverse("cadres:training_plan")}]

    @classmethod
    def extra_actions(cls, user, row: Course) -> list[dict]:
        return [{"label": _("Attendance sheet"), "url": reverse("cadres:training_sheet", args=[row.pk])}]


@register
class AttendanceRegister(Register):
    model = Attendance
    path = "attendances"
    sheet_words = {
        "person": ("学员", "学员姓名"),
        "present": ("是否参训", "是否参加", "到训"),
        "result": ("成绩", "考核结果", "考试结果", "结果"),
        "course": ("培训名称", "班次"),
        "note": ("备注",),
        "subsidy": ("补贴", "误工补贴"),
    }
    columns = (
        "person",
        "person__village",
        "course",
        "course__starts_on",
        "present",
        "hours",
        "result",
        "subsidy",
        "own_share",
    )
    card = ("person", "person__village", "course", "hours", "result")
    search = ("person__name", "person__pinyin", "person__village__name", "course__name")
    filters = ("person__village__township", "person__village", "course__mode", "course__topic", "present", "result")
    sections = (
        (_("Attendance"), ("person", "course", "present", "hours", "result", "note")),
        (_("Adult education"), ("subsidy", "own_share")),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.TEAM, 34)
    empty = _("Tick who attended on the sheet of a course; the hours of each cadre are counted from it.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return Attendance.objects.visible_to(user, verb).select_related("person", "course")
