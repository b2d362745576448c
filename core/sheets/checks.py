"""The database's own conditions, judged in Python: which of many rows a check or a unique index would refuse.

Django asks the database once for each row and constraint; a sheet has thousands of both. Truth has three values here
as it has there: a comparison with nothing is neither true nor false, and a check refuses what is false alone.
"""

import operator
from collections.abc import Callable, Sequence
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q


class Unknown(Exception):
    """A condition that this module can't judge: the database has to."""


def _contains(value, options) -> bool | None:
    found = value in [option for option in options if option is not None]
    return found or (None if None in options else False)


#: What each lookup says of a value that is there and what it is compared with.
LOOKUPS: dict[str, Callable] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": _contains,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
    "startswith": lambda value, start: str(value).startswith(start),
}


def holds(condition: Q, row: models.Model) -> bool | None:
    """Whether the condition is true of the row; None for neither. Raises Unknown."""
    return _node(condition, row, False)


def _node(node: Q, row: models.Model, below_not: bool) -> bool | None:
    below_not ^= node.negated
    found = [_child(child, row, below_not) for child in node.children]
    match node.connector:
        case Q.AND:
            answer = False if False in found else None if None in found else True
        case Q.OR:
            answer = True if True in found else None if None in found else False
        case Q.XOR:  # Django writes it by cases, where what is neither counts as false
            answer = found.count(True) % 2 == 1
        case _:
            raise Unknown(node.connector)
    return not answer if node.negated and answer is not None else answer


def _child(child, row: models.Model, below_not: bool) -> bool | None:
    if isinstance(child, Q):
        return _node(child, row, below_not)
    if not isinstance(child, tuple):
        raise Unknown(repr(child))
    path, wanted = child
    name, _mark, lookup = path.partition("__")
    lookup = lookup or "exact"
    value = value_of(row, name)
    if lookup == "isnull":
        return (value is None) == wanted
    if lookup not in LOOKUPS:
        raise Unknown(path)
    if isinstance(wanted, F):
        wanted = value_of(row, wanted.name)
    if value is None or wanted is None:
        # Below a NOT Django adds “and is not null”, so that nothing is unequal to everything.
        return False if below_not else None
    return LOOKUPS[lookup](value, wanted)


def value_of(row: models.Model, name: str):
    """The column's value as it would be stored. Raises Unknown."""
    return _field_of(type(row), name).value_from_object(row)


@cache
def _field_of(model: type[models.Model], name: str) -> models.Field:
    try:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        field = next((f for f in model._meta.concrete_fields if f.attname == name), None)
    if field is None or not field.concrete:
        raise Unknown(name)
    return field


def is_understood(model: type[models.Model]) -> bool:
    """Whether every constraint of the model can be judged here."""
    return all(_is_understood(model, constraint) for constraint in model._meta.constraints)


def _is_understood(model: type[models.Model], constraint) -> bool:
    if isinstance(constraint, models.UniqueConstraint):
        return bool(constraint.fields) and (constraint.condition is None or _can_judge(model, constraint.condition))
    return isinstance(constraint, models.CheckConstraint) and _can_judge(model, constraint.condition)


def _can_judge(model: type[models.Model], condition) -> bool:
    if not isinstance(condition, Q):
        return False
    try:
        _probe(condition, model())
    except Unknown:
        return False
    return True


def _probe(node: Q, row: models.Model) -> None:
    """Raises Unknown where a part of the condition is beyond us; every part is looked at, whatever its value."""
    if node.connector not in (Q.AND, Q.OR, Q.XOR):
        raise Unknown(node.connector)
    for child in node.children:
        if isinstance(child, Q):
            _probe(child, row)
            continue
        if not isinstance(child, tuple):
            raise Unknown(repr(child))
        path, wanted = child
        name, _mark, lookup = path.partition("__")
        for column in [name, *([wanted.name] if isinstance(wanted, F) else [])]:
            value_of(row, column)
        if lookup not in LOOKUPS | {"": None, "isnull": None} or (isinstance(wanted, models.Expression)):
            raise Unknown(path)


class Broken:
    """Which checks of a model refuse its rows; those that can't be judged here are left to the database."""

    def __init__(self, model: type[models.Model]):
        checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
        understood = [
            check for check in checks if isinstance(check.condition, Q) and _can_judge(model, check.condition)
        ]
        self.checks = [(check, remembered(model, check.condition, False)) for check in understood]

    def of(self, row: models.Model) -> list[models.CheckConstraint]:
        return [check for check, refuses in self.checks if refuses(row)]


def remembered(model: type[models.Model], condition: Q, wanted: bool) -> Callable[[models.Model], bool]:
    """Whether the condition is just that of a row; rows with the same values in its columns are judged once."""
    columns = reader_of(model, named_in(condition))
    known: dict[object, bool] = {}

    def answer(row: models.Model) -> bool:
        key = columns(row)
        try:
            if key not in known:
                known[key] = _is(condition, row, wanted)
            return known[key]
        except TypeError:  # a list or a dict in a column
            return _is(condition, row, wanted)

    return answer


def _is(condition: Q, row: models.Model, wanted: bool) -> bool:
    try:
        return holds(condition, row) is wanted
    except (Unknown, TypeError):
        return False


def reader_of(model: type[models.Model], names: Sequence[str]) -> Callable[[models.Model], tuple]:
    """The columns of a row as they would be stored; "village" and "village_id" are the same. Raises Unknown.

    An attribute says it, but of a column that follows from another (the index of a sealed number) its field alone does.
    """
    fields = [_field_of(model, name) for name in names]
    plain = all(type(field).value_from_object is models.Field.value_from_object for field in fields)
    if plain and len(fields) > 1:
        return operator.attrgetter(*(field.attname for field in fields))
    return lambda row: tuple([field.value_from_object(row) for field in fields])


def named_in(condition) -> list[str]:
    """The columns that a condition speaks of, in its order."""
    names = []
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            names.append(child[0].partition("__")[0])
            names += [child[1].name] if isinstance(child[1], F) else []
        else:
            names += named_in(child)
    return list(dict.fromkeys(names))
