"""What counts as decided by the full procedure; the demonstration's year against the rules it tells of."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.indicators import Measure
from core.periods import Period
from services.deliberating import check, load_rules
from services.entitled import entitled_on
from services.indicators.deliberations import deliberations_full, deliberations_not_full
from services.models import Deliberation, DeliberationStep
from tests import factories
from villages.catalogue import load_catalogue
from villages.models import Village

DAY = date(2013, 11, 24)
YEAR = Period(2013, DAY)
FOUR = ("propose", "discuss", "review", "decide")


@pytest.fixture
def place(cast):
    load_catalogue()
    return cast


def decided(village, on, *later, state="done") -> Deliberation:
    """A matter decided on the day with its four deliberations; `later`: (step, day) that followed."""
    row = factories.DeliberationFactory(village=village, decided_on=on, state=state)
    steps = [*((name, on) for name in FOUR), *later]
    DeliberationStep.objects.bulk_create(DeliberationStep(deliberation=row, step=n, held_on=day) for n, day in steps)
    return row


def measured(village) -> Measure | None:
    return deliberations_full(Village.objects.all(), YEAR).get(village.pk)


def lacking(village) -> list[str]:
    return [one.label for one in deliberations_not_full(Village.objects.all(), YEAR).get(village.pk, [])]


def test_a_village_without_decisions_is_not_measured(place):
    factories.DeliberationFactory(village=place.home, state="proposed")
    decided(place.home, date(2012, 12, 31))
    decided(place.home, date(2013, 11, 25))
    hamlet = factories.HamletFactory(village=place.home)
    factories.DeliberationFactory(village=place.home, hamlet=hamlet, decided_on=date(2013, 5, 1), state="agreed")
    assert measured(place.home) is None


def test_outside_the_procedure_counts_as_not_full_and_names_the_steps(place):
    decided(place.home, date(2013, 3, 1), ("disclose", date(2013, 3, 4)))
    factories.DeliberationFactory(village=place.home, subject="抢修", decided_on=date(2013, 6, 1), state="outside")
    assert measured(place.home) == Measure(1, 2)
    (label,) = lacking(place.home)
    assert label.startswith("抢修：缺") and "党员大会审议" in label


@pytest.mark.parametrize("on, full", [(date(2013, 11, 20), 1), (date(2013, 11, 19), 0)])
def test_a_resolution_not_made_public_in_time_is_not_full(place, on, full):
    """Of Tuesday the 19th, three working days end on Friday the 22nd; of the 20th, on Monday after the day."""
    decided(place.home, on, state="decided")
    assert measured(place.home) == Measure(full, 1)


def test_a_result_not_made_public_is_not_full_and_made_public_late_it_is(place):
    row = decided(place.home, date(2013, 3, 1), ("disclose", date(2013, 3, 4)), ("carry_out", date(2013, 4, 1)))
    assert measured(place.home) == Measure(0, 1)
    assert lacking(place.home)[0].endswith("缺实施结果公开")
    DeliberationStep.objects.create(deliberation=row, step="disclose_result", held_on=date(2013, 11, 24))
    assert measured(place.home) == Measure(1, 1)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["home", "next_door", "across"]),
            st.dates(date(2012, 11, 1), date(2014, 1, 31)),
            st.sampled_from(["full", "outside", "hidden"]),
        ),
        max_size=12,
    )
)
def test_the_same_figure_by_plain_python(place, undone, rows):
    with undone():
        expected = {}
        for where, on, how in rows:
            later = [("disclose", on)] if how == "full" else []
            decided(place.villages[where], on, *later, state="outside" if how == "outside" else "disclosed")
            if date(2013, 1, 1) <= on <= DAY:
                num, den = expected.get(place.villages[where].pk, (0, 0))
                # All four deliberations of an outside matter are on record here: nothing is missing.
                expected[place.villages[where].pk] = (num + (how != "hidden" or _open(on)), den + 1)
        found = deliberations_full(Village.objects.all(), YEAR)
        assert {pk: tuple(measure) for pk, measure in found.items()} == expected
        short = deliberations_not_full(Village.objects.all(), YEAR)
        assert {pk for pk, (num, den) in expected.items() if num < den} == set(short)


def _open(on: date) -> bool:
    """Whether three working days after `on` end on the day or later, at a time of the year without holidays."""
    left = 3
    while left:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return on >= DAY


def test_many_villages_ask_no_more(place, django_assert_max_num_queries):
    for village in place.villages.values():
        for _n in range(4):
            decided(village, date(2013, 3, 1), state="decided")
    with django_assert_max_num_queries(4):
        assert len(deliberations_full(Village.objects.all(), YEAR)) == 5


# ---- the demonstration ----


def test_the_demonstrations_votes_keep_every_rule(demo):
    """Each step as if it were entered today: order, quorum, majority, those entitled by the registers."""
    rules = load_rules()
    rows = list(Deliberation.objects.select_related("village", "hamlet").prefetch_related("steps"))
    assert {"done", "decided", "outside", "voted_down", "dropped", "reviewed", "group_proposed"} <= {
        row.state for row in rows
    }
    assert any(row.due_on and row.due_on < DAY for row in rows), "something is late in disclosure"
    for row in Random(1).sample(rows, 60):
        steps = list(row.steps.all())
        for step in steps:
            step.deliberation = row
        for step in steps:
            assert step.held_on <= DAY
            check(step, [one for one in steps if one is not step], rules)
            if step.entitled is not None:
                assert step.on_record == entitled_on(row, step.step, step.deciders, step.held_on), step
