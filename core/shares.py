"""Shares of a whole: two integers, rounded once, and how sure a sample makes them."""

from fractions import Fraction
from math import sqrt

#: The standard normal deviate of a 95 % interval.
Z95 = 1.959963984540054


def rounded(share: Fraction, decimals: int) -> str:
    """A share in percent, half up: rounded(Fraction(24, 63), 2) is "38.10"."""
    scale = 10**decimals
    whole = abs(share) * 100 * scale
    units = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
    sign = "−" if share < 0 and units else ""
    digits = f"{units // scale}.{units % scale:0{decimals}}" if decimals else str(units)
    return sign + digits


def points(change: Fraction, decimals: int) -> str:
    """A difference of two shares in percentage points: "+6.33", "−0.40", "0.0"."""
    text = rounded(change, decimals)
    return text if text.startswith("−") or not change else f"+{text}"


def wilson(num: int, den: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share that a sample of `den` shows, as shares of 1 (Wilson 1927). `den` must not be 0."""
    share, square = num / den, z * z
    middle = (share + square / (2 * den)) / (1 + square / den)
    half = z / (1 + square / den) * sqrt(share * (1 - share) / den + square / (4 * den * den))
    low = 0.0 if num == 0 else max(0.0, middle - half)
    high = 1.0 if num == den else min(1.0, middle + half)
    return low, high
