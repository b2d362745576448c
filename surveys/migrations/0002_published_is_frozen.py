"""The database's own word on it: what belongs to a version that is no draft is never updated.

Only UPDATE is refused: inserts must pass when a backup is restored, and deletes when a test empties its tables; options
that were chosen are protected from deletion by the answers that name them. A version may still be retired.
"""

from django.db import migrations

SENTENCE = "a published version of a questionnaire never changes"
OF_QUESTION = (
    "(SELECT v.state FROM surveys_questionnaireversion v JOIN surveys_question q ON q.edition_id = v.id "
    "WHERE q.id = OLD.question_id) <> 'draft'"
)

#: table → when an update is refused
FROZEN = {
    "surveys_question": "(SELECT state FROM surveys_questionnaireversion WHERE id = OLD.edition_id) <> 'draft'",
    "surveys_option": OF_QUESTION,
    "surveys_matrixrow": OF_QUESTION,
    "surveys_condition": OF_QUESTION,
    "surveys_questionnaireversion": (
        "OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.number <> OLD.number"
        " OR NEW.questionnaire_id <> OLD.questionnaire_id OR NEW.introduction <> OLD.introduction"
        " OR NEW.closing <> OLD.closing OR NEW.published_on <> OLD.published_on)"
    ),
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
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
