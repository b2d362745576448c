"""The pages of an import: its rows before they are written, what it did, and how it is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.pages import page
from core.registers.base import Register
from core.roles import READERS
from core.sheets import export, imports
from core.sheets.columns import RECORD, columns_of
from core.sheets.errors import Unreadable
from core.sheets.lookups import Lookups
from core.sheets.mending import typed_in
from core.sheets.models import SheetImport, SheetRow
from core.sheets.pages import Page, Pages, pages_of
from core.sheets.parts import rows_of
from core.sheets.table import Table, Unknown
from core.sheets.texts import text_of
from core.sheets.titles import still_missing
from core.sheets.undo import foreseen, obstacles

UNPROCESSABLE = 422
ROWS = 50  # of a segment on a page
State, Row = SheetImport.State, SheetRow.State
#: Segments of the preview, in their order; wrong rows and rows of another's territory stand together.
SEGMENTS = {
    "wrong": (Row.WRONG, Row.FOREIGN),
    "new": (Row.NEW,),
    "changed": (Row.CHANGED,),
    "same": (Row.SAME,),
}


@dataclass(frozen=True)
class Segment:
    key: str
    label: str
    count: int


def _own(request, pk: int) -> SheetImport:
    """The person's own import; another's is not there."""
    own = SheetImport.objects.visible_to(request.user).select_related("job")
    sheet = own.defer("content", "layout").filter(pk=pk).first()
    if sheet is None:
        raise Http404(_("There is no such import of yours."))
    return sheet


def _with_register(request, pk: int) -> tuple[SheetImport, type[Register]]:
    sheet = _own(request, pk)
    try:
        register = imports.register_of(sheet)
    except LookupError as error:
        raise Http404(_("There is no such register any more.")) from error
    imports.require(request.user, register)
    return sheet, register


@page(READERS)
@require_GET
def index(request):
    """A person's own imports, the newest first."""
    found = Paginator(SheetImport.objects.visible_to(request.user).defer("content", "mended", "layout"), ROWS)
    page = found.get_page(request.GET.get("page"))
    return render(request, "registers/imports.html", {"page": page, "sheets": imports.listed(page)})


@page(READERS)
@require_GET
def show(request, pk: int):
    """Wherever the import stands: its headings to assign, its progress, its rows, or what it did."""
    sheet, register = _with_register(request, pk)
    return _page(request, sheet, register)


def _page(request, sheet: SheetImport, register: type[Register], problem: str = "", status: int = 200):
    context = {
        "sheet": sheet,
        "register": register,
        "list_url": register.url("list"),
        "import_url": register.url("import"),
        "problem": problem or sheet.problem,
        "undo_days": settings.SHEETS_UNDO_DAYS,
        "stuck": sheet.job.explain() if sheet.is_busy and sheet.job and not sheet.job.is_active else "",
    }
    if sheet.state == State.ASKING:
        return render(
            request, "registers/import_headings.html", context | _headings(sheet, register, request.user), status=status
        )
    if sheet.is_busy:
        name = "registers/_import_progress.html" if request.htmx else "registers/import_progress.html"
        return render(request, name, context | _progress(sheet), status=status)
    if request.htmx and request.headers.get("HX-Target") == "progress":
        return HttpResponse(headers={"HX-Redirect": reverse("core:import", args=[sheet.pk])})
    context |= _rows(request, sheet, register)
    if sheet.state == State.PREVIEWED:
        context["lasting"] = foreseen(sheet, register, request.user)
    if sheet.state == State.WRITTEN:
        context |= {"obstacles": obstacles(sheet, register, request.user), "may_undo": _in_time(sheet)}
    name = "registers/_import_rows.html" if request.htmx else "registers/import_rows.html"
    return render(request, name, context, status=status)


def _in_time(sheet: SheetImport) -> bool:
    return timezone.now() <= sheet.undo_until


def _progress(sheet: SheetImport) -> dict:
    total = sheet.total or None
    return {"total": total, "active": bool(sheet.job and sheet.job.is_active)}


def _headings(sheet: SheetImport, register: type[Register], user) -> dict:
    try:
        table = imports.table_of(sheet)
    except Unreadable as error:
        return {"problem": error.sentence, "unknown": []}
    columns = [column for column in columns_of(register) if column.writable or column.name == RECORD]
    unknown = _unknown(table)
    return {
        "unknown": [_asked(heading, some, columns) for heading, some in unknown.items()],
        "missing": still_missing(table, register, Lookups(user, sheet.day)),
        "several": len(table.parts) > 1,
        "pages": shown_pages(sheet),
        "narrowable": True,
    }


def _unknown(table: Table) -> dict[str, list[tuple[Table, Unknown]]]:
    """Each heading that nobody knows, with the sheets that have it."""
    found: dict[str, list[tuple[Table, Unknown]]] = {}
    for part in table.parts:
        for one in part.unknown:
            found.setdefault(one.heading, []).append((part, one))
    return found


def _field_of(part: Table, unknown: Unknown) -> str:
    """What the form calls the answer: `head-2`, the column; of a sheet that the table goes on on, its first row too."""
    return f"head-{part.start}-{unknown.column}" if part.start else f"head-{unknown.column}"


def _asked(heading: str, some: list[tuple[Table, Unknown]], columns: list) -> dict:
    """A heading that nobody knows; the sheets that have it, and the columns that are found in none of these."""
    taken = {name for part, _found in some for name in part.columns}
    return {
        "heading": heading,
        "name": _field_of(*some[0]),
        "sheets": "、".join(part.sheet.name for part, _found in some),
        "proposal": next((found.proposal for _part, found in some if found.proposal), ""),
        "sample": _sample(*some[0]),
        "free": [column for column in columns if column.name not in taken],
    }


def _sample(table: Table, unknown: Unknown) -> str:
    """The first values below a heading, for whoever has to say what it means."""
    values = (text_of(table.sheet.rows[at][unknown.column]) for at in table.body[:50])
    return "、".join(list(dict.fromkeys(filter(None, values)))[:3])[:60]


# ---- rows ----


def _rows(request, sheet: SheetImport, register: type[Register]) -> dict:
    pages = pages_of(sheet.pages)
    only = _only(request.GET.get("sheet", ""), pages)
    counts = sheet.pages[only.at]["counts"] if only else sheet.counts
    labels = {"wrong": _("Wrong"), "new": _("New"), "changed": _("Changed"), "same": _("Unchanged")}
    segments = [Segment(key, labels[key], sum(counts.get(s, 0) for s in states)) for key, states in SEGMENTS.items()]
    first = next((s.key for s in segments if s.count), "wrong")
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SEGMENTS else first
    wanted = sheet.rows.filter(state__in=SEGMENTS[chosen])
    if only:
        wanted = wanted.filter(number__gt=only.start, number__lte=pages.end(only))
    found = Paginator(wanted.defer("before"), ROWS).get_page(request.GET.get("page"))
    unnamed = rows_of(sheet, [row.number for row in found if row.state != Row.SAME and not row.notes])
    headings = {column.name: column.heading for column in columns_of(register)}
    return {
        "pages": shown_pages(sheet),
        "only": only,
        "asked": f"show={chosen}&sheet={only.at}" if only else f"show={chosen}",
        "segments": segments,
        "chosen": chosen,
        "page": found,
        "rows": [_shown(row, headings, register, unnamed, pages) for row in found],
        "cells": sum(len((row.notes or {}).get("cells", ())) for row in found),
        "proposals": wanted.aggregate(n=Sum("proposals"))["n"] if chosen == "wrong" else 0,
        "mended": sheet.mended or {},
        "mendable": sheet.state == State.PREVIEWED,
        "narrowable": sheet.state == State.PREVIEWED,
    }


def _only(asked: str, pages: Pages) -> Page | None:
    """The one of several sheets whose rows are wanted."""
    return next((page for page in pages if len(pages) > 1 and str(page.at) == asked), None)


def shown_pages(sheet: SheetImport) -> list[dict]:
    """Of several sheets, what is in each."""
    found = []
    for at, kept in enumerate(sheet.pages if len(sheet.pages) > 1 else ()):
        counts = {key: sum(kept["counts"].get(s, 0) for s in states) for key, states in SEGMENTS.items()}
        found.append({"at": at, "name": kept["name"], "total": sum(counts.values()), **counts})
    return found


def _wrong_cells(sheet: SheetImport, posted: Mapping[str, str]) -> list[dict]:
    """Those of the rows that the posted form speaks of; a row that it leaves alone is not opened."""
    rows, pages = sheet.rows.filter(state__in=SEGMENTS["wrong"]), pages_of(sheet.pages)
    if (take := posted.get("take", "")) == "all":
        rows = rows.filter(proposals__gt=0)
    else:
        typed = [name.removeprefix("cell-") for name, text in posted.items() if name.startswith("cell-") and text]
        rows = rows.filter(number__in={pages.number(key) for key in (take, *typed)})
    found = rows.only("notes", "number", "sheet_import")
    cells = [(row.number, cell) for row in found for cell in (row.notes or {}).get("cells", ())]
    return [cell | {"address": pages.key(number, cell["address"])} for number, cell in cells]


def _shown(
    row: SheetRow, headings: dict[str, str], register: type[Register], unnamed: Mapping[int, tuple], pages: Pages
) -> dict:
    notes = row.notes or {}
    cells = [
        cell | {"heading": headings.get(cell["column"], ""), "key": pages.key(row.number, cell["address"])}
        for cell in notes.get("cells", ())
    ]
    return {
        "number": pages.own(row.number),
        "sheet": pages.of(row.number).name if len(pages) > 1 else "",
        "name": notes.get("name") or unnamed.get(row.number, ("",))[0],
        "is_foreign": row.state == Row.FOREIGN,
        "cells": cells,
        "changes": notes.get("changes", ()),
        "url": register.url("detail", row_of(register, row.object_id)) if row.object_id else "",
    }


def row_of(register: type[Register], pk: int):
    """The record as an address needs it: its number alone."""
    return register.model(pk=pk)


# ---- what is done to it ----


@page(READERS)
@require_POST
def headings(request, pk: int):
    """What `_field_of` names says the column of an unknown heading, or nothing."""
    sheet, register = _with_register(request, pk)
    try:
        unknown = _unknown(imports.table_of(sheet))
        said = {heading: request.POST.get(_field_of(*some[0]), "") for heading, some in unknown.items()}
        imports.answer(request.user, sheet, said)
    except Unreadable as error:
        return _page(request, sheet, register, error.sentence, UNPROCESSABLE)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("core:import", pk)


@page(READERS)
@require_POST
def narrow(request, pk: int):
    """`sheet`: the name of the one of several that is read alone."""
    sheet, register = _with_register(request, pk)
    try:
        imports.narrow(request.user, sheet, request.POST.get("sheet", ""))
    except Unreadable as error:
        return _page(request, sheet, register, error.sentence, UNPROCESSABLE)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("core:import", pk)


@page(READERS)
@require_POST
def mend(request, pk: int):
    """What is posted: see `typed_in`."""
    sheet, register = _with_register(request, pk)
    typed, problem = typed_in(request.POST, _wrong_cells(sheet, request.POST)), ""
    try:
        if typed:
            imports.mend(request.user, sheet, typed)
    except Unreadable as error:
        problem = error.sentence
    except ValidationError as error:
        problem = " ".join(error.messages)
    if request.htmx or problem:
        # htmx takes no answer of 422 into the page.
        return _page(request, _own(request, pk), register, problem, 200 if request.htmx else UNPROCESSABLE)
    return redirect("core:import", pk)


@page(READERS)
@require_GET
def marked(request, pk: int):
    """The workbook as it was sent, wrong cells marked, with a column of reasons."""
    sheet, _register = _with_register(request, pk)
    try:
        content = imports.marked_workbook(sheet)
    except Unreadable as error:
        messages.error(request, error.sentence)
        return redirect("core:import", pk)
    name = _("%(file)s, wrong cells marked") % {"file": sheet.file_name.rpartition(".")[0] or sheet.file_name}
    return export.download(f"{name}.xlsx", "xlsx", content)


@page(READERS)
@require_POST
def write(request, pk: int):
    """`mode`: "all" rows or the "good" ones alone."""
    sheet, register = _with_register(request, pk)
    mode = request.POST.get("mode", "")
    if mode not in SheetImport.Mode.values:
        raise Http404(_("There is no such step."))
    try:
        imports.write(request.user, sheet, mode)
    except (ValidationError, jobs.Busy) as error:
        return _page(request, _own(request, pk), register, " ".join(error.messages), UNPROCESSABLE)
    if sheet.state == State.WRITTEN:
        messages.success(request, _("Written: %(n)d rows of %(name)s") % {"n": sheet.good, "name": sheet.file_name})
    return redirect("core:import", pk)


@page(READERS)
@require_POST
def undo(request, pk: int):
    sheet, register = _with_register(request, pk)
    try:
        imports.undo(request.user, sheet, timezone.now())
    except (ValidationError, jobs.Busy) as error:
        return _page(request, _own(request, pk), register, " ".join(error.messages), UNPROCESSABLE)
    if sheet.state == State.UNDONE:
        messages.success(request, _("Undone: %(name)s. Its rows stand as they did before.") % {"name": sheet.file_name})
    return redirect("core:import", pk)


@page(READERS)
@require_POST
def drop(request, pk: int):
    """Forget an import that was not written; one that is about to be written is only called off."""
    sheet, register = _with_register(request, pk)
    try:
        if sheet.state == State.WRITING:
            imports.call_off(request.user, sheet)
            messages.success(request, _("Called off: nothing of %(name)s was written.") % {"name": sheet.file_name})
            return redirect("core:import", pk)
        imports.drop(request.user, sheet)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("core:import", pk)
    messages.success(request, _("Dropped: nothing of %(name)s was written.") % {"name": sheet.file_name})
    return redirect(register.url("import"))
