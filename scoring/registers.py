"""The registers of scoring: standards, their criteria, and the yearly dates."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import rights
from core.fields import write_hundredths
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import READERS
from scoring import actions, words
from scoring.choices import StandardState
from scoring.models import DISTRICT, Criterion, ScoringSchedule, Standard, StandardGroup

MAY = {"view": READERS, "add": DISTRICT, "change": DISTRICT, "delete": DISTRICT}


@register
class StandardRegister(Register):
    model = Standard
    path = "standards"
    columns = ("name", "edition", "state", "first_year", "last_year", "territory_code")
    search = ("name", "name_en")
    filters = ("state",)
    sections = ((_("Standard"), ("name", "name_en", "territory_code", "first_year", "last_year", "note")),)
    facts = ("edition", "state", "supersedes")
    inlines = (Inline(StandardGroup, ("group", "pass_mark", "min_measurable"), extra=0),)
    may = Rights(**MAY, publish=DISTRICT, retire=DISTRICT)
    menu = (Group.FOUR, 10)
    create = staticmethod(actions.create_standards)
    empty = _("Begin with a draft: give it a name and its first year, then add the criteria of the four groups.")

    @classmethod
    def extra_actions(cls, user, row: Standard) -> list[dict]:
        if not rights.can(user, "add", Standard):
            return []
        buttons = [(_("New edition"), "scoring:new_edition", [row.pk], True)]
        if row.is_draft:
            buttons = [(_("Publish"), "scoring:publish", [row.pk], False)]
        elif row.state == StandardState.PUBLISHED:
            buttons.append((_("Retire"), "scoring:retire", [row.pk], False))
        return [{"label": label, "url": reverse(name, args=args), "post": post} for label, name, args, post in buttons]


@register
class CriterionRegister(Register):
    """Criteria are read on their standard's page; these pages are where a draft's are written."""

    model = Criterion
    path = "criteria"
    columns = ("label", "standard", "group", "points_text", "rule_text")
    search = ("name", "name_en", "indicator")
    filters = ("standard", "group")
    sections = (
        (_("Criterion"), ("standard", "group", "number", "name", "name_en", "indicator", "kind", "applies_to")),
        (_("Points and rule of points"), ("points", "rule", "full_at", "zero_at", "steps")),
        (_("Must, veto, and what is not measured"), ("must_at", "veto_at", "when_unmeasured", "min_base")),
        (_("Basis and remarks"), ("source",)),
    )
    may = Rights(**MAY)
    order = ("standard", "number")
    empty = _("Open a draft standard and add its first criterion.")

    @computed(_("Criterion"))
    def show_label(row: Criterion) -> str:
        return row.label

    @computed(_("Worth"))
    def show_points_text(row: Criterion) -> str:
        return write_hundredths(row.points)

    @computed(_("Full points"))
    def show_rule_text(row: Criterion) -> str:
        return words.rule_text(row)

    @classmethod
    def url(cls, page, row=None) -> str:
        """After saving, back to the standard, at the criterion."""
        if page == "detail":
            return f"{StandardRegister.url('detail', row.standard)}#c{row.number}"
        return super().url(page, row)


@register
class ScheduleRegister(Register):
    model = ScoringSchedule
    path = "schedules"
    columns = ("territory_code", "month", "day", "of_previous_year", "enabled")
    may = Rights(**MAY)
    menu = (Group.SETTINGS, 25)
    empty = _("Set the day on which the district is scored each year.")
