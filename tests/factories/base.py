"""What every factory knows: how its row comes to belong to a village."""

from datetime import date

from django.db import models
from factory.django import DjangoModelFactory

from villages.models import Village

DAY = date(2013, 6, 1)


class RowFactory(DjangoModelFactory):
    """Knows how a row comes to belong to a village: by the model's path to it, or by a code of so many digits."""

    _digits = 6  # of the village's code, for models that name a territory code themselves

    class Meta:
        abstract = True

    @classmethod
    def at(cls, village: Village, **values) -> models.Model:
        model = cls._meta.model
        if path := getattr(model, "territory", None):
            values[path] = village
        elif hasattr(model, "territory_code"):
            values["territory_code"] = village.code[: cls._digits]
        return cls(**values)

    @classmethod
    def changeable(cls, village: Village, **values) -> models.Model:
        """As `at`, in the state in which its pages change and delete it; where that is a draft, readers don't see it."""
        return cls.at(village, **values)


def of(model: type[models.Model]) -> type[RowFactory]:
    """The factory of a model. LookupError says what to add."""
    for made in all_made():
        if made._meta.model is model:
            return made
    raise LookupError(
        f"{model._meta.label} has no factory. Add {model.__name__}Factory to tests/factories/, so that its pages, its "
        f"rights and its door are tested; override at(village) where the row does not reach its village by `territory`."
    )


def is_made(model: type[models.Model]) -> bool:
    """Whether it has a factory; where one is missing, one test says so, and the others go on."""
    return any(made._meta.model is model for made in all_made())


def all_made() -> list[type[RowFactory]]:
    return _below(RowFactory)


def _below(cls: type) -> list[type]:
    return [found for sub in cls.__subclasses__() for found in (sub, *_below(sub))]
