"""Batches: a pile of paper that is typed in, or a workbook that was checked; ended, or taken back as a whole."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import actions
from core.jobs.models import Job
from core.rights import can
from surveys.actions.answers import withdraw
from surveys.choices import BatchState, Source
from surveys.models import Batch, Survey
from villages.models import Village

#: The kinds of work that read a long workbook, and write a checked one.
READ, IMPORT = "surveys.read", "surveys.import"


def begin_pile(by, survey: Survey, village: Village, name: str, expected: int | None, day: date) -> Batch:
    """A pile of paper of one village."""
    batch = Batch(
        survey=survey,
        village=village,
        name=name,
        expected=expected,
        day=day,
        source=Source.PAPER,
        territory_code=village.scope_code,
    )
    return actions.create(by, [batch])[0]


def end_pile(by, batch: Batch) -> Batch:
    """All sheets are in."""
    if batch.state != BatchState.OPEN:
        raise ValidationError(_("This batch is ended already."))
    return set_state(by, batch, BatchState.WRITTEN)


def drop(by, batch: Batch, *, reason: str = "") -> int:
    """Take a batch back with all its sheets; the batch itself stays and says so. Answers the number of sheets.

    Whoever is reading it then finds nothing to read.
    """
    if not _is_droppable(batch):
        raise ValidationError(_("This batch is being written, or was taken back already."))
    with transaction.atomic():
        taken = withdraw(by, list(batch.responses.all()), reason=reason)
        set_state(by, batch, BatchState.DROPPED)
    return taken


def may_drop(by, batch: Batch) -> bool:
    return can(by, "delete", Batch) and _is_droppable(batch)


def _is_droppable(batch: Batch) -> bool:
    if batch.state == BatchState.WRITING:
        job = job_of(batch)
        return job is None or not job.is_active
    return batch.state != BatchState.DROPPED


def job_of(batch: Batch) -> Job | None:
    """The last work at it."""
    return Job.objects.filter(kind__in=(READ, IMPORT), ref=str(batch.pk)).order_by("pk").last()


def set_state(by, batch: Batch, state: BatchState) -> Batch:
    batch.state = state
    fields = ["state"]
    if state in (BatchState.WRITTEN, BatchState.DROPPED) and batch.grid:
        batch.grid, batch.rows = "", []  # they are answers now, or nobody's
        fields += ["grid", "rows"]
    if state == BatchState.DROPPED:
        batch.marks, batch.whole = "", ""  # it may be sent again
        fields += ["marks", "whole"]
    actions.update(by, [batch], fields)
    return batch
