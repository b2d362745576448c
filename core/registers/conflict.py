"""Two people saved the same record: what stood when this one opened it, what the other made of it, what this one typed.

Fields that one of them alone changed are merged; for the rest the person chooses, and nothing that was typed is lost.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import models
from django.utils.datastructures import MultiValueDict

from core.audit import snapshot
from core.registers.base import Register
from core.registers.history import rows_of
from core.registers.values import display


@dataclass(frozen=True)
class Field:
    """A field that differs: values for people, and as the form posts them."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    theirs_posted: str
    mine_posted: str
    #: Both changed it, differently; else one of them did and it is merged.
    clash: bool
    #: For a merged one: whose change it is.
    by_me: bool


@dataclass(frozen=True)
class Conflict:
    """`passed` are the posted values that have no choice to make, as (name, value), ready to be posted again."""

    saved_by: str
    saved_at: datetime
    clashes: list[Field]
    merged: list[Field]
    passed: list[tuple[str, str]]


def conflict_of(register: type[Register], form, current: models.Model, posted: MultiValueDict) -> Conflict:
    """Compare the bound `form` (mine) with `current` (theirs) and with what stood at the version that was posted."""
    base = _as_read(register, current, int(posted.get("_version") or 0))
    fields = [_field(form, name, base, current) for name in register.editable_fields() if name in form.cleaned_data]
    differing = [field for field in fields if field]
    taken = {field.name: field.mine_posted if field.by_me else field.theirs_posted for field in differing}
    clashing = {field.name for field in differing if field.clash}
    skip = clashing | {"csrfmiddlewaretoken", "_version", "_again"}
    passed = [(name, taken.get(name, value)) for name in posted for value in posted.getlist(name) if name not in skip]
    # A box that was not ticked is not posted: say so, or a merge of the other's tick would be lost.
    passed += [(name, value) for name, value in taken.items() if name not in posted and name not in skip]
    return Conflict(
        saved_by=current.saved_by,
        saved_at=current.saved_at,
        clashes=[field for field in differing if field.clash],
        merged=[field for field in differing if not field.clash],
        passed=[*passed, ("_version", str(current.version))],
    )


def _as_read(register: type[Register], current: models.Model, version: int) -> models.Model:
    """The record as it was at `version`: the later saves taken back, newest first.

    Its history also tells of what is no save of its fields, such as files that were attached.
    """
    fields = {field.name: field for field in current._meta.concrete_fields}
    read = register.model(**{field.attname: getattr(current, field.attname) for field in fields.values()})
    saves = (kept.before for kept in rows_of(current).exclude(verb="create") if fields.keys() & kept.before.keys())
    for before in islice(saves, max(0, current.version - version)):
        for name in fields.keys() & before.keys():
            setattr(read, fields[name].attname, fields[name].to_python(before[name]))
    return read


def _field(form, name: str, base: models.Model, current: models.Model) -> Field | None:
    mine = form.instance
    before, theirs, own = (snapshot_value(row, name) for row in (base, current, mine))
    if theirs == own:
        return None
    bound = form.fields[name]
    return Field(
        name=name,
        label=bound.label,
        before=display(base, name),
        theirs=display(current, name),
        mine=display(mine, name),
        theirs_posted=_posted(bound, current, name),
        mine_posted=_posted(bound, mine, name),
        clash=before not in (theirs, own),
        by_me=before == theirs,
    )


def snapshot_value(row: models.Model, name: str):
    """What the audit would write; a sensitive field has its index beside it, which tells equal from different."""
    field = row._meta.get_field(name)
    if getattr(field, "sensitive", False):
        value = getattr(row, name)
        return value.plain if value else ""
    return snapshot(row, [name])[name]


def _posted(bound, row: models.Model, name: str) -> str:
    value = bound.prepare_value(row._meta.get_field(name).value_from_object(row))
    return "" if value is None else str(value)
