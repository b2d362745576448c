"""Commitments: promised, fulfilled, appraised by a meeting, each by the district's day of the year."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.models import PartyBranch
from core import actions
from core.roles import LOCAL, Role
from core.workflow import Transition, Workflow, move
from services.choices_commitments import CommitmentState as State
from services.models import Commitment, CommitmentYear


def _due(rows: Sequence[Commitment]) -> None:
    """By when the state must be left: the member's own day, or the district's of the year, whichever is earlier."""
    years = CommitmentYear.of(row.year for row in rows)
    for row in rows:
        days = years.get(row.year)
        if row.state == State.PROMISED:
            row.due_on = min(filter(None, (row.finish_by, days and days.fulfil_by)), default=None)
        else:
            row.due_on = days.appraise_by if days and row.state == State.FULFILLED else None


def promise(by, rows: Sequence[Commitment], *, reason: str = "") -> list[Commitment]:
    """New commitments, each with the day by which it must be fulfilled."""
    _due(rows)
    for row in rows:
        row.state_since = row.promised_on
    return actions.create(by, rows, reason=reason)


def correct(by, rows: Sequence[Commitment], fields: Iterable[str], **how) -> list[Commitment]:
    _due(rows)
    return actions.update(by, rows, [*fields, "due_on"], **how)


def fulfil(by, row: Commitment, on: date, outcome: str, day: date) -> Commitment:
    """Write down what was done and when, and hand it to the meeting."""
    row.fulfilled_on, row.outcome = on, outcome
    with transaction.atomic():
        actions.update(by, [row], ["fulfilled_on", "outcome"])
        return move(by, COMMITMENT_FLOW, [row], "fulfil", day)[0]


class Grades(NamedTuple):
    """What the members' meeting and the residents say of one commitment: values of `Grade`."""

    by_members: str
    by_residents: str


def appraise(by, branch: PartyBranch, held_on: date, grades: Mapping[int, Grades], day: date) -> list[Commitment]:
    """A meeting's grades for many commitments of a branch at once: commitment's number → grades. All or nothing."""
    if held_on > day:
        raise ValidationError(_("The meeting lies ahead: enter the day on which it was held."))
    rows = list(Commitment.objects.visible_to(by, "change").filter(pk__in=grades, member__branch=branch))
    if len(rows) != len(grades):
        raise actions.Invisible(_("The record is not in your territory."))
    for row in rows:
        row.appraised_on, (row.by_members, row.by_residents) = held_on, grades[row.pk]
    with transaction.atomic():
        actions.update(by, rows, ["appraised_on", "by_members", "by_residents"])
        return move(by, COMMITMENT_FLOW, rows, "appraise", day)


# ---- the way of a commitment ----


def _is_done(row: Commitment) -> str | None:
    if row.fulfilled_on is None:
        return _("the day on which it was fulfilled is not written down yet")
    return None if row.outcome.strip() else _("what was done is not written down yet")


def _is_graded(row: Commitment) -> str | None:
    if row.appraised_on is None:
        return _("the day of the meeting is not written down yet")
    return None if row.by_members and row.by_residents else _("the meeting’s or the residents’ grade is lacking")


def _to_the_meeting(by, rows: Sequence[Commitment], day: date) -> None:
    _due(rows)


def _taken_back(by, rows: Sequence[Commitment], day: date) -> None:
    for row in rows:
        row.appraised_on, row.by_members, row.by_residents = None, "", ""
    _due(rows)


COMMITMENT_FLOW = Workflow(
    Transition(
        "fulfil",
        gettext_lazy("Record as fulfilled"),
        sources=(State.PROMISED,),
        target=State.FULFILLED,
        roles=LOCAL,
        needs=(_is_done,),
        effect=_to_the_meeting,
        page="services:commitment_fulfil",
    ),
    Transition(
        "appraise",
        gettext_lazy("Record as appraised"),
        sources=(State.FULFILLED,),
        target=State.APPRAISED,
        roles=LOCAL,
        needs=(_is_graded,),
    ),
    Transition(
        "take_back",
        gettext_lazy("Take the appraisal back"),
        sources=(State.APPRAISED,),
        target=State.FULFILLED,
        roles={Role.CLERK},
        effect=_taken_back,
        reason=True,
        awaited=False,
    ),
    # The days are those of the year (`CommitmentYear`); the keys let the schedule remind of them.
    limits={State.PROMISED: "commitment_fulfil", State.FULFILLED: "commitment_appraise"},
    tags={State.APPRAISED: "ok", State.FULFILLED: "near"},
)
