"""An empty workbook to fill: headings with their notes, what may stand in each column, an example, how to fill.

`write_template` makes that of a register; `write_form` that of any columns.

Lists to choose from are of the person's own territory; they stand on a hidden sheet, since a list within the rule
itself may have 255 characters.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from core.registers.base import Register
from core.sheets.columns import RECORD, Column, columns_of
from core.sheets.lookups import Lookups
from core.sheets.writing import HEAD, NARROWEST, OPTIONS, Value, next_name, put, text_of

#: Rows that the rules of the columns hold for.
ROWS = 5000
#: The mark that tells an example from a row to read.
EXAMPLE = "（示例）"
#: A list to choose from that is longer is left out: nobody looks through it, and the import says what was meant.
MOST_CHOICES = 5000
REQUIRED = HEAD | {"font_color": "#0F3263", "bg_color": "#D6E4F5"}
UNLOCKED = {"locked": False}
#: How a column's cells look, by its kind; what is left out is text, so that zeros in front and long numbers stay.
LOOKS = {
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "whole": {"num_format": "0"},
    "decimal": {"num_format": "General"},
}
TEXT = {"num_format": "@"}
#: What may still be done to a protected sheet: everything but changing the headings.
ALLOWED = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"), True
)
DAY, FIRST, LAST = date(2013, 11, 24), date(1900, 3, 1), date(2199, 12, 31)


class Head(NamedTuple):
    """A column of a sheet that is no register's: what a form needs to know of it."""

    heading: str
    note: str
    kind: str
    required: bool


class Place(NamedTuple):
    """A column of the sheet: what it is, where it stands, what may be chosen in it, what the example says there."""

    column: Column | Head
    number: int
    choices: Sequence[str]
    example: Value = None


def write_template(target: IO[bytes], register: type[Register], user) -> None:
    """Write the workbook that the person fills with new rows of the register."""
    columns = [column for column in columns_of(register) if column.writable and column.name != RECORD]
    lookups = Lookups(user)
    places = [
        Place(column, number, column.choices(user, lookups)[:MOST_CHOICES]) for number, column in enumerate(columns)
    ]
    write_form(target, str(register.title), places, guide_lines())


def write_form(target: IO[bytes], title: str, places: Sequence[Place], lines: Sequence[str]) -> None:
    """Write the workbook with these columns; `lines` say how it is filled in."""
    with xlsxwriter.Workbook(target, OPTIONS | {"constant_memory": False}) as book:
        names: set[str] = set()
        page = book.add_worksheet(next_name(names, title))
        guide = book.add_worksheet(next_name(names, _("How to fill it in")))
        lists = book.add_worksheet(next_name(names, _("Choices")))
        lists.hide()
        for place in places:
            _column(book, page, lists, place)
        page.freeze_panes(1, 0)
        page.protect("", ALLOWED)
        _example(book, page, places)
        _guide(book, guide, title, places, lines)


def _column(book, page, lists, place: Place) -> None:
    """Heading, note, look and rule of a column."""
    column, number = place.column, place.number
    look = book.add_format(UNLOCKED | LOOKS.get(column.kind, TEXT))
    heading = text_of(column.heading)
    width = max(sum(1 + (c > "\u2e7f") for c in heading) + 4, 14 if column.kind == "date" else NARROWEST + 4)
    page.set_column(number, number, min(width, 40), look)
    page.write_string(0, number, heading, book.add_format(REQUIRED if column.required else HEAD))
    note = text_of(column.note) or _("May stay empty.")
    page.write_comment(
        0, number, note, {"x_scale": 1.6, "y_scale": 0.4 + 0.2 * (1 + note.count("\n") + len(note) // 18)}
    )
    for row, choice in enumerate(place.choices):
        lists.write_string(row, number, choice)
    if rule := _rule(place, f"='{lists.name}'!"):
        page.data_validation(1, number, ROWS, number, rule | _said(column))


def _rule(place: Place, lists: str) -> dict | None:
    """The rule of the spreadsheet program for the column; None where anything may stand."""
    column, choices = place.column, place.choices
    letter = xl_col_to_name(place.number, col_abs=True)
    if choices:
        return {"validate": "list", "source": f"{lists}{letter}$1:{letter}${len(choices)}"}
    if column.kind == "date":
        return {"validate": "date", "criteria": "between", "minimum": FIRST, "maximum": LAST}
    if column.kind == "whole":
        return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 2_147_483_647}
    if column.kind == "decimal":
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    return None


def _said(column: Column) -> dict:
    """What the program says where a value breaks the rule. A warning may be overruled: the import judges at last."""
    text = text_of(column.note)
    text = text if len(text) <= 255 else f"{text[:254]}…"
    return {"error_type": "warning", "error_title": text_of(column.heading)[:32], "error_message": text}


def _example(book, page, places: Sequence[Place]) -> None:
    """A row that shows how, marked so that the import leaves it out."""
    days = [place for place in places if place.column.kind == "date"]
    for place in places:
        looks = UNLOCKED | LOOKS.get(place.column.kind, TEXT) | {"italic": True, "font_color": "#5F6876"}
        value = "" if place in days[1:] and not place.column.required else example_of(place)
        if place.number == 0:
            value = f"{EXAMPLE}{text_of(value)}"
        put(page, 1, place.number, value, book.add_format(looks))


def example_of(place: Place) -> Value:
    """A value that may stand in the column."""
    if place.example is not None:
        return place.example
    if place.choices:
        return place.choices[0]
    fixed = {"date": DAY, "whole": 1, "decimal": Decimal(1), "sensitive": "450109199001011232"}
    return fixed.get(place.column.kind, text_of(place.column.heading) if place.column.required else "")


def _guide(book, page, title: str, places: Sequence[Place], lines: Sequence[str]) -> None:
    """The sheet that says how: rules for all, then a line a column."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format(HEAD)
    page.set_column(0, 0, 24, wrap)
    page.set_column(1, 1, 8, wrap)
    page.set_column(2, 2, 90, wrap)
    page.write_string(0, 0, title, bold)
    for row, line in enumerate(lines, 1):
        page.merge_range(row, 0, row, 2, line, wrap)
    top = len(lines) + 2
    for number, text in enumerate((_("Column"), _("Required"), _("What to write"))):
        page.write_string(top, number, text, head)
    for row, place in enumerate(places, top + 1):
        column = place.column
        page.write_string(row, 0, text_of(column.heading), wrap)
        page.write_string(row, 1, _("Yes") if column.required else _("No"), wrap)
        page.write_string(row, 2, text_of(column.note), wrap)


def guide_lines() -> list[str]:
    return [
        _("Fill in one record a row, below the headings, and save it. Leave the headings as they are."),
        _("The row marked %(mark)s shows how: it is left out when the sheet is read, and may be deleted.")
        % {"mark": EXAMPLE},
        _("Dark headings are required. Cells with an arrow are chosen from the list."),
        _("Dates are written like 2013-05-01. Numbers of certificates are text, so that no digit is lost."),
        _("Nothing is written when the sheet is read: errors are shown first, each with its cell."),
    ]
