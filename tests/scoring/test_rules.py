"""Points and groups by the arithmetic of the standard, in whole numbers."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.choices import Group, Verdict
from scoring.engine import StandardTerms, grade, ratio
from scoring.rules import MUST_FAILED, VETOED, Line, Terms, half_up

POINTS = st.integers(0, 100_00)
MARKS = st.fractions(min_value=0, max_value=2, max_denominator=400)
MEASURES = st.tuples(st.integers(0, 5000), st.integers(1, 5000))


def linear(points, zero, full, **more):
    return Terms(1, "functions", "k", points, "linear", full_at=F(full), zero_at=F(zero), **more)


def at_least(points, full, number=1, group="functions", key="k", **more):
    return Terms(number, group, key, points, "at_least", full_at=F(full), **more)


# ---- the examples that the standard prints ----


def test_41_of_46_cases_earn_11_65_of_14():
    assert linear(1400, "60/100", "95/100").line((41, 46)) == Line(1, 41, 46, 1165, 1400)


def test_an_office_one_square_metre_short_loses_a_fifth_of_a_point_and_fails_nothing():
    office = linear(2000, "1/2", 1, must_at=F(1, 2))
    assert office.line((19900, 20000)) == Line(1, 19900, 20000, 1980, 2000)
    assert office.line((9000, 20000)).flags == MUST_FAILED
    assert office.line((10000, 20000)).flags == 0


@pytest.mark.parametrize(("team", "state", "met"), [(7999, "fails", 3), (8000, "meets", 4)])
def test_a_group_short_by_a_hundredth_fails(team, state, met):
    standard = of({"functions": 9120, "team": team, "facilities": 8800, "rules": 9500})
    result = grade(standard, {"half": (0, 1), "full": (1, 1)}, "village")
    assert [g.score for g in result.groups] == [9120, team, 8800, 9500]
    assert (result.groups[1].state, result.verdict, result.met) == (state, state, met)


def of(scores, least=6000):
    """A standard in which a village with full = 1 and half = 0 scores these hundredths."""
    criteria = []
    for group, score in scores.items():
        criteria.append(at_least(score, 1, len(criteria) + 1, group, "full"))
        criteria.append(at_least(10000 - score, 1, len(criteria) + 1, group, "half"))
    return StandardTerms(tuple(criteria), dict.fromkeys(Group.values, (8000, least)))


# ---- properties ----


@given(st.integers(0, 10**12), st.integers(1, 10**9))
def test_half_up_is_the_nearest_whole_number(num, den):
    rounded, exact = half_up(num, den), F(num, den)
    assert exact - F(1, 2) < rounded <= exact + F(1, 2)


@given(POINTS, MARKS, MARKS, MEASURES)
def test_linear_is_the_rounded_exact_value_either_way_round(points, zero, full, measure):
    if zero == full:
        return
    share = min(F(1), max(F(0), (F(*measure) - zero) / (full - zero)))
    exact = points * share
    assert linear(points, zero, full).line(measure).points == int(exact + F(1, 2))


@given(POINTS, MARKS, MEASURES, st.integers(1, 50))
def test_points_lie_between_nothing_and_full_and_depend_on_the_share_alone(points, full, measure, times):
    terms = linear(points, 0, full + 1)
    line, same = terms.line(measure), terms.line((measure[0] * times, measure[1] * times))
    assert 0 <= line.points <= points
    assert line.points == same.points


@given(st.lists(st.tuples(MARKS, POINTS), min_size=1, max_size=6, unique_by=lambda s: s[0]), MEASURES)
def test_steps_give_the_best_step_reached(steps, measure):
    terms = Terms(1, "functions", "k", 10000, "steps", steps=tuple(sorted(steps)))
    reached = [points for at, points in steps if F(*measure) >= at]
    assert terms.line(measure).points == max(reached, default=0)


@given(MARKS, MEASURES)
def test_must_and_veto_stand_exactly_below_their_mark(mark, measure):
    terms = at_least(100, 0, must_at=mark, veto_at=mark)
    assert terms.line(measure).flags == (MUST_FAILED | VETOED if F(*measure) < mark else 0)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_score_is_never_rounded_over_the_whole(points, maximum):
    points = min(points, maximum)
    assert 0 <= ratio(points, maximum) <= 10000


# ---- not measured ----


@pytest.mark.parametrize("measure", [None, (0, 0), (29, 29)])
def test_without_a_fact_a_criterion_leaves_points_and_maximum(measure):
    line = at_least(1200, "4/5", min_base=30, must_at=F(1)).line(measure)
    assert (line.points, line.maximum, line.flags, line.measured) == (0, 0, 0, False)


def test_too_few_ratings_stay_readable_in_the_line():
    assert at_least(1200, "4/5", min_base=30).line((20, 29))[1:3] == (20, 29)
    assert at_least(1200, "4/5", min_base=30).line((24, 30)).points == 1200


def test_counting_as_zero_costs_the_points_and_fails_must_and_veto():
    terms = at_least(1200, 1, counts_as_zero=True, must_at=F(1, 2), veto_at=F(1, 3))
    assert terms.line(None) == Line(1, None, None, 0, 1200, MUST_FAILED | VETOED)


@pytest.mark.parametrize(("measurable", "state"), [(5999, "undetermined"), (6000, "meets")])
def test_below_60_measurable_points_a_group_is_undetermined(measurable, state):
    group = grade(of({"functions": measurable}), {"full": (1, 1)}, "village").groups[0]
    assert (group.score, group.state) == (10000, state)


def test_an_undetermined_group_leaves_the_village_undetermined_even_beside_a_failed_one():
    standard = of({"functions": 1000, "team": 7000, "facilities": 10000, "rules": 10000})
    result = grade(standard, {"full": (0, 1)}, "village")
    assert [g.state for g in result.groups] == ["undetermined", "fails", "fails", "fails"]
    assert result.verdict == Verdict.UNDETERMINED


def test_a_failed_must_fails_its_group_and_a_veto_the_year_however_little_is_measured():
    must = at_least(1000, 1, key="m", must_at=F(1))
    veto = at_least(1000, 1, 2, "team", "v", veto_at=F(1))
    standard = StandardTerms((must, veto), dict.fromkeys(Group.values, (8000, 6000)))
    assert grade(standard, {"m": (0, 1)}, "village").groups[0].state == Verdict.FAILS
    assert grade(standard, {"m": (0, 1)}, "village").verdict == Verdict.UNDETERMINED
    vetoed = grade(standard, {"v": (0, 1)}, "village")
    assert (vetoed.verdict, vetoed.veto) == (Verdict.FAILS, True)


def test_nothing_measured_gives_no_figure_at_all():
    result = grade(of({"functions": 5000}), {}, "village")
    assert (result.total, result.verdict, result.met) == (None, Verdict.UNDETERMINED, 0)
    assert {g.score for g in result.groups} == {None}


def test_the_total_is_over_all_measurable_points():
    standard = of({"functions": 5000, "team": 10000, "facilities": 10000, "rules": 10000})
    assert grade(standard, {"full": (1, 1), "half": (0, 1)}, "village").total == 8750
    assert grade(standard, {"full": (1, 1)}, "village").total == 10000


@pytest.mark.parametrize(
    ("applies_to", "kind", "holds"),
    [
        ("all", "village", True),
        ("village", "village", True),
        ("village", "urban_community", False),
        ("community", "village", False),
        ("community", "rural_community", True),
        ("community", "urban_community", True),
    ],
)
def test_a_criterion_of_another_kind_of_village_is_no_part_of_the_group(applies_to, kind, holds):
    standard = StandardTerms((at_least(100, 1, applies_to=applies_to),), dict.fromkeys(Group.values, (8000, 6000)))
    assert bool(grade(standard, {"k": (1, 1)}, kind).lines) is holds
