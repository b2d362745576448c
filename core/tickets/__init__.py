"""Links for people without an account: rate a matter, answer a survey.

An app says what a link is for, gives links out, and counts what comes back:

    @purpose("services.matter")
    def rate(request, slip):                      # GET and POST of the page behind the link
        ...
        with transaction.atomic():
            slip.spend()                          # raises Spent: then nothing is counted
            record(...)
        return thanks(request)

    batch, tokens = issue(by, "services.matter", matter.pk, code, title="…", number=30, expires_on=day)
    return slips_page(request, [(batch, tokens)])  # the one moment at which the tokens can be printed

`GiveForm` and `give_page` are the page on which they are given out; docs/links.md says how.

A token has 128 bits; only its hash is stored. It leaves the address after the first hop: a signed cookie carries the hash from there
on. Whether a link was used is kept, not when, and what it gave is no row that it leads to (`core.records.Ballot`).
"""

from core.tickets.actions import MOST_SLIPS, issue, listed, revoke
from core.tickets.giving import GiveForm, give_page
from core.tickets.models import TicketBatch
from core.tickets.purposes import may_give, purpose
from core.tickets.slip import Slip, Spent
from core.tickets.views import closed, slips_page, thanks

Kind = TicketBatch.Kind

__all__ = [
    "MOST_SLIPS",
    "GiveForm",
    "Kind",
    "Slip",
    "Spent",
    "closed",
    "give_page",
    "issue",
    "listed",
    "may_give",
    "purpose",
    "revoke",
    "slips_page",
    "thanks",
]
