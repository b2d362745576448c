"""Open selection of a secretary across the township, for a village that stagnates."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices_supervision import Qualification, SelectionState
from cadres.models.filings import Filing
from cadres.models.people import Person
from core.fields import HundredthsField
from core.records import Record
from core.scoping import ScopedQuerySet
from core.workflow.models import Flowing
from villages.models import Village

CLOSED = (SelectionState.CHOSEN, SelectionState.CALLED_OFF)


class SelectionQuerySet(ScopedQuerySet):
    #: The way to the selection from a row of this model.
    selection = ""

    def visible_to(self, user, verb: str = "view"):
        """What is decided is not changed any more."""
        rows = super().visible_to(user, verb)
        return rows.exclude(**{f"{self.selection}state__in": CLOSED}) if verb in ("change", "delete") else rows


class ApplicantQuerySet(SelectionQuerySet):
    selection = "selection__"


class Selection(Flowing, Record):
    """A vacancy of secretary that anybody of the township may apply for; ends in a filing of the one chosen."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="selections", verbose_name=_("Village or community")
    )
    grounds = models.TextField(_("Why the village needs it"), max_length=500)
    announced_on = models.DateField(_("Announced on"))
    closes_on = models.DateField(_("Applications until"))
    exam_weight = models.PositiveSmallIntegerField(
        _("Weight of the examination, percent"), default=40, validators=[MaxValueValidator(100)]
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("Lowest total to be chosen"), default=60, validators=[MaxValueValidator(100)]
    )
    starts_on = models.DateField(_("In post from"), null=True, blank=True)
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    state = models.CharField(
        _("State"), max_length=12, choices=SelectionState.choices, default=SelectionState.PREPARED, editable=False
    )
    filing = models.ForeignKey(
        Filing, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Filing")
    )

    objects = SelectionQuerySet.as_manager()
    #: Set by the effect of the last step.
    derived = ("filing",)

    class Meta(Record.Meta):
        verbose_name = _("Open selection of a secretary")
        verbose_name_plural = _("Open selections of secretaries")
        ordering = ["-announced_on", "village__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("announced_on")),
                name="selection_closes_after_announced",
                violation_error_message=_("Applications can't close before they are asked for: correct one date."),
            ),
            models.UniqueConstraint(
                fields=["village", "announced_on"],
                name="selection_once_a_day",
                violation_error_message=_("This selection is on record already: open that record instead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.announced_on:%Y-%m}"


class Applicant(Record):
    """Somebody of the township who applied; scores are hundredths of points, of 100."""

    territory = "selection__village"

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="applicants", verbose_name=_("Open selection of a secretary")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="applications", verbose_name=_("Person"))
    applied_on = models.DateField(_("Applied on"))
    qualification = models.CharField(
        _("Papers"), max_length=10, choices=Qualification.choices, default=Qualification.PENDING
    )
    exam_score = HundredthsField(
        _("Examination"), null=True, blank=True, validators=[MaxValueValidator(100_00, _("At most 100 points."))]
    )
    interview_score = HundredthsField(
        _("Interview"), null=True, blank=True, validators=[MaxValueValidator(100_00, _("At most 100 points."))]
    )
    chosen = models.BooleanField(_("Chosen"), default=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    objects = ApplicantQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Applicant")
        verbose_name_plural = _("Applicants")
        ordering = ["selection", "applied_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "person"],
                name="applicant_once",
                violation_error_message=_("This person has applied already: keep one of the two lines."),
            ),
            models.UniqueConstraint(
                fields=["selection"],
                condition=Q(chosen=True),
                name="applicant_one_chosen",
                violation_error_message=_("One applicant is chosen: take the mark off the other."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def total(self) -> int | None:
        """Hundredths of points, rounded half up once; None while a score is missing."""
        if self.exam_score is None or self.interview_score is None:
            return None
        weight = self.selection.exam_weight
        return (self.exam_score * weight + self.interview_score * (100 - weight) + 50) // 100

    def clean(self) -> None:
        problems = {}
        if self.selection_id and self.person_id:
            if self.person.village.township_id != self.selection.village.township_id:
                problems["person"] = _("This person is of another township: the selection is open to this one.")
            if self.applied_on and not self.selection.announced_on <= self.applied_on <= self.selection.closes_on:
                problems["applied_on"] = _("Applications were taken from %(first)s to %(last)s.") % {
                    "first": self.selection.announced_on,
                    "last": self.selection.closes_on,
                }
        if self.qualification != Qualification.QUALIFIED:
            for name in ("exam_score", "interview_score"):
                if getattr(self, name) is not None:
                    problems[name] = _("Only who is qualified is examined: enter first what the papers show.")
        if problems:
            raise ValidationError(problems)
