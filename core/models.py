"""The audit, and the models that the packages of the kit keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.scoping import Held, HeldQuerySet, in_any_range, scopes


class AuditQuerySet(HeldQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """As anywhere, and what happened nowhere: a failed sign-in belongs to no territory."""
        held = scopes(user, verb, self.model)
        return self.filter(in_any_range(self.scope_path, held) | models.Q(territory_code="")) if held else self.none()


class AuditRow(Held):
    """Who did what to which record, when, from where. Rows are added, never changed.

    `before` and `after` map field names to JSON values: the fields that changed alone. Territory is the code of the
    village (or node) that the record belongs to.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    at = models.DateTimeField(_("Time"), auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(_("Account number"), null=True)
    actor = models.CharField(pgettext_lazy("audit", "Person"), max_length=150, blank=True)
    roles = models.CharField(_("Roles"), max_length=120, blank=True)
    address = models.CharField(_("Address"), max_length=45, blank=True)
    request_id = models.CharField(_("Request"), max_length=32, db_index=True)
    verb = models.CharField(_("Action"), max_length=60)
    model = models.CharField(_("Kind of record"), max_length=80, blank=True)
    object_id = models.CharField(_("Record number"), max_length=40, blank=True)
    object_name = models.CharField(_("Record"), max_length=200, blank=True)
    before = models.JSONField(pgettext_lazy("change", "Before"), default=dict)
    after = models.JSONField(pgettext_lazy("change", "After"), default=dict)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("Audit row")
        verbose_name_plural = _("Audit log")
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        """Without the record's name: who reads the audit reads no business."""
        return f"{self.actor} {self.verb} {self.model} {self.object_id}".strip()


# The models of the packages inside this app. They come last: the packages write audit rows.
from core.evidence.models import Blob, Evidence  # noqa: E402, F401
from core.guesses import GuessCount  # noqa: E402, F401
from core.health import Heartbeat  # noqa: E402, F401
from core.jobs.models import Chunk, Job  # noqa: E402, F401
from core.once import Once  # noqa: E402, F401
from core.seal.models import AuditSeal  # noqa: E402, F401
from core.sheets.models import SheetHeadings, SheetImport, SheetPart, SheetRow  # noqa: E402, F401
from core.tickets.models import Ticket, TicketBatch  # noqa: E402, F401
from core.workflow.models import Holiday, Move, Reminder, TimeLimit  # noqa: E402, F401
