"""Surveys in the background: a long workbook is read, a checked one is written, one past its time forgotten."""

from datetime import timedelta

from celery import shared_task
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from core import jobs
from core.sheets.errors import Unreadable
from surveys.actions import imports
from surveys.actions.batches import IMPORT, READ
from surveys.choices import BatchState
from surveys.importing.grid import Grid
from surveys.models import Batch

LEASE = timedelta(minutes=10)
#: What is no failure of the work, but an answer to its sender.
REFUSALS = (ValidationError, PermissionDenied, Http404, Unreadable)


def _of(payload: dict, state: BatchState) -> tuple[Batch | None, object]:
    """The batch in that state, and its sender with the rights of now."""
    batch = Batch.objects.select_related("survey__edition").filter(pk=payload["batch"], state=state).first()
    return batch, batch and get_user_model()._default_manager.get(pk=payload["by"])


def _give_back(pk: int, state: BatchState, error: Exception) -> None:
    """To be looked at again, with what was said, unless it was dropped meanwhile."""
    said = " ".join(getattr(error, "messages", [str(error)]))
    batch = Batch.objects.filter(pk=pk, state=state).first()
    if batch is not None:
        Batch.objects.filter(pk=pk).update(state=imports.state_of_pending(batch), problem=said[:300])


# ---- reading ----


@jobs.handler(READ, lease=LEASE)
def keep_rows(job, judged) -> None:
    """One chunk, one transaction: the rows as they were judged, and nothing beside."""
    batch, by, error = judged
    if batch is None:
        return
    if error is None:
        try:
            with transaction.atomic():
                imports.keep_read(by, batch)
        except REFUSALS as refusal:
            error = refusal
    if error is not None:
        _give_back(batch.pk, BatchState.READING, error)


@keep_rows.compute
def read_rows(job, payload) -> tuple:
    """Before the transaction: the sheet is judged whole."""
    batch, by = _of(payload, BatchState.READING)
    if batch is None:
        return None, None, None
    try:
        imports.judge(by, batch, Grid(**batch.grid))
    except REFUSALS as error:
        return batch, by, error
    return batch, by, None


# ---- writing ----


@jobs.handler(IMPORT, lease=LEASE)
def write_answers(job, payload) -> None:
    """One chunk, one transaction. What the actions refuse leaves nothing, and the batch to be looked at again."""
    batch, by = _of(payload, BatchState.WRITING)
    if batch is None:
        return
    try:
        with transaction.atomic():
            imports.write_import(by, batch)
    except REFUSALS as error:
        _give_back(batch.pk, BatchState.WRITING, error)


@shared_task(ignore_result=True)
def forget_workbooks() -> None:
    """Every night: sheets that nobody wrote in time."""
    imports.forget_old(timezone.now())
