from scoring.models.runs import Breakdown, Cell, Result, Run, ScoringSchedule, must_bit
from scoring.models.standards import DISTRICT, FULL, Criterion, Standard, StandardGroup

__all__ = [
    "DISTRICT",
    "FULL",
    "Breakdown",
    "Cell",
    "Criterion",
    "Result",
    "Run",
    "ScoringSchedule",
    "Standard",
    "StandardGroup",
    "must_bit",
]
