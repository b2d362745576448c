"""The registers of households and of the three bodies of hamlets."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import menu, rights
from core.clock import today
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import EDITORS, READERS
from services.models import BodyMember, HamletBody, Household

menu.add("services:bodies", gettext_lazy("One group, two meetings"), Group.SERVICE, 70, READERS)
rights.declare(BodyMember, Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS))


@register
class HouseholdRegister(Register):
    model = Household
    path = "households"
    sheet_months = ("starts_on", "ends_on")
    sheet_words = {
        "householder": ("户主姓名", "姓名"),
        "people": ("人口数", "家庭人口", "人数"),
        "adults": ("有表决权人数", "成年人数", "表决权人数"),
        "starts_on": ("登记时间", "登记日期", "起始时间", "自"),
        "ends_on": ("注销时间", "注销日期", "离任日期"),
    }
    columns = ("householder", "hamlet__village", "hamlet", "people", "adults", "starts_on", "ends_on")
    card = ("householder", "hamlet", "people", "adults")
    search = ("householder", "pinyin", "mark", "hamlet__name")
    filters = ("hamlet__village", "hamlet")
    sections = (
        (gettext_lazy("Household"), ("hamlet", "householder", "people", "adults", "starts_on", "mark", "ends_on")),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.SERVICE, 72)
    empty = gettext_lazy("Enter the households of each hamlet: they are the base of every householders' vote.")

    @classmethod
    def summary(cls, rows) -> str:
        """“64户，251人，其中成年人190”"""
        facts = rows.on(today()).counted()
        text = ngettext(
            "%(households)d household, %(people)d people, %(adults)d of them adults",
            "%(households)d households, %(people)d people, %(adults)d of them adults",
            facts["households"],
        )
        return text % facts if facts["households"] else ""


@register
class HamletBodyRegister(Register):
    model = HamletBody
    path = "hamlet-bodies"
    sheet_months = ("formed_on", "ended_on")
    sheet_month_ends = ("term_ends_on",)
    sheet_words = {
        "kind": ("组织类型", "组织名称"),
        "formed_on": ("成立时间", "组建时间"),
        "term_ends_on": ("届满时间",),
        "ended_on": ("撤销时间", "撤销日期", "离任日期"),
    }
    columns = ("hamlet", "hamlet__village", "kind", "size", "formed_on", "term_ends_on", "ended_on")
    card = ("hamlet", "kind", "size", "term_ends_on")
    search = ("hamlet__name", "hamlet__village__name")
    filters = ("hamlet__village", "kind")
    sections = (
        (
            gettext_lazy("Body"),
            ("hamlet", "kind", "formed_on", "term_ends_on", "of_representatives", "ended_on"),
        ),
    )
    inlines = (
        Inline(
            BodyMember,
            ("office", "party_member", "person", "name", "starts_on", "ends_on"),
            title=gettext_lazy("Members"),
        ),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.SERVICE, 71)
    empty = gettext_lazy("Enter the three bodies of each hamlet: party group, householders' meeting, council.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        now = Q(members__starts_on__lte=today()) & (Q(members__ends_on__isnull=True) | Q(members__ends_on__gt=today()))
        return super().queryset(user, verb).annotate(n_members=Count("members", filter=now))

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        return [{"label": _("Bodies of the hamlet"), "url": reverse("services:hamlet_bodies", args=[row.hamlet_id])}]

    @computed(gettext_lazy("Members"), order=("n_members",), number=True)
    def show_size(row: HamletBody) -> str:
        return str(row.n_members)
