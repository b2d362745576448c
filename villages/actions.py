"""What may be done to the ground beyond editing a record."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from core import actions
from villages.models import Division, Village


def update_divisions(by, rows: list[Division], fields: Iterable[str], *, reason: str = "") -> list[Division]:
    """As `core.actions.update`; what earlier became one of the rows follows to where that one goes."""
    with transaction.atomic():
        changed = actions.update(by, rows, fields, reason=reason)
        ahead = {row.pk: row for row in changed}
        while ahead:
            behind = list(type(rows[0]).objects.visible_to(by, "change").filter(successor__in=ahead))
            for row in behind:
                row.successor = ahead[row.successor_id]
                row.scope_code = row.successor.scope_code
            ahead = {row.pk: row for row in actions.update(by, behind, ["scope_code"], reason=reason)}
    return changed


def close_into(by, villages: list[Village], successor: Village, on: date, *, reason: str = "") -> list[Village]:
    """Close villages that were merged or renamed into `successor` on a day.

    Their records and old codes stay; whoever holds the successor's territory sees them from now on. Raises Refused,
    Invisible, ValidationError (a village that would become part of itself).
    """
    for village in villages:
        village.closed_on, village.successor = on, successor
    return update_divisions(by, villages, ["closed_on", "successor"], reason=reason)
