"""What each business role's home shows: what to do next, from what there is. One function a role, a context each."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from core import indicators, rights
from core.indicators import Measure, Shortfall
from core.periods import Period
from core.records import Record
from core.registers import all_registers
from core.roles import READERS, Role
from core.workflow.todo import waiting_for
from dashboards import files, mechanisms
from dashboards.board import SHORT, Board, board_of, marks_of, news_of
from dashboards.todo import by_urgency, of_group, todos
from dashboards.week import visits_of, week_of
from scoring.choices import Group
from scoring.models import Result, Run, ScoringSchedule, Standard
from villages.models import Village

NEWS = 6  # lines of what changed
LINES = 8  # lines of a list
EACH = 5  # lines of each urgency
WATCHED = ("charter_voted", "regulations_posted", "duties_posted")


def villages_of(user, day: date) -> QuerySet:
    """The villages of the day that the person sees, in the order of codes."""
    return Village.objects.visible_to(user).on(day).select_related("township").order_by("code")


def standard_for(user, year: int) -> Standard | None:
    """The published standard that the person's villages are scored by in a year."""
    held = user.scopes(READERS)
    return Standard.objects.in_force(year, held[0]).first() if held else None


# ---- district and leader ----


class Step(NamedTuple):
    """A thing to do: `kind` is a tag's, `word` stands in it."""

    kind: str
    word: str
    title: str
    detail: str
    url: str
    button: str


def district(user, day: date, query) -> dict:
    context = _figures(user, day)
    active = Run.objects.visible_to(user).active().select_related("job").first()
    changed = changed_since(user, context["run"].sealed_at) if context["run"] else 0
    steps = _run_steps(user, day, context["run"], active, changed)
    steps += _village_steps(context["board"]) if context["board"] else []
    context["steps"] = steps + _standard_steps(user, day)
    context |= services_by_township(user, day)
    context["may_run"] = rights.can(user, "run", Run)
    return context


def leader(user, day: date, query) -> dict:
    context = _figures(user, day)
    context["losses"] = Result.objects.losses(user, context["run"]) if context["run"] else []
    return context | services_by_township(user, day)


def services_by_township(user, day: date) -> dict:
    """How the service mechanisms stand today, a row a township."""
    now = mechanisms.standing(user, villages_of(user, day), day)
    return {"services": now.by_township(), "services_total": now.total()}


def _figures(user, day: date) -> dict:
    """The year's run as both see it: the figures, what changed, whom to look at."""
    run = Run.objects.select_related("standard", "job").current(user, day.year)
    context = {"run": run, "board": None, "year": day.year}
    if run:
        context["board"] = board = board_of(user, run)
        context |= changes_of(user, run)
        context["attention"] = attention(board)
    return context


def attention(board: Board) -> list[tuple]:
    """Short lists of villages to look at first: (title, the view that shows all, rows of the matrix)."""
    return [
        (_("A must not reached"), "failing", [board.row(result) for result in board.musts]),
        (_("One mend away"), "near", [board.row(result) for result in board.near]),
    ]


def changes_of(user, run: Run) -> dict:
    """What became of the villages since the run before."""
    before = Run.objects.before(run)
    changes = Result.objects.changes(user, run, before) if before else []
    return {"before": before, "news": news_of(changes), "most_news": NEWS}


def changed_since(user, moment) -> int:
    """Records of villages saved since: what the last scoring doesn't know yet."""
    models = [r.model for r in all_registers() if issubclass(r.model, Record) and rights.can(user, "view", r.model)]
    return sum(model.objects.visible_to(user).filter(saved_at__gt=moment).count() for model in models)


def _run_steps(user, day: date, run: Run | None, active: Run | None, changed: int) -> list[Step]:
    start = reverse("scoring:run_new")
    if active:
        detail = _("%(done)d of %(total)d villages") % {"done": active.done, "total": active.total}
        return [
            Step(
                "near",
                pgettext_lazy("scoring", "Running"),
                _("Scoring is running"),
                detail,
                active.get_absolute_url(),
                _("Follow"),
            )
        ]
    if run is None and standard_for(user, day.year) is None:
        detail = _("A run needs a published standard.")
        url = reverse("scoring:standards_list")
        return [
            Step("bad", _("First"), _("Publish a standard for %(year)d") % {"year": day.year}, detail, url, _("Open"))
        ]
    if run is None:
        detail = _("Every village is measured by the published standard.")
        return [Step("near", _("Now"), _("Score the year %(year)d") % {"year": day.year}, detail, start, _("Start"))]
    if changed:
        title = ngettext(
            "%(n)d record changed since the last scoring", "%(n)d records changed since the last scoring", changed
        )
        detail = _("The official scores change with the next run alone.")
        return [Step("near", _("Now"), title % {"n": changed}, detail, start, _("Score again"))]
    return []


def _standard_steps(user, day: date) -> list[Step]:
    steps = [
        Step(
            "plain", _("Draft"), str(draft), _("Read it, correct it, publish it."), draft.get_absolute_url(), _("Open")
        )
        for draft in Standard.objects.visible_to(user, "publish")
    ]
    if not ScoringSchedule.objects.visible_to(user).filter(enabled=True).exists():
        url = reverse("scoring:schedules_new")
        detail = _("On that day the district is scored by itself.")
        steps.append(Step("plain", _("Yearly"), _("Set the yearly day of scoring"), detail, url, _("Set")))
    return steps


def _village_steps(board: Board) -> list[Step]:
    """What the matrix says at a glance, each with the villages behind it."""
    found = [
        ("bad", _("Must"), board.musts, _("Villages with a must not reached"), "failing"),
        ("near", _("Near"), board.near, _("Villages that miss a mark by less than 3 points"), "near"),
        ("near", _("Lacking"), board.lacking, _("Villages that can't be judged: facts are missing"), "lacking"),
    ]
    address = reverse("dashboards:overview")
    return [
        Step(kind, word, title, _names(rows), f"{address}?show={show}", _("See"))
        for kind, word, rows, title, show in found
        if rows
    ]


def _names(rows: list[Result]) -> str:
    names = _(", ").join(row.village.name for row in rows[:5])
    if len(rows) <= 5:
        return names
    return _("%(names)s and others, %(n)d in all") % {"names": names, "n": len(rows)}


# ---- clerk and secretary ----


def clerk(user, day: date, query) -> dict:
    """What is missing, village by village, the most urgent first; how complete the files are."""
    villages, standard = villages_of(user, day), standard_for(user, day.year)
    found = todos(villages, Period(day.year, day), standard) if standard else []
    kind = query.get("kind", "")
    shown = of_group(found, kind)
    whole = bool(kind) or "all" in query
    now = mechanisms.standing(user, villages, day)
    return {
        "services": now.by_village(),
        "services_total": now.total(),
        "standard": standard,
        "total": len(found),
        "kinds": [(g, SHORT[g], n) for g in Group if (n := len(of_group(found, g)))],
        "kind": kind,
        "todo": by_urgency(shown, None if whole else EACH),
        "hidden": 0 if whole else sum(max(0, n - EACH) for _urgency, _lines, n in by_urgency(shown)),
        "files": files.completeness(villages, day),
        "year": day.year,
    }


def secretary(user, day: date, query) -> dict:
    """The week of the person, and of one village (of several held, the one asked for) what is missing there."""
    villages = list(villages_of(user, day))
    village = next((v for v in villages if v.code == query.get("village")), villages[0] if villages else None)
    waiting = waiting_for(user, day)
    context = {"villages": villages, "village": village, "year": day.year, "waiting": waiting}
    if village is None:
        return context
    own, standard = villages_of(user, day).filter(pk=village.pk), standard_for(user, day.year)
    found = todos(own, Period(day.year, day), standard) if standard else []
    run = Run.objects.current(user, day.year)
    result = Result.objects.for_village(user, village, run) if run else None
    context |= {"todo": found[:LINES], "total": len(found), "run": run, "result": result, "bars": []}
    context |= {"week": week_of(user, waiting, day), "visits": visits_of(user, own, day)}
    context["file"] = next(iter(files.completeness(own, day)), None)
    if result:
        marks = marks_of(run.standard)
        context["bars"] = [bar_of(result, group, marks[group]) for group in Group]
    return context


class Bar(NamedTuple):
    """A score as a bar: hundredths; None where it is undetermined."""

    short: str
    score: int | None
    tick: float
    passed: bool


def bar_of(result: Result, group: Group, mark: int) -> Bar:
    undetermined = result.state(group) == "undetermined"
    score = None if undetermined else result.score(group)
    return Bar(SHORT[group], score, mark / 100, result.state(group) == "meets")


# ---- inspector ----


class Watch(NamedTuple):
    """What an inspector looks at: an indicator, and the villages that fall short of it, the furthest first."""

    name: str
    rows: list[tuple[Village, Measure, list[Shortfall]]]
    measured: int
    shown: list[tuple[Village, Measure, list[Shortfall]]]


def inspector(user, day: date, query) -> dict:
    villages, period = villages_of(user, day), Period(day.year, day)
    by_id = {village.pk: village for village in villages}
    watches = [_watch(indicators.get(key), by_id, villages, period, "all" in query) for key in WATCHED]
    run = Run.objects.select_related("standard").current(user, day.year)
    seen = attention(board_of(user, run)) if run else []
    return {
        "watches": watches,
        "lines": LINES,
        "whole": "all" in query,
        "villages": len(by_id),
        "attention": seen,
    }


def _watch(indicator, by_id: dict[int, Village], villages: QuerySet, period: Period, whole: bool) -> Watch:
    measures = indicator(villages, period)
    records = indicator.find_shortfalls(villages, period)
    rows = [(by_id[pk], measure, records.get(pk, [])) for pk, measure in measures.items() if measure.num < measure.den]
    rows.sort(key=lambda row: (row[1].num - row[1].den, row[0].code))
    return Watch(indicator.name, rows, len(measures), rows if whole else rows[:LINES])


HOMES = {
    Role.DISTRICT: district,
    Role.LEADER: leader,
    Role.CLERK: clerk,
    Role.SECRETARY: secretary,
    Role.INSPECTOR: inspector,
}
