"""One mutation, one action, over a set of rows.

Pages, imports, the admin, tasks and tests write through these: the right is checked, the rows must be the person's
own before the write and still be so after it, values are validated, and every record leaves an audit row; all in one
transaction, with a number of queries that doesn't grow with the rows. Apps build their own actions from them.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, bulk, rights, valid
from core.scoping import has_field, territory_path


class Refused(PermissionDenied):
    """The person lacks the right: a page answers 403."""


class Invisible(Http404):
    """A row outside the person's territory: a page answers 404, as if it were not there."""


class Stale(ValidationError):
    """Somebody saved the row after it was read; `current` is what stands now."""

    def __init__(self, current: models.Model):
        self.current = current
        super().__init__(
            _(
                "%(name)s saved this record at %(time)s, after you opened it. Compare the values that stand now, "
                "then save again."
            )
            % {"name": current.saved_by or "—", "time": timezone.localtime(current.saved_at).strftime("%H:%M:%S")}
        )


def require(by, verb: str, model: type[models.Model]) -> None:
    """Refused unless the person holds the right somewhere."""
    if not rights.can(by, verb, model):
        raise Refused(_("Your role may not do this. Ask the district's security administrator if you should."))


def create(by, rows: Sequence[models.Model], *, reason: str = "") -> list[models.Model]:
    """Write new rows of one model. Raises Refused, Invisible, ValidationError; then nothing is written."""
    if not rows:
        return []
    model = type(rows[0])
    require(by, "add", model)
    _check(rows, by)
    with transaction.atomic(), constraint_messages(model):
        _stamp(rows, by)
        written = bulk.create(rows)
        codes, after = _still_visible(by, "add", model, written)
        audit.write(by, "create", written, codes=codes, after=after, reason=reason)
    return written


def update(
    by, rows: Sequence[models.Model], fields: Iterable[str], *, verb: str = "change", reason: str = ""
) -> list[models.Model]:
    """Write `fields` of rows that carry the new values, and the columns that `clean` derives from them.

    `verb` is the right it takes, and the audit's word for it: "change", or a move of a workflow. Unchanged rows are
    left alone. Raises as `create`, or Stale.
    """
    if not rows:
        return []
    model = type(rows[0])
    fields = _with_derived(model, fields)
    require(by, verb, model)
    with transaction.atomic(), constraint_messages(model):
        before = {row.pk: row for row in lock(by, verb, model, rows)}
        _refuse_stale(rows, before)
        changed = [row for row in rows if _values(row, fields) != _values(before[row.pk], fields)]
        if not changed:
            return []
        _check(changed, by)
        _stamp(changed, by, grow=True)
        bulk.save(changed, [*fields, *_stamped(model)])
        codes, new = _still_visible(by, verb, model, changed, fields)
        old = {row.pk: audit.snapshot(before[row.pk], fields) for row in changed}
        for pk, values in new.items():
            same = [name for name, value in values.items() if old[pk][name] == value]
            for name in same:
                del old[pk][name], values[name]
        word = "update" if verb == "change" else verb
        audit.write(by, word, changed, codes=codes, before=old, after=new, reason=reason)
    return changed


def delete(by, rows: Sequence[models.Model], *, reason: str = "") -> int:
    """Delete rows and what hangs on them. Raises Refused, Invisible; ValidationError where something protects them."""
    if not rows:
        return 0
    model = type(rows[0])
    require(by, "delete", model)
    with transaction.atomic():
        locked = lock(by, "delete", model, rows)
        fetch_missing(locked, references(model))  # their names say what they belong to
        audit.write(
            by,
            "delete",
            locked,
            codes=codes_of(model, locked),
            before={row.pk: audit.snapshot(row) for row in locked},
            reason=reason,
        )
        try:
            model._default_manager.filter(pk__in=[row.pk for row in locked]).delete()
        except models.ProtectedError as error:
            kinds = sorted({str(obj._meta.verbose_name) for obj in error.protected_objects})
            raise ValidationError(
                _("Other records still refer to this one (%(kinds)s). Remove or move them first.")
                % {"kinds": "、".join(kinds)}
            ) from error
    return len(locked)


# ---- the steps ----


def _check(rows: Sequence[models.Model], by) -> None:
    """That every row referred to is one that the person may see; then that the values are valid.

    In this order: an error of validation about another's row would tell that it is there.
    """
    for field in rows[0]._meta.concrete_fields:
        if field.is_relation and field.editable and hasattr(field.related_model._default_manager, "visible_to"):
            wanted = {getattr(row, field.attname) for row in rows} - {None}
            seen = field.related_model._default_manager.visible_to(by).filter(pk__in=wanted)
            if seen.count() != len(wanted):
                raise Invisible(_("The record referred to is not in your territory."))
    if len(rows) == 1:
        rows[0].full_clean()
        return
    model, referred = type(rows[0]), references(type(rows[0]))
    fetch_missing(rows, referred)  # else each row's `clean` asks for its own
    refused = dict(valid.clean_fields(rows, referred))
    has_own = model.clean is not models.Model.clean
    for number in range(len(rows)) if has_own else sorted(refused)[:1]:
        if number in refused:
            raise refused[number]
        rows[number].clean()


def _with_derived(model: type[models.Model], fields: Iterable[str]) -> list[str]:
    """The fields and what follows from them: columns that `clean` derives, and those that keep a `source`'s shadow."""
    fields = list(dict.fromkeys([*fields, *getattr(model, "derived", ())]))
    return fields + [f.name for f in model._meta.concrete_fields if getattr(f, "source", None) in fields]


def references(model: type[models.Model]) -> list[str]:
    """The names of the model's own relations."""
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def fetch_missing(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Read these relations of the rows, a query each; rows that know theirs already are not looked at again."""
    for name in names:
        field = rows[0]._meta.get_field(name) if rows else None
        lacking = [row for row in rows if getattr(row, field.attname) is not None and not field.is_cached(row)]
        models.prefetch_related_objects(lacking, name)


def lock(by, verb: str, model: type[models.Model], rows: Sequence[models.Model]) -> list[models.Model]:
    """The rows as they stand, locked until the transaction's end. Raises Invisible unless all are the person's."""
    pks = {row.pk for row in rows}
    found = list(
        model._default_manager.visible_to(by, verb).select_for_update(of=("self",)).filter(among(pks)).order_by("pk")
    )
    if len(found) != len(pks):
        raise Invisible(_("The record is not in your territory."))
    return found


def _still_visible(by, verb: str, model: type[models.Model], rows: Sequence[models.Model], fields=None):
    """Primary key → the code of the row's village, and → its values as stored (`audit.snapshot`); one query.

    Asks the door again: raises Invisible where a row has left the person's territory. Values that come back as they
    were given are not fetched.
    """
    path = territory_path(model) or ("territory_code" if has_field(model, "territory_code") else "pk")
    kept = audit.columns(model, fields)
    columns = {field.attname: bulk.unchanged(field, rows) for field in kept}
    fetched = [name for name, known in columns.items() if known is None]
    asked = model._default_manager.visible_to(by, verb).filter(among(row.pk for row in rows)).order_by()
    stored = {pk: rest for pk, *rest in asked.values_list("pk", path, *fetched)}
    if len(stored) != len(rows):
        raise Invisible(_("The record would leave your territory."))
    pks = [row.pk for row in rows]
    for number, name in enumerate(fetched, 1):
        columns[name] = [stored[pk][number] for pk in pks]
    codes = {pk: "" if path == "pk" else rest[0] for pk, rest in stored.items()}
    return codes, dict(zip(pks, audit.values(kept, columns.values(), len(rows)), strict=True))


def among(pks: Iterable) -> models.Q:
    """The rows of these keys; keys without a gap, as new rows have them, are asked for by their ends."""
    pks = set(pks)
    if len(pks) > 1 and all(type(pk) is int for pk in pks):
        first, last = min(pks), max(pks)
        if last - first + 1 == len(pks):
            return models.Q(pk__gte=first, pk__lte=last)
    return models.Q(pk__in=pks)


def codes_of(model: type[models.Model], rows: Sequence[models.Model]) -> dict:
    """Primary key → the code of the village (or node) that the row belongs to; one query."""
    if path := territory_path(model):
        return dict(model._default_manager.filter(among(row.pk for row in rows)).values_list("pk", path))
    return {row.pk: getattr(row, "territory_code", "") for row in rows}


def _stamped(model: type[models.Model]) -> list[str]:
    return ["saved_at", "saved_by", "version"] if has_field(model, "saved_by") else []


def _stamp(rows: Sequence[models.Model], by, *, grow: bool = False) -> None:
    if not _stamped(type(rows[0])):
        return
    now = timezone.now()
    for row in rows:
        row.saved_at, row.saved_by = now, by.name
        row.version += grow


def _refuse_stale(rows: Sequence[models.Model], before: dict) -> None:
    if _stamped(type(rows[0])):
        for row in rows:
            if row.version != before[row.pk].version:
                raise Stale(before[row.pk])


def _values(row: models.Model, fields: Iterable[str]) -> list:
    return [row._meta.get_field(name).value_from_object(row) for name in fields]


class constraint_messages:
    """`with constraint_messages(Room):` turns the database's refusal into the sentence of its constraint or field."""

    def __init__(self, model: type[models.Model]):
        self.model = model

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _trace):
        if not (kind and issubclass(kind, IntegrityError)):
            return False
        meta, text = self.model._meta, str(error)
        for constraint in meta.constraints:
            columns = [meta.get_field(name).column for name in getattr(constraint, "fields", ())]
            # PostgreSQL names the constraint; SQLite names it for a check, the columns for uniqueness.
            sqlite = ", ".join(f"{meta.db_table}.{column}" for column in columns)
            if constraint.name in text or (columns and sqlite in text):
                raise ValidationError(constraint.get_violation_error_message()) from error
        for field in meta.concrete_fields:
            if field.unique and (
                text.endswith(f": {meta.db_table}.{field.column}") or f"Key ({field.column})=" in text
            ):
                raise self.model().unique_error_message(self.model, (field.name,)) from error
        return False
