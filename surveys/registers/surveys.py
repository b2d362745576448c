"""The registers of surveys with their plans and teams, and of visits in the field."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS
from surveys.models import FieldVisit, Survey, Team


@register
class SurveyRegister(Register):
    model = Survey
    path = "surveys"
    columns = ("title", "edition__questionnaire", "unit", "form", "starts_on", "ends_on", "round", "reconstructed")
    card = ("title", "unit", "starts_on", "ends_on")
    search = ("title", "purpose")
    filters = ("unit", "form", "round")
    sections = (
        (_("Survey"), ("title", "edition", "territory_code", "unit", "form", "purpose", "note")),
        (_("Period and round"), ("starts_on", "ends_on", "round", "compared_with")),
    )
    facts = ("is_reconstructed",)
    inlines = (Inline(Team, ("name", "leader", "members")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    sheet_words = {"title": ("标题",), "purpose": ("用途",)}
    menu = (Group.SURVEY, 10)
    empty = _("Publish a questionnaire, then say of whom it is asked, when, and how many sheets each village owes.")

    @classmethod
    def extra_actions(cls, user, row: Survey) -> list[dict]:
        return [{"label": _("Field work"), "url": reverse("surveys:survey", args=[row.pk]), "post": False}]

    @computed(_("Where the answers come from"))
    def show_reconstructed(row: Survey) -> str:
        return str(_("Reconstructed") if row.is_reconstructed else _("Collected"))


@register
class FieldVisitRegister(Register):
    model = FieldVisit
    path = "field-visits"
    sheet_words = {
        "day": ("走访日期", "时间"),
        "people_met": ("走访人数",),
        "notes": ("备注", "情况"),
    }
    columns = ("village", "village__township", "day", "survey", "form", "team", "people_met")
    card = ("village", "day", "survey", "form")
    search = ("village__name", "notes")
    filters = ("survey", "village__township", "village", "form")
    sections = (
        (_("Field visit"), ("survey", "village", "day", "form", "team", "people_met")),
        (_("Found in the village"), ("notes",)),
    )
    evidence = True
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.SURVEY, 30)
    empty = _("Enter the day on which a team was in a village, what form the study took, and what was found.")
