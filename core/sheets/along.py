"""What the actions of a register write along with the rows of an import: known by its request in the audit.

A village that is closed takes those along that it had absorbed; a standard comes with its groups. What was entered
along is deleted by an undo, what was changed stands again as the audit kept it. Anything else can't be taken back.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from core import actions, audit, rights
from core.models import AuditRow

#: Rows of the audit that are about the work itself.
OF_THE_WORK = ("core.SheetImport", "core.Job")
#: What takes each verb of the audit back.
AGAINST = {"create": "delete", "update": "change"}


def along(request_id: str, model: type[models.Model], own: Collection[str], after: int = 0) -> list[AuditRow]:
    """The rows of the audit about other records than the import's `own`; `after`: beyond this number."""
    kept = AuditRow.objects.filter(request_id=request_id, pk__gt=after).exclude(model__in=OF_THE_WORK).order_by("pk")
    kept = kept.only("verb", "model", "object_id", "object_name", "before")
    return [row for row in kept if row.model != model._meta.label or row.object_id not in own]


def lasting(rows: Iterable[AuditRow]) -> list[AuditRow]:
    """Those that nobody can take back: of another kind, or of values that the audit doesn't keep."""
    return [row for row in rows if row.verb not in AGAINST or (row.verb == "update" and _keeps_secrets(row))]


def _keeps_secrets(row: AuditRow) -> bool:
    fields = apps.get_model(row.model)._meta.concrete_fields
    return not row.before or any(getattr(field, "sensitive", False) for field in fields)


def touched_since(rows: Collection[AuditRow], request_id: str) -> list[AuditRow]:
    """Those whose record was written again by somebody else since."""
    if not rows:
        return []
    later = AuditRow.objects.filter(
        pk__gt=min(row.pk for row in rows),
        model__in={row.model for row in rows},
        object_id__in={row.object_id for row in rows},
    ).exclude(request_id=request_id)
    found = set(later.values_list("model", "object_id"))
    return [row for row in rows if (row.model, row.object_id) in found]


def not_allowed(user, rows: Iterable[AuditRow]) -> list[AuditRow]:
    """Those of which the person lacks the right that taking them back needs, or the territory."""
    found = []
    for model, verb, some in _by_kind(rows):
        mine = set(_visible(user, model, AGAINST[verb], some)) if rights.can(user, AGAINST[verb], model) else set()
        found += [row for row in some if int(row.object_id) not in mine]
    return found


def said(row: AuditRow) -> str:
    return _("%(kind)s %(name)s") % {"kind": audit.kind_name(row.model), "name": row.object_name}


def entered(rows: Iterable[AuditRow]) -> dict[type[models.Model], set[int]]:
    """What was entered along, by its model."""
    return {model: {int(row.object_id) for row in some} for model, verb, some in _by_kind(rows) if verb == "create"}


def delete_entered(user, rows: Iterable[AuditRow], reason: str) -> None:
    """Before the import's own rows go: it hangs on them."""
    for model, pks in entered(rows).items():
        actions.delete(user, list(model._default_manager.visible_to(user, "delete").filter(pk__in=pks)), reason=reason)


def restore_changed(user, rows: Iterable[AuditRow], reason: str) -> None:
    """After the import's own rows stand as before: the register's action may have taken some along again."""
    for model, verb, some in _by_kind(rows):
        if verb == "update":
            before: dict[int, dict] = {}
            for row in reversed(some):  # the first of several says what stood before all
                before[int(row.object_id)] = before.get(int(row.object_id), {}) | row.before
            _restore(user, model, before, reason)


def _restore(user, model: type[models.Model], before: dict[int, dict], reason: str) -> None:
    stored = list(model._default_manager.visible_to(user, "change").filter(pk__in=before))
    fields: dict[str, None] = {}
    for row in stored:
        for name, value in before[row.pk].items():
            field = model._meta.get_field(name)
            setattr(row, field.attname, field.to_python(value))
            fields[name] = None
    actions.update(user, stored, list(fields), reason=reason)


def _visible(user, model: type[models.Model], verb: str, rows: Iterable[AuditRow]) -> models.QuerySet:
    mine = model._default_manager.visible_to(user, verb)
    return mine.filter(pk__in=[row.object_id for row in rows]).order_by().values_list("pk", flat=True)


def _by_kind(rows: Iterable[AuditRow]) -> list[tuple[type[models.Model], str, list[AuditRow]]]:
    ordered = sorted(rows, key=lambda row: (row.model, row.verb, row.pk))
    groups = groupby(ordered, key=lambda row: (row.model, row.verb))
    return [(apps.get_model(label), verb, list(some)) for (label, verb), some in groups if verb in AGAINST]
