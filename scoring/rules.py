"""From a measure to points, in whole numbers alone.

A measure is two integers (num, den); points and scores are integers in hundredths (11.65 points = 1165). There is
one rounding, half up, so that Python, SQLite and PostgreSQL agree to the last digit.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from scoring.choices import RuleKind
from villages.choices import COMMUNITIES, AppliesTo

MUST_FAILED, VETOED = 1, 2  # bits of Line.flags


class Line(NamedTuple):
    """One criterion of one village. num and den are None without a fact; maximum 0 means: left out, not measured."""

    number: int
    num: int | None
    den: int | None
    points: int
    maximum: int
    flags: int = 0

    @property
    def measured(self):
        return self.maximum > 0 and self.den is not None

    @property
    def left_out(self):
        return self.maximum == 0

    @property
    def lost(self):
        return self.maximum - self.points


def half_up(num, den):
    """num / den to the nearest whole number, halves up; num ≥ 0, den > 0."""
    return (2 * num + den) // (2 * den)


@dataclass(frozen=True)
class Terms:
    """A criterion as it is graded: keys, fractions and hundredths, nothing of the database.

    steps: ascending pairs (threshold, points in hundredths). must_at, veto_at: below it the group, the year fails.
    min_base: a measure whose denominator is smaller is no measure (ratings by too few people).
    """

    number: int
    group: str
    indicator: str
    points: int
    rule: str
    full_at: Fraction | None = None
    zero_at: Fraction | None = None
    steps: tuple[tuple[Fraction, int], ...] = ()
    must_at: Fraction | None = None
    veto_at: Fraction | None = None
    applies_to: str = AppliesTo.ALL
    counts_as_zero: bool = False
    min_base: int = 0

    def applies(self, kind):
        """Whether the criterion holds for a village of this kind (`villages.choices.VillageKind`)."""
        if self.applies_to == AppliesTo.ALL:
            return True
        return (self.applies_to == AppliesTo.COMMUNITY) == (kind in COMMUNITIES)

    @cached_property
    def line(self):
        """measure | None → Line. Cached: thousands of villages share few distinct measures."""
        return lru_cache(maxsize=4096)(self._line)

    def _line(self, measure):
        num, den = measure or (None, None)
        if not den or den < self.min_base:
            return self._unmeasured(num, den)
        points = earned(self, num, den)
        return Line(self.number, num, den, points, self.points, self._flags(num, den))

    def _unmeasured(self, num, den):
        """No fact, or too few: left out, unless the criterion says that it counts as zero. Then the value *is* zero,
        for must and veto too: a village must not escape by entering nothing."""
        num, den = (num, den) if den else (None, None)
        if not self.counts_as_zero:
            return Line(self.number, num, den, 0, 0)
        return Line(self.number, num, den, 0, self.points, self._flags(0, 1))

    def _flags(self, num, den):
        must = MUST_FAILED if _below(num, den, self.must_at) else 0
        return must | (VETOED if _below(num, den, self.veto_at) else 0)


def earned(terms, num, den):
    """Points in hundredths, 0 … terms.points, that the measure num/den (den > 0) earns by the rule."""
    if terms.rule == RuleKind.AT_LEAST:
        return 0 if _below(num, den, terms.full_at) else terms.points
    if terms.rule == RuleKind.LINEAR:
        return _linear(terms, num, den)
    if terms.rule == RuleKind.STEPS:
        return max((points for at, points in terms.steps if not _below(num, den, at)), default=0)
    raise ValueError(f"unknown rule: {terms.rule!r}")


def _below(num, den, mark):
    return mark is not None and num * mark.denominator < mark.numerator * den


def _linear(terms, num, den):
    """P × min(1, max(0, (v − Z) / (F − Z))), multiplied out so that one division is left. F may lie below Z."""
    zero, full = terms.zero_at, terms.full_at
    above = (num * zero.denominator - zero.numerator * den) * full.denominator
    span = (full.numerator * zero.denominator - zero.numerator * full.denominator) * den
    if span < 0:
        above, span = -above, -span
    return half_up(terms.points * min(max(above, 0), span), span)
