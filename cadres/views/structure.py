"""Pages on the structure of cadres, new members, and whether committees are complete."""

from datetime import date
from fractions import Fraction

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cadres import compare, structure
from cadres.choices import AgeBand, EducationBand
from cadres.committees import committees_on
from cadres.places import place_of
from core.clock import today
from core.pages import number_in, page
from core.roles import READERS
from core.shares import rounded
from core.sheets import csv_response
from core.templatetags.portal import percent

EARLIEST = 1950  # year; before it there are no committees to look at
PAGE = 100  # villages on a page
#: What the table by place shows: (dimension, band).
COLUMNS = (
    ("age", AgeBand.UNDER_40),
    ("age", AgeBand.MIDDLE),
    ("age", AgeBand.OVER_50),
    ("education", EducationBand.JUNIOR),
    ("education", EducationBand.SENIOR),
    ("education", EducationBand.COLLEGE),
    ("sex", "female"),
    ("party", "member"),
)


def day_of(text: str, otherwise: date) -> date:
    """The day that was typed; what is no day of our time is taken for the usual one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if day.year >= EARLIEST else otherwise


def year_before(day: date) -> date:
    return structure.latest_birth(day, 1)


@require_GET
@page(READERS)
def show_structure(request):
    """`?place=` code, `?day=` and `?than=` days to lay side by side, `?as=csv`."""
    place = place_of(request.user, request.GET.get("place", ""))
    day = day_of(request.GET.get("day", ""), today())
    than = day_of(request.GET.get("than", ""), year_before(day))
    now, before = (structure.cadres_on(place.villages, one, place.code) for one in (day, than))
    if request.GET.get("as") == "csv":
        return _sheet(_("Structure of cadres"), [(day.isoformat(), now), (than.isoformat(), before)])
    context = {
        "place": place,
        "day": day,
        "than": than,
        "now": now,
        "before": before,
        "tables": compare.tables(now.whole, before.whole),
        "heads": [now.whole[key][band].label for key, band in COLUMNS],
        "rows": [
            (part, earlier, [part[key][band] for key, band in COLUMNS]) for part, earlier in compare.beside(now, before)
        ],
        "village": place.villages.values_list("pk", flat=True).first() if len(place.code) == 12 else None,
    }
    return render(request, "cadres/structure.html", context)


@require_GET
@page(READERS)
def show_admitted(request):
    """`?place=`, `?year=`, `?months=` up to which, `?plan=1`: those villages alone that are in the plan; `?as=csv`."""
    place = place_of(request.user, request.GET.get("place", ""))
    day = today()
    year = _number(request.GET.get("year", ""), day.year, range(EARLIEST, day.year + 1))
    months = _number(request.GET.get("months", ""), day.month if year == day.year else 12, range(1, 13))
    in_plan = request.GET.get("plan") == "1"
    villages = place.villages.filter(in_plan=True) if in_plan else place.villages
    now, before = (structure.admitted(villages, *_span(one, months), place.code) for one in (year, year - 1))
    if request.GET.get("as") == "csv":
        return _sheet(_("New party members"), [(str(year), now), (str(year - 1), before)])
    context = {
        "place": place,
        "year": year,
        "months": months,
        "all_months": range(1, 13),
        "in_plan": in_plan,
        "now": now,
        "before": before,
        "lines": _lines(now, before),
        "rows": compare.beside(now, before),
    }
    return render(request, "cadres/admitted.html", context)


def _number(text: str, otherwise: int, allowed: range) -> int:
    number = number_in(text)
    return number if number in allowed else otherwise


def _span(year: int, months: int) -> tuple[date, date]:
    """From New Year to the end of a month."""
    after = date(year + months // 12, months % 12 + 1, 1)
    return date(year, 1, 1), date.fromordinal(after.toordinal() - 1)


def _lines(now: structure.Roll, before: structure.Roll) -> list[dict]:
    """A line a group, with two decimals, as such reports are written."""
    return [
        {
            "pair": pair,
            "now": rounded(Fraction(pair.now.num, pair.now.den), 2) if pair.now.den else "",
            "before": rounded(Fraction(pair.before.num, pair.before.den), 2) if pair.before.den else "",
            "moved": pair.moved(2),
            # A share may rise because the whole fell: said where the number itself did not grow.
            "whole_fell": pair.now.den < pair.before.den and pair.now.num <= pair.before.num,
        }
        for table in compare.tables(now.whole, before.whole)
        for pair in table.pairs
    ]


def _sheet(name: str, rolls: list[tuple[str, structure.Roll]]):
    """One line a part and day, its numbers and shares; then the whole."""
    first = rolls[0][1].whole
    parts = [(dimension, part) for dimension in first.dimensions for part in dimension.parts]
    head = [_("District, township or village"), _("Code"), _("Date"), _("Headcount")]
    for dimension, part in parts:
        label = f"{dimension.label} {part.label}" if dimension.label != part.label else str(part.label)
        head += [label, f"{label} %"]
    lines = [
        _line(one, label, dated)
        for dated, roll in rolls
        for one, label in [*((part, part.label) for part in roll.below), (roll.whole, _("In all"))]
    ]
    return csv_response(f"{name}-{rolls[0][0]}", head, lines)


def _line(one: structure.Structure, label: str, dated: str) -> list:
    cells = [label, one.code, dated, one.total]
    for dimension in one.dimensions:
        for part in dimension.parts:
            cells += [part.num, percent(part.num, part.den) if part.den else ""]
    return cells


@require_GET
@page(READERS)
def show_committees(request):
    """`?place=`, `?day=`, `?show=gaps` (the usual) or all, `?page=`."""
    place = place_of(request.user, request.GET.get("place", ""))
    day = day_of(request.GET.get("day", ""), today())
    villages = place.villages.on(day).select_related("township")
    found = committees_on(villages, day)
    rows = [(village, found.get(village.pk)) for village in villages]
    incomplete = [row for row in rows if row[1] is None or not row[1].complete]
    show = "all" if request.GET.get("show") == "all" or len(rows) == 1 else "gaps"
    context = {
        "place": place,
        "day": day,
        "page": Paginator(rows if show == "all" else incomplete, PAGE).get_page(request.GET.get("page")),
        "seg": [("gaps", _("Incomplete"), len(incomplete)), ("all", _("All"), len(rows))],
        "show": show,
        "complete": len(rows) - len(incomplete),
        "total": len(rows),
        "one_person": sum(1 for _village, own in rows if own and own.is_one_person),
        "rules": _rules(found),
    }
    return render(request, "cadres/committees.html", context)


def _rules(found: dict) -> list:
    """The rules behind the verdicts that are to be confirmed, each once."""
    rules = {rule.pk: rule for own in found.values() for rule in own.to_confirm}
    return sorted(rules.values(), key=lambda rule: (rule.key, rule.applies_to))


urlpatterns = [
    path("structure/", show_structure, name="structure"),
    path("structure/admitted/", show_admitted, name="admitted"),
    path("committees/", show_committees, name="committees"),
]
