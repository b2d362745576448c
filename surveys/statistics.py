"""What a sample tells: differences, weights, and how many answers weighted ones are worth. Pure; shares are of 1.

The interval of a single share is `core.shares.wilson`. Sources: Newcombe, “Interval estimation for the difference between
independent proportions”, Statistics in Medicine 17 (1998) 873–890, method 10; Kish, Survey Sampling (1965), 11.7; Holt and
Smith, “Post stratification”, JRSS A 142 (1979) 33–46.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from core.shares import Z95, wilson


class Stratum(NamedTuple):
    """`num` of `den` sheets answered so; they stand for `base` people."""

    base: int
    num: int
    den: int


def newcombe(num: float, den: float, num0: float, den0: float, z: float = Z95) -> tuple[float, float]:
    """The interval of num/den − num0/den0 by the hybrid of two score intervals. Neither `den` may be 0."""
    now, before = num / den, num0 / den0
    (low, high), (low0, high0) = wilson(num, den, z), wilson(num0, den0, z)
    change = now - before
    return (
        change - sqrt((now - low) ** 2 + (high0 - before) ** 2),
        change + sqrt((high - now) ** 2 + (before - low0) ** 2),
    )


def weighted_share(strata: Iterable[Stratum]) -> Fraction | None:
    """Σ base · num/den over Σ base: every stratum counts as its people do. Strata without answers say nothing; None if
    none has any.
    """
    heard = [one for one in strata if one.den]
    people = sum(one.base for one in heard)
    return Fraction(sum(one.base * Fraction(one.num, one.den) for one in heard), people) if people else None


def kish(strata: Iterable[Stratum]) -> Fraction:
    """How many equally weighted answers these are worth: (Σ w)² / Σ w², where w = base / den of each sheet."""
    heard = [one for one in strata if one.den]
    squares = sum(Fraction(one.base * one.base, one.den) for one in heard)
    return Fraction(sum(one.base for one in heard) ** 2) / squares if squares else Fraction(0)


def weighted_interval(strata: Iterable[Stratum], z: float = Z95) -> tuple[float, float] | None:
    """Wilson's interval of the weighted share, at the effective sample size."""
    strata = list(strata)
    share, size = weighted_share(strata), kish(strata)
    return None if share is None else wilson(float(share * size), float(size), z)


def is_beyond_chance(interval: tuple[float, float]) -> bool:
    """Whether the interval of a difference leaves 0 out."""
    low, high = interval
    return low > 0 or high < 0
