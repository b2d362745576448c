"""Rules, measures and reasons in words, for each kind of figure."""

from fractions import Fraction as F

import pytest

from scoring import words
from scoring.models import Criterion
from scoring.rules import Line


def criterion(key, full, zero=None, **more):
    rule = "linear" if zero is not None else "at_least"
    return Criterion(
        indicator=key, points=1000, rule=rule, full_at=F(full), zero_at=zero if zero is None else F(zero), **more
    )


@pytest.mark.parametrize(
    ("key", "full", "zero", "text"),
    [
        ("duty_kept", "19/20", "3/5", "60→95%"),
        ("cadres_under_40", "1/3", "0", "0→33.3%"),
        ("commitments_fulfilled", "9/10", None, "≥90%"),
        ("matters_registered", "1", None, "100%"),
        ("reserves_in_training", "2", None, "≥2件"),
        ("building_sound", "1", None, "是"),
        ("office_area", "1", "1/2", "50→100%"),
    ],
)
def test_rules(facts, key, full, zero, text):
    assert words.rule_text(criterion(key, full, zero)) == text


def test_an_amount_of_a_village_is_said_in_its_own_unit(facts):
    area, line = criterion("office_area", 1, "1/2"), Line(1, 19950, 20000, 990, 1000)
    assert words.rule_text(area, line) == "100→200件"
    assert words.measured_text(area, line) == "199.5件"
    assert words.why(area, line, ["办公用房"]) == "差0.5件满分"


@pytest.mark.parametrize(
    ("key", "full", "line", "records", "why"),
    [
        ("duty_kept", "19/20", Line(1, 41, 46, 900, 1000), [], "差3件满分"),
        ("duty_kept", "19/20", Line(1, 41, 46, 900, 1000), list("甲乙"), "差3件满分：甲、乙"),
        ("duty_kept", "19/20", Line(1, 41, 46, 900, 1000), list("甲乙丙丁"), "差3件满分：甲、乙、丙等4项"),
        ("duty_kept", "19/20", Line(1, 46, 46, 1000, 1000), [], ""),
        ("reserves_in_training", "2", Line(1, 1, 1, 0, 1000), [], "差1件满分"),
        ("members_developed", "1", Line(1, 1, 3, 0, 1000), [], "差1件满分"),
        ("building_sound", "1", Line(1, 0, 1, 0, 1000), [], "尚未达到"),
        ("building_sound", "1", Line(1, 0, 1, 0, 1000), ["门厅"], "未达到：门厅"),
        ("duty_kept", "19/20", Line(1, None, None, 0, 0), [], "未测得：尚无登记"),
        ("duty_kept", "19/20", Line(1, 5, 20, 0, 0), [], "只有20份，满30份才计分"),
        ("duty_kept", "19/20", Line(1, None, None, 0, 1000), [], "没有登记，按零分计"),
        ("not_there_yet", "19/20", Line(1, None, None, 0, 0), [], "未测得：平台尚未开设此项登记"),
        ("duty_kept", "-1", Line(1, 5, 20, 0, 1000), [], "尚未达到"),
    ],
)
def test_why(facts, key, full, line, records, why):
    assert words.why(criterion(key, full, min_base=30), line, records) == why


@pytest.mark.parametrize(("gap", "text"), [(1, "差0.1分"), (60, "差0.6分"), (53, "差0.6分"), (3192, "差32.0分")])
def test_a_gap_is_never_said_to_be_less_than_it_is(gap, text):
    assert words.gap_text(gap) == text


def test_steps(facts):
    steps = Criterion(indicator="duty_kept", points=1000, rule="steps", steps=[["60%", "5"], ["90%", "10"]])
    assert words.rule_text(steps) == "60%：5分；90%：10分"
    assert words.why(steps, Line(1, 12, 20, 500, 1000), []) == "差6件满分"
