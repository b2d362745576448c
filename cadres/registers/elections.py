"""The registers of elections and of those elected to speak for others; the base of every vote in the menu."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.actions.elections import ELECTION_FLOW, create_elected, update_elected
from cadres.models import Candidate, Election, GroupLeader, Representative
from cadres.registers.states import FlowRegister
from core import menu, rights
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, READERS, Role
from core.templatetags.portal import share

ENTERED_BY = {Role.SECRETARY, Role.CLERK}

menu.add("cadres:voters", _("Base of votes"), Group.TEAM, 26, READERS)
rights.declare(Candidate, Rights(view=READERS, add=ENTERED_BY, change=ENTERED_BY, delete=ENTERED_BY))


@register
class ElectionRegister(FlowRegister):
    model = Election
    path = "elections"
    sheet_key = ("village", "body", "kind", "held_on", "hamlet")
    sheet_words = {
        "body": ("选举机构", "选举班子", "班子", "选举类型"),
        "kind": ("换届或补选",),
        "method": ("选举方式", "产生方式", "方式"),
        "held_on": ("选举日期", "投票日", "选举时间"),
        "seats": ("应选人数", "应选职数", "名额"),
        "voted": ("参加投票", "投票人数", "实到人数", "参选人数"),
        "entitled": ("选民数", "登记选民数", "应到", "应到人数"),
    }
    columns = (
        "village",
        "village__township",
        "body",
        "hamlet",
        "kind",
        "method",
        "held_on",
        "turnout",
        "state",
        "due_on",
    )
    card = ("village", "body", "held_on", "turnout", "state")
    search = ("village__name", "village__pinyin", "document")
    filters = ("village__township", "village", "body", "kind", "method", "state")
    sections = (
        (_("Election"), ("village", "body", "kind", "method", "term", "hamlet", "held_on", "seats", "document")),
        (_("Turnout"), ("entitled", "voted")),
    )
    inlines = (
        Inline(Candidate, ("person", "position", "hamlet", "households", "votes", "elected"), title=_("Candidates")),
    )
    order = ("-held_on", "village__code", "body")
    workflow = ELECTION_FLOW
    evidence = True
    may = Rights(view=READERS, add=ENTERED_BY, change=ENTERED_BY, delete=ENTERED_BY)
    menu = (Group.TEAM, 22)
    empty = _("Enter an election with its candidates and votes; posts follow when the township confirms it.")

    @classmethod
    def extra_actions(cls, user, row: Election) -> list[dict]:
        return [{"label": gettext("Result against the rules"), "url": reverse("cadres:election_result", args=[row.pk])}]

    @computed(_("Turnout"), number=True)
    def show_turnout(row: Election) -> str:
        return share(row.voted, row.entitled)


@register
class RepresentativeRegister(Register):
    model = Representative
    path = "representatives"
    sheet_key = ("person", "starts_on")
    sheet_months = ("starts_on", "ends_on")
    sheet_words = {
        "person": ("代表姓名", "村民代表"),
        "hamlet": ("所在小组", "小组", "村民小组"),
        "households": ("联系户数", "推选户数"),
        "starts_on": ("当选时间", "任职时间", "推选时间", "日期", "自"),
        "ends_on": ("离任时间",),
    }
    columns = ("person", "village", "hamlet", "households", "starts_on", "ends_on", "election")
    card = ("person", "village", "hamlet", "households")
    search = ("person__name", "person__pinyin", "village__name", "hamlet__name")
    filters = ("village__township", "village")
    sections = ((_("Representative"), ("village", "person", "hamlet", "households", "starts_on", "ends_on")),)
    facts = ("election",)
    order = ("village__code", "hamlet__name", "-starts_on", "person__name")
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 24)
    empty = _("Representatives follow from their election; enter here those elected before the portal.")
    create = staticmethod(create_elected)
    update = staticmethod(update_elected)


@register
class GroupLeaderRegister(Register):
    model = GroupLeader
    path = "group-leaders"
    sheet_key = ("hamlet", "person", "starts_on")
    sheet_months = ("starts_on", "ends_on")
    sheet_words = {
        "person": ("组长", "组长姓名", "小组长"),
        "hamlet": ("小组", "村民小组", "所在小组"),
        "starts_on": ("当选时间", "任职时间", "推选时间", "自"),
        "ends_on": ("离任时间",),
    }
    columns = ("person", "village", "hamlet", "starts_on", "ends_on", "election")
    card = ("person", "village", "hamlet", "starts_on")
    search = ("person__name", "person__pinyin", "village__name", "hamlet__name")
    filters = ("village__township", "village")
    sections = ((_("Group leader"), ("village", "hamlet", "person", "starts_on", "ends_on")),)
    facts = ("election",)
    order = ("village__code", "hamlet__name", "-starts_on")
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 25)
    empty = _("Group leaders follow from their election; enter here those elected before the portal.")
    create = staticmethod(create_elected)
    update = staticmethod(update_elected)
