"""The verdicts of one appraisal, and the appraisals of a year, village by village."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cadres import verdicts
from cadres.actions.appraisal import add_sheets
from cadres.ballots import rule_text
from cadres.choices_supervision import BELOW_COMPETENT, Verdict
from cadres.indicators.supervision import without_follow_up
from cadres.models import Admonishment, Appraisal, AppraisalSheet
from cadres.places import place_of
from core import actions, rights
from core.clock import today
from core.pages import page
from core.periods import Period
from core.roles import READERS
from villages.choices import LegalRuleKey
from villages.models import Village


@require_GET
@page(READERS)
def show_result(request, pk: int):
    """Each cadre's ballots and verdict; those below competent with what followed, for who may see it."""
    rows = Appraisal.objects.visible_to(request.user).select_related("village__township")
    appraisal = get_object_or_404(rows, pk=pk)
    sheets = AppraisalSheet.objects.visible_to(request.user).filter(appraisal=appraisal).select_related("person")
    villages = Village.objects.visible_to(request.user).filter(pk=appraisal.village_id)
    open_ones = without_follow_up(villages, Period(appraisal.year, max(today(), appraisal.held_on)))
    waiting = {sheet.pk for sheet in open_ones.get(appraisal.village_id, [])}
    rules = verdicts.load_rules()
    context = {
        "appraisal": appraisal,
        "rows": [(sheet, sheet.verdict in BELOW_COMPETENT, sheet.pk in waiting) for sheet in sheets],
        "verdicts": Verdict,
        "majority": rule_text(verdicts.rule_of(rules, LegalRuleKey.APPRAISAL_MAJORITY, appraisal)),
        "quorum": rule_text(verdicts.rule_of(rules, verdicts.QUORUM[appraisal.body], appraisal)),
        "may_admonish": rights.can(request.user, "add", Admonishment),
    }
    return render(request, "cadres/appraisal.html", context)


@require_POST
@page(READERS)
def fill(request, pk: int):
    """A line for each cadre in post; then the form to type the ballots into."""
    appraisal = get_object_or_404(Appraisal.objects.visible_to(request.user), pk=pk)
    actions.require(request.user, "change", Appraisal)
    if not Appraisal.objects.visible_to(request.user, "change").filter(pk=pk).exists():
        raise PermissionDenied(_("You may read this record; changing it is for others."))
    add_sheets(request.user, appraisal)
    return redirect("cadres:appraisals_edit", pk)


@require_GET
@page(READERS)
def show_year(request):
    """`?place=`, `?year=`: who appraised, how the verdicts fell, who still has to be talked to."""
    place, day = place_of(request.user, request.GET.get("place", "")), today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and asked.isascii() and 1990 <= int(asked[:5]) <= day.year else day.year
    held = Appraisal.objects.visible_to(request.user).filter(village__in=place.villages, year=year)
    held = {row.village_id: row for row in held}
    counts = _counts(request.user, held)
    open_ones = without_follow_up(place.villages, Period(year, day))
    villages = place.villages.on(day).select_related("township")
    rows = [(one, held.get(one.pk), counts[one.pk], len(open_ones.get(one.pk, ()))) for one in villages]
    context = {
        "place": place,
        "year": year,
        "rows": rows,
        "total": len(rows),
        "held": sum(bool(row[1]) and row[1].state == "confirmed" for row in rows),
        "waiting": sum(row[3] for row in rows),
        "verdicts": Verdict,
    }
    return render(request, "cadres/appraisal_year.html", context)


def _counts(user, held: dict[int, Appraisal]) -> dict[int, list[int]]:
    """Village → how many cadres have each verdict, the best first; one query."""
    sheets = AppraisalSheet.objects.visible_to(user).filter(appraisal__in=[row.pk for row in held.values()])
    each = {verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict}
    found = defaultdict(lambda: [0] * len(Verdict))
    for row in sheets.order_by().values("appraisal__village").annotate(**each):
        found[row["appraisal__village"]] = [row[verdict.value] for verdict in Verdict]
    return found


urlpatterns = [
    path("appraisals/year/", show_year, name="appraisal_year"),
    path("appraisals/<int:pk>/fill/", fill, name="appraisal_fill"),
    path("appraisals/<int:pk>/result/", show_result, name="appraisal_result"),
]
