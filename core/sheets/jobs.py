"""The long works of an import: check, write, undo. One job each, one transaction each; a killed worker leaves nothing.

What is reckoned comes before the transaction (`compute`), so that SQLite's write lock is held for the writing alone.
"""

import time
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, bulk
from core.context import current
from core.jobs import handler
from core.sheets import held, imports
from core.sheets.errors import Unreadable
from core.sheets.models import SheetImport, SheetRow
from core.sheets.pages import Pages
from core.sheets.plan import Plan, Planned
from core.sheets.trial import write_rows
from core.sheets.undo import undo as take_back

LEASE = timedelta(minutes=5)  # twenty thousand rows take some seconds
State = SheetImport.State
#: Rows that are named when they stand in the way; the rest is counted.
NAMED = 5
#: What the actions say when they refuse: no failure of the work, but an answer to its sender.
REFUSALS = (ValidationError, PermissionDenied, Http404)

audit.name_verbs(import_sheet=gettext_lazy("Sheet imported"), undo_import=gettext_lazy("Import undone"))


def _of(pk: int, state: str) -> tuple[SheetImport | None, object]:
    """The import in that state, and its sender with the rights of now."""
    sheet = SheetImport.objects.filter(pk=pk, state=state).first()
    return sheet, sheet and get_user_model()._default_manager.get(pk=sheet.by_id)


def _still(sheet: SheetImport, state: str) -> bool:
    """Whether the import waits for this work yet: its sender may have dropped it meanwhile. Locks it."""
    return SheetImport.objects.select_for_update().filter(pk=sheet.pk, state=state).exists()


def _telling(sheet: SheetImport):
    """What keeps the progress: how many rows are judged, once a second, however many there are."""
    last = time.monotonic()

    def tell(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            SheetImport.objects.filter(pk=sheet.pk).update(checked=rows)

    return tell


def _back(sheet: SheetImport, problem: str) -> None:
    sheet.state, sheet.problem = State.PREVIEWED, problem
    sheet.save(update_fields=["state", "problem"])


# ---- check ----


@handler(imports.CHECK, lease=LEASE)
def keep_preview(job, judged) -> None:
    sheet, found = judged
    if sheet is None or not _still(sheet, State.READING):
        return
    if isinstance(found, Plan):
        imports.keep(sheet, found)
        _back(sheet, "")
    else:
        sheet.state, sheet.problem = State.FAILED, found
        sheet.save(update_fields=["state", "problem"])


@keep_preview.compute
def judge(job, pk: int):
    sheet, user = _of(pk, State.READING)
    if sheet is None:
        return None, None
    try:
        return sheet, imports.plan_to_keep(sheet, user, _telling(sheet))
    except Unreadable as error:
        return sheet, error.sentence
    except PermissionDenied as error:
        return sheet, str(error)


# ---- write ----


@handler(imports.WRITE, lease=LEASE)
def write(job, judged) -> None:
    """All in this one transaction; what the actions refuse leaves nothing and sends the import back to its sender."""
    sheet, user, found, problem = judged
    if sheet is None or not _still(sheet, State.WRITING):
        return
    if problem:
        if found is not None:
            imports.keep(sheet, found)
        _back(sheet, problem)
        return
    try:
        with transaction.atomic():
            _write(sheet, user, found)
    except REFUSALS as error:
        _back(sheet, " ".join(getattr(error, "messages", [str(error)])))


@write.compute
def judge_again(job, pk: int):
    """The rows as they would be written now, and what has changed since their sender looked at them."""
    sheet, user = _of(pk, State.WRITING)
    if sheet is None:
        return None, None, None, ""
    try:
        found = imports.plan_to_write(sheet, user, _telling(sheet))
    except Unreadable as error:
        return sheet, user, None, error.sentence
    except PermissionDenied as error:
        return sheet, user, None, str(error)
    problem = _moved_on(sheet, found)
    if not problem:  # from here on nothing is counted: the rows are written all at once
        SheetImport.objects.filter(pk=sheet.pk).update(checked=sheet.total)
    return sheet, user, found, problem


def _moved_on(sheet: SheetImport, found: Plan) -> str:
    """Rows that would do something else than was shown; "" where none would."""
    seen = {n: rest for n, *rest in sheet.rows.values_list("number", "state", "object_id", "version")}
    states = (SheetRow.State.NEW, SheetRow.State.CHANGED)
    moved = []
    for planned in found.rows:
        before = seen.get(planned.number, [None])
        writes = planned.state in states or before[0] in states
        if writes and before != [planned.state, planned.record, planned.version]:
            moved.append(planned)
    if not moved:
        return ""
    names = "、".join(_named(planned, found.table.pages) for planned in moved[:NAMED])
    facts = {"n": len(moved), "names": names}
    return _("Nothing was written: %(n)d rows are other than you saw them (%(names)s). Look at them again.") % facts


def _named(planned: Planned, pages: Pages) -> str:
    facts = {"row": pages.said(planned.number), "name": planned.name}
    current = planned.line.current
    if getattr(current, "saved_by", ""):
        facts |= {"by": current.saved_by, "at": f"{timezone.localtime(current.saved_at):%H:%M}"}
        return _("%(row)s %(name)s, saved by %(by)s at %(at)s") % facts
    return _("%(row)s %(name)s") % facts


@bulk.uncollected()
def _write(sheet: SheetImport, user, found: Plan) -> None:
    rows = found.of(SheetRow.State.NEW, SheetRow.State.CHANGED)
    write_rows(found.register, user, rows, reason=_("Import of %(name)s") % {"name": sheet.file_name})
    written = ("object_id", "version", "before")
    bulk.update(SheetRow, ("sheet_import", "number"), written, (_undoable(sheet, planned) for planned in rows))
    held.forget()
    sheet.state, sheet.problem, sheet.request_id = State.WRITTEN, "", current().request_id
    sheet.written_at, sheet.counts = timezone.now(), found.counts
    sheet.save(update_fields=["state", "problem", "request_id", "written_at", "counts"])
    audit.write(user, "import_sheet", [sheet], codes={sheet.pk: sheet.territory_code}, after={sheet.pk: sheet.counts})


def _undoable(sheet: SheetImport, planned: Planned) -> tuple:
    """What an undo needs: the record, the version that it has now, what stood in it before. The row's notes stay."""
    before = {name: _storable(value) for name, value in planned.old.items()} or ""
    return sheet.pk, planned.number, planned.row.pk, getattr(planned.row, "version", None), before


def _storable(value):
    """As JSON that the field's own `to_python` reads; a sensitive value in full, since the column is encrypted."""
    plain = getattr(value, "plain", None)
    return plain if plain is not None else value


# ---- undo ----


@handler(imports.UNDO, lease=LEASE)
def undo(job, pk: int) -> None:
    sheet, user = _of(pk, State.WRITTEN)
    if sheet is None:
        return
    try:
        take_back(user, sheet, imports.register_of(sheet))
    except REFUSALS as error:
        sheet.problem = " ".join(getattr(error, "messages", [str(error)]))
        sheet.save(update_fields=["problem"])
