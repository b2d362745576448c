"""The demonstration's reserve cadres at every step of both pipelines; the twelve that were brought into committees too."""

from datetime import date, timedelta
from random import Random

from cadres.choices import HowChosen, PoliticalStatus, Position, Sex
from cadres.choices_development import (
    STEPS_OF,
    TRAINING_FROM,
    VOTED,
    Grade,
    Pipeline,
    ReserveOutcome,
    ReserveSource,
    ReserveStage,
    StepResult,
)
from cadres.demo.grades import FAIR, GOOD, WEAK, grade_of
from cadres.demo.members import HIGH, _Registry
from cadres.demo.people import CLERKS, PUT_RIGHT, person
from cadres.models import Person, Post, Reserve, ReserveStep
from villages.models import Village

#: (in training, still on the way) a village, one of these.
NUMBERS = {GOOD: ((2, 1), (2, 2), (3, 1)), FAIR: ((1, 2), (2, 0), (1, 1)), WEAK: ((0, 2), (1, 0), (0, 1), (0, 0))}
SOURCES = (ReserveSource.PROSPEROUS,) * 3 + (ReserveSource.STUDENT, ReserveSource.VETERAN, ReserveSource.RETURNED)
FAILED = 6  # who did not pass their last step


def build(rng: Random, villages: list[Village], day: date) -> None:
    registry = _Registry(rng)
    plans = []
    for village in villages:
        training, on_the_way = rng.choice(NUMBERS[grade_of(village)])
        plans += [_plan(rng, registry, village, day, trains) for trains in [True] * training + [False] * on_the_way]
    Person.objects.bulk_create([reserve.person for reserve, _steps in plans], batch_size=400)
    plans += [_brought_in(rng, post) for post in brought_in()]
    for reserve, _steps in plans:
        reserve.person_id = reserve.person.pk
        reserve.saved_by = CLERKS.get(reserve.village.code[:9], "")
    failing = rng.sample(
        [steps for reserve, steps in plans if steps and reserve.left_on is None and not _trains(reserve, steps)], FAILED
    )
    for steps in failing:
        steps[-1].result = StepResult.FAILED
    Reserve.objects.bulk_create([reserve for reserve, _steps in plans])
    for reserve, steps in plans:
        for step in steps:
            step.reserve, step.saved_by = reserve, reserve.saved_by
    ReserveStep.objects.bulk_create([step for _reserve, steps in plans for step in steps], batch_size=500)


def brought_in() -> list[Post]:
    """One post of each who came into the committees of the villages that were put right."""
    posts = Post.objects.filter(
        village__name__in=PUT_RIGHT, starts_on__year=2013, ends_on=None, how=HowChosen.BY_ELECTION
    )
    first = {}
    for post in posts.select_related("person", "village").order_by("village__code", "person", "pk"):
        first.setdefault(post.person_id, post)
    return list(first.values())


def _trains(reserve: Reserve, steps: list[ReserveStep]) -> bool:
    return TRAINING_FROM[reserve.pipeline] in [step.stage for step in steps]


def _plan(rng: Random, registry, village: Village, day: date, trains: bool) -> tuple[Reserve, list[ReserveStep]]:
    """Somebody new, with as many steps as fit: up to the training and beyond, or not so far."""
    pipeline = rng.choice(list(Pipeline))
    stages = STEPS_OF[pipeline]
    begins = stages.index(TRAINING_FROM[pipeline]) + 1
    number = rng.randint(begins, len(stages)) if trains else rng.randint(0, begins - 1)
    sex = Sex.FEMALE if rng.random() < 0.3 else Sex.MALE
    who = person(rng, registry, village, sex, rng.randint(22, 38), rng.choice(HIGH), day)
    who.political_status = rng.choice((PoliticalStatus.MEMBER, PoliticalStatus.LEAGUE, PoliticalStatus.MASSES))
    entered_on = day - timedelta(days=rng.randint(40 + 55 * number, 110 + 60 * number))
    reserve = Reserve(
        village=village,
        person=who,
        source=rng.choice(SOURCES),
        pipeline=pipeline,
        intended=rng.choice((Position.BRANCH_MEMBER, Position.COMMITTEE_MEMBER, Position.DEPUTY_DIRECTOR)),
        entered_on=entered_on,
    )
    return reserve, _steps(rng, stages[:number], entered_on, day - timedelta(days=3))


def _steps(rng: Random, stages, first: date, last: date) -> list[ReserveStep]:
    """Spread over the time from the first day to the last, in order."""
    span = (last - first).days
    days = sorted(rng.sample(range(span), len(stages)))
    return [
        _step(rng, stage, at, first + timedelta(days=n)) for at, (stage, n) in enumerate(zip(stages, days, strict=True))
    ]


def _step(rng: Random, stage: str, at: int, on: date) -> ReserveStep:
    step = ReserveStep(stage=stage, position=at + 1, on=on)
    if stage in VOTED:
        step.present = rng.randint(28, 70)
        step.in_favour = round(step.present * rng.uniform(0.62, 0.96))
    if stage == ReserveStage.REVERSE:
        step.ability, step.performance, step.integrity = Grade.GOOD, rng.choice((Grade.GOOD, Grade.FAIR)), Grade.GOOD
    return step


def _brought_in(rng: Random, post: Post) -> tuple[Reserve, list[ReserveStep]]:
    entered_on = post.starts_on - timedelta(days=rng.randint(150, 260))
    reserve = Reserve(
        village=post.village,
        person=post.person,
        source=rng.choice(SOURCES),
        pipeline=Pipeline.THREE_TWO_ONE,
        intended=post.position,
        entered_on=entered_on,
        left_on=post.starts_on,
        outcome=ReserveOutcome.IN_POST,
    )
    return reserve, _steps(rng, STEPS_OF[Pipeline.THREE_TWO_ONE], entered_on, post.starts_on - timedelta(days=5))
