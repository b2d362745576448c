"""Rows of every model with a mark in their texts, planted where a person must not read: for the tests of leaks."""

from django.db import DatabaseError, models, transaction

from core.models import AuditRow, Move
from core.scoping import Catalogue, Held, Regional
from scoring.models import Run
from tests import factories
from tests.routes import code_of, covers
from tests.test_architecture import MODELS, NO_DOOR
from villages.models import District, Township, Village

MARK = "暗记"
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
#: Whose rows each person must not see: a neighbour's, another township's, another district's.
FOREIGN = {
    "clerk": ("across", "abroad"),
    "secretary": ("next_door", "across", "abroad"),
} | dict.fromkeys(("district", "leader", "inspector", *ADMINISTRATORS), ("abroad",))
#: What decides where a row belongs or how it is worked on, and is no text to people.
NOT_MARKED = {"code", "scope_code", "territory_code", "password", "state", "role", "full_at", "value", "model"}


def marks_for(model, number: int) -> dict:
    """The mark for each column of text, with a number beside it where the column is long enough."""
    marks = {}
    for field in model._meta.concrete_fields:
        free = not (field.choices or field.is_relation or field.name in NOT_MARKED or hasattr(field, "source"))
        if free and isinstance(field, (models.CharField, models.TextField)):
            marks[field.name] = f"{MARK}{number}{field.name}"[: field.max_length or 60]
        elif isinstance(field, models.JSONField):
            marks[field.name] = {MARK: MARK}
    return marks


def mark(row) -> None:
    """Write the marks where the database allows them beside the row's other values."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    marks = marks_for(type(row), row.pk)
    for part in (marks, *({name: value} for name, value in marks.items())):
        try:
            with transaction.atomic():
                if part:
                    rows.update(**part)
        except (DatabaseError, ValueError):
            continue
        if part is marks:
            return


#: Rows that the database seals as they are written are made with their marks.
MADE_WITH = {AuditRow: marks_for(AuditRow, 0), Run: {"territory_name": MARK}}
#: Rows about another row are made about one that nobody has.
ABOUT = {AuditRow: {"object_id": "987654321"}, Move: {"object_id": 987_654_321}}


#: What an audit row holds of the record that was touched; the rest says who did what.
BUSINESS_OF_AUDIT = ("object_name", "before", "after", "reason")


def rows_at(place: Village, seen=lambda row: False, made_with=MADE_WITH):
    """Rows of every model that has a door, at the place: as readers see it, and as a draft where it has drafts.

    Those that `seen(row)` says the person may see are made without a mark and left out.
    """
    for model in MODELS:
        if model._meta.label in NO_DOOR:
            continue
        factory = factories.of(model)
        about = ABOUT.get(model, {})
        made = [factory.at(place, **about)]
        if factory.changeable.__func__ is not factories.RowFactory.changeable.__func__:
            made.append(factory.changeable(place))
        if model in made_with and not seen(made[0]):
            made = [factory.at(place, **(about | made_with[model]))]
        yield from (row for row in made if not seen(row))


def plant(place: Village, seen) -> None:
    """Marked rows of every model at the place, but for those that `seen(row)` says the person may see."""
    for row in rows_at(place, seen):
        mark(row)


def plant_abroad(cast, who: str) -> None:
    held = cast.code[who]
    for name in FOREIGN[who]:
        place = cast.villages[name]
        plant(place, lambda row: may_be_read(row, held))
        for row in above(place).values():
            if not covers(held, row) and not lies_above(row, held):
                mark(row)


def above(village: Village) -> dict:
    """The village, its township and its district, by model."""
    return {Village: village, Township: village.township, District: village.township.district}


def may_be_read(row, held: str) -> bool:
    """Whether who holds the place may read the row; what holds for a region is read below it as well."""
    if isinstance(row, Catalogue):
        return True
    regional = isinstance(row, Regional) or not (hasattr(row, "territory") or isinstance(row, Held))
    return covers(held, row) or lies_above(row, held) or (regional and held.startswith(code_of(row)))


def lies_above(row, held: str) -> bool:
    """Whether the row is a territory that the person's own lies in: everybody may read its name."""
    return type(row) in (Township, District) and held.startswith(row.code)
