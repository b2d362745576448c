"""The results of a survey: shares, tables, two rounds beside each other, what people wrote, and all of it as sheets."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadres.places import place_of
from core import audit
from core.clock import today
from core.pages import page
from core.roles import READERS
from core.sheets.export import TYPES, download, file_name, written
from surveys import analysis
from surveys.analysis import BY_KIND, Reading
from surveys.exporting import rows_sheet, tables_sheet
from surveys.models import Option, Survey
from surveys.views.fieldwork import survey_of

#: Texts a page.
PORTION = 50


def reading_of(request, pk: int) -> Reading:
    """`?place=` code of a division; `?only=` an option of a question that divides the results."""
    survey = survey_of(request, pk)
    place = place_of(request.user, request.GET.get("place", ""))
    reading = Reading(request.user, survey, place)
    if asked := request.GET.get("only", ""):
        reading = Reading(request.user, survey, place, _option(reading, asked))
    return reading


def _option(reading: Reading, asked: str) -> Option:
    options = {str(option.pk): option for question in reading.dividers for option in question.options.all()}
    if asked not in options:
        raise Http404(_("This survey has no such group."))
    return options[asked]


def _context(reading: Reading, **more) -> dict:
    only = {"only": reading.only.pk} if reading.only else {}
    return {
        "survey": reading.survey,
        "reading": reading,
        "place": reading.place,
        "rounds": _rounds(reading),
        "asked": urlencode({"place": reading.place.code} | only),
        "here_asked": urlencode({"place": reading.place.code}),
    } | more


def _rounds(reading: Reading) -> list[Survey]:
    """The surveys of the same questionnaire, and the one that this is compared with."""
    survey = reading.survey
    rows = Survey.objects.visible_to(reading.user)
    same = rows.filter(edition__questionnaire=survey.edition.questionnaire_id)
    return list((same | rows.filter(pk=survey.compared_with_id or survey.pk)).distinct().order_by("starts_on", "pk"))


@page(READERS)
@require_safe
def show_results(request, pk: int):
    reading = reading_of(request, pk)
    return render(request, "surveys/results.html", _context(reading, found=analysis.results(reading)))


@page(READERS)
@require_safe
def show_cross(request, pk: int):
    """`?by=` the key of a question that divides the results, or "kind" (of village)."""
    reading = reading_of(request, pk)
    by = request.GET.get("by", "") or BY_KIND
    dividers = [(BY_KIND, _("Kind of village")), *((one.key, one.text) for one in reading.dividers)]
    if by not in dict(dividers):
        raise Http404(_("This survey has no such division."))
    if not reading.sees_rows:
        reading.only = None  # one cut at a time
    is_refused = reading.is_part and not reading.sees_rows
    found = [] if is_refused else analysis.cross(reading, by)
    context = _context(reading, found=found, by=by, dividers=dividers, is_refused=is_refused)
    return render(request, "surveys/cross.html", context)


@page(READERS)
@require_safe
def show_comparison(request, pk: int):
    """`?with=` another round; else the one that the survey is compared with."""
    reading = reading_of(request, pk)
    others = [one for one in _rounds(reading) if one.pk != reading.survey.pk]
    asked = request.GET.get("with", "") or str(reading.survey.compared_with_id or "")
    other = next((one for one in others if str(one.pk) == asked), None)
    if other is None and request.GET.get("with"):
        raise Http404(_("There is no such survey in your territory."))
    before = Reading(request.user, other, reading.place) if other else None
    now = Reading(request.user, reading.survey, reading.place)
    found = analysis.compared(now, before) if before else []
    return render(
        request, "surveys/comparison.html", _context(now, found=found, other=other, others=others, before=before)
    )


@page(READERS)
@require_safe
def show_texts(request, pk: int):
    """`?q=` words that are looked for."""
    reading = reading_of(request, pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = Paginator(analysis.texts(reading, words), PORTION).get_page(request.GET.get("page"))
    context = _context(reading, page=found, words=words, may_read=reading.readable.exists())
    return render(request, "surveys/texts.html", context)


@page(READERS)
@require_safe
def export_results(request, pk: int, what: str, kind: str):
    """The tables as they are shown, or (`what` = "rows") the sheets that the person may read."""
    if kind not in TYPES:
        raise Http404(_("Sheets are given out as xlsx or csv."))
    reading = reading_of(request, pk)
    sheet = rows_sheet(reading) if what == "rows" else tables_sheet(reading)
    content, number = written(kind, [sheet])
    audit.write_event(request.user, "export", name=f"{reading.survey} {sheet.name}", reason=str(number))
    return download(file_name(f"{reading.survey}-{sheet.name}", today(), kind), kind, content)


urlpatterns = [
    path("work/<int:pk>/results/", show_results, name="results"),
    path("work/<int:pk>/results/cross/", show_cross, name="cross"),
    path("work/<int:pk>/results/comparison/", show_comparison, name="comparison"),
    path("work/<int:pk>/results/texts/", show_texts, name="texts"),
    path("work/<int:pk>/results/rows.<str:kind>", export_results, {"what": "rows"}, name="export_rows"),
    path("work/<int:pk>/results/tables.<str:kind>", export_results, {"what": "tables"}, name="export_tables"),
]
