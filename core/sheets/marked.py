"""A person's own workbook given back, with what is wrong marked in it: red cells with a comment, a column of reasons.

An xlsx stays as it was sent; a file of another kind becomes an xlsx of the same cells. What an earlier check has marked
is taken away first, so that the file may go to and fro as often as it takes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from core.sheets.errors import CellError
from core.sheets.ignored import REASONS, reasons
from core.sheets.long import fitting
from core.sheets.reading import Book, read
from core.sheets.writing import next_name

#: By these an earlier check is known again.
AUTHOR, RED = "portal.check", "FFF0C4BE"
FILL = PatternFill("solid", start_color=RED, end_color=RED)
WIDTH = 60  # of the column of reasons, in characters
ADDRESS = re.compile(r"[A-Z]{1,3}([0-9]{1,7})")


@dataclass(frozen=True)
class Marks:
    """What is marked in a sheet. `heading_row` counts from 1; `mended` maps addresses to texts typed in their place."""

    sheet: str
    heading_row: int
    errors: Collection[CellError]
    mended: Mapping[str, str]


def marked(
    name: str,
    content: bytes,
    sheet: str,
    heading_row: int,
    errors: Collection[CellError],
    mended: Mapping[str, str] | None = None,
) -> bytes:
    """The workbook as an xlsx, one sheet of it marked. Raises Unreadable."""
    return marked_sheets(name, content, [Marks(sheet, heading_row, errors, mended or {})])


def marked_sheets(name: str, content: bytes, marks: Sequence[Marks]) -> bytes:
    """The workbook as an xlsx; it opens at the first sheet with something wrong.

    Raises Unreadable as `read` does: nothing opens a file that the limits have not passed.
    """
    sent = read(name, content)
    book, pages = _opened(content, sent)
    rows = {one.name: one.rows for one in sent.sheets}
    for one in marks:
        _mark_sheet(pages[one.sheet], rows[one.sheet], one)
    first = next((one for one in marks if one.errors), marks[0])
    book.active = book.index(pages[first.sheet])
    for page in book.worksheets:  # else the sheet that was open when it was saved is written on together with it
        page.sheet_view.tabSelected = page is book.active
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _mark_sheet(page: Worksheet, rows: Sequence[Sequence], marks: Marks) -> None:
    by_row, heading_row = _by_row(marks.errors), marks.heading_row
    _values_for_formulas(page, rows)
    for address, text in marks.mended.items():
        if ADDRESS.fullmatch(address):
            _put(_anchor(page, page[address]), text)
    column = _reason_column(page, rows, heading_row)
    _unmark(page, column, heading_row, len(rows))
    for address, text in marks.mended.items():
        _put(_anchor(page, page[address]), text)
    page.cell(heading_row, column, reasons()).font = Font(bold=True)
    page.column_dimensions[page.cell(heading_row, column).column_letter].width = WIDTH
    for row, found in by_row.items():
        for error in found:
            _mark(page, error)
        cell = page.cell(row, column, _clean("\n".join(map(_said, found))))
        cell.data_type, cell.fill, cell.alignment = "s", FILL, Alignment(wrap_text=True, vertical="top")


def _by_row(errors: Iterable[CellError]) -> Mapping[int, Sequence[CellError]]:
    found = defaultdict(list)
    for error in errors:
        if match := re.search(r"[0-9]+", error.address):
            found[int(match[0])].append(error)
    return found


def _said(error: CellError) -> str:
    return f"{error.address}：{error.sentence}" if ADDRESS.fullmatch(error.address) else error.sentence


def _clean(text: str) -> str:
    """Without what the format can't hold: a sentence quotes what stood in the cell."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


# ---- the workbook ----


def _opened(content: bytes, sent: Book) -> tuple[Workbook, dict[str, Worksheet]]:
    """And its sheets by the names that were read."""
    if _is_xlsx(content):
        book = load_workbook(BytesIO(content))
        return book, {page.title: page for page in book.worksheets}
    return _rebuilt(sent)


def _is_xlsx(content: bytes) -> bool:
    try:
        with ZipFile(BytesIO(content)) as parts:
            return "xl/workbook.xml" in parts.namelist()
    except BadZipFile:
        return False


def _rebuilt(sent: Book) -> tuple[Workbook, dict[str, Worksheet]]:
    """The same cells in a new workbook: all text stays text."""
    book, names, pages = Workbook(), set(), {}
    book.remove(book.active)
    for one in sent.sheets:
        page = book.create_sheet(next_name(names, one.name))
        pages[one.name] = page
        for row, values in enumerate(one.rows, 1):
            for column, value in enumerate(values, 1):
                _put(page.cell(row, column), value)
    return book, pages


def _put(cell: Cell, value) -> None:
    """A value as it was read; a text is never taken for a formula."""
    if isinstance(value, str):
        cell.value = fitting(_clean(value)) or None
        if cell.value:
            cell.data_type = "s"
    elif value is not None:
        cell.value = value


def _values_for_formulas(page: Worksheet, rows: Sequence[Sequence]) -> None:
    """What was read is what is checked and imported again: openpyxl keeps a formula, and loses what came of it."""
    for number, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            cell = page.cell(number, column)
            if cell.data_type == "f":
                cell.value = None
                _put(cell, value)


# ---- marks ----


def _reason_column(page: Worksheet, rows: Sequence[Sequence], heading_row: int) -> int:
    """That of an earlier check, else the first behind everything."""
    width = max((len(row) for row in rows), default=0)
    heads = {str(page.cell(heading_row, column).value or "").strip(): column for column in range(1, width + 1)}
    return next((heads[text] for text in REASONS if text in heads), width + 1)


def _unmark(page: Worksheet, column: int, heading_row: int, last_row: int) -> None:
    """Take away what an earlier check wrote; what the person wrote or coloured stays."""
    for row in page.iter_rows(min_row=heading_row + 1, max_row=max(last_row, heading_row + 1), max_col=column):
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            if cell.column == column:
                cell.value = None
            if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb == RED:
                cell.fill = PatternFill()
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None


def _mark(page: Worksheet, error: CellError) -> None:
    if not ADDRESS.fullmatch(error.address):
        return
    cell = _anchor(page, page[error.address])
    text = error.sentence
    if error.proposal:
        text += "\n" + _("Proposal: %(text)s") % {"text": error.proposal}
    cell.fill = FILL
    if cell.comment is None:
        cell.comment = Comment(_clean(text), AUTHOR, width=260, height=40 + 20 * (1 + len(text) // 16))
    elif cell.comment.author == AUTHOR:
        cell.comment = Comment(_clean(f"{cell.comment.text}\n{text}"), AUTHOR, width=260, height=200)


def _anchor(page: Worksheet, cell) -> Cell:
    """The cell that shows: of a merged range its first."""
    if not isinstance(cell, MergedCell):
        return cell
    merged = next(one for one in page.merged_cells.ranges if cell.coordinate in one)
    return page.cell(merged.min_row, merged.min_col)
