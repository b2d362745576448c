"""What rows of the portal have in common: abstract models."""

import secrets

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.scoping import Catalogue, Regional, Scoped


class Saved(models.Model):
    """Who saved the row last and when; `version` grows with every save.

    The name is kept as text: the kit knows no user model, and the row outlives the account.
    """

    saved_at = models.DateTimeField(_("Last saved"), auto_now=True)
    saved_by = models.CharField(_("Saved by"), max_length=60, blank=True, editable=False)
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)

    class Meta:
        abstract = True


class Record(Saved, Scoped):
    """A row of a village's registers."""

    class Meta(Scoped.Meta):
        abstract = True


class CatalogueRecord(Saved, Catalogue):
    """A row of a catalogue: the same for every village."""

    class Meta(Catalogue.Meta):
        abstract = True


class RegionalRecord(Saved, Regional):
    """A row that holds for a region, such as a district's standard."""

    class Meta(Regional.Meta):
        abstract = True


def random_key() -> int:
    """Below 2**53, so that every program reads it to the last digit."""
    return secrets.randbits(52) + 1


class Ballot(Scoped):
    """What somebody said who is not to be known: no name, no time, and a key that tells no order.

    SQLite keeps rows in the order of their keys (of an automatic field's, which is the rowid), so that not even the file
    tells who came first.
    """

    id = models.BigAutoField(primary_key=True, default=random_key, editable=False)

    class Meta(Scoped.Meta):
        abstract = True


class Named(models.Model):
    """A Chinese name and an English one beside it."""

    name = models.CharField(_("Name"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
