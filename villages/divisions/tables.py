"""Writing many rows of one table by a few statements, the same on both databases.

PostgreSQL takes rows by COPY, SQLite by executemany; all else is plain SQL. A table without rows of the territory is
filled itself. Otherwise the rows go to a temporary table, one join picks what is new or differs, and one statement
writes that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection, models

from core.scoping import in_range, next_prefix

LINES = 150  # rows that COPY is given at a time: some 15 kB, measured as the quickest
BATCH = 2000  # rows of one executemany
NAMED = 100  # vanished rows that are named, beside their count
AFTER_DIGITS = "a"  # sorts after every code


@dataclass(frozen=True)
class Target:
    """Where rows go. The first of `columns` is `code`, the natural key; the others come from the file too."""

    model: type[models.Model]
    columns: tuple[str, ...]
    watched: str  # the column whose difference makes a row a changed one
    follows: tuple[str, ...]  # the columns that are written then

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass
class Counts:
    """What became of a file's rows. `vanished` stand here, still open, and no longer in the file."""

    read: int = 0
    created: int = 0
    changed: int = 0
    vanished: int = 0
    vanished_codes: list[str] = field(default_factory=list)  # the first of them

    def figures(self) -> dict[str, int]:
        """In the order in which they are told."""
        unchanged = self.read - self.created - self.changed
        figures = {"read": self.read, "created": self.created, "changed": self.changed}
        return figures | {"unchanged": unchanged, "vanished": self.vanished}


#: Called with changed rows, some at a time, before they are written: (id, code, name, old value, new value).
OnChange = Callable[[list[tuple[int, str, str, str, str]]], None]


def write(
    target: Target, rows: Iterable[Sequence[str]], constants: Mapping, within: str, on_change: OnChange
) -> Counts:
    """Bring the table's rows whose code begins with `within` up to `rows`, cells in the order of `target.columns`.

    `constants` are the other columns of a new row. A row that vanished is counted and kept, one that is closed is left
    as it is. Runs in the caller's transaction, and reads `rows` without asking the database meanwhile.
    """
    first = not target.model._base_manager.filter(in_range("code", within)).exists()
    with connection.cursor() as cursor:
        if first:
            whole = ((*row, row[0]) for row in rows)
            read = _fill(cursor, target.table, (*target.columns, "scope_code", *constants), whole, constants.values())
            return Counts(read=read, created=read)
        cursor.execute(_sql(INCOMING, target))
        read = _fill(cursor, "incoming", target.columns, rows)
        created, changed = _differing(cursor, target, on_change)
        if created or changed:
            names = tuple(constants)
            cursor.execute(_sql(UPSERT, target, names), [constants[name] for name in names])
        vanished, codes = _vanished(cursor, target, within, read)
        for table in ("incoming", "differing"):
            cursor.execute(f"DROP TABLE {table}")
    return Counts(read, created, changed, vanished, codes)


INCOMING = "CREATE TEMPORARY TABLE incoming AS SELECT {columns} FROM {table} WHERE 1 = 0"
DIFFERING = """
CREATE TEMPORARY TABLE differing AS
SELECT incoming.*, held.id, held.name AS held_name, held.{watched} AS held_value
FROM incoming LEFT JOIN {table} held ON held.code = incoming.code
WHERE held.id IS NULL OR (held.closed_on IS NULL AND held.{watched} <> incoming.{watched})"""
CHANGED = "SELECT id, code, held_name, held_value, {watched} FROM differing WHERE id IS NOT NULL ORDER BY code"
# "WHERE true" tells SQLite that ON CONFLICT is no join; the last line guards what somebody else wrote meanwhile.
UPSERT = """
INSERT INTO {table} ({columns}, scope_code{constants}) SELECT {columns}, code{places} FROM differing WHERE true
ON CONFLICT (code) DO UPDATE SET {follows}, version = {table}.version + 1,
saved_at = excluded.saved_at, saved_by = excluded.saved_by
WHERE {table}.{watched} <> excluded.{watched}"""
HELD = "SELECT count(*) FROM {table} WHERE code >= %s AND code < %s"
VANISHED = """
SELECT code FROM {table} WHERE closed_on IS NULL AND code >= %s AND code < %s
EXCEPT SELECT code FROM incoming ORDER BY code"""


def _sql(statement: str, target: Target, constants: tuple[str, ...] = ()) -> str:
    """The statement with the names of the target's table and columns; values are never part of it."""
    return statement.format(
        table=target.table,
        columns=", ".join(target.columns),
        watched=target.watched,
        follows=", ".join(f"{name} = excluded.{name}" for name in target.follows),
        constants="".join(f", {name}" for name in constants),
        places=", %s" * len(constants),
    )


def _differing(cursor, target: Target, on_change: OnChange) -> tuple[int, int]:
    """Pick the new and the changed rows; tell the changed ones. Returns how many of both there are."""
    cursor.execute(_sql(DIFFERING, target))
    cursor.execute("SELECT count(*) - count(id), count(id) FROM differing")
    created, changed = cursor.fetchone()
    if changed:
        with connection.chunked_cursor() as changes:
            changes.execute(_sql(CHANGED, target))
            while some := changes.fetchmany(BATCH):
                on_change(some)
    return created, changed


def _vanished(cursor, target: Target, within: str, read: int) -> tuple[int, list[str]]:
    """How many open rows the file no longer has, and the first of their codes."""
    territory = [within, next_prefix(within) or AFTER_DIGITS]
    cursor.execute(_sql(HELD, target), territory)
    if cursor.fetchone() == (read,):  # every row of the file is here by now, so there are no others
        return 0, []
    cursor.execute(_sql(VANISHED, target), territory)
    codes, more = [code for (code,) in cursor.fetchmany(NAMED)], 0
    while some := cursor.fetchmany(BATCH):
        more += len(some)
    return len(codes) + more, codes


# ---- the one thing in which the databases differ ----


def _fill(cursor, table: str, columns: Sequence[str], rows: Iterable[tuple], constants: Iterable = ()) -> int:
    """Append rows, each followed by the constants, to a table. Returns how many there were."""
    constants = tuple(constants)
    if connection.vendor == "postgresql":
        tail = "".join("\t" + ("\\N" if value is None else str(value)) for value in constants) + "\n"
        with connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(iter(rows), tail))
        return cursor.rowcount
    places = ", ".join(["%s"] * len(columns))
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608  (names of columns, no values)
    rows, read = iter(rows), 0
    while batch := [(*row, *constants) for row in islice(rows, BATCH)]:
        cursor.executemany(insert, batch)
        read += len(batch)
    return read


class _Lines:
    """Rows as the file that COPY reads. Their cells hold no tab, no line end and no backslash."""

    def __init__(self, rows: Iterator[tuple[str, ...]], tail: str):
        self.rows, self.tail = rows, tail

    def read(self, size: int) -> str:
        """The next lines; more or fewer characters than asked for, which psycopg2 does not mind."""
        lines = self.tail.join(map("\t".join, islice(self.rows, LINES)))
        return lines + self.tail if lines else ""
