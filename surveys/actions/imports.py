"""A workbook of answers: sent, its headings said, its cells mended, written; all rows or the good ones, in one transaction.

Nothing of it is a register's: sheets of answers have no numbers and no versions, and nobody may find a row's sheet again.
So what is kept is the batch's own, without who answered, and an undo takes the batch back as a whole.
"""

from collections import Counter
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime, timedelta
from operator import itemgetter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import actions, jobs
from core.scoping import scopes
from core.sheets.errors import CellError, Unreadable
from surveys.actions.answers import Filled, record_responses
from surveys.actions.batches import IMPORT, READ, set_state
from surveys.choices import IN_WORK, PENDING, BatchState, Source
from surveys.given import Given, questions_of
from surveys.importing.grid import Grid, marked_workbook, take
from surveys.importing.headings import Headings
from surveys.importing.sheets import Reading, read_answers, read_headings
from surveys.models import Batch, Response, Survey
from villages.models import Village


def good(batch: Batch) -> list[dict]:
    return [row for row in batch.rows if not row["errors"] and not row["is_known"]]


def wrong(batch: Batch) -> list[dict]:
    return [row for row in batch.rows if row["errors"]]


def known(batch: Batch) -> int:
    """Rows that came in with an earlier workbook, and are not written again."""
    return sum(row["is_known"] for row in batch.rows)


# ---- sending, headings, cells ----


def send(by, survey: Survey, village: Village | None, name: str, content: bytes, day: date) -> Batch:
    """Keep a workbook and check it. It belongs to the territory of who sent it. Raises Refused, Unreadable, ValidationError."""
    actions.require(by, "add", Response)
    if not survey.is_running(day):
        days = {"from": survey.starts_on, "until": survey.ends_on}
        raise ValidationError(_("The survey ran from %(from)s to %(until)s: correct the date.") % days)
    grid = take(questions_of(survey.edition), name, content, village.pk if village else None)
    if before := _with_file(survey, grid.whole):
        facts = {"name": before.name, "day": before.day}
        raise Unreadable(_("This workbook is in already: batch “%(name)s” of %(day)s.") % facts)
    held = scopes(by, "add", Batch)
    batch = Batch(
        survey=survey,
        name=name[:80],
        day=day,
        source=Source.IMPORT,
        territory_code=held[0] if held else "",
    )
    found = read_headings(survey, grid)
    if not found.headings.unknown:
        _refuse_incomplete(found, grid)
    return _read(by, batch, grid, len(found.body), lambda: actions.create(by, [batch]))


def _refuse_incomplete(reading: Reading, grid: Grid) -> None:
    """Where no heading is left that could be what is missing, the workbook must be mended."""
    if not reading.body:
        raise Unreadable(_("No answers stand below the headings: check the file."))
    if reading.headings.village is None and grid.village is None:
        raise Unreadable(_("No column names the village: choose the village that the answers come from."))
    if reading.not_asked:
        raise Unreadable(_("No column for: %(questions)s.") % {"questions": "、".join(reading.not_asked)})


def say_headings(by, batch: Batch, said: Mapping[str, str]) -> Batch:
    """What headings mean that nobody knew: the name of a column by heading, "" for nothing. Judges the sheet again."""

    with transaction.atomic():
        batch, grid = _taken_up(by, batch)
        found = headings_of(batch)
        free = {name for name, _words in found.free}
        grid.said |= {heading: name if name in free else "" for heading, name in said.items()}
        return _read(by, batch, grid, len(found.body), lambda: actions.update(by, [batch], READ_ANEW))


def mend(by, batch: Batch, cells: Mapping[str, str]) -> Batch:
    """Type texts in the place of cells ({"C17": "知道"}) and judge their rows again: no row bears on another."""
    with transaction.atomic():
        batch, grid = _taken_up(by, batch)
        grid.mended.update(cells)
        rows = {row["number"] for row in batch.rows if any(cell["address"] in cells for cell in row["errors"])}
        return _read(by, batch, grid, len(rows), lambda: actions.update(by, [batch], READ_ANEW), rows)


#: What a reading changes of a batch.
READ_ANEW = ["grid", "rows", "problem", "state"]


def _taken_up(by, batch: Batch) -> tuple[Batch, Grid]:
    batch = Batch.objects.visible_to(by, "change").select_for_update().get(pk=batch.pk)
    _refuse_written(batch)
    return batch, Grid(**batch.grid)


def _read(by, batch: Batch, grid: Grid, n: int, save: Callable, numbers: Container[int] | None = None) -> Batch:
    """Judge the sheet, or its rows of these `numbers`: at once where they are few, `n` of them, else by a worker."""
    with transaction.atomic():
        if n <= settings.SHEETS_AT_ONCE:
            judge(by, batch, grid, numbers)
            save()
            return batch
        batch.grid, batch.state = grid.as_json(), BatchState.READING
        save()
        jobs.start(READ, by=by, territory_code=batch.territory_code, **_work_at(by, batch))
    return batch


def judge(by, batch: Batch, grid: Grid, numbers: Container[int] | None = None) -> None:
    """Read the sheet, or its rows of these numbers, into the batch; nothing is saved. Raises Unreadable."""
    known = _marks_in(batch.survey)
    if numbers is not None:
        known.subtract(row["mark"] for row in batch.rows if row["is_known"])
    reading = read_answers(by, batch.survey, grid, batch.day, known, numbers)
    left = [row for row in batch.rows if row["number"] not in numbers] if numbers is not None else []
    rows = [*left, *(row.as_json() for row in reading.rows)]
    batch.grid, batch.rows = grid.as_json(), sorted(rows, key=itemgetter("number"))
    batch.problem, batch.state = _left_out(reading.headings)[:300], state_of_pending(batch)


def keep_read(by, batch: Batch) -> None:
    """What a worker has judged, unless the batch was dropped meanwhile."""
    if Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.READING).exists():
        actions.update(by, [batch], READ_ANEW)


def state_of_pending(batch: Batch) -> BatchState:
    """Only what was written has the mark of its file."""
    return BatchState.PARTLY if batch.whole else BatchState.CHECKED


def headings_of(batch: Batch) -> Reading:
    """What the headings of its sheet mean. Raises Unreadable."""
    return read_headings(batch.survey, Grid(**batch.grid))


def _left_out(headings: Headings) -> str:
    """Which columns are not read because they tell who answered."""
    if not headings.dropped:
        return ""
    return _("Not read, because it could tell who answered: %(names)s.") % {"names": "、".join(headings.dropped)}


def marked(by, batch: Batch) -> bytes:
    """The workbook with what was mended, what is still wrong marked, and without who answered."""
    _refuse_written(batch)
    errors = []
    for row in wrong(batch):
        for cell in row["errors"]:
            error = CellError(cell["sentence"], cell["proposal"])
            error.address, error.value = cell["address"] or str(row["number"]), cell["value"]
            errors.append(error)
    return marked_workbook(Grid(**batch.grid), headings_of(batch).headings.line, errors)


# ---- writing ----


def start_import(by, batch: Batch, *, only_good: bool, wake: bool = True):
    """Begin the writing in the background. Raises Refused, Invisible, ValidationError (rows are wrong), jobs.Busy."""
    actions.require(by, "add", Response)
    _refuse_written(batch)
    if wrong(batch) and not only_good:
        raise ValidationError(_("Some rows are wrong: mend them, or write the good rows only."))
    if not good(batch):
        raise ValidationError(_("No row is without fault and new: there is nothing to write."))
    with transaction.atomic():
        set_state(by, batch, BatchState.WRITING)
        return jobs.start(IMPORT, by=by, territory_code=batch.territory_code, wake=wake, **_work_at(by, batch))


def _work_at(by, batch: Batch) -> dict:
    return {"key": str(batch.pk), "ref": str(batch.pk), "payloads": [{"batch": batch.pk, "by": by.pk}]}


def _refuse_written(batch: Batch) -> None:
    if batch.state == BatchState.READING:
        raise ValidationError(_("The workbook is being read: wait until its rows are checked."))
    if batch.state not in PENDING:
        raise ValidationError(_("This workbook is written or taken back already."))


def write_import(by, batch: Batch) -> int:
    """What the job does: every good row, or none at all; wrong rows stay to be mended. Answers the number of sheets."""
    Survey.objects.select_for_update().get(pk=batch.survey_id)  # two workbooks of the same rows, one after the other
    there, rows = _marks_in(batch.survey), []
    for row in good(batch):
        if there[row["mark"]] > 0:
            there[row["mark"]] -= 1
        else:
            rows.append(row)
    villages = Village.objects.visible_to(by).in_bulk({row["village"] for row in rows})
    filled = []
    for row in rows:
        if row["village"] not in villages:
            raise ValidationError(_("Row %(n)d: its village is not in your territory any more.") % {"n": row["number"]})
        answers = {key: Given.from_json(kept) for key, kept in row["answers"].items()}
        filled.append(Filled(villages[row["village"]], answers))
    written = record_responses(by, batch.survey, filled, Source.IMPORT, day=batch.day, batch=batch)
    batch.marks = sorted([*(batch.marks or ()), *(row["mark"] for row in rows)])
    _keep_wrong(by, batch)
    return len(written)


def _keep_wrong(by, batch: Batch) -> None:
    """What is wrong waits to be mended; without any the batch is done."""
    left, grid = wrong(batch), Grid(**batch.grid)
    batch.whole = grid.whole
    actions.update(by, [batch], ["marks", "whole"])
    if not left:
        set_state(by, batch, BatchState.WRITTEN)
        return
    grid.keep_only({row["number"] for row in left})
    batch.grid, batch.rows, batch.state = grid.as_json(), left, BatchState.PARTLY
    actions.update(by, [batch], ["grid", "rows", "state"])


def _marks_in(survey: Survey) -> Counter[str]:
    """The marks of all rows that are in, whoever sent them."""
    return Counter(mark for marks in survey.batches.values_list("marks", flat=True) for mark in marks or ())


def _with_file(survey: Survey, whole: str) -> Batch | None:
    """The batch that this very workbook was written by."""
    return survey.batches.filter(whole=whole).first()


# ---- retention ----


def forget_old(now: datetime) -> int:
    """Drop the kept sheets of batches that nobody finished in time; how many."""
    old = Batch.objects.filter(
        state__in=(*PENDING, *IN_WORK), saved_at__lt=now - timedelta(days=settings.SHEETS_KEEP_DAYS)
    )
    written = old.exclude(whole="").update(state=BatchState.WRITTEN, grid="", rows=[])
    return written + old.update(state=BatchState.DROPPED, grid="", rows=[])
