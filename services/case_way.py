"""How a case went over the tiers: each step's working days against its limit, and their sums for each tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.workflow.days import Calendar
from core.workflow.engine import trails
from core.workflow.stays import Stay, stays
from services.choices_cases import IN_HAND, TIER_OF, CaseState, Tier
from services.models.cases import Case


@dataclass(frozen=True)
class Step:
    stay: Stay
    tier: Tier
    label: str
    ends: str  # what ended it, in words; "" while it lasts


@dataclass(frozen=True)
class TierDays:
    """Working days that a tier had the case in hand, and those that its limits gave it."""

    tier: Tier
    used: int
    allowed: int
    over: int
    current: bool


def way_of(case: Case, day: date, moves: dict[str, str]) -> tuple[list[Step], list[TierDays]]:
    """The steps of a case and the days of each tier that had it. `moves`: transition → label. Two queries."""
    calendar, trail = Calendar.load(), trails(Case, [case.pk])[case.pk]
    steps = [
        Step(
            stay,
            TIER_OF.get(stay.state, Tier.VILLAGE),
            CaseState(stay.state).label,
            moves.get(stay.move.transition, "") if stay.move else "",
        )
        for stay in stays(case, case.heard_on, trail, day, calendar)
        if stay.move or stay.due_on
    ]
    return steps, _by_tier(case, steps)


def _by_tier(case: Case, steps: Sequence[Step]) -> list[TierDays]:
    found = []
    for tier in Tier:
        own = [step.stay for step in steps if step.tier == tier and step.stay.state in IN_HAND]
        if own:
            used, allowed = sum(stay.used for stay in own), sum(stay.allowed or 0 for stay in own)
            over = sum(stay.over for stay in own)
            found.append(TierDays(tier, used, allowed, over, TIER_OF.get(case.state) == tier))
    return found
