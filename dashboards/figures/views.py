"""The pages of the figures: all of a year and territory, and each on its own."""

from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadres.places import Place, place_of
from core import figures
from core.clock import today
from core.pages import number_in, page
from core.roles import READERS, Role
from dashboards.figures.printed import report_on
from dashboards.figures.shown import FIRST_YEAR, all_shown, ask_of, shown


@page(READERS)
@require_safe
def show_all(request):
    """`?place=` code, `?year=`."""
    place, year = place_of(request.user, request.GET.get("place", "")), _year(request)
    ask = ask_of(place.villages, place.code, year, today())
    return render(
        request,
        "dashboards/figures.html",
        _context(place, year, ask) | {"found": all_shown(ask, sees_rows=_sees_rows(request.user))},
    )


@page(READERS)
@require_safe
def show_one(request, number: int):
    """As `show_all`, of the figure of that number."""
    figure = figures.get(number)
    if figure is None:
        raise Http404(_("There is no figure of that number."))
    place, year = place_of(request.user, request.GET.get("place", "")), _year(request)
    ask = ask_of(place.villages, place.code, year, today())
    numbers = [one.number for one in figures.all_figures()]
    at = numbers.index(number)
    one = {
        "one": shown(figure, ask, sees_rows=_sees_rows(request.user)),
        "before": numbers[at - 1],
        "after": numbers[(at + 1) % len(numbers)],
    }
    return render(request, "dashboards/figure.html", _context(place, year, ask) | one)


def _context(place: Place, year: int, ask) -> dict:
    return {
        "place": place,
        "year": year,
        "years": range(today().year, FIRST_YEAR - 1, -1),
        "below": place.below,
        "asked": urlencode({"place": place.code, "year": year}),
        "ask": ask,
        "report": report_on(place.code, year),
    }


def _year(request) -> int:
    """The year asked for, as far as there can be rows of it; else this one."""
    text, now = request.GET.get("year", ""), today().year
    year = number_in(text, now)
    return year if year and year >= FIRST_YEAR else now


def _sees_rows(user) -> bool:
    """District staff may read the answers themselves: nothing is hidden from them."""
    return Role.DISTRICT in user.roles
