"""What is kept of links: how many were given out for what, and of each its hash and how often it may still be used."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import rights
from core.rights import Rights
from core.roles import EDITORS, READERS
from core.scoping import Held


class TicketBatch(Held):
    """Links given out together: slips of a sheet, each for one answer, or one open link for many."""

    class Kind(models.TextChoices):
        ONE_TIME = "one_time", _("Slips, each for one answer")
        OPEN = "open", _("One open link")

    purpose = models.CharField(_("Purpose"), max_length=40)
    subject = models.BigIntegerField(_("Record number"))
    kind = models.CharField(_("Kind of link"), max_length=8, choices=Kind.choices, default=Kind.ONE_TIME)
    title = models.CharField(_("Title"), max_length=120)
    number = models.PositiveIntegerField(_("Answers it takes at most"))
    expires_on = models.DateField(_("Good until"))
    made_on = models.DateField(_("Given out on"))
    made_by = models.CharField(_("Given out by"), max_length=60)
    revoked_on = models.DateField(_("Withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Batch of links")
        verbose_name_plural = _("Batches of links")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["purpose", "subject"], name="ticket_batch_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="ticket_batch_not_empty",
                violation_error_message=_("At least one link: enter how many you need."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("made_on")),
                name="ticket_batch_ends_after_it_begins",
                violation_error_message=_("A link can't end before it is given out: choose a later day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.kind == self.Kind.OPEN


class Ticket(models.Model):
    """One link. Neither its time of use nor what it gave is kept."""

    batch = models.ForeignKey(TicketBatch, models.CASCADE, related_name="tickets")
    digest = models.CharField(max_length=64, unique=True)
    uses_left = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.digest[:8]


rights.declare(TicketBatch, Rights(view=READERS, add=EDITORS, change=EDITORS))
