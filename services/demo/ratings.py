"""Slips on the year's matters, and the two rounds in ten pilot villages whose counts are those that figure 7 prints.

No slips of the two rounds survive: a hundred answers each are made up so that their counts are the printed percentages
(the smallest number at which all six are whole). Which resident gave which answer is drawn by the seed.
"""

from datetime import date, timedelta
from random import Random

from cadres.demo.grades import FAIR, GOOD, grade_of
from cadres.demo.people import CLERKS
from services.choices_matters import MatterState
from services.choices_ratings import BEST, SATISFIED, WORST, Aspect, Phase, Source
from services.demo.pilots import PILOTS, pilots_of
from services.models import Matter, Rating, RatingBatch, RatingRound, RoundVillage
from villages.models import Village

ASKED = 100
#: Satisfied of a hundred, before and after.
FIGURE_7 = {
    Phase.BEFORE: {Aspect.TIME: 69, Aspect.RESULT: 64, Aspect.ATTITUDE: 70},
    Phase.AFTER: {Aspect.TIME: 87, Aspect.RESULT: 81, Aspect.ATTITUDE: 91},
}
ROUNDS = {
    Phase.BEFORE: ("试点前群众评分", date(2012, 12, 3), date(2012, 12, 14)),
    Phase.AFTER: ("试点后群众评分", date(2013, 11, 4), date(2013, 11, 15)),
}
SOURCE = "按图7印出的百分比还原，每轮100份，为推断"
#: How likely a resident is to be satisfied, by how well the village keeps its team.
LIKELY = {GOOD: 0.88, FAIR: 0.8}
LIKELY_WEAK = 0.66


def build(rng: Random, villages: list[Village], day: date) -> None:
    _on_matters(rng)
    pilots = pilots_of(villages)
    for phase in Phase:
        _round(rng, pilots, phase)


# ---- on matters ----


def _on_matters(rng: Random) -> None:
    matters = Matter.objects.filter(state=MatterState.RATED).select_related("village").order_by("pk")
    batches = [_batch(rng, matter) for matter in matters]
    _mend(batches)
    RatingBatch.objects.bulk_create(batches, batch_size=300)
    ratings = [
        _rating(batch, _answers(rng, LIKELY.get(grade_of(batch.village), LIKELY_WEAK)))
        for batch in batches
        for _n in range(batch.typed)
    ]
    Rating.objects.bulk_create(ratings, batch_size=900)


def _batch(rng: Random, matter: Matter) -> RatingBatch:
    typed = rng.randint(8, 16)
    returned = typed + rng.choice((0, 0, 0, 1, 2))
    return RatingBatch(
        village=matter.village,
        matter=matter,
        collected_on=matter.state_since,
        handed_out=returned + rng.randint(0, 6),
        returned=returned,
        typed=typed,
        typed_twice=rng.random() < 0.3,
        saved_by=CLERKS.get(matter.village.code[:9], ""),
    )


def _mend(batches: list[RatingBatch]) -> None:
    """One batch was typed anew, one was taken back."""
    if len(batches) > 20:
        batches[7].corrections = 1
        batches[19].withdrawn_on = batches[19].collected_on + timedelta(days=2)
        batches[19].withdrawn_why = "评分表不是群众本人填写"


def _answers(rng: Random, likely: float) -> dict[str, int]:
    return {aspect.value: _step(rng, rng.random() < likely) for aspect in Aspect}


def _step(rng: Random, satisfied: bool) -> int:
    return (
        rng.randint(SATISFIED, BEST) if satisfied else rng.choice((SATISFIED - 1, SATISFIED - 1, SATISFIED - 2, WORST))
    )


def _rating(batch: RatingBatch, steps: dict[str, int]) -> Rating:
    return Rating(
        village=batch.village,
        matter=batch.matter,
        round=batch.round,
        batch=batch,
        source=Source.PAPER,
        on=batch.collected_on,
        **steps,
    )


# ---- the two rounds ----


def _round(rng: Random, pilots: list[Village], phase: Phase) -> None:
    name, first, last = ROUNDS[phase]
    one = RatingRound.objects.create(
        territory_code=pilots[0].code[:6],
        year=2013,
        phase=phase,
        name=name,
        starts_on=first,
        ends_on=last,
        is_inferred=True,
        source=SOURCE,
    )
    RoundVillage.objects.bulk_create(RoundVillage(round=one, village=village) for village in pilots)
    each = ASKED // PILOTS
    batches = RatingBatch.objects.bulk_create(
        RatingBatch(
            village=village, round=one, collected_on=last, handed_out=each, returned=each, typed=each, note="为推断"
        )
        for village in pilots
    )
    columns = {aspect.value: _column(rng, FIGURE_7[phase][aspect]) for aspect in Aspect}
    Rating.objects.bulk_create(
        _rating(batches[n // each], {name: steps[n] for name, steps in columns.items()}) for n in range(ASKED)
    )


def _column(rng: Random, satisfied: int) -> list[int]:
    """A hundred steps of which so many are satisfied, in any order."""
    steps = [_step(rng, n < satisfied) for n in range(ASKED)]
    rng.shuffle(steps)
    return steps
