"""A register's list, by django-tables2."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import django_tables2 as tables
from django.db import models
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core.registers.base import Register
from core.registers.order import in_whole_order
from core.registers.values import field_at, label_of, reader_of, value_of

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

    def writer(self) -> Callable[[models.Model], str]:
        """Writes the cell of a row. What is the same in every row is made once: a list has thousands of cells."""
        read, register = reader_of(self.register, self.path), self.register
        attrs = self.attrs.get("td", {})
        if not self.first:
            opening = f"<td{flatatt(attrs)}>"
            return lambda row: f"{opening}{conditional_escape(read(row))}</td>"
        # The first names the row and heads the card of a phone.
        opening = f"<td{flatatt({**attrs, 'class': ' '.join(filter(None, (attrs.get('class'), 'lead')))})}>"
        return lambda row: (
            f'{opening}<a class="b" href="{register.url("detail", row)}">{conditional_escape(read(row))}</a></td>'
        )


class Line(NamedTuple):
    """A row of a list: the record, and its cells as they stand in the page."""

    record: models.Model
    cells: SafeString


class RegisterTable(tables.Table):
    def settle(self) -> models.QuerySet:
        """Bring the rows, sorted as a person chose or not at all, into a whole order; the rows."""
        self.data.data = in_whole_order(self.data.data)
        return self.data.data

    def lines(self) -> Iterator[Line]:
        """The rows of this page. django-tables2 would look up the columns anew for every cell."""
        writers = [bound.column.writer() for bound in self.columns]
        for row in self.paginated_rows:
            yield Line(row.record, mark_safe("".join(write(row.record) for write in writers)))  # noqa: S308  escaped there


def _order(path: str, field) -> tuple[str, ...]:
    """A relation is sorted by its own order, never by its number."""
    if field.is_relation:
        return tuple(_below(path, name) for name in field.related_model._meta.ordering) or (path,)
    return (path,)


def _below(path: str, name: str) -> str:
    """`_below("term", "-year")` is "-term__year"."""
    return f"-{path}__{name[1:]}" if name.startswith("-") else f"{path}__{name}"


@cache
def table_for(register: type[Register]) -> type[RegisterTable]:
    cells = {path: Cell(register, path, first=index == 0) for index, path in enumerate(register.columns)}
    meta = type("Meta", (), {"template_name": "registers/table.html", "attrs": {"class": "t cards"}})
    return type(f"{register.model.__name__}Table", (RegisterTable,), {**cells, "Meta": meta})


def inline_table(model: type[models.Model], fields, rows) -> dict:
    """Rows of an inline on the detail page: {"heads": […], "rows": [[…], …]}."""
    shown = type("Shown", (), {"model": model})
    return {
        "heads": [label_of(shown, path) for path in fields],
        "rows": [[mark_safe_text(value_of(shown, row, path)) for path in fields] for row in rows],
    }


def mark_safe_text(value):
    return value if hasattr(value, "__html__") else format_html("{}", value) if value else mark_safe("—")
