"""Intervals against another implementation; weights and effective sizes against sums over single sheets."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from core.shares import wilson
from surveys.statistics import (
    Stratum,
    is_beyond_chance,
    kish,
    newcombe,
    weighted_interval,
    weighted_share,
)


@st.composite
def shares(draw, most: int = 3000) -> tuple[int, int]:
    den = draw(st.integers(1, most))
    return draw(st.integers(0, den)), den


@st.composite
def strata(draw) -> Stratum:
    num, den = draw(shares(40))
    return Stratum(draw(st.integers(1, 5000)), num, den)


STRATA = st.lists(strata(), min_size=1, max_size=6)


@given(shares())
def test_wilson_is_that_of_statsmodels(share):
    assert wilson(*share) == pytest.approx(proportion_confint(*share, alpha=0.05, method="wilson"), abs=1e-9)


@given(shares(), shares())
def test_newcombe_is_that_of_statsmodels(now, before):
    theirs = confint_proportions_2indep(*now, *before, method="newcomb", compare="diff", alpha=0.05)
    assert newcombe(*now, *before) == pytest.approx(theirs, abs=1e-9)


def test_newcombe_gives_the_figures_of_the_paper():
    """Newcombe 1998, table II, examples (a), (d) and (h), to the four digits printed."""
    assert [round(x, 4) for x in newcombe(56, 70, 48, 80)] == [0.0524, 0.3339]
    assert [round(x, 4) for x in newcombe(5, 56, 0, 29)] == [-0.0381, 0.1926]
    assert [round(x, 4) for x in newcombe(10, 10, 0, 10)] == [0.6075, 1.0]


@given(shares(), shares())
def test_a_difference_turned_round_changes_its_sign(now, before):
    low, high = newcombe(*now, *before)
    assert newcombe(*before, *now) == pytest.approx((-high, -low))
    assert -1 - 1e-9 <= low <= now[0] / now[1] - before[0] / before[1] <= high <= 1 + 1e-9


@given(STRATA)
def test_the_weighted_share_is_the_mean_over_single_sheets(found):
    weights = [(Fraction(s.base, s.den), n < s.num) for s in found for n in range(s.den)]
    whole = sum(weight for weight, _said in weights)
    assert weighted_share(found) == sum(weight for weight, said in weights if said) / whole
    assert kish(found) == whole**2 / sum(weight**2 for weight, _said in weights)


@given(STRATA)
def test_weights_never_make_more_of_the_answers(found):
    assert 0 < kish(found) <= sum(s.den for s in found)
    low, high = weighted_interval(found)
    assert 0 <= low <= float(weighted_share(found)) + 1e-12 and float(weighted_share(found)) - 1e-12 <= high <= 1


@given(st.lists(shares(40), min_size=1, max_size=6), st.integers(1, 90))
def test_strata_in_proportion_to_their_people_need_no_weights(found, each):
    proportional = [Stratum(den * each, num, den) for num, den in found]
    num, den = sum(n for n, _d in found), sum(d for _n, d in found)
    assert weighted_share(proportional) == Fraction(num, den)
    assert kish(proportional) == den
    assert weighted_interval(proportional) == pytest.approx(wilson(num, den))


def test_who_was_not_heard_says_nothing():
    assert weighted_share([Stratum(500, 0, 0)]) is None and weighted_interval([Stratum(500, 0, 0)]) is None
    assert weighted_share([Stratum(500, 0, 0), Stratum(10, 1, 4)]) == Fraction(1, 4)
    assert kish([]) == 0


def test_beyond_chance_is_without_zero():
    assert is_beyond_chance((0.01, 0.2)) and is_beyond_chance((-0.2, -0.01))
    assert not is_beyond_chance((-0.01, 0.2)) and not is_beyond_chance((0.0, 0.2))
