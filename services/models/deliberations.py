"""Deliberations of villages (four deliberations, two disclosures) and hamlets (one group, two meetings)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.records import Record
from core.workflow.models import Flowing
from services.choices_deliberations import (
    DRAFTS,
    HAMLET_DECIDERS,
    HAMLET_STATES,
    HAMLET_STEPS,
    VILLAGE_DECIDERS,
    VILLAGE_STATES,
    VILLAGE_STEPS,
    Deciders,
    DeliberationState,
    MatterKind,
    StepKind,
)
from services.querysets_deliberations import DeliberationQuerySet
from villages.models import Hamlet, Village
from villages.votes import votes_add_up


class Deliberation(Flowing, Record):
    """One matter, put by the village or by one of its hamlets. Its steps follow one by one, each a row."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="deliberations", verbose_name=_("Village or community")
    )
    hamlet = models.ForeignKey(
        Hamlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliberations",
        verbose_name=_("Hamlet"),
        help_text=_("Of a hamlet's own matter; empty: of the whole village."),
    )
    subject = models.CharField(_("Matter"), max_length=80)
    kind = models.CharField(_("Kind of matter"), max_length=20, choices=MatterKind.choices, default=MatterKind.OTHER)
    content = models.TextField(_("What is proposed"), max_length=1000, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("State"),
        max_length=16,
        choices=DeliberationState.choices,
        default=DeliberationState.DRAFT,
        editable=False,
    )

    objects = DeliberationQuerySet.as_manager()
    derived = ("state", "decided_on")

    class Meta(Record.Meta):
        verbose_name = _("Deliberation")
        verbose_name_plural = _("Deliberations")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["village", "decided_on"], name="deliberation_decided")]

    def __str__(self) -> str:
        return f"{self.hamlet or self.village} · {self.subject}"

    @property
    def path(self) -> tuple[str, ...]:
        """The steps that the matter takes, in order."""
        return HAMLET_STEPS if self.hamlet_id else VILLAGE_STEPS

    @property
    def deciders(self) -> tuple[str, ...]:
        """The meetings that may decide it, the usual one first."""
        return HAMLET_DECIDERS if self.hamlet_id else VILLAGE_DECIDERS

    def clean(self) -> None:
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            raise ValidationError({"hamlet": _("This hamlet is of another village: choose one of this village.")})
        if self.state in DRAFTS:
            self.state = DeliberationState.HAMLET_DRAFT if self.hamlet_id else DeliberationState.DRAFT
        elif self.state in (VILLAGE_STATES if self.hamlet_id else HAMLET_STATES):
            raise ValidationError({"hamlet": _("The matter is under way: it stays with the village or its hamlet.")})


class DeliberationStep(Record):
    """A step that was taken: when, with those entitled, present and in favour where a vote is taken."""

    territory = "deliberation__village"

    deliberation = models.ForeignKey(
        Deliberation, models.CASCADE, related_name="steps", verbose_name=_("Deliberation"), editable=False
    )
    step = models.CharField(_("Step"), max_length=16, choices=StepKind.choices, editable=False)
    held_on = models.DateField(_("Date"))
    deciders = models.CharField(_("Decided by"), max_length=16, choices=Deciders.choices, blank=True)
    entitled = models.PositiveIntegerField(_("Entitled to vote"), null=True, blank=True)
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("In favour"), null=True, blank=True)
    #: A vote with its quorum and without its majority did not pass; the numbers stand on record like any other.
    passed = models.BooleanField(_("Vote passed"), default=True, editable=False)
    #: What the registers of the day gave for those entitled; empty where they held nothing.
    on_record = models.PositiveIntegerField(_("Entitled by the registers"), null=True, blank=True, editable=False)
    explanation = models.CharField(
        _("Why the number differs from the registers"),
        max_length=200,
        blank=True,
        help_text=_("Needed where those entitled are not as many as the registers of that day say."),
    )
    mandate = models.CharField(
        _("How the meeting empowered the representatives"),
        max_length=200,
        blank=True,
        help_text=_("Day and resolution of the villagers' meeting; needed for matters that are the meeting's own."),
    )
    note = models.TextField(_("Minutes in short, or where it hangs"), max_length=1000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Step of a deliberation")
        verbose_name_plural = _("Steps of deliberations")
        ordering = ["deliberation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "step"],
                name="deliberation_step_once",
                violation_error_message=_("This step is on record already: correct that one."),
            ),
            votes_add_up("deliberation_votes_add_up"),
            models.CheckConstraint(
                condition=models.Q(passed=True) | models.Q(entitled__isnull=False),
                name="deliberation_vote_not_passed",
                violation_error_message=_("Only a vote can fail: enter its three numbers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliberation} · {self.get_step_display()}"
