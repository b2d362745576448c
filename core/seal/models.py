"""The chain as rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """One link of the chain: that this audit row stands at this position, after that which stood before it.

    Positions count 1, 2, 3 … in the order of sealing, whatever the order of the rows' numbers. `retired` is filled in
    the first link alone, where retention has removed what stood up to it: the proof that this was no theft.
    """

    position = models.BigIntegerField(_("Position"), primary_key=True)
    row_id = models.BigIntegerField(_("Audit row"), unique=True)
    digest = models.CharField(_("Digest"), max_length=64)
    retired = models.CharField(_("Proof of retention"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("Audit seal")
        verbose_name_plural = _("Audit seals")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}:{self.digest[:12]}"
