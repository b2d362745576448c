"""Audit rows and their seals are added, never changed: the database itself refuses. The door is `core.seal.door`."""

from django.db import migrations

TABLES = ("core_auditrow", "core_auditseal")
REFUSAL = "audit rows and seals are added, never changed"

POSTGRESQL = [
    f"""
    CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT 1 FROM core_audit_door) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NULL;
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION core_audit_refuse()"
        for table in TABLES
        for what, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
    ),
]
# INSERT OR REPLACE removes the old row without a delete trigger, so it is refused by one of its own.
SQLITE = [
    f"CREATE TRIGGER {table}_no_{name} BEFORE {what} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table, key in zip(TABLES, ("id", "position"))
    for name, what, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", "WHEN NOT EXISTS (SELECT 1 FROM core_audit_door)"),
        ("replace", "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"),
    )
]


def forwards(apps, schema_editor):
    schema_editor.execute("CREATE TABLE core_audit_door (is_open boolean NOT NULL)")
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION core_audit_refuse() CASCADE")
    else:
        for statement in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {statement.split()[2]}")
    schema_editor.execute("DROP TABLE core_audit_door")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
