"""The one door: which rows a person may see or touch.

Territory is a code prefix. A grant holds a prefix, a row belongs to a village, and what is covered is the range
`scope_code >= prefix and scope_code < next prefix` on an index. `scope_code` of a village is its own code, or that of
the village that it was merged into at last: who holds the successor's territory sees the past of what became it.

A model says how it reaches its village in one line, `territory = "room__village"`.
"""

from collections.abc import Iterable

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import rights

#: Every model that is territory itself has this column.
SCOPE_FIELD = "scope_code"


def next_prefix(prefix: str) -> str | None:
    """The first string after all that start with `prefix`; None where there is none (all nines).

    It is not filled up with zeros, else a shorter code (a city's beside a district's) would slip in before it.

    >>> next_prefix("450103"), next_prefix("450109"), next_prefix("99")
    ('450104', '45011', None)
    """
    stem = prefix.rstrip("9")
    return stem[:-1] + str(int(stem[-1]) + 1) if stem else None


def in_range(path: str, prefix: str) -> Q:
    """The rows whose code at `path` starts with `prefix`, as an index range. An empty prefix is the whole country."""
    if not prefix:
        return Q()
    above = next_prefix(prefix)
    return Q(**{f"{path}__gte": prefix}) & (Q(**{f"{path}__lt": above}) if above else Q())


def in_any_range(path: str, prefixes: Iterable[str]) -> Q:
    """Rows in one of the territories. No territory, nothing."""
    union = Q()
    for prefix in prefixes:
        if not prefix:
            return Q()
        union |= in_range(path, prefix)
    return union if union else Q(pk__in=())


def scopes(user, verb: str, model: type) -> tuple[str, ...]:
    """The code prefixes at which the person holds the right; empty for no user, a disabled one, or no grant."""
    if not (user and user.is_active):
        return ()
    return user.scopes(rights.roles(model, verb))


def own_territory(user, model: type) -> str:
    """The code of the place that the person enters such records for, where he has one alone; else ""."""
    held = scopes(user, "add", model)
    return held[0] if len(held) == 1 else ""


class ScopedQuerySet(models.QuerySet):
    """Rows that each belong to one village (or to a node of territory)."""

    @property
    def scope_path(self) -> str:
        territory = self.model.territory
        return f"{territory}__{SCOPE_FIELD}" if territory else SCOPE_FIELD

    def visible_to(self, user, verb: str = "view"):
        """The rows that the person may `verb`. The one door; no user, nothing."""
        return self.filter(in_any_range(self.scope_path, scopes(user, verb, self.model)))

    def in_territory(self, code: str):
        """Rows below a node of territory, for whoever asks: filter what is visible, don't replace it."""
        return self.filter(in_range(self.scope_path, code))


class CatalogueQuerySet(models.QuerySet):
    """Rows that belong to no village: catalogues and settings."""

    def visible_to(self, user, verb: str = "view"):
        return self if scopes(user, verb, self.model) else self.none()


class RegionalQuerySet(models.QuerySet):
    """Rows that hold for a whole region, such as a standard of a district.

    Read by all who hold a place above, at or below it; changed by those alone whose territory covers it.
    """

    def visible_to(self, user, verb: str = "view"):
        held = scopes(user, verb, self.model)
        covered = in_any_range("territory_code", held)
        if verb != "view":
            return self.filter(covered)
        above = {code[:length] for code in held for length in range(len(code))}
        return self.filter(covered | Q(territory_code__in=above)) if held else self.none()


class HeldQuerySet(ScopedQuerySet):
    """Rows that name a territory code themselves and are seen from at or above it: accounts, grants, audit rows."""

    scope_path = "territory_code"


class Scoped(models.Model):
    """A row of one village. `territory` is the path to it, "" for territory itself."""

    territory = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Catalogue(models.Model):
    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True


class Held(models.Model):
    territory_code = models.CharField(_("Territory code"), max_length=12, blank=True, db_index=True)
    objects = HeldQuerySet.as_manager()

    class Meta:
        abstract = True


class Regional(models.Model):
    territory_code = models.CharField(_("Territory code"), max_length=12, blank=True, db_index=True)
    objects = RegionalQuerySet.as_manager()

    class Meta:
        abstract = True


def territory_path(model: type, field: str = SCOPE_FIELD) -> str | None:
    """The lookup from `model` to a column of its village, or None where the model has no territory."""
    territory = getattr(model, "territory", None)
    if territory is None:
        return None
    return f"{territory}__{field}" if territory else field


def has_field(model: type, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
