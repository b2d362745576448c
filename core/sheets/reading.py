"""A file as sheets of raw cells, each with its address: xlsx, xls, ods by calamine, csv by the standard library."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from itertools import islice

from django.utils.translation import gettext as _
from python_calamine import CalamineError

from core.sheets import apart, binary, limits
from core.sheets.cells import DANGEROUS
from core.sheets.errors import Unreadable
from core.sheets.faults import untold_of
from core.sheets.limits import damaged
from core.sheets.spans import untold_in
from core.sheets.untold import Untold

#: Cells that merged cells may spread over: beyond it somebody plays tricks.
MOST_SPREAD = 500_000
#: Seconds that a process of its own may take over a workbook.
APART = 30
#: Rows of titles and headings that a sheet may have above its table.
ABOVE = 30
SEPARATORS = ",;\t，"


@dataclass
class Sheet:
    """Rows from A1 on, all of one width; `merged` are (first row, first column, last row, last column), from 0."""

    name: str
    rows: list[list]
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    #: Positions of rows that the program doesn't show: folded, filtered away.
    hidden_rows: set[int] = field(default_factory=set)

    @staticmethod
    def address(row: int, column: int) -> str:
        """ "C17" of row 16 and column 2."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{row + 1}"

    def mend(self, cells: dict[str, str]) -> None:
        """Put texts in the place of cells: {"C17": "2013-05-01"}. What lies outside the sheet is left."""
        for address, text in cells.items():
            letters = address.rstrip("0123456789")
            row, column = int(address[len(letters) :] or 0) - 1, limits.column_number(letters) - 1
            if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
                self.rows[row][column] = text

    def spread_merged(self) -> None:
        """Give every cell of a merged range the value of its first."""
        spread = 0
        for top, left, bottom, right in (span for span in self.merged if min(span) >= 0):
            bottom, right = min(bottom, len(self.rows) - 1), min(right, len(self.rows[0]) - 1 if self.rows else -1)
            spread += max(0, bottom - top + 1) * max(0, right - left + 1)
            if spread > MOST_SPREAD:
                return
            value = self.rows[top][left] if top < len(self.rows) and left < len(self.rows[top]) else ""
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if self.rows[row][column] in ("", None):
                        self.rows[row][column] = value


@dataclass
class Book:
    name: str
    kind: str
    sheets: list[Sheet]


def read(name: str, content: bytes, page: str = "") -> Book:
    """The sheets of a file that hold something, or the one of that name. Raises Unreadable."""
    kind = limits.check(name, content)
    sheets = [_csv_sheet(content)] if kind == "csv" else _workbook_sheets(content, kind)
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise Unreadable(_("Nothing stands in the workbook: fill the template, then choose it again."))
    if page and page not in [sheet.name for sheet in found]:
        facts = {"name": page, "names": "、".join(sheet.name for sheet in found)}
        raise Unreadable(_("There is no sheet “%(name)s” in the workbook; there are: %(names)s.") % facts)
    return Book(name, kind, [sheet for sheet in found if page in ("", sheet.name)])


def _workbook_sheets(content: bytes, kind: str) -> list[Sheet]:
    try:
        if kind == "xlsx":
            sheets, untold = apart.sheets_of(content), untold_of(content)
        else:
            sheets, untold = _read_apart(content), untold_in(content) if kind == "ods" else binary.untold_in(content)
        return [_finished(made, untold.get(made["name"], Untold())) for made in sheets]
    except (CalamineError, ValueError, OSError, binary.Broken) as error:
        raise Unreadable(damaged()) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader raises where it has no other way
            raise
        raise Unreadable(damaged()) from error


def _finished(made: Mapping, untold: Untold) -> Sheet:
    """`made`: what the reader tells (`core.sheets.apart`)."""
    rows = made["rows"]
    for (row, column), fault in untold.faults.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = fault
    rows = _trimmed(rows)
    _refuse_long(rows)
    merged = [tuple(span) for span in (*made["merged"], *untold.merged)]
    found = Sheet(made["name"], rows, made["hidden"], merged, untold.hidden)
    found.spread_merged()
    return found


def _read_apart(content: bytes) -> list[dict]:
    """The sheets of an .xls or .ods, read by a process that may fail alone. Raises ValueError."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", apart.__file__], input=content, capture_output=True, timeout=APART, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ValueError("the workbook can't be read") from error
    return json.loads(done.stdout, object_hook=_date_of)


def _date_of(made: dict):
    if "day" in made:
        return date.fromisoformat(made["day"])
    return datetime.fromisoformat(made["moment"]) if "moment" in made else made


def _refuse_long(rows: list[list]) -> None:
    """Rows that hold something; `core.sheets.table` counts again without titles and headings."""
    if len(rows) > limits.max_rows() + ABOVE:
        limits.refuse_rows(sum(1 for row in rows if any(cell not in ("", None) for cell in row)) - ABOVE)


def _trimmed(rows: list[list]) -> list[list]:
    """Without the empty rows at the end."""
    while rows and all(cell in ("", None) for cell in rows[-1]):
        rows.pop()
    return rows


# ---- csv ----


def _csv_sheet(content: bytes) -> Sheet:
    text = decoded(content)
    if text.startswith("sep=") and "\n" in text:
        text = text.partition("\n")[2]
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=False)
        rows = [[_without_quote(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Unreadable(_("A cell of the file never ends: check its quotation marks, or save it as .xlsx.")) from error
    rows = _trimmed(rows)
    _refuse_long(rows)
    width = max(map(len, rows), default=0)
    if width > limits.COLUMNS or width * len(rows) > limits.AREA:
        raise Unreadable(_("The file is no table of rows and columns: save it as .xlsx, then choose that file."))
    return Sheet("csv", [row + [""] * (width - len(row)) for row in rows])


def decoded(content: bytes) -> str:
    """The text of a csv: UTF-8 or UTF-16 with their marks, else UTF-8, else GB18030. Raises Unreadable."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ("utf-16",)
    elif b"\0" in content[:200]:
        codecs = ("utf-16-le",) if content[1:200:2].count(0) > content[:200:2].count(0) else ("utf-16-be",)
    else:
        codecs = ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if not any(char < " " and char not in "\t\r\n\f\v" for char in text[:2000]):
            return text
    raise Unreadable(_("The text can't be read: save it as .xlsx, or as csv in UTF-8."))


def _separator(text: str) -> str:
    """The one that divides the most of the first rows into equally many cells, more than one."""

    def evenness(mark: str) -> tuple[int, int]:
        try:
            rows = [row for row in islice(csv.reader(StringIO(text[:50_000], newline=""), delimiter=mark), 20) if row]
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(SEPARATORS, key=evenness)


def _without_quote(cell: str) -> str:
    """The ' that the export sets before what a program would calculate, and people before long numbers.

    >>> _without_quote("'=1+1"), _without_quote("'450109"), _without_quote("'s")
    ('=1+1', '450109', "'s")
    """
    rest = cell[1:]
    is_set = cell.startswith("'") and (rest.startswith((*DANGEROUS, "'")) or rest.strip().isdigit())
    return rest if is_set else cell
