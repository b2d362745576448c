"""A form that is sent twice makes one record: each empty form carries a key, and a key is used once."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone


class Once(models.Model):
    """A key that was used, and the record that came of it."""

    key = models.CharField(max_length=32, unique=True)
    model = models.CharField(max_length=80)
    object_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.key


#: How long a sent form is remembered.
KEPT = timedelta(days=7)


def new_key() -> str:
    return uuid.uuid4().hex


def claim(key: str, model: type[models.Model]) -> Once | None:
    """Take the key for this transaction, or None when another took it: then `made_by` says what became of that.

    Two at the same moment: the second waits for the first's end on the unique index.
    """
    try:
        with transaction.atomic():
            return Once.objects.create(key=key[:32], model=model._meta.label)
    except IntegrityError:
        return None


def made_by(key: str, model: type[models.Model]) -> int | None:
    """The primary key of the record that the first sending made."""
    return Once.objects.filter(key=key[:32], model=model._meta.label).values_list("object_id", flat=True).first()


def forget_old() -> int:
    """Drop keys that no open page can send any more."""
    return Once.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
