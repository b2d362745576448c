"""Weak villages put right: a case with its cause, what is done, who was brought in, what came of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices_development import Cause, Pipeline, RectificationState
from cadres.models.people import Person, Post
from cadres.querysets_development import RectificationQuerySet
from core.records import Record
from core.workflow.models import Flowing
from villages.models import Village


class Rectification(Flowing, Record):
    """A village that fell behind: opened, under way, handed in, accepted by the district or returned."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="rectifications", verbose_name=_("Village or community")
    )
    opened_on = models.DateField(_("Case opened on"))
    cause = models.CharField(_("Main cause"), max_length=12, choices=Cause.choices)
    findings = models.TextField(_("What is wrong"), max_length=500)
    responsible = models.CharField(_("Who answers for it"), max_length=80, blank=True)
    measures = models.TextField(_("Measures"), max_length=1000, blank=True)
    finish_by = models.DateField(_("To be put right by"), null=True, blank=True)
    outcome = models.TextField(pgettext_lazy("weak village", "What came of it"), max_length=1000, blank=True)
    state = models.CharField(
        _("State"),
        max_length=10,
        choices=RectificationState.choices,
        default=RectificationState.OPEN,
        editable=False,
    )

    objects = RectificationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Rectification of a weak village")
        verbose_name_plural = _("Rectification of weak villages")
        ordering = ["-opened_on", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "opened_on"],
                name="rectification_once_a_day",
                violation_error_message=_("This village has a case of that day already: open that record instead."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.opened_on:%Y-%m}"

    def clean(self) -> None:
        if self.opened_on and self.finish_by and self.finish_by < self.opened_on:
            raise ValidationError({"finish_by": _("It can't be over before it was opened: correct the date.")})


class BroughtIn(Record):
    """Somebody brought into the committees of the village, and the post that he came into."""

    territory = "rectification__village"

    rectification = models.ForeignKey(
        Rectification, models.CASCADE, related_name="brought_in", verbose_name=_("Rectification of a weak village")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="brought_in", verbose_name=_("Person"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="brought_in", verbose_name=_("Post")
    )
    method = models.CharField(_("Found by"), max_length=15, choices=Pipeline.choices, default=Pipeline.THREE_TWO_ONE)
    note = models.CharField(_("Note"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Person brought in")
        verbose_name_plural = _("People brought in")
        ordering = ["rectification", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rectification", "person"],
                name="brought_in_once",
                violation_error_message=_("This person is named in the case already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        if self.post_id and self.person_id and self.post.person_id != self.person_id:
            raise ValidationError({"post": _("This post is somebody else's: choose one of this person's.")})
