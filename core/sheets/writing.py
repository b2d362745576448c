"""Rows written out as a workbook or as csv: typed cells, and none is ever a formula.

Rows come from any iterable and are written one by one, so that a long sheet takes no memory to speak of.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import IO
from xml.sax.saxutils import escape

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.sheets.cells import safe_cell
from core.sheets.long import fitting, is_too_long

Value = str | int | Decimal | date | bool | None

#: What a sheet of the format holds, its heading included.
MOST_ROWS = 1_048_576
#: Longer whole numbers are text: a spreadsheet keeps fifteen digits and fills up with zeros.
DIGITS = 15
#: The format's calendar begins in 1900 and has a day too many in its first February.
FIRST_DAY = date(1900, 3, 1)
#: Nothing in a text is taken for a formula, a link or a number; rows go to the disk as they are written.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NARROWEST, WIDEST = 8, 48  # characters
EVERY = 500  # rows between two reports of progress
HEAD = {"bold": True, "bg_color": "#EEF4FB", "border": 1, "border_color": "#C3C9D2", "text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class Sheet:
    """What one sheet holds: headings, the note on each (or none), and rows of values in their order."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[str] = ()


def write_xlsx(
    target: IO[bytes] | str, sheets: Iterable[Sheet], told: Callable[[int], None] = lambda rows: None
) -> int:
    """Write the sheets as one workbook; how many rows they had. `told` hears from time to time how many there are."""
    rows = count()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, next_name(names, sheet.name), sheet, rows, told)
    return next(rows)


def _write_sheet(book, name: str, sheet: Sheet, rows: Iterator[int], told) -> None:
    page = book.add_worksheet(name)
    head, day = book.add_format(HEAD), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    widths = [_width(text) for text in sheet.heads]
    page.freeze_panes(1, 0)
    for column, text in enumerate(sheet.heads):
        put(page, 0, column, text, head)
        if column < len(sheet.notes) and sheet.notes[column]:
            page.write_comment(0, column, sheet.notes[column])
    for number, values in enumerate(sheet.rows, 1):
        if number >= MOST_ROWS:
            raise ValidationError(
                _("A sheet holds at most %(limit)d rows: narrow the list first.") % {"limit": MOST_ROWS}
            )
        for column, value in enumerate(values):
            put(page, number, column, value, day=day)
        if number <= EVERY:
            widths = [max(pair) for pair in zip(widths, map(_width, values), strict=True)]
        if next(rows) % EVERY == 0:
            told(number)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width, NARROWEST), WIDEST))


def put(page, row: int, column: int, value: Value, look=None, *, day=None) -> None:
    """One cell, typed as the value is; nothing where there is none, but for its look. `day` is the look of dates."""
    if value is None or value == "":
        page.write_blank(row, column, None, look)  # without a look none is written
        return
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        page.write_datetime(row, column, value, day or look)
    elif _is_number(value):
        page.write_number(row, column, value, look)
    else:
        text = text_of(value)
        page.write_string(row, column, _of_xml(fitting(text)), look)
        if is_too_long(text):
            page.write_comment(row, column, _("The whole text stands in the portal; leave this cell as it is."))


def _is_number(value) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return False
    return len(Decimal(value).as_tuple().digits) <= DIGITS


def text_of(value: Value) -> str:
    """The value as a text that the import reads back.

    >>> text_of(True), text_of(Decimal("1E+2")), text_of(date(2013, 5, 1)), text_of(None)
    ('Yes', '100', '2013-05-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _of_xml(text: str) -> str:
    """What XlsxWriter turns into exactly this text: it takes one within <r> for XML."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text


def _width(value: Value) -> int:
    """How wide the longest line is; a Chinese character takes two."""
    return max((sum(1 + (c > "\u2e7f") for c in line[:WIDEST]) for line in text_of(value).split("\n")), default=0) + 2


# ---- names of sheets ----


def next_name(taken: set[str], wanted: str) -> str:
    """A name that the format allows and no other sheet has: at most 31 characters, without []:*?/\\ at any place.

    >>> taken = set()
    >>> next_name(taken, "a/b"), next_name(taken, "A:B")
    ('a b', 'A B 2')
    """
    stem = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '")[:31] or "1"
    tails = ("", *(f" {number}" for number in range(2, len(taken) + 3)))
    name = next(n for n in (stem[: 31 - len(tail)] + tail for tail in tails) if n.casefold() not in taken)
    taken.add(name.casefold())
    return name


# ---- csv ----


def write_csv(target: IO[str], sheet: Sheet, told: Callable[[int], None] = lambda rows: None) -> int:
    """Write one sheet as csv for Excel and WPS: with the mark of UTF-8, every cell safe; how many rows it had."""
    target.write("\ufeff")
    writer, number = csv.writer(target), 0
    writer.writerow([safe_cell(head) for head in sheet.heads])
    for number, values in enumerate(sheet.rows, 1):
        writer.writerow([safe_cell(text_of(value)) for value in values])
        if number % EVERY == 0:
            told(number)
    return number
