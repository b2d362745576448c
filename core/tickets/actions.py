"""Giving links out and withdrawing them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core import actions
from core.tickets.models import Ticket, TicketBatch
from core.tickets.purposes import may_give
from core.tickets.slip import digest_of, new_token

#: Slips of one sheet: more is better given out village by village.
MOST_SLIPS = 2000


def issue(
    by,
    purpose: str,
    subject: int,
    territory_code: str,
    *,
    title: str,
    number: int,
    day: date,
    expires_on: date,
    kind: str = TicketBatch.Kind.ONE_TIME,
) -> tuple[TicketBatch, list[str]]:
    """Make `number` one-time links, or one open link that takes so many answers.

    Returns the batch and the tokens, which are nowhere else. Whether the person may do so for the subject is the caller's to ask.
    Raises Refused, Invisible, ValidationError.
    """
    _require(by, purpose)
    one_time = kind == TicketBatch.Kind.ONE_TIME
    if one_time and not 1 <= number <= MOST_SLIPS:
        raise ValidationError({"number": _("Between 1 and %(most)d slips at a time.") % {"most": MOST_SLIPS}})
    batch = TicketBatch(
        purpose=purpose,
        subject=subject,
        territory_code=territory_code,
        kind=kind,
        title=title,
        number=number,
        made_on=day,
        made_by=by.name,
        expires_on=expires_on,
    )
    tokens = [new_token() for _slip in range(number if one_time else 1)]
    with transaction.atomic():
        actions.create(by, [batch])
        Ticket.objects.bulk_create(
            [Ticket(batch=batch, digest=digest_of(token), uses_left=1 if one_time else number) for token in tokens],
            batch_size=300,
        )
    return batch, tokens


def revoke(by, batch: TicketBatch, day: date, *, reason: str = "") -> None:
    """Withdraw what is left of a batch; answers that came stay. Raises Refused, Invisible."""
    _require(by, batch.purpose)
    batch.revoked_on = batch.revoked_on or day
    actions.update(by, [batch], ["revoked_on"], reason=reason)


def listed(by, purpose: str, subject: int) -> list[TicketBatch]:
    """The batches of a record that the person may see, newest first, each with `answers` that came; three queries."""
    batches = list(TicketBatch.objects.visible_to(by).filter(purpose=purpose, subject=subject))
    held = TicketBatch.objects.visible_to(by, "change").filter(pk__in=[batch.pk for batch in batches])
    mine = set(held.values_list("pk", flat=True)) if may_give(by, purpose) else set()
    sums = Ticket.objects.filter(batch__in=batches).order_by().values("batch").annotate(left=Sum("uses_left"))
    left = {row["batch"]: row["left"] for row in sums}
    for batch in batches:
        batch.answers, batch.may_withdraw = batch.number - left.get(batch.pk, 0), batch.pk in mine
    return batches


def _require(by, purpose: str) -> None:
    if not may_give(by, purpose):
        raise actions.Refused(_("Your role gives no links out for this."))
