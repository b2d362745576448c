"""Two structures side by side: what is there, what was there, and by how many points each share moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from cadres.structure import Dimension, Part, Roll, Structure
from core.shares import points


@dataclass(frozen=True)
class Pair:
    """One band on both days."""

    now: Part
    before: Part

    def moved(self, decimals: int = 1) -> str:
        """Percentage points, "+6.33" or "−0.4"; "" where one of the two has nobody to count."""
        if not (self.now.den and self.before.den):
            return ""
        change = Fraction(self.now.num, self.now.den) - Fraction(self.before.num, self.before.den)
        return points(change, decimals)

    @property
    def points(self) -> str:
        return self.moved(1)


@dataclass(frozen=True)
class Table:
    """One dimension of both."""

    key: str
    label: str
    pairs: list[Pair]


def tables(now: Structure, before: Structure) -> list[Table]:
    return [
        Table(own.key, own.label, list(_pairs(own, other)))
        for own, other in zip(now.dimensions, before.dimensions, strict=True)
    ]


def _pairs(now: Dimension, before: Dimension) -> Iterable[Pair]:
    for own, other in zip(now.parts, before.parts, strict=True):
        if own.num or other.num or not own.unknown:
            yield Pair(own, other)


def beside(now: Roll, before: Roll) -> list[tuple[Structure, Structure | None]]:
    """The parts of a territory on both days, in the order of their codes; a part may have been there once alone."""
    earlier = {part.code: part for part in before.below}
    return [(part, earlier.get(part.code)) for part in now.below]
