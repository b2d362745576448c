"""A register's list, by django-tables2."""

import django_tables2 as tables
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core.registers.base import Register
from core.registers.values import field_at, label_of, value_of

NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)
#: Rows a page on offer; the first is the usual one.
PAGE_SIZES = (20, 50, 100)


class Cell(tables.Column):
    """One column: the value as people read it; the first links to the record."""

    def __init__(self, register: type[Register], path: str, *, first: bool):
        self.register, self.path, self.first = register, path, first
        field = field_at(register.model, path)
        label = label_of(register, path)
        shown = getattr(register, f"show_{path}", None)
        order = getattr(shown, "order", ()) or (_order(path, field) if field is not None else ())
        number = getattr(shown, "number", False) or (
            isinstance(field, NUMBERS) and not field.choices and not field.is_relation
        )
        td = {"class": "num"} if number else {}
        if path in (register.card or register.columns[:4]):
            td["data-l"] = label
        super().__init__(
            verbose_name=label,
            accessor="pk",
            # Never empty: django-tables2 lets an empty order match anything, and tries all permutations of such columns.
            order_by=order or (path,),
            orderable=bool(order),
            attrs={"td": td, "th": {"class": "num"} if number else {}},
            empty_values=(),
        )

    def render(self, record):
        text = value_of(self.register, record, self.path)
        if not self.first:
            return text
        return format_html('<a class="b" href="{}">{}</a>', self.register.url("detail", record), text)


def _order(path: str, field) -> tuple[str, ...]:
    """A relation is sorted by its own order, never by its number."""
    if field.is_relation:
        return tuple(_below(path, name) for name in field.related_model._meta.ordering) or (path,)
    return (path,)


def _below(path: str, name: str) -> str:
    """`_below("term", "-year")` is "-term__year"."""
    return f"-{path}__{name[1:]}" if name.startswith("-") else f"{path}__{name}"


def table_for(register: type[Register]) -> type[tables.Table]:
    cells = {path: Cell(register, path, first=index == 0) for index, path in enumerate(register.columns)}
    meta = type("Meta", (), {"template_name": "registers/table.html", "attrs": {"class": "t cards"}})
    return type(f"{register.model.__name__}Table", (tables.Table,), {**cells, "Meta": meta})


def inline_table(model: type[models.Model], fields, rows) -> dict:
    """Rows of an inline on the detail page: {"heads": […], "rows": [[…], …]}."""
    shown = type("Shown", (), {"model": model})
    return {
        "heads": [label_of(shown, path) for path in fields],
        "rows": [[mark_safe_text(value_of(shown, row, path)) for path in fields] for row in rows],
    }


def mark_safe_text(value):
    return value if hasattr(value, "__html__") else format_html("{}", value) if value else mark_safe("—")
