"""Weights from the sample plan: how many people each village, or stratum of it, stands for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.shares import wilson
from surveys.counting import Line, Tally
from surveys.models import PlanRow, Question
from surveys.statistics import Stratum, kish, weighted_interval, weighted_share

VILLAGE, DIVIDER = "response__village", "divider__option__label"


@dataclass(frozen=True)
class Estimate:
    """A share, how many answers of equal weight it is worth, and its interval; of shares of 1."""

    share: Fraction
    size: Fraction
    low: float
    high: float


@dataclass(frozen=True)
class Weighting:
    """`bases` by group: a village's key, or that and what the sheet says to `divider`."""

    bases: Mapping[tuple, int]
    divider: Question | None

    @property
    def by(self) -> tuple[str, ...]:
        return (VILLAGE, DIVIDER) if self.divider else (VILLAGE,)


def weighting_of(plan: Iterable[PlanRow], questions: Iterable[Question]) -> Weighting | None:
    """From the rows that name a population. Strata are those of the dividing question whose options bear their names; are
    there none such, a village counts as a whole.
    """
    rows = [row for row in plan if row.base]
    names = {row.stratum for row in rows if row.stratum}
    divider = names and next((one for one in questions if one.is_stratum and names <= _labels(one)), None)
    if divider:
        return Weighting({(row.village_id, row.stratum): row.base for row in rows if row.stratum}, divider)
    whole = {(row.village_id,): row.base for row in rows if not row.stratum}
    bases: dict[tuple, int] = {}
    for row in rows:
        bases[(row.village_id,)] = bases.get((row.village_id,), 0) + row.base
    return Weighting(bases | whole, None) if bases else None


def _labels(question: Question) -> set[str]:
    return {option.label for option in question.options.all()}


def is_complete(weighting: Weighting, groups: Iterable[tuple]) -> bool:
    """Whether everything that was answered has a population to stand for."""
    return all(group in weighting.bases for group in groups)


def estimate(num: int, den: int) -> Estimate | None:
    """Without weights."""
    return Estimate(Fraction(num, den), Fraction(den), *wilson(num, den)) if den else None


def weighted(weighting: Weighting, groups: Mapping[tuple, Tally], line: Line, key: str | None) -> Estimate | None:
    """Of the part `key` of a line; None: its positive answers."""
    strata = []
    for group, tally in groups.items():
        if counted := tally.get(line.key):
            num = counted.positive if key is None else counted.nums.get(key, 0)
            strata.append(Stratum(weighting.bases[group], num, counted.den))
    share, interval = weighted_share(strata), weighted_interval(strata)
    if share is None or interval is None:
        return None
    return Estimate(share, kish(strata), *interval)
