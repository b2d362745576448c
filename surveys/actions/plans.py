"""The sample plan of a survey, written as a whole: what is wished for each village and stratum."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from core import actions
from surveys.models import PlanRow, Survey, Team
from villages.models import Village


class Wish(NamedTuple):
    """`planned` 0: no sheet is due there. `base`: the population that the sheets stand for, if it is known."""

    village: Village
    stratum: str
    planned: int
    team: Team | None
    base: int | None


def set_plan(by, survey: Survey, wishes: Sequence[Wish]) -> int:
    """Bring the plan to what is wished; villages that no wish names stay as they are. Answers the rows changed.

    Raises Refused, Invisible, ValidationError; then nothing is written.
    """
    actions.require(by, "change", Survey)
    with transaction.atomic():
        actions.lock(by, "change", Survey, [survey])
        stood = {(row.village_id, row.stratum): row for row in survey.plan.select_related("team")}
        new, changed, gone = [], [], []
        for wish in wishes:
            row = stood.get((wish.village.pk, wish.stratum))
            if row is None and wish.planned:
                new.append(PlanRow(survey=survey, **wish._asdict()))
            elif row is not None and not wish.planned:
                gone.append(row)
            elif row is not None and (row.planned, row.team, row.base) != wish[2:]:
                row.planned, row.team, row.base = wish[2:]
                changed.append(row)
        actions.create(by, new)
        actions.update(by, changed, ("planned", "team", "base"))
        actions.delete(by, gone)
    return len(new) + len(changed) + len(gone)
