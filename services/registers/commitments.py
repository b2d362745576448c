"""The registers of commitments, of members exempted, and of the district's days."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import menu
from core.menu import Group
from core.registers import Register, register
from core.rights import Rights
from core.roles import DISTRICT, EDITORS, LOCAL, READERS
from services.actions.commitments import COMMITMENT_FLOW, correct, promise
from services.choices_commitments import CommitmentState as State
from services.models import Commitment, CommitmentExemption, CommitmentYear

menu.add("services:commitment_board", _("Board of commitments"), Group.SERVICE, 60, READERS)


@register
class CommitmentRegister(Register):
    model = Commitment
    path = "commitments"
    sheet_month_ends = ("finish_by",)
    sheet_words = {
        "member": ("姓名", "党员", "党员姓名", "中共党员"),
        "year": ("年份",),
        "kind": ("类别",),
        "promise": ("承诺内容", "承诺事项"),
        "promised_on": ("承诺时间",),
        "finish_by": ("完成时限", "完成期限", "办结时限"),
        "fulfilled_on": ("践诺时间", "完成时间"),
        "outcome": ("践诺情况", "完成情况", "兑现情况"),
        "appraised_on": ("评诺时间", "评诺日期"),
        "by_members": ("党员评议", "党员评价"),
        "by_residents": ("群众评议", "群众评价"),
    }
    columns = (
        "member__person",
        "member__branch__village",
        "year",
        "kind",
        "promise",
        "promised_on",
        "fulfilled_on",
        "by_members",
        "by_residents",
        "state",
        "due_on",
    )
    card = ("member__person", "kind", "promise", "state", "due_on")
    search = ("member__person__name", "member__person__pinyin", "promise", "outcome")
    filters = ("member__branch__village__township", "member__branch__village", "kind", "state")
    sections = (
        (_("Promise"), ("member", "year", "kind", "promise", "promised_on", "finish_by", "posted_on")),
        (_("Fulfilment"), ("fulfilled_on", "outcome")),
        (_("Appraisal"), ("appraised_on", "by_members", "by_residents")),
    )
    workflow = COMMITMENT_FLOW
    evidence = True
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.SERVICE, 62)
    bulk = ("posted_on",)
    add_label = _("File a promise in full")
    empty = _("File the first promise of a party member: one of four kinds, with the day by which it is done.")
    create = staticmethod(promise)
    update = staticmethod(correct)

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        if not user.roles & LOCAL:
            return []
        return [{"label": gettext("File a promise"), "url": reverse("services:commitment_file")}]

    @classmethod
    def summary(cls, rows) -> str:
        """“承诺9条，践诺7条，评诺5条”"""
        done = Count("pk", filter=Q(state__in=(State.FULFILLED, State.APPRAISED)))
        facts = rows.order_by().aggregate(
            n=Count("pk"), done=done, appraised=Count("pk", filter=Q(state=State.APPRAISED))
        )
        text = ngettext(
            "%(n)d promise, %(done)d fulfilled, %(appraised)d appraised",
            "%(n)d promises, %(done)d fulfilled, %(appraised)d appraised",
            facts["n"],
        )
        return text % facts if facts["n"] else ""


@register
class CommitmentExemptionRegister(Register):
    model = CommitmentExemption
    path = "commitment-exemptions"
    sheet_words = {
        "member": ("姓名", "党员", "党员姓名", "中共党员"),
        "reason": ("原因", "免于承诺理由"),
        "decided_on": ("决议时间", "决定时间"),
        "note": ("备注",),
    }
    columns = ("member__person", "member__branch__village", "year", "reason", "decided_on", "note")
    card = ("member__person", "member__branch__village", "year", "reason")
    search = ("member__person__name", "member__person__pinyin", "note")
    filters = ("member__branch__village__township", "member__branch__village", "reason")
    sections = ((_("Exemption"), ("member", "year", "reason", "decided_on", "note")),)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.SERVICE, 64)


@register
class CommitmentYearRegister(Register):
    model = CommitmentYear
    path = "commitment-years"
    columns = ("year", "promise_by", "fulfil_by", "appraise_by", "source")
    sections = ((_("Days of the year"), ("year", "promise_by", "fulfil_by", "appraise_by", "source")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 72)
