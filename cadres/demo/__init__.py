"""The demonstration's people and what they did: invented, by a fixed seed; the totals are those of the document."""

from datetime import date
from random import Random

from cadres.demo import (
    appraisal,
    drives,
    duty,
    elections,
    filings,
    meetings,
    members,
    messages,
    people,
    rectification,
    reserve,
    selection,
    supervision,
    training,
)
from villages.models import Village

PARTS = (
    people,
    members,
    filings,
    training,
    duty,
    drives,
    reserve,
    rectification,
    supervision,
    elections,
    selection,
    appraisal,
    messages,
    meetings,
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    """`villages` in code order. Each part takes what stands before it, and draws from a generator of its own."""
    for part in PARTS:
        part.build(Random(rng.random()), villages, day)
