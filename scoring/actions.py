"""What is done with standards and runs: each a checked, recorded step."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, jobs
from core.actions import Invisible, create, require
from core.fields import parse_fraction, write_hundredths
from core.periods import Period
from core.scoping import scopes
from scoring import runner
from scoring.choices import Group, StandardState
from scoring.models import FULL, Criterion, Result, Run, Standard, StandardGroup
from villages.choices import AppliesTo
from villages.models import District, Township, Village

KIND = "scoring.run"
DATA = Path(__file__).parent / "data"
CHUNK = 500  # villages; the time of a chunk is flat from here up

audit.name_verbs(
    run=gettext_lazy("Started a scoring run"), publish=gettext_lazy("Published"), retire=gettext_lazy("Retired")
)


# ---- standards ----


def create_standards(by, rows, *, reason: str = "") -> list[Standard]:
    """New drafts, each with its four groups. Raises as `core.actions.create`."""
    with transaction.atomic():
        written = create(by, rows, reason=reason)
        create(
            by, [StandardGroup(standard=row, group=group) for row in written for group in Group.values], reason=reason
        )
    return written


def load_standard(by, data: dict, territory_code: str) -> Standard:
    """A draft from a dict as in scoring/data/*.json: a standard's fields, `groups` and `criteria`, points as text.

    `"publish": true` publishes it at once.
    """
    fields = {name: value for name, value in data.items() if name not in ("groups", "criteria", "publish")}
    with transaction.atomic():
        (standard,) = create(by, [Standard(territory_code=territory_code, **fields)])
        create(by, [StandardGroup(standard=standard, **_in_hundredths(row)) for row in data["groups"]])
        rows = enumerate(data["criteria"], 1)
        create(by, [Criterion(standard=standard, number=number, **_in_hundredths(row)) for number, row in rows])
        if data.get("publish"):
            publish(by, standard)
    return standard


def load_shipped(by, territory_code: str) -> list[Standard]:
    """The standards of scoring/data that the territory doesn't have yet: the first published, the others as drafts."""
    loaded = []
    for path in sorted(DATA.glob("standard-*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not Standard.objects.filter(territory_code=territory_code, name=data["name"]).exists():
            loaded.append(load_standard(by, data, territory_code))
    return loaded


def _in_hundredths(row: dict) -> dict:
    figures = {
        name: int(parse_fraction(row[name]) * 100) for name in ("points", "pass_mark", "min_measurable") if name in row
    }
    return row | figures


def new_edition(by, standard: Standard) -> Standard:
    """A draft that begins as a copy of a standard: the way to correct a published one."""
    require(by, "add", Standard)
    newest = (
        Standard.objects.filter(territory_code=standard.territory_code, name=standard.name).order_by("edition").last()
    )
    copy = Standard(
        **{
            name: getattr(standard, name)
            for name in ("name", "name_en", "territory_code", "first_year", "last_year", "note")
        },
        edition=newest.edition + 1,
        supersedes=standard,
    )
    with transaction.atomic():
        create(by, [copy])
        create(by, [_copied(row, copy) for row in standard.groups.all()])
        create(by, [_copied(row, copy) for row in standard.criteria.order_by("number")])
    return copy


def _copied(row, standard: Standard):
    kept = [
        f.name for f in row._meta.fields if f.editable and not f.primary_key and f.name not in ("standard", "saved_at")
    ]
    return type(row)(standard=standard, **{name: getattr(row, name) for name in kept})


def publish(by, standard: Standard) -> Standard:
    """Publish a draft for good; the edition that it corrects is retired. ValidationError says all that is missing."""
    with transaction.atomic():
        standard = _locked(by, "publish", standard)
        if problems := find_problems(standard):
            raise ValidationError(problems)
        _move(by, "publish", standard, StandardState.PUBLISHED)
        old = standard.supersedes
        if old and old.state == StandardState.PUBLISHED and standard.first_year <= old.first_year:
            _move(by, "retire", old, StandardState.RETIRED)
    return standard


def retire(by, standard: Standard) -> Standard:
    """No new run will use it; its results stay."""
    with transaction.atomic():
        standard = _locked(by, "retire", standard)
        _move(by, "retire", standard, StandardState.RETIRED)
    return standard


def find_problems(standard: Standard) -> list[str]:
    """What keeps a draft from being published, one sentence each."""
    problems = []
    missing = set(Group.values) - set(standard.groups.values_list("group", flat=True))
    for group in [g for g in Group if g in missing]:
        problems.append(_("Group “%(group)s” has no pass mark: add it.") % {"group": group.label})
    for kind in (AppliesTo.VILLAGE, AppliesTo.COMMUNITY):
        rows = standard.criteria.filter(applies_to__in=(AppliesTo.ALL, kind)).order_by()
        sums = dict(rows.values_list("group").annotate(Sum("points")))
        for group in Group:
            if (points := sums.get(group, 0)) != FULL:
                problems.append(_sum_problem(group, kind, points))
    for criterion in standard.criteria.all():
        try:
            criterion.full_clean(exclude=["standard"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            where = {"number": criterion.number, "problem": " ".join(error.messages)}
            problems.append(_("Criterion %(number)d: %(problem)s") % where)
    return problems


def _sum_problem(group: Group, kind: AppliesTo, points: int) -> str:
    facts = {"group": group.label, "kind": kind.label, "points": write_hundredths(points)}
    return _("The points of “%(group)s” for %(kind)s add up to %(points)s: bring them to 100.") % facts


def _locked(by, verb: str, standard: Standard) -> Standard:
    require(by, verb, Standard)
    found = Standard.objects.visible_to(by, verb).select_for_update(of=("self",)).filter(pk=standard.pk).first()
    if found is None:
        raise Invisible(_("This standard is not yours to change, or no longer in the state for it."))
    return found


def _move(by, verb: str, standard: Standard, state: StandardState) -> None:
    before, standard.state = standard.state, state
    standard.saved_by = by.name
    standard.version += 1
    standard.save(update_fields=["state", "saved_at", "saved_by", "version"])
    audit.write(
        by,
        verb,
        [standard],
        codes={standard.pk: standard.territory_code},
        before={standard.pk: {"state": before}},
        after={standard.pk: {"state": state.value}},
    )


# ---- runs ----


def start_run(by, *, standard: Standard, year: int, territory_code: str, cutoff: date, wake: bool = True) -> Run:
    """Begin a run in the background; one at a time for a year and territory.

    Raises Refused, Invisible (not the person's territory), ValidationError (what to mend), jobs.Busy.
    `wake=False` leaves the work to `jobs.run_inline`.
    """
    require(by, "run", Run)
    if not any(territory_code.startswith(held) for held in scopes(by, "run", Run)):
        raise Invisible(_("This territory is not yours to score."))
    if not Standard.objects.visible_to(by).filter(pk=standard.pk).exists():
        raise Invisible(_("There is no such standard in your territory."))
    return begin(by, standard=standard, year=year, territory_code=territory_code, cutoff=cutoff, wake=wake)


def begin(by, *, standard: Standard, year: int, territory_code: str, cutoff: date, wake=True, scheduled=False) -> Run:
    """`start_run` without the question of who: for the schedule, where `by` is None."""
    if standard.state != StandardState.PUBLISHED:
        raise ValidationError({"standard": _("Only a published standard is scored: publish it first.")})
    if not standard.holds_for(year, territory_code):
        raise ValidationError(
            {"standard": _("This standard doesn't hold for that year and territory: choose another.")}
        )
    if cutoff < date(year, 1, 1):
        raise ValidationError({"cutoff": _("The cut-off lies before the year begins: choose a day from January 1 on.")})
    run = Run(standard=standard, year=year, territory_code=territory_code, cutoff=cutoff, scheduled=scheduled)
    codes = list(run.villages().order_by("code").values_list("code", flat=True))
    if not codes:
        raise ValidationError({"territory_code": _("No village stood in this territory on that day: check the code.")})
    run.total, run.territory_name = len(codes), _name_of(territory_code)
    with transaction.atomic():
        run.job = jobs.start(
            KIND,
            by=by,
            key=f"{year} {territory_code}",
            payloads=_ranges(codes),
            territory_code=territory_code,
            wake=wake,
        )
        run.save()
        run.job.ref = str(run.pk)
        run.job.save(update_fields=["ref"])
        audit.write(by, "run", [run], codes={run.pk: territory_code}, after={run.pk: audit.snapshot(run)})
    return run


def _name_of(territory_code: str) -> str:
    """What the district, township or village of this code is called; "" for none."""
    kinds = {model.code_length: model for model in (District, Township, Village)}
    model = kinds.get(len(territory_code))
    return model.objects.filter(code=territory_code).values_list("name", flat=True).first() or "" if model else ""


def _ranges(codes: list[str]) -> list[dict]:
    """Chunks as ranges of village codes, both ends in it."""
    return [
        {"first": part[0], "last": part[-1]} for part in (codes[i : i + CHUNK] for i in range(0, len(codes), CHUNK))
    ]


def stop_run(by, run: Run) -> bool:
    """False when it had ended. Raises Refused, Invisible."""
    require(by, "run", Run)
    return jobs.cancel(run.job, by)


def resume_run(by, run: Run) -> bool:
    """Let a stopped or failed run go on where it was. Raises Refused, Invisible, jobs.Busy."""
    require(by, "run", Run)
    return jobs.resume(run.job, by)


def trial(by, village: Village, year: int, cutoff: date):
    """Score one village now, by the same engine, writing nothing: (Standard, Grade). Not an official figure.

    Raises Refused, Invisible; ValidationError where no published standard holds.
    """
    require(by, "trial", Result)
    if not Village.objects.visible_to(by).filter(pk=village.pk).exists():
        raise Invisible(_("There is no such village in your territory."))
    standard = Standard.objects.in_force(year, village.scope_code).first()
    if standard is None:
        raise ValidationError(
            _("No published standard holds for %(year)d: the district publishes one first.") % {"year": year}
        )
    own = Village.objects.filter(pk=village.pk)
    ((_village, figure),) = runner.grades(own, Period(year, cutoff), standard.terms())
    return standard, figure
