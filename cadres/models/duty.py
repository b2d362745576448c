"""The duty rota: who is on duty in a village on a day, and whether he was there."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cadres.choices_development import DUTY_KEPT, DutyState
from cadres.models.people import Person
from cadres.querysets_development import DutyQuerySet
from core.records import Record
from villages.models import Village


class DutyDay(Record):
    """One person on duty on one day. A day that went by without a check-in was missed; nobody writes that down."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="duty_days", verbose_name=_("Village or community")
    )
    day = models.DateField(_("Date"), db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="duty_days", verbose_name=_("On duty"))
    state = models.CharField(_("State"), max_length=8, choices=DutyState.choices, default=DutyState.DUE)
    checked_in_at = models.DateTimeField(_("Checked in at"), null=True, blank=True, editable=False)
    note = models.CharField(_("Note"), max_length=120, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Duty day")
        verbose_name_plural = _("Duty days")
        ordering = ["-day", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "day"],
                name="duty_one_a_day",
                violation_error_message=_("Somebody is on duty in this village that day already: edit that record."),
            )
        ]
        indexes = [models.Index(fields=["village", "state", "day"], name="duty_of_village")]

    def __str__(self) -> str:
        return f"{self.village} {self.day} {self.person}"

    @property
    def is_kept(self) -> bool:
        return self.state in DUTY_KEPT

    def clean(self) -> None:
        if self.state in (DutyState.EXCUSED, DutyState.ABSENT) and not self.note.strip():
            raise ValidationError({"note": _("Say why nobody was on duty.")})
        by_hand = self.state in DUTY_KEPT and self.checked_in_at is None
        if by_hand and not self.note.strip():
            raise ValidationError({"note": _("Nobody checked in on the day: say how it is known that duty was kept.")})
