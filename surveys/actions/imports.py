"""A checked workbook becomes sheets of answers: all of them, or those alone that are without fault; in one transaction."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import actions, jobs
from surveys.actions.answers import Filled, record_responses
from surveys.actions.batches import IMPORT, set_state
from surveys.choices import BatchState, Source
from surveys.given import Given
from surveys.models import Batch, Response
from villages.models import Village


def good(batch: Batch) -> list[dict]:
    return [row for row in batch.rows if not row["errors"]]


def wrong(batch: Batch) -> list[dict]:
    return [row for row in batch.rows if row["errors"]]


def start_import(by, batch: Batch, *, only_good: bool, wake: bool = True):
    """Begin the writing in the background. Raises Refused, Invisible, ValidationError (rows are wrong), jobs.Busy."""
    actions.require(by, "add", Response)
    if batch.state != BatchState.CHECKED:
        raise ValidationError(_("This workbook is written or taken back already."))
    if wrong(batch) and not only_good:
        raise ValidationError(
            _("Some rows are wrong: mend the workbook and read it again, or write the good rows only.")
        )
    if not good(batch):
        raise ValidationError(_("No row is without fault: mend the workbook and read it again."))
    with transaction.atomic():
        set_state(by, batch, BatchState.WRITING)
        return jobs.start(
            IMPORT,
            by=by,
            key=str(batch.pk),
            ref=str(batch.pk),
            payloads=[{"batch": batch.pk, "by": by.pk}],
            territory_code=batch.territory_code,
            wake=wake,
        )


def write_import(by, batch: Batch) -> int:
    """What the job does: every good row, or none at all. Answers the number of sheets."""
    rows = good(batch)
    villages = Village.objects.visible_to(by).in_bulk({row["village"] for row in rows})
    filled = []
    for row in rows:
        if row["village"] not in villages:
            raise ValidationError(_("Row %(n)d: its village is not in your territory any more.") % {"n": row["number"]})
        answers = {key: Given.from_json(kept) for key, kept in row["answers"].items()}
        filled.append(Filled(villages[row["village"]], answers))
    written = record_responses(by, batch.survey, filled, Source.IMPORT, day=batch.day, batch=batch)
    set_state(by, batch, BatchState.WRITTEN)
    return len(written)
