"""Claim, lease, fence, sweep, park, stop and resume, each step at a time in one process."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.actions import Invisible, Refused
from core.jobs import engine, handlers, tasks
from core.jobs.models import Chunk, Job
from core.models import AuditRow
from core.roles import EDITORS, READERS, Role

from .toy_jobs import written

pytestmark = pytest.mark.django_db


class Person:
    """As much of a user as the kit asks for."""

    pk, is_active = 1, True

    def __init__(self, role, code):
        self.role, self.code = role, code
        self.username, self.name, self.roles = role, f"{role} of {code}", frozenset({role})

    def scopes(self, roles):
        return (self.code,) if self.role in roles else ()


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch):
    monkeypatch.setattr(engine, "BACKOFF", timedelta(0))


def begin(kind="toy.write", payloads=(0, 1, 2), **options):
    return jobs.start(kind, **({"by": None, "key": "k", "wake": False} | options), payloads=payloads)


def expire_leases():
    """As if every worker had been silent for the length of its lease."""
    Chunk.objects.filter(state=jobs.ChunkState.LEASED).update(lease_until=timezone.now() - timedelta(seconds=1))


def fail(job, times=engine.MAX_ATTEMPTS):
    for _n in range(times):
        assert engine.claim(job.pk)
        expire_leases()
        engine.release_expired(job.pk)


# ---- the straight way ----


def test_a_job_done_inline():
    job = jobs.run_inline(begin(ref="7", territory_code="450109"))
    assert (job.state, job.result, job.ref) == (jobs.JobState.DONE, {"sum": 3}, "7")
    assert written() == [0, 1, 2]
    assert jobs.progress(job) == (3, 3, 0, 0, 0)
    assert job.created_at <= job.started_at <= job.finished_at
    assert job.explain() == ""


def test_a_job_without_parts_is_closed():
    job = jobs.run_inline(begin(payloads=[]))
    assert (job.state, job.result, jobs.progress(job).percent) == (jobs.JobState.DONE, {"sum": 0}, 100)


def test_progress_counts_parts_and_not_the_closing_step():
    job = begin()
    engine.work_next(job.pk)
    engine.claim(job.pk)
    assert jobs.progress(job) == jobs.Progress(total=3, done=1, running=1, waiting=1, parked=0)
    assert jobs.progress(job).percent == 33


def test_progress_is_one_query(django_assert_num_queries):
    job = begin(payloads=range(50))
    with django_assert_num_queries(1):
        jobs.progress(job)


def test_the_number_of_queries_to_start_does_not_grow_with_the_parts(django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        begin(payloads=range(400))


def test_an_unknown_kind_is_refused_before_anything_is_written():
    with pytest.raises(LookupError):
        begin("toy.unheard_of")
    assert not Job.objects.exists()


def test_two_handlers_of_one_kind_are_refused():
    with pytest.raises(ValueError, match="two handlers"):
        jobs.handler("toy.write")(lambda job, payload: None)
    assert handlers.get("toy.write").work.__name__ == "write_number"


# ---- one active job a key ----


def test_a_second_job_of_an_active_key_is_busy_and_the_callers_transaction_lives():
    first = begin()
    with transaction.atomic():
        with pytest.raises(jobs.Busy) as error:
            begin()
        assert error.value.job == first
        begin(key="another")
    assert Job.objects.count() == 2


def test_a_key_is_free_again_when_its_job_has_ended():
    jobs.run_inline(begin())
    assert begin()


# ---- lease and fence ----


def test_a_claimed_chunk_is_not_claimed_again():
    job = begin(payloads=[0])
    assert engine.claim(job.pk)
    assert engine.claim(job.pk) is None
    assert engine.pause(job.pk) is None


def test_the_closing_step_waits_for_the_last_part():
    job = begin(payloads=[0, 1])
    held = engine.claim(job.pk)
    assert engine.work_next(job.pk)
    assert not engine.work_next(job.pk)
    engine.work(held)
    assert engine.work_next(job.pk)
    assert Job.objects.get().state == jobs.JobState.DONE
    assert written("toy.finish") == [0]


def test_a_lease_grows_the_token_and_counts_the_attempt():
    job = begin(payloads=[0])
    first = engine.claim(job.pk)
    expire_leases()
    assert engine.release_expired(job.pk) == 1
    second = engine.claim(job.pk)
    assert (first.pk, first.token, second.token, second.attempts) == (second.pk, 1, 2, 2)


@pytest.mark.parametrize("then", ["requeued", "claimed", "done", "ended"])
def test_an_old_worker_that_wakes_late_writes_nothing(then):
    job = begin(payloads=[5])
    old = engine.claim(job.pk)
    expire_leases()
    engine.release_expired(job.pk)
    if then != "requeued":
        new = engine.claim(job.pk)
    if then in ("done", "ended"):
        engine.work(new)
    if then == "ended":
        jobs.run_inline(job)
    before = written()
    with pytest.raises(engine.Superseded):
        engine.work(old)
    assert written() == before
    engine.give_back(old, "late")
    assert Chunk.objects.get(number=0).error != "late"


def test_a_worker_that_is_late_but_not_replaced_is_welcome():
    job = begin(payloads=[5])
    chunk = engine.claim(job.pk)
    expire_leases()
    engine.work(chunk)
    assert written() == [5]
    assert engine.release_expired(job.pk) == 0


def test_double_delivery_does_nothing_twice():
    job = begin()
    for _n in range(3):
        tasks.run(job.pk)
    assert written() == [0, 1, 2]
    assert written("toy.finish") == [0]


def test_a_message_for_a_job_that_is_gone_is_harmless():
    job = begin()
    chunk, number = engine.claim(job.pk), job.pk
    job.delete()
    tasks.run(number)
    with pytest.raises(engine.Superseded):
        engine.work(chunk)
    assert written() == []


# ---- failures ----


def test_a_part_that_fails_is_tried_three_times_then_the_job_fails():
    job = jobs.run_inline(begin("toy.broken"))
    assert (job.state, jobs.progress(job)) == (jobs.JobState.FAILED, (3, 2, 0, 0, 1))
    parked = Chunk.objects.get(state=jobs.ChunkState.PARKED)
    assert (parked.payload, parked.attempts) == (1, 3)
    assert written() == [0, 2]
    assert "2" in job.explain() and "ValueError" in job.explain()


def test_an_error_is_kept_without_personal_data():
    job = jobs.run_inline(begin("toy.broken"))
    assert job.error == "ValueError: resident *** has no house"


def test_no_log_line_holds_the_error_s_data(caplog):
    jobs.run_inline(begin("toy.broken"))
    assert "part 1 failed" in caplog.text
    assert "break_down" in caplog.text
    assert "450109199001011234" not in caplog.text
    assert "whole row" not in caplog.text


def test_a_failed_part_waits_longer_each_time(monkeypatch):
    monkeypatch.setattr(engine, "BACKOFF", timedelta(seconds=10))
    job = begin("toy.broken", payloads=[1])
    for attempt in (1, 2):
        assert engine.work_next(job.pk)
        assert not engine.work_next(job.pk)
        assert 10 * attempt - 1 < engine.pause(job.pk) <= 10 * attempt
        Chunk.objects.update(not_before=timezone.now())


def test_a_closing_step_that_fails_is_rolled_back_and_fails_the_job():
    job = jobs.run_inline(begin("toy.unfinished"))
    assert job.state == jobs.JobState.FAILED
    assert written("toy.finish") == []
    assert "RuntimeError: no room for the seal" in job.explain()


def test_after_a_failure_nobody_writes_any_more():
    job = begin("toy.broken", payloads=[0, 1])
    held = engine.claim(job.pk)
    for _n in range(engine.MAX_ATTEMPTS):
        assert engine.work_next(job.pk)
    with pytest.raises(engine.Superseded):
        engine.work(held)
    assert written() == []


def test_the_error_of_the_database_is_kept_too(monkeypatch):
    job = begin(payloads=[0])
    Job.objects.filter(pk=job.pk).update(kind="toy.clash")

    @jobs.handler("toy.clash")
    def clash(job, payload):
        Chunk.objects.create(job=job, number=0)

    try:
        assert jobs.run_inline(job).error.startswith("IntegrityError")
    finally:
        handlers._handlers.pop("toy.clash")


# ---- the sweeper ----


def test_the_sweeper_requeues_then_parks_with_a_sentence():
    job = begin(payloads=[0])
    fail(job, times=2)
    assert Chunk.objects.get(number=0).state == jobs.ChunkState.WAITING
    fail(job, times=1)
    job.refresh_from_db()
    assert (job.state, Chunk.objects.get(number=0).state) == (jobs.JobState.FAILED, jobs.ChunkState.PARKED)
    assert job.finished_at
    assert job.explain()
    assert engine.sweep() == {}


def test_the_sweeper_calls_for_what_was_lost():
    asleep, working, half = begin(key="a"), begin(key="b"), begin(key="c")
    engine.claim(half.pk)
    engine.claim(half.pk)
    expire_leases()
    engine.claim(working.pk)
    jobs.run_inline(begin(key="d"))
    assert engine.sweep() == {asleep.pk: 1, half.pk: 2}


def test_the_sweeper_calls_nobody_while_all_parts_are_in_hands():
    job = begin(payloads=[0])
    engine.claim(job.pk)
    assert engine.sweep() == {}


def test_the_sweep_sends_the_messages(monkeypatch):
    job, sent = begin(), []
    monkeypatch.setattr(tasks, "call_workers", lambda job_id, workers: sent.append((job_id, workers)))
    tasks.sweep()
    assert sent == [(job.pk, 1)]


# ---- stop and resume ----


def test_a_stopped_job_writes_nothing_more_and_can_go_on():
    job = begin()
    engine.work_next(job.pk)
    held = engine.claim(job.pk)
    assert jobs.cancel(job, None)
    with pytest.raises(engine.Superseded):
        engine.work(held)
    assert not engine.work_next(job.pk)
    assert engine.sweep() == {}
    job.refresh_from_db()
    assert (job.state, written()) == (jobs.JobState.CANCELLED, [0])
    assert jobs.progress(job) == (3, 1, 0, 2, 0)
    assert job.explain()
    assert jobs.resume(job, None)
    job = jobs.run_inline(job)
    assert (job.state, written(), job.explain()) == (jobs.JobState.DONE, [0, 1, 2], "")


def test_a_failed_job_can_go_on_with_fresh_attempts():
    job = begin(payloads=[0])
    fail(job)
    assert jobs.resume(job, None)
    job = jobs.run_inline(job)
    assert (job.state, job.error, written()) == (jobs.JobState.DONE, "", [0])


def test_what_has_ended_well_is_neither_stopped_nor_resumed():
    job = jobs.run_inline(begin())
    assert not jobs.cancel(job, None)
    assert not jobs.resume(job, None)
    assert Job.objects.get().state == jobs.JobState.DONE


def test_a_job_is_not_resumed_beside_a_newer_one_of_its_key():
    job = begin()
    jobs.cancel(job, None)
    begin()
    with pytest.raises(jobs.Busy):
        jobs.resume(job, None)
    job.refresh_from_db()
    assert job.state == jobs.JobState.CANCELLED


# ---- who ----


@pytest.mark.parametrize(
    ("role", "code", "answer"),
    [
        (Role.DISTRICT, "450109", True),
        (Role.DISTRICT, "450108", Invisible),
        (Role.CLERK, "450109101", Invisible),
        (Role.LEADER, "450109", Refused),
        (Role.SYSADMIN, "450109", Refused),
    ],
)
def test_who_may_stop_a_job_of_a_district(role, code, answer):
    job, person = begin(territory_code="450109"), Person(role, code)
    if answer is True:
        assert jobs.cancel(job, person)
        job.refresh_from_db()
        assert job.stopped_by == person.name
    else:
        with pytest.raises(answer):
            jobs.cancel(job, person)
        with pytest.raises(answer):
            jobs.resume(job, person)
        job.refresh_from_db()
        assert job.is_active


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("code", "near"), [("450109", True), ("450109101", True), ("450108", False), ("45", True)])
def test_who_sees_a_job_of_a_district(role, code, near):
    begin(territory_code="450109")
    assert Job.objects.visible_to(Person(role, code)).exists() == (near and role in READERS)
    assert Job.objects.visible_to(Person(role, code), "cancel").exists() == (
        role in EDITORS and code in ("450109", "45")
    )
    assert not Job.objects.visible_to(None).exists()


def test_start_stop_and_resume_are_audited():
    person = Person(Role.DISTRICT, "450109")
    job = begin(by=person, territory_code="450109")
    assert job.started_by == person.name
    jobs.cancel(job, person)
    jobs.resume(job, person)
    rows = AuditRow.objects.filter(model="core.Job", object_id=job.pk).order_by("pk")
    assert [(row.verb, row.territory_code) for row in rows] == [
        ("start", "450109"),
        ("cancel", "450109"),
        ("resume", "450109"),
    ]
