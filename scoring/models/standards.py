"""Standards, their groups and criteria. Points are whole hundredths, marks exact fractions."""

from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.fields import FractionField, HundredthsField, parse_fraction
from core.indicators import Kind
from core.records import Named, RegionalRecord, Saved
from core.rights import Rights, declare
from core.roles import READERS, Role
from scoring.choices import Group, RuleKind, StandardState, Unmeasured
from scoring.engine import StandardTerms
from scoring.fields import IndicatorField, StepsField
from scoring.querysets import OfStandardQuerySet, StandardQuerySet
from scoring.rules import Terms
from villages.choices import AppliesTo

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


declare(StandardGroup, Rights(view=READERS, add=DISTRICT, change=DISTRICT))
