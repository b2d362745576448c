"""What is old enough may go: from the chain's beginning, without breaking it, and on record."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.context import current
from core.models import AuditRow
from core.seal import chain
from core.seal.door import open_door
from core.seal.models import AuditSeal
from core.seal.verify import verify

audit.name_verbs(prune_audit=gettext_lazy("Removed old audit rows"))

KEEP = timedelta(days=184)  # six months, whichever they are


def prune(before: datetime) -> int:
    """Remove the sealed rows at the chain's beginning that are older than `before`. Returns how many.

    The last of their links stays, with the proof that this removed them. Raises ValidationError for rows younger than
    six months, and for a chain that isn't whole: what is left of it is evidence.
    """
    if before > timezone.now() - KEEP:
        raise ValidationError(_("Audit rows are kept for at least %(days)d days.") % {"days": KEEP.days})
    if not verify().is_whole:
        raise ValidationError(_("The audit isn't whole, so nothing may be removed. See manage.py verify_audit."))
    with transaction.atomic():
        chain.hold_chain()
        last = _last_before(before)
        if last is None:
            return 0
        gone = AuditSeal.objects.filter(position__lte=last.position)
        with open_door():
            removed = AuditRow.objects.filter(pk__in=gone.values("row_id"))._raw_delete("default")
            gone._raw_delete("default")
        last.retired = chain.proof_of_retention(settings.AUDIT_KEYS[0], last.position, last.digest)
        last.save(force_insert=True)
        if removed:
            _record(removed, before)
    return removed


def _last_before(before: datetime) -> AuditSeal | None:
    """The last link of the chain's old beginning; None where there is nothing to remove."""
    young = AuditSeal.objects.filter(row_id__in=AuditRow.objects.filter(at__gte=before).values("pk"))
    first_young = young.aggregate(first=Min("position"))["first"]
    old = AuditSeal.objects.all() if first_young is None else AuditSeal.objects.filter(position__lt=first_young)
    last = old.order_by("-position").first()
    return None if last is None or last.retired else last


def _record(removed: int, before: datetime) -> None:
    AuditRow.objects.create(
        **audit.actor(None),
        request_id=current().request_id,
        verb="prune_audit",
        model=AuditRow._meta.label,
        after={"removed": removed, "before": before.isoformat()},
    )
