"""The steps of a deliberation for people: those taken with their votes, the next one, those to come."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from core import rights
from core.models import AuditRow
from core.workflow.days import Calendar
from core.workflow.models import TimeLimit
from services.actions.deliberations import next_step
from services.choices_deliberations import StepKind
from services.deliberating import Count, counts_of, hangs_until, load_rules
from services.models import Deliberation, DeliberationStep

#: The disclosures, and the limit that runs until each.
LIMITS = {StepKind.DISCLOSE: "resolution_disclose", StepKind.DISCLOSE_RESULT: "result_disclose"}


@dataclass
class Line:
    """One step of the way. `step` is None while it was not taken."""

    kind: StepKind
    step: DeliberationStep | None = None
    counts: list[Count] = field(default_factory=list)
    corrections: list[AuditRow] = field(default_factory=list)
    is_next: bool = False
    may_take: bool = False
    may_correct: bool = False
    due_on: date | None = None
    hangs_until: date | None = None
    day: date | None = None

    @property
    def days_late(self) -> int:
        """How many days after its limit it was taken, or stands open today; 0 where it is in time."""
        on = self.step.held_on if self.step else self.day
        return max((on - self.due_on).days, 0) if self.due_on and (self.step or self.is_next) else 0


def trail_of(deliberation: Deliberation, user, day: date) -> list[Line]:
    """The way of the matter on the day, in order, up to where it was voted down.

    A number of queries that doesn't grow with the steps.
    """
    steps = list(deliberation.steps.all())
    for step in steps:
        step.deliberation = deliberation
    taken = {step.step: step for step in steps}
    rules, after, corrected = load_rules(), next_step(deliberation), _corrections(taken)
    dues = dues_of(deliberation, taken, Limits.load())
    may_correct = rights.can(user, "correct", DeliberationStep)
    return [
        Line(
            kind=StepKind(name),
            step=(step := taken.get(name)),
            counts=counts_of(step, rules) if step else [],
            corrections=corrected[step.pk] if step else [],
            is_next=name == after,
            may_take=name == after and rights.can(user, name, Deliberation),
            may_correct=bool(step) and may_correct,
            due_on=dues.get(name),
            hangs_until=hangs_until(step, rules) if step and name == StepKind.DISCLOSE else None,
            day=day,
        )
        for name in _walked(deliberation, taken)
    ]


def _walked(deliberation: Deliberation, taken: dict[str, DeliberationStep]) -> list[str]:
    """The steps of its path; what was voted down goes no further."""
    found = []
    for name in deliberation.path:
        found.append(name)
        if name in taken and not taken[name].passed:
            break
    return found


@dataclass(frozen=True)
class Limits:
    """The dated limits of disclosure, and the calendar that they count in: read once, asked for many matters."""

    rows: list[TimeLimit]
    calendar: Calendar

    @classmethod
    def load(cls) -> "Limits":
        return cls(list(TimeLimit.objects.filter(key__in=LIMITS.values())), Calendar.load())

    def due(self, name: str, since: date) -> date | None:
        """The day by which a disclosure is due, counted from the step before it; None where no limit is known."""
        holding = [
            one
            for one in self.rows
            if one.key == LIMITS[name]
            and one.in_force_from <= since
            and (one.in_force_until is None or since <= one.in_force_until)
        ]
        limit = max(holding, key=lambda one: one.in_force_from, default=None)
        return self.calendar.add(since, limit.workdays) if limit else None


def dues_of(deliberation: Deliberation, taken: dict[str, DeliberationStep], limits: Limits) -> dict[str, date]:
    """Disclosure → the day by which it was or is due, where the step before it was taken and passed."""
    found = {}
    for before, name in pairwise(deliberation.path):
        if (
            name in LIMITS
            and before in taken
            and taken[before].passed
            and (due := limits.due(name, taken[before].held_on))
        ):
            found[name] = due
    return found


def _corrections(taken: dict[str, DeliberationStep]) -> dict[int, list[AuditRow]]:
    """Step → its corrections, oldest first; one query. Ask only for steps that the person may see."""
    found = defaultdict(list)
    rows = AuditRow.objects.filter(
        model=DeliberationStep._meta.label,
        object_id__in=[str(step.pk) for step in taken.values()],
        verb="correct",
        outcome=AuditRow.Outcome.DONE,
    )
    for row in rows.order_by("id"):
        found[int(row.object_id)].append(row)
    return found
