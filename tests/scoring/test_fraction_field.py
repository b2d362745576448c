"""Exact fractions as text."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fields import FractionField, FractionFormField, parse_fraction, write_fraction


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("19/20", F(19, 20)),
        ("95%", F(19, 20)),
        ("95 ％", F(19, 20)),
        ("0.95", F(19, 20)),
        ("2", F(2)),
        ("12.5%", F(1, 8)),
    ],
)
def test_reads_what_people_write(text, value):
    assert parse_fraction(text) == value
    assert FractionFormField().clean(text) == value


@pytest.mark.parametrize("text", ["", None])
def test_nothing_is_none(text):
    assert parse_fraction(text) is None
    assert FractionField().get_prep_value(text) is None


@pytest.mark.parametrize("text", ["many", "1/0", "95%%", "1e9", "1_0", "九成", "1" * 41, "0." + "1" * 30, 0.95])
def test_refuses_what_is_no_exact_number(text):
    with pytest.raises(ValueError):
        parse_fraction(text)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6))
def test_what_is_stored_comes_back(value):
    field = FractionField()
    stored = field.get_prep_value(value)
    assert field.from_db_value(stored, None, None) == value


@given(st.fractions(min_value=0, max_value=5, max_denominator=1000))
def test_what_is_shown_can_be_typed_again(value):
    assert parse_fraction(write_fraction(value)) == value
