"""Writing audit rows: one for each record that a set-based action touched, in one statement."""

from collections.abc import Iterable, Mapping, Sequence

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import bulk
from core.context import current
from core.models import AuditRow
from core.scoping import territory_path

#: What the verbs of audit rows are called; an app names its own with `name_verbs`.
_verbs = {
    "create": _("Entered"),
    "update": _("Changed"),
    "delete": _("Removed"),
    "start": _("Started"),
    "resume": _("Resumed"),
    "cancel": _("Stopped"),
    "sign_in": _("Signed in"),
    "sign_out": _("Signed out"),
    "refuse": _("Turned away"),
    "export": _("Given out"),
    "reveal": _("Shown in full"),
    "load": _("Loaded what ships with the portal"),
}


#: Columns that every save moves: no reader asks for them.
NOISE = frozenset({"id", "saved_at", "saved_by", "version", "scope_code"})
#: The columns that `write` fills.
AUDITED = (
    "at", "actor_id", "actor", "roles", "address", "request_id", "verb", "model", "object_id", "object_name",
    "territory_code", "before", "after", "outcome", "reason",
)  # fmt: skip


def name_verbs(**labels) -> None:
    """`name_verbs(set_password=_("Set a password"))`"""
    _verbs.update(labels)


def verb_label(verb: str) -> str:
    return str(_verbs.get(verb, verb))


def snapshot(row: models.Model, fields: Iterable[str] | None = None) -> dict:
    """The row's values as JSON, by column; fields marked `sensitive` never leave their column."""
    kept = columns(type(row), fields)
    return values(kept, [[field.value_from_object(row)] for field in kept], 1)[0]


def columns(model: type[models.Model], fields: Iterable[str] | None = None) -> list[models.Field]:
    """The columns whose values an audit row keeps."""
    wanted = set(fields) if fields is not None else None
    return [
        field
        for field in model._meta.concrete_fields
        if (wanted is None or field.name in wanted) and not getattr(field, "sensitive", False)
    ]


def values(kept: Sequence[models.Field], found: Iterable[Sequence], rows: int) -> list[dict]:
    """What the audit keeps of so many rows, from the values of each column."""
    names = [field.name for field in kept]
    columns = [column if set(map(type, column)) <= AS_JSON else map(_plain, column) for column in found]
    return (
        [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if names
        else [{} for _row in range(rows)]
    )


#: Values that JSON keeps as they are.
AS_JSON = frozenset([type(None), bool, int, float, str])


def _plain(value):
    if isinstance(value, FieldFile):
        return value.name
    return value if value is None or isinstance(value, (bool, int, float, list, dict)) else str(value)


def actor(by) -> dict:
    """The columns that say who: kept as text, so that they outlive the account."""
    if by is None:
        return {"actor": "", "roles": ""}
    return {"actor_id": by.pk, "actor": f"{by.name} {by.username}".strip(), "roles": ", ".join(sorted(by.roles))}


def write(
    by,
    verb: str,
    rows: Iterable[models.Model],
    *,
    codes: Mapping[object, str] | None = None,
    before: Mapping[object, dict] | None = None,
    after: Mapping[object, dict] | None = None,
    reason: str = "",
    outcome: str = AuditRow.Outcome.DONE,
) -> None:
    """Leave one audit row a record. `codes`, `before` and `after` are keyed by primary key."""
    codes, before, after = codes or {}, before or {}, after or {}
    context, who, now = current(), actor(by), timezone.now()
    bulk.insert(
        AuditRow,
        AUDITED,
        (
            (
                now,
                who.get("actor_id"),
                who["actor"],
                who["roles"],
                context.address,
                context.request_id,
                verb,
                row._meta.label,
                str(row.pk),
                str(row)[:200],
                codes.get(row.pk, ""),
                before.get(row.pk, {}),
                after.get(row.pk, {}),
                outcome,
                reason[:300],
            )
            for row in rows
        ),
    )


def write_event(by, verb: str, *, name: str = "", reason: str = "", outcome: str = AuditRow.Outcome.DONE) -> None:
    """An event that is not about a record: a sign-in, a refusal. It belongs to the person's own territory."""
    context = current()
    held = by.scopes(by.roles) if by else ()
    AuditRow.objects.create(
        **actor(by),
        address=context.address,
        request_id=context.request_id,
        verb=verb,
        object_name=name[:200],
        territory_code=held[0] if held else "",
        outcome=outcome,
        reason=reason[:300],
    )


def write_reveal(by, row: models.Model, field: str, reason: str) -> None:
    """That a sensitive value was shown: which, to whom, why; never the value."""
    codes = {}
    if path := territory_path(type(row)):
        codes = dict(type(row)._default_manager.filter(pk=row.pk).values_list("pk", path))
    write(by, "reveal", [row], codes=codes, after={row.pk: {"revealed": field}}, reason=reason)


# ---- what audit rows say, for people ----


def _model(label: str) -> type[models.Model] | None:
    """The model of an audit row, or None where it is of no record, or its model is gone."""
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def kind_name(label: str) -> str:
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def unread(model: type[models.Model]) -> frozenset[str]:
    """The columns that no reader asks for: those that every save moves, and the shadows of others (their pinyin)."""
    return NOISE | {field.name for field in model._meta.concrete_fields if getattr(field, "source", None)}


def field_names(label: str, names: Iterable[str]) -> list[str]:
    """What the columns are called, in the model's order, as far as somebody reads them."""
    model = _model(label)
    if model is None:
        return sorted(names)
    wanted = set(names) - unread(model)
    return [str(f.verbose_name) for f in model._meta.concrete_fields if f.name in wanted]
