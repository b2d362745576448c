"""What the tests of the seal do to the audit."""

from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

from django.db import connection
from django.db.models import F

from core.models import AuditRow
from core.seal.chain import Anchor
from core.seal.verify import verify

POSTGRESQL = connection.vendor == "postgresql"
MIGRATION = import_module("core.migrations.0002_audit_is_append_only")


def write(number: int = 1, **values) -> list[AuditRow]:
    values = {"verb": "update", "actor": "甲", "before": {"name": "旧"}, "after": {"name": "新"}} | values
    rows = AuditRow.objects.bulk_create(AuditRow(request_id=str(n), **values) for n in range(number))
    return sorted(rows, key=lambda row: row.pk)


@contextmanager
def unguarded():
    """As somebody with the rights of the database's owner: the triggers are off."""
    with connection.cursor() as cursor:
        for table in MIGRATION.TABLES:
            if POSTGRESQL:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        if not POSTGRESQL:
            for statement in MIGRATION.SQLITE:
                cursor.execute(f"DROP TRIGGER {statement.split()[2]}")
        yield cursor
        for table in MIGRATION.TABLES:
            if POSTGRESQL:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        if not POSTGRESQL:
            for statement in MIGRATION.SQLITE:
                cursor.execute(statement)


def found(anchor: Anchor | None = None) -> list[tuple]:
    verdict = verify(anchor)
    assert verdict.count == len(verdict.findings)
    return [(finding.kind, finding.position) for finding in verdict.findings]


def age(rows, days: int) -> None:
    with unguarded():
        AuditRow.objects.filter(pk__in=[row.pk for row in rows]).update(at=F("at") - timedelta(days=days))
