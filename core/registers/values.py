"""How a value is shown: one way for lists and detail pages."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.sensitive.values import Sensitive

EMPTY = "—"


def field_at(model: type[models.Model], path: str) -> models.Field | None:
    """The field at the end of a lookup path, or None for a computed column."""
    field = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model
    return field


def label_of(register, path: str) -> str:
    """The heading of a column."""
    if computed := getattr(register, f"show_{path}", None):
        return getattr(computed, "label", capfirst(path.replace("_", " ")))
    return field_at(register.model, path).verbose_name


def value_of(register, row: models.Model, path: str):
    """The value at a path of a row, for people."""
    if computed := getattr(register, f"show_{path}", None):
        return computed(row)
    holder, *_rest = [row]
    *steps, last = path.split("__")
    for step in steps:
        holder = getattr(holder, step)
        if holder is None:
            return EMPTY
    return display(holder, last)


def reader_of(register, path: str) -> Callable[[models.Model], object]:
    """`value_of` for many rows: what is the same in each of them is looked up once."""
    if shown := getattr(register, f"show_{path}", None):
        return shown
    field = field_at(register.model, path)
    if "__" in path or not field.choices:
        return lambda row: value_of(register, row, path)
    labels = {value: str(label) for value, label in field.flatchoices}
    return lambda row: labels.get(getattr(row, path)) or display(row, path)


def display(row: models.Model, name: str) -> str:
    if shown := getattr(row, f"get_{name}_display", None):
        return plain(shown())  # of None it is None
    return plain(getattr(row, name))


def plain(value) -> str:
    if value is True:
        return _("Yes")
    if value is False:
        return _("No")
    if isinstance(value, datetime):
        return format_date(timezone.localtime(value), "Y-m-d H:i")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Sensitive):
        return value if value else EMPTY
    return EMPTY if value in (None, "") else str(value)


def computed(label: str, *, order: tuple[str, ...] = (), number: bool = False):
    """Decorator for a register's `show_<name>(row)`: its heading, what sorts it, whether it is a figure."""

    def decorate(function):
        function.label, function.order, function.number = label, order, number
        return staticmethod(function)

    return decorate
