"""The rows of a table as values of a register, with everything that is wrong in them at once.

Nothing is written. Places, records and the rows that stand now are read once for the whole sheet, through the door.
A cell that says what the record says already keeps the stored value, whatever it is: what was exported and not touched
changes nothing.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core.actions import fetch_missing, references
from core.registers.base import Register
from core.sheets.building import built
from core.sheets.columns import LEFT, RECORD, Column, columns_of, related_of
from core.sheets.dates import month_in
from core.sheets.errors import CellError
from core.sheets.long import refuse_cut, stands_for
from core.sheets.lookups import Lookups
from core.sheets.numbers import unit_in, with_unit
from core.sheets.pages import Pages
from core.sheets.places import parent_name
from core.sheets.table import Table
from core.sheets.texts import compact, text_of
from core.sheets.titles import with_place


@dataclass
class Line:
    """One row. `number` is the sheet's own, going on from sheet to sheet (`core.sheets.pages`); `record` the pk that it
    names, or None for a new record.

    `meets` are the records that it names by number or otherwise, even where another row has taken them; `current` is
    the record as it stands; `row` the record as the row would have it, without what is wrong; `values` what the row
    says, by column.
    """

    number: int
    record: int | None = None
    current: models.Model | None = None
    row: models.Model | None = None
    values: dict = field(default_factory=dict)
    meets: list[int] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)


@dataclass
class Seen:
    """What the sheets of a workbook have said so far: the row of each record number, and of each record."""

    pages: Pages
    numbers: dict[int, int] = field(default_factory=dict)
    records: dict[int, int] = field(default_factory=dict)


def parse(register: type[Register], user, table: Table, day: date) -> list[Line]:
    """The rows of the table as the person's own; a constant number of queries."""
    parser = Parser(register, user, table, day)
    return [*parser.lines()]


class Parser:
    """What is the same for all rows of a table."""

    def __init__(
        self,
        register: type[Register],
        user,
        table: Table,
        day: date,
        lookups: Lookups | None = None,
        seen: Seen | None = None,
    ):
        self.register, self.model = register, register.model
        self.lookups = lookups or Lookups(user, day)
        self.table = table = with_place(table, register, self.lookups)
        self.start, self.seen = table.start, seen or Seen(table.pages)
        there = {column.name: column for column in columns_of(register) if column.name in table.columns}
        self.number = there.pop(RECORD, None)
        self.columns = {name: column for name, column in there.items() if column.writable}
        self.shown = {name: column for name, column in there.items() if not column.writable}
        self.place = self._place_column()
        ordered = sorted(self.columns.values(), key=lambda column: column.kind != "place")
        self.ordered = [column for column in ordered if column.name != self.place]
        if self.place in self.columns:
            self.ordered.insert(0, self.columns[self.place])
        #: What the cells of each column were read as.
        self.memory: dict[object, dict[tuple, object]] = {("", self.place): {}}
        #: What stands above the empty cells of the place's column.
        self.above: dict[int, str] = {}
        self.choose = {
            name: register.sheet_choose(name, user, day) for name, c in there.items() if c.kind == "relation"
        }
        self.user = user

    def _place_column(self) -> str:
        """The column that names the row's village, for reading or for writing; "" for none."""
        territory = getattr(self.model, "territory", None) or ""
        return territory if territory in self.table.columns else ""

    # ---- the rows ----

    def lines(self) -> list[Line]:
        lines = [Line(self.start + at + 1) for at in self.table.body]
        self._number(lines)
        self._find_current(lines)
        self._read(lines)
        self._build(lines)
        return lines

    def _raw(self, line: Line, name: str):
        position = self.table.columns.get(name)
        return None if position is None else self.table.sheet.rows[self._at(line)][position]

    def _at(self, line: Line) -> int:
        """Where the row stands in its sheet, from 0."""
        return line.number - 1 - self.start

    def _number(self, lines: list[Line]) -> None:
        """The record's number of each line; one that is there twice is wrong the second time."""
        seen = self.seen.numbers
        for line in lines if self.number else ():
            try:
                line.record = self.number.read(self._raw(line, RECORD), self.lookups)
                if line.record in seen:
                    sentence = _("This record number stands in %(row)s too: delete one of the two rows.")
                    raise CellError(sentence % {"row": self.seen.pages.said(seen[line.record])})
            except CellError as error:
                self._note(line, RECORD, error)
            if line.record is not None:
                seen.setdefault(line.record, line.number)

    def _find_current(self, lines: list[Line]) -> None:
        wanted = {line.record for line in lines if line.record is not None}
        if not wanted:
            return
        rows = self.model._default_manager.visible_to(self.user).select_related(*related_of(self.register))
        found = {row.pk: row for row in rows.filter(pk__in=wanted)}
        for line in lines:
            line.current = found.get(line.record)
            line.meets += [] if line.record is None else [line.record]
            if line.record is not None and line.current is None:
                sentence = _("You have no record of number %(number)d: leave the cell empty to enter a new record.")
                self._note(line, RECORD, CellError(sentence % {"number": line.record}))

    def _read(self, lines: Sequence[Line]) -> None:
        """Column by column: what stands in many cells is read once."""
        places = [self._shown_place(line) if self.place in self.shown else None for line in lines]
        for column in self.ordered:
            name, found = column.name, self._values(lines, column, places)
            for line, value in zip(lines, found, strict=True):
                if isinstance(value, CellError):
                    self._note(line, name, self._with_above(line, name, value.again()))
                elif value is not LEFT:
                    line.values[name] = value
            if name == self.place:
                places = [getattr(value, "pk", None) for value in found]

    def _with_above(self, line: Line, name: str, error: CellError) -> CellError:
        """A village that is left empty below another is proposed to be the same: people write it once."""
        if name == self.place and not error.proposal and text_of(self._raw(line, name)) == "":
            error.proposal = self._text_above(self._at(line), name)
        return error

    def _text_above(self, at: int, name: str) -> str:
        """What stands in the column above a row of the table; a row that was asked about before knows it."""
        position, rows, found = self.table.columns[name], self.table.sheet.rows, ""
        passed = {number - 1 for number, _why in self.table.skipped}
        for higher in range(at - 1, self.table.first - 1, -1):
            found = "" if higher in passed else text_of(rows[higher][position])
            if found or higher in self.above:
                break
        self.above[at] = found or self.above.get(higher, "") if at > self.table.first else ""
        return self.above[at]

    def _above(self, line: Line, column: Column) -> str:
        """What a column beside a place's says of the place above it."""
        if column.kind != "place" or not (above := parent_name(column.field.related_model)):
            return ""
        return text_of(self._raw(line, f"{column.name}__{above}"))

    def _shown_place(self, line: Line) -> int | None:
        """The village that a column for reading names: it tells records of one name apart, and is never wrong itself."""
        column = self.shown[self.place]
        key, memory = (text_of(self._raw(line, self.place)), self._above(line, column)), self.memory["", self.place]
        if key not in memory:
            try:
                memory[key] = column.read(self._raw(line, self.place), self.lookups, above=key[1]).pk
            except (CellError, AttributeError):
                memory[key] = None
        return memory[key]

    def _values(self, lines: Sequence[Line], column: Column, places: Sequence[int | None]) -> list:
        """What the cells of a column say: a value, LEFT or a CellError for each line."""
        position, rows = self.table.columns[column.name], self.table.sheet.rows
        has_above = column.kind == "place" and bool(parent_name(column.field.related_model))
        is_secret, is_relation = column.kind == "sensitive", column.kind == "relation"
        memory, found = self.memory.setdefault(column.name, {}), []
        unit, first = self._unit(column), self.start + 1
        for line, place in zip(lines, places, strict=True):
            raw = rows[line.number - first][position]
            raw = with_unit(raw, unit) if unit else raw
            above = self._above(line, column) if has_above else ""
            if line.current is not None and self._is_unchanged(line.current, column, raw, above):
                found.append(getattr(line.current, column.name))
                continue
            if line.current is not None and line.record is None and column.widget.is_blank(raw):
                found.append(LEFT)  # people leave out what they don't know; an export that came back carries its number
                continue
            key = (type(raw), raw, above, place if is_relation else None)
            value = self if is_secret else memory.get(key, self)
            if value is self:
                value = self._said(column, raw, above, key[-1])
                if not is_secret:  # not kept in memory longer than needed
                    memory[key] = value
            found.append(value)
        return found

    def _unit(self, column: Column) -> str:
        """The unit that the sheet's own heading gives, where it isn't the column's: 资金（万元） above figures of 元."""
        position = self.table.columns[column.name]
        if column.kind not in ("whole", "decimal") or position >= len(self.table.headings):
            return ""
        unit = unit_in(self.table.headings[position])
        return unit if unit and unit != column.widget.heading.unit else ""

    def _said(self, column: Column, raw, above: str, place: int | None):
        try:
            choose = self.choose.get(column.name)
            refuse_cut(raw)
            return column.read(raw, self.lookups, above=above, place=place, choose=choose)
        except CellError as error:
            return error

    def _is_unchanged(self, current: models.Model, column: Column, raw, above: str) -> bool:
        rendered = column.render(current)
        if rendered != raw and text_of(rendered) != text_of(raw):
            return self._is_its_month(column, rendered, raw) or (
                isinstance(rendered, str) and stands_for(raw, rendered)
            )
        if column.kind != "place" or not above:
            return True
        stored = getattr(current, column.name)
        return stored is None or compact(above) == compact(getattr(stored, parent_name(type(stored))))

    @staticmethod
    def _is_its_month(column: Column, stored, raw) -> bool:
        """Whether a month without its day is that of the day that is stored: then the sheet knows less, not otherwise."""
        if column.kind != "date" or not column.widget.month or stored is None:
            return False
        first = month_in(raw)
        return first is not None and first == stored.replace(day=1)

    def _note(self, line: Line, name: str, error: CellError) -> None:
        """Where the cell stands, and what stood in it; one that the sheet has not is told at the first of the row."""
        position = self.table.columns.get(name, len(self.table.headings))
        is_there = position < len(self.table.headings)
        position = position if is_there else min(self.table.columns.values(), default=0)
        error.column = name
        error.address = self.table.sheet.address(self._at(line), position)
        error.value = text_of(self.table.sheet.rows[self._at(line)][position]) if is_there else ""
        line.errors.append(error)

    # ---- the record as a whole ----

    def _build(self, lines: list[Line]) -> None:
        new = [line for line in lines if line.current is None]
        for line, row in zip(new, built(self.model, [line.values for line in new]), strict=True):
            line.row = row
        for line in lines:
            if line.current is None:
                continue
            line.row = copy.copy(line.current)
            line.row._state = copy.copy(line.current._state)
            line.row._state.fields_cache = dict(line.current._state.fields_cache)
            for name, value in line.values.items():
                setattr(line.row, name, value)
        self._complete(lines)
        for column in self._missing():
            sentence = self._missed(column)
            for line in lines:
                if line.current is None:
                    self._note(line, column.name, CellError(sentence))
        fields = {column.name: column.field for column in columns_of(self.register)}
        whole = [line for line in lines if not line.errors or self._can_be_judged(line, fields)]
        fetch_missing([line.row for line in whole], references(self.model))
        if self.model.clean is not models.Model.clean:
            for line in whole:
                self._judge(line)

    def _complete(self, lines: list[Line]) -> None:
        """What a row leaves open is for the register to fill in from the rest of the row."""
        dates = [column for column in self.columns.values() if column.kind == "date" and column.widget.month]
        if self.register.sheet_complete.__func__ is Register.sheet_complete.__func__:
            return
        for line in lines:
            months = {column.name for column in dates if month_in(self._raw(line, column.name))}
            self.register.sheet_complete(line.row, months & line.values.keys())

    def _missed(self, column: Column) -> str:
        """That a column is missing, and which heading may be meant for it."""
        other = next((unknown.heading for unknown in self.table.unknown if unknown.proposal == column.name), "")
        facts = {"heading": column.heading, "other": other}
        if other:
            return _("The column “%(heading)s” is missing: add it, or rename “%(other)s” if that is meant.") % facts
        return _("The column “%(heading)s” is missing: add it.") % facts

    def _missing(self) -> list[Column]:
        return [c for c in columns_of(self.register) if c.required and c.name not in self.table.columns]

    def _can_be_judged(self, line: Line, fields: Mapping[str, models.Field | None]) -> bool:
        """Whether the model's own rules can be asked: what is wrong is nothing that they need."""
        return all(
            error.column in fields
            and error.column != RECORD
            and (fields[error.column].blank or fields[error.column].null)
            for error in line.errors
        )

    def _judge(self, line: Line) -> None:
        """The rules that look at more than one cell: `clean` of the model."""
        wrong = {error.column for error in line.errors}
        try:
            line.row.clean()
        except ValidationError as error:
            for name, message in _messages(error):
                if name not in wrong:
                    self._note(line, name if name in self.table.columns else "", CellError(message))


def _messages(error: ValidationError) -> Iterator[tuple[str, str]]:
    """(column, sentence); "" for the row as a whole."""
    if not hasattr(error, "error_dict"):
        yield from (("", message) for message in error.messages)
        return
    for name, messages in error.message_dict.items():
        yield from (("" if name == NON_FIELD_ERRORS else name, message) for message in messages)
