"""The room sets that ship with the portal, as rows: 111118 for villages and 11147 for communities."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction

from core.fields import parse_fraction
from facilities.choices import SetState
from facilities.models import EquipmentItem, RoomSet, RoomType

DATA = Path(__file__).parent / "data" / "room_sets.json"


def load(territory_code: str = "") -> list[RoomSet]:
    """Load the sets as published first editions of a territory ("" is everywhere).

    Run again, it adds what is missing and changes nothing that is there.
    """
    with transaction.atomic():
        return [_load(territory_code, values) for values in json.loads(DATA.read_text(encoding="utf-8"))["sets"]]


def _load(territory_code: str, values: dict) -> RoomSet:
    defaults = {
        "name": values["name"],
        "name_en": values["name_en"],
        "state": SetState.PUBLISHED,
        "default_for": values["default_for"],
        "office_area": int(parse_fraction(values["office_area"]) * 100),
        "valid_from": date.fromisoformat(values["valid_from"]),
        "source": values["source"],
    }
    room_set, new = RoomSet.objects.get_or_create(
        territory_code=territory_code, key=values["key"], edition=1, defaults=defaults
    )
    if new:
        RoomType.objects.bulk_create(
            RoomType(room_set=room_set, position=at, group=group, key=key, name=name, name_en=name_en, heading=heading)
            for at, (group, key, name, name_en, heading) in enumerate(values["rooms"], start=1)
        )
        EquipmentItem.objects.bulk_create(
            EquipmentItem(room_set=room_set, position=at, key=key, name=name, name_en=name_en, quantity=quantity)
            for at, (key, name, name_en, quantity) in enumerate(values["equipment"], start=1)
        )
    return room_set
