"""Which record each line of a sheet is about: by its number, else by what names a record together, else none yet.

The reading of cells depends on it: a cell that says what the record says keeps the stored value, and a mask is no
mistake where it is the record's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.registers.base import Register
from core.sensitive import SensitiveField
from core.sheets.columns import LEFT, RECORD, keys_of, related_of
from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.parsing import Line, Parser, Seen
from core.sheets.table import Table
from core.sheets.texts import text_of
from core.sheets.unique import narrowed


def lines_of(register: type[Register], user, table: Table, day: date) -> list[Line]:
    """The lines of a table, each with the record that it is about; a constant number of queries for each sheet."""
    return matched(register, user, table, day)[1]


def matched(
    register: type[Register], user, table: Table, day: date, lookups: Lookups | None = None
) -> tuple[Table, list[Line]]:
    """The table with what its titles stand for (`core.sheets.titles`), and its lines. Places and records are read once."""
    lookups, seen = lookups or Lookups(user, day), Seen(table.pages)
    read, lines = [], []
    for part in table.parts:
        matching = Matching(register, user, part, day, lookups, seen)
        lines += matching.lines() if part.body else ()
        read.append(matching.table)
    return replace(read[0], more=read[1:]), lines


def changed_fields(line: Line) -> list[str]:
    """What a line would change of its record; of a new one, all that it says."""
    if line.current is None:
        return list(line.values)
    return [name for name in line.values if _differs(line, line.current._meta.get_field(name))]


def _differs(line: Line, field: models.Field) -> bool:
    if field.is_relation:
        return getattr(line.row, field.attname) != getattr(line.current, field.attname)
    return getattr(line.row, field.name) != getattr(line.current, field.name)


class Naming(NamedTuple):
    """Columns that name a record together, and among which records: those of a uniqueness that holds for some, such as
    the hamlets that still stand. A part that may stay empty names a record by being empty.
    """

    key: tuple[str, ...]
    among: Q = Q()


#: A part of a name that is missing or can't be read: nothing is named.
NOTHING = object()


class Matching(Parser):
    """A parser that also knows records by what names them."""

    @cached_property
    def namings(self) -> list[Naming]:
        """By what a row can be known, the surest first."""
        return [naming for naming in self._namings() if all(map(self._can_name, naming.key))]

    def _namings(self) -> Iterator[Naming]:
        """The number that a person carries names him before anything else; then what the register says, else what may
        be there only once.
        """
        once = [
            Naming(tuple(name.removesuffix("_index") for name in constraint.fields), constraint.condition)
            for constraint in self.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
            and constraint.fields
            and constraint.condition is not None
        ]
        numbers = [naming for naming in once if all(self._is_secret(name) for name in naming.key)]
        yield from numbers
        yield from map(Naming, keys_of(self.register))
        if not self.register.sheet_key:
            yield from (naming for naming in once if naming not in numbers and set(naming.key) <= self.columns.keys())

    def _field(self, name: str) -> models.Field:
        return self.model._meta.get_field(name)

    def _is_secret(self, name: str) -> bool:
        return isinstance(self._field(name), SensitiveField)

    def _can_name(self, name: str) -> bool:
        return name in self.columns or bool(self.register.sheet_key) and self._may_be_empty(name)

    def _may_be_empty(self, name: str) -> bool:
        return self._field(name).null or self._field(name).blank

    def _find_current(self, lines: list[Line]) -> None:
        super()._find_current(lines)
        known = [line for line in lines if line.current is not None]
        for line in known:
            if line.record in self.seen.records and self.seen.numbers[line.record] == line.number:
                self._refuse_twice(line, RECORD, line.record)
        self.seen.records |= {line.record: line.number for line in known}
        for naming in self.namings:
            left = [line for line in lines if line.record is None and line.current is None]
            keys = zip(left, self._keys(naming, left), strict=True)
            named = [(line, key) for line, key in keys if NOTHING not in key]
            stored = self._stored(naming, {key for _line, key in named})
            for line, key in named:
                self._take(line, stored.get(key, []), naming)

    def _take(self, line: Line, found: Sequence[models.Model], naming: Naming) -> None:
        if len(found) > 1:
            sentence = _("%(n)d records are named so: write the number of the one that is meant.")
            self._note(line, naming.key[-1], CellError(sentence % {"n": len(found)}))
            return
        line.meets += [row.pk for row in found]
        if found and found[0].pk in self.seen.records:
            self._refuse_twice(line, naming.key[-1], found[0].pk)
        elif found:
            self.seen.records[found[0].pk] = line.number
            line.current = found[0]

    def _refuse_twice(self, line: Line, name: str, record: int) -> None:
        sentence = _("%(row)s is about the same record: keep one of the two.")
        said = self.seen.pages.said(self.seen.records[record])
        self._note(line, name, CellError(sentence % {"row": capfirst(said)}))

    def _keys(self, naming: Naming, lines: list[Line]) -> list[tuple]:
        """What names each record, as the database compares it."""
        parts, places = [], [None] * len(lines)
        for name in naming.key:
            values = self._values(lines, self.columns[name], places) if name in self.columns else [LEFT] * len(lines)
            parts.append([self._plain(name, value) for value in values])
            if name == self.place:
                places = [getattr(value, "pk", None) for value in values]
        return list(zip(*parts, strict=True))

    def _plain(self, name: str, value):
        field = self._field(name)
        if value is LEFT or value in (None, ""):
            return NOTHING if self._is_secret(name) or not self._may_be_empty(name) else None if field.null else ""
        if isinstance(value, CellError):
            return NOTHING
        if self._is_secret(name):
            return field.index_of(value.plain)
        return value.pk if isinstance(value, models.Model) else value

    def _stored(self, naming: Naming, keys: set[tuple]) -> dict[tuple, list[models.Model]]:
        if not keys:
            return {}
        columns = tuple(f"{n}_index" if self._is_secret(n) else n for n in naming.key)
        rows = self.model._default_manager.visible_to(self.user).select_related(*related_of(self.register))
        attributes = [self._field(name).attname for name in columns]
        found: dict[tuple, list[models.Model]] = {}
        for row in rows.filter(naming.among, narrowed(columns, keys)).order_by("pk"):
            found.setdefault(tuple(getattr(row, name) for name in attributes), []).append(row)
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
    error, table = CellError(sentence, column=name), table.part_of(line.number)
    position, at = table.columns.get(name, min(table.columns.values(), default=0)), line.number - 1 - table.start
    error.address = table.sheet.address(at, position)
    error.value = text_of(table.sheet.rows[at][position]) if name in table.columns else ""
    if not any(known.column == name and known.sentence == sentence for known in line.errors):
        line.errors.append(error)
