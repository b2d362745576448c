"""The district's days for a year: what mechanisms that run from January to the rating have in common."""

from collections.abc import Iterable
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.records import CatalogueRecord


class YearDays(CatalogueRecord):
    """One row a year. The mechanism adds its three days and the constraint that they follow each other."""

    year = models.PositiveSmallIntegerField(
        _("Year"),
        validators=[MinValueValidator(2000)],
        unique=True,
        error_messages={"unique": _("The days of that year are set already: edit that row.")},
    )
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta(CatalogueRecord.Meta):
        abstract = True
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    @classmethod
    def of(cls, years: Iterable[int | None]) -> dict[int, Self]:
        """Year → its days, where the district has set any; one query."""
        return cls.objects.in_bulk({year for year in years if year}, field_name="year")
