"""Surveys in the background: a checked workbook is written, one past its time forgotten."""

from datetime import timedelta

from celery import shared_task
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from core import jobs
from surveys.actions import imports
from surveys.actions.batches import IMPORT
from surveys.choices import BatchState
from surveys.models import Batch


@jobs.handler(IMPORT, lease=timedelta(minutes=10))
def write_answers(job, payload) -> None:
    """One chunk, one transaction. What the actions refuse leaves nothing, and the batch to be looked at again."""
    batch = Batch.objects.select_related("survey__edition").filter(pk=payload["batch"]).first()
    if batch is None or batch.state != BatchState.WRITING:
        return
    by = get_user_model()._default_manager.get(pk=payload["by"])
    try:
        with transaction.atomic():
            imports.write_import(by, batch)
    except (ValidationError, PermissionDenied, Http404) as error:
        said = " ".join(getattr(error, "messages", [str(error)]))
        back = BatchState.PARTLY if batch.responses.exists() else BatchState.CHECKED
        Batch.objects.filter(pk=batch.pk).update(state=back, problem=said[:300])


@shared_task(ignore_result=True)
def forget_workbooks() -> None:
    """Every night: sheets that nobody wrote in time."""
    imports.forget_old(timezone.now())
