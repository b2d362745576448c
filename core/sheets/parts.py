"""The rows of an import as they stood in the file, a few hundred in one piece: a row that is mended is judged without
reading the file again, and a page of rows is shown without opening all of them.
"""

import base64
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import QuerySet

from core import bulk
from core.sheets.errors import Fault
from core.sheets.models import SheetImport, SheetPart, SheetRow
from core.sheets.plan import Plan, Planned
from core.sheets.table import Table
from core.sheets.ties import ties_of

ROWS = 200  # of a part
COLUMNS = ("sheet_import", "first", "last", "content")
State = SheetRow.State


def keep_parts(sheet: SheetImport, found: Plan, columns: Sequence[Mapping[str, int]]) -> None:
    """Also the layout: of each sheet its headings and what stands above them, where its `columns` are; where the rows
    are and what ties them. A column that a sheet doesn't have, but its title stands for, is "given".
    """
    sheet.parts.all().delete()
    bulk.insert(SheetPart, COLUMNS, _parts(sheet, found))
    sheet.layout = {
        "pages": [_page(table, own) for table, own in zip(found.table.parts, columns, strict=True)],
        "lasting": found.lasting,
        "rows": packed(array("I", (row.number for row in found.rows))),
        "ties": {kind: packed(numbers) for kind, numbers in ties_of(found).items()},
    }
    sheet.save(update_fields=["layout"])


def _page(table: Table, columns: Mapping[str, int]) -> dict:
    return {
        "name": table.sheet.name,
        "start": table.start,
        "top": as_text(table.sheet.rows[: table.first]),
        "headings": table.headings,
        "columns": columns,
        "given": {name: at for name, at in table.columns.items() if name not in columns},
    }


def _parts(sheet: SheetImport, found: Plan) -> Iterator[tuple]:
    """Each of one sheet alone."""
    rows = iter(found.rows)
    for table in found.table.parts:
        own, cells, first = islice(rows, len(table.body)), table.sheet.rows, table.start + 1
        while some := list(islice(own, ROWS)):
            content = [(row.number, name_of(row), cells[row.number - first]) for row in some]
            yield sheet.pk, some[0].number, some[-1].number, as_text(content)


def name_of(row: Planned) -> str:
    """What people call the row; an unchanged one needs no words."""
    return "" if row.state == State.SAME else row.name


def rows_of(sheet: SheetImport, numbers: Iterable[int]) -> dict[int, tuple[str, list]]:
    """Number → name and raw cells; only the parts that hold the numbers are opened."""
    wanted = set(numbers)
    if not wanted:
        return {}
    spans = sheet.parts.filter(first__lte=max(wanted), last__gte=min(wanted)).values_list("pk", "first", "last")
    keys = [pk for pk, first, last in spans if any(first <= number <= last for number in wanted)]
    return {number: row for number, row in _opened(sheet.parts.filter(pk__in=keys)) if number in wanted}


def part_of(sheet: SheetImport, number: int) -> dict[int, tuple[str, list]]:
    """All rows of the part that a row is in."""
    return dict(_opened(sheet.parts.filter(first__lte=number, last__gte=number)))


def _opened(some: QuerySet) -> Iterator[tuple[int, tuple[str, list]]]:
    for content in some.values_list("content", flat=True):
        for number, name, cells in of_text(content):
            yield number, (name, cells)


# ---- as text ----


def as_text(cells) -> str:
    return json.dumps(_with_faults(cells), default=_told, ensure_ascii=False)


def of_text(text: str):
    return json.loads(text, object_hook=_value)


def _with_faults(cells):
    """JSON would take a fault for the text that it is too."""
    if {list, tuple, Fault}.isdisjoint(map(type, cells)):
        return cells
    told = {list: _with_faults, tuple: _with_faults, Fault: lambda fault: {"fault": str(fault)}}
    return [told[type(cell)](cell) if type(cell) in told else cell for cell in cells]


def _told(value) -> dict:
    """What JSON can't say."""
    for kind, name in ((datetime, "moment"), (date, "day"), (time, "time")):
        if isinstance(value, kind):
            return {name: value.isoformat()}
    return {"seconds": value.total_seconds()}


READ = {
    "fault": Fault,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def _value(said: dict):
    ((name, value),) = said.items()
    return READ[name](value)


def packed(numbers: array) -> str:
    return base64.b64encode(numbers.tobytes()).decode()


def unpacked(text: str) -> array:
    found = array("I")
    found.frombytes(base64.b64decode(text))
    return found
