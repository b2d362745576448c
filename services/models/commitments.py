"""What party members promise for a year, what they did of it, and what the meeting and the residents say."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.models import PartyMember
from core.records import Record
from core.workflow.models import Flowing
from services.choices_commitments import CommitmentKind, CommitmentState, ExemptionReason, Grade
from services.models.years import YearDays
from services.querysets_commitments import CommitmentQuerySet


class CommitmentYear(YearDays):
    """The district's days for one year: promised, fulfilled and appraised by when."""

    promise_by = models.DateField(_("Promised by"))
    fulfil_by = models.DateField(_("Fulfilled by"))
    appraise_by = models.DateField(_("Appraised by"))

    class Meta(YearDays.Meta):
        verbose_name = _("Days of the commitments of a year")
        verbose_name_plural = _("Days of the yearly commitments")
        constraints = [
            models.CheckConstraint(
                condition=Q(promise_by__lte=F("fulfil_by"), fulfil_by__lte=F("appraise_by")),
                name="commitment_year_in_order",
                violation_error_message=_(
                    "First promised, then fulfilled, then appraised: correct the days that stand before the others."
                ),
            )
        ]


class Commitment(Flowing, Record):
    """One promise of one member for one year, of one of the four kinds."""

    territory = "member__branch__village"

    member = models.ForeignKey(
        PartyMember, models.PROTECT, related_name="commitments", verbose_name=pgettext_lazy("member", "Party member")
    )
    year = models.PositiveSmallIntegerField(_("Year"), validators=[MinValueValidator(2000)])
    kind = models.CharField(
        _("Kind of promise"), max_length=10, choices=CommitmentKind.choices, default=CommitmentKind.PEOPLE
    )
    promise = models.TextField(_("Promise"), max_length=300)
    promised_on = models.DateField(_("Promised on"))
    finish_by = models.DateField(_("To be done by"), null=True, blank=True)
    posted_on = models.DateField(_("On the wall since"), null=True, blank=True)
    fulfilled_on = models.DateField(_("Fulfilled on"), null=True, blank=True)
    outcome = models.TextField(_("What was done"), max_length=500, blank=True)
    appraised_on = models.DateField(_("Meeting held on"), null=True, blank=True)
    by_members = models.CharField(_("Say the members"), max_length=5, choices=Grade.choices, blank=True)
    by_residents = models.CharField(_("Say the residents"), max_length=5, choices=Grade.choices, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=CommitmentState.choices, default=CommitmentState.PROMISED, editable=False
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Commitment of a party member")
        verbose_name_plural = _("Commitments of party members")
        ordering = ["-year", "member__branch__village__code", "member__person__name", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "year", "kind"],
                name="commitment_once",
                violation_error_message=_(
                    "This member has a promise of that kind for the year already: open that record, or choose another "
                    "kind."
                ),
            ),
            models.CheckConstraint(
                condition=Q(fulfilled_on__isnull=True) | Q(fulfilled_on__gte=F("promised_on")),
                name="commitment_fulfilled_after_promised",
                violation_error_message=_("It can't be fulfilled before it was promised: correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(appraised_on__isnull=True)
                | Q(fulfilled_on__isnull=False, appraised_on__gte=F("fulfilled_on")),
                name="commitment_appraised_after_fulfilled",
                violation_error_message=_(
                    "The meeting appraises what is fulfilled: enter the day on which it was, no later than the meeting."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=CommitmentState.APPRAISED)
                | (Q(appraised_on__isnull=False) & ~Q(by_members="") & ~Q(by_residents="")),
                name="commitment_appraised_is_complete",
                violation_error_message=_("Appraised means: the day of the meeting, and what both sides say."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.year} {self.get_kind_display()}"

    def clean(self) -> None:
        problems = {}
        if self.year and self.promised_on and self.promised_on.year not in (self.year - 1, self.year):
            problems["promised_on"] = _(
                "A promise for %(year)d is given in that year or at the end of the one before."
            ) % {"year": self.year}
        if self.finish_by and self.promised_on and self.finish_by < self.promised_on:
            problems["finish_by"] = _("It can't be done before it was promised: correct one of the dates.")
        if self.member_id and self.promised_on and self.member.joined_on > self.promised_on:
            problems["member"] = _("This person was not a member yet on that day: correct the date or choose another.")
        if problems:
            raise ValidationError(problems)


class CommitmentExemption(Record):
    """A member of whom no commitment is asked in a year, and why."""

    territory = "member__branch__village"

    member = models.ForeignKey(
        PartyMember, models.PROTECT, related_name="exemptions", verbose_name=pgettext_lazy("member", "Party member")
    )
    year = models.PositiveSmallIntegerField(_("Year"), validators=[MinValueValidator(2000)])
    reason = models.CharField(_("Exempted for"), max_length=5, choices=ExemptionReason.choices)
    decided_on = models.DateField(_("Decided on"))
    note = models.CharField(_("Note"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Member exempted from commitments")
        verbose_name_plural = _("Members exempted from commitments")
        ordering = ["-year", "member__branch__village__code", "member__person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "year"],
                name="commitment_exemption_once",
                violation_error_message=_("This member is exempted for the year already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.year}"

    def clean(self) -> None:
        if self.reason == ExemptionReason.OTHER and not self.note.strip():
            raise ValidationError({"note": _("Say in a few words what the other reason is.")})
