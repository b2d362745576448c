"""What can be measured of buildings, rooms and equipment, against the room set that holds for each village on the day.

Facts missing are not facts bad: a village of which not every room (or piece of equipment) of its set is on record is
not measured there, and the records to be entered are named among its shortfalls.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import write_hundredths
from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from facilities.choices import Condition, State
from facilities.models import Building, Equipment, EquipmentItem, Room, RoomSet, RoomType
from facilities.querysets import sets_on

# ---- shares of a set: rooms and equipment ----


def _rooms(room_set: RoomSet) -> list[RoomType]:
    return list(room_set.rooms.all())


def _items(room_set: RoomSet) -> list[EquipmentItem]:
    return list(room_set.equipment.all())


def _shares(
    model: type[Model], parts: Callable, met: Callable[[list], Q], villages: QuerySet, period: Period
) -> dict[int, Measure]:
    """Records that satisfy `met` (given the parts of a set), of the parts that the village's set asks for.

    A village that lacks the record of one part is left out. Five queries, and one for each set.
    """
    sets, found = sets_on(villages, period.as_of), {}
    for room_set in {one.pk: one for one in sets.values()}.values():
        if not (asked := parts(room_set)):
            continue
        rows = model.objects.filter(village__in=villages, key__in=[part.key for part in asked]).order_by()
        counts = rows.values("village").annotate(recorded=Count("pk"), num=Count("pk", filter=met(asked)))
        for village, recorded, num in counts.values_list("village", "recorded", "num"):
            if sets.get(village) is room_set and recorded == len(asked):
                found[village] = Measure(num, len(asked))
    return found


@shared
def _records(model: type[Model], villages: QuerySet) -> dict[tuple[int, str], Room | Equipment]:
    """(village, key) → the record. One query."""
    return {(row.village_id, row.key): row for row in model.objects.filter(village__in=villages).order_by()}


@shared
def _numbers(villages: QuerySet) -> list[int]:
    return list(villages.order_by().values_list("pk", flat=True))


def _slots(
    model: type[Model], parts: Callable, villages: QuerySet, period: Period
) -> Iterator[tuple[int, RoomType | EquipmentItem, Room | Equipment | None]]:
    """(village, part that its set asks for, the record of it or None). Six queries."""
    records = _records(model, villages)
    for village, room_set in sets_on(villages, period.as_of).items():
        for part in parts(room_set):
            yield village, part, records.get((village, part.key))


def _room_shortfall(village: int, room: RoomType, record: Room | None) -> Shortfall:
    """The room with what it lacks, and the page to mend it on."""
    if record is None:
        states, url = [State.EMPTY], f"{reverse('facilities:rooms_new')}?village={village}&room_type={room.pk}"
    else:
        states = [state for state in record.states if state != State.SHARED]
        url = reverse("facilities:rooms_edit", args=[record.pk])
    lacks = _(", ").join(str(state.label) for state in states)
    return Shortfall(_("%(what)s: %(lacks)s") % {"what": room.label, "lacks": lacks}, url)


def _gathered(pairs) -> dict[int, list[Shortfall]]:
    found = defaultdict(list)
    for village, shortfall in pairs:
        found[village].append(shortfall)
    return dict(found)


@indicator(
    "rooms_in_place",
    name=gettext_lazy("Rooms of the set in place"),
    kind=Kind.SHARE,
    unit=gettext_lazy("rooms"),
    evidence=gettext_lazy("The record of each room"),
)
def rooms_in_place(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return _shares(Room, _rooms, lambda asked: Q(present=True), villages, period)


@rooms_in_place.shortfalls
def rooms_not_in_place(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    return _gathered(
        (village, _room_shortfall(village, room, record))
        for village, room, record in _slots(Room, _rooms, villages, period)
        if record is None or not record.present
    )


@indicator(
    "rooms_uniform",
    name=gettext_lazy("Rooms with uniform sign, furniture and layout"),
    kind=Kind.SHARE,
    unit=gettext_lazy("rooms"),
    evidence=gettext_lazy("The record of each room"),
)
def rooms_uniform(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of all rooms of the set: one that is not there has no sign either."""
    uniform = Q(present=True, sign=True, furniture=True, layout=True)
    return _shares(Room, _rooms, lambda asked: uniform, villages, period)


@rooms_uniform.shortfalls
def rooms_not_uniform(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    return _gathered(
        (village, _room_shortfall(village, room, record))
        for village, room, record in _slots(Room, _rooms, villages, period)
        if record is None or not record.uniform
    )


@indicator(
    "equipment_complete",
    name=gettext_lazy("Equipment list complete"),
    kind=Kind.SHARE,
    unit=gettext_lazy("items"),
    evidence=gettext_lazy("The quantity on record"),
)
def equipment_complete(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Items of the list that are there in full quantity, of all items of the list."""

    def enough(items: list[EquipmentItem]) -> Q:
        return reduce(or_, (Q(key=item.key, quantity__gte=item.quantity) for item in items))

    return _shares(Equipment, _items, enough, villages, period)


@equipment_complete.shortfalls
def equipment_short(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    return _gathered(
        (village, _equipment_shortfall(village, item, record))
        for village, item, record in _slots(Equipment, _items, villages, period)
        if record is None or record.quantity < item.quantity
    )


def _equipment_shortfall(village: int, item: EquipmentItem, record: Equipment | None) -> Shortfall:
    if record is None:
        label = _("%(what)s: %(lacks)s") % {"what": item.label, "lacks": State.EMPTY.label}
        return Shortfall(label, f"{reverse('facilities:equipment_new')}?village={village}&item={item.pk}")
    facts = {"what": item.label, "there": record.quantity, "asked": item.quantity}
    url = reverse("facilities:equipment_edit", args=[record.pk])
    return Shortfall(_("%(what)s: %(there)d of %(asked)d") % facts, url)


# ---- the building ----


@shared
def _in_use(villages: QuerySet, period: Period) -> dict[int, Building]:
    """Each village's building on the day, by the village's id. One query."""
    rows = Building.objects.on(period.as_of).filter(village__in=villages).order_by("starts_on", "pk")
    return {row.village_id: row for row in rows}


def _building_shortfalls(villages: QuerySet, period: Period, sentence: Callable) -> dict[int, list[Shortfall]]:
    """`sentence(village id, building)` says what a building lacks, "" where nothing; a village without one lacks it."""
    there, found = _in_use(villages, period), {}
    for village in _numbers(villages):
        building = there.get(village)
        if building is None:
            url = f"{reverse('facilities:buildings_new')}?village={village}"
            found[village] = [Shortfall(_("The office building is not on record"), url)]
        elif lacks := sentence(village, building):
            found[village] = [Shortfall(lacks, reverse("facilities:buildings_edit", args=[building.pk]))]
    return found


@indicator(
    "office_area",
    name=gettext_lazy("Office area"),
    kind=Kind.AMOUNT,
    unit=gettext_lazy("m²"),
    evidence=gettext_lazy("The building in use"),
)
def office_area(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Area in use over the area that the village's set asks for, both in hundredths of a square metre."""
    sets = sets_on(villages, period.as_of)
    return {
        village: Measure(building.area, sets[village].office_area)
        for village, building in _in_use(villages, period).items()
        if building.area is not None and village in sets
    }


@office_area.shortfalls
def office_area_short(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    sets = sets_on(villages, period.as_of)

    def sentence(village: int, building: Building) -> str:
        if building.area is None:
            return _("The area of the office building is not on record")
        asked = sets[village].office_area if village in sets else 0
        if building.area >= asked:
            return ""
        facts = {"there": write_hundredths(building.area), "short": write_hundredths(asked - building.area)}
        return _("Office building: %(there)s m², %(short)s m² short") % facts

    return _building_shortfalls(villages, period, sentence)


@indicator(
    "building_sound",
    name=gettext_lazy("Building sound and easy to enter"),
    kind=Kind.YES_NO,
    evidence=gettext_lazy("Condition and access of the building in use"),
)
def building_sound(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Yes when both are known and good, no when one is known to be bad, else not measured."""
    found = {}
    for village, building in _in_use(villages, period).items():
        bad = building.condition in (Condition.REPAIR, Condition.DANGEROUS) or building.easy_access is False
        good = building.condition == Condition.SOUND and building.easy_access is True
        if bad or good:
            found[village] = Measure(int(good))
    return found


@building_sound.shortfalls
def building_not_sound(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    def sentence(village: int, building: Building) -> str:
        lacks = []
        if building.condition != Condition.SOUND:
            lacks.append(building.get_condition_display() or _("condition not on record"))
        if not building.easy_access:
            lacks.append(_("access not on record") if building.easy_access is None else _("not easy to enter"))
        if not lacks:
            return ""
        return _("%(what)s: %(lacks)s") % {"what": building._meta.verbose_name, "lacks": _(", ").join(map(str, lacks))}

    return _building_shortfalls(villages, period, sentence)
