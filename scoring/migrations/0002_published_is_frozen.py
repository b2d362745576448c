"""The database's own word on it: a row of a standard that is no draft is never updated, nor is a sealed run.

Only UPDATE is refused: inserts must pass when a backup is restored, and deletes when a test empties its tables; rows
that runs rest on are protected from deletion by their foreign keys.
"""

from django.db import migrations

SENTENCE = "a published standard or a sealed run never changes"

#: table → when an update is refused
FROZEN = {
    "scoring_criterion": "(SELECT state FROM scoring_standard WHERE id = OLD.standard_id) <> 'draft'",
    "scoring_standardgroup": "(SELECT state FROM scoring_standard WHERE id = OLD.standard_id) <> 'draft'",
    "scoring_standard": (
        "OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.first_year <> OLD.first_year OR NEW.edition <> OLD.edition"
        " OR COALESCE(NEW.last_year, 0) <> COALESCE(OLD.last_year, 0) OR NEW.name <> OLD.name"
        " OR NEW.territory_code <> OLD.territory_code)"
    ),
    "scoring_run": "OLD.digest <> ''",
    "scoring_result": "(SELECT digest FROM scoring_run WHERE id = OLD.run_id) <> ''",
}


def freeze(apps, editor):
    run = _postgres if editor.connection.vendor == "postgresql" else _sqlite
    for table, condition in FROZEN.items():
        run(editor, table, condition)


def _sqlite(editor, table, condition):
    editor.execute(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


def _postgres(editor, table, condition):
    editor.execute(
        f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    editor.execute(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
    )


def thaw(apps, editor):
    postgres = editor.connection.vendor == "postgresql"
    for table in FROZEN:
        editor.execute(f"DROP TRIGGER {table}_frozen" + (f" ON {table}" if postgres else ""))
        if postgres:
            editor.execute(f"DROP FUNCTION {table}_frozen()")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
