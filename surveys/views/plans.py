"""The sample plan: one line a village, with the sheets due and the team; strata below their village."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import number_in, page
from core.roles import DISTRICT
from surveys.actions.plans import Wish, set_plan
from surveys.models import PlanRow, Survey
from surveys.views.fieldwork import villages_for
from villages.models import Village

MOST = 2000  # sheets of one village
MOST_PEOPLE = 1_000_000  # that they stand for
UNPROCESSABLE = 422


class Line(NamedTuple):
    """`name` is the stem of the line's fields; `planned` and `base` are what was typed, to be shown again."""

    name: str
    village: Village
    stratum: str
    planned: str
    team: str
    base: str
    wrong: bool = False
    wrong_base: bool = False


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def edit_plan(request, pk: int):
    """`every`: the sheets of each village whose line is empty."""
    survey = Survey.objects.visible_to(request.user, "change").select_related("edition").filter(pk=pk).first()
    if survey is None:
        raise Http404(_("There is no such survey in your territory."))
    teams, posted = {str(team.pk): team for team in survey.teams.all()}, request.method == "POST"
    lines = _lines(request, survey, posted)
    problem = ""
    if posted and not any(line.wrong or line.wrong_base for line in lines):
        wishes = [Wish(x.village, x.stratum, int(x.planned or 0), teams.get(x.team), _number(x.base)) for x in lines]
        try:
            changed = set_plan(request.user, survey, wishes)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("Plan saved, %(n)d lines changed.") % {"n": changed})
            return redirect("surveys:survey", pk)
    context = {"survey": survey, "lines": lines, "teams": list(teams.items()), "problem": problem}
    return render(request, "surveys/plan.html", context, status=UNPROCESSABLE if posted else 200)


def _lines(request, survey: Survey, posted: bool) -> list[Line]:
    villages = {village.pk: village for village in villages_for(request.user, survey)}
    stood = {}
    for row in PlanRow.objects.visible_to(request.user).filter(survey=survey).order_by("stratum"):
        stood[row.village_id, row.stratum] = row
    strata = sorted({key for key in stood if key[1] and key[0] in villages} | _added(request, villages))
    keys = sorted([(pk, "") for pk in villages] + strata, key=lambda key: (villages[key[0]].code, key[1]))
    return [_line(request, villages[pk], stratum, stood.get((pk, stratum)), posted) for pk, stratum in keys]


def _added(request, villages: dict) -> set[tuple[int, str]]:
    """The stratum that the last line of the form adds."""
    village, stratum = number_in(request.POST.get("new-village", "")), request.POST.get("new-stratum", "").strip()[:40]
    return {(village, stratum)} if stratum and village in villages else set()


def _line(request, village: Village, stratum: str, row: PlanRow | None, posted: bool) -> Line:
    name = f"{village.pk}-{stratum}" if stratum else str(village.pk)
    if not posted:
        planned, team = (str(row.planned), str(row.team_id or "")) if row else ("", "")
        base = row.base if row or stratum else village.population  # what is known of a village that is new to the plan
        return Line(name, village, stratum, planned, team, str(base or ""))
    every = "" if stratum else request.POST.get("every", "").strip()
    fresh = request.POST.get("new-planned", "") if stratum and f"plan-{name}" not in request.POST else ""
    planned = request.POST.get(f"plan-{name}", "").strip() or every or fresh.strip()
    base = request.POST.get(f"base-{name}", request.POST.get("new-base", "") if stratum else "").strip()
    wrong = _is_wrong(planned, MOST), _is_wrong(base, MOST_PEOPLE)
    return Line(name, village, stratum, planned, request.POST.get(f"team-{name}", ""), base, *wrong)


def _is_wrong(text: str, most: int) -> bool:
    """Whether what was typed is anything but nothing or a whole number up to `most`."""
    return bool(text) and number_in(text, most) is None


def _number(text: str) -> int | None:
    return int(text) or None if text else None


urlpatterns = [path("work/<int:pk>/plan/", edit_plan, name="plan")]
