"""What PostgreSQL keeps of rows beside their columns, and taking it from the rows that nobody is to be known by.

It marks every row with the transaction that wrote it (`xmin`), and lays rows down in the order in which they come. Whoever
may ask the database directly could read from both in which order answers came, and beside which row of the audit, which has
a time. So every night the new rows are written again, all in one transaction, and laid down in the order of their keys,
which are drawn by chance. SQLite has no such mark and keeps rows in the order of their keys anyway.
"""

from django.apps import apps
from django.db import connection, models

from core.records import Ballot

#: Rows of one transaction tell nothing once they are so many; fewer are mixed with those of the next night.
MANY = 1000


def ballots() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Ballot)]


def mix() -> int:
    """Returns how many rows were written again. Two statements a table; nothing to do on other databases."""
    if connection.vendor != "postgresql":
        return 0
    return sum(_mix(model) for model in ballots())


def _mix(model: type[models.Model]) -> int:
    name = connection.ops.quote_name
    table, key = name(model._meta.db_table), name(model._meta.pk.column)
    few = f"SELECT xmin::text FROM {table} GROUP BY xmin::text HAVING count(*) < {MANY}"  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {key} = {key} WHERE xmin::text IN ({few})")  # noqa: S608
        written = cursor.rowcount
        if written:
            cursor.execute(f"CLUSTER {table} USING {name(f'{model._meta.db_table}_pkey')}")
    return written
