"""The village of a sheet that has no column for it: its title, the line of the sender, or the sheet's own name say it.

“梁村自然屯情况表”, “填报单位：蒲庙镇梁村村民委员会”, a sheet named 梁村. Where nothing says it, who holds one village alone
means that one. The table gets a column of it, as if everybody had written it, and says so.
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from core.registers.base import Register
from core.registers.values import field_at
from core.sheets.columns import Column, columns_of
from core.sheets.places import Place, Places, is_place, parent_name, stem
from core.sheets.reading import Sheet
from core.sheets.table import Table
from core.sheets.texts import compact, text_of

#: What may stand right before the name of a place: 蒲庙镇梁村, 2013年梁村.
BEFORE = frozenset("镇乡区县市道年度省处")


def with_place(table: Table, register: type[Register], lookups) -> Table:
    """The table with a column of the village that its title names, where it has none."""
    name = getattr(register.model, "territory", None) or ""
    field = field_at(register.model, name) if name else None
    if field is None or not is_place(field.related_model):
        return table
    places = lookups.places(field.related_model)
    above = parent_name(field.related_model)
    if name in table.columns:
        is_told = not above or f"{name}__{above}" in table.columns
        places.near = "" if is_told else _township_of(places, table)
        return table
    place = _named(places, table) or _only_own(places)
    if place is None:
        return table
    table.given = _given(register, name, place)
    rows = [[*row, place.code] for row in table.sheet.rows]
    sheet = Sheet(table.sheet.name, rows, table.sheet.hidden, table.sheet.merged)
    return replace(table, sheet=sheet, columns={**table.columns, name: len(rows[0]) - 1})


def still_missing(table: Table, register: type[Register], lookups) -> list[tuple[Column, str]]:
    """Required columns that neither headings nor titles give, with the names of the sheets that lack them."""
    found: dict[str, tuple[Column, list[str]]] = {}
    for part in table.parts:
        there = with_place(part, register, lookups).columns
        for column in part.missing:
            if column.name not in there:
                found.setdefault(column.name, (column, []))[1].append(part.sheet.name)
    return [(column, "、".join(names)) for column, names in found.values()]


def _given(register: type[Register], name: str, place: Place) -> str:
    heading = next((column.heading for column in columns_of(register) if column.name == name), name)
    facts = {"heading": heading, "place": place.long}
    return _("The sheet has no column “%(heading)s”: all its rows are taken for “%(place)s”.") % facts


def _named(places: Places, table: Table) -> Place | None:
    """The place that the sheet's name gives, else the one that the lines above the table give."""
    name = compact(table.sheet.name)
    standing = [place for place in places.by_pk.values() if places.stands(place)]
    called = [
        place for place in standing if name in (compact(place.name), stem(compact(place.name)), compact(place.long))
    ]
    called = [place for place in called if place.row is not None] or called
    if len(called) == 1:
        return called[0]
    found: dict[int, Place] = {}
    for text in _titles(table):
        found |= {place.pk: place for place in _places_in(text, standing)}
    return next(iter(found.values())) if len(found) == 1 else None


def _places_in(text: str, standing: list[Place]) -> list[Place]:
    """The places that a text names, the longest names alone; two of one name by the township that stands there too."""
    there = [place for place in standing if _stands_in(compact(place.name), text)]
    longest = [p for p in there if not any(p.name != other.name and p.name in other.name for other in there)]
    below = [place for place in longest if place.parent and compact(place.parent) in text]
    return below or [place for place in longest if place.row is not None] or longest


def _stands_in(name: str, text: str) -> bool:
    at = text.find(name)
    return at == 0 or at > 0 and (not "\u3400" <= text[at - 1] <= "\u9fff" or text[at - 1] in BEFORE)


def _titles(table: Table) -> list[str]:
    """The lines above the table, its heading left out."""
    texts = [
        compact(text_of(cell)) for row in table.sheet.rows[: table.first] for cell in row if cell not in ("", None)
    ]
    heads = {compact(heading) for heading in table.headings}
    return [text for text in dict.fromkeys([compact(table.sheet.name), *texts]) if text and text not in heads]


def _only_own(places: Places) -> Place | None:
    own = [place for place in places.by_pk.values() if place.row is not None and places.stands(place)]
    return own[0] if len(own) == 1 else None


def _township_of(places: Places, table: Table) -> str:
    """The place above that the titles name: it tells two villages of one name apart where no column does."""
    parents = {compact(place.parent) for place in places.by_pk.values() if place.parent}
    found = {parent for text in _titles(table) for parent in parents if parent in text}
    return found.pop() if len(found) == 1 else ""
