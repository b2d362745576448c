"""What may be done to the ground beyond editing a record."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions
from core.roles import Role
from core.workflow import Transition, Workflow
from villages.choices import AdoptionState
from villages.models import Adoption, Division, Village

TOWNSHIP = frozenset({Role.CLERK, Role.DISTRICT})


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


def create_adoptions(by, adoptions: list[Adoption], *, reason: str = "") -> list[Adoption]:
    """New adoptions: in force when the township or the district enters them, a draft when the village does."""
    state = AdoptionState.IN_FORCE if by.roles & TOWNSHIP else AdoptionState.DRAFT
    for adoption in adoptions:
        adoption.state = state
    return actions.create(by, adoptions, reason=reason)


def _lacks_vote(adoption: Adoption) -> str | None:
    if adoption.regulation.needs_vote and adoption.entitled is None:
        return _("enter how many were entitled, present and in favour; the law asks for the meeting's vote")
    return None


def _abolish(_by, adoptions: list[Adoption], day: date) -> None:
    for adoption in adoptions:
        adoption.abolished_on = day


#: Adoption and abolition of a regulation: filed by the village, reviewed by the township.
ADOPTION_FLOW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in for review"),
        sources=(AdoptionState.DRAFT, AdoptionState.RETURNED),
        target=AdoptionState.SUBMITTED,
        roles={Role.SECRETARY},
        needs=(_lacks_vote,),
    ),
    Transition(
        "confirm",
        gettext_lazy("Confirm"),
        sources=(AdoptionState.SUBMITTED,),
        target=AdoptionState.IN_FORCE,
        roles=TOWNSHIP,
        needs=(_lacks_vote,),
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(AdoptionState.SUBMITTED,),
        target=AdoptionState.RETURNED,
        roles=TOWNSHIP,
        reason=True,
        awaited=False,
    ),
    Transition(
        "abolish",
        gettext_lazy("Abolish"),
        sources=(AdoptionState.IN_FORCE,),
        target=AdoptionState.ABOLISHED,
        roles=TOWNSHIP,
        effect=_abolish,
        reason=True,
        danger=True,
        awaited=False,
    ),
    limits={AdoptionState.SUBMITTED: "adoption_review"},
    tags={AdoptionState.IN_FORCE: "ok", AdoptionState.RETURNED: "bad", AdoptionState.SUBMITTED: "near"},
)
