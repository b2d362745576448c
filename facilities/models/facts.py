"""What a village has: its office building, rooms and equipment.

Facts of a room are kept by its `key`, which is the same in every edition and set, so that a new edition asks for
nothing twice. Areas are whole hundredths of a square metre.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import HundredthsField
from core.records import Record
from facilities.choices import Condition, SetState, State
from facilities.models.base import village_field
from facilities.models.sets import EquipmentItem, RoomType
from facilities.querysets import DatedQuerySet

NOT_OF_DRAFTS = {"room_set__state__in": (SetState.PUBLISHED, SetState.RETIRED)}


class Building(Record):
    """The office building of a village, from the day when it came into use until the day when it was given up."""

    village = village_field("buildings")
    area = HundredthsField(_("Office area (m²)"), null=True, blank=True, validators=[MinValueValidator(1)])
    built_year = models.PositiveSmallIntegerField(
        _("Year built"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    condition = models.CharField(_("Condition"), max_length=10, choices=Condition.choices, blank=True)
    easy_access = models.BooleanField(
        _("Easy to enter"),
        null=True,
        blank=True,
        help_text=_("Found, reached and entered by everybody, old people too."),
    )
    grounds_area = HundredthsField(_("Grounds for culture and sport (m²)"), null=True, blank=True)
    starts_on = models.DateField(_("In use from"), null=True, blank=True)
    ends_on = models.DateField(_("Last day in use"), null=True, blank=True)
    address = models.CharField(_("Where it stands"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Office building")
        verbose_name_plural = _("Office buildings")
        ordering = ["village__code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(ends_on__isnull=True),
                name="building_in_use_once",
                violation_error_message=_(
                    "The village already has a building in use: enter the last day of that one first, or edit it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="building_ends_after_start",
                violation_error_message=_("The last day lies before the first: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return _("Office building of %(village)s") % {"village": self.village}


class Room(Record):
    """What a village has of one room of its set. `key` is the room's, so that the fact outlives the edition."""

    village = village_field("rooms")
    room_type = models.ForeignKey(
        RoomType, models.PROTECT, related_name="rooms", limit_choices_to=NOT_OF_DRAFTS, verbose_name=_("Room")
    )
    key = models.SlugField(_("Key"), max_length=40, blank=True, editable=False)
    present = models.BooleanField(_("Room is there"), default=True)
    area = HundredthsField(_("Area (m²)"), null=True, blank=True, validators=[MinValueValidator(1)])
    sign = models.BooleanField(_("Uniform sign"), default=False)
    furniture = models.BooleanField(_("Uniform furniture"), default=False)
    layout = models.BooleanField(_("Uniform layout"), default=False)
    shared = models.BooleanField(_("Shared"), default=False)
    shared_with = models.CharField(
        _("Shared with"), max_length=60, blank=True, help_text=_("Another room, or another use.")
    )
    note = models.CharField(_("Remark"), max_length=120, blank=True)
    inspected_on = models.DateField(_("Last inspected on"), null=True, blank=True)
    inspected_by = models.CharField(_("Inspected by"), max_length=60, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Room")
        verbose_name_plural = _("Room records")
        ordering = ["village__code", "room_type__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "key"],
                name="room_once_in_a_village",
                violation_error_message=_("This room of the village is on record already: open that record instead."),
            ),
            models.CheckConstraint(
                condition=Q(present=True)
                | Q(sign=False, furniture=False, layout=False, shared=False, area__isnull=True),
                name="room_absent_has_nothing",
                violation_error_message=_(
                    "A room that is not there has no area, sign, furniture, layout or other use: clear them, or say "
                    "that it is there."
                ),
            ),
            models.CheckConstraint(
                condition=Q(shared=True) | Q(shared_with=""),
                name="room_shared_with_when_shared",
                violation_error_message=_("Tick “shared” as well, or clear with what the room is shared."),
            ),
            models.CheckConstraint(
                condition=Q(inspected_by="") | Q(inspected_on__isnull=False),
                name="room_inspected_on_a_day",
                violation_error_message=_("Enter the day of the inspection as well."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.room_type.label}"

    def clean(self) -> None:
        if self.room_type_id:
            self.key = self.room_type.key

    @property
    def uniform(self) -> bool:
        return self.present and self.sign and self.furniture and self.layout

    @property
    def states(self) -> list[State]:
        """All that is to be said of the room, the gravest first; `IN_ORDER` alone where nothing is."""
        if not self.present:
            return [State.MISSING]
        said = (
            (State.NO_SIGN, not self.sign),
            (State.NO_FURNITURE, not self.furniture),
            (State.NO_LAYOUT, not self.layout),
            (State.SHARED, self.shared),
        )
        return [state for state, holds in said if holds] or [State.IN_ORDER]


class Equipment(Record):
    """How many of a piece of equipment a village has."""

    village = village_field("equipment")
    item = models.ForeignKey(
        EquipmentItem,
        models.PROTECT,
        related_name="records",
        limit_choices_to=NOT_OF_DRAFTS,
        verbose_name=_("Equipment"),
    )
    key = models.SlugField(_("Key"), max_length=40, blank=True, editable=False)
    quantity = models.PositiveSmallIntegerField(_("Quantity there"))
    note = models.CharField(_("Remark"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Equipment on record")
        verbose_name_plural = _("Equipment")
        ordering = ["village__code", "item__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "key"],
                name="equipment_once_in_a_village",
                violation_error_message=_(
                    "This equipment of the village is on record already: open that record instead."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.item.label}"

    def clean(self) -> None:
        if self.item_id:
            self.key = self.item.key
