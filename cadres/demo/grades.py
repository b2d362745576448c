"""How well each village of the demonstration keeps its team: the same for training, duty and reserves."""

from random import Random

from villages.demo import LIANG
from villages.models import Village

GOOD, FAIR, WEAK = "good", "fair", "weak"


def grade_of(village: Village) -> str:
    """Most do well, some miss by a hair, some fail; the secretary's own village, put right this year, does well."""
    if village.code == LIANG:
        return GOOD
    return Random(int(village.code)).choices((GOOD, FAIR, WEAK), (70, 16, 14))[0]
