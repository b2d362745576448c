"""The rooms that a village must have, as a versioned standard.

A set (111118, 11147) is an edition: drafted, published, never changed after; a correction is a new edition. Areas are
whole hundredths of a square metre.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import HundredthsField
from core.records import Named, Record, RegionalRecord, Saved
from facilities.choices import RoomGroup, SetState
from facilities.models.base import village_field
from facilities.querysets import LEVELS, DatedQuerySet, OfSetQuerySet, RoomSetQuerySet
from villages.choices import AppliesTo

FROZEN = _("A published room set never changes. Make a new edition and change that.")


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
