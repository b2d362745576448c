"""Re-encrypt what older keys or another cipher wrote. Run it after SENSITIVE_KEY changed; the old key stays until then."""

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from core.sensitive import SensitiveField, cipher
from core.sensitive.sealed import SealedField

BATCH = 500


class Command(BaseCommand):
    help = "Re-encrypts sensitive values that were not written by the key and cipher that write now."

    def handle(self, **_options):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, (SensitiveField, SealedField)) and field.model is model:
                    done = self._rotate(model, field)
                    self.stdout.write(f"{model._meta.label}.{field.name}: {done}")

    def _rotate(self, model, field) -> int:
        """A batch a transaction, under the rows' lock; a row that changed meanwhile is current already. Idempotent."""
        quote = connection.ops.quote_name
        table, column, key = quote(model._meta.db_table), quote(field.column), quote(model._meta.pk.column)
        lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
        last, done = 0, 0
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {key}, {column} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {BATCH}{lock}",  # noqa: S608
                    [last],
                )
                rows = cursor.fetchall()
                old = [(pk, token) for pk, token in rows if token and not cipher.is_current(token)]
                cursor.executemany(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608  names are the model's own
                    [
                        (cipher.encrypt(cipher.decrypt(token, field.column_name), field.column_name), pk)
                        for pk, token in old
                    ],
                )
            if not rows:
                return done
            last, done = rows[-1][0], done + len(old)
