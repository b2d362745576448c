"""The windows of the house: homes, the matrix, the file of a village. They read; what writes lies below."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import audit, rights
from core.clock import today
from core.pages import number_in, page
from core.periods import Period
from core.roles import READERS, Role
from core.scoping import scopes
from core.sheets import books, export, kept
from core.workflow.todo import by_urgency, waiting_for
from dashboards import admin_homes, board, chapters, dossier, homes, names
from scoring.models import Result, Run
from villages.models import District, Township, Village

HOMES = homes.HOMES | admin_homes.HOMES


@login_required
@require_safe
def home(request):
    """The home of the person's role; who holds several chooses among them. Without a role it says whom to ask."""
    held = [role for role in Role if role in request.user.roles]
    if not held:
        return render(request, "dashboards/home_nobody.html")
    role = next((role for role in held if role == request.GET.get("as")), held[0])
    context = HOMES[role](request.user, today(), request.GET)
    if "week" not in context:  # who has a week asked for what waits already
        waiting = waiting_for(request.user, today())
        context["waiting"] = by_urgency(waiting, today())
        context["waits"] = sum(part.total for part in waiting)
        context["waits_below"] = sum(part.total for part in waiting if part.is_of_below)
        context["waits_late"] = sum(part.late for part in waiting)
    return render(request, f"dashboards/home_{role.value}.html", context | {"role": role, "held": held})


home.allowed_roles = frozenset(Role)


@page(READERS)
@require_safe
def overview(request):
    """The matrix of a year's run, narrowed by `show` (the key of a view) and `lost` (the number of a criterion)."""
    user, year = request.user, _number(request, "year") or today().year
    run = Run.objects.select_related("standard", "job").current(user, year)
    context = {"name": names.overview(user), "run": run, "year": year, "years": _years(user)}
    context["book"] = min(scopes(user, "view", Village), default="")
    context["may_run"] = rights.can(user, "run", Run)
    if run:
        context |= _matrix(request, run)
    return render(request, "dashboards/overview.html", context)


def _matrix(request, run: Run) -> dict:
    user, lost = request.user, _number(request, "lost")
    matrix = board.board_of(user, run)
    views = board.views_of(matrix)
    view = next((view for view in views if view.key == request.GET.get("show")), views[0])
    losing = board.losing_at(user, run, lost) if lost else None
    results = [row for row in view.results if losing is None or row.village_id in losing]
    by_score = request.GET.get("order") == "score"
    return {
        "board": matrix,
        "columns": board.laid_out(matrix, results, by_score),
        "views": views,
        "shown": view.key,
        "by_score": by_score,
        "lost": run.standard.criteria.filter(number=lost).first() if lost else None,
        "total": len(results),
        "losses": Result.objects.losses(user, run),
        **homes.changes_of(user, run),
    }


def _years(user) -> list[int]:
    return sorted(set(Run.objects.visible_to(user).sealed().order_by().values_list("year", flat=True)))


def _number(request, name: str) -> int | None:
    return number_in(request.GET.get(name, ""), 99_999)


@page({Role.SECRETARY})
@require_safe
def own_village(request):
    """The secretary's own file, without knowing its code."""
    village = homes.villages_of(request.user, today()).first()
    return redirect("dashboards:village", village.code) if village else redirect("dashboards:home")


@page(READERS)
@require_safe
def village(request, code: str):
    """The file of a village: facts, score, and the tab asked for."""
    user, day = request.user, today()
    seen = Village.objects.visible_to(user)
    place = seen.select_related("township__district").filter(code=code).first()
    if place is None:
        raise Http404(_("There is no such village in your territory."))
    run = _run(request)
    year = run.year if run else _number(request, "year") or day.year
    context = {"village": place, "year": year, "run": run, "neighbours": dossier.neighbours(seen.on(day), place)}
    context |= chapters.chapters(user, place, day, request.GET)
    context |= _score(request, place, run, None if context["tab"] else Period(year, day))
    return render(request, "dashboards/village.html", context)


def _run(request) -> Run | None:
    """The run asked for by its number, else the one of the year that counts for the person."""
    asked = number_in(request.GET.get("run", ""))
    if asked is None:
        year = _number(request, "year") or today().year
        return Run.objects.select_related("standard", "job").current(request.user, year)
    run = Run.objects.visible_to(request.user).sealed().select_related("standard", "job").filter(pk=asked).first()
    if run is None:
        raise Http404(_("There is no such run in your territory."))
    return run


def _score(request, place: Village, run: Run | None, live: Period | None) -> dict:
    """The village's official score; with `live` its records beside it, and what to mend first."""
    sheet = dossier.score_of(request.user, place, run, live, request.GET.get("only") == "lost")
    if sheet is None:
        return {"sheet": None}
    context = {"sheet": sheet, "links": _sheet_links(request)}
    context |= {"state": dossier.state_of(sheet), "open": dossier.is_open(sheet)}
    return context | ({"ways": dossier.ways(sheet)} if live else {})


def _sheet_links(request) -> dict[str, str]:
    """The addresses of the sheet: all of it, and what lost points, keeping what else the page was asked for."""
    query = request.GET.copy()
    for name in ("only", "tab"):
        query.pop(name, None)
    everything = query.urlencode()
    query["only"] = "lost"
    return {"all": f"?{everything}", "lost": f"?{query.urlencode()}"}


@page(READERS)
@require_POST
def book(request, code: str):
    """All registers of a village, township or district as one workbook; a large one by a worker."""
    user, models = request.user, (Village, Township, District)
    place = next(filter(None, (m.objects.visible_to(user).filter(code=code).first() for m in models)), None)
    if place is None:
        raise Http404(_("There is no such place in your territory."))
    name, records = _("%(place)s, all registers") % {"place": place.name}, books.size_of(user, code)
    if isinstance(place, Village) and records <= settings.EXPORT_AT_ONCE:
        content, _rows = export.written("xlsx", books.book_of(user, code))
        audit.write_event(user, "export", name=name, reason=str(records))
        return export.download(export.file_name(name, today(), "xlsx"), "xlsx", content)
    return redirect("core:export", kept.begin_or_find(user, name=name, day=today(), code=code).pk)
