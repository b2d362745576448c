"""The life of a job in the database; the broker is not known here.

One rule makes it sound: the state of a job and of its chunks changes only under the lock of the job's row (on SQLite
under the one write lock, which IMMEDIATE takes at the transaction's begin). Work itself runs outside that lock, and
takes it at its end to ask whether the chunk is still its own.
"""

import logging
import time
import traceback
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actions import Invisible, require
from core.context import RequestContext, entered
from core.jobs import handlers
from core.jobs.choices import ACTIVE, ChunkState, JobState
from core.jobs.errors import describe
from core.jobs.models import Chunk, Job
from core.jobs.turns import turn

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
#: A failed chunk waits this long times its attempts.
BACKOFF = timedelta(seconds=1)


class Busy(ValidationError):
    """A job of this key is active; `job` is that one (or None, where it ended just now)."""

    def __init__(self, job: Job | None):
        self.job = job
        super().__init__(
            _("This work is running already, started by %(name)s. Wait until it ends, or stop it first.")
            % {"name": (job and job.started_by) or "—"}
        )


class Superseded(Exception):
    """The chunk is no longer this worker's: what it did must be rolled back."""


class Progress(NamedTuple):
    """Counts of chunks; the closing step is not counted."""

    total: int
    done: int
    running: int
    waiting: int
    parked: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down; 100 for a work without parts."""
        return 100 * self.done // self.total if self.total else 100


# ---- from the outside ----


def create(kind: str, *, by, key: str, payloads: Iterable, ref: str = "", territory_code: str = "") -> Job:
    """Write a job and a chunk for each JSON payload. `by` is a user, or None for the schedule. Raises Busy."""
    handlers.get(kind)
    now = timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind, key=key, ref=ref, territory_code=territory_code, started_by=_name(by), created_at=now
                )
        except IntegrityError:
            raise Busy(Job.objects.filter(kind=kind, key=key, state__in=ACTIVE).first()) from None
        chunks = [Chunk(job=job, number=n, payload=payload, not_before=now) for n, payload in enumerate(payloads)]
        chunks.append(Chunk(job=job, number=len(chunks), final=True, not_before=now))
        Chunk.objects.bulk_create(chunks, batch_size=500)
        audit.write(by, "start", [job], codes={job.pk: territory_code})
    return job


def cancel(job: Job, by) -> bool:
    """Stop a job: whoever is at work on it writes nothing more. False when it had ended. Raises Refused, Invisible."""
    with transaction.atomic():
        job = _locked_for(by, job)
        if not job.is_active:
            return False
        _stop(job, JobState.CANCELLED, stopped_by=_name(by))
        audit.write(by, "cancel", [job], codes={job.pk: job.territory_code})
    return True


def reopen(job: Job, by) -> bool:
    """Let a failed or stopped job go on where it was. False for any other. Raises Refused, Invisible, Busy."""
    with transaction.atomic():
        job = _locked_for(by, job)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            return False
        job.state, job.error, job.stopped_by, job.finished_at = JobState.QUEUED, "", "", None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:
            raise Busy(Job.objects.filter(kind=job.kind, key=job.key, state__in=ACTIVE).first()) from None
        job.chunks.exclude(state=ChunkState.DONE).update(
            state=ChunkState.WAITING, attempts=0, error="", not_before=timezone.now()
        )
        audit.write(by, "resume", [job], codes={job.pk: job.territory_code})
    return True


def progress(job: Job) -> Progress:
    """How far the job is; one query."""
    counts = {
        name: Count("pk", filter=Q(state=state))
        for name, state in [
            ("done", ChunkState.DONE),
            ("running", ChunkState.LEASED),
            ("waiting", ChunkState.WAITING),
            ("parked", ChunkState.PARKED),
        ]
    }
    return Progress(**job.chunks.filter(final=False).aggregate(total=Count("pk"), **counts))


def run_inline(job: Job) -> Job:
    """Work a job to its end in this process; waits for chunks that other workers hold. Returns it as it ended."""
    while True:
        while work_next(job.pk):
            pass
        job = Job.objects.get(pk=job.pk)
        if not job.is_active:
            return job
        time.sleep(min(1, max(pause(job.pk) or 0, 0.05)))
        release_expired(job.pk)


# ---- a worker's side ----


def claim(job_id: int) -> Chunk | None:
    """Lease the next chunk to the caller; None when there is none to be had now."""
    now = timezone.now()
    with transaction.atomic():
        job = _lock(job_id)
        chunk = _next(job)
        if chunk is None or chunk.not_before > now:
            return None
        chunk.state, chunk.lease_until = ChunkState.LEASED, now + handlers.get(job.kind).lease
        chunk.token += 1
        chunk.attempts += 1
        chunk.save(update_fields=["state", "lease_until", "token", "attempts"])
        if job.state == JobState.QUEUED:
            job.state, job.started_at = JobState.RUNNING, job.started_at or now
            job.save(update_fields=["state", "started_at"])
    chunk.job = job
    return chunk


def work_next(job_id: int) -> bool:
    """Claim a chunk, work it, mark it done. False when there was none to claim. A chunk's failure is not raised."""
    chunk = claim(job_id)
    if chunk is None:
        return False
    try:
        work(chunk)
    except Superseded:
        logger.info("job %s: part %s went to another worker; nothing written", job_id, chunk.number)
    except Exception as error:  # noqa: BLE001  whatever a handler raises is kept on its chunk
        trace = "".join(traceback.format_tb(error.__traceback__))
        logger.error("job %s: part %s failed: %s\n%s", job_id, chunk.number, describe(error), trace)
        give_back(chunk, describe(error))
    return True


def work(chunk: Chunk) -> None:
    """Do a claimed chunk and mark it done in one transaction. Raises Superseded, or what the handler raises."""
    kind, job, payload = handlers.get(chunk.job.kind), chunk.job, chunk.payload
    with entered(RequestContext(request_id=f"job-{job.pk}")):
        if kind.prepare and not chunk.final:
            payload = kind.prepare(job, payload)
        with turn(), transaction.atomic():
            if chunk.final:
                result = (kind.close(job) if kind.close else None) or {}
            else:
                kind.work(job, payload)
            _lock(job.pk)
            if not _is_ours(chunk):
                raise Superseded
            Chunk.objects.filter(pk=chunk.pk).update(state=ChunkState.DONE, lease_until=None)
            if chunk.final:
                Job.objects.filter(pk=job.pk).update(
                    state=JobState.DONE, result=result, error="", finished_at=timezone.now()
                )


def give_back(chunk: Chunk, error: str) -> None:
    """Return a chunk that failed, to be tried again; after the last attempt park it and fail the job."""
    if not connection.in_atomic_block:
        # The failure may have been the connection's own; a fresh one is opened for this.
        connection.close_if_unusable_or_obsolete()
    try:
        with transaction.atomic():
            job = _lock(chunk.job_id)
            if _is_ours(chunk):
                _requeue(job, chunk, error)
    except DatabaseError:
        logger.exception("job %s: part %s could not be given back; its lease will run out", chunk.job_id, chunk.number)


def pause(job_id: int) -> float | None:
    """Seconds until the job has a chunk to claim (0: now); None when it has none, or all are in other hands."""
    chunk = _next(Job.objects.filter(pk=job_id).first())
    return chunk and max(0.0, (chunk.not_before - timezone.now()).total_seconds())


# ---- the sweeper's side ----


def sweep() -> dict[int, int]:
    """Take back expired leases. Answers how many workers each job wants waking: those lost, or one if all sleep."""
    wanted = {}
    for job_id in Job.objects.filter(state__in=ACTIVE).order_by("pk").values_list("pk", flat=True):
        lost = release_expired(job_id)
        asleep = not Chunk.objects.filter(job=job_id, state=ChunkState.LEASED).exists()
        if (lost or asleep) and pause(job_id) is not None:
            wanted[job_id] = max(lost, 1)
    return wanted


def release_expired(job_id: int) -> int:
    """Requeue or park the chunks whose worker did not come back in time; their number."""
    with transaction.atomic():
        # Where rows can be locked one by one, a job that is just being changed is left for the next sweep.
        job = _lock(job_id, skip_locked=connection.features.has_select_for_update_skip_locked)
        if job is None or not job.is_active:
            return 0
        expired = list(job.chunks.filter(state=ChunkState.LEASED, lease_until__lte=timezone.now()))
        for chunk in expired:
            _requeue(job, chunk, _("The worker stopped, or took longer than its lease."))
    return len(expired)


# ---- under the job's lock ----


def _lock(job_id: int, **options) -> Job | None:
    # no_key: chunks and results that refer to the job may be written meanwhile.
    no_key = connection.features.has_select_for_no_key_update
    return Job.objects.select_for_update(no_key=no_key, **options).filter(pk=job_id).first()


def _locked_for(by, job: Job) -> Job:
    """The job's row, locked, where the person may stop it; None (the program itself) may."""
    if by is not None:
        require(by, "cancel", Job)
        if not Job.objects.visible_to(by, "cancel").filter(pk=job.pk).exists():
            raise Invisible(_("The record is not in your territory."))
    return _lock(job.pk)


def _next(job: Job | None) -> Chunk | None:
    """The chunk whose turn is next, now or after its back-off. The final one only when all others are done."""
    if job is None or not job.is_active:
        return None
    chunk = job.chunks.filter(state=ChunkState.WAITING).order_by("final", "not_before", "number").first()
    if chunk and chunk.final and job.chunks.filter(final=False).exclude(state=ChunkState.DONE).exists():
        return None
    return chunk


def _is_ours(chunk: Chunk) -> bool:
    """Whether the claim still holds: nobody has claimed the chunk since, or taken it back, as a job's end does."""
    return Chunk.objects.filter(pk=chunk.pk, token=chunk.token, state=ChunkState.LEASED).exists()


def _requeue(job: Job, chunk: Chunk, error: str) -> None:
    chunk.error, chunk.lease_until = error, None
    spent = chunk.attempts >= MAX_ATTEMPTS
    chunk.state = ChunkState.PARKED if spent else ChunkState.WAITING
    chunk.not_before = timezone.now() + BACKOFF * chunk.attempts
    chunk.save(update_fields=["state", "not_before", "lease_until", "error"])
    if spent:
        _stop(job, JobState.FAILED, error=error)


def _stop(job: Job, state: JobState, **values) -> None:
    """End a job short: chunks in work are taken from their workers, whose writes are then rolled back."""
    job.chunks.filter(state=ChunkState.LEASED).update(state=ChunkState.WAITING, lease_until=None)
    job.state, job.finished_at = state, timezone.now()
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=["state", "finished_at", *values])


def _name(by) -> str:
    return by.name if by else ""
