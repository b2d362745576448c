"""What a report printed beside what the rows give: printed, computed, difference, why.

A report is a file of `dashboards/data`: the territory and year that it is about, and the percentages as it prints them. Nothing is
counted from it.
"""

import json
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from core.figures import Figure, Series
from core.shares import points, rounded

FOLDER = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Report:
    """`months`: figures of a part of the year count up to that month."""

    territory: str
    year: int
    months: int
    source: str
    figures: dict


@dataclass(frozen=True)
class Line:
    """One printed number. `share` is what the rows give, exactly."""

    series: str
    bar: str
    printed: str
    computed: str
    difference: str
    why: str
    differs: bool


@cache
def reports() -> list[Report]:
    return [Report(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("printed_*.json"))]


def report_on(code: str, year: int) -> Report | None:
    return next((one for one in reports() if (one.territory, one.year) == (code, year)), None)


def compared(report: Report, figure: Figure, series: list[Series]) -> list[Line]:
    """A line for each number that the report prints of the figure and that the rows give."""
    printed = report.figures.get(str(figure.number))
    if printed is None:
        return []
    decimals, lines = printed["decimals"], []
    for one in series:
        own = printed["series"].get(one.key, {})
        lines += [
            _line(one.label if len(series) > 1 else "", bar.label, own[bar.key], share, decimals, figure.decimals)
            for bar, share in ((bar, Fraction(bar.num, bar.den)) for bar in one.bars if bar.den)
            if bar.key in own
        ]
    for key, change in changes(series).items():
        if key in printed.get("growth", {}):
            label = next(bar.label for bar in series[0].bars if bar.key == key)
            text, own = printed["growth"][key], [printed["series"].get(one.key, {}).get(key) for one in series]
            line = _line(_("Growth in points"), label, text, change, decimals, figure.decimals)
            lines.append(replace(line, why=_of_printed(text, own)) if line.differs and _of_printed(text, own) else line)
    return lines


def changes(series: list[Series]) -> dict[str, Fraction]:
    """By how much each share moved from the first series to the second; bars that both have."""
    if len(series) != 2:
        return {}
    before = {bar.key: Fraction(bar.num, bar.den) for bar in series[0].bars if bar.den}
    return {
        bar.key: Fraction(bar.num, bar.den) - before[bar.key] for bar in series[1].bars if bar.den and bar.key in before
    }


def _line(series, label, printed: str, share: Fraction, decimals: int, shown: int) -> Line:
    """`decimals` is how many the report keeps, `shown` how many the portal shows."""
    text = rounded(share, shown)
    gap = Fraction(text.replace("−", "-")) - Fraction(printed)
    return Line(
        series,
        label,
        printed,
        text,
        points(gap / 100, max(shown, decimals)),
        _why(printed, share, decimals, gap),
        bool(gap),
    )


def _of_printed(text: str, shares: list[str | None]) -> str:
    """That a report's change is the difference of the two shares that it prints; "" where it is not."""
    before, now = shares
    if before is None or now is None or Decimal(now) - Decimal(before) != Decimal(text):
        return ""
    return _("The report subtracts the shares that it prints: %(now)s − %(before)s") % {"now": now, "before": before}


def _why(printed: str, share: Fraction, decimals: int, gap: Fraction) -> str:
    """How the report came to its number, as far as arithmetic tells."""
    if not gap:
        return _("The same")
    given, unit = Decimal(printed), Decimal(1).scaleb(-decimals)
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    if exact.quantize(unit, ROUND_HALF_UP) == given:
        return _("The report rounds to whole percent") if decimals == 0 else _("The report keeps fewer decimals")
    if exact.quantize(unit, ROUND_DOWN) == given:
        return _("The report cuts off the rest instead of rounding")
    return _("Neither rounded nor cut does the report's number come out of these rows")
