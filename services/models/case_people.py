"""Who hears, inspects and handles at the three tiers, and in which rooms. The tier is told by the place's code."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.models import Person
from core.records import RegionalRecord
from services.choices_cases import CaseDuty, CaseRoomKind, Tier

#: Digits of a division's code → its tier.
TIERS = {6: Tier.DISTRICT, 9: Tier.TOWNSHIP, 12: Tier.VILLAGE}


class OfATier(RegionalRecord):
    """A row of a village, a township or the district: those below read it too, for they turn to it."""

    class Meta(RegionalRecord.Meta):
        abstract = True

    @property
    def tier(self) -> Tier | None:
        """None for a code of another length."""
        return TIERS.get(len(self.territory_code))

    def clean(self) -> None:
        if not (self.territory_code.isascii() and self.territory_code.isdigit() and self.tier):
            sentence = _("The code of the place has 12 digits for a village, 9 for a township, 6 for the district.")
            raise ValidationError({"territory_code": sentence})


class CasePerson(OfATier):
    """Somebody with one of the three duties: a person on record in the village, or a name."""

    duty = models.CharField(_("Duty"), max_length=10, choices=CaseDuty.choices)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="case_duties",
        verbose_name=pgettext_lazy("on record", "Person"),
    )
    name = models.CharField(
        pgettext_lazy("not on record", "Name"),
        max_length=40,
        blank=True,
        help_text=_("For somebody who is not on record."),
    )
    starts_on = models.DateField(_("Since"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    class Meta(OfATier.Meta):
        verbose_name = _("Person for cases")
        verbose_name_plural = _("People for cases")
        ordering = ["territory_code", "duty", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ ~Q(name=""),
                name="case_person_or_name",
                violation_error_message=_("Choose a person on record, or write a name: one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="case_person_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person_id else self.name

    def clean(self) -> None:
        super().clean()
        if self.person_id and self.person.village.scope_code != self.territory_code:
            raise ValidationError({"person": _("This person is on record elsewhere: write the name instead.")})


class CaseRoom(OfATier):
    """Where people are heard, conditions are looked into, or cases are handled."""

    kind = models.CharField(_("Kind"), max_length=8, choices=CaseRoomKind.choices)
    place = models.CharField(_("Where"), max_length=80)
    hours = models.CharField(pgettext_lazy("open", "Hours"), max_length=80, blank=True)
    telephone = models.CharField(_("Public telephone"), max_length=20, blank=True)

    class Meta(OfATier.Meta):
        verbose_name = _("Room for cases")
        verbose_name_plural = _("Rooms for cases")
        ordering = ["territory_code", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "kind", "place"],
                name="case_room_once",
                violation_error_message=_("This room is on record already: open that record instead."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}{self.get_kind_display()}"
