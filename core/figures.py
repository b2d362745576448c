"""The registry of figures: shares of something in a territory and a year, drawn as bars.

A figure is declared beside the rows that it counts, as an indicator is; the pages know this registry alone.

    @figure(2, "cadres_age", _("Age of the cadres"), unit=_("people"))
    def cadres_age(ask):
        return [Series("now", "2013", [Bar("under_40", _("Under 40"), 168, 532), …])]

Two series of the same bars are laid side by side: before and after, this year and the one before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet


@dataclass(frozen=True)
class Ask:
    """What is asked: `villages` that the person may see in the territory `code`, a year, the `day` as of which, and the
    month up to which a part of the year is counted.
    """

    villages: QuerySet
    code: str
    year: int
    day: date
    months: int = 12


class Bar(NamedTuple):
    """A share as two integers; `den` 0: nothing was counted."""

    key: str
    label: Any
    num: int
    den: int


class Series(NamedTuple):
    """`note` is said beside it: where its rows come from, and that they were made anew, if they were. `hidden`: the keys
    of bars for those alone who may read the rows.
    """

    key: str
    label: Any
    bars: list[Bar]
    note: str = ""
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figure:
    """`decimals` of its percentages; `is_sample`: who was asked stands for others, so that a share has an interval;
    `records(ask)` is the address of the rows behind it.
    """

    number: int
    key: str
    title: Any
    unit: Any
    draw: Callable[[Ask], list[Series]]
    decimals: int
    is_sample: bool
    records: Callable[[Ask], str] | None


_registry: dict[int, Figure] = {}


def figure(number: int, key: str, title, *, unit="", decimals: int = 1, is_sample: bool = False, records=None):
    """Decorator: declares the function as the figure of that number."""

    def declare(draw: Callable[[Ask], list[Series]]) -> Figure:
        if number in _registry:
            raise ValueError(f"figure {number} is declared twice")
        _registry[number] = Figure(number, key, title, unit, draw, decimals, is_sample, records)
        return _registry[number]

    return declare


def all_figures() -> list[Figure]:
    return [_registry[number] for number in sorted(_registry)]


def get(number: int) -> Figure | None:
    return _registry.get(number)
