"""What a sheet would do to a register, before anything is written.

Every row is matched with the record that it stands for, set against it cell by cell, and judged as the actions and the
database would: rights, the model's own rules, checks, what may be there only once. The number of queries doesn't grow
with the rows. A refusal comes back as the sentence of a cell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core import actions, rights
from core.registers.base import Register
from core.scoping import SCOPE_FIELD, Catalogue, scopes
from core.sheets.checks import broken_checks, named_in
from core.sheets.columns import LEFT, RECORD, Column, columns_of, key_of, related_of
from core.sheets.errors import CellError
from core.sheets.models import SheetRow
from core.sheets.texts import text_of
from core.sheets.trial import has_own_rules, refusals
from core.sheets.unique import clashes, narrowed

State = SheetRow.State
EVERY = 500  # rows between two reports of progress


@dataclass
class Planned:
    """A row of the sheet and what it would do. `row` carries the new values, `old` what stands in their place."""

    line: object
    row: models.Model | None = None
    state: str = State.NEW
    fields: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    old: dict[str, object] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    version: int | None = None

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def is_good(self) -> bool:
        return self.state in (State.NEW, State.CHANGED)


@dataclass
class Plan:
    register: type[Register]
    rows: list[Planned]

    def of(self, *states: str) -> list[Planned]:
        return [row for row in self.rows if row.state in states]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are in each state; all states are named."""
        found = dict.fromkeys(State.values, 0)
        for row in self.rows:
            found[row.state] += 1
        return found


def plan(
    register: type[Register], user, lines: Sequence, day: date, told: Callable[[int], None] = lambda rows: None
) -> Plan:
    """Judge the lines of a sheet. `told` hears from time to time how many are judged. Writes nothing.

    Raises Refused where the person may neither enter nor change such records.
    """
    if not rights.can(user, "change", register.model):
        actions.require(user, "add", register.model)
    return _Planner(register, user, day, told).of(lines)


def cell_of(line, column: Column | None) -> tuple[str, str]:
    """Address and text of a line's cell; of none: that of the whole row."""
    cell = getattr(line, "cells", {}).get(column.name) if column else None
    return cell or ("", "")


class _Planner:
    def __init__(self, register: type[Register], user, day: date, told: Callable[[int], None]):
        self.register, self.model, self.user, self.day, self.told = register, register.model, user, day, told
        self.columns = {column.name: column for column in columns_of(register)}
        self.writable = [column for column in self.columns.values() if column.writable and column.name != RECORD]
        self.key = key_of(register)
        self.may_add = rights.can(user, "add", self.model)
        self.references = actions.references(self.model)

    def of(self, lines: Sequence) -> Plan:
        planned = [Planned(line, errors=list(line.errors)) for line in lines]
        self._match(planned)
        for found in planned:
            if found.row is not None:
                self._set(found)
        self._ask_rights(planned)
        self._judge(planned)
        self._refuse_doubles(planned)
        for found in planned:
            found.state = self._state(found)
        self._try(planned)
        return Plan(self.register, planned)

    # ---- which record ----

    def _match(self, planned: Sequence[Planned]) -> None:
        """By number, else by what names a record together, else new. A record is taken by one row alone."""
        by_number = self._stored(pk__in={p.line.record for p in planned if p.line.record})
        by_key = self._by_key([p for p in planned if not p.line.record])
        taken: dict[int, int] = {}
        for found in planned:
            pk = found.line.record
            if pk and pk not in by_number:
                sentence = _("No record of yours has the number %(number)d: leave the cell empty for a new record.")
                self._wrong(found, RECORD, sentence % {"number": pk})
                continue
            stored = by_number.get(pk) if pk else by_key.get(self._key_values(found.line.values))
            if stored is None:
                found.row = self.model()
                continue
            if stored.pk in taken:
                sentence = _("Row %(number)d is about the same record: keep one of the two.")
                self._wrong(found, RECORD if pk else self.key[-1], sentence % {"number": taken[stored.pk]})
                continue
            taken[stored.pk] = found.number
            found.row, found.version = stored, getattr(stored, "version", None)

    def _stored(self, *conditions, **filters) -> dict[int, models.Model]:
        if not conditions and not any(filters.values()):
            return {}
        rows = self.model._default_manager.visible_to(self.user).select_related(*related_of(self.register))
        return {row.pk: row for row in rows.filter(*conditions, **filters).order_by()}

    def _by_key(self, planned: Sequence[Planned]) -> dict[tuple, models.Model]:
        keys = {key for p in planned if (key := self._key_values(p.line.values)) is not None}
        if not keys:
            return {}
        names = tuple(self._key_column(name) for name in self.key)
        rows = self._stored(narrowed(names, keys)).values()
        return {tuple(self._plain(row, name) for name in self.key): row for row in rows}

    def _key_column(self, name: str) -> str:
        """A sensitive value is found by the index beside it."""
        return f"{name}_index" if self.columns[name].kind == "sensitive" else name

    def _key_values(self, values: dict) -> tuple | None:
        if not self.key or any(values.get(name) in (None, "", LEFT) for name in self.key):
            return None
        return tuple(self._plain(values, name) for name in self.key)

    def _plain(self, source, name: str):
        """The value of a key field, of a record or of a line, as the database compares it."""
        field = self.columns[name].field
        value = source[name] if isinstance(source, dict) else getattr(source, field.attname)
        if self.columns[name].kind == "sensitive":
            return field.index_of(value.plain) if value else ""
        return value.pk if isinstance(value, models.Model) else value

    # ---- what it would change ----

    def _set(self, found: Planned) -> None:
        is_new = found.row.pk is None
        for column in self.writable:
            value = found.line.values.get(column.name, LEFT)
            if value is LEFT:
                continue
            if is_new:
                setattr(found.row, column.name, value)
            else:
                self._replace(found, column, value)

    def _replace(self, found: Planned, column: Column, value) -> None:
        """Set the value, unless a sheet would show the same for it as for what stands there."""
        row, name, field = found.row, column.name, column.field
        before = field.value_from_object(row)
        if before == (value.pk if isinstance(value, models.Model) else value):
            return
        shown = column.render(row)
        if column.kind == "sensitive" and str(value) == str(before or "") and "*" in str(getattr(value, "plain", "")):
            return
        kept = getattr(row, name) if not field.is_relation else row._state.fields_cache.get(name)
        setattr(row, name, value)
        after = column.render(row)
        if after == shown and column.kind != "sensitive":
            setattr(row, field.attname, before)
            if field.is_relation and kept is not None:
                setattr(row, name, kept)
            return
        found.fields.append(name)
        found.old[name] = before
        found.changes.append((column.heading, text_of(shown), text_of(after)))

    # ---- whose it is ----

    def _ask_rights(self, planned: Sequence[Planned]) -> None:
        changed = {p.row.pk for p in planned if p.row is not None and p.row.pk and p.fields}
        allowed = set()
        if changed and rights.can(self.user, "change", self.model):
            mine = self.model._default_manager.visible_to(self.user, "change")
            allowed = set(mine.filter(pk__in=changed).order_by().values_list("pk", flat=True))
        self._fill_way_to_place(planned)
        held = {verb: scopes(self.user, verb, self.model) for verb in ("add", "change")}
        for found in planned:
            if found.row is None or (found.row.pk and not found.fields):
                continue
            if found.row.pk and found.row.pk not in allowed:
                self._foreign(found, _("You may read this record; changing it is for others."))
            elif not found.row.pk and not self.may_add:
                self._wrong(found, RECORD, _("It is not on record yet, and your role may not enter new records."))
            elif not self._is_own(found.row, held["change" if found.row.pk else "add"]):
                self._foreign(found, _("The row belongs to a territory that is not yours: nothing of it is written."))

    def _fill_way_to_place(self, planned: Sequence[Planned]) -> None:
        """The relations between a record and its village, read once for all."""
        steps = (getattr(self.model, "territory", None) or "").split("__")
        if len(steps) > 1:
            rows = [p.row for p in planned if p.row is not None and getattr(p.row, f"{steps[0]}_id", None)]
            models.prefetch_related_objects(rows, "__".join(steps))

    def _is_own(self, row: models.Model, held: tuple[str, ...]) -> bool:
        """Whether the place that the row says is covered; a row that says none is refused by its empty cell."""
        if isinstance(row, Catalogue):
            return bool(held)
        territory = getattr(self.model, "territory", None)
        if territory is None:
            code = getattr(row, "territory_code", "")
            return any(code.startswith(prefix) for prefix in held)
        place = row
        for step in filter(None, territory.split("__")):
            try:
                place = getattr(place, step)
            except ObjectDoesNotExist:
                return True
            if place is None:
                return True
        code = getattr(place, SCOPE_FIELD) or getattr(place, "code", "")
        return any(code.startswith(prefix) for prefix in held)

    # ---- whether it is valid ----

    def _judge(self, planned: Sequence[Planned]) -> None:
        """The model's own rules; for rows whose cells could all be read, else one slip would be told twice."""
        touched = [p for p in planned if p.row is not None and not p.errors and (p.fields or not p.row.pk)]
        models.prefetch_related_objects([p.row for p in touched], *self.references)
        read = {column.name for column in self.writable if column.kind != "sensitive"}
        for count, found in enumerate(touched, 1):
            said = {name for name, value in found.line.values.items() if value is not LEFT}
            try:
                found.row.clean_fields(exclude={*self.references, *(read & said)})
                found.row.clean()
            except ValidationError as error:
                self._told_by(found, error)
            for constraint in broken_checks(found.row):
                self._wrong_of(found, named_in(constraint.condition), str(constraint.get_violation_error_message()))
            if count % EVERY == 0:
                self.told(count)

    def _told_by(self, found: Planned, error: ValidationError) -> None:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in by_field.items():
            self._wrong_of(found, [name], " ".join(sentences))

    def _refuse_doubles(self, planned: Sequence[Planned]) -> None:
        touched = {id(p.row): p for p in planned if p.row is not None and not p.errors and (p.fields or not p.row.pk)}
        for clash in clashes(self.model, [p.row for p in touched.values()]):
            found = touched[id(clash.row)]
            sentence = clash.rule.message
            if clash.other is not None:
                other = touched[id(clash.other)]
                sentence = _("%(rule)s It is the same as in row %(number)d.") % {"rule": sentence, "number": other.number}
            self._wrong_of(found, [name.removesuffix("_index") for name in clash.rule.fields], sentence)

    def _state(self, found: Planned) -> str:
        if found.state == State.FOREIGN or any(getattr(error, "foreign", False) for error in found.errors):
            return State.FOREIGN
        if found.errors:
            return State.WRONG
        if found.row.pk is None:
            return State.NEW
        return State.CHANGED if found.fields else State.SAME

    def _try(self, planned: Sequence[Planned]) -> None:
        """Where the register's own actions know rules that no model says, they are asked, and their work taken back."""
        good = [p for p in planned if p.is_good]
        if good and has_own_rules(self.register):
            for found, sentence in refusals(self.register, self.user, good):
                self._wrong_of(found, [], sentence)
                found.state = State.WRONG

    # ---- sentences ----

    def _foreign(self, found: Planned, sentence: str) -> None:
        territory = getattr(self.model, "territory", None) or RECORD
        self._wrong(found, territory.split("__")[0], sentence)
        found.state = State.FOREIGN

    def _wrong_of(self, found: Planned, names: Iterable[str], sentence: str) -> None:
        """At the last column of the sheet that the rule speaks of and the row fills; the place is seldom what is wrong."""
        known = [name for name in names if name in self.columns]
        place = (getattr(self.model, "territory", None) or "").split("__")[0]
        self._wrong(found, next((n for n in reversed(known) if n != place), known[0] if known else ""), sentence)

    def _wrong(self, found: Planned, name: str, sentence: str) -> None:
        error = CellError(sentence, column=name)
        error.address, error.value = cell_of(found.line, self.columns.get(name))
        if not any(e.column == name and e.sentence == error.sentence for e in found.errors):
            found.errors.append(error)
