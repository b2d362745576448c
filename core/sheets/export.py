"""A register's rows as a sheet: the record's number, what an import reads, then what the list shows beside it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import IO

from django.db import models
from django.http import HttpResponse, QueryDict
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header

from core.registers.base import Register
from core.registers.filters import filterset_for
from core.registers.tables import table_for
from core.registers.values import EMPTY, label_of, reader_of
from core.sheets.columns import columns_of, related_of
from core.sheets.ignored import read_only
from core.sheets.relations import secrets_of
from core.sheets.writing import Sheet, Value, write_csv, write_xlsx

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: Rows that are read from the database at a time.
PORTION = 2000


def list_rows(register: type[Register], user, query: QueryDict) -> models.QuerySet:
    """What the register's list shows to the person at this query string, in its order."""
    return in_order(register, filterset_of(register, user, query).qs, query)


def in_order(register: type[Register], rows: models.QuerySet, query: QueryDict) -> models.QuerySet:
    """The rows in the order that the query string asks of the register's list."""
    order = [name for part in query.getlist("sort") for name in part.split(",")]
    return table_for(register)(rows, order_by=order).settle()


def filterset_of(register: type[Register], user, query: QueryDict):
    """The register's filters as the person chose them."""
    asker = SimpleNamespace(user=user, GET=query)
    return filterset_for(register)(query, queryset=register.queryset(user), request=asker)


def sheet_of(register: type[Register], rows: models.QuerySet | Iterable[models.Model]) -> Sheet:
    """The rows, which have passed the door already, as a sheet. A queryset is read in portions."""
    columns, shown = columns_of(register), shown_paths(register)
    if isinstance(rows, models.QuerySet):
        rows = with_related(register, rows).iterator(chunk_size=PORTION)
    heads = [column.heading for column in columns] + [read_only(str(label_of(register, path))) for path in shown]
    return Sheet(str(register.title), heads, _lines(register, columns, shown, rows), [c.note for c in columns])


def with_related(register: type[Register], rows: models.QuerySet) -> models.QuerySet:
    """With all that the sheet's columns run through, so that no row asks by itself; without others' numbers."""
    listed = [path for path in register.columns if not hasattr(register, f"show_{path}")]
    paths = {*related_of(register), *register.related(listed)}
    secret = {f"{path}__{name}" for path in paths for name in secrets_of(register.model, path)}
    return rows.select_related(*paths).defer(*secret - set(listed))


def shown_paths(register: type[Register]) -> list[str]:
    """What the list shows and the sheet has not: computed columns, states, fields of what is referred to."""
    there = {column.name for column in columns_of(register)}
    return [path for path in register.columns if path not in there]


def _lines(register, columns, shown, rows) -> Iterator[list[Value]]:
    readers = [column.render for column in columns] + [partial(_shown, reader_of(register, path)) for path in shown]
    for row in rows:
        yield [read(row) for read in readers]


def _shown(read: Callable, row: models.Model) -> str:
    """A value as the list shows it, without what only a page can show."""
    text = strip_tags(str(read(row)))
    return "" if text == EMPTY else text


def write(target: IO[bytes], kind: str, sheets: Iterable[Sheet], told=lambda rows: None) -> int:
    """Write an "xlsx" of the sheets, or a "csv" of the first; how many rows."""
    if kind == "xlsx":
        return write_xlsx(target, sheets, told)
    text = StringIO(newline="")
    rows = write_csv(text, next(iter(sheets)), told)
    target.write(text.getvalue().encode())
    return rows


def file_name(what: str, day: date, kind: str) -> str:
    return f"{what}-{day}.{kind}"


def download(name: str, kind: str, content: bytes) -> HttpResponse:
    """The file for the browser to keep."""
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def written(kind: str, sheets: Iterable[Sheet]) -> tuple[bytes, int]:
    """The content of the file, and how many rows it has."""
    target = BytesIO()
    rows = write(target, kind, sheets)
    return target.getvalue(), rows
