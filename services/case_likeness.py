"""Whether two titles of cases speak of the same thing."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from services.models.cases import Case

#: From this share of common pairs of characters on, a person is asked.
LIKE = 0.5
SHOWN = 5


def likeness(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of neighbouring characters, 0 to 1; marks and spaces don't count.

    >>> likeness("坡头坡路灯不亮", "坡头坡的路灯不亮") > 0.6, likeness("路灯不亮", "低保没发") == 0
    (True, True)
    """
    pairs, others = _pairs(one), _pairs(other)
    total = pairs.total() + others.total()
    return 2 * (pairs & others).total() / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    letters = [c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum()]
    return Counter(map("".join, zip(letters, letters[1:], strict=False))) if len(letters) > 1 else Counter(letters)


def like(title: str, cases: Iterable[Case]) -> list[Case]:
    """Those of the cases whose titles are like it, the likest first."""
    rated = [(likeness(title, case.title), case) for case in cases]
    found = sorted((pair for pair in rated if pair[0] >= LIKE), key=lambda pair: (-pair[0], -pair[1].pk))
    return [case for _share, case in found[:SHOWN]]
