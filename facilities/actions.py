"""What may be done to room sets, buildings and rooms. Every function takes rows, or cells, as a set."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import actions, audit
from core.actions import Invisible, require
from core.evidence.models import Evidence
from core.scoping import SCOPE_FIELD, in_any_range, scopes
from facilities.choices import SetState
from facilities.models import Equipment, EquipmentItem, Room, RoomSet, RoomType
from facilities.querysets import sets_on
from villages.models import Village

#: Cells or rooms that a refusal names; the rest it counts.
NAMED = 3

# ---- room sets ----


def new_edition(by, room_set: RoomSet) -> RoomSet:
    """A draft with the same rooms and equipment, to be changed and published. Raises Refused, Invisible."""
    if not RoomSet.objects.visible_to(by).filter(pk=room_set.pk).exists():
        raise Invisible(_("There is no such room set in your territory."))
    same = RoomSet.objects.filter(territory_code=room_set.territory_code, key=room_set.key)
    newest = same.aggregate(newest=models.Max("edition"))["newest"]
    copy = _copied(room_set, edition=newest + 1)
    with transaction.atomic():
        actions.create(by, [copy])
        for model in (RoomType, EquipmentItem):
            actions.create(by, [_copied(row, room_set=copy) for row in model.objects.filter(room_set=room_set)])
    return copy


def _copied(row: models.Model, **other) -> models.Model:
    kept = [f.name for f in row._meta.fields if f.editable and not f.primary_key and f.name != "saved_at"]
    return type(row)(**{name: getattr(row, name) for name in kept} | other)


def publish_set(by, room_set: RoomSet) -> RoomSet:
    """Publish a draft for good; the edition before it ends on the day before.

    Raises Refused, Invisible, and ValidationError for a set that asks for no room.
    """
    require(by, "publish", RoomSet)
    with transaction.atomic():
        found = RoomSet.objects.visible_to(by, "publish").select_for_update(of=("self",)).filter(pk=room_set.pk).first()
        if found is None:
            raise Invisible(_("This room set is not yours to publish, or it is published already."))
        if not found.rooms.exists():
            raise ValidationError(_("The set asks for no room yet: add its rooms, then publish it."))
        _move(by, "publish", found, state=SetState.PUBLISHED)
        same = RoomSet.objects.filter(territory_code=found.territory_code, key=found.key, state=SetState.PUBLISHED)
        for old in same.exclude(pk=found.pk):
            before = found.valid_from - timedelta(days=1)
            earlier = before >= old.valid_from and (old.valid_until is None or before < old.valid_until)
            _move(by, "retire", old, state=SetState.RETIRED, valid_until=before if earlier else old.valid_until)
    return found


def _move(by, verb: str, room_set: RoomSet, **values) -> None:
    before = audit.snapshot(room_set, values)
    for name, value in values.items():
        setattr(room_set, name, value)
    room_set.saved_by = by.name
    room_set.version += 1
    room_set.save(update_fields=[*values, "saved_at", "saved_by", "version"])
    audit.write(
        by,
        verb,
        [room_set],
        codes={room_set.pk: room_set.territory_code},
        before={room_set.pk: before},
        after={room_set.pk: audit.snapshot(room_set, values)},
    )


# ---- rows that hold from a day to a day: assignments, buildings ----


def create_dated(by, rows: Sequence[models.Model], *, reason: str = "") -> list[models.Model]:
    """As `core.actions.create`, for rows of which a village has one on any day."""
    with _one_at_a_time(rows):
        return actions.create(by, rows, reason=reason)


def update_dated(by, rows: Sequence[models.Model], fields: Iterable[str], *, reason: str = "") -> list[models.Model]:
    """As `core.actions.update`, with the same condition."""
    with _one_at_a_time(rows):
        return actions.update(by, rows, fields, reason=reason)


@contextmanager
def _one_at_a_time(rows: Sequence[models.Model]):
    """What is written inside is undone where two rows of a village overlap.

    The villages are locked meanwhile, so that two people can't each write one half of an overlap.
    """
    villages = {row.village_id for row in rows}
    with transaction.atomic():
        list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(of=("self",)))
        yield
        if rows:
            _refuse_overlaps(type(rows[0]).objects.filter(village__in=villages).select_related("village"))


def _refuse_overlaps(rows: models.QuerySet) -> None:
    spans = sorted((r.village_id, r.starts_on or date.min, r.ends_on or date.max, r.village.name) for r in rows)
    for (village, _start, end, name), (other, start, _end, _name) in pairwise(spans):
        if village == other and start <= end:
            sentence = _("%(village)s has another record for that time: let one end before the other begins.")
            raise ValidationError({"starts_on": sentence % {"village": name}})


# ---- rooms and equipment ----


@dataclass(frozen=True)
class Cell:
    """What is to stand on record of one room of one village. `facts` are fields of Room; None clears the record.

    `version` is the version that the person saw, 0 for no record; None doesn't ask.
    """

    village: Village
    room_type: RoomType
    facts: Mapping[str, object] | None
    version: int | None = None

    @property
    def slot(self) -> tuple[int, str]:
        return self.village.pk, self.room_type.key


class StaleCells(ValidationError):
    """Others saved, or cleared, some of the cells after they were read: each by name, with what stands now."""

    def __init__(self, stale: Sequence[tuple[Cell, Room | None]]):
        said = [_told(cell, room) for cell, room in stale[:NAMED]]
        if (more := len(stale) - NAMED) > 0:
            said.append(ngettext("So was %(n)d more cell.", "So were %(n)d more cells.", more) % {"n": more})
        super().__init__([*said, _("Nothing of yours was written: set it again where yours is right.")])


def _told(cell: Cell, room: Room | None) -> str:
    place = f"{cell.village} · {cell.room_type.label}"
    if room is None:
        return _("%(place)s was cleared after you read it.") % {"place": place}
    facts = {
        "place": place,
        "name": room.saved_by or "—",
        "time": timezone.localtime(room.saved_at).strftime("%H:%M:%S"),
        "now": _(", ").join(str(state.label) for state in room.states),
    }
    return _("%(place)s: %(name)s saved “%(now)s” at %(time)s, after you read it.") % facts


def set_rooms(by, cells: Sequence[Cell], *, day: date, reason: str = "") -> dict[tuple[int, str], Room]:
    """Create, change or clear rooms, a cell each; a fact that a cell doesn't name stays as it is.

    Returns the rooms that stand now, by village id and the room's key. Raises Refused, Invisible, StaleCells, and
    ValidationError for a room of another set than the village's on `day`, two cells for one room, facts that don't go
    together, or clearing a room that bears photos; then nothing is written. However many cells, the number of queries
    is the same.
    """
    if len({cell.slot for cell in cells}) < len(cells):
        raise ValidationError(_("A room of a village is named twice: keep one of the two."))
    require(by, "change", Room)
    _refuse_foreign(by, {cell.village.pk for cell in cells})
    with transaction.atomic():
        _refuse_other_sets({cell.slot: cell.room_type for cell in cells}, day)
        there = _on_record(by, cells)
        if stale := [(cell, there.get(cell.slot)) for cell in cells if _is_stale(cell, there.get(cell.slot))]:
            raise StaleCells(stale)
        new, kept, cleared = [], [], []
        for cell in cells:
            room = there.get(cell.slot)
            if cell.facts is None:
                cleared += [room] if room else []
            elif room is None:
                new.append(Room(village=cell.village, room_type=cell.room_type, **cell.facts))
            else:
                kept.append(_with_facts(room, cell))
        _refuse_photographed(cleared)
        fields = {"room_type"}.union(*(cell.facts or () for cell in cells))
        actions.create(by, new, reason=reason)
        actions.update(by, kept, sorted(fields), reason=reason)
        actions.delete(by, cleared, reason=reason)
    return {(room.village_id, room.key): room for room in (*new, *kept)}


def _refuse_foreign(by, villages: set[int]) -> None:
    """Before anything else is said of them: not even that a room is on record."""
    mine = in_any_range(SCOPE_FIELD, scopes(by, "change", Room))
    if Village.objects.filter(mine, pk__in=villages).count() < len(villages):
        raise Invisible(_("There is no such village in your territory."))


def _on_record(by, cells: Sequence[Cell]) -> dict[tuple[int, str], Room]:
    """The rooms as they stand. Their villages are locked, so that of two who enter one room the second sees the first's."""
    villages, keys = {cell.village.pk for cell in cells}, {cell.room_type.key for cell in cells}
    list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(of=("self",), no_key=True))
    rooms = Room.objects.visible_to(by).filter(village__in=villages, key__in=keys)
    return {(room.village_id, room.key): room for room in rooms}


def _is_stale(cell: Cell, room: Room | None) -> bool:
    return cell.version is not None and cell.version != (room.version if room else 0)


def _refuse_photographed(rooms: Sequence[Room]) -> None:
    """Photos hang on the record: without it nobody would see them again."""
    photos = Evidence.objects.counts(Room, [room.pk for room in rooms]) if rooms else {}
    if borne := [str(room) for room in rooms if room.pk in photos]:
        facts = {"names": _(", ").join(borne[:NAMED]), "n": len(borne)}
        raise ValidationError(
            _("%(names)s: photos or files are attached (%(n)d cells). Revoke those first, then clear.") % facts
        )


def _with_facts(room: Room, cell: Cell) -> Room:
    room.village, room.room_type = cell.village, cell.room_type
    for name, value in cell.facts.items():
        setattr(room, name, value)
    return room


def _refuse_other_sets(slots: Mapping[tuple[int, str], RoomType | EquipmentItem], day: date) -> None:
    """Two sets may have rooms of the same name: one of the other set would be on record and count nowhere."""
    villages = Village.objects.filter(pk__in={village for village, _key in slots})
    sets = sets_on(villages, day)
    for (village, _key), part in slots.items():
        own = sets.get(village)
        if own is None or own.key != part.room_set.key:
            facts = {"village": villages.get(pk=village), "key": own.key if own else "—", "name": part.label}
            raise ValidationError(
                _("%(village)s has room set %(key)s on that day: choose “%(name)s” of that set.") % facts
            )


def create_parts(by, rows: Sequence[Room | Equipment], *, day: date, reason: str = "") -> list[Room | Equipment]:
    """As `core.actions.create`; ValidationError too for a row of another set than its village's on `day`."""
    _refuse_other_sets({(row.village_id, _part(row).key): _part(row) for row in rows}, day)
    return actions.create(by, rows, reason=reason)


def update_parts(by, rows: Sequence[Room | Equipment], fields: Iterable[str], *, day: date, reason: str = "") -> list:
    """As `core.actions.update`, with the question of `create_parts`."""
    _refuse_other_sets({(row.village_id, _part(row).key): _part(row) for row in rows}, day)
    return actions.update(by, rows, [*fields, "key"], reason=reason)


def _part(row: Room | Equipment) -> RoomType | EquipmentItem:
    return row.room_type if isinstance(row, Room) else row.item
