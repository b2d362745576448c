"""Standards and their criteria, runs, and what came out of them. Points and scores are whole hundredths."""

from fractions import Fraction
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import FractionField, HundredthsField, parse_fraction
from core.indicators import Kind
from core.jobs import JobState
from core.jobs.models import Job
from core.records import Named, RegionalRecord, Saved
from core.periods import Period
from core.rights import Rights, declare
from core.roles import READERS, Role
from core.scoping import Regional, Scoped
from scoring.choices import Group, RuleKind, StandardState, Unmeasured, Verdict
from scoring.engine import StandardTerms
from scoring.fields import IndicatorField, StepsField
from scoring.querysets import OfStandardQuerySet, ResultQuerySet, RunQuerySet, StandardQuerySet
from scoring.rules import Line, Terms
from villages.choices import AppliesTo
from villages.models import Village

FULL = 100_00  # points of a group, in hundredths
DISTRICT = frozenset({Role.DISTRICT})

FROZEN = _("A published standard never changes. Make a new edition and change that.")


class Standard(Named, RegionalRecord):
    """What is asked of villages, for which years and territory. Published once, it never changes."""

    edition = models.PositiveSmallIntegerField(_("Edition"), default=1, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=StandardState.choices, default=StandardState.DRAFT, editable=False
    )
    first_year = models.PositiveSmallIntegerField(
        _("First year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    last_year = models.PositiveSmallIntegerField(
        _("Last year"), null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="editions",
        verbose_name=_("Supersedes"),
    )
    note = models.TextField(
        _("Note"), blank=True, help_text=_("What it rests on, or why it differs from the last one.")
    )

    objects = StandardQuerySet.as_manager()

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Standard")
        verbose_name_plural = _("Standards")
        ordering = ["-first_year", "name", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "name", "edition"],
                name="standard_edition_once",
                violation_error_message=_("A standard of this name and edition exists already: give it another name."),
            ),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="standard_years_in_order",
                violation_error_message=_("The last year lies before the first: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s, edition %(edition)d") % {"name": self.label, "edition": self.edition}

    def get_absolute_url(self) -> str:
        return reverse("scoring:standards_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == StandardState.DRAFT

    def holds_for(self, year: int, territory_code: str) -> bool:
        inside = territory_code.startswith(self.territory_code)
        return inside and self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def terms(self) -> StandardTerms:
        """The standard as it is graded; two queries."""
        criteria = tuple(criterion.terms() for criterion in self.criteria.order_by("number"))
        marks = {row.group: (row.pass_mark, row.min_measurable) for row in self.groups.all()}
        return StandardTerms(criteria, marks)


class OfStandard(Saved):
    """A row of a standard: written while that is a draft, and never again."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="+", verbose_name=_("Standard"))
    group = models.CharField(_("Group"), max_length=12, choices=Group.choices)

    objects = OfStandardQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def territory_code(self) -> str:
        """Where the audit files the row."""
        return self.standard.territory_code

    def clean(self) -> None:
        if self.standard_id and not self.standard.is_draft:
            raise ValidationError(FROZEN)


class StandardGroup(OfStandard):
    """One of the four standardisations in a standard: what it takes to pass."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="groups", verbose_name=_("Standard"))
    pass_mark = HundredthsField(_("Pass mark"), default=80_00, validators=[MaxValueValidator(FULL)])
    min_measurable = HundredthsField(
        _("Least measurable points"),
        default=60_00,
        validators=[MaxValueValidator(FULL)],
        help_text=_("With fewer points measurable the group is undetermined."),
    )

    class Meta(OfStandard.Meta):
        verbose_name = _("Group of a standard")
        verbose_name_plural = _("Groups of a standard")
        ordering = ["standard", "pk"]
        constraints = [models.UniqueConstraint(fields=["standard", "group"], name="standard_group_once")]

    def __str__(self) -> str:
        return self.get_group_display()


class Criterion(Named, OfStandard):
    """An indicator with its points and its rule. Marks are exact fractions: 95%, 1/3, 2."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="criteria", verbose_name=_("Standard"))
    number = models.PositiveSmallIntegerField(_("Number"), validators=[MinValueValidator(1)])
    indicator = IndicatorField(_("Indicator"), max_length=40, help_text=_("What no app measures yet is not measured."))
    kind = models.CharField(_("Kind of figure"), max_length=8, choices=Kind.choices, default=Kind.SHARE)
    points = HundredthsField(_("Worth"), validators=[MinValueValidator(1), MaxValueValidator(FULL)])
    rule = models.CharField(_("Rule of points"), max_length=10, choices=RuleKind.choices, default=RuleKind.AT_LEAST)
    full_at = FractionField(_("Full points at"), null=True, blank=True)
    zero_at = FractionField(_("No points at"), null=True, blank=True)
    steps = StepsField(
        _("Steps"), default=list, blank=True, help_text=_("Mark and points of each step: 60%: 5; 90%: 10")
    )
    must_at = FractionField(_("Must reach"), null=True, blank=True, help_text=_("Below it the group fails."))
    veto_at = FractionField(_("Veto below"), null=True, blank=True, help_text=_("Below it the whole year fails."))
    applies_to = models.CharField(_("Applies to"), max_length=10, choices=AppliesTo.choices, default=AppliesTo.ALL)
    when_unmeasured = models.CharField(
        _("When not measured"), max_length=10, choices=Unmeasured.choices, default=Unmeasured.LEAVE_OUT
    )
    min_base = models.PositiveIntegerField(
        _("Least base"), default=0, help_text=_("With fewer ratings or records than this it is not measured.")
    )
    source = models.CharField(_("Basis and remarks"), max_length=300, blank=True)

    class Meta(OfStandard.Meta):
        verbose_name = _("Criterion")
        verbose_name_plural = _("Criteria")
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="criterion_number_once",
                violation_error_message=_(
                    "Another criterion of this standard has that number: choose the next free one."
                ),
            ),
            models.UniqueConstraint(
                fields=["standard", "indicator", "applies_to"],
                name="criterion_indicator_once",
                violation_error_message=_("This standard already scores that indicator: nothing is counted twice."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.rule == RuleKind.STEPS:
            self._clean_steps()
        elif self.full_at is None:
            raise ValidationError({"full_at": _("Say from which mark on full points are given.")})
        if self.rule == RuleKind.LINEAR and (self.zero_at is None or self.zero_at == self.full_at):
            raise ValidationError({"zero_at": _("A linear rule needs a second mark, at which no points are given.")})

    def _clean_steps(self) -> None:
        try:
            steps = self.parsed_steps()
        except (ValueError, TypeError):
            raise ValidationError({"steps": _("Mark and points of each step: 60%: 5; 90%: 10")}) from None
        marks = [mark for mark, _points in steps]
        if not steps or marks != sorted(set(marks)):
            raise ValidationError({"steps": _("Give at least one step, the lowest mark first and none twice.")})
        if max(points for _mark, points in steps) != self.points or min(points for _mark, points in steps) < 0:
            raise ValidationError(
                {"steps": _("The best step gives exactly the points of the criterion, none gives less than 0.")}
            )

    def parsed_steps(self) -> tuple[tuple[Fraction, int], ...]:
        """Pairs (mark, points in hundredths). ValueError or TypeError for anything that is not such a list."""
        pairs = [(parse_fraction(str(mark)), parse_fraction(str(points)) * 100) for mark, points in self.steps]
        if any(mark is None or points.denominator != 1 for mark, points in pairs):
            raise ValueError(self.steps)
        return tuple((mark, int(points)) for mark, points in pairs)

    def terms(self) -> Terms:
        return Terms(
            number=self.number,
            group=self.group,
            indicator=self.indicator,
            points=self.points,
            rule=self.rule,
            full_at=self.full_at,
            zero_at=self.zero_at,
            steps=self.parsed_steps() if self.rule == RuleKind.STEPS else (),
            must_at=self.must_at,
            veto_at=self.veto_at,
            applies_to=self.applies_to,
            counts_as_zero=self.when_unmeasured == Unmeasured.COUNT_AS_ZERO,
            min_base=self.min_base,
        )


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


declare(StandardGroup, Rights(view=READERS, add=DISTRICT, change=DISTRICT))
declare(Run, Rights(view=READERS, run=DISTRICT))
declare(Result, Rights(view=READERS, trial=READERS))
declare(Breakdown, Rights(view=READERS))
