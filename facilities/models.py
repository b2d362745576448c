"""The rooms that a village must have, as a versioned standard, and what is there: building, rooms, equipment.

A set (111118, 11147) is an edition: drafted, published, never changed after; a correction is a new edition. What a
village has is kept by the `key` of the room, which is the same in every edition and set, so that a new edition asks for
nothing twice. Areas are whole hundredths of a square metre.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import HundredthsField
from core.records import Named, Record, RegionalRecord, Saved
from facilities.choices import Condition, RoomGroup, SetState, State
from facilities.querysets import LEVELS, DatedQuerySet, OfSetQuerySet, RoomSetQuerySet
from villages.choices import AppliesTo
from villages.models import Village

FROZEN = _("A published room set never changes. Make a new edition and change that.")

NOT_OF_DRAFTS = {"room_set__state__in": (SetState.PUBLISHED, SetState.RETIRED)}


def village_field(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(Village, models.PROTECT, related_name=related_name, verbose_name=_("Village or community"))


class RoomSet(Named, RegionalRecord):
    """Which rooms, how much area and which equipment are asked, from which day, in which territory."""

    key = models.SlugField(_("Short name"), max_length=20, help_text=_("As everybody calls it: 111118."))
    edition = models.PositiveSmallIntegerField(_("Edition"), default=1, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=SetState.choices, default=SetState.DRAFT, editable=False
    )
    default_for = models.CharField(
        _("Holds by itself for"),
        max_length=10,
        choices=AppliesTo.choices,
        blank=True,
        help_text=_("Empty: for those villages alone that it is assigned to."),
    )
    office_area = HundredthsField(_("Office area (m²)"), validators=[MinValueValidator(1)])
    valid_from = models.DateField(_("In force from"))
    valid_until = models.DateField(_("In force until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)

    objects = RoomSetQuerySet.as_manager()

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Room set")
        verbose_name_plural = _("Room sets")
        ordering = ["key", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "key", "edition"],
                name="room_set_edition_once",
                violation_error_message=_("This room set exists already: open it and make a new edition."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="room_set_until_after_from",
                violation_error_message=_("“In force until” lies before “in force from”: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(key)s, edition %(edition)d") % {"key": self.key, "edition": self.edition}

    @property
    def is_draft(self) -> bool:
        return self.state == SetState.DRAFT

    def clean(self) -> None:
        if len(self.territory_code) not in LEVELS:
            raise ValidationError({"territory_code": _("A room set holds for a district or more: at most 6 digits.")})


class OfSet(Named, Saved):
    """A row of a set: written while that is a draft, and never again."""

    room_set = models.ForeignKey(RoomSet, models.CASCADE, related_name="+", verbose_name=_("Room set"))
    key = models.SlugField(
        _("Key"), max_length=40, help_text=_("The same in every edition and set: facts are kept by it.")
    )
    position = models.PositiveSmallIntegerField(_("Position"))

    objects = OfSetQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        edition = self.room_set.edition
        return f"{self.room_set.key}{f' ({edition})' if edition > 1 else ''} {self.label}"

    @property
    def territory_code(self) -> str:
        """Where the audit files the row."""
        return self.room_set.territory_code

    def clean(self) -> None:
        if self.room_set_id and not self.room_set.is_draft:
            raise ValidationError(FROZEN)


class RoomType(OfSet):
    """A room that a set asks for."""

    room_set = models.ForeignKey(RoomSet, models.CASCADE, related_name="rooms", verbose_name=_("Room set"))
    group = models.CharField(_("Kind of room"), max_length=10, choices=RoomGroup.choices)
    heading = models.CharField(
        _("Short heading"), max_length=30, blank=True, help_text=_("In the room matrix; “/” breaks the line.")
    )

    class Meta(OfSet.Meta):
        verbose_name = _("Room of a set")
        verbose_name_plural = _("Rooms of a set")
        ordering = ["room_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["room_set", "key"],
                name="room_type_once_in_a_set",
                violation_error_message=_("The set already has a room of this key."),
            )
        ]

    @property
    def heading_lines(self) -> list[str]:
        """The heading of a narrow column; in another language than Chinese the name, which breaks by itself."""
        return self.heading.split("/") if self.heading and self.label == self.name else [self.label]


class EquipmentItem(OfSet):
    """A piece of equipment that a set asks for, and how many of it."""

    room_set = models.ForeignKey(RoomSet, models.CASCADE, related_name="equipment", verbose_name=_("Room set"))
    quantity = models.PositiveSmallIntegerField(_("Quantity asked"), default=1, validators=[MinValueValidator(1)])

    class Meta(OfSet.Meta):
        verbose_name = _("Equipment of a set")
        verbose_name_plural = _("Equipment of a set")
        ordering = ["room_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["room_set", "key"],
                name="equipment_item_once_in_a_set",
                violation_error_message=_("The set already has equipment of this key."),
            )
        ]


class SetAssignment(Record):
    """Another set than that of its kind holds for a village, from a day until another."""

    village = village_field("set_assignments")
    room_set = models.ForeignKey(
        RoomSet,
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("Room set"),
        help_text=_("Later editions of the set follow by themselves."),
    )
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Assignment of a room set")
        verbose_name_plural = _("Assignments of room sets")
        ordering = ["village__code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(ends_on__isnull=True),
                name="set_assignment_open_once",
                violation_error_message=_(
                    "The village already has an assignment without end: enter its last day first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="set_assignment_ends_after_start",
                violation_error_message=_("The last day lies before the first: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.room_set}"

    def clean(self) -> None:
        if self.room_set_id and self.room_set.is_draft:
            raise ValidationError({"room_set": _("A draft can't be assigned: publish the set first.")})


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
    key = models.SlugField(max_length=40, blank=True, editable=False)
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
    key = models.SlugField(max_length=40, blank=True, editable=False)
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
