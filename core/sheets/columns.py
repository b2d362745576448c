"""The columns of a register's sheet: fields of django-import-export, made from the fields of its model.

`columns_of(register)` is what the template, the export and the import share; `resource_for(register)` is the same as a
`ModelResource`. The first column is the record's number, then what names its place when the path to it is longer than
a field (read, never written), then the fields of the form in their order.
"""

from collections.abc import Iterator
from functools import cache

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models.fields import NOT_PROVIDED
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource, modelresource_factory

from core.registers.base import Register
from core.registers.values import field_at
from core.sheets import widgets
from core.sheets.dates import ASKED, FIRST, LAST
from core.sheets.errors import CellError, refuse_fault
from core.sheets.lookups import Lookups
from core.sheets.places import is_place, parent_name
from core.sheets.relations import paths_below
from core.sheets.texts import text_of

#: The name of the column that holds the record's number.
RECORD = "pk"


#: What an empty cell of a field with a default gives: a new record takes the default, an old one keeps its value.
LEFT = type("Left", (), {"__repr__": lambda self: "LEFT"})()


class Column(Field):
    """One column. `name` is a field path of the register ("village", "branch__village"), `heading` is unique in it."""

    def __init__(self, name: str, heading: str, widget: widgets.Cell, *, field=None, writable=True, words=()):
        super().__init__(attribute=name, column_name=heading, widget=widget, readonly=not writable)
        #: Other headings by which people's sheets call it.
        self.words = tuple(words)
        self.name, self.heading, self.field, self.writable = name, heading, field, writable
        self.kind = widget.kind
        self.required = bool(
            writable and field is not None and not field.blank and not field.null and field.default is NOT_PROVIDED
        ) and not isinstance(field, models.BooleanField)

    @property
    def note(self) -> str:
        """The help for the heading: what may stand below it."""
        if not self.writable and self.name != RECORD:
            return _("For reading: what is typed here is not taken over.")
        own = str(getattr(self.field, "help_text", "") or "")
        needed = _("Required.") if self.required else ""
        return " ".join(part for part in (needed, self.widget.note(), own) if part)

    def choices(self, user, lookups: Lookups | None = None) -> list[str]:
        """What a drop-down offers, of the person's own territory; [] for free text. `lookups` spares queries."""
        return self.widget.choices(lookups or Lookups(user))

    def render(self, row: models.Model):
        """The value that an export writes: str, int, Decimal, date or None."""
        return self.export(row)

    def read(self, raw, lookups: Lookups, *, above: str = "", place: int | None = None, choose=None):
        """The value of a cell for the model, or LEFT. Raises CellError.

        `above`: the township that a column beside names; `place`: the key of the row's village; `choose`: see
        `Register.sheet_choose`.
        """
        refuse_fault(raw)
        if self.widget.is_blank(raw):
            return self._empty()
        value = self.widget.clean(raw, lookups=lookups, above=above, place=place, choose=choose)
        if self.field is not None and not self.field.is_relation and self.name != RECORD:
            self._validate(value)
        return value

    def _empty(self):
        field = self.field
        if self.name == RECORD or field is None or field.null:
            return None
        if isinstance(field, models.BooleanField):
            return False
        if field.blank and (field.empty_strings_allowed or field.choices):
            return ""
        if self.required:
            raise CellError(_("“%(heading)s” is missing: fill the cell.") % {"heading": self.heading})
        return LEFT

    def _validate(self, value) -> None:
        """The field's own rules: length, bounds, form."""
        if self.kind == "sensitive":
            return
        try:
            self.field.clean(value, None)
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from error
        except (OverflowError, ValueError) as error:
            raise CellError(_("“%(what)s” can't be kept here: check it.") % {"what": text_of(value)[:40]}) from error


class ShownColumn(Column):
    """A figure that the register works out: `show_<name>(row)`."""

    def __init__(self, name: str, heading: str, show):
        super().__init__(name, heading, widgets.ShownCell(), writable=False)
        self.show = show

    def export(self, instance, **kwargs):
        return text_of(strip_tags(str(self.show(instance))))


def columns_of(register: type[Register]) -> list[Column]:
    """The register's columns in the language that is active, the record's number first."""
    return list(_columns(register, translation.get_language() or "en"))


@cache
def _columns(register: type[Register], _language: str) -> tuple[Column, ...]:
    taken: set[str] = set()
    number = Column(RECORD, _("Record no."), widgets.RecordCell(), field=register.model._meta.pk)
    number.required = False
    found = [number]
    taken.add(number.heading)
    for name in sheet_of(register):
        column = _column(register, name, taken)
        taken.add(column.heading)
        found.append(column)
    return tuple(found)


def sheet_of(register: type[Register]) -> list[str]:
    """The field paths of the sheet: as declared, or what names the place and the fields of the form."""
    names = list(register.sheet) or [*_way_to_place(register), *_form_fields(register)]
    return list(dict.fromkeys(step for name in names for step in _with_place_above(register, name)))


def _form_fields(register: type[Register]) -> Iterator[str]:
    for name in register.editable_fields():
        try:
            field = register.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.concrete and not field.many_to_many:
            yield name


def _way_to_place(register: type[Register]) -> list[str]:
    territory = getattr(register.model, "territory", None) or ""
    return [territory] if "__" in territory else []


def _with_place_above(register: type[Register], name: str) -> list[str]:
    """The township stands before the village: it tells those of one name apart."""
    field = field_at(register.model, name)
    if field is None or not field.is_relation or not is_place(field.related_model):
        return [name]
    above = parent_name(field.related_model)
    is_own = name == getattr(register.model, "territory", None)
    return [f"{name}__{above}", name] if above and is_own else [name]


def _column(register: type[Register], name: str, taken: set[str]) -> Column:
    field = field_at(register.model, name)
    if field is None:
        show = getattr(register, f"show_{name}")
        return ShownColumn(name, _unique(str(getattr(show, "label", capfirst(name))), taken), show)
    widget = widgets.widget_for(field, month=_month_of(register, name))
    heading = _unique(str(field.verbose_name), taken)
    writable = "__" not in name and field.editable
    words = register.sheet_words.get(name, ())
    return Column(name, heading, widget, field=field, writable=writable, words=words)


def _month_of(register: type[Register], name: str) -> str:
    """What a month without its day is taken for in the column."""
    return FIRST if name in register.sheet_months else LAST if name in register.sheet_month_ends else ASKED


def _unique(heading: str, taken: set[str]) -> str:
    """A heading that is there already gets a number behind it."""
    heading = " ".join(heading.split())
    found, number = heading, 2
    while found in taken:
        found, number = f"{heading}{number}", number + 1
    return found


def keys_of(register: type[Register]) -> list[tuple[str, ...]]:
    """The columns that together name a record where its number is left out, the surest first: what may be there only
    once, then what the register says.
    """
    return list(dict.fromkeys(key for key in (_unique_key(register), tuple(register.sheet_key)) if key))


def _unique_key(register: type[Register]) -> tuple[str, ...]:
    names = {column.name for column in columns_of(register) if column.writable}
    for constraint in register.model._meta.constraints:
        is_plain = isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
        if is_plain and constraint.fields and set(constraint.fields) <= names:
            return tuple(constraint.fields)
    unique = [field.name for field in register.model._meta.concrete_fields if field.unique and field.name in names]
    return tuple(unique[:1])


def related_of(register: type[Register]) -> list[str]:
    """The relations that the columns run through, and what the names of records speak of: no row asks by itself."""
    columns = [column for column in columns_of(register) if column.name != RECORD]
    told = [
        f"{c.name}__{path}" for c in columns if c.kind == "relation" for path in paths_below(c.field.related_model, 1)
    ]
    return register.related([*(column.name for column in columns), *told])


def resource_for(register: type[Register]) -> type[ModelResource]:
    """The register as a resource of django-import-export: the same columns, found by the record's number."""
    columns = columns_of(register)
    return modelresource_factory(
        register.model,
        meta_options={"fields": [c.name for c in columns], "import_id_fields": [RECORD], "use_transactions": True},
        custom_fields={column.name: column for column in columns},
    )
