"""The broker's part: it wakes workers. Messages carry a job's number and nothing else; losing one loses no work."""

import time
from collections.abc import Iterable

from celery import shared_task
from django.conf import settings
from django.db import transaction

from core.jobs import engine
from core.jobs.models import Job

#: Seconds that a worker stays with one job before another may have its turn.
TURN = 5.0


def start(kind: str, *, by, key: str, payloads: Iterable, ref: str = "", territory_code: str = "", wake=True) -> Job:
    """Begin a long work in the caller's transaction, a chunk for each JSON payload (ids, no personal data).

    `by` is a user, or None for the schedule. `wake=False` leaves it to `run_inline`. Raises Busy while a job of this
    kind and key is active.
    """
    job = engine.create(kind, by=by, key=key, payloads=payloads, ref=ref, territory_code=territory_code)
    if wake:
        call_workers(job.pk, parallel())
    return job


def resume(job: Job, by) -> bool:
    """Let a failed or stopped job go on where it was. False for any other. Raises Refused, Invisible, Busy."""
    reopened = engine.reopen(job, by)
    if reopened:
        call_workers(job.pk, parallel())
    return reopened


def parallel() -> int:
    """How many chunks of one job are worked on side by side (setting `JOBS_PARALLEL`)."""
    return getattr(settings, "JOBS_PARALLEL", 4)


def call_workers(job_id: int, workers: int, *, delay: float = 0.0) -> None:
    """Send `workers` messages once the transaction commits.

    A broker that is down is logged and not raised: the work is begun all the same, and the sweeper calls again.
    """

    def send() -> None:
        for _n in range(workers):
            run.apply_async((job_id,), countdown=delay or None, retry=False)

    transaction.on_commit(send, robust=True)


@shared_task(ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def run(job_id: int) -> None:
    """Work chunks of a job for one turn, then pass the turn on."""
    until = time.monotonic() + TURN
    while engine.work_next(job_id):
        if time.monotonic() >= until:
            break
    pause = engine.pause(job_id)
    if pause is not None:
        call_workers(job_id, 1, delay=pause)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Every half minute: whatever workers or broker have dropped goes on."""
    for job_id, workers in engine.sweep().items():
        call_workers(job_id, workers)
