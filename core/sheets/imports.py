"""The life of an import: sent, its headings assigned, checked, mended, written or dropped, undone.

Each step is one function here, for the pages and the command alike; long ones are jobs, which do at once in the request
what is short (`SHEETS_AT_ONCE` rows).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import actions, bulk, jobs, rights
from core.registers.base import Register, named
from core.sheets import answers, held, parts, remending
from core.sheets.choosing import answered, best_table, joined
from core.sheets.columns import RECORD, columns_of
from core.sheets.errors import CellError, Unreadable
from core.sheets.marked import Marks, marked_sheets
from core.sheets.matching import matched
from core.sheets.models import SheetHeadings, SheetImport, SheetPart, SheetRow
from core.sheets.pages import pages_of
from core.sheets.plan import Plan, Planned, plan
from core.sheets.reading import read
from core.sheets.table import Table

State = SheetImport.State
CHECK, WRITE, UNDO = "sheets.check", "sheets.write", "sheets.undo"
LONGEST_NAME = 200


def may_import(user, register: type[Register]) -> bool:
    """Whether the person enters or changes such records at all, and they come by sheets."""
    return not register.by_form_alone and any(rights.can(user, verb, register.model) for verb in ("add", "change"))


def require(user, register: type[Register]) -> None:
    """Raises Refused."""
    if register.by_form_alone:
        raise actions.Refused(str(register.by_form_alone))
    if not rights.can(user, "change", register.model):
        actions.require(user, "add", register.model)


def register_of(sheet: SheetImport) -> type[Register]:
    return named(sheet.register)


def listed(sheets: Iterable[SheetImport]) -> list[SheetImport]:
    """The imports with the names of their registers."""
    found = list(sheets)
    for sheet in found:
        try:
            sheet.title = register_of(sheet).title
        except LookupError:
            sheet.title = sheet.register
    return found


# ---- reading ----


def table_of(sheet: SheetImport) -> Table:
    """The table of the kept file, with the cells that were mended since. Raises Unreadable."""
    if not sheet.content:
        raise Unreadable(_("The file is no longer kept: send it again."))
    content, mended = sheet.bytes, sheet.mended or {}
    key = _key_of(sheet, content, mended)
    if (table := held.table(key)) is None:
        book, columns = read(sheet.file_name, content), columns_of(register_of(sheet))
        names = [page["name"] for page in sheet.pages] or [sheet.sheet]
        pages = [page for page in book.sheets if page.name in names] or book.sheets[:1]
        table = held.keep_table(key, joined([answered(page, columns, sheet.mapping) for page in pages]))
        for part, page in zip(table.parts, table.pages, strict=True):
            # What is typed is a cell of the table: it moves neither heading nor rows.
            part.sheet.mend(table.pages.cells(page, mended))
    return table


def _key_of(sheet: SheetImport, content: bytes, mended: dict) -> str:
    """All that a table comes from."""
    names = [page["name"] for page in sheet.pages]
    told = [sheet.register, sheet.file_name, sheet.sheet, names, sheet.mapping, mended, get_language()]
    return hashlib.sha256(json.dumps(told).encode() + content).hexdigest()


@bulk.uncollected()
def plan_of(sheet: SheetImport, user, told=lambda rows: None) -> Plan:
    register, table = register_of(sheet), table_of(sheet)
    whole, lines = matched(register, user, table, sheet.day)
    found = plan(register, user, table, lines, told)
    found.table = whole
    said = table.remarks()
    sheet.remarks = "\n".join([*said, *(kept for kept in sheet.remarks.splitlines() if kept not in said)])
    return found


@bulk.uncollected()
def plan_to_keep(sheet: SheetImport, user, told=lambda rows: None) -> Plan:
    """The plan, held for the writing that may follow in this process."""
    with answers.kept() as read_so_far:
        found = plan_of(sheet, user, read_so_far.aside(told))
    held.keep_plan(_key_of_plan(sheet, user), found, read_so_far)
    return found


def plan_to_write(sheet: SheetImport, user, told=lambda rows: None) -> Plan:
    """The rows judged by what stands now. Where nothing that was read has changed, that is the plan that was held."""
    return held.take_plan(_key_of_plan(sheet, user)) or plan_of(sheet, user, told)


def _key_of_plan(sheet: SheetImport, user) -> str:
    """All that a plan comes from beside the database's answers."""
    return f"{_key_of(sheet, sheet.bytes, sheet.mended or {})} {sheet.pk} {sheet.day} {user.pk} {user.is_active}"


# ---- sending and headings ----


def send(
    user, register: type[Register], name: str, content: bytes, day: date, *, page: str = "", wait: bool = False
) -> SheetImport:
    """Keep a file that was sent, and check it unless headings must be assigned first. Raises Refused, Unreadable.

    `page`: the sheet that is meant; "" takes the one that fits the register best, and all of its kind. Here and below:
    `wait` works through a long sheet in this process, where no page waits for it.
    """
    require(user, register)
    book, columns = read(name, content, page), columns_of(register)
    table = best_table(book, columns)
    said = remembered(user, register, table)
    if said:
        table = best_table(book, columns, said)
    is_asked = any(unknown.heading not in said for part in table.parts for unknown in part.unknown)
    sheet = SheetImport(
        register=register.model._meta.label,
        file_name=name[-LONGEST_NAME:],
        sheet=table.pages.names[:LONGEST_NAME],
        pages=[{"name": page.name, "start": page.start, "counts": {}} for page in table.pages],
        mapping=said,
        day=day,
        state=State.ASKING if is_asked else State.READING,
        by_id=user.pk,
        by_name=user.name,
        territory_code=next(iter(user.scopes(user.roles)), ""),
        remarks="\n".join(table.remarks()),
    )
    sheet.bytes = content
    sheet.save()
    held.keep_table(_key_of(sheet, content, {}), table)
    if sheet.state == State.READING:
        _work(user, sheet, CHECK, table.total, wait)
    return sheet


def narrow(user, sheet: SheetImport, name: str) -> None:
    """Read one of several sheets alone, the others being no part of the import. Raises Unreadable, ValidationError."""
    pages = [{"name": page["name"], "start": 0, "counts": {}} for page in sheet.pages if page["name"] == name]
    if not pages or len(sheet.pages) == 1:
        raise ValidationError(_("There is no such sheet in the import."))
    whole = pages_of(sheet.pages)
    others = "、".join(page.name for page in whole if page.name != name)
    values = {
        "pages": pages,
        "sheet": name[:LONGEST_NAME],
        "mended": whole.cells(whole.named(name), sheet.mended or {}),
        "layout": "",
        "counts": {},
        "checked": 0,
        "remarks": _("Left out, as you chose: %(names)s.") % {"names": others},
    }
    target = State.ASKING if sheet.state == State.ASKING else State.READING
    _step(sheet, (State.ASKING, State.PREVIEWED), target, **values)
    table = table_of(sheet)
    if sheet.state == State.ASKING and any(unknown.heading not in sheet.mapping for unknown in table.unknown):
        return
    _step(sheet, (target,), State.READING)
    _work(user, sheet, CHECK, table.total)


def pattern_of(table: Table) -> str:
    """What is asked once: the headings of a kind of sheet."""
    return hashlib.sha256(table.pattern.encode()).hexdigest()


def remembered(user, register: type[Register], table: Table) -> dict[str, str]:
    """What the person answered to the same headings before, of all sheets: {heading: column, or "" for none}."""
    patterns = {pattern_of(part) for part in table.parts if part.unknown}
    if not patterns:
        return {}
    kept = SheetHeadings.objects.filter(by_id=user.pk, register=register.model._meta.label, pattern__in=patterns)
    return {head: name for mapping in kept.values_list("mapping", flat=True) for head, name in mapping.items()}


def answer(user, sheet: SheetImport, mapping: Mapping[str, str], *, wait: bool = False) -> None:
    """Assign headings to columns ("": none of them), remember that, and check the sheet. Raises Unreadable."""
    register, table = register_of(sheet), table_of(sheet)
    known = {column.name for column in columns_of(register) if column.writable or column.name == RECORD}
    said = dict(sheet.mapping)
    for part in [part for part in table.parts if part.unknown]:
        heads = [unknown.heading for unknown in part.unknown]
        said |= {head: mapping.get(head, "") if mapping.get(head) in known else "" for head in heads}
        SheetHeadings.objects.update_or_create(
            by_id=user.pk,
            register=sheet.register,
            pattern=pattern_of(part),
            defaults={"mapping": {head: said[head] for head in part.headings if head in said}},
        )
    sheet.mapping = said
    _step(sheet, (State.ASKING, State.PREVIEWED), State.READING, mapping=said)
    _work(user, sheet, CHECK, table.total, wait)


# ---- checking and mending ----


def mend(user, sheet: SheetImport, cells: Mapping[str, str]) -> None:
    """Type texts in the place of cells ({"C17": "2013-05-01"}) and judge again what they bear on. Raises Unreadable."""
    sheet.mended = {**(sheet.mended or {}), **cells}
    if remending.may_judge_some(sheet) and (found := remending.judge_some(sheet, user, cells)) is not None:
        with transaction.atomic():
            _step(sheet, (State.PREVIEWED,), State.PREVIEWED, mended=sheet.mended, layout=sheet.layout)
            keep_some(sheet, found)
        return
    _step(sheet, (State.PREVIEWED,), State.READING, mended=sheet.mended, checked=0)
    _work(user, sheet, CHECK, sheet.total)


@bulk.uncollected()
def keep(sheet: SheetImport, found: Plan) -> None:
    """Keep what the plan says of each row."""
    sheet.rows.all().delete()
    bulk.insert(SheetRow, KEPT, (kept_of(sheet, planned, notes_of(planned)) for planned in found.rows))
    parts.keep_parts(sheet, found, [part.columns for part in table_of(sheet).parts])
    sheet.counts, sheet.problem = found.counts, ""
    counted = found.table.pages.counted((row.number, row.state) for row in found.rows)
    named = zip(found.table.pages, counted, strict=True)
    sheet.pages = [{"name": page.name, "start": page.start, "counts": counts} for page, counts in named]
    sheet.save(update_fields=["counts", "pages", "problem", "remarks"])


def keep_some(sheet: SheetImport, found: Plan) -> None:
    """The same of the rows that a mended cell bears on: the others stand as they were judged."""
    stored = sheet.rows.filter(number__in=[planned.number for planned in found.rows])
    before, pages = list(stored.values_list("number", "state")), pages_of(sheet.pages)
    counts = Counter(sheet.counts) + Counter(found.counts)
    counts.subtract(state for _number, state in before)
    now = pages.counted((row.number, row.state) for row in found.rows)
    for page, fresh, old in zip(sheet.pages, now, pages.counted(before), strict=True):
        page["counts"] = +(Counter(page["counts"]) + fresh - old)
    stored.delete()
    notes = (notes_of(planned) or {"name": parts.name_of(planned)} for planned in found.rows)
    bulk.insert(SheetRow, KEPT, (kept_of(sheet, *both) for both in zip(found.rows, notes, strict=True)))
    sheet.counts, sheet.problem = {state: counts[state] for state in SheetRow.State.values}, ""
    sheet.save(update_fields=["counts", "pages", "problem"])


#: The columns of a row of an import.
KEPT = ("sheet_import", "number", "state", "notes", "proposals", "object_id", "version", "before")


def kept_of(sheet: SheetImport, planned: Planned, notes: dict | str) -> tuple:
    proposals = sum(bool(error.proposal) for error in planned.errors)
    return sheet.pk, planned.number, planned.state, notes, proposals, planned.record, planned.version, ""


def notes_of(planned: Planned) -> dict | str:
    """What people read of a row; "" where the name alone is to be said, which its part has."""
    cells = [
        {"column": e.column, "address": e.address, "value": e.value, "sentence": e.sentence, "proposal": e.proposal}
        for e in planned.errors
    ]
    if not cells and not planned.changes:
        return ""
    found = {"name": planned.name}
    if cells:
        found["cells"] = cells
    if planned.changes:
        found["changes"] = planned.changes
    return found


def marked_workbook(sheet: SheetImport) -> bytes:
    """The workbook as it was sent, with what was mended since, what is wrong marked. Raises Unreadable."""
    table, bad = table_of(sheet), (SheetRow.State.WRONG, SheetRow.State.FOREIGN)
    pages, errors = table.pages, [[] for _page in table.pages]
    for row in sheet.rows.filter(state__in=bad):
        for cell in row.notes.get("cells", ()):
            error = CellError(cell["sentence"], cell["proposal"], column=cell["column"])
            error.address, error.value = cell["address"] or str(pages.own(row.number)), cell["value"]
            errors[pages.of(row.number).at].append(error)
    marks = [
        Marks(page.name, part.first, found, pages.cells(page, sheet.mended or {}))
        for page, part, found in zip(pages, table.parts, errors, strict=True)
    ]
    return marked_sheets(sheet.file_name, sheet.bytes, marks)


# ---- writing, dropping, undoing ----


def write(user, sheet: SheetImport, mode: str, *, wait: bool = False) -> None:
    """Begin the writing of all rows or of the good ones; a short sheet is written when this returns.

    Raises ValidationError where rows are wrong and all were asked for, or where nothing is to be written.
    """
    if mode == SheetImport.Mode.ALL and sheet.bad:
        raise ValidationError(_("%(n)d rows are wrong: mend them, or write the good ones alone.") % {"n": sheet.bad})
    if not sheet.good:
        raise ValidationError(_("No row would change anything: there is nothing to write."))
    _step(sheet, (State.PREVIEWED,), State.WRITING, mode=mode, problem="", checked=0)
    _work(user, sheet, WRITE, sheet.total, wait)


def undo(user, sheet: SheetImport, now: datetime) -> None:
    """Begin to take the import back; a short one is taken back when this returns. Raises ValidationError."""
    if sheet.state != State.WRITTEN or now > sheet.undo_until:
        raise ValidationError(
            _("An import can be undone for %(n)d days after it was written.") % {"n": settings.SHEETS_UNDO_DAYS}
        )
    _work(user, sheet, UNDO, sheet.good)


def drop(user, sheet: SheetImport) -> None:
    """Forget an import that was not written."""
    _step(sheet, (State.ASKING, State.READING, State.PREVIEWED, State.FAILED), State.FAILED)
    held.forget()
    sheet.delete()


def call_off(user, sheet: SheetImport) -> None:
    """Don't write after all: the rows stand to be looked at as before. Raises ValidationError once they are written."""
    with transaction.atomic():
        _step(sheet, (State.WRITING,), State.PREVIEWED, checked=0)
        if sheet.job and rights.can(user, "cancel", type(sheet.job)):
            jobs.cancel(sheet.job, user)  # else its worker finds nothing to write, and ends it


def _step(sheet: SheetImport, sources: Iterable[str], target: str, /, **values) -> None:
    """Move the import on, unless somebody (or a second click) was faster. Raises ValidationError."""
    own = SheetImport.objects.filter(pk=sheet.pk, by_id=sheet.by_id, state__in=sources)
    if not own.update(state=target, **values):
        raise ValidationError(_("The import has gone on meanwhile: look at it again."))
    sheet.state = target
    for name, value in values.items():
        setattr(sheet, name, value)


def _work(user, sheet: SheetImport, kind: str, rows: int, wait: bool = False) -> None:
    """Hand the import to a job: to a worker where it is long, else it is done here and now."""
    at_once = wait or rows <= settings.SHEETS_AT_ONCE
    with transaction.atomic():
        job = jobs.start(
            kind,
            by=user,
            key=str(sheet.pk),
            payloads=[sheet.pk],
            ref=str(sheet.pk),
            territory_code=sheet.territory_code,
            wake=not at_once,
        )
        SheetImport.objects.filter(pk=sheet.pk).update(job=job)
    if at_once:
        jobs.run_inline(job)
    sheet.refresh_from_db()


# ---- retention ----


def forget_old(now: datetime) -> int:
    """Delete imports that nobody wrote in time, and of written ones the file and what an undo would need; how many."""
    unwritten = SheetImport.objects.filter(
        written_at__isnull=True, sent_at__lt=now - timedelta(days=settings.SHEETS_KEEP_DAYS)
    )
    count, _kinds = unwritten.delete()
    old = SheetImport.objects.filter(written_at__lt=now - timedelta(days=settings.SHEETS_UNDO_DAYS)).exclude(content="")
    for model in (SheetRow, SheetPart):
        model.objects.filter(sheet_import__in=old.values("pk")).delete()
    return count + old.update(content="", mended="", layout="")
