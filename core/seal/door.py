"""The one way past the triggers: a row in `core_audit_door`, for the length of a transaction.

It opens for removing alone; an audit row can't be altered even through it. Two go through: retention (`prune_audit`)
and the emptying of a test's database. On PostgreSQL nobody else sees the row before it is gone again, on SQLite nobody
else writes meanwhile.
"""

from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def open_door(using: str = "default"):
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO core_audit_door (is_open) VALUES (true)")
        yield
        cursor.execute("DELETE FROM core_audit_door")


def is_open(using: str = "default") -> bool:
    """Whether somebody has left it open: as seen from outside the transactions that go through it."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_audit_door")
        return cursor.fetchone()[0] > 0


def missing_triggers(using: str = "default") -> list[str]:
    """The triggers that should stand and don't. A change of the table on SQLite makes it anew, without them."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        asked = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'core_audit%%' AND tgenabled <> 'D'"
    else:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'core_audit%%'"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = {name for (name,) in cursor.fetchall()}
    return sorted(trigger_names(connection.vendor) - found)


TABLES = ("core_auditrow", "core_auditseal")


def trigger_names(vendor: str) -> set[str]:
    last = "truncate" if vendor == "postgresql" else "replace"
    return {f"{table}_no_{what}" for table in TABLES for what in ("update", "delete", last)}
