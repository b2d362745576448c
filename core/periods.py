"""Years and days as arguments."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """A calendar year, looked at on a day: facts after `cutoff` don't count."""

    year: int
    cutoff: date

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        return date(self.year, 12, 31)

    @property
    def as_of(self) -> date:
        """The day on which states are read: the cut-off, but never after the year's end."""
        return min(self.cutoff, self.end)
