"""Primary keys that tell nothing: not which row came first, and so not who answered when.

SQLite keeps a table's rows in the order of an integer key, so that the file shows no order of writing either.
"""

from secrets import randbelow

from django.db import models

#: Whole numbers up to this are exact everywhere, in JavaScript too.
HIGHEST = 2**53


def random_key() -> int:
    return 1 + randbelow(HIGHEST - 1)


class RandomKey(models.BigAutoField):
    """A primary key drawn by chance before the row is written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": random_key, "primary_key": True, **kwargs})
