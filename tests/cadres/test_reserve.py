"""Reserve cadres: no step skipped, none before the one before; the board; what counts as training."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cadres.actions.reserve import take_back_steps, take_steps, update_reserves, update_steps
from cadres.choices_development import STEPS_OF, Pipeline, ReserveStage, StepResult
from cadres.models import Reserve, ReserveStep
from core.indicators import get
from core.models import AuditRow
from core.periods import Period
from tests import factories
from villages.models import Village

DAY = date(2013, 11, 24)
STAGES = STEPS_OF[Pipeline.THREE_TWO_ONE]


@pytest.fixture
def reserve(cast) -> Reserve:
    return factories.ReserveFactory(village=cast.home, entered_on=date(2013, 1, 7))


def step(reserve: Reserve, number: int, on: date | None = None, **values) -> ReserveStep:
    stage = reserve.stages[number]
    if stage == ReserveStage.REVERSE:
        values |= {"ability": "good", "performance": "fair", "integrity": "good"}
    return ReserveStep(reserve=reserve, stage=stage, on=on or date(2013, 2, 1 + number), **values)


def walk(by, reserve: Reserve, number: int) -> list[ReserveStep]:
    return take_steps(by, [step(reserve, at) for at in range(number)])


def test_steps_follow_one_another_and_leave_audit_rows(cast, reserve):
    walk(cast["secretary"], reserve, 3)
    take_steps(cast["clerk"], [step(reserve, 3)])
    assert list(reserve.steps.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert AuditRow.objects.filter(model="cadres.ReserveStep", verb="create").count() == 4


def test_a_step_is_not_skipped(cast, reserve):
    with pytest.raises(ValidationError, match="先"):
        take_steps(cast["secretary"], [step(reserve, 1)])
    assert not ReserveStep.objects.exists()


@pytest.mark.parametrize(("number", "on"), [(0, date(2013, 1, 6)), (2, date(2013, 2, 1))])
def test_no_step_is_dated_before_what_precedes_it(cast, reserve, number, on):
    walk(cast["secretary"], reserve, number)
    with pytest.raises(ValidationError) as error:
        take_steps(cast["secretary"], [step(reserve, number, on)])
    assert "on" in error.value.message_dict
    assert reserve.steps.count() == number


def test_nothing_follows_a_step_that_was_not_passed(cast, reserve):
    take_steps(cast["secretary"], [step(reserve, 0, result=StepResult.FAILED)])
    with pytest.raises(ValidationError):
        take_steps(cast["secretary"], [step(reserve, 1)])


def test_a_step_in_the_middle_is_neither_moved_nor_taken_away(cast, reserve):
    walk(cast["secretary"], reserve, 3)
    first, second, third = reserve.steps.all()
    second.on = date(2013, 6, 1)
    with pytest.raises(ValidationError):
        update_steps(cast["secretary"], [second], ["on"])
    with pytest.raises(ValidationError):
        take_back_steps(cast["secretary"], [first])
    take_back_steps(cast["secretary"], [third])
    assert reserve.steps.count() == 2


def test_the_pipeline_stays_while_steps_are_on_record(cast, reserve):
    walk(cast["secretary"], reserve, 1)
    reserve.pipeline = Pipeline.TWO_TWO_THREE
    with pytest.raises(ValidationError):
        update_reserves(cast["secretary"], [reserve], ["pipeline"])


def test_a_step_of_the_other_pipeline_is_refused(cast, reserve):
    with pytest.raises(ValidationError, match="没有这一步"):
        take_steps(cast["secretary"], [ReserveStep(reserve=reserve, stage=ReserveStage.MERIT, on=date(2013, 2, 1))])


def test_the_second_pipeline_ends_with_three_grades(cast):
    reserve = factories.ReserveFactory(village=cast.home, pipeline=Pipeline.TWO_TWO_THREE)
    walk(cast["secretary"], reserve, 6)
    bare = step(reserve, 6)
    bare.integrity = ""
    with pytest.raises(ValidationError, match="廉洁"):
        take_steps(cast["secretary"], [bare])
    take_steps(cast["secretary"], [step(reserve, 6)])
    trained = Reserve.objects.standing_on(DAY).get(pk=reserve.pk)
    assert (trained.at_step, trained.at_result) == (trained.stages[-1], StepResult.PASSED)


# ---- what counts ----


def measured(day: date = DAY) -> dict:
    return dict(get("reserves_in_training")(Village.objects.all(), Period(2013, day)))


def test_training_begins_with_the_last_selection_and_ends_with_the_list(cast, reserve):
    assert measured() == {cast.home.pk: (0, 1)}
    walk(cast["secretary"], reserve, 4)
    assert measured()[cast.home.pk].num == 0
    take_steps(cast["secretary"], [step(reserve, 4, date(2013, 6, 1))])
    assert measured()[cast.home.pk].num == 1
    assert measured(date(2013, 5, 31))[cast.home.pk].num == 0, "a fact of later doesn't count"
    Reserve.objects.update(left_on=date(2013, 7, 1), outcome="moved")
    assert measured()[cast.home.pk].num == 0
    assert measured(date(2013, 6, 30))[cast.home.pk].num == 1


def test_whoever_failed_is_in_training_no_more(cast, reserve):
    walk(cast["secretary"], reserve, 5)
    take_steps(cast["secretary"], [step(reserve, 5, result=StepResult.FAILED)])
    assert measured()[cast.home.pk].num == 0


def test_shortfalls_name_who_is_on_the_way_or_where_to_begin(cast, reserve):
    found = get("reserves_in_training").find_shortfalls(Village.objects.all(), Period(2013, DAY))
    assert found[cast.home.pk][0].url == f"/cadres/reserves/{reserve.pk}/"
    assert found[cast.across.pk][0].url == f"/cadres/reserves/new/?village={cast.across.pk}"


# ---- the board ----


def test_the_board_shows_who_stands_where_and_since_when(cast, as_, reserve):
    walk(cast["secretary"], reserve, 2)
    factories.ReserveFactory(village=cast.next_door)
    response = as_("secretary").get("/cadres/reserve-board/")
    columns = {column.stage: column for column in response.context["columns"]}
    (card,) = columns[ReserveStage.BY_MASSES].cards
    assert (card.reserve, card.since, card.days) == (reserve, date(2013, 2, 2), 295)
    assert "stage=by_oneself" in card.next_url
    assert response.context["total"] == 1, "the neighbour's are not there"
    assert as_("clerk").get("/cadres/reserve-board/").context["total"] == 2


def test_the_board_takes_no_more_queries_for_more_people(cast, as_, django_assert_max_num_queries):
    for _n in range(12):
        walk(cast["clerk"], factories.ReserveFactory(village=cast.home), 3)
    client = as_("clerk")
    client.get("/cadres/reserve-board/")
    with django_assert_max_num_queries(25):
        client.get("/cadres/reserve-board/")
