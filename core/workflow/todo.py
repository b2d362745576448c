"""What waits for a person: records whose next move is his, with their time limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from core import rights
from core.registers.base import Register, all_registers
from core.registers.flow import Due, due_of
from core.roles import TIERS
from core.workflow.remind import reminded_since
from core.workflow.table import Transition

#: Records shown of each kind; the rest is a click away.
SHOWN = 8
WEEK = timedelta(days=6)  # today is the first of the seven days


class Line(NamedTuple):
    """A record that waits, its time limit (or None), its page, and since when the schedule has reminded of it."""

    row: Model
    due: Due | None
    url: str
    reminded_on: date | None


@dataclass(frozen=True)
class Waiting:
    """Records of one register in one state that wait for this person's move. `lines`: the most urgent ones.

    `is_of_below`: the move lies with the tier below, and the person may make it in its place.
    """

    register: type[Register]
    state: str
    state_label: str
    move_label: str
    total: int
    late: int
    lines: list[Line]
    url: str
    is_of_below: bool = False

    @property
    def first(self) -> Line:
        """The most urgent one."""
        return self.lines[0]

    @property
    def does(self) -> str:
        """Where the move is made: the record itself, or the list where there are several."""
        return self.first.url if self.total == 1 else self.url


class Urgency(TextChoices):
    """By the most urgent record of a kind, in the order in which they are shown; last what others wait for as well."""

    LATE = "late", _("Overdue")
    WEEK = "week", _("Due within the week")
    LATER = "later", _("Due later")
    OPEN = "open", _("On no set day")
    BELOW = "below", _("May be done for those below")


def waiting_for(user, day: date) -> list[Waiting]:
    """Everything that waits for the person on the day: a query for each right, and two for each state that holds some."""
    return [
        part
        for register in all_registers()
        if register.workflow
        for transition in register.workflow.transitions
        if transition.awaited and rights.can(user, transition.name, register.model)
        for part in _waiting(register, transition, user, day)
    ]


def by_urgency(waiting: Iterable[Waiting], day: date) -> list[tuple[Urgency, list[Waiting]]]:
    """What waits, a line a kind: those with something overdue first, the longest overdue before the others; at the end
    what lies with the tier below.
    """
    found: dict[Urgency, list[Waiting]] = {urgency: [] for urgency in Urgency}
    for part in sorted(waiting, key=lambda part: part.first.due.day if part.first.due else date.max):
        found[Urgency.BELOW if part.is_of_below else _urgency(part.first.due, day)].append(part)
    return [(urgency, parts) for urgency, parts in found.items() if parts]


def _urgency(due: Due | None, day: date) -> Urgency:
    if due is None:
        return Urgency.OPEN
    if due.day < day:
        return Urgency.LATE
    return Urgency.WEEK if due.day <= day + WEEK else Urgency.LATER


def _waiting(register: type[Register], transition: Transition, user, day: date) -> Iterable[Waiting]:
    visible = register.model._default_manager.visible_to(user, transition.name)
    counted = visible.filter(state__in=transition.sources).values("state").order_by("state")
    labels = dict(register.model._meta.get_field("state").flatchoices)
    for counts in counted.annotate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day))):
        state = counts["state"]
        url = f"{register.url('list')}?state={state}"
        lines = _lines(register, visible.filter(state=state), day)
        figures = (counts["total"], counts["late"], lines, url)
        yield Waiting(register, state, labels[state], transition.label, *figures, _is_of_below(transition, user))


def _is_of_below(transition: Transition, user) -> bool:
    """A move of two tiers lies with the lower one. One of all tiers lies with whoever holds the record: a request with its
    station.
    """
    makers = [tier for tier in TIERS if tier in transition.roles]
    acts_as = user.roles & transition.roles
    return len(makers) < len(TIERS) and acts_as <= set(makers[1:])


def _lines(register: type[Register], rows: QuerySet, day: date) -> list[Line]:
    paths = [*register.columns, *register.editable_fields()]
    urgent = rows.select_related(*register.related(paths)).order_by(F("due_on").asc(nulls_last=True), "pk")
    rows = list(urgent[:SHOWN])
    reminded = reminded_since(register.model, [row.pk for row in rows])
    return [Line(row, due_of(row, day), register.url("detail", row), reminded.get(row.pk)) for row in rows]
