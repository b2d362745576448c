"""The service mechanisms as they stand today: each one's share, and what is late, passed up or sent back, by place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import indicators
from core.indicators import Measure, Shortfall
from core.periods import Period
from core.registers import all_registers
from services.choices_cases import CaseState
from services.choices_matters import MatterState
from services.models import Case, Matter
from villages.models import Village

NAMED = 3  # records named of each mechanism


class Mechanism(NamedTuple):
    """`key`: of the indicator that says how far it is; `short`: the head of a column; `page`: its own page of a place."""

    key: str
    short: str
    page: str


MECHANISMS = (
    Mechanism("grid_coverage", _("Grids"), "services:grid_gaps"),
    Mechanism("cases_in_time", _("Cases in time"), "services:case_deadlines"),
    Mechanism("matters_registered", _("Matters registered"), "services:matter_board"),
    Mechanism("matters_finished", _("Matters done"), "services:matter_board"),
    Mechanism("residents_satisfaction", _("Satisfied residents"), "services:rating_board"),
    Mechanism("three_to_one", _("Three to one"), "services:help_board"),
    Mechanism("commitments_fulfilled", _("Promises kept"), "services:commitment_board"),
    Mechanism("deliberations_full", _("Full procedure"), "services:deliberations_list"),
)
Measures = Mapping[str, Mapping[int, Measure]]


class Cell(NamedTuple):
    """`den` 0: nothing to measure."""

    mechanism: Mechanism
    num: int
    den: int


@dataclass(frozen=True)
class Open:
    """What is open: past its limit, passed up to the township or district, sent back to be mended."""

    late: Counter = field(default_factory=Counter)
    passed_up: Counter = field(default_factory=Counter)
    sent_back: Counter = field(default_factory=Counter)


class Row(NamedTuple):
    """A place; `url`: where it is read closer."""

    name: str
    url: str
    cells: list[Cell]
    late: int
    passed_up: int
    sent_back: int


@dataclass(frozen=True)
class Standing:
    """The mechanisms over some villages. The number of queries depends on the mechanisms, not on the villages."""

    villages: list[Village]
    measures: Measures
    open: Open

    def by_village(self) -> list[Row]:
        """Who has most late first."""
        rows = [self._row(one.name, services_of(one), [one]) for one in self.villages]
        return sorted(rows, key=lambda row: -row.late)

    def by_township(self) -> list[Row]:
        parts = groupby(self.villages, key=lambda one: one.township)
        overview = reverse("dashboards:overview")
        return [self._row(place.name, f"{overview}#t{place.code}", list(own)) for place, own in parts]

    def total(self) -> Row:
        return self._row("", "", self.villages)

    def _row(self, name: str, url: str, own: Iterable[Village]) -> Row:
        keys = [one.pk for one in own]
        counted = [
            sum(counter[pk] for pk in keys) for counter in (self.open.late, self.open.passed_up, self.open.sent_back)
        ]
        return Row(name, url, [self._cell(mechanism, keys) for mechanism in MECHANISMS], *counted)

    def _cell(self, mechanism: Mechanism, keys: list[int]) -> Cell:
        found = [one for pk in keys if (one := self.measures[mechanism.key].get(pk))]
        return Cell(mechanism, sum(one.num for one in found), sum(one.den for one in found))


def services_of(village: Village) -> str:
    """The chapter of services in the village's file."""
    return f"{reverse('dashboards:village', args=[village.code])}?tab=services"


def standing(user, villages: QuerySet, day: date) -> Standing:
    """`villages`: those of the day that the person sees, in the order of codes."""
    period = Period(day.year, day)
    found = {one.key: indicators.get(one.key)(villages.order_by(), period) for one in MECHANISMS}
    return Standing(list(villages), found, _open(user, villages.order_by(), day))


def _open(user, villages: QuerySet, day: date) -> Open:
    """One query for each flow of the services."""
    late, own = Counter(), Case._meta.app_label
    for register in all_registers():
        if register.workflow and register.model._meta.app_label == own:
            late.update(_count(register.model, user, villages, Q(due_on__lt=day)))
    passed_up = _count(Case, user, villages, Q(state__in=(CaseState.TOWNSHIP, CaseState.DISTRICT)))
    return Open(late, passed_up, _count(Matter, user, villages, Q(state=MatterState.RETURNED)))


def _count(model, user, villages: QuerySet, which: Q) -> Counter:
    """Village → how many of its records."""
    path = model.territory
    rows = model.objects.visible_to(user).filter(which, **{f"{path}__in": villages}).order_by()
    return Counter(dict(rows.values_list(path).annotate(n=Count("pk")).order_by()))


# ---- one village ----


class Line(NamedTuple):
    """A mechanism in a village: how far it is, what is missing (`named`, and so many `more`), its page."""

    name: str
    cell: Cell
    named: list[Shortfall]
    more: int
    url: str


def lines_of(user, village: Village, now: Standing, day: date) -> list[Line]:
    """Each mechanism of the one village with the records that it lacks, as the person may open them."""
    own, period = Village.objects.filter(pk=village.pk), Period(day.year, day)
    asked = defaultdict(lambda: f"place={village.code}", {"services:deliberations_list": f"village={village.pk}"})
    lines = []
    for cell in now.total().cells:
        indicator = indicators.get(cell.mechanism.key)
        records = indicator.find_shortfalls(own, period).get(village.pk, [])
        url = f"{reverse(cell.mechanism.page)}?{asked[cell.mechanism.page]}"
        named = [record.shown_to(user) for record in records[:NAMED]]
        lines.append(Line(indicator.name, cell, named, max(0, len(records) - NAMED), url))
    return lines
