"""Which records may bear evidence. Evidence has no door of its own: whoever may see or change the record may see or
change what is attached to it.
"""

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from core import actions, rights

_accepted: dict[str, type[models.Model]] = {}


def accept(model: type[models.Model]) -> type[models.Model]:
    """Let rows of `model` bear evidence; also a class decorator. TypeError where the model has no door."""
    if not hasattr(model._default_manager, "visible_to"):
        raise TypeError(f"{model._meta.label} has no visible_to, so nobody could be kept from its evidence")
    _accepted[model._meta.label_lower] = model
    return model


def accepted() -> list[type[models.Model]]:
    return list(_accepted.values())


def model_of(label: str) -> type[models.Model]:
    """The model of a lower-case label, "villages.hamlet". Raises Http404 where it takes no evidence."""
    if label not in _accepted:
        raise Http404(_("There is no such record in your territory."))
    return _accepted[label]


def find(user, label: str, pk: int, verb: str = "view") -> models.Model:
    """The record, for who may `verb` it. Raises Refused without the right, Http404 for another's record."""
    model = model_of(label)
    actions.require(user, verb, model)
    row = model._default_manager.visible_to(user).filter(pk=pk).first()
    if row is None:
        raise actions.Invisible(_("There is no such record in your territory."))
    if not may(user, row, verb):
        raise actions.Refused(_("You may read this record; changing it is for others."))
    return row


def may(user, row: models.Model, verb: str) -> bool:
    """Whether the person may `verb` a record that he sees."""
    if not rights.can(user, verb, type(row)):
        return False
    return verb == "view" or type(row)._default_manager.visible_to(user, verb).filter(pk=row.pk).exists()
