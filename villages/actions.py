"""What may be done to the ground beyond editing a record."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import actions
from villages.models import Village


def close_into(by, villages: list[Village], successor: Village, on: date, *, reason: str = "") -> list[Village]:
    """Close villages that were merged or renamed into `successor` on a day.

    Their records and old codes stay; whoever holds the successor's territory sees them from now on. What they
    themselves once replaced follows along.
    """
    if any(village.pk == successor.pk for village in villages):
        raise ValidationError(_("A village can't be its own successor: choose the one that it became."))
    with transaction.atomic():
        ending = list(Village.objects.visible_to(by, "change").filter(scope_code__in=[v.scope_code for v in villages]))
        for village in ending:
            if village.closed_on is None:
                village.closed_on, village.successor = on, successor
            village.scope_code = successor.scope_code
        return actions.update(by, ending, ["closed_on", "successor", "scope_code"], reason=reason)
