"""A survey: a published version taken to villages in a period, by teams, after a plan."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.records import Record, RegionalRecord, Saved
from core.rights import Rights, declare
from core.roles import DISTRICT, READERS
from core.scoping import RegionalQuerySet
from surveys.choices import Form, Round, Unit, VersionState
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.querysets import OfSurveyQuerySet
from villages.models import Village


class Survey(RegionalRecord):
    """What is asked, of whom, where and when. Its answers are `responses`, its sample plan is `plan`."""

    edition = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, related_name="surveys", verbose_name=_("Version of a questionnaire")
    )
    title = models.CharField(pgettext_lazy("survey", "Title"), max_length=80)
    purpose = models.TextField(pgettext_lazy("survey", "Purpose"), max_length=500, blank=True)
    starts_on = models.DateField(_("Survey begins on"))
    ends_on = models.DateField(_("Survey ends on"))
    unit = models.CharField(_("One sheet stands for"), max_length=10, choices=Unit.choices, default=Unit.RESIDENT)
    form = models.CharField(_("Form of study"), max_length=15, choices=Form.choices, default=Form.QUESTIONNAIRE)
    round = models.CharField(_("Round"), max_length=10, choices=Round.choices, default=Round.ONCE)
    compared_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name=_("Compared with the survey")
    )
    is_reconstructed = models.BooleanField(
        _("Reconstructed"), default=False, editable=False, help_text=_("Answers made anew from printed percentages.")
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)

    objects = RegionalQuerySet.as_manager()

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Survey")
        verbose_name_plural = pgettext_lazy("survey", "Surveys")
        ordering = ["-starts_on", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "title"],
                name="survey_title_once",
                violation_error_message=_("A survey of this title exists already: choose another title."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="survey_days_in_order",
                violation_error_message=_("A survey can't end before it begins: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=~Q(round=Round.AFTER) | Q(compared_with__isnull=False),
                name="survey_after_what",
                violation_error_message=_("Name the survey that this one is compared with."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey", args=[self.pk])

    def is_running(self, day) -> bool:
        return self.starts_on <= day <= self.ends_on

    def clean(self) -> None:
        if self.edition_id and self.edition.state == VersionState.DRAFT:
            raise ValidationError({"edition": _("Only a published version is asked: publish it first.")})
        if self.compared_with_id and self.pk and self.compared_with_id == self.pk:
            raise ValidationError({"compared_with": _("A survey isn't compared with itself: choose the earlier one.")})


class OfSurvey(Saved):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", verbose_name=_("Survey"))

    objects = OfSurveyQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def territory_code(self) -> str:
        return self.survey.territory_code


class Team(OfSurvey):
    """Who goes to the villages; which ones is said by the rows of the plan."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="teams", verbose_name=_("Survey"))
    name = models.CharField(_("Name of the team"), max_length=40)
    leader = models.CharField(_("Led by"), max_length=40, blank=True)
    members = models.CharField(_("Members"), max_length=200, blank=True, help_text=_("Names, divided by 、"))

    class Meta(OfSurvey.Meta):
        verbose_name = _("Survey team")
        verbose_name_plural = _("Survey teams")
        ordering = ["survey", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "name"],
                name="survey_team_once",
                violation_error_message=_("This survey has a team of that name: choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlanRow(Record):
    """How many sheets are due in a village, or in a stratum of it; `base` is the population that they stand for."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="plan", verbose_name=_("Survey"))
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="survey_plans", verbose_name=_("Village or community")
    )
    stratum = models.CharField(
        _("Stratum"), max_length=40, blank=True, help_text=_("As: party members, women; empty for the whole village.")
    )
    planned = models.PositiveSmallIntegerField(_("Sheets planned"))
    base = models.PositiveIntegerField(
        _("Stands for people"),
        null=True,
        blank=True,
        help_text=_("Population of the village or stratum, for weighting."),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="plan", verbose_name=_("Survey team")
    )

    class Meta(Record.Meta):
        verbose_name = _("Row of a sample plan")
        verbose_name_plural = _("Sample plan")
        ordering = ["survey", "village__code", "stratum"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "village", "stratum"],
                name="plan_row_once",
                violation_error_message=_("The plan has this village and stratum already: change that row."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.stratum}".strip()

    def clean(self) -> None:
        if self.survey_id and self.village_id and not self.village.scope_code.startswith(self.survey.territory_code):
            raise ValidationError({"village": _("This village lies outside the survey's territory: choose another.")})
        if self.team_id and self.team.survey_id != self.survey_id:
            raise ValidationError({"team": _("This team belongs to another survey: choose one of this survey's.")})


declare(Team, Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT))
declare(PlanRow, Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT))
