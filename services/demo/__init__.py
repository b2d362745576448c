"""A year of each mechanism: invented, by a fixed seed; the figures of the ten pilot villages are the document's."""

from datetime import date
from random import Random
from types import ModuleType

from services.catalogue import load_catalogue
from services.demo import bodies, cases, commitments, deliberations, grids, help, matters, ratings, stations
from villages.models import Village

#: In this order: each part takes what stands before it.
PARTS: tuple[ModuleType, ...] = (grids, stations, cases, commitments, bodies, deliberations, matters, ratings, help)


def build(rng: Random, villages: list[Village], day: date) -> None:
    """`villages` in code order. Each part draws from a generator of its own."""
    load_catalogue()
    for part in PARTS:
        part.build(Random(rng.random()), villages, day)
