"""The surveys behind the document: rows made anew from its percentages, and labelled so."""

from datetime import date
from random import Random
from types import ModuleType

from surveys.demo import autumn, figures, links, rounds
from villages.models import Village

#: In this order: each part takes what stands before it.
PARTS: tuple[ModuleType, ...] = (figures, autumn, rounds, links)


def build(rng: Random, villages: list[Village], day: date) -> None:
    """`villages` in code order. Each part draws from a generator of its own."""
    for part in PARTS:
        part.build(Random(rng.random()), villages, day)
