"""What waits for a person: records whose next move is his, with their time limits."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Model, Q

from core import rights
from core.registers.base import Register, all_registers
from core.registers.flow import Due, due_of
from core.workflow.remind import reminded_since

#: Records shown of each kind; the rest is a click away.
SHOWN = 8


class Line(NamedTuple):
    """A record that waits, its time limit (or None), its page, and since when the schedule has reminded of it."""

    row: Model
    due: Due | None
    url: str
    reminded_on: date | None


@dataclass(frozen=True)
class Waiting:
    """Records of one register in one state that wait for this person's move. `lines`: the most urgent ones."""

    register: type[Register]
    state: str
    state_label: str
    move_label: str
    total: int
    late: int
    lines: list[Line]
    url: str


def waiting_for(user, day: date) -> list[Waiting]:
    """Everything that waits for the person on the day: three queries for each kind and state that may wait for him."""
    found = []
    for register in all_registers():
        flow = register.workflow
        if flow is None:
            continue
        awaited = {
            state: transition
            for transition in flow.transitions
            if transition.awaited and rights.can(user, transition.name, register.model)
            for state in transition.sources
        }
        for state, transition in awaited.items():
            if part := _waiting(register, state, transition, user, day):
                found.append(part)
    return found


def _waiting(register: type[Register], state: str, transition, user, day: date) -> Waiting | None:
    rows = register.model._default_manager.visible_to(user, transition.name).filter(state=state)
    counts = rows.aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day)))
    if not counts["total"]:
        return None
    paths = [*register.columns, *register.editable_fields()]
    urgent = rows.select_related(*register.related(paths)).order_by(F("due_on").asc(nulls_last=True), "pk")
    labels = dict(register.model._meta.get_field("state").flatchoices)
    rows = list(urgent[:SHOWN])
    reminded = reminded_since(register.model, [row.pk for row in rows])
    lines = [Line(row, due_of(row, day), register.url("detail", row), reminded.get(row.pk)) for row in rows]
    url = f"{register.url('list')}?state={state}"
    return Waiting(register, state, labels[state], transition.label, **counts, lines=lines, url=url)
