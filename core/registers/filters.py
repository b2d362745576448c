"""A register's filters, by django-filter: one row of drop-downs and a search box, every choice through the door."""

import operator
from functools import reduce

import django_filters as df
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registers.base import Register
from core.registers.values import field_at

YES_NO = (("1", gettext_lazy("Yes")), ("0", gettext_lazy("No")))


class RegisterFilterSet(df.FilterSet):
    register: type[Register] | None = None

    def search(self, rows, _name, text: str):
        """Every word must be found in one of the register's search lookups."""
        for word in text.split():
            rows = rows.filter(
                reduce(operator.or_, (Q(**{f"{path}__icontains": word}) for path in self.register.search))
            )
        return rows


def filterset_for(register: type[Register]) -> type[RegisterFilterSet]:
    """The FilterSet class; built once a register."""
    declared = {}
    if register.search:
        declared["q"] = df.CharFilter(
            method="search", label=_("Search"), widget=forms.TextInput(attrs={"type": "search", "maxlength": 80})
        )
    declared |= {path: _filter(register.model, path) for path in register.filters}
    meta = type("Meta", (), {"model": register.model, "fields": ()})
    return type(
        f"{register.model.__name__}Filter", (RegisterFilterSet,), {**declared, "register": register, "Meta": meta}
    )


def _filter(model: type[models.Model], path: str) -> df.Filter:
    field = field_at(model, path)
    everything = gettext_lazy("All: %(what)s")
    label = field.verbose_name
    empty = _Lazy(everything, label)
    if field.is_relation:
        related = field.related_model

        def choices(request):
            rows = related._default_manager.visible_to(request.user)
            return rows

        return df.ModelChoiceFilter(field_name=path, queryset=choices, label=label, empty_label=empty)
    if isinstance(field, models.BooleanField):
        return df.ChoiceFilter(field_name=path, choices=YES_NO, label=label, empty_label=empty)
    return df.ChoiceFilter(field_name=path, choices=field.choices, label=label, empty_label=empty)


class _Lazy:
    """ "All: 乡镇", put together when it is shown, in the language of the page."""

    def __init__(self, pattern, what):
        self.pattern, self.what = pattern, what

    def __str__(self) -> str:
        return self.pattern % {"what": self.what}


def active_filters(filterset, query) -> list[dict]:
    """What narrows the list now: label, value, and the query string without it."""
    active = []
    for name, bound in filterset.form.fields.items():
        value = filterset.form.cleaned_data.get(name) if filterset.form.is_valid() else None
        if value in (None, ""):
            continue
        rest = query.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        shown = dict(getattr(bound, "choices", ())).get(query.get(name), value) if hasattr(bound, "choices") else value
        active.append({"name": name, "label": bound.label, "value": shown, "url_without": f"?{rest.urlencode()}"})
    return active
