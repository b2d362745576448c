"""Villages and townships as people name them, looked up for a whole sheet at once.

Names of places are public, so that a place outside the person's territory is told from one that doesn't exist; nothing
else about it is said. A place is a model that is territory itself: it has `code`, `name`, `closed_on`, `successor`.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from django.db import models
from django.utils.translation import gettext as _

from core.scoping import SCOPE_FIELD, has_field
from core.sheets.errors import CellError, ForeignPlace
from core.sheets.texts import compact, is_damaged, nearest, text_of

#: What stands behind the name of a place and is left out as often as not; the longest first.
ENDINGS = [
    "村民委员会",
    "居民委员会",
    "居委会",
    "村委会",
    "民委员会",
    "村委",
    "居委",
    "党总支",
    "党支部",
    "社区",
    "村",
    "乡",
    "镇",
    "街道办事处",
    "街道",
]
ENDINGS.sort(key=len, reverse=True)
#: What people set between the parts of a name or behind it: 蒲庙镇-梁村, 梁村(村委), and what a float adds to a code.
SPARE = re.compile(r"(?<=\D)[-—_/·.,、](?=\D)|\([^()]*\)$|(?<=^\d{12})\.0$|(?<=^\d{9})\.0$")
#: What stands before it: "广西南宁市邕宁区蒲庙镇张村".
ABOVE = ("省", "市", "区", "县")


def is_place(model: type[models.Model] | None) -> bool:
    return bool(model) and getattr(model, "territory", None) == "" and has_field(model, SCOPE_FIELD)


@cache
def parent_name(model: type[models.Model]) -> str:
    """The relation of a place to the place above it: "township" of a village; "" for the highest."""
    for found in model._meta.concrete_fields:
        if found.is_relation and found.related_model is not model and is_place(found.related_model):
            return found.name
    return ""


def stem(name: str) -> str:
    """The name without what it is the name of.

    >>> stem("张村社区居委会"), stem("新江镇"), stem("村")
    ('张村', '新江', '村')
    """
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            rest = name[: -len(ending)]
            return stem(rest) if len(ending) > 2 and len(rest) > 2 else rest
    return name


@dataclass
class Place:
    """One place, as it is looked up."""

    pk: int
    code: str
    name: str
    parent: str
    parent_id: int | None
    closed_on: date | None
    successor_id: int | None
    row: models.Model | None = None

    @cached_property
    def long(self) -> str:
        return f"{self.parent}{self.name}"


@dataclass
class Places:
    """The places of one model: all by name, and which of them are the person's own. Three queries at most."""

    model: type[models.Model]
    user: object
    day: date
    by_code: dict[str, Place] = field(default_factory=dict)
    by_pk: dict[int, Place] = field(default_factory=dict)
    by_name: dict[str, list[Place]] = field(default_factory=dict)
    #: The place above that a sheet's title names: of two of one name the one below it is meant.
    near: str = ""

    def __post_init__(self):
        parent = parent_name(self.model)
        rows = self.model._default_manager.visible_to(self.user)
        self.own = {row.pk: row for row in (rows.select_related(parent) if parent else rows)}
        columns = ["pk", "code", "name", "closed_on", "successor_id"]
        columns += [f"{parent}__name", f"{parent}_id"] if parent else []
        for values in self.model._default_manager.values_list(*columns).order_by("code"):
            pk, code, name, closed_on, successor_id, above, above_id = (*values, "", None)[:7]
            self._keep(Place(pk, code, name, above or "", above_id, closed_on, successor_id, self.own.get(pk)))

    def _keep(self, place: Place) -> None:
        self.by_code[place.code] = self.by_pk[place.pk] = place
        short = compact(place.name)
        above = compact(place.parent)
        for name in {start + end for start in ("", above, stem(above)) for end in (short, stem(short))}:
            self.by_name.setdefault(name, []).append(place)

    def stands(self, place: Place) -> bool:
        return place.closed_on is None or place.closed_on > self.day

    # ---- what a sheet offers and asks ----

    def names(self) -> list[str]:
        """The person's own places that still stand, with the place above where a name is there twice."""
        standing = [place for place in self.by_pk.values() if place.row is not None and self.stands(place)]
        count: dict[str, int] = {}
        for place in standing:
            count[place.name] = count.get(place.name, 0) + 1
        return [place.name if count[place.name] == 1 else place.long for place in standing]

    def find(self, raw, hint: str = "") -> models.Model:
        """The place that a cell names. `hint`: the name of the place above, from a column beside it.

        Raises CellError.
        """
        shown, text = text_of(raw), SPARE.sub("", compact(raw))
        if is_damaged(raw):
            sentence = _(
                "“%(what)s” is a code that Excel has shortened: format the column as text, type the code anew."
            )
            raise CellError(sentence % {"what": shown})
        if text.isascii() and text.isdigit() and len(text) >= 6:
            return self._of_code(text)
        found = self._of_name(text, compact(hint))
        if not found:
            raise self._unknown(shown, text, hint)
        if hint and not any(self._is_below(place, compact(hint)) for place in found):
            self._refuse_above(found, shown, text_of(hint))
        return self._only(found, shown)

    def _refuse_above(self, found: list[Place], shown: str, hint: str) -> None:
        """The column beside names another township than the village has; what is no township at all says nothing."""
        if any(self._is_below(place, compact(hint)) for place in self.by_pk.values()):
            facts = {"what": shown, "hint": hint, "parents": "、".join(dict.fromkeys(place.parent for place in found))}
            sentence = _("“%(hint)s” has no “%(what)s”; “%(parents)s” has: correct one of the two cells.")
            raise CellError(sentence % facts)

    def _of_code(self, text: str) -> models.Model:
        """A code is exact: it names a closed place too."""
        place = self.by_code.get(text)
        if place is None:
            proposal = nearest(text, (own.code for own in self.by_pk.values() if own.row is not None), 0.9)
            raise CellError(_("No place has the code %(code)s: check its digits.") % {"code": text[:40]}, proposal)
        return self._own(place, text)

    def _of_name(self, text: str, hint: str) -> list[Place]:
        found = self.by_name.get(text) or self.by_name.get(stem(text)) or self._below_more(text)
        exact = [place for place in found if compact(place.name) == text]
        if hint:
            named = [place for place in exact or found if self._is_below(place, hint)]
            return named or [place for place in found if self._is_below(place, hint)] or exact or found
        return exact or found

    def _below_more(self, text: str) -> list[Place]:
        """“邕宁区蒲庙镇张村”: what stands before the township says nothing more."""
        for mark in ABOVE:
            _before, cut, rest = text.rpartition(mark)
            if cut and rest and (found := self.by_name.get(rest) or self.by_name.get(stem(rest))):
                return found
        return []

    @staticmethod
    def _is_below(place: Place, hint: str) -> bool:
        above = compact(place.parent)
        return above == hint or stem(above) == stem(hint) or (len(above) > 1 and hint.endswith(above))

    def _only(self, found: list[Place], shown: str) -> models.Model:
        """The one that is meant: the person's own before others', a standing one before a closed one."""
        mine = [place for place in found if place.row is not None] or found
        standing = [place for place in mine if self.stands(place)] or mine
        if len(standing) > 1 and self.near:
            standing = [place for place in standing if self._is_below(place, self.near)] or standing
        if len(standing) > 1:
            names = _(" or ").join(f"“{place.long}”" for place in standing[:4])
            sentence = _("There is more than one “%(what)s”: write %(names)s, or the code.")
            raise CellError(sentence % {"what": shown, "names": names})
        place = standing[0]
        if place.row is not None and not self.stands(place):
            raise self._closed(place)
        return self._own(place, shown)

    def _own(self, place: Place, shown: str) -> models.Model:
        if place.row is None:
            raise ForeignPlace(
                _("“%(what)s” is not in your territory: leave this row to whoever has it.") % {"what": shown}
            )
        return place.row

    def _closed(self, place: Place) -> CellError:
        heir, passed = self.by_pk.get(place.successor_id), {place.pk}
        while heir and heir.successor_id and heir.pk not in passed:
            passed.add(heir.pk)
            heir = self.by_pk.get(heir.successor_id)
        facts = {"name": place.name, "day": place.closed_on.isoformat(), "code": place.code}
        if heir is None:
            return CellError(_("“%(name)s” was closed on %(day)s. Write %(code)s if it is meant all the same.") % facts)
        sentence = _(
            "“%(name)s” was closed on %(day)s and became “%(heir)s”: write that name, or %(code)s for the old place."
        )
        proposal = heir.name if len(self.by_name.get(compact(heir.name), ())) == 1 else heir.long
        return CellError(sentence % {**facts, "heir": heir.name}, proposal)

    def _unknown(self, shown: str, text: str, hint: str) -> CellError:
        """What it might be, of the person's own places; those below the hint first."""
        own = [place for place in self.by_pk.values() if place.row is not None and self.stands(place)]
        below = [place for place in own if hint and self._is_below(place, compact(hint))]
        proposal = ""
        for places in (below, own):
            proposal = proposal or nearest(text, [p.name for p in places]) or nearest(text, [p.long for p in places])
        if not proposal:
            return CellError(_("There is no place “%(what)s”: choose one of the list.") % {"what": shown[:40]})
        sentence = _("There is no place “%(what)s”: is “%(proposal)s” meant?")
        return CellError(sentence % {"what": shown[:40], "proposal": proposal}, proposal)
