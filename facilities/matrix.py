"""The room matrix: villages × rooms of their set, with what is on record in each cell.

Seven queries for any number of villages: them, their sets, their rooms; one more for the photos.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core.evidence.models import Evidence
from core.evidence.panel import page_of
from core.fields import write_hundredths
from core.scoping import scopes
from facilities.choices import State
from facilities.models import Room, RoomSet, RoomType
from facilities.querysets import sets_on
from villages.models import Village

#: What stands in a cell; the check mark of IN_ORDER is an icon.
MARKS = {
    State.EMPTY: "·",
    State.MISSING: gettext_lazy("no room"),
    State.NO_SIGN: gettext_lazy("no sign"),
    State.NO_FURNITURE: gettext_lazy("no furn."),
    State.NO_LAYOUT: gettext_lazy("no layout"),
    State.SHARED: gettext_lazy("joint"),
}
LACKS = {State.MISSING, State.NO_SIGN, State.NO_FURNITURE, State.NO_LAYOUT}


class Show(TextChoices):
    """Which rows of the matrix."""

    ALL = "all", gettext_lazy("All")
    GAPS = "gaps", gettext_lazy("With gaps")
    EMPTY = "empty", gettext_lazy("Not filled in")


class View(TextChoices):
    """What the cells say of a room."""

    STATE = "state", gettext_lazy("There and marked")
    AREA = "area", gettext_lazy("Area")
    PHOTOS = "photos", gettext_lazy("Photos")


@dataclass
class Cell:
    village: Village
    room: RoomType
    record: Room | None
    editable: bool
    day: date
    view: View = View.STATE
    photos: int = 0

    @property
    def name(self) -> str:
        """How the page's script calls the cell."""
        return f"{self.village.pk}-{self.room.pk}"

    @cached_property
    def states(self) -> list[State]:
        return self.record.states if self.record else [State.EMPTY]

    @property
    def first(self) -> State:
        return self.states[0]

    @property
    def in_order(self) -> bool:
        return self.first == State.IN_ORDER

    @property
    def marks(self) -> str:
        return ("" if (get_language() or "").startswith("zh") else " ").join(str(MARKS[state]) for state in self.states)

    @property
    def words(self) -> str:
        return _(", ").join(str(state.label) for state in self.states)

    @property
    def is_there(self) -> bool:
        return self.record is not None and self.record.present

    @property
    def face(self) -> str:
        """What stands in the cell, in the view chosen."""
        if self.view == View.STATE or not self.is_there:
            return self.marks
        return str(self.photos) if self.view == View.PHOTOS else self.area or str(MARKS[State.EMPTY])

    @property
    def said(self) -> str:
        """The same in words."""
        if self.view == View.STATE or not self.is_there:
            return self.words
        if self.view == View.PHOTOS:
            return ngettext("%(n)d photo", "%(n)d photos", self.photos) % {"n": self.photos}
        return _("%(area)s m²") % {"area": self.area} if self.area else _("Area not filled in")

    @property
    def last(self) -> str:
        """Who saved the room last, and when."""
        room = self.record
        return _("Last: %(who)s %(when)s") % {
            "who": room.saved_by or "—",
            "when": when(room.saved_at, self.day, exact=True),
        }

    @property
    def flags(self) -> str:
        """present, sign, furniture, layout, shared as 0 and 1, for the page's script."""
        room = self.record
        return "".join("01"[flag] for flag in (room.present, room.sign, room.furniture, room.layout, room.shared))

    @property
    def area(self) -> str:
        return "" if self.record.area is None else write_hundredths(self.record.area)

    @property
    def url(self) -> str:
        """Where the cell leads: the room's form or its photos; "" where nothing is to be read or may be entered."""
        if self.record and self.view == View.PHOTOS:
            return page_of(self.record)
        if self.record:
            return reverse(f"facilities:rooms_{'edit' if self.editable else 'detail'}", args=[self.record.pk])
        if not self.editable:
            return ""
        return f"{reverse('facilities:rooms_new')}?village={self.village.pk}&room_type={self.room.pk}"


@dataclass
class Row:
    village: Village
    cells: list[Cell]
    editable: bool

    @property
    def there(self) -> int:
        return sum(cell.is_there for cell in self.cells)

    @property
    def filled(self) -> int:
        return sum(cell.record is not None for cell in self.cells)

    @property
    def is_low(self) -> bool:
        """More than one room in five is missing; one that nobody has filled in is not missing."""
        return (self.filled - self.there) * 5 > len(self.cells)

    @property
    def has_gaps(self) -> bool:
        return any(LACKS.intersection(cell.states) for cell in self.cells)

    @property
    def is_unfilled(self) -> bool:
        return self.filled < len(self.cells)

    @property
    def last(self) -> Room | None:
        """The room of the row that was saved last."""
        return max((cell.record for cell in self.cells if cell.record), key=lambda room: room.saved_at, default=None)

    def shown(self, show: str) -> bool:
        return show == Show.ALL or (self.has_gaps if show == Show.GAPS else self.is_unfilled)


@dataclass
class Table:
    """The rows of the villages that have one set. `groups` are (label, number of rooms)."""

    room_set: RoomSet
    rows: list[Row]

    @cached_property
    def rooms(self) -> list[RoomType]:
        return list(self.room_set.rooms.all())

    @property
    def groups(self) -> list[tuple[str, int]]:
        runs = [
            (next(run), 1 + sum(1 for _room in run)) for _group, run in groupby(self.rooms, lambda room: room.group)
        ]
        return [
            (_("%(count)d × %(group)s") % {"count": count, "group": room.get_group_display()}, count)
            for room, count in runs
        ]

    @property
    def there(self) -> list[int]:
        """For each room, in how many of the rows it is there."""
        columns = zip(*(row.cells for row in self.rows), strict=True)
        return [sum(cell.is_there for cell in column) for column in columns]

    def narrowed(self, show: str) -> "Table":
        return Table(self.room_set, [row for row in self.rows if row.shown(show)])


def build(user, villages: QuerySet, day: date) -> list[Table]:
    """The matrix of the villages given, those of one set in one table, the set of most villages first."""
    villages = villages.select_related("township")
    sets = sets_on(villages, day)
    rooms = Room.objects.visible_to(user).filter(village__in=villages).order_by()
    records = {(room.village_id, room.key): room for room in rooms}
    mine = scopes(user, "change", Room)
    tables: dict[int, Table] = {}
    for village in villages:
        if room_set := sets.get(village.pk):
            table = tables.setdefault(room_set.pk, Table(room_set, []))
            table.rows.append(_row(village, table.rooms, records, village.scope_code.startswith(mine), day))
    return sorted(tables.values(), key=lambda table: -len(table.rows))


def _row(village: Village, rooms: Iterable[RoomType], records: dict, editable: bool, day: date) -> Row:
    cells = [Cell(village, room, records.get((village.pk, room.key)), editable, day) for room in rooms]
    return Row(village, cells, editable)


def seen_as(view: View, tables: Iterable[Table]) -> None:
    """Let the cells speak as the view has it, with the number of their photos. One query."""
    cells = [cell for table in tables for row in table.rows for cell in row.cells if cell.record]
    photos = Evidence.objects.counts(Room, [cell.record.pk for cell in cells])
    for cell in cells:
        cell.view, cell.photos = view, photos.get(cell.record.pk, 0)


def when(moment: datetime, day: date, *, exact: bool = False) -> str:
    """A moment as people say it: today and yesterday by the clock on the wall, else the date, `exact` to the minute.

    The year is left out where it is that of `day`, the day of business.
    """
    local = timezone.localtime(moment)
    ago = (timezone.localdate() - local.date()).days
    if ago == 0:
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    if ago == 1:
        return _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    said = f"{local:%m-%d}" if local.year == day.year else f"{local:%Y-%m-%d}"
    return f"{said} {local:%H:%M}" if exact else said
