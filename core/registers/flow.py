"""What a register's pages show of workflows and of choosing many rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import rights
from core.clock import today
from core.registers.base import Register
from core.registers.values import label_of
from core.workflow import Transition, available
from core.workflow.engine import trails
from core.workflow.models import Move


@dataclass(frozen=True)
class Due:
    """A time limit for people: `kind` is the look of its tag."""

    kind: str
    text: str
    day: date


@dataclass(frozen=True)
class Flow:
    """Where a record stands in its workflow, what may follow, and how it came there."""

    tag: str
    state: str
    since: date | None
    due: Due | None
    moves: Sequence[Transition]
    trail: Sequence["Step"]


@dataclass(frozen=True)
class Step:
    move: Move
    label: str
    source: str
    target: str


def of_row(register: type[Register], row: models.Model, user) -> Flow | None:
    """What the detail page shows; None for a register without a workflow."""
    flow = register.workflow
    if flow is None:
        return None
    states = dict(row._meta.get_field("state").flatchoices)
    labels = {transition.name: transition.label for transition in flow.transitions}
    trail = [
        Step(
            kept,
            labels.get(kept.transition, kept.transition),
            states.get(kept.source, kept.source),
            states.get(kept.target, kept.target),
        )
        for kept in trails(register.model, [row.pk])[row.pk]
        if kept.transition not in register.told_below
    ]
    moves = available(flow, row, user)
    return Flow(flow.tags.get(row.state, "plain"), states[row.state], row.state_since, due_of(row), moves, trail)


def due_of(row: models.Model, day: date | None = None) -> Due | None:
    """How a time limit stands today: late, today, or so many days left."""
    if row.due_on is None:
        return None
    left = (row.due_on - (day or today())).days
    if left < 0:
        text = ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}
        return Due("bad", text, row.due_on)
    if left == 0:
        return Due("near", _("Due today"), row.due_on)
    text = ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
    return Due("near" if left <= 2 else "plain", text, row.due_on)


@dataclass(frozen=True)
class Bulk:
    """What may be done to many rows: moves of the workflow, fields to set; export is everybody's."""

    moves: Sequence[Transition]
    fields: Sequence[tuple[str, str]]


def bulk_choices(register: type[Register], user) -> Bulk:
    moves = list(register.workflow.transitions) if register.workflow else []
    may_change = rights.can(user, "change", register.model)
    return Bulk(
        [one for one in moves if not one.page and rights.can(user, one.name, register.model)],
        [(name, label_of(register, name)) for name in register.bulk] if may_change else [],
    )
