"""Reserve cadres, and the steps of the pipeline that each of them has taken."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Position
from cadres.choices_development import (
    STEPS_OF,
    Grade,
    Pipeline,
    ReserveOutcome,
    ReserveSource,
    ReserveStage,
    StepResult,
)
from cadres.models.people import Person
from cadres.querysets_development import ReserveQuerySet
from core.records import Record
from villages.models import Village


class Reserve(Record):
    """A person on a village's list of reserve cadres, from a day until he leaves it."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="reserves", verbose_name=_("Village or community")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="reserve_for", verbose_name=_("Person"))
    source = models.CharField(_("Came from"), max_length=12, choices=ReserveSource.choices)
    pipeline = models.CharField(_("Pipeline"), max_length=15, choices=Pipeline.choices)
    intended = models.CharField(_("Intended for"), max_length=20, choices=Position.choices, blank=True)
    entered_on = models.DateField(_("On the list since"))
    mentor = models.CharField(_("Mentor"), max_length=60, blank=True)
    left_on = models.DateField(_("Left the list on"), null=True, blank=True)
    outcome = models.CharField(_("How he left"), max_length=10, choices=ReserveOutcome.choices, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    objects = ReserveQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Reserve cadre")
        verbose_name_plural = _("Reserve cadres")
        ordering = ["village__code", "entered_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(left_on__isnull=True),
                name="reserve_once",
                violation_error_message=_("This person is on the list of reserves already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, outcome="") | (Q(left_on__isnull=False) & ~Q(outcome="")),
                name="reserve_left_says_how",
                violation_error_message=_("Whoever leaves the list has a day and a way of leaving: enter both."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")),
                name="reserve_left_after_entered",
                violation_error_message=_("Nobody leaves the list before he is on it: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def stages(self) -> tuple[str, ...]:
        return STEPS_OF.get(self.pipeline, ())

    # ---- after `standing_on` ----

    @property
    def next_stage(self) -> str | None:
        """The step that comes next; None after the last one, or one that was not passed."""
        at = self.stages.index(self.at_step) + 1 if self.at_step in self.stages else 0
        return None if self.at_result == StepResult.FAILED or at >= len(self.stages) else self.stages[at]

    @property
    def standing(self) -> str:
        """The last step, as people say it; "" before the first."""
        return str(ReserveStage(self.at_step).label) if self.at_step else ""

    def clean(self) -> None:
        if self.person_id and self.village_id and self.person.village_id != self.village_id:
            raise ValidationError({"person": _("This person is of another village: choose one of this village.")})


class ReserveStep(Record):
    """A step that was taken: when, with which result. What comes next is the pipeline's (`cadres.actions.reserve`)."""

    territory = "reserve__village"

    reserve = models.ForeignKey(Reserve, models.CASCADE, related_name="steps", verbose_name=_("Reserve cadre"))
    stage = models.CharField(_("Step"), max_length=25, choices=ReserveStage.choices)
    position = models.PositiveSmallIntegerField(_("Position"), editable=False)
    on = models.DateField(_("Date"))
    result = models.CharField(_("Result"), max_length=8, choices=StepResult.choices, default=StepResult.PASSED)
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("In favour"), null=True, blank=True)
    ability = models.CharField(_("Ability"), max_length=5, choices=Grade.choices, blank=True)
    performance = models.CharField(_("Performance"), max_length=5, choices=Grade.choices, blank=True)
    integrity = models.CharField(_("Integrity"), max_length=5, choices=Grade.choices, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    derived = ("position",)

    class Meta(Record.Meta):
        verbose_name = _("Step of a reserve cadre")
        verbose_name_plural = _("Steps of reserve cadres")
        ordering = ["reserve", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["reserve", "stage"],
                name="reserve_step_once",
                violation_error_message=_("This step is on record already: open that record instead."),
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True, in_favour__isnull=True)
                | Q(present__isnull=False, in_favour__isnull=False, in_favour__lte=F("present")),
                name="reserve_step_votes_add_up",
                violation_error_message=_("A vote has two numbers here: those in favour are at most those present."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reserve} · {self.get_stage_display()}"

    def clean(self) -> None:
        """Sets the position in the pipeline; the reverse look says something of all three respects, no other step does."""
        if not self.reserve_id or not self.stage:
            return  # the field itself says that it is missing
        if self.stage not in self.reserve.stages:
            facts = {"pipeline": self.reserve.get_pipeline_display()}
            raise ValidationError({"stage": _("“%(pipeline)s” has no such step: choose one of its own.") % facts})
        self.position = self.reserve.stages.index(self.stage) + 1
        looked = [name for name in ("ability", "performance", "integrity") if getattr(self, name)]
        if self.stage == ReserveStage.REVERSE and len(looked) < 3:
            raise ValidationError(_("The reverse look has three grades: ability, performance, integrity."))
        if self.stage != ReserveStage.REVERSE and looked:
            raise ValidationError({looked[0]: _("Only the reverse look is graded: leave it empty.")})
