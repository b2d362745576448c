"""A register's filters, by django-filter: one row of drop-downs and a search box, every choice through the door."""

import operator
from functools import cache, reduce

import django_filters as df
from django import forms
from django.db import models
from django.db.models import Q
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from core.registers.base import Choice, Register
from core.registers.values import field_at
from core.sought import unveiled

YES_NO = (("1", gettext_lazy("Yes")), ("0", gettext_lazy("No")))


def word_in(register: type[Register], word: str) -> Q:
    """The rows that hold the word in one of the register's search lookups; a sensitive one is found whole or not."""
    return reduce(operator.or_, (_lookup(register.model, path, word) for path in register.search), Q())


def _lookup(model: type[models.Model], path: str, word: str) -> Q:
    field = field_at(model, path)
    if getattr(field, "sensitive", False):
        return Q(**{f"{path}_index": field.index_of(word)})
    return Q(**{f"{path}__icontains": word})


class RegisterFilterSet(df.FilterSet):
    register: type[Register] | None = None

    def __init__(self, data=None, **kwargs):
        """What was not chosen stands at its `initial`; what was sought is read as it was typed."""
        self.is_anothers = False
        if (data or {}).get("q"):
            data, sought = data.copy(), unveiled(kwargs["request"].user, data["q"])
            self.is_anothers, data["q"] = sought is None, sought or ""
        if initial := {
            c.name: c.initial for c in _choices(self.register) if c.initial and not (data or {}).get(c.name)
        }:
            data = data.copy() if data else QueryDict(mutable=True)
            data.update(initial)
        super().__init__(data, **kwargs)

    def filter_queryset(self, queryset):
        """What another sought finds nothing: were it left out, a move of “all that is found” would take every row."""
        rows = super().filter_queryset(queryset)
        return rows.none() if self.is_anothers else rows

    def search(self, rows, _name, text: str):
        """Every word must be found in one of the register's search lookups."""
        for word in text.split():
            rows = rows.filter(word_in(self.register, word))
        return rows


def _choices(register: type[Register]) -> list[Choice]:
    return [choice for choice in register.filters if isinstance(choice, Choice)]


class Options(forms.Select):
    """A drop-down that writes its options itself: Django's takes a template for each, and some have thousands."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if str(key) in chosen else ""}>{escape(label)}</option>'
            for key, label in self.choices
        )
        opening = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return mark_safe(f"<select{opening}>{options}</select>")  # noqa: S308  escaped above


@cache
def filterset_for(register: type[Register]) -> type[RegisterFilterSet]:
    """The FilterSet class; built once a register."""
    declared = {}
    if register.search:
        declared["q"] = df.CharFilter(
            method="search",
            label=gettext_lazy("Search"),
            widget=forms.TextInput(attrs={"type": "search", "maxlength": 80}),
        )
    for said in register.filters:
        if isinstance(said, Choice):
            declared[said.name] = _computed(said)
        else:
            declared[said] = _filter(register.model, said)
    meta = type("Meta", (), {"model": register.model, "fields": ()})
    return type(
        f"{register.model.__name__}Filter", (RegisterFilterSet,), {**declared, "register": register, "Meta": meta}
    )


def _computed(said: Choice) -> df.Filter:
    empty = None if said.initial else _Lazy(gettext_lazy("All: %(what)s"), said.label)

    def narrow(rows, _name, value):
        return said.narrow(rows, value)

    return df.ChoiceFilter(choices=said.choices, label=said.label, empty_label=empty, method=narrow, widget=Options)


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

        return df.ModelChoiceFilter(field_name=path, queryset=choices, label=label, empty_label=empty, widget=Options)
    if isinstance(field, models.BooleanField):
        return df.ChoiceFilter(field_name=path, choices=YES_NO, label=label, empty_label=empty, widget=Options)
    return df.ChoiceFilter(field_name=path, choices=field.choices, label=label, empty_label=empty, widget=Options)


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
        if value in (None, "") or name not in query:
            continue
        rest = query.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        choices = {} if isinstance(value, models.Model) else dict(getattr(bound, "choices", ()))
        shown = choices.get(query.get(name), value)
        active.append({"name": name, "label": bound.label, "value": shown, "url_without": f"?{rest.urlencode()}"})
    return active
