"""Pages of scoring that are no register: a standard as a whole, runs, the sheet of a village, trials."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import jobs, rights
from core.clock import today
from core.menu import Group as MenuGroup
from core.menu import add as add_to_menu
from core.pages import number_in, page
from core.periods import Period
from core.registers.views import DetailPage
from core.roles import READERS
from scoring import actions, explain, runner, words
from scoring.choices import Group
from scoring.forms import RunForm
from scoring.models import DISTRICT, Result, Run, Standard
from scoring.querysets import results_of
from villages.models import Village

add_to_menu("scoring:runs", Run._meta.verbose_name_plural, MenuGroup.FOUR, 20, READERS)


# ---- standards ----


class StandardPage(DetailPage):
    """A standard with its criteria by group, as people read it."""

    def page(self, name, context, status=200):
        standard = context["object"]
        criteria = list(standard.criteria.all())
        marks = {row.group: row for row in standard.groups.all()}
        problems = actions.find_problems(standard) if context["may_change"] else []
        context |= {
            "groups": [(group, marks.get(group), [_rule(c) for c in criteria if c.group == group]) for group in Group],
            "problems": problems,
            "inlines": [],  # the pass marks stand over each group
            "register": self.register,
            "list_url": self.register.url("list"),
        }
        return render(self.request, "scoring/standard.html", context, status=status)


def _rule(criterion) -> dict:
    return {
        "criterion": criterion,
        "rule": words.rule_text(criterion),
        "must": words.mark_text(criterion, criterion.must_at) if criterion.must_at is not None else "",
        "veto": words.mark_text(criterion, criterion.veto_at) if criterion.veto_at is not None else "",
        "known": words.is_measured(criterion),
    }


def _standard(request, pk: int, verb: str) -> Standard:
    standard = Standard.objects.visible_to(request.user, verb).filter(pk=pk).first()
    if standard is None:
        raise Http404(_("There is no such standard in your territory, or it is not in the state for that."))
    return standard


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def publish(request, pk: int):
    return _confirmed(request, _standard(request, pk, "publish"), "publish", actions.publish)


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def retire(request, pk: int):
    return _confirmed(request, _standard(request, pk, "retire"), "retire", actions.retire)


def _confirmed(request, standard: Standard, verb: str, act):
    """Ask first what can't be undone: publishing and retiring."""
    problems = actions.find_problems(standard) if verb == "publish" else []
    if request.method == "POST" and not problems:
        try:
            act(request.user, standard)
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(request, _("Done: %(standard)s") % {"standard": standard})
            return redirect("scoring:standards_detail", standard.pk)
    context = {"standard": standard, "verb": verb, "problems": problems}
    return render(request, "scoring/confirm.html", context, status=422 if request.method == "POST" else 200)


@page(DISTRICT)
@require_POST
def new_edition(request, pk: int):
    draft = actions.new_edition(request.user, _standard(request, pk, "view"))
    messages.success(request, _("The new edition is a draft: change it, then publish it."))
    return redirect("scoring:standards_detail", draft.pk)


# ---- runs ----


def _run(request, pk: int) -> Run:
    run = Run.objects.visible_to(request.user).select_related("job", "standard").filter(pk=pk).first()
    if run is None:
        raise Http404(_("There is no such run in your territory."))
    return run


@page(READERS)
@require_safe
def runs(request):
    rows = Run.objects.visible_to(request.user).select_related("job", "standard")
    pages = Paginator(rows, 20)
    context = {"page": pages.get_page(request.GET.get("page")), "may_run": rights.can(request.user, "run", Run)}
    return render(request, "scoring/runs.html", context)


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def run_new(request):
    form = RunForm(request.POST or None, user=request.user, today=today())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.start_run(request.user, **form.cleaned_data))
        except jobs.Busy as busy:
            if running := Run.objects.active().filter(job=busy.job).first():
                messages.error(request, " ".join(busy.messages))
                return redirect(running)
            form.add_error(None, busy)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "scoring/run_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page(READERS)
@require_safe
def run_page(request, pk: int):
    run = _run(request, pk)
    context = {"run": run, "job": run.job, "may_run": _may_run(request.user, run)}
    if run.is_sealed:
        context |= _outcome(request.user, run)
    return render(request, "scoring/run.html", context)


def _may_run(user, run: Run) -> bool:
    return Run.objects.visible_to(user, "run").filter(pk=run.pk).exists()


def _outcome(user, run: Run) -> dict:
    """What a sealed run found, as far as the person may see it."""
    rows = results_of(user, run)
    before = Run.objects.before(run)
    return {
        "rows": rows,
        "groups": Group,
        "summary": runner.count(rows),
        "townships": runner.by_township(rows),
        "before": before,
        "changes": Result.objects.changes(user, run, before) if before else [],
    }


@page(READERS)
@require_safe
def run_progress(request, pk: int):
    """The part of the run's page that asks again every two seconds while the work lasts; then the page loads anew."""
    run = _run(request, pk)
    context = {"run": run, "job": run.job, "may_run": _may_run(request.user, run)}
    response = render(request, "scoring/_progress.html", context)
    if not run.job.is_active:
        response["HX-Refresh"] = "true"
    return response


@page(DISTRICT)
@require_POST
def run_stop(request, pk: int):
    run = _run(request, pk)
    actions.stop_run(request.user, run)
    return redirect(run)


@page(DISTRICT)
@require_POST
def run_resume(request, pk: int):
    run = _run(request, pk)
    try:
        actions.resume_run(request.user, run)
    except jobs.Busy as busy:
        messages.error(request, " ".join(busy.messages))
    return redirect(run)


# ---- a village ----


def _village(request, code: str) -> Village:
    village = Village.objects.visible_to(request.user).select_related("township").filter(code=code).first()
    if village is None:
        raise Http404(_("There is no such village in your territory."))
    return village


def _year(request) -> int:
    year = number_in(request.POST.get("year") or request.GET.get("year") or "", 2100)
    return year if year and year >= 2000 else today().year


@page(READERS)
@require_POST
def trial(request, code: str):
    """Score the village now, by the same engine, writing nothing."""
    place, year, day = _village(request, code), _year(request), today()
    run = Run.objects.current(request.user, year)
    official = Result.objects.for_village(request.user, place, run) if run else None
    context = {"village": place, "year": year, "run": run, "day": day}
    try:
        standard, figure = actions.trial(request.user, place, year, day)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return render(request, "scoring/trial.html", context, status=422)
    result = runner.result_of(None, place, figure)
    context["sheet"] = explain.sheet(request.user, result, list(figure.lines), standard, Period(year, day))
    if official:
        context["compared"] = list(zip(official.cells, result.cells, strict=True))
    return render(request, "scoring/trial.html", context)
