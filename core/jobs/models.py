"""A long work and its parts, as rows: whatever a worker or the broker forgets, these remember."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.jobs.choices import ACTIVE, ChunkState, JobState
from core.rights import Rights, declare
from core.roles import EDITORS, READERS
from core.scoping import Regional


class Job(Regional):
    """One long work. `ref` is the natural key of what it makes, `key` is unique among active jobs of its kind."""

    State = JobState

    kind = models.CharField(_("Kind of work"), max_length=60)
    key = models.CharField(_("Key"), max_length=120)
    ref = models.CharField(_("Refers to"), max_length=120, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    started_by = models.CharField(_("Started by"), max_length=60, blank=True)
    stopped_by = models.CharField(_("Stopped by"), max_length=60, blank=True)
    result = models.JSONField(_("Result"), default=dict, blank=True)
    error = models.TextField(_("Error"), blank=True)
    created_at = models.DateTimeField(_("Created"), default=timezone.now)
    started_at = models.DateTimeField(_("Work began"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("Long work")
        verbose_name_plural = _("Long works")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "ref"], name="job_ref")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=[state.value for state in ACTIVE]),
                name="job_one_active_per_key",
                violation_error_message=_("This work is running already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref or self.key}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    def explain(self) -> str:
        """Why it didn't end well, in one sentence for people; "" for a job that did, or still may."""
        if self.state == JobState.CANCELLED:
            return gettext("Stopped by %(name)s. What was done until then is kept.") % {"name": self.stopped_by or "—"}
        parked = self.chunks.filter(state=ChunkState.PARKED).first() if self.state == JobState.FAILED else None
        if parked is None:
            return ""
        facts = {
            "number": parked.number + 1,
            "total": self.chunks.filter(final=False).count(),
            "attempts": parked.attempts,
            "error": parked.error,
        }
        if parked.final:
            return (
                gettext("The closing step failed %(attempts)d times (%(error)s). Mend the cause, then resume.") % facts
            )
        return (
            gettext(
                "Part %(number)d of %(total)d failed %(attempts)d times (%(error)s) and wrote nothing. "
                "Mend the cause, then resume."
            )
            % facts
        )


class Chunk(models.Model):
    """A part of a job, worked in one transaction. Seen through its job alone.

    `token` grows at each claim and fences: only the holder of the newest one may write. The `final` chunk closes the
    job; it is handed out when all others are done, so that closing is leased, retried and fenced like any other part.
    """

    State = ChunkState

    job = models.ForeignKey(Job, models.CASCADE, related_name="chunks", verbose_name=_("Long work"))
    number = models.PositiveIntegerField(_("Part"))
    final = models.BooleanField(_("Closes the work"), default=False)
    payload = models.JSONField(_("Arguments"), default=dict, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=ChunkState.choices, default=ChunkState.WAITING)
    not_before = models.DateTimeField(_("Not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("Leased until"), null=True, blank=True)
    token = models.PositiveIntegerField(_("Fencing token"), default=0)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    error = models.TextField(_("Error"), blank=True)

    class Meta:
        verbose_name = _("Part of a work")
        verbose_name_plural = _("Parts of a work")
        ordering = ["job", "number"]
        indexes = [models.Index(fields=["job", "state", "final", "not_before", "number"], name="chunk_next")]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="chunk_number")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


declare(Job, Rights(view=READERS, cancel=EDITORS))
