"""Runs: the same figures each time, sealed; who may start them; the yearly start; trials."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import jobs
from core.actions import Invisible, Refused
from core.jobs import JobState
from core.models import AuditRow
from core.periods import Period
from scoring import actions, demo, runner, tasks
from scoring.models import Breakdown, Result, Run, ScoringSchedule
from tests.scoring.conftest import DAY, DISTRICT_CODE

PINNED = "8fa3a7dbe4630d6bc325ff20c105ae76514955d99f04dc13f23cb14395e5a0cc"


def run_now(by, standard, code=DISTRICT_CODE, cutoff=DAY, **more):
    run = actions.start_run(by, standard=standard, year=2013, territory_code=code, cutoff=cutoff, wake=False, **more)
    jobs.run_inline(run.job)
    run.refresh_from_db()
    return run


def test_a_run_scores_every_village_and_is_sealed(perfect, district, standard):
    run = run_now(district, standard)
    assert (run.total, run.results.count(), run.is_sealed, run.job.state) == (74, 74, True, JobState.DONE)
    assert set(run.results.values_list("verdict", "total", "met", "veto")) == {("meets", 10000, 4, False)}
    passes = dict.fromkeys(["functions", "team", "facilities", "rules"], 74)
    assert run.job.result == {
        "villages": 74, "meets": 74, "fails": 0, "undetermined": 0, "vetoed": 0, "passes": passes,
    }  # fmt: skip
    assert len(run.results.first().breakdown.lines) == 32


def test_facts_missing_leave_villages_undetermined(facts, district, standard):
    run = run_now(district, standard)
    assert run.job.result["undetermined"] == 74
    assert set(run.results.values_list("total", "functions_score")) == {(None, None)}


def test_a_failed_must_and_a_veto_are_kept(perfect, villages, district, standard):
    perfect["rooms_in_place"][villages[0].pk] = (10, 13)
    perfect["members_developed"][villages[1].pk] = (0, 3)
    run = run_now(district, standard)
    must, veto = (run.results.get(village=village) for village in villages[:2])
    assert must.must_failed("facilities") and not must.must_failed("rules")
    assert (must.facilities_state, must.facilities_score, must.verdict, must.met) == ("fails", 9077, "fails", 3)
    assert (veto.veto, veto.verdict, veto.team_state) == (True, "fails", "meets")


def test_run_twice_gives_the_same_digest_and_both_stand(perfect, villages, district, standard):
    perfect["cases_in_time"][villages[3].pk] = (41, 46)
    first, second = run_now(district, standard), run_now(district, standard)
    assert first.pk != second.pk and first.digest == second.digest
    assert runner.digest(first) == first.digest
    assert runner.digest(Run.objects.get(pk=first.pk)) == first.digest
    perfect["cases_in_time"][villages[3].pk] = (40, 46)
    third = run_now(district, standard)
    assert third.digest != first.digest
    assert runner.digest(first) == first.digest


def test_the_digest_is_the_same_on_every_database(perfect, district, standard):
    """Pinned: it changes with the standard that ships, with the register's codes, or when figures change for all."""
    assert run_now(district, standard).digest == PINNED


def test_a_chunk_done_twice_leaves_the_same_rows(perfect, district, standard, villages):
    run = actions.start_run(
        district, standard=standard, year=2013, territory_code=DISTRICT_CODE, cutoff=DAY, wake=False
    )
    runner.score_villages(run, run.villages())
    perfect["duty_kept"][villages[0].pk] = (0, 10)
    runner.score_villages(run, run.villages())
    assert run.results.count() == Breakdown.objects.count() == 74
    changed = run.results.get(village=villages[0])
    assert changed.team_score == 8800
    assert changed.breakdown.lines[15][:5] == (16, 0, 10, 0, 1200)


@pytest.mark.parametrize("size", [1, 7, 74, 500])
def test_the_size_of_chunks_changes_nothing(perfect, district, standard, villages, monkeypatch, size):
    perfect["cases_in_time"] = {village.pk: (n, 74) for n, village in enumerate(villages)}
    whole = run_now(district, standard)
    monkeypatch.setattr(actions, "CHUNK", size)
    assert run_now(district, standard).digest == whole.digest


def test_a_sealed_run_is_not_rewritten(perfect, district, standard):
    run = run_now(district, standard)
    for write in (
        lambda: run.results.update(total=1),
        lambda: Run.objects.filter(pk=run.pk).update(digest="x"),
        lambda: runner.score_villages(run, run.villages()),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            write()


def test_one_run_at_a_time_for_a_year_and_territory(perfect, district, standard):
    actions.start_run(district, standard=standard, year=2013, territory_code=DISTRICT_CODE, cutoff=DAY, wake=False)
    with pytest.raises(jobs.Busy):
        run_now(district, standard)
    assert Run.objects.count() == 1
    run_now(district, standard, code="450109100")


def test_a_stopped_run_writes_nothing_more_and_can_go_on(perfect, district, standard):
    run = actions.start_run(
        district, standard=standard, year=2013, territory_code=DISTRICT_CODE, cutoff=DAY, wake=False
    )
    assert actions.stop_run(district, run)
    assert jobs.run_inline(run.job).state == JobState.CANCELLED
    run.refresh_from_db()
    assert run.results.count() == 0 and not run.is_sealed and run.may_resume
    assert actions.resume_run(district, run)
    assert jobs.run_inline(run.job).state == JobState.DONE


def test_who_may_start_a_run(district, leader, clerk, stranger, standard):
    for user in (leader, clerk):
        with pytest.raises(Refused):
            run_now(user, standard)
    with pytest.raises(Invisible):
        run_now(stranger, standard)
    with pytest.raises(Invisible):
        run_now(stranger, standard, code="450108")
    with pytest.raises(Invisible):
        run_now(district, standard, code="4501")
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2012},
        {"cutoff": date(2012, 12, 31)},
        {"territory_code": "450109999"},
    ],
)
def test_what_can_not_be_scored_is_said(district, standard, change):
    asked = {"standard": standard, "year": 2013, "territory_code": DISTRICT_CODE, "cutoff": DAY} | change
    with pytest.raises(ValidationError):
        actions.start_run(district, **asked)


def test_a_draft_is_not_scored(district, standard):
    draft = actions.new_edition(district, standard)
    with pytest.raises(ValidationError):
        run_now(district, draft)


def test_a_run_is_in_the_audit(perfect, district, standard):
    run = run_now(district, standard)
    row = AuditRow.objects.get(verb="run", object_id=str(run.pk))
    assert (row.actor, row.territory_code) == ("district district", DISTRICT_CODE)


# ---- how much it asks ----


def queries_of(by, standard, code):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run_now(by, standard, code=code)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_villages(perfect, district, standard, monkeypatch):
    """27 of a community, 74 of the district: what SQLite needs more is one statement a batch of rows it can take."""
    few, many = queries_of(district, standard, "450109100"), queries_of(district, standard, DISTRICT_CODE)
    assert perfect.asked == 2 * 32
    batches = 0 if connection.vendor == "postgresql" else 2
    assert many <= few + batches


# ---- runs that count, matrix, losses, changes ----


def test_the_run_that_counts_is_the_newest_over_the_persons_territory(perfect, district, clerk, standard):
    whole = run_now(district, standard)
    part = run_now(district, standard, code="450109100")
    assert Run.objects.current(district, 2013) == whole
    assert Run.objects.current(clerk, 2013) == part
    assert Run.objects.current(district, 2014) is None


def test_matrix_losses_and_changes(perfect, villages, district, clerk, standard, django_assert_num_queries):
    before = run_now(district, standard)
    for village in villages[:3]:
        perfect["rooms_in_place"][village.pk] = (10, 13)
    perfect["duty_kept"][villages[-1].pk] = (0, 10)
    run = run_now(district, standard)
    with django_assert_num_queries(1):
        assert len(Result.objects.matrix(district, run)) == 74
    assert {row.village.code[:9] for row in Result.objects.matrix(clerk, run)} == {"450109100"}
    losses = Result.objects.losses(district, run)
    assert [(loss.criterion.indicator, loss.villages, loss.measured, loss.points) for loss in losses] == [
        ("rooms_in_place", 3, 74, 3 * 923),
        ("duty_kept", 1, 74, 1200),
    ]
    assert Run.objects.before(run) == before
    changes = Result.objects.changes(district, run, before)
    assert [change.result.village for change in changes] == villages[:3]
    assert changes[0].groups == (("facilities", "meets", "fails"),)


# ---- trials, schedule, command ----


def test_a_trial_is_the_figure_that_a_run_gives_and_writes_nothing(perfect, villages, secretary, district, standard):
    village = next(v for v in villages if v.code == "450109100214")
    perfect["cases_in_time"][village.pk] = (41, 46)
    _standard, figure = actions.trial(secretary, village, 2013, DAY)
    assert not Run.objects.exists() and not Result.objects.exists()
    result = run_now(district, standard).results.get(village=village)
    assert (
        [group.score for group in figure.groups] == [cell.score for cell in result.cells] == [9765, 10000, 10000, 10000]
    )
    assert result.breakdown.lines == list(figure.lines)


def test_a_trial_of_another_village_is_refused(perfect, villages, secretary, standard):
    with pytest.raises(Invisible):
        actions.trial(secretary, villages[0], 2013, DAY)


def test_the_yearly_run_starts_once_on_its_day_and_catches_up(perfect, district, standard):
    schedule = ScoringSchedule.objects.create(territory_code=DISTRICT_CODE, month=11, day=31)
    assert tasks.start_if_due(schedule, date(2013, 11, 29)) is None
    run = tasks.start_if_due(schedule, date(2013, 12, 5))
    assert (run.scheduled, run.cutoff, run.year, run.job.started_by) == (True, date(2013, 11, 30), 2013, "")
    assert tasks.start_if_due(schedule, date(2013, 12, 6)) is None


def test_the_daily_task_reads_the_rows(perfect, standard, settings):
    for code, month, enabled in [(DISTRICT_CODE, 11, True), ("450108", 1, True), ("450109100", 1, False)]:
        ScoringSchedule.objects.create(territory_code=code, month=month, day=24, enabled=enabled)
    tasks.start_due_runs()
    tasks.start_due_runs()
    assert list(Run.objects.values_list("territory_code", "cutoff")) == [(DISTRICT_CODE, DAY)]


def test_the_command_prints_what_came_out(perfect, villages, standard):
    perfect["rooms_in_place"][villages[0].pk] = (10, 13)
    out = StringIO()
    call_command("score", 2013, territory=DISTRICT_CODE, json=True, stdout=out)
    figures = json.loads(out.getvalue())
    assert (figures["villages"], figures["all_four"], figures["undetermined"]) == (74, 73, 0)
    assert figures["passes"] == {"functions": 74, "team": 74, "facilities": 73, "rules": 74}
    assert figures["seconds"] >= 0
    with pytest.raises(CommandError):
        call_command("score", 2012, territory=DISTRICT_CODE, stdout=out)


def test_the_demonstration_is_scored(facts, villages, district):
    run = demo.build(district, DISTRICT_CODE, DAY)
    assert run.is_sealed and run.total == 74
    assert run.period == Period(2013, DAY)
