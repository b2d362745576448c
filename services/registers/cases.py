"""The registers of public-opinion cases, and of who hears, inspects and handles where."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import rights
from core.clock import today
from core.menu import Group
from core.registers import Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import EDITORS, READERS
from services.actions.case_entry import create_cases
from services.actions.cases import CASE_FLOW
from services.case_way import way_of
from services.choices_cases import OPEN
from services.models import Case, CasePerson, CaseRoom

VILLAGES_UP = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)


@register
class CaseRegister(Register):
    model = Case
    path = "cases"
    sheet_key = ("village", "heard_on", "title")
    sheet_words = {
        "heard_on": ("反映时间", "接访时间", "来访时间", "日期"),
        "heard_by": ("记录人员", "接访人", "接待人"),
        "how": ("反映方式", "反映渠道", "渠道"),
        "kind": ("类别", "事项类别", "诉求类别"),
        "title": ("反映事项", "事项", "诉求", "反映问题", "问题"),
        "text": ("具体内容", "诉求内容", "反映情况"),
        "raised_by": ("反映人姓名", "群众姓名", "来访人"),
        "handler": ("承办人", "经办人"),
        "answer": ("办理结果", "答复", "处理结果", "办理情况"),
        "findings": ("核查情况", "调查情况"),
    }
    columns = ("title", "number", "village", "village__township", "kind", "tier", "heard_on", "state", "due_on")
    card = ("title", "village", "tier", "state", "due_on")
    search = ("title", "number", "village__name", "phone")
    filters = ("village__township", "village", "kind", "how", "tier", "state")
    sections = (
        (_("Heard"), ("village", "hamlet", "grid", "heard_on", "heard_by", "how", "kind", "title", "text")),
        (_("Who raised it"), ("raised_by", "phone")),
        (_("Handling"), ("findings", "handler", "answer")),
    )
    facts = ("number", "tier", "joined_to", "solved_on", "answered_on", "rating", "rated_on", "reopened")
    workflow = CASE_FLOW
    told_below = frozenset(transition.name for transition in CASE_FLOW.transitions)  # the way over the tiers names each
    evidence = True
    create = staticmethod(create_cases)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS, issue_code=EDITORS)
    menu = (Group.SERVICE, 34)
    add_label = _("Enter a case in full")
    empty = _("Hear a case; its number and code go to the person who raised it.")

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [
            {"label": _("Board of cases"), "url": reverse("services:case_board")},
            {"label": _("By time limit"), "url": reverse("services:case_deadlines")},
        ]

    @classmethod
    def extra_actions(cls, user, row: Case) -> list[dict]:
        found = [{"label": _("Print"), "url": reverse("services:case_print", args=[row.pk])}]
        if rights.can(user, "issue_code", Case) and row.state in OPEN:
            slip = reverse("services:case_slip", args=[row.pk])
            found.append({"label": _("Slip with a new code"), "url": slip, "post": True})
        return found

    @classmethod
    def more(cls, request, row: Case) -> str:
        """The way over the tiers, and the cases that go with this one."""
        labels = {transition.name: transition.label for transition in CASE_FLOW.transitions}
        steps, tiers = way_of(row, today(), labels)
        followers = Case.objects.visible_to(request.user).filter(joined_to=row)
        context = {"object": row, "steps": steps, "tiers": tiers, "followers": followers}
        return render_to_string("services/_case_way.html", context)


class OfATierRegister(Register):
    """Rows of a village, a township or the district."""

    @computed(_("Tier"), order=("territory_code",))
    def show_tier(row) -> str:
        return str(row.tier.label) if row.tier else ""


@register
class CasePersonRegister(OfATierRegister):
    model = CasePerson
    path = "case-people"
    sheet_key = ("territory_code", "duty", "person", "name", "starts_on")
    columns = ("who", "duty", "tier", "territory_code", "starts_on", "ends_on")
    card = ("who", "duty", "tier", "starts_on")
    search = ("name", "person__name", "territory_code")
    filters = ("duty",)
    sections = ((_("Person for cases"), ("territory_code", "duty", "person", "name", "starts_on", "ends_on")),)
    may = VILLAGES_UP
    sheet_words = {"person": ("姓名",), "name": ("名称",), "starts_on": ("自",)}
    menu = (Group.SERVICE, 36)
    empty = _("Enter who hears, inspects and handles in your place.")

    @computed(_("Person"), order=("name",))
    def show_who(row: CasePerson) -> str:
        return str(row)

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        return CasePerson.objects.visible_to(user, verb).select_related("person")


@register
class CaseRoomRegister(OfATierRegister):
    model = CaseRoom
    path = "case-rooms"
    columns = ("place", "kind", "tier", "territory_code", "hours", "telephone")
    card = ("place", "kind", "tier", "hours")
    search = ("place", "territory_code")
    filters = ("kind",)
    sections = ((_("Room for cases"), ("territory_code", "kind", "place", "hours", "telephone")),)
    may = VILLAGES_UP
    sheet_words = {"hours": ("学时",)}
    menu = (Group.SERVICE, 38)
    empty = _("Enter the room in which people are heard, with its hours.")
