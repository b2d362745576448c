"""The yearly democratic appraisal of cadres: anonymous tallies, verdicts, and what two bad ones in a row propose."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices_supervision import AppraisalBody, AppraisalState, EndingState, Verdict
from cadres.models.people import Person
from core.records import Record
from core.roles import Role
from core.scoping import ScopedQuerySet
from core.workflow.models import Flowing
from villages.models import Village


class AppraisalQuerySet(ScopedQuerySet):
    #: The way to the appraisal from a row of this model.
    appraisal = ""

    def visible_to(self, user, verb: str = "view"):
        """What the township has before it, or has confirmed, is not changed under its hands."""
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        own = [AppraisalState.DRAFT, AppraisalState.RETURNED]
        if user and Role.CLERK in user.roles:
            own.append(AppraisalState.SUBMITTED)
        return rows.filter(**{f"{self.appraisal}state__in": own})

    def confirmed_by(self, day: date):
        """Held and confirmed by the day."""
        path = self.appraisal
        return self.filter(
            **{f"{path}state": AppraisalState.CONFIRMED, f"{path}state_since__lte": day, f"{path}held_on__lte": day}
        )


class SheetQuerySet(AppraisalQuerySet):
    appraisal = "appraisal__"


class Appraisal(Flowing, Record):
    """The appraisal of a village's cadres in a year: who met, how many, and a tally for each cadre."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="appraisals", verbose_name=_("Village or community")
    )
    year = models.PositiveSmallIntegerField(_("Year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    held_on = models.DateField(_("Held on"))
    body = models.CharField(_("Who appraises"), max_length=15, choices=AppraisalBody.choices)
    entitled = models.PositiveIntegerField(_("Entitled to vote"), validators=[MinValueValidator(1)])
    present = models.PositiveIntegerField(_("Present"))
    state = models.CharField(
        _("State"), max_length=12, choices=AppraisalState.choices, default=AppraisalState.DRAFT, editable=False
    )

    objects = AppraisalQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Democratic appraisal")
        verbose_name_plural = _("Democratic appraisals")
        ordering = ["-year", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year"],
                name="appraisal_once_a_year",
                violation_error_message=_("The appraisal of this year is on record already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("entitled")),
                name="appraisal_votes_add_up",
                violation_error_message=_("Those present are at most those entitled: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.year}"

    def clean(self) -> None:
        if self.held_on and self.year and not date(self.year, 1, 1) <= self.held_on < date(self.year + 1, 4, 1):
            sentence = _("The appraisal of a year is held in that year, or by March of the next: correct the date.")
            raise ValidationError({"held_on": sentence})


class AppraisalSheet(Record):
    """How the ballots fell for one cadre. Nobody is named but the one appraised."""

    territory = "appraisal__village"

    appraisal = models.ForeignKey(
        Appraisal, models.CASCADE, related_name="sheets", verbose_name=_("Democratic appraisal")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="appraisal_sheets", verbose_name=_("Person"))
    excellent = models.PositiveIntegerField(_("Excellent"), default=0)
    competent = models.PositiveIntegerField(_("Competent"), default=0)
    basic = models.PositiveIntegerField(_("Basically competent"), default=0)
    incompetent = models.PositiveIntegerField(_("Incompetent"), default=0)
    verdict = models.CharField(_("Verdict"), max_length=12, choices=Verdict.choices, blank=True, editable=False)

    objects = SheetQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Tally of an appraisal")
        verbose_name_plural = _("Tallies of an appraisal")
        ordering = ["appraisal", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "person"],
                name="appraisal_sheet_once",
                violation_error_message=_("This cadre has a tally already: keep one of the two lines."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def ballots(self) -> int:
        return self.excellent + self.competent + self.basic + self.incompetent

    def clean(self) -> None:
        present = self.appraisal.present if self.appraisal_id else None
        if present is not None and self.ballots > present:
            facts = {"n": self.ballots, "present": present}
            raise ValidationError(_("%(n)d ballots of %(present)d present: correct the tally.") % facts)


class PostEndingQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What is decided is not changed any more; what an appraisal proposed is decided, never taken out."""
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        return rows.filter(state=EndingState.PROPOSED, sheet__isnull=True)


class PostEnding(Flowing, Record):
    """A proposal to end the posts of somebody whom a rule of law takes them from; the township decides."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="post_endings", verbose_name=_("Village or community")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="post_endings", verbose_name=_("Person"))
    sheet = models.ForeignKey(
        AppraisalSheet,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="post_endings",
        verbose_name=_("Tally of an appraisal"),
    )
    grounds = models.CharField(_("Grounds"), max_length=300)
    state = models.CharField(
        _("State"), max_length=12, choices=EndingState.choices, default=EndingState.PROPOSED, editable=False
    )

    objects = PostEndingQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Proposal to end a post")
        verbose_name_plural = _("Proposals to end posts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"],
                name="post_ending_once",
                violation_error_message=_("This appraisal has led to a proposal already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)
