"""The rules of fields over many rows: what stands in many of them is judged once.

`row.clean_fields(...)` for each row, with the same sentences and the same values set.
"""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

#: By these a field judges a value; Django's own look at the value alone.
STEPS = ("clean", "validate", "run_validators", "to_python")


def clean_fields(rows: Sequence[models.Model], exclude: Collection[str] = ()) -> Iterator[tuple[int, ValidationError]]:
    """(position, error) of every row whose fields refuse; each row leaves out the same fields."""
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.fields if f.name not in exclude and not f.generated]
    if model.clean_fields is not models.Model.clean_fields or any(f.has_db_default() for f in fields):
        yield from _one_by_one(rows, exclude)
        return
    errors: dict[int, dict[str, list]] = {}
    for field in fields:
        for number, error in _of_field(field, rows):
            errors.setdefault(number, {})[field.name] = error.error_list
    for number in sorted(errors):
        yield number, ValidationError(errors[number])


def _one_by_one(rows: Sequence[models.Model], exclude: Collection[str]) -> Iterator[tuple[int, ValidationError]]:
    for number, row in enumerate(rows):
        try:
            row.clean_fields(exclude=exclude)
        except ValidationError as error:
            yield number, error


def _of_field(field: models.Field, rows: Sequence[models.Model]) -> Iterator[tuple[int, ValidationError]]:
    values = [getattr(row, field.attname) for row in rows]
    kinds = set(map(type, values))
    # Decimals are equal and yet not alike: 1 has no digits after the point, 1.000 has three.
    if _looks_at_the_value_alone(type(field)) and Decimal not in kinds and all(kind.__hash__ for kind in kinds):
        keys = list(zip(map(type, values), values, strict=True))
        known = {key: _judged(field, key[1], rows[0]) for key in dict.fromkeys(keys)}
        if all(error is None and cleaned is key[1] for key, (cleaned, error) in known.items()):
            return
        found = map(known.get, keys)
    else:
        found = (_judged(field, value, row) for value, row in zip(values, rows, strict=True))
    for number, (cleaned, error) in enumerate(found):
        if error is not None:
            yield number, error
        elif cleaned is not values[number]:
            setattr(rows[number], field.attname, cleaned)


def _judged(field: models.Field, value, row: models.Model) -> tuple[object, ValidationError | None]:
    if field.blank and value in field.empty_values:
        return value, None
    try:
        return field.clean(value, row), None
    except ValidationError as error:
        return value, error


def _looks_at_the_value_alone(kind: type[models.Field]) -> bool:
    """Whether Django's own rules judge; a field with steps of its own is asked for each row."""
    owners = (next(base for base in kind.__mro__ if step in vars(base)) for step in STEPS)
    return all(owner.__module__ == "django.db.models.fields" for owner in owners)
