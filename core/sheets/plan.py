"""What a sheet would do to a register, before anything is written.

Every line is set against its record cell by cell, and judged as the actions and the database would: rights, the
model's own rules, checks, what may be there only once. The number of queries doesn't grow with the rows. A refusal
comes back as the sentence of a cell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core import actions, rights, valid
from core.registers.base import Register
from core.scoping import SCOPE_FIELD, Catalogue, own_territory, scopes
from core.sheets.checks import Broken, named_in
from core.sheets.columns import RECORD, columns_of
from core.sheets.errors import CellError
from core.sheets.matching import changed_fields, note
from core.sheets.models import SheetRow
from core.sheets.parsing import Line
from core.sheets.table import Table
from core.sheets.texts import text_of
from core.sheets.trial import has_own_rules, tried
from core.sheets.unique import clashes

State = SheetRow.State
EVERY = 500  # rows between two reports of progress


@dataclass
class Planned:
    """A line and what it would do. `old`: what stands in the fields that change; `changes`: (heading, old, new)."""

    line: Line
    state: str = State.NEW
    fields: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    old: dict[str, object] = field(default_factory=dict)
    #: Whether it was set against the other rows and the records, as to what may be there only once.
    is_weighed: bool = False

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def row(self) -> models.Model:
        return self.line.row

    @property
    def errors(self) -> list[CellError]:
        return self.line.errors

    @property
    def version(self) -> int | None:
        return getattr(self.line.current, "version", None)

    @property
    def record(self) -> int | None:
        return self.line.current.pk if self.line.current is not None else None

    @property
    def touches(self) -> bool:
        """Whether it would write, were nothing wrong with it."""
        return self.line.current is None or bool(self.fields)

    @property
    def is_good(self) -> bool:
        return self.state in (State.NEW, State.CHANGED)

    @property
    def name(self) -> str:
        """What people call the row: the record, or the first texts of a row that is none yet."""
        if self.line.current is not None:
            return str(self.line.current)[:80]
        words = [str(value) for value in self.line.values.values() if value and isinstance(value, (str, models.Model))]
        return " ".join(words[:2])[:80]


@dataclass
class Plan:
    register: type[Register]
    rows: list[Planned]
    #: The table that the lines were read of: with a column that its title stands for (`core.sheets.titles`).
    table: Table | None = None
    #: What the register's actions would write along, and an undo could not take back.
    lasting: list[str] = field(default_factory=list)

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
    register: type[Register],
    user,
    table: Table,
    lines: Sequence[Line],
    told: Callable[[int], None] = lambda rows: None,
) -> Plan:
    """Judge the lines of a table. `told` hears from time to time how many are judged. Writes nothing.

    Raises Refused where the person may neither enter nor change such records.
    """
    if not rights.can(user, "change", register.model):
        actions.require(user, "add", register.model)
    return _Planner(register, user, table, told).of(lines)


class _Planner:
    def __init__(self, register: type[Register], user, table: Table, told: Callable[[int], None]):
        self.register, self.model, self.user, self.table, self.told = register, register.model, user, table, told
        self.columns = {column.name: column for column in columns_of(register)}
        self.territory = getattr(self.model, "territory", None)
        self.references = actions.references(self.model)

    def of(self, lines: Sequence[Line]) -> Plan:
        planned = [Planned(line) for line in lines]
        for found in planned:
            self._compare(found)
        touched = [found for found in planned if found.touches]
        self._ask_rights(touched)
        self._judge(touched)
        self._refuse_doubles([found for found in touched if not found.errors])
        for found in planned:
            found.state = self._state(found)
        lasting = self._try([found for found in touched if found.is_good])
        return Plan(self.register, planned, lasting=lasting)

    def _compare(self, found: Planned) -> None:
        line = found.line
        found.fields = changed_fields(line)
        if line.current is None:
            return
        for name in found.fields:
            column = self.columns[name]
            found.old[name] = column.field.value_from_object(line.current)
            before, after = column.render(line.current), column.render(line.row)
            found.changes.append((column.heading, text_of(before), text_of(after)))

    # ---- whose it is ----

    def _ask_rights(self, touched: Sequence[Planned]) -> None:
        records = {found.record for found in touched} - {None}
        allowed = set()
        if records and rights.can(self.user, "change", self.model):
            mine = self.model._default_manager.visible_to(self.user, "change")
            allowed = set(mine.filter(pk__in=records).order_by().values_list("pk", flat=True))
        may_add = rights.can(self.user, "add", self.model)
        held = {verb: scopes(self.user, verb, self.model) for verb in ("add", "change")}
        self._read_way_to_place(touched)
        own = own_territory(self.user, self.model) if "territory_code" in self.columns else ""
        for found in touched:
            is_new = found.record is None
            if is_new and own and not found.row.territory_code:
                found.row.territory_code = own
            if is_new and not may_add:
                self._wrong(found, RECORD, _("It is not on record yet, and your role may not enter new records."))
            elif not is_new and found.record not in allowed:
                self._foreign(found, _("You may read this record; changing it is for others."))
            elif not self._is_own(found, held["add" if is_new else "change"]):
                self._foreign(found, _("The row belongs to a territory that is not yours: nothing of it is written."))

    def _read_way_to_place(self, touched: Sequence[Planned]) -> None:
        """The relations between a record and its village, read once for all."""
        steps = (self.territory or "").split("__")
        if len(steps) > 1:
            rows = [found.row for found in touched if getattr(found.row, f"{steps[0]}_id", None)]
            models.prefetch_related_objects(rows, "__".join(steps))

    def _is_own(self, found: Planned, held: tuple[str, ...]) -> bool:
        """Whether the place that the row names is covered; one that names none is refused by its empty cell."""
        row = found.row
        if isinstance(row, Catalogue):
            return bool(held)
        if self.territory is None:
            code = getattr(row, "territory_code", "")
            # Where no column says it, the register's own action does; what it says is asked after the write.
            is_told = bool(found.errors) or self.register.create is not actions.create
            return code.startswith(held) or not code and is_told
        place = row
        for step in filter(None, self.territory.split("__")):
            try:
                place = getattr(place, step)
            except ObjectDoesNotExist:
                return True
            if place is None:
                return True
        code = getattr(place, SCOPE_FIELD) or getattr(place, "code", "")
        return code.startswith(held)

    # ---- whether it is valid ----

    def _judge(self, touched: Sequence[Planned]) -> None:
        """Fields that the sheet doesn't hold, and the checks of the database. The model's `clean` was asked before."""
        read = {column.name for column in self.columns.values() if column.kind != "sensitive"}
        sound, broken = [found for found in touched if not found.errors], Broken(self.model)
        for some in _alike(sound):
            left_out = {*self.references, *(read & some[0].line.values.keys())}
            for number, error in valid.clean_fields([found.row for found in some], left_out):
                self._told_by(some[number], error)
        for count, found in enumerate(sound, 1):
            for check in broken.of(found.row):
                self._wrong_of(found, named_in(check.condition), str(check.get_violation_error_message()))
            if count % EVERY == 0:
                self.told(count)

    def _told_by(self, found: Planned, error: ValidationError) -> None:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in by_field.items():
            self._wrong_of(found, [name], " ".join(sentences))

    def _refuse_doubles(self, sound: Sequence[Planned]) -> None:
        by_row = {id(found.row): found for found in sound}
        for found in sound:
            found.is_weighed = True
        for clash in clashes(self.model, [found.row for found in sound]):
            found, sentence = by_row[id(clash.row)], clash.rule.message
            if clash.other is not None:
                facts = {"rule": sentence, "row": self.table.pages.said(by_row[id(clash.other)].number)}
                sentence = _("%(rule)s The same stands in %(row)s.") % facts
            self._wrong_of(found, [name.removesuffix("_index") for name in clash.rule.fields], sentence)

    def _state(self, found: Planned) -> str:
        if found.errors:
            is_foreign = found.state == State.FOREIGN or any(getattr(error, "foreign", False) for error in found.errors)
            return State.FOREIGN if is_foreign else State.WRONG
        if found.record is None:
            return State.NEW
        return State.CHANGED if found.fields else State.SAME

    def _try(self, good: Sequence[Planned]) -> list[str]:
        """Where the register's own actions know rules that no model says, they are asked, and their work taken back.

        What they would write along and nobody could take back.
        """
        if not (good and has_own_rules(self.register)):
            return []
        refused, lasting = tried(self.register, self.user, good)
        for found, sentence in refused:
            self._wrong_of(found, [], sentence)
            found.state = State.WRONG
        return lasting

    # ---- sentences ----

    def _foreign(self, found: Planned, sentence: str) -> None:
        self._wrong(found, (self.territory or RECORD).split("__")[0], sentence)
        found.state = State.FOREIGN

    def _wrong_of(self, found: Planned, names: Iterable[str], sentence: str) -> None:
        """At the last column that the rule speaks of; the place is seldom what is wrong."""
        known = [name for name in names if name in self.columns]
        place = (self.territory or "").split("__")[0]
        self._wrong(found, next((name for name in reversed(known) if name != place), (known or [""])[0]), sentence)

    def _wrong(self, found: Planned, name: str, sentence: str) -> None:
        note(self.table, found.line, name, sentence)


def _alike(planned: Iterable[Planned]) -> Iterable[list[Planned]]:
    """Rows that say the same columns: what an empty cell leaves to its default is judged of some rows alone."""
    found: dict[tuple[str, ...], list[Planned]] = {}
    for one in planned:
        found.setdefault(tuple(one.line.values), []).append(one)
    return found.values()
