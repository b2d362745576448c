"""A record's history: who changed what, when, why. It is read from the audit rows, which every action leaves, bulk
writes too; what it restores goes through the register's own action.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core.audit import unread, verb_label
from core.models import AuditRow
from core.registers.base import Register
from core.registers.values import EMPTY, plain


@dataclass(frozen=True)
class Change:
    """One field: its name for people, what stood there and what stands there after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One write: who, when, what, why. `restorable`: the fields that can be set back to what stood before."""

    number: int
    at: datetime
    actor: str
    verb: str
    reason: str
    changes: list[Change]
    restorable: bool


def rows_of(row: models.Model):
    """The audit rows of a record, newest first. Ask only for a record that the person may see."""
    return AuditRow.objects.filter(
        model=row._meta.label, object_id=str(row.pk), outcome=AuditRow.Outcome.DONE
    ).order_by("-id")


def entries(register: type[Register], row: models.Model, user, limit: int = 200) -> list[Entry]:
    """The history for people; one query, and one for each relation that changed."""
    found = list(rows_of(row)[:limit])
    names = _related_names(register.model, found, user)
    editable = set(register.editable_fields())
    return [
        Entry(
            number=kept.pk,
            at=kept.at,
            actor=kept.actor.split(" ")[0] or EMPTY,
            verb=verb_label(kept.verb),
            reason=kept.reason,
            changes=_changes(register.model, kept, names),
            restorable=kept.verb == "update" and bool(set(kept.before) & editable),
        )
        for kept in found
    ]


def restore(register: type[Register], row: models.Model, number: int, by, *, reason: str) -> models.Model:
    """Set the fields of one change back to what stood before it, through the register's action.

    Raises ValidationError where that change is not of this record or has nothing to give back.
    """
    kept = rows_of(row).filter(pk=number, verb="update").first()
    fields = [name for name in (kept.before if kept else ()) if name in register.editable_fields()]
    if not fields:
        raise ValidationError(_("That change has nothing to restore: choose another line of the history."))
    for name in fields:
        field = row._meta.get_field(name)
        setattr(row, field.attname, field.to_python(kept.before[name]))
    register.update(by, [row], fields, reason=reason)
    return row


def _changes(model: type[models.Model], kept: AuditRow, names: dict) -> list[Change]:
    changes = []
    for name in sorted({*kept.before, *kept.after} - unread(model), key=_order_in(model)):
        before, after = (_show(model, name, values.get(name), names) for values in (kept.before, kept.after))
        if before != after:
            changes.append(Change(str(_label(model, name)), before, after))
    return changes


def _order_in(model: type[models.Model]):
    order = {field.name: number for number, field in enumerate(model._meta.concrete_fields)}
    return lambda name: order.get(name, len(order))


def _label(model: type[models.Model], name: str) -> str:
    if name == "evidence":
        return _("Evidence")
    return model._meta.get_field(name).verbose_name if _knows(model, name) else name


def _knows(model: type[models.Model], name: str) -> bool:
    """A field that was since removed keeps its old name in the history."""
    return any(field.name == name for field in model._meta.concrete_fields)


def _show(model: type[models.Model], name: str, value, names: dict) -> str:
    if not _knows(model, name) or value in (None, ""):
        return EMPTY if value in (None, "") else str(value)
    field = model._meta.get_field(name)
    if field.is_relation:
        return names[field.related_model].get(str(value), str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    try:
        return plain(field.to_python(value))
    except ValidationError:
        return str(value)


def _related_names(model: type[models.Model], found: Iterable[AuditRow], user) -> dict:
    """What records that were referred to are called, as far as the person may see them."""
    wanted = defaultdict(set)
    for field in model._meta.concrete_fields:
        if field.is_relation:
            values = {v for kept in found for v in (kept.before.get(field.name), kept.after.get(field.name)) if v}
            wanted[field.related_model] |= values
    return {
        related: {str(row.pk): str(row) for row in _visible(related, user).filter(pk__in=pks)} if pks else {}
        for related, pks in wanted.items()
    }


def _visible(model: type[models.Model], user):
    manager = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()
