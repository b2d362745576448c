"""The registers of the ground."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.menu import Group
from core.models import Holiday, TimeLimit
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS, Role
from villages.actions import ADOPTION_FLOW, create_adoptions, update_divisions
from villages.models import Adoption, District, Hamlet, LegalRule, Regulation, Township, Village


@register
class DistrictRegister(Register):
    model = District
    path = "districts"
    sheet_months = ("opened_on", "closed_on")
    columns = ("name", "code", "opened_on", "closed_on")
    sections = ((_("District"), ("code", "name", "opened_on", "closed_on", "successor")),)
    sheet_words = {"code": ("查询码",)}
    may = Rights(view={Role.DISTRICT, Role.LEADER})


@register
class TownshipRegister(Register):
    model = Township
    path = "townships"
    sheet_months = ("opened_on", "closed_on")
    columns = ("name", "code", "former_name", "opened_on", "closed_on")
    search = ("name", "pinyin", "former_name", "code")
    sections = ((_("Township"), ("code", "name", "former_name", "opened_on", "closed_on", "successor")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT)
    sheet_words = {"code": ("查询码",)}
    menu = (Group.SETTINGS, 40)
    update = staticmethod(update_divisions)


@register
class VillageRegister(Register):
    model = Village
    path = "villages"
    sheet_key = ("name",)
    sheet_months = ("opened_on", "closed_on")
    sheet_words = {
        "name": ("村名", "村（社区）", "村社区"),
        "code": ("区划代码", "村代码", "行政区划代码", "查询码"),
        "population": ("总人口", "人口", "户籍人数"),
        "main_industry": ("主导产业", "主要产业", "支柱产业"),
        "in_plan": ("是否列入三年计划", "列入计划"),
    }
    columns = ("name", "township", "kind", "code", "in_plan", "households", "population", "main_industry")
    card = ("name", "township", "kind", "code")
    search = ("name", "pinyin", "official_name", "code")
    filters = ("township", "kind", "in_plan")
    sections = (
        (
            pgettext_lazy("division", "Territory"),
            ("code", "name", "official_name", "kind", "opened_on", "closed_on", "successor"),
        ),
        (_("Facts"), ("in_plan", "households", "population", "main_industry")),
    )
    facts = ("township",)
    inlines = (Inline(Hamlet, ("name", "households", "opened_on", "closed_on")),)
    may = Rights(view=READERS, add=DISTRICT, change=CLERKS)
    update = staticmethod(update_divisions)
    menu = (Group.FOUR, 30)
    empty = _("Enter the first village with its code of 12 digits, or import the register.")

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        return [{"label": _("Village dossier"), "url": reverse("dashboards:village", args=[row.code])}]


@register
class HamletRegister(Register):
    model = Hamlet
    path = "hamlets"
    sheet_months = ("opened_on", "closed_on")
    sheet_words = {
        "name": ("坡名", "屯名", "自然村", "自然村名称", "自然屯", "坡（屯）名称", "村民小组"),
    }
    columns = ("name", "village", "village__township", "households", "opened_on", "closed_on")
    card = ("name", "village", "households")
    search = ("name", "pinyin", "village__name")
    filters = ("village__township", "village")
    sections = ((_("Hamlet"), ("village", "name", "households", "opened_on", "closed_on")),)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.FOUR, 50)
    empty = _("Enter the hamlets of each village: grids are drawn over them.")


@register
class RegulationRegister(Register):
    model = Regulation
    path = "regulations"
    columns = ("label", "field", "applies_to", "needs_vote", "required_from", "required_until", "source")
    card = ("label", "field", "applies_to", "needs_vote")
    search = ("name", "name_en", "key")
    filters = ("field", "applies_to", "needs_vote")
    sections = (
        (_("Regulation"), ("key", "name", "name_en", "field", "applies_to", "needs_vote", "position")),
        (_("Validity"), ("required_from", "required_until", "source")),
    )
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 70)
    empty = _("Enter the regulations that every village must have; the score counts against this list.")

    @computed(_("Name"))
    def show_label(row: Regulation) -> str:
        return row.label


@register
class AdoptionRegister(Register):
    model = Adoption
    path = "adoptions"
    sheet_key = ("village", "regulation", "adopted_on")
    sheet_months = ("adopted_on", "posted_on", "reviewed_on")
    sheet_words = {
        "regulation": ("制度", "制度名称", "规章制度名称", "已建制度"),
        "adopted_on": ("建立时间", "制定时间", "通过时间", "出台时间", "建立日期"),
        "body": ("通过形式", "表决形式", "通过会议", "通过方式"),
        "present": ("实到", "实到人数"),
        "in_favour": ("同意人数", "赞成票数", "赞成票"),
        "posted_on": ("上墙公示时间", "公示时间"),
        "reviewed_on": ("审核时间", "审查时间"),
    }
    columns = ("regulation", "village", "adopted_on", "body", "vote", "posted_on", "reviewed_on", "state")
    card = ("regulation", "village", "adopted_on", "state")
    search = ("regulation__name", "regulation__name_en", "village__name", "document")
    filters = ("village__township", "village", "regulation__field", "state")
    sections = (
        (_("Adoption"), ("village", "regulation", "adopted_on", "body", "document")),
        (_("Vote"), ("voters", "entitled", "present", "in_favour")),
        (_("After adoption"), ("posted_on", "reviewed_on")),
    )
    facts = ("abolished_on",)
    workflow = ADOPTION_FLOW
    evidence = True
    bulk = ("posted_on", "reviewed_on")
    create = staticmethod(create_adoptions)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.FOUR, 60)
    empty = _("Enter the regulations that the village has adopted; each one counts from its date.")

    @computed(_("In favour / present / entitled"))
    def show_vote(row: Adoption) -> str:
        return "—" if row.entitled is None else f"{row.in_favour}/{row.present}/{row.entitled}"


@register
class LegalRuleRegister(Register):
    model = LegalRule
    path = "legal-rules"
    columns = ("key", "applies_to", "value", "inclusive", "in_force_from", "in_force_until", "source", "confidence")
    filters = ("key", "applies_to", "confidence")
    sections = (
        (_("Rule of law"), ("key", "applies_to", "place", "value", "inclusive")),
        (_("Validity"), ("in_force_from", "in_force_until", "source", "confidence")),
    )
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    sheet_words = {"value": ("比例",), "confidence": ("依据",)}
    menu = (Group.SETTINGS, 80)


@register
class HolidayRegister(Register):
    model = Holiday
    app = "villages"
    path = "holidays"
    columns = ("day", "name", "is_workday", "saved_by")
    search = ("name",)
    filters = ("is_workday",)
    sections = ((_("Holiday or worked weekend"), ("day", "name", "is_workday")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 84)
    empty = _(
        "Enter the days off and the weekends worked as the State Council announces them; time limits count by them."
    )


@register
class TimeLimitRegister(Register):
    model = TimeLimit
    app = "villages"
    path = "time-limits"
    columns = ("name", "workdays", "remind_before", "in_force_from", "in_force_until", "source")
    search = ("name", "key")
    sections = (
        (_("Time limit"), ("key", "name", "workdays", "remind_before")),
        (_("Validity"), ("in_force_from", "in_force_until", "source")),
    )
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 82)
