"""Which record each line of a sheet is about: by its number, else by what names a record together, else none yet.

The reading of cells depends on it: a cell that says what the record says keeps the stored value, and a mask is no
mistake where it is the record's own.
"""

from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.registers.base import Register
from core.sheets.columns import LEFT, key_of, related_of
from core.sheets.errors import CellError
from core.sheets.parsing import Line, Parser
from core.sheets.table import Table
from core.sheets.texts import text_of
from core.sheets.unique import narrowed


def lines_of(register: type[Register], user, table: Table, day: date) -> list[Line]:
    """The lines of a table, each with the record that it is about; a constant number of queries."""
    return [*Matching(register, user, table, day).lines()]


def changed_fields(line: Line) -> list[str]:
    """What a line would change of its record; of a new one, all that it says."""
    if line.current is None:
        return list(line.values)
    return [name for name in line.values if _differs(line, line.current._meta.get_field(name))]


def _differs(line: Line, field: models.Field) -> bool:
    if field.is_relation:
        return getattr(line.row, field.attname) != getattr(line.current, field.attname)
    return getattr(line.row, field.name) != getattr(line.current, field.name)


class Matching(Parser):
    """A parser that also knows records by what names them."""

    def __init__(self, register: type[Register], user, table: Table, day: date):
        super().__init__(register, user, table, day)
        self.key, self.among = self._naming()

    def _naming(self) -> tuple[tuple[str, ...], Q]:
        """The columns that name a record together, and among which records: those of a uniqueness that always holds,
        else of one that holds for some, such as the hamlets that still stand.
        """
        if (key := key_of(self.register)) and set(key) <= self.columns.keys():
            return key, Q()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None:
                key = tuple(name.removesuffix("_index") for name in constraint.fields)
                if key and set(key) <= self.columns.keys():
                    return key, constraint.condition
        return (), Q()

    def _find_current(self, lines: list[Line]) -> None:
        super()._find_current(lines)
        taken = {line.current.pk: line.number for line in lines if line.current is not None}
        unnumbered = [line for line in lines if line.record is None]
        keys = zip(unnumbered, self._keys(unnumbered), strict=True)
        named = [(line, key) for line, key in keys if key is not None]
        stored = self._stored({key for _line, key in named})
        for line, key in named:
            current = stored.get(key)
            if current is None:
                continue
            if current.pk in taken:
                sentence = _("Row %(number)d is about the same record: keep one of the two.")
                self._note(line, self.key[-1], CellError(sentence % {"number": taken[current.pk]}))
                continue
            taken[current.pk] = line.number
            line.current = current

    def _keys(self, lines: list[Line]) -> list[tuple | None]:
        """What names each record, as the database compares it; None where a part is missing or can't be read."""
        if not self.key:
            return [None] * len(lines)
        parts, places = [], [None] * len(lines)
        for name in self.key:
            values = self._values(lines, self.columns[name], places)
            parts.append([self._plain(name, value) for value in values])
            if name == self.place:
                places = [getattr(value, "pk", None) for value in values]
        return [None if None in key else key for key in zip(*parts, strict=True)]

    def _plain(self, name: str, value):
        if value is LEFT or value in (None, "") or isinstance(value, CellError):
            return None
        if self.columns[name].kind == "sensitive":
            return self.columns[name].field.index_of(value.plain)
        return value.pk if isinstance(value, models.Model) else value

    def _stored(self, keys: Sequence[tuple]) -> dict[tuple, models.Model]:
        if not keys:
            return {}
        columns = tuple(f"{n}_index" if self.columns[n].kind == "sensitive" else n for n in self.key)
        rows = self.model._default_manager.visible_to(self.user).select_related(*related_of(self.register))
        attributes = [self.model._meta.get_field(name).attname for name in columns]
        found = {}
        for row in rows.filter(self.among, narrowed(columns, keys)).order_by("-pk"):
            found[tuple(getattr(row, name) for name in attributes)] = row
        return found

    def _judge(self, line: Line) -> None:
        """A record that the sheet leaves alone is not judged: it stands, whatever later rules say of it."""
        if line.current is None or changed_fields(line):
            super()._judge(line)

    def _note(self, line: Line, name: str, error: CellError) -> None:
        """The same slip is told once."""
        if not any(known.column == name and known.sentence == error.sentence for known in line.errors):
            super()._note(line, name, error)


def note(table: Table, line: Line, name: str, sentence: str) -> None:
    """Add to a line what is wrong at a column, or (where the sheet has no such column) with the row."""
    error = CellError(sentence, column=name)
    position = table.columns.get(name, min(table.columns.values(), default=0))
    error.address = table.sheet.address(line.number - 1, position)
    error.value = text_of(table.sheet.rows[line.number - 1][position]) if name in table.columns else ""
    if not any(known.column == name and known.sentence == sentence for known in line.errors):
        line.errors.append(error)
