"""Rows that many tests look at, built once: what one test process has built, the others read.

`bring("demonstration", build)` takes a twentieth of the time that building takes. It works within the transaction of a
test as well as outside.
"""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test import override_settings

from core.seal.door import open_door

T = TypeVar("T")
#: What Django writes when it makes the tables, the same in each database.
OF_THE_TABLES = {"django_content_type", "auth_permission"}


def bring(name: str, build: Callable[[], T]) -> T:
    """What `build` writes and returns, in place of what the tables hold; `name` is its own in the whole suite."""
    file = settings.TEST_ROOT / f"{name}.pickle"  # shared by the processes of one run of pytest
    with _alone(file):
        if not file.exists():
            made = build()
            file.write_bytes(pickle.dumps((made, _rows())))
            return made
    made, rows = pickle.loads(file.read_bytes())
    with transaction.atomic(), connection.cursor() as cursor:
        _write(cursor, rows)
    return made


def demonstration() -> None:
    """The district of 2013, as `make run` has it."""

    def build():
        with override_settings(DEMONSTRATION=True):
            call_command("demo", verbosity=0)

    bring("demonstration", build)


def check(*kinds: type[models.Model]) -> None:
    """Each row as its form checks it. What holds between rows, the database has checked when it took them."""
    for model in kinds:
        relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = list(model.objects.select_related(*relations))
        assert rows, model
        for row in rows:
            row.clean_fields(exclude=relations)
            row.clean()


def empty(_case=None) -> None:
    """Every table, after a test that wrote for good. Django's `flush` empties those that are empty as well, and makes
    content types and permissions anew: half a second each time.
    """
    with open_door(), connection.cursor() as cursor:
        asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in _tables())
        cursor.execute(asked)
        _delete(cursor, [table for (table,) in cursor.fetchall()])


@contextmanager
def _alone(file) -> Iterator[None]:
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _models() -> list[type[models.Model]]:
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [model for model in found if model._meta.db_table not in OF_THE_TABLES]


def _tables() -> list[str]:
    return sorted({model._meta.db_table for model in _models()})


def _rows() -> dict[str, list[tuple] | str]:
    """Table → its rows; on PostgreSQL as its COPY writes them."""
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            if connection.vendor == "sqlite":
                names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
                plain = ", ".join(f'+"{name}"' for name in names)  # a sum has no type: it comes as it is kept
                cursor.execute(f'SELECT {plain} FROM "{table}"')
                found[table] = cursor.fetchall()
            else:
                text = StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
                found[table] = text.getvalue()
    return {table: rows for table, rows in found.items() if rows}


def _delete(cursor, tables: list[str]) -> None:
    """Foreign keys and triggers rest meanwhile on PostgreSQL; on SQLite keys are asked for at the end alone."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
    for table in tables:
        cursor.execute(f'DELETE FROM "{table}"')
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = origin")


def _write(cursor, kept: dict[str, list[tuple] | str]) -> None:
    """The rows have passed every check before."""
    _delete(cursor, list(kept))
    if connection.vendor == "sqlite":
        for table, rows in kept.items():
            marks = ",".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
        return
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table, text in kept.items():
        cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(text))
    cursor.execute("SET LOCAL session_replication_role = origin")
    filled = [model for model in _models() if model._meta.db_table in kept]
    for statement in connection.ops.sequence_reset_sql(no_style(), filled):
        cursor.execute(statement)
