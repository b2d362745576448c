"""An import taken back: what it entered is deleted, what it changed stands again as before, or nothing is done.

It goes as long as nobody has touched its rows since; what did is named. `SHEETS_UNDO_DAYS` says for how long.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import audit, rights
from core.evidence.models import Evidence
from core.models import AuditRow
from core.registers.base import Register
from core.sheets import along
from core.sheets.models import SheetImport, SheetRow
from core.sheets.pages import Pages, pages_of
from core.sheets.trial import has_own_rules

#: So many of what came after are named; the rest is counted.
SHOWN = 100


@dataclass(frozen=True)
class Later:
    """Something that came after an import and stands in the way of its undo: what, by whom, when."""

    row: int | None
    what: str
    by: str = ""
    at: datetime | None = None


def obstacles(sheet: SheetImport, register: type[Register], user) -> list[Later]:
    """What stands in the way; empty where the import can be undone. A constant number of queries."""
    model, rows = register.model, {row.object_id: row for row in _written(sheet)}
    created = [pk for pk, row in rows.items() if row.state == SheetRow.State.NEW]
    found = list(_missing_rights(model, user, {row.state for row in rows.values()}))
    found += _touched(model, sheet, rows)
    others = _along(sheet, model, rows)
    found += _referring(model, rows, pages_of(sheet.pages), created, along.entered(others))
    found += _beside(sheet, user, others)
    return found


def foreseen(sheet: SheetImport, register: type[Register], user) -> list[str]:
    """Before it is written: why the import could not be undone in one click by this person, in sentences."""
    states = {state for state, count in sheet.counts.items() if count}
    found = [later.what for later in _missing_rights(register.model, user, states)]
    if has_own_rules(register):
        found += [_lasting(name) for name in (sheet.layout or {}).get("lasting", ())]
    return found


def undo(user, sheet: SheetImport, register: type[Register]) -> None:
    """Raises ValidationError where something stands in the way; then nothing is done."""
    with transaction.atomic():
        sheet = SheetImport.objects.visible_to(user).select_for_update().get(pk=sheet.pk)
        if sheet.state != SheetImport.State.WRITTEN:
            raise ValidationError(_("Only an import that is written can be undone."))
        if found := obstacles(sheet, register, user):
            raise ValidationError(_("Nothing was undone: %(what)s") % {"what": found[0].what})
        _take_back(user, sheet, register)
        sheet.state, sheet.problem = SheetImport.State.UNDONE, ""
        sheet.save(update_fields=["state", "problem"])
        sheet.rows.update(before="")
        audit.write(
            user, "undo_import", [sheet], codes={sheet.pk: sheet.territory_code}, after={sheet.pk: sheet.counts}
        )


def _written(sheet: SheetImport) -> models.QuerySet:
    states = (SheetRow.State.NEW, SheetRow.State.CHANGED)
    return sheet.rows.filter(state__in=states, object_id__isnull=False).defer("notes")


def _take_back(user, sheet: SheetImport, register: type[Register]) -> None:
    """Deletes first: what was changed may have made room for what was entered."""
    reason = _("Import undone: %(name)s") % {"name": sheet.file_name}
    kept = {row.object_id: row for row in _written(sheet)}
    verb = {SheetRow.State.NEW: "delete", SheetRow.State.CHANGED: "change"}
    stored = {
        state: list(
            register.model._default_manager.visible_to(user, verb[state]).filter(
                pk__in=[pk for pk, row in kept.items() if row.state == state]
            )
        )
        for state in verb
    }
    others = _along(sheet, register.model, kept)
    along.delete_entered(user, others, reason)
    register.delete(user, stored[SheetRow.State.NEW], reason=reason)
    fields: dict[str, None] = {}
    for row in stored[SheetRow.State.CHANGED]:
        for name, value in kept[row.pk].before.items():
            field = register.model._meta.get_field(name)
            setattr(row, field.attname, field.to_python(value))
            fields[name] = None
    register.update(user, stored[SheetRow.State.CHANGED], list(fields), reason=reason)
    along.restore_changed(user, others, reason)


# ---- what stands in the way ----


def _missing_rights(model, user, states: Collection[str]) -> Iterator[Later]:
    if SheetRow.State.NEW in states and not rights.can(user, "delete", model):
        yield Later(None, _("The import entered records, and your role may not delete: ask whoever may."))
    if SheetRow.State.CHANGED in states and not rights.can(user, "change", model):
        yield Later(None, _("The import changed records, and your role may not change them."))


def _touched(model, sheet: SheetImport, rows: dict[int, SheetRow]) -> list[Later]:
    """Records that were saved or deleted since, with who did it."""
    version, pages = ["version"] if hasattr(model, "version") else [], pages_of(sheet.pages)
    stored = {pk: rest for pk, *rest in model._base_manager.filter(pk__in=rows).values_list("pk", *version)}
    gone = [pk for pk in rows if pk not in stored]
    later = [pk for pk in stored if version and stored[pk][0] != rows[pk].version]
    if not (gone or later):
        return []
    saves: dict[str, AuditRow] = {}
    kept = AuditRow.objects.filter(model=model._meta.label, object_id__in=[str(pk) for pk in (*gone, *later)])
    for save in kept.exclude(request_id=sheet.request_id).order_by("id"):
        saves[save.object_id] = save
    names = {row.pk: str(row) for row in model._base_manager.filter(pk__in=later[:SHOWN]).select_related()}
    found = []
    for pk in sorted((*gone, *later), key=lambda pk: rows[pk].number)[:SHOWN]:
        save = saves.get(str(pk))
        facts = {
            "row": capfirst(pages.said(rows[pk].number)),
            "name": names.get(pk) or getattr(save, "object_name", "") or pk,
        }
        text = _("%(row)s, %(name)s: saved since.") if pk in stored else _("%(row)s, %(name)s: deleted since.")
        found.append(Later(rows[pk].number, text % facts, save.actor.split(" ")[0] if save else "", save and save.at))
    return found


def _referring(
    model, rows: dict[int, SheetRow], pages: Pages, created: Sequence[int], entered: Mapping[type, set[int]]
) -> list[Later]:
    """Records and files that hang on what was entered, beside those that were entered along with it."""
    found = []
    for relation in model._meta.related_objects:
        column = relation.field.attname if relation.concrete is False and hasattr(relation.field, "attname") else None
        if column is None or relation.many_to_many:
            continue
        others = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": created})
        if relation.related_model is model:
            others = others.exclude(pk__in=created)
        if own := entered.get(relation.related_model):
            others = others.exclude(pk__in=own)
        found += [
            _hanging(rows, pages, pk, relation.related_model._meta.verbose_name, other)
            for pk, other in others.order_by("pk").values_list(column, "pk")[:SHOWN]
        ]
    files = Evidence.objects.current().filter(owner_model=model._meta.label_lower, owner_pk__in=created)
    for pk, name, by, at in files.values_list("owner_pk", "file_name", "added_by", "added_at")[:SHOWN]:
        facts = {"row": capfirst(pages.said(rows[pk].number)), "kind": Evidence._meta.verbose_name, "other": name}
        found.append(Later(rows[pk].number, _("%(row)s: %(kind)s “%(other)s” hangs on it.") % facts, by, at))
    return found


def _hanging(rows: dict[int, SheetRow], pages: Pages, pk: int, kind: str, other: int) -> Later:
    facts = {"row": capfirst(pages.said(rows[pk].number)), "kind": kind, "other": other}
    return Later(rows[pk].number, _("%(row)s: %(kind)s no. %(other)s hangs on it.") % facts)


def _along(sheet: SheetImport, model, rows: Iterable[int]) -> list[AuditRow]:
    return along.along(sheet.request_id, model, {str(pk) for pk in rows})


def _beside(sheet: SheetImport, user, others: Sequence[AuditRow]) -> Iterator[Later]:
    """What the register's actions wrote along with the rows themselves, and can't be taken back."""
    last = along.lasting(others)
    known = {row.pk for row in last}
    rest = [row for row in others if row.pk not in known]
    for row in last[:SHOWN]:
        yield Later(None, _lasting(along.said(row)))
    for row in along.touched_since(rest, sheet.request_id)[:SHOWN]:
        yield Later(None, _("Written along with it, and saved since: %(what)s.") % {"what": along.said(row)})
    for row in along.not_allowed(user, rest)[:SHOWN]:
        sentence = _("Written along with it: %(what)s. Taking that back is for others.")
        yield Later(None, sentence % {"what": along.said(row)})


def _lasting(what: str) -> str:
    return _("Written along with it, and not to be taken back: %(what)s.") % {"what": what}
