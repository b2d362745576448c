"""Committed transactions, several threads, a broker that fails."""

import threading
import time

import pytest
from django.db import connection, transaction

from core import jobs
from core.jobs import engine, tasks
from core.jobs.models import Chunk, Job

from .toy_jobs import write, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch):
    """The messages that would have gone to the broker: (job, delay)."""
    messages = []
    monkeypatch.setattr(
        tasks.run, "apply_async", lambda args, countdown=None, retry=True: messages.append((*args, countdown))
    )
    return messages


def start(payloads=(0, 1, 2), **options):
    return jobs.start("toy.write", **({"by": None, "key": "k"} | options), payloads=payloads)


def in_threads(function, number):
    """Run the function in threads, each with a connection of its own; what they answered."""
    answers, gate = [], threading.Barrier(number)

    def body():
        gate.wait()
        try:
            answers.append(function())
        finally:
            connection.close()

    threads = [threading.Thread(target=body) for _n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == number
    return answers


def test_workers_are_called_on_commit_alone(sent, settings):
    settings.JOBS_PARALLEL = 2
    with transaction.atomic():
        job = start()
        assert sent == []
    assert sent == [(job.pk, None)] * 2


def test_a_rolled_back_start_calls_nobody(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        start()
        raise ZeroDivisionError
    assert sent == []
    assert not Job.objects.exists()


def test_a_broker_that_is_down_does_not_spoil_the_start_and_the_sweeper_calls_again(monkeypatch, sent):
    record = tasks.run.apply_async

    def refuse(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.run, "apply_async", refuse)
    job = start()
    monkeypatch.setattr(tasks.run, "apply_async", record)
    tasks.sweep()
    assert sent == [(job.pk, None)]


def test_a_worker_passes_the_turn_on(sent, monkeypatch):
    monkeypatch.setattr(tasks, "TURN", 0)
    job = start(wake=False)
    tasks.run(job.pk)
    assert jobs.progress(job).done == 1
    assert sent == [(job.pk, None)]
    for _n in range(3):
        tasks.run(job.pk)
    assert Job.objects.get().state == jobs.JobState.DONE
    assert len(sent) == 3


def test_a_worker_calls_again_after_the_back_off(sent):
    job = jobs.start("toy.broken", by=None, key="k", payloads=[1], wake=False)
    tasks.run(job.pk)
    assert [number for number, _delay in sent] == [job.pk]
    assert 0.5 < sent[0][1] <= 1


def test_what_is_computed_before_the_transaction_is_written_in_it():
    job = jobs.run_inline(jobs.start("toy.computed", by=None, key="k", payloads=[2, 3], wake=False))
    assert (job.state, written()) == (jobs.JobState.DONE, [4, 9])


def test_threads_share_a_job_and_nothing_is_done_twice():
    job = start(range(40), wake=False)
    in_threads(lambda: tasks.run.run(job.pk), 4)
    job = jobs.run_inline(job)
    assert (job.state, job.result) == (jobs.JobState.DONE, {"sum": sum(range(40))})
    assert written() == list(range(40))
    assert written("toy.finish") == [0]
    assert set(Chunk.objects.values_list("token", flat=True)) == {1}


def test_threads_claim_a_chunk_once():
    job = start([0], wake=False)
    answers = in_threads(lambda: engine.claim(job.pk), 6)
    assert len([chunk for chunk in answers if chunk]) == 1


def test_threads_start_one_job_of_a_key():
    def try_to_start():
        try:
            return start(wake=False)
        except jobs.Busy:
            return None

    assert len([job for job in in_threads(try_to_start, 6) if job]) == 1
    assert Job.objects.count() == 1


def test_a_page_can_write_while_two_workers_are_at_it():
    job = jobs.start("toy.slow", by=None, key="k", payloads=range(20), wake=False)
    waits = []

    def work():
        while engine.work_next(job.pk):
            pass

    def write_as_a_page_does():
        while Job.objects.filter(pk=job.pk).get().is_active:
            began = time.monotonic()
            write("page", 0)
            waits.append(time.monotonic() - began)
            time.sleep(0.05)

    roles = iter([work, work, write_as_a_page_does])
    in_threads(lambda: next(roles)(), 3)
    assert len(waits) > 5
    assert max(waits) < 1


def test_a_job_stopped_in_the_middle_keeps_whole_parts_and_writes_nothing_later():
    job = jobs.start("toy.slow", by=None, key="k", payloads=range(30), wake=False)

    def stop():
        while not written():
            threading.Event().wait(0.02)
        jobs.cancel(job, None)
        return written()

    def work():
        while engine.work_next(job.pk):
            pass

    roles = iter([work, work, stop])
    kept = next(answer for answer in in_threads(lambda: next(roles)(), 3) if answer is not None)
    assert written() == kept
    assert len(kept) == Chunk.objects.filter(state=jobs.ChunkState.DONE).count() < 30
