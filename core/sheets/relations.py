"""Records that a cell names by their text: a person, a branch, a regulation. Looked up for a whole sheet at once."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from core.scoping import territory_path
from core.sheets.errors import CellError
from core.sheets.texts import compact, joined_name, nearest, text_of

#: Columns beside `str()` by which a catalogue's row may be named.
NAMES = ("key", "code", "name", "name_en", "username")
#: How many records a drop-down offers at most; more are typed.
MOST_OFFERED = 500


class Records:
    """The rows of one model that the person may see, by every text that names them; one query."""

    def __init__(self, model: type[models.Model], user):
        self.model = model
        self.rows = list(light(model, model._default_manager.visible_to(user)))
        self.by_text: dict[str, dict[int, models.Model]] = {}
        self.by_pk = {str(row.pk): row for row in self.rows}
        for row in self.rows:
            for text in self._texts(row):
                if text:
                    self.by_text.setdefault(text, {})[row.pk] = row

    def _texts(self, row: models.Model) -> Iterator[str]:
        yield compact(text_for(row))
        with translation.override("en"):
            yield compact(text_for(row))
        for name in NAMES:
            if name in self.model._meta._forward_fields_map:
                yield compact(getattr(row, name))

    def names(self) -> list[str]:
        texts = list(dict.fromkeys(text_for(row) for row in self.rows))
        return texts if len(texts) <= MOST_OFFERED else []

    def find(self, raw, place: int | None = None, choose: Callable | None = None) -> models.Model:
        """The record that a cell names; `place`: the key of the row's village, which tells those of one name apart.

        `choose(place, records)` leaves those that may be meant there, where their own village doesn't say it
        (`Register.sheet_choose`). “张三#12” names the record of that number. Raises CellError.
        """
        shown = text_of(raw)
        text = compact(joined_name(shown))
        name, mark, number = text.rpartition("#")
        if mark and (row := self.by_pk.get(number)) is not None and (not name or name in set(self._texts(row))):
            return row
        found = list((self.by_text.get(text) or self._by_loose.get(loosely(text)) or {}).values())
        if not found:
            raise self._unknown(shown, place, choose)
        near = choose(place, found) if choose else [row for row in found if place and place_of(row) == place]
        if len(near or found) == 1:
            return (near or found)[0]
        if place and not near and not choose and self._is_of_places:
            raise self._unknown(shown, place, choose)
        proposals = [self._sure_text(row) for row in (near or found)[:4]]
        sentence = _("More than one record is called “%(what)s”: write %(names)s.")
        raise CellError(sentence % {"what": shown[:40], "names": _(" or ").join(f"“{p}”" for p in proposals)})

    @cached_property
    def _by_loose(self) -> dict[str, dict[int, models.Model]]:
        """Records by their texts without marks and what stands in brackets behind: 电脑（台） is 电脑."""
        found: dict[str, dict[int, models.Model]] = {}
        for text, rows in self.by_text.items():
            found.setdefault(loosely(text), {}).update(rows)
        return found

    @cached_property
    def _is_of_places(self) -> bool:
        return bool(getattr(self.model, "territory", None))

    def _sure_text(self, row: models.Model) -> str:
        text = text_for(row)
        return text if len(self.by_text.get(compact(text), ())) == 1 else f"{text}#{row.pk}"

    def _unknown(self, shown: str, place: int | None, choose: Callable | None) -> CellError:
        """What it might be: of the row's own village first, and of others only what is very like it."""
        facts = {"what": shown[:40], "kind": self.model._meta.verbose_name}
        if choose:
            near = choose(place, self.rows)
        else:
            near = [row for row in self.rows if place and place_of(row) == place] if self._is_of_places else []
        is_known = bool(place) and self._is_of_places and not choose
        for rows, cutoff in ((near, 0.5), ([] if is_known else self.rows, 0.6)):
            names = [getattr(row, "name", "") for row in rows]
            if proposal := nearest(shown, dict.fromkeys([*map(text_for, rows), *filter(None, names)]), cutoff):
                sentence = _("“%(what)s” is not among your records (%(kind)s): is “%(proposal)s” meant?")
                return CellError(sentence % {**facts, "proposal": proposal}, proposal)
        if is_known:
            sentence = _(
                "The village of this row has no “%(what)s” (%(kind)s): correct the cell, or enter it there first."
            )
            return CellError(sentence % facts)
        return CellError(_("“%(what)s” is not among your records (%(kind)s): enter it there first.") % facts)


#: Marks that people leave out of a name or add to it, and what stands in brackets behind it.
MARKS = re.compile(r"[《》“”\"'「」〈〉<>]|\([^()]*\)$")


def loosely(text: str) -> str:
    """
    >>> loosely("电脑(台)"), loosely("《村规民约》"), loosely("“三会一课”制度")
    ('电脑', '村规民约', '三会一课制度')
    """
    return MARKS.sub("", text) or text


def text_for(row: models.Model) -> str:
    """What a sheet calls a record."""
    return text_of(str(row))


def place_of(row: models.Model) -> int | None:
    """The key of the village that a record belongs to, without a query where `light` read it."""
    steps = (getattr(row, "territory", None) or "").split("__")
    if steps == [""]:
        return None
    for step in steps[:-1]:
        row = getattr(row, step)
    return getattr(row, f"{steps[-1]}_id")


def light(model: type[models.Model], rows: models.QuerySet) -> models.QuerySet:
    """With what the records' names speak of, two relations deep, and without the numbers that people carry."""
    paths = set(paths_below(model, 2))
    if territory_path(model) and model.territory:
        steps = model.territory.split("__")
        paths |= {"__".join(steps[:length]) for length in range(1, len(steps) + 1)}
    secret = [f"{path}__{name}" if path else name for path in ("", *sorted(paths)) for name in secrets_of(model, path)]
    return rows.select_related(*sorted(paths)).defer(*secret) if paths else rows.defer(*secret)


def paths_below(model: type[models.Model], depth: int, before: str = "") -> Iterator[str]:
    for field in model._meta.concrete_fields if depth else ():
        if field.is_relation and field.related_model is not model:
            path = f"{before}{field.name}"
            yield path
            yield from paths_below(field.related_model, depth - 1, f"{path}__")


def secrets_of(model: type[models.Model], path: str) -> list[str]:
    for name in filter(None, path.split("__")):
        try:
            model = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return []
    return [
        field.name
        for field in model._meta.concrete_fields
        if getattr(field, "source", None) is None and _is_secret(field)
    ]


def _is_secret(field: models.Field) -> bool:
    return getattr(field, "sensitive", False)
