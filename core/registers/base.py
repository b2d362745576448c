"""The declaration, and the registry of all that are declared."""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.functional import classproperty

from core import actions, menu, rights
from core.evidence import owners
from core.rights import Rights
from core.workflow.table import Workflow


class Inline:
    """Rows of another model that are edited with their parent. `fields` are its columns, in order."""

    def __init__(self, model: type[models.Model], fields: Sequence[str], *, title=None, extra: int = 1):
        self.model, self.fields, self.extra = model, tuple(fields), extra
        self.title = title or model._meta.verbose_name_plural


class Choice:
    """A filter that is no field of the model: a drop-down of `choices`, of which `narrow(rows, value)` takes one.

    `initial` narrows the list while nothing was chosen; then `choices` should hold a value that narrows nothing.
    """

    def __init__(self, name: str, label, choices, narrow: Callable, *, initial: str = ""):
        self.name, self.label, self.choices, self.narrow, self.initial = name, label, choices, narrow, initial


class Register:
    """Everything that is said about a model's pages. A subclass names what differs; the rest follows."""

    model: type[models.Model]
    #: The last part of the address: /<app>/<path>/.
    path: str
    #: Who may do what: `core.rights.Rights`.
    may: Rights
    #: Fields of the list, in order; "village__township" follows a relation; a method of the register named
    #: `show_<name>(row)` computes one. The first links to the record.
    columns: Sequence[str] = ()
    #: The columns that a phone's card shows; the first is its heading. Default: the first four.
    card: Sequence[str] = ()
    #: Lookups that the search box reads.
    search: Sequence[str] = ()
    #: Fields to filter by, each a drop-down: relations, choices and yes/no; a `Choice` filters by anything else.
    filters: Sequence[str | Choice] = ()
    #: Form and detail page: ((heading, (field, …)), …). Default: one section of all editable fields.
    sections: Sequence[tuple[str, Sequence[str]]] = ()
    #: Shown on the detail page, never edited.
    facts: Sequence[str] = ()
    inlines: Sequence[Inline] = ()
    order: Sequence[str] = ()
    #: (menu group, position) or None for a register that no menu shows.
    menu: tuple | None = None
    #: The workflow that the record's `state` moves through: badge, buttons and trail on its page follow from it.
    workflow: Workflow | None = None
    #: Names of moves that `more` tells of in its own way: the trail leaves them out.
    told_below: Collection[str] = ()
    #: Fields that may be set for many chosen rows at once.
    bulk: Sequence[str] = ()
    #: Whether photos and papers may be attached to a record.
    evidence = False
    #: The columns of its workbook (core.sheets), field paths in order. Default: the fields of the form, and what names
    #: the record's village where the path to it is longer than a field.
    sheet: Sequence[str] = ()
    #: The fields that together name a record in a workbook whose record number is empty. Default: the first
    #: uniqueness that always holds.
    sheet_key: Sequence[str] = ()
    #: Dates of which a workbook may give the month alone: it is taken for its first day.
    sheet_months: Sequence[str] = ()
    #: The same for limits: it is taken for its last day.
    sheet_month_ends: Sequence[str] = ()
    #: Other headings by which people's workbooks call a column: {"name": ("村名", "社区名称")}.
    sheet_words: Mapping[str, Sequence[str]] = {}
    #: Why its records come by form alone, in a sentence; "" where a workbook may be imported.
    by_form_alone: str = ""
    #: What the empty page says to do first.
    empty: str = ""
    #: The actions that write; an app puts its own here.
    create: Callable = staticmethod(actions.create)
    update: Callable = staticmethod(actions.update)
    delete: Callable = staticmethod(actions.delete)

    @classproperty
    def title(cls) -> str:
        return cls.model._meta.verbose_name_plural

    @classproperty
    def key(cls) -> str:
        """The stem of its route names: `hamlets` gives hamlets_list, hamlets_new, …"""
        return cls.path.replace("-", "_")

    @classproperty
    def app(cls) -> str:
        return cls.model._meta.app_label

    @classmethod
    def summary(cls, rows) -> str:
        """What the list's head says of the rows that the filters leave; "": how many they are."""
        return ""

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        """More buttons on the list: {"label", "url"}."""
        return []

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        """More buttons on the detail page: {"label", "url", "post": bool, "danger": bool}."""
        return []

    @classmethod
    def more(cls, request, row) -> str:
        """A part of the detail page that is this register's own: safe HTML, above the fields."""
        return ""

    @classmethod
    def sheet_choose(cls, name: str, user, day) -> Callable | None:
        """For a relation of the workbook: `(village's key, records of one name) -> those that may be meant there`."""
        return None

    @classmethod
    def sheet_complete(cls, row: models.Model, months: Collection[str]) -> None:
        """Fill in what a row of a workbook leaves open: `months` are its dates that gave the month alone."""

    @classmethod
    def url(cls, page: str, row: models.Model | None = None) -> str:
        """The address of "list", "new", "bulk", or of a row's "detail", "edit", "delete", "history", "move"."""
        return reverse(f"{cls.app}:{cls.key}_{page}", args=[row.pk] if row is not None else [])

    @classmethod
    def form_sections(cls) -> Sequence[tuple[str, Sequence[str]]]:
        return cls.sections or ((cls.model._meta.verbose_name, cls.editable_fields()),)

    @classmethod
    def editable_fields(cls) -> list[str]:
        if cls.sections:
            return [name for _title, names in cls.sections for name in names]
        return [f.name for f in cls.model._meta.fields if f.editable and not f.primary_key]

    @classmethod
    def related(cls, paths: Sequence[str]) -> list[str]:
        """The relations that `paths` run through, for select_related: no page queries by the row."""
        return sorted({"__".join(prefix) for path in paths for prefix in _relations(cls.model, path)})

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        """The rows of the register that the person may `verb`, in its order."""
        rows = cls.model._default_manager.visible_to(user, verb)
        return rows.order_by(*cls.order) if cls.order else rows


def _relations(model: type[models.Model], path: str) -> list[tuple[str, ...]]:
    found, steps = [], []
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            break
        if not field.is_relation:
            break
        steps.append(name)
        found.append(tuple(steps))
        model = field.related_model
    return found


_registers: dict[type[models.Model], type[Register]] = {}


def register(cls: type[Register]) -> type[Register]:
    """Class decorator: declares the register, its rights, and its line in the menu."""
    if cls.model in _registers:
        raise ValueError(f"{cls.model.__name__} has two registers")
    _registers[cls.model] = cls
    if cls.workflow:
        cls.may = Rights(**cls.may, **cls.workflow.verbs())
    rights.declare(cls.model, cls.may)
    if cls.evidence:
        owners.accept(cls.model)
    if cls.menu:
        group, order = cls.menu
        menu.add(f"{cls.app}:{cls.key}_list", cls.title, group, order, cls.may["view"])
    return cls


def all_registers() -> list[type[Register]]:
    return list(_registers.values())


def of_app(app_label: str) -> list[type[Register]]:
    return [r for r in _registers.values() if r.app == app_label]


def for_model(model: type[models.Model]) -> type[Register] | None:
    return _registers.get(model)


def named(text: str) -> type[Register]:
    """The register that a person or a row names: "villages.hamlets", "hamlets" where one app has it, or its model's
    label. Raises LookupError with a sentence.
    """
    wanted = text.lower()
    found = [r for r in _registers.values() if wanted in (f"{r.app}.{r.path}", r.path, r.model._meta.label_lower)]
    if len(found) == 1:
        return found[0]
    known = found or _registers.values()
    raise LookupError(f"no register {text!r}; there are: {', '.join(sorted(f'{r.app}.{r.path}' for r in known))}")
