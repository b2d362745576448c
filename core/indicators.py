"""The registry of what can be measured.

An indicator is declared beside the facts that it reads and measures every village of a territory at once:

    @indicator("rooms_in_place", name=_("Rooms of the set in place"), kind=Kind.SHARE, unit=_("rooms"))
    def rooms_in_place(villages, period):
        return {village_id: Measure(12, 13), …}

    @rooms_in_place.shortfalls
    def missing_rooms(villages, period):
        return {village_id: [Shortfall("矛盾纠纷调解室", "/facilities/rooms/81/")], …}

What rows of a register declare, such as the questions that a district marks, is a `family` of indicators: each is found by
its key when it is asked for.

`scoring` knows this registry alone, so that a new mechanism never touches the roof.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from core.pages import opens_for
from core.periods import Period
from core.shared import shared


class Kind(TextChoices):
    SHARE = "share", _("Share")
    COUNT = "count", _("Count")
    AMOUNT = "amount", _("Amount")
    YES_NO = "yes_no", _("Yes or no")


class Measure(NamedTuple):
    """One village's figure as two integers, so that Python, SQLite and PostgreSQL agree to the last digit.

    A share is numerator and denominator; a count or a yes/no has denominator 1; an amount is in hundredths of its
    unit over the hundredths that are required. A denominator of 0 is not measured.
    """

    num: int
    den: int = 1


class Shortfall(NamedTuple):
    """A record that would restore points: what to call it, and where to mend it ("" for whom that page is not)."""

    label: str
    url: str

    def shown_to(self, user) -> "Shortfall":
        """As the person gets it: with a link that opens, or with none."""
        return self if opens_for(user, self.url) else self._replace(url="")


Measures = Mapping[int, Measure]
Shortfalls = Mapping[int, list[Shortfall]]


@dataclass
class Indicator:
    """What is measured and how. `measure(villages, period)` maps a village's id to its figure; absent: not measured."""

    key: str
    name: str
    kind: Kind
    measure: Callable[[QuerySet, Period], Measures]
    unit: str = ""
    evidence: str = ""
    find_shortfalls: Callable[[QuerySet, Period], Shortfalls] = field(default=lambda villages, period: {})

    def __call__(self, villages: QuerySet, period: Period) -> Measures:
        return self.measure(villages, period)

    def shortfalls(self, function):
        """Decorator: the function that names, live, the records behind lost points."""
        self.find_shortfalls = shared(function)
        return self.find_shortfalls


@dataclass(frozen=True)
class Family:
    """Indicators that rows declare: `find(key)` is the one of that key, or None if it is not of this family; `offer(user)`
    are those that the person may choose.
    """

    find: Callable[[str], Indicator | None]
    offer: Callable[[object], Iterable[Indicator]]


_registry: dict[str, Indicator] = {}
_families: list[Family] = []


def indicator(key: str, *, name, kind: Kind, unit="", evidence=""):
    def declare(measure) -> Indicator:
        if key in _registry:
            raise ValueError(f"indicator {key!r} is declared twice")
        _registry[key] = Indicator(key, name, kind, shared(measure), unit, evidence)
        return _registry[key]

    return declare


def get(key: str) -> Indicator | None:
    """The indicator, or None while no app measures it yet: its criteria are then not measured."""
    if key in _registry:
        return _registry[key]
    return next((found for family in _families if (found := family.find(key))), None)


def all_indicators() -> list[Indicator]:
    """Those that apps declare; what rows declare is offered to a person."""
    return list(_registry.values())


def add_family(find: Callable[[str], Indicator | None], offer: Callable[[object], Iterable[Indicator]]) -> None:
    _families.append(Family(shared(find), offer))


def offered(user) -> list[Indicator]:
    """All that the person may choose from: those of the apps, then those of rows."""
    return all_indicators() + [found for family in _families for found in family.offer(user)]
