"""Many new rows of a table in one go: COPY on PostgreSQL, executemany on SQLite. A multiple of `bulk_create`'s speed.

Values are written as the fields themselves would (`pre_save`, `get_db_prep_save`), and a refusal of the database is the
same error as ever. What can't be written so (expressions, arrays, keys that are there already) goes through `bulk_create`.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from uuid import UUID

from django.db import connections, models, router, transaction

#: Fewer rows than this gain nothing.
FEW = 50
#: Rows of one COPY: its text is held in memory.
BATCH = 5000
#: Fields of which a value of this class is stored as it is.
AS_IT_IS = {
    models.CharField: str,
    models.TextField: str,
    models.SlugField: str,
    models.BooleanField: bool,
    models.ForeignKey: int,
    models.BigAutoField: int,
    **dict.fromkeys(
        (
            models.IntegerField,
            models.BigIntegerField,
            models.SmallIntegerField,
            models.PositiveIntegerField,
            models.PositiveSmallIntegerField,
        ),
        int,
    ),
}
MARKS = re.compile(r"[\\\t\n\r]")
ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Unfit(Exception):
    """A value that neither COPY nor executemany takes as it is."""


def create(rows: Sequence[models.Model]) -> list[models.Model]:
    """Write new rows of one model and give them their keys; they count as stored from then on. No signal is sent."""
    rows = list(rows)
    if len(rows) < FEW or not _are_plain(rows):
        return type(rows[0])._default_manager.bulk_create(rows, batch_size=500) if rows else []
    model = type(rows[0])
    using = router.db_for_write(model)
    fields = [field for field in model._meta.local_concrete_fields if not field.generated and not field.primary_key]
    try:
        columns = [_prepared(field, _values(field, rows), using) for field in fields]
    except Unfit:
        return model._default_manager.bulk_create(rows, batch_size=500)
    with transaction.atomic(using=using, savepoint=False):
        keys = _next_keys(model, len(rows), using)
        _put(model, [model._meta.pk, *fields], [keys, *columns], using)
    for row, key in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, using
    return rows


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Write rows that are no objects: the values of `names`, all that the table needs beside its own keys."""
    using, rows = router.db_for_write(model), iter(rows)
    fields = [model._meta.get_field(name) for name in names]
    with transaction.atomic(using=using, savepoint=False):
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            _put(model, fields, [_prepared(f, c, using) for f, c in zip(fields, columns, strict=True)], using)


# ---- the steps ----


def _are_plain(rows: Sequence[models.Model]) -> bool:
    """One table, keys that the database counts, none of them given, and no relation that waits to be saved."""
    meta = rows[0]._meta
    if meta.parents or not isinstance(meta.pk, models.AutoField | models.BigAutoField):
        return False
    relations = [field for field in meta.concrete_fields if field.is_relation]
    return not any(row.pk is not None or any(_is_waiting(row, field) for field in relations) for row in rows)


def _is_waiting(row: models.Model, field: models.Field) -> bool:
    """Whether the row was given its relation before that was stored: `bulk_create` takes its key now, or refuses."""
    return getattr(row, field.attname) is None and field.is_cached(row) and getattr(row, field.name) is not None


def _values(field: models.Field, rows: Sequence[models.Model]) -> list:
    if type(field).pre_save is models.Field.pre_save:
        return [getattr(row, field.attname) for row in rows]
    return [field.pre_save(row, True) for row in rows]


def _prepared(field: models.Field, values: Iterable, using: str) -> list:
    """The values as the driver takes them. Raises Unfit."""
    if type(field) is models.JSONField:
        return [value if value is None else json.dumps(value, cls=field.encoder) for value in values]
    connection, kind = connections[using], AS_IT_IS.get(type(field))
    found = [
        value if type(value) is kind or value is None else field.get_db_prep_save(value, connection) for value in values
    ]
    if set(map(type, found)) <= TEXTS.keys():
        return found
    return [_bare(value) for value in found]


def _bare(value):
    """A choice, or a text marked safe, as the text or number that it is. Raises Unfit."""
    if type(value) in TEXTS:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    raise Unfit(type(value).__name__)


def _next_keys(model: type[models.Model], number: int, using: str) -> Sequence[int]:
    """Keys that nobody else is given: from the sequence, or (SQLite, where one writes at a time) after the highest."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            asked = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(asked, [f'"{table}"', column, number])
            return [key for (key,) in cursor.fetchall()]
        given = "SELECT max(seq) FROM sqlite_sequence WHERE name = %s UNION ALL "
        cursor.execute(f'{given}SELECT max("{column}") FROM "{table}"', [table])  # noqa: S608  (names of the model)
        first = max(key or 0 for (key,) in cursor.fetchall()) + 1
    return range(first, first + number)


def _put(model: type[models.Model], fields: Sequence[models.Field], columns: Sequence[Iterable], using: str) -> None:
    table, connection = model._meta.db_table, connections[using]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(fields))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608  (names of the model)
            cursor.executemany(statement, zip(*columns, strict=True))
            return
        texts = [[TEXTS[type(value)](value) for value in column] for column in columns]
        lines = map("\t".join, zip(*texts, strict=True))
        with connection.wrap_database_errors:
            while batch := list(islice(lines, BATCH)):
                text = StringIO("\n".join(chain(batch, [""])))
                cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', text)


def _text(value: str) -> str:
    return MARKS.sub(lambda found: ESCAPED[found[0]], value) if MARKS.search(value) else value


#: What COPY reads a value from.
TEXTS: dict[type, Callable[[object], str]] = {
    type(None): lambda value: r"\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    str: _text,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    UUID: str,
}
