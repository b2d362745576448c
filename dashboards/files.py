"""How complete the file of each village is: what is on record, of what is asked of its kind. Missing is not bad."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from facilities.models import Building, Equipment, Room
from facilities.querysets import sets_on
from villages.choices import AppliesTo
from villages.models import Adoption, Regulation, Village

#: What a building's record must say for the village to be judged.
BUILDING = ("area", "condition", "easy_access")


class Part(NamedTuple):
    """One chapter of the file; `tab` is that of the dossier where it is shown."""

    key: str
    label: str
    tab: str
    filled: int
    asked: int

    @property
    def missing(self) -> int:
        return self.asked - self.filled


class File(NamedTuple):
    village: Village
    parts: list[Part]

    @property
    def filled(self) -> int:
        return sum(part.filled for part in self.parts)

    @property
    def asked(self) -> int:
        return sum(part.asked for part in self.parts)

    @property
    def worst(self) -> Part | None:
        """The chapter that lacks the most, None where nothing does."""
        part = max(self.parts, key=lambda part: part.missing, default=None)
        return part if part and part.missing else None

    @property
    def url(self) -> str:
        tab = f"?tab={self.worst.tab}" if self.worst else ""
        return reverse("dashboards:village", args=[self.village.code]) + tab


def completeness(villages: QuerySet, day: date) -> list[File]:
    """The least complete first. The number of queries is the same for one village and for all."""
    chapters = (_rooms, _buildings, _equipment, _regulations)
    sets = sets_on(villages, day)
    parts = [chapter(villages, day, sets) for chapter in chapters]
    files = [File(village, [by_id[village.pk] for by_id in parts if village.pk in by_id]) for village in villages]
    return sorted(files, key=lambda file: (file.filled / file.asked if file.asked else 1, file.village.code))


def _rooms(villages: QuerySet, day: date, sets: dict) -> dict[int, Part]:
    there = _keys(Room.objects.filter(village__in=villages))
    return _of_set("rooms", _("Rooms"), there, {pk: room_set.rooms.all() for pk, room_set in sets.items()})


def _equipment(villages: QuerySet, day: date, sets: dict) -> dict[int, Part]:
    there = _keys(Equipment.objects.filter(village__in=villages))
    return _of_set("equipment", _("Equipment"), there, {pk: room_set.equipment.all() for pk, room_set in sets.items()})


def _keys(rows: QuerySet) -> dict[int, set[str]]:
    found = defaultdict(set)
    for pk, key in rows.order_by().values_list("village_id", "key"):
        found[pk].add(key)
    return found


def _of_set(key: str, label: str, there: dict[int, set[str]], asked: dict[int, Iterable]) -> dict[int, Part]:
    wanted = {pk: {row.key for row in rows} for pk, rows in asked.items()}
    return {pk: Part(key, label, "rooms", len(keys & there[pk]), len(keys)) for pk, keys in wanted.items()}


def _buildings(villages: QuerySet, day: date, sets: dict) -> dict[int, Part]:
    rows = Building.objects.on(day).filter(village__in=villages).values_list("village_id", *BUILDING)
    filled = {pk: sum(value not in (None, "") for value in values) for pk, *values in rows}
    return {pk: Part("building", _("Building"), "rooms", filled.get(pk, 0), len(BUILDING)) for pk in sets}


def _regulations(villages: QuerySet, day: date, sets: dict) -> dict[int, Part]:
    """Those of the catalogue that hold for the village's kind on the day."""
    there = defaultdict(set)
    for pk, regulation in (
        Adoption.objects.required_on(day).filter(village__in=villages).values_list("village_id", "regulation_id")
    ):
        there[pk].add(regulation)
    asked = {AppliesTo.VILLAGE: 0, AppliesTo.COMMUNITY: 0}
    for regulation in Regulation.objects.required_on(day):
        for kind in asked:
            asked[kind] += regulation.applies_to in (AppliesTo.ALL, kind)
    kinds = villages.with_applies_to().order_by().values_list("pk", "falls_under")
    return {pk: Part("regulations", _("Regulations"), "regulations", len(there[pk]), asked[kind]) for pk, kind in kinds}
