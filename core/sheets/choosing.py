"""Which sheets of a workbook are read: the one that fits the register best, and all that hold such rows too."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from django.utils import translation
from django.utils.translation import gettext as _

from core.registers.base import Register, all_registers
from core.sheets import limits
from core.sheets.columns import RECORD, Column, columns_of
from core.sheets.errors import Unreadable
from core.sheets.headings import Matcher, bare
from core.sheets.ignored import is_own_sheet
from core.sheets.reading import Book, Sheet
from core.sheets.table import Table, find_table
from core.sheets.texts import compact


def best_table(book: Book, columns: Sequence[Column], remembered: Mapping[str, str] | None = None) -> Table:
    """The table of the sheet that fits the register best, going on on all sheets of its kind. Raises Unreadable.

    A hidden sheet is read where it is the only one. `remembered` answers for headings that a sheet's own columns leave
    open, each sheet by itself.
    """
    shown = [sheet for sheet in book.sheets if not sheet.hidden] or book.sheets
    tables, why = [], {sheet.name: _("hidden") for sheet in book.sheets if sheet not in shown}
    refused = None
    for sheet in shown:
        try:
            tables.append(answered(sheet, columns, remembered or {}))
        except Unreadable as error:
            refused = refused or error
            why[sheet.name] = _("no row of headings was found")
    if not tables:
        raise refused or Unreadable(_("Nothing stands in the workbook: fill the template, then choose it again."))
    best = max(tables, key=lambda table: (len(table.columns) - len(table.missing), -len(table.unknown)))
    kind = Kind(best, columns)
    chosen = [table for table in tables if table is best or kind.has(table)]
    for table in tables:
        if table not in chosen:
            why[table.sheet.name] = _("its headings are others") if table.body else _("no rows")
    passed = [(sheet.name, why[sheet.name]) for sheet in book.sheets if sheet.name in why]
    return joined(chosen, [one for one in passed if not is_own_sheet(one[0])])


def joined(tables: Sequence[Table], passed: Sequence[tuple[str, str]] = ()) -> Table:
    """The tables of several sheets as one: their rows are numbered on. Raises Unreadable for too many of them."""
    first, *more = tables
    for before, table in pairwise(tables):
        table.start = before.start + len(before.sheet.rows)
    first.more, first.passed = more, list(passed)
    limits.refuse_rows(first.total)
    return first


def answered(sheet: Sheet, columns: Sequence[Column], answers: Mapping[str, str]) -> Table:
    """The table of a sheet, with what was answered for the headings that its own columns leave open."""
    table = find_table(sheet, columns)
    own = {unknown.heading: answers[unknown.heading] for unknown in table.unknown if unknown.heading in answers}
    return find_table(sheet, columns, own) if own else table


class Kind:
    """The rows that the best sheet of a workbook holds. `columns`: the register's."""

    def __init__(self, best: Table, columns: Sequence[Column]):
        self.best, self.model = best, columns[0].field.model
        self.headings = set(best.pattern.split("|"))
        #: Columns that stand in most registers say nothing.
        self.everywhere = {column.name for column in columns if column.kind == "place" or column.name == RECORD}

    def has(self, table: Table) -> bool:
        """Whether a sheet holds such rows too: the same columns or headings; or half of the columns, and few strange ones."""
        if not table.body or _is_named_otherwise(table, self.model):
            return False
        if set(table.pattern.split("|")) == self.headings:
            return True
        is_alike = table.columns.keys() == self.best.columns.keys() or self._is_like(table)
        return is_alike and not self._is_anothers(table)

    def _is_like(self, table: Table) -> bool:
        """What is missing must be among the headings to ask about, where a sheet of totals has numbers alone; rows that
        carry their record's number need not say more.
        """
        own, told = table.columns.keys() - self.everywhere, self.best.columns.keys() - self.everywhere
        missing = [column for column in table.missing if column.name not in self.everywhere]
        asked = [unknown for unknown in table.unknown if _has_words(table, unknown.column)]
        strange = {bare(unknown.heading) for unknown in table.unknown} - self.headings
        is_told = len(missing) <= len(asked) or RECORD in table.columns and not table.unknown
        is_near = len(strange) <= max(len(own) // 2, len(missing))
        return is_told and is_near and 2 * len(own & told) >= len(told)

    def _is_anothers(self, table: Table) -> bool:
        """Whether the headings fit another register better, all that it requires among them."""
        shared = {bare(unknown.heading) for unknown in table.unknown} & self.headings
        fit = len(table.columns) + len(shared)
        for register in all_registers():
            if register.model is not self.model:
                found = set(_matcher(register, translation.get_language()).match(table.headings).values())
                if len(found) > fit and _required(register) <= found:
                    return True
        return False


@cache
def _matcher(register: type[Register], _language: str | None) -> Matcher:
    return Matcher(columns_of(register))


def _required(register: type[Register]) -> set[str]:
    return {column.name for column in columns_of(register) if column.required and column.kind != "place"}


def _is_named_otherwise(table: Table, model) -> bool:
    """Whether the sheet is called as another register, as in a book of a village's registers."""
    name = compact(table.sheet.name)
    return any(compact(str(register.title)) == name for register in all_registers() if register.model is not model)


def _has_words(table: Table, position: int) -> bool:
    """Whether something else than numbers stands below a heading."""
    texts = (compact(table.sheet.rows[at][position]) for at in table.body)
    return any(text and not text.replace(".", "").isdigit() for text in texts)
