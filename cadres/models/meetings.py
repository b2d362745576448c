"""Meetings of party branches: committee, group, members' assembly, lecture."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices_meetings import MeetingKind
from cadres.models.people import PartyBranch
from core.records import Record


class BranchMeeting(Record):
    """A meeting that was held, or a lecture that was given."""

    territory = "branch__village"

    branch = models.ForeignKey(PartyBranch, models.PROTECT, related_name="meetings", verbose_name=_("Party branch"))
    kind = models.CharField(_("Kind of meeting"), max_length=12, choices=MeetingKind.choices)
    held_on = models.DateField(_("Date"))
    topic = models.CharField(_("What it was about"), max_length=120)
    led_by = models.CharField(_("Who led it or spoke"), max_length=40, blank=True)
    entitled = models.PositiveSmallIntegerField(_("Full members on the roll"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("Present"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Branch meeting")
        verbose_name_plural = _("Branch meetings")
        ordering = ["-held_on", "branch__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "kind", "held_on"],
                name="branch_meeting_once_a_day",
                violation_error_message=_(
                    "This branch has a meeting of that kind on that day already: open that record."
                ),
            ),
            models.CheckConstraint(
                condition=Q(entitled__isnull=True) | Q(present__isnull=True) | Q(present__lte=F("entitled")),
                name="branch_meeting_present_of_entitled",
                violation_error_message=_("Those present are at most those who could come: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.get_kind_display()} {self.held_on}"
