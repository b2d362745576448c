"""How long a record stood in each of its states: working days used, against those that the limit gave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.workflow.days import Calendar
from core.workflow.models import Flowing, Move


@dataclass(frozen=True)
class Stay:
    """From the day on which a state was entered to the day on which it was left (None: it still stands in it).

    `used` and `allowed` are working days; `allowed` is None where no limit ran. `move`: what ended it, or None.
    """

    state: str
    since: date
    until: date | None
    due_on: date | None
    used: int
    allowed: int | None
    move: Move | None

    @property
    def over(self) -> int:
        """Working days beyond the limit."""
        return max(0, self.used - self.allowed) if self.allowed is not None else 0


def stays(row: Flowing, began: date, moves: Iterable[Move], day: date, calendar: Calendar) -> Iterator[Stay]:
    """The stays of a record, oldest first, as they stand on the day. `moves`: its trail, oldest first."""
    since = began
    for kept in moves:
        yield _stay(kept.source, since, kept.on, kept.due_on, day, calendar, kept)
        since = kept.on
    yield _stay(row.state, since, None, row.due_on, day, calendar, None)


def _stay(state: str, since: date, until: date | None, due_on: date | None, day: date, calendar, kept) -> Stay:
    used = calendar.between(since, until or max(day, since))
    allowed = calendar.between(since, due_on) if due_on else None
    return Stay(state, since, until, due_on, used, allowed, kept)
