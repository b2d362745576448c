"""A link in the hand of somebody: found by its token or its hash, spent once."""

import secrets
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import Case, Exists, F, IntegerField, Q, When
from django.utils.translation import gettext as _

from core.tickets.models import Ticket, TicketBatch

BYTES = 16  # 128 bits


def new_token() -> str:
    """22 characters of an address."""
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    """A plain hash is enough: nobody tries out 128 random bits."""
    return sha256(token.encode()).hexdigest()


class Spent(Exception):
    """The link has been used as often as it may be."""


@dataclass(frozen=True)
class Slip:
    """A link that is known. `subject` is the record that it is for."""

    ticket: Ticket
    batch: TicketBatch

    @classmethod
    def find(cls, digest: str) -> "Slip | None":
        ticket = Ticket.objects.select_related("batch").filter(digest=digest).first()
        return cls(ticket, ticket.batch) if ticket else None

    @property
    def subject(self) -> int:
        return self.batch.subject

    def closed(self, day: date) -> str:
        """Why it can't be used any more, as a sentence; "": it can."""
        if self.batch.revoked_on:
            return _("This link was withdrawn. Ask whoever gave it to you for a new one.")
        if day > self.batch.expires_on:
            when = f"{self.batch.expires_on:%Y-%m-%d}"
            return _("This link was good until %(day)s. Ask whoever gave it to you for a new one.") % {"day": when}
        if not self.ticket.uses_left:
            return self.used_up
        return ""

    @property
    def used_up(self) -> str:
        if self.batch.is_open:
            return _("As many people as the survey needed have answered. Thank you for your trouble.")
        return _("This link has been used, and its answer counted. Each is good for one answer.")

    def spend(self) -> None:
        """Use it once, in the transaction that writes the answer. Raises Spent.

        One statement asks and takes: of forty at the same moment, one finds a use left. It writes the batch's other
        tickets too, as they are: PostgreSQL notes on every row which transaction wrote it (xmin), and the answer's
        row would else name its ticket. The batch is locked first, so that two never wait for each other's rows.
        """
        TicketBatch.objects.select_for_update().get(pk=self.batch.pk)
        me = Q(pk=self.ticket.pk)
        usable = Ticket.objects.filter(me, uses_left__gte=1)
        less = Case(When(me, then=F("uses_left") - 1), default=F("uses_left"), output_field=IntegerField())
        if not Ticket.objects.filter(Exists(usable), batch=self.batch.pk).update(uses_left=less):
            raise Spent
