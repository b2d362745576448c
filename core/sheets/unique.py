"""What may be there only once: the rows of a sheet against each other and against the records, a query a rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from core.sheets.checks import Unknown, reader_of, remembered

#: A column with no more different values than this narrows the question to the database.
FEW = 500


@dataclass(frozen=True)
class Rule:
    """Fields that together are there once among the rows that the condition holds for."""

    fields: tuple[str, ...]
    condition: Q | None
    message: str
    nulls_differ: bool = True

    def keys(self, rows: Sequence[models.Model]) -> list[tuple | None]:
        """What each row must not share with another; None where the rule says nothing of it."""
        if not rows:
            return []
        model = type(rows[0])
        try:
            columns = reader_of(model, self.fields)
            is_meant = None if self.condition is None else remembered(model, self.condition, True)
        except Unknown:
            return [None] * len(rows)
        found = []
        for row in rows:
            key = columns(row)
            is_none = (self.nulls_differ and None in key) or (is_meant and not is_meant(row))
            found.append(None if is_none else key)
        return found


def rules_of(model: type[models.Model]) -> list[Rule]:
    found = [
        Rule(
            tuple(constraint.fields),
            constraint.condition,
            str(constraint.get_violation_error_message()),
            constraint.nulls_distinct is not False,
        )
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    groups = [(f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    for fields in [*groups, *map(tuple, model._meta.unique_together)]:
        error = model().unique_error_message(model, fields)
        found.append(Rule(fields, None, " ".join(error.messages)))
    return found


@dataclass(frozen=True)
class Clash:
    """A row that says what is said already: by `other` of the same sheet, or (None) by a record."""

    row: models.Model
    rule: Rule
    other: models.Model | None


def clashes(model: type[models.Model], rows: Iterable[models.Model]) -> Iterator[Clash]:
    """`rows` as they would stand after the write, in the order of the sheet."""
    rows = list(rows)
    own = {row.pk for row in rows if row.pk}
    for rule in rules_of(model):
        first: dict[tuple, models.Model] = {}
        for row, key in zip(rows, rule.keys(rows), strict=True):
            if key is not None and (known := first.setdefault(key, row)) is not row:
                yield Clash(row, rule, known)
        for key in _stored(model, rule, first, own):
            yield Clash(first[key], rule, None)


def _stored(model: type[models.Model], rule: Rule, wanted: dict[tuple, models.Model], own: set[int]) -> Iterator[tuple]:
    """The keys that records outside the sheet have already."""
    if not wanted:
        return
    rows = model._base_manager.filter(narrowed(rule.fields, wanted))
    if rule.condition is not None:
        rows = rows.filter(rule.condition)
    columns = [model._meta.get_field(name).attname for name in rule.fields]
    seen = set()
    for pk, *key in rows.values_list("pk", *columns):
        key = tuple(key)
        if pk not in own and key in wanted and key not in seen:
            seen.add(key)
            yield key


def narrowed(fields: tuple[str, ...], keys: Iterable[tuple]) -> Q:
    """A condition that holds at least for the records of these keys."""
    columns = list(zip(*keys, strict=True))
    found, shortest = Q(), min(range(len(fields)), key=lambda number: len(set(columns[number])))
    for number, (name, values) in enumerate(zip(fields, columns, strict=True)):
        values = set(values)
        if number == shortest or len(values) <= FEW:
            found &= Q(**{f"{name}__in": values - {None}}) | (
                Q(**{f"{name}__isnull": True}) if None in values else Q(pk__in=())
            )
    return found
