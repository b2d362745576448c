"""Runs and what came out of them, and the day of the yearly one. Scores are whole hundredths."""

from typing import NamedTuple

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.jobs import JobState
from core.jobs.models import Job
from core.periods import Period
from core.records import RegionalRecord
from core.rights import Rights, declare
from core.roles import READERS
from core.scoping import Regional, Scoped
from scoring.choices import Group, Verdict
from scoring.models.standards import DISTRICT, Standard
from scoring.querysets import ResultQuerySet, RunQuerySet
from scoring.rules import Line
from villages.models import Village


class Run(Regional):
    """One standard × one year × one territory × one cut-off. Its work and its state are the job's.

    A finished run is sealed by its digest and never rewritten; a later one stands beside it.
    """

    job = models.OneToOneField(Job, models.PROTECT, related_name="scoring_run", verbose_name=_("Long work"))
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="runs", verbose_name=_("Standard"))
    year = models.PositiveSmallIntegerField(_("Year"))
    cutoff = models.DateField(_("Cut-off date"), help_text=_("Facts after this day don't count."))
    territory_name = models.CharField(_("Territory"), max_length=60, blank=True)
    scheduled = models.BooleanField(_("Started by the schedule"), default=False)
    total = models.PositiveIntegerField(_("Villages and communities"), default=0)
    digest = models.CharField(_("Digest"), max_length=64, blank=True)
    sealed_at = models.DateTimeField(_("Sealed"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta(Regional.Meta):
        verbose_name = _("Scoring run")
        verbose_name_plural = _("Scoring runs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["year", "territory_code", "sealed_at"], name="run_current")]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "territory_code"], condition=Q(scheduled=True), name="run_scheduled_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(digest="", sealed_at__isnull=True) | (~Q(digest="") & Q(sealed_at__isnull=False)),
                name="run_sealed_with_digest",
            ),
        ]

    def __str__(self) -> str:
        return _("Scoring of %(year)d, %(territory)s, facts until %(cutoff)s") % {
            "year": self.year,
            "territory": self.territory_name or self.territory_code,
            "cutoff": self.cutoff,
        }

    def get_absolute_url(self) -> str:
        return reverse("scoring:run", args=[self.pk])

    @property
    def is_sealed(self) -> bool:
        return bool(self.digest)

    @property
    def period(self) -> Period:
        return Period(self.year, self.cutoff)

    @property
    def done(self) -> int:
        """Villages graded so far."""
        return self.total if self.is_sealed else self.results.count()

    @property
    def seconds(self) -> float | None:
        """From the work's beginning to its end, or until now."""
        if self.job.started_at is None:
            return None
        return ((self.job.finished_at or timezone.now()) - self.job.started_at).total_seconds()

    @property
    def may_stop(self) -> bool:
        return self.job.is_active

    @property
    def may_resume(self) -> bool:
        return self.job.state in (JobState.FAILED, JobState.CANCELLED)

    def villages(self):
        """The villages and communities that the run grades."""
        return Village.objects.in_territory(self.territory_code).on(self.period.as_of)


def score_field(name):
    return models.PositiveIntegerField(name, null=True)


def verdict_field(name):
    return models.CharField(name, max_length=12, choices=Verdict.choices)


class Cell(NamedTuple):
    """One group of one village, as a table shows it; a score that is undetermined is not shown."""

    group: Group
    score: int | None
    state: str
    must_failed: bool

    @property
    def undetermined(self) -> bool:
        return self.state == Verdict.UNDETERMINED

    @property
    def passed(self) -> bool:
        return self.state == Verdict.MEETS


class Result(Scoped):
    """One village in one run. Scores in hundredths, None where nothing was measurable; three states everywhere."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results", verbose_name=_("Scoring run"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="results", verbose_name=_("Village or community"))
    functions_score = score_field(_("Functions and affairs, score"))
    functions_state = verdict_field(_("Functions and affairs"))
    team_score = score_field(_("Team management, score"))
    team_state = verdict_field(_("Team management"))
    facilities_score = score_field(_("Facilities and rooms, score"))
    facilities_state = verdict_field(_("Facilities and rooms"))
    rules_score = score_field(_("Rules and regulations, score"))
    rules_state = verdict_field(_("Rules and regulations"))
    musts_failed = models.PositiveSmallIntegerField(_("Failed musts"), default=0, help_text=_("A bit for each group."))
    total = score_field(_("Total score"))
    verdict = verdict_field(_("All four"))
    veto = models.BooleanField(_("Veto"), default=False)
    met = models.PositiveSmallIntegerField(_("Groups met"))

    objects = ResultQuerySet.as_manager()

    class Meta(Scoped.Meta):
        verbose_name = _("Result")
        verbose_name_plural = _("Results")
        ordering = ["run", "village__code"]
        constraints = [models.UniqueConstraint(fields=["run", "village"], name="result_once_a_run")]

    def __str__(self) -> str:
        return f"{self.village} {self.run}"

    def score(self, group: str) -> int | None:
        return getattr(self, f"{group}_score")

    def state(self, group: str) -> str:
        return getattr(self, f"{group}_state")

    def must_failed(self, group: str) -> bool:
        return bool(self.musts_failed & must_bit(group))

    @property
    def cells(self) -> list["Cell"]:
        """The four groups in order, for a row of a table."""
        return [Cell(group, self.score(group), self.state(group), self.must_failed(group)) for group in Group]


def must_bit(group: str) -> int:
    return 1 << Group.values.index(group)


class Breakdown(Scoped):
    """Criterion by criterion: compact JSON, [number, num, den, points, maximum, flags] each; see `rules.Line`."""

    territory = "result__village"

    result = models.OneToOneField(
        Result, models.CASCADE, primary_key=True, related_name="breakdown", verbose_name=_("Result")
    )
    rows = models.JSONField(_("Lines"), default=list)

    class Meta(Scoped.Meta):
        verbose_name = _("Breakdown")
        verbose_name_plural = _("Breakdowns")

    def __str__(self) -> str:
        return str(self.result)

    @property
    def lines(self) -> list[Line]:
        return [Line(*row) for row in self.rows]


class ScoringSchedule(RegionalRecord):
    """On this day of each year the territory is scored. The daily task reads it and catches up what it missed."""

    month = models.PositiveSmallIntegerField(_("Month"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    day = models.PositiveSmallIntegerField(_("Day"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    of_previous_year = models.BooleanField(_("Scores the year before"), default=False)
    enabled = models.BooleanField(_("In use"), default=True)

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Yearly scoring")
        verbose_name_plural = _("Yearly scoring dates")
        ordering = ["territory_code", "month", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code"],
                name="schedule_once",
                violation_error_message=_("This territory already has a yearly date: change that one."),
            )
        ]

    def __str__(self) -> str:
        return _("%(territory)s every year on %(month)02d-%(day)02d") % {
            "territory": self.territory_code,
            "month": self.month,
            "day": self.day,
        }


declare(Run, Rights(view=READERS, run=DISTRICT))
declare(Result, Rights(view=READERS, trial=READERS))
declare(Breakdown, Rights(view=READERS))
