"""Cases at a glance: the board by state, the list by time limit, the sheet to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cadres.places import Place, place_of
from core import menu, rights
from core.clock import today
from core.menu import Group
from core.pages import page
from core.registers.flow import Due, due_of
from core.roles import READERS
from services.actions.cases import CASE_FLOW
from services.case_way import way_of
from services.choices_cases import CaseState, Tier
from services.models import Case

S = CaseState
#: The columns of the board: what they are called, the states that stand in them.
COLUMNS = (
    (gettext_lazy("Hear"), (S.HEARD,)),
    (gettext_lazy("Inspect"), (S.INSPECTED,)),
    (gettext_lazy("Handle"), (S.VILLAGE, S.TOWNSHIP, S.DISTRICT)),
    (gettext_lazy("Answer"), (S.SOLVED,)),
    (gettext_lazy("Rate"), (S.ANSWERED, S.UNSATISFIED)),
)
#: Cards in a column, and lines of a list; the rest is in the register.
SHOWN, LINES = 12, 100


@dataclass(frozen=True)
class Card:
    case: Case
    due: Due | None


@dataclass(frozen=True)
class Column:
    label: str
    states: Sequence[str]
    total: int
    late: int
    cards: list[Card]

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


def _open_cases(user, place: Place, tier: str) -> QuerySet:
    rows = Case.objects.visible_to(user).open().filter(village__in=place.villages)
    return rows.filter(tier=tier) if tier in Tier else rows


@require_GET
@page(READERS)
def show_board(request):
    """`?place=` code, `?tier=`."""
    day, place, tier = today(), place_of(request.user, request.GET.get("place", "")), request.GET.get("tier", "")
    every = _open_cases(request.user, place, "")
    tiers = dict(every.order_by().values_list("tier").annotate(n=Count("pk")))
    columns = _columns(_open_cases(request.user, place, tier), day)
    context = {
        "place": place,
        "tier": tier,
        "tiers": [("", _("All tiers"), sum(tiers.values()))] + [(one, one.label, tiers.get(one, 0)) for one in Tier],
        "columns": columns,
        "total": sum(column.total for column in columns),
        "late": sum(column.late for column in columns),
        "may_add": rights.can(request.user, "add", Case),
    }
    return render(request, "services/case_board.html", context)


def _columns(rows: QuerySet, day: date) -> list[Column]:
    """One query for the counts, one a column that has cards."""
    counted = rows.order_by().values("state").annotate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day)))
    counts = {one["state"]: (one["total"], one["late"]) for one in counted}
    found = []
    for label, states in COLUMNS:
        total, late = (sum(counts.get(state, (0, 0))[part] for state in states) for part in (0, 1))
        found.append(Column(label, states, total, late, _cards(rows.filter(state__in=states), day) if total else []))
    return found


def _cards(rows: QuerySet, day: date, limit: int = SHOWN) -> list[Card]:
    urgent = rows.with_place().order_by(F("due_on").asc(nulls_last=True), "pk")
    return [Card(case, due_of(case, day)) for case in urgent[:limit]]


@require_GET
@page(READERS)
def show_deadlines(request):
    """`?place=`, `?tier=`: open cases, the latest first."""
    day, place, tier = today(), place_of(request.user, request.GET.get("place", "")), request.GET.get("tier", "")
    rows = _open_cases(request.user, place, tier)
    context = {
        "place": place,
        "tier": tier,
        "tiers": [("", _("All tiers"))] + [(one, one.label) for one in Tier],
        "lines": _cards(rows, day, LINES),
        "total": rows.count(),
        "late": rows.filter(due_on__lt=day).count(),
        "may_add": rights.can(request.user, "add", Case),
    }
    return render(request, "services/case_deadlines.html", context)


def case_of(user, pk: int, verb: str = "view") -> Case:
    """The case that the person may `verb`. Raises Http404."""
    case = Case.objects.visible_to(user, verb).with_place().filter(pk=pk).first()
    if case is None:
        raise Http404(_("There is no such record in your territory."))
    return case


@require_GET
@page(READERS)
def print_case(request, pk: int):
    """The case on one sheet of A4, with lines for signatures."""
    case = case_of(request.user, pk)
    labels = {transition.name: transition.label for transition in CASE_FLOW.transitions}
    steps, tiers = way_of(case, today(), labels)
    context = {"object": case, "leader": case.leader, "steps": steps, "tiers": tiers}
    return render(request, "services/case_sheet.html", context)


menu.add("services:case_board", gettext_lazy("Board of cases"), Group.SERVICE, 30, READERS)
menu.add("services:case_deadlines", gettext_lazy("Cases by time limit"), Group.SERVICE, 32, READERS)

urlpatterns = [
    path("case-board/", show_board, name="case_board"),
    path("case-deadlines/", show_deadlines, name="case_deadlines"),
    path("cases/<int:pk>/print/", print_case, name="case_print"),
]
