"""Field work: who was in which village on which day, and what was done there."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.records import Record
from surveys.choices import Form
from surveys.models.surveys import Survey, Team
from villages.models import Village


class FieldVisit(Record):
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="visits", verbose_name=_("Survey"))
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="survey_visits", verbose_name=_("Village or community")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("Survey team")
    )
    day = models.DateField(_("Date"))
    form = models.CharField(_("Form of study"), max_length=15, choices=Form.choices, default=Form.VISIT)
    people_met = models.PositiveSmallIntegerField(_("People met"), null=True, blank=True)
    notes = models.TextField(_("Found in the village"), max_length=2000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Field visit")
        verbose_name_plural = _("Field visits")
        ordering = ["-day", "village__code"]
        indexes = [models.Index(fields=["survey", "village"], name="visit_by_village")]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "village", "day", "form"],
                name="visit_once_a_day",
                violation_error_message=_("This visit of that day is entered already: open that record instead."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.day:%Y-%m-%d}"

    def clean(self) -> None:
        if self.team_id and self.survey_id and self.team.survey_id != self.survey_id:
            raise ValidationError({"team": _("This team belongs to another survey: choose one of this survey's.")})
        if self.survey_id and self.village_id and not self.village.scope_code.startswith(self.survey.territory_code):
            raise ValidationError({"village": _("This village lies outside the survey's territory: choose another.")})
        if self.survey_id and self.day and self.day < self.survey.starts_on:
            raise ValidationError({"day": _("The survey had not begun on that day: correct the date.")})
