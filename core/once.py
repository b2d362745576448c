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


class Taken(Exception):
    """Another sending of the same form was faster."""


def claim(key: str, model: type[models.Model]) -> Once:
    """Take the key for this transaction. Raises Taken.

    Two at the same moment: the second waits for the first's end on the unique index.
    """
    try:
        with transaction.atomic():
            return Once.objects.create(key=key[:32], model=model._meta.label)
    except IntegrityError as error:
        raise Taken from error


def settle(claimed: Once | None, row: models.Model) -> None:
    """Remember which record came of it."""
    if claimed is not None:
        claimed.object_id = row.pk
        claimed.save(update_fields=["object_id"])


def is_taken(key: str, model: type[models.Model]) -> bool:
    return Once.objects.filter(key=key[:32], model=model._meta.label).exists()


def made_by(key: str, model: type[models.Model]) -> int | None:
    """The primary key of the record that the first sending made."""
    return Once.objects.filter(key=key[:32], model=model._meta.label).values_list("object_id", flat=True).first()


def forget_old() -> int:
    """Drop keys that no open page can send any more."""
    return Once.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
