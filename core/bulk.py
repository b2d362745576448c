"""Many rows of a table in one go: COPY and arrays on PostgreSQL, executemany on SQLite. A multiple of Django's speed.

Values are written as the fields themselves would (`pre_save`, `get_db_prep_save`), and a refusal of the database is the
same error as ever. What can't be written so (expressions, arrays, keys that are there already) goes through `bulk_create`.
"""

import gc
import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from io import StringIO
from itertools import chain, islice
from uuid import UUID

from django.db import connections, models, router, transaction

#: Fewer rows than this gain nothing.
FEW = 50
#: Rows of one COPY, whose text is held in memory: as many as a sheet may have.
BATCH = 20_000
#: Rows of one statement on SQLite: a table with triggers keeps a journal for each statement, dearer than a row.
AT_ONCE = 50
#: Fields of which a value of this class is stored as it is.
AS_IT_IS = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.ForeignKey: int,
}
#: What a field does to a value between Python and the database.
CONVERSIONS = ("get_prep_value", "get_db_prep_value", "get_db_prep_save", "from_db_value", "db_type")
MARKS = re.compile(r"[\\\t\n\r]")
ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Unfit(Exception):
    """A value that neither COPY nor executemany takes as it is."""


@contextmanager
def uncollected():
    """Python's collector of cycles looks at all objects again and again while many are made: a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def save(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these columns of stored rows of one model, as `bulk_update` does."""
    model = type(rows[0])
    fields = [model._meta.get_field(name) for name in names]
    own = [model._meta.pk, *fields]
    if len(rows) >= FEW and not model._meta.parents and not any(field.generated for field in own):
        values = [[getattr(row, field.attname) for field in own] for row in sorted(rows, key=lambda row: row.pk)]
        try:
            update(model, [model._meta.pk.name], names, values)
            return
        except Unfit:
            pass
    model._default_manager.bulk_update(rows, names, batch_size=200)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Write rows that are no objects: the values of `names`, all that the table needs beside its own keys."""
    using, rows = router.db_for_write(model), iter(rows)
    fields = [model._meta.get_field(name) for name in names]
    with transaction.atomic(using=using, savepoint=False):
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            _put(model, fields, [_prepared(f, c, using) for f, c in zip(fields, columns, strict=True)], using)


def update(model: type[models.Model], keys: Sequence[str], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Set the columns `names` of stored rows that their `keys` find; a row is (*keys, *values). Raises Unfit."""
    using, rows = router.db_for_write(model), iter(rows)
    fields = [model._meta.get_field(name) for name in (*keys, *names)]
    with transaction.atomic(using=using, savepoint=False):
        while batch := list(islice(rows, BATCH)):
            columns = [_prepared(f, c, using) for f, c in zip(fields, zip(*batch, strict=True), strict=True)]
            if any(isinstance(f, models.JSONField) and None in c for f, c in zip(fields, columns, strict=True)):
                raise Unfit("Django writes JSON's own null")
            _set(model, fields[: len(keys)], fields[len(keys) :], columns, using)


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
    if type(field) is models.DateTimeField and (field.auto_now or field.auto_now_add):
        now = field.pre_save(rows[0], True)  # one moment for all
        for row in rows:
            setattr(row, field.attname, now)
        return [now] * len(rows)
    return [field.pre_save(row, True) for row in rows]


def _prepared(field: models.Field, values: Sequence, using: str) -> Sequence:
    """The values as the driver takes them. Raises Unfit."""
    if type(field) is models.JSONField:
        encode = (field.encoder or json.JSONEncoder)().encode
        return [value if value is None else "{}" if value == {} else encode(value) for value in values]
    kinds = set(map(type, values))
    if kinds <= {kind_of(type(field)), type(None)}:
        return values
    save, connection = field.get_db_prep_save, connections[using]
    if kinds <= {date, datetime, type(None)}:  # the same days come again and again
        known = {value: save(value, connection) for value in set(values)}
        found = [known[value] for value in values]
    else:
        found = [save(value, connection) for value in values]
    if set(map(type, found)) <= TEXTS.keys():
        return found
    return [_bare(value) for value in found]


@cache
def kind_of(field: type[models.Field]) -> type | None:
    """The class of values that such a field stores as they are, and gives back so; None where it does more."""
    for base in field.__mro__:
        if base in AS_IT_IS:
            is_own = any(getattr(field, name, None) is not getattr(base, name, None) for name in CONVERSIONS)
            return None if is_own else AS_IT_IS[base]
    return None


def unchanged(field: models.Field, rows: Sequence[models.Model]) -> list | None:
    """The column's values of stored rows, if the database surely gives each back as it is; else None: fetch them."""
    values = [row.__dict__.get(field.attname, field) for row in rows]  # deferred: no value, and none is asked for
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {kind_of(type(field))} or type(field) is models.DateField and kinds <= {date}:
        return values
    if (
        type(field) is models.DateTimeField
        and kinds <= {datetime}
        and all(v is None or v.tzinfo is UTC for v in values)
    ):
        return values
    return None


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
            marks = f"({', '.join(['%s'] * len(fields))})"
            statement = f'INSERT INTO "{table}" ({names}) VALUES '  # noqa: S608  (names of the model)
            rows = list(zip(*columns, strict=True))
            whole = len(rows) - len(rows) % AT_ONCE
            together = (list(chain(*rows[at : at + AT_ONCE])) for at in range(0, whole, AT_ONCE))
            cursor.executemany(statement + ", ".join([marks] * AT_ONCE), together)
            cursor.executemany(statement + marks, rows[whole:])
            return
        texts = [[TEXTS[type(value)](value) for value in column] for column in columns]
        lines = map("\t".join, zip(*texts, strict=True))
        with connection.wrap_database_errors:
            while batch := list(islice(lines, BATCH)):
                text = StringIO("\n".join(chain(batch, [""])))
                cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', text)


def _set(model: type[models.Model], keys: Sequence, fields: Sequence, columns: Sequence[list], using: str) -> None:
    table, connection = model._meta.db_table, connections[using]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            values = ", ".join(f'"{field.column}" = %s' for field in fields)
            found = " AND ".join(f'"{field.column}" = %s' for field in keys)
            ordered = zip(*columns[len(keys) :], *columns[: len(keys)], strict=True)
            statement = f'UPDATE "{table}" SET {values} WHERE {found}'  # noqa: S608  (names of the model)
            cursor.executemany(statement, ordered)
            return
        names = [field.column for field in (*keys, *fields)]
        kinds = [
            field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
            for field in (*keys, *fields)
        ]
        typed = [f'v."{name}"::{kind}' for name, kind in zip(names, kinds, strict=True)]
        values = ", ".join(f'"{n}" = {value}' for n, value in list(zip(names, typed, strict=True))[len(keys) :])
        found = " AND ".join(f't."{n}" = {value}' for n, value in list(zip(names, typed, strict=True))[: len(keys)])
        arrays = ", ".join(["%s::text[]"] * len(names))
        columns = [[None if v is None else v if type(v) is str else TEXTS[type(v)](v) for v in c] for c in columns]
        quoted = ", ".join(f'"{name}"' for name in names)
        statement = f'UPDATE "{table}" t SET {values} FROM unnest({arrays}) v({quoted}) WHERE {found}'  # noqa: S608
        cursor.execute(statement, columns)


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
