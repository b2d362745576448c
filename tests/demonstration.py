"""The demonstration for all tests that look at it, built once: what one test process has built, the others read.

`Snapshot.put_in` takes a twentieth of the time that building takes, in the transaction of a test as well as outside.
"""

import fcntl
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

#: Shared by the processes of one run of pytest.
FILE = settings.TEST_ROOT / "demonstration.pickle"


def put_in() -> None:
    """The district of 2013, as `make run` has it, into the empty tables of this test."""
    with _alone():
        kept = FILE.exists()
        if not kept:
            with override_settings(DEMONSTRATION=True):
                call_command("demo", verbosity=0)
            FILE.write_bytes(pickle.dumps(_rows()))
    if kept:
        with transaction.atomic(), connection.cursor() as cursor:
            _write(cursor, pickle.loads(FILE.read_bytes()))
    ContentType.objects.clear_cache()  # they have the numbers of the process that built


@contextmanager
def _alone() -> Iterator[None]:
    with FILE.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _tables() -> list[str]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return sorted({model._meta.db_table for model in models})


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


def _write(cursor, kept: dict[str, list[tuple] | str]) -> None:
    """Foreign keys rest meanwhile: the rows have passed them before."""
    for table in ("auth_permission", "django_content_type"):  # all that an empty database has
        cursor.execute(f'DELETE FROM "{table}"')
    if connection.vendor == "sqlite":
        for table, rows in kept.items():
            marks = ",".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
        return
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table, text in kept.items():
        cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(text))
    cursor.execute("SET LOCAL session_replication_role = origin")
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)
