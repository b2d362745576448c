"""A survey counted: against plain Python over plain lists; who sees what; weights; two rounds; one query more or less."""

import time
from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.shares import wilson
from surveys import analysis
from surveys.analysis import Reading
from surveys.choices import Kind, Round, Unit
from surveys.counting import Counted, lines_of, tallies
from surveys.given import questions_of
from surveys.models import Answer, Option, Survey
from surveys.statistics import Stratum, kish, newcombe, weighted_share
from tests import factories
from tests.surveys.conftest import fill
from tests.surveys.helping import reading, shown, write

KNOWS = st.fixed_dictionaries({"knows": st.sampled_from(["yes", "no"]), "sex": st.sampled_from(["male", "female"])})
SHEETS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "sex": st.sampled_from(["male", "female"]),
            "knows": st.sampled_from(["yes", "no"]),
            "why": st.lists(st.sampled_from(["board", "far", "other"]), min_size=1, unique=True),
            "mark": st.integers(1, 5),
            "people": st.integers(1, 20),
            "service": st.fixed_dictionaries(
                {}, optional={"time": st.sampled_from(["good", "poor"]), "manner": st.sampled_from(["good", "poor"])}
            ),
        },
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=SHEETS)
def test_every_line_is_counted_as_lists_would_be(cast, survey, undone, sheets):
    with undone():
        write(survey, cast.home, sheets)
        lines = lines_of(questions_of(survey.edition))
        tally = tallies(Answer.objects.filter(response__survey=survey), lines).get((), {})
        for line in lines:
            key, row = line.key
            said = [sheet[key] for sheet in sheets if key in sheet]
            said = [one[row] for one in said if row in one] if row else said
            counted = tally.get(line.key, Counted())
            assert counted.den == len(said)
            flat = Counter(str(part) for one in said for part in (one if isinstance(one, list) else [one]))
            assert {part.key: counted.nums.get(part.key, 0) for part in line.parts} == {
                part.key: flat[part.key] for part in line.parts
            }
            if line.has_mean:
                assert counted.mean == (Fraction(sum(said), len(said)) if said else None)
        assert (("knows", "") in tally and tally["knows", ""].positive or 0) == sum(
            sheet.get("knows") == "yes" for sheet in sheets
        )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=st.lists(KNOWS, max_size=12), there=st.lists(KNOWS, max_size=12))
def test_a_cross_table_is_counted_as_lists_would_be(cast, survey, undone, here, there):
    with undone():
        write(survey, cast.home, here)
        write(survey, cast.community, there)
        (knows,) = [
            one for one in analysis.cross(reading(cast, "district", survey), "sex") if one.line.key[0] == "knows"
        ] or [None]
        counts = Counter((sheet["sex"], sheet["knows"]) for sheet in here + there)
        labels = {"男": "male", "女": "female"}
        for label, cells in knows.rows:
            option = {"知道": "yes", "不知道": "no"}[label]
            for column, cell in zip(knows.columns[:-1], cells[:-1], strict=True):
                assert cell.num == counts[labels[column.label], option]
            assert cells[-1].num == sum(sheet["knows"] == option for sheet in here + there)
        kinds = analysis.cross(reading(cast, "district", survey), "kind")
        by_kind = {
            column.key: den for column, den in zip(kinds[1].columns, kinds[1].dens, strict=True) if column.key != "*"
        }
        assert by_kind == {key: len(own) for key, own in ((cast.home.kind, here), (cast.community.kind, there)) if own}


def test_a_share_has_numerator_denominator_and_interval(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 41 + [{"knows": "no"}] * 5)
    found = analysis.results(reading(cast, "district", survey))
    cell = shown(found, "knows")["知道"]
    low, high = wilson(41, 46)
    assert (cell.num, cell.den, cell.text) == (41, 46, "89.1")
    assert (cell.low, cell.high) == (f"{100 * low:.1f}", f"{100 * high:.1f}")
    (line,) = [one for one in found if one.line.key[0] == "knows"]
    assert (line.den, line.positive.num) == (46, 41)


# ---- who sees what ----


def test_small_counts_are_for_those_who_may_read_sheets(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 17 + [{"knows": "no"}] * 3)
    assert shown(analysis.results(reading(cast, "district", survey)), "knows")["不知道"].num == 3
    for username in ("leader", "clerk", "secretary", "inspector"):
        cells = shown(analysis.results(reading(cast, username, survey)), "knows")
        assert cells["不知道"].is_hidden and cells["知道"].is_hidden, "the other would tell by subtraction"
        assert (cells["知道"].num, cells["知道"].den, cells["知道"].text) == (0, 0, "")


def test_fewer_than_five_answers_are_no_row(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 4)
    (line,) = [one for one in analysis.results(reading(cast, "leader", survey)) if one.line.key[0] == "knows"]
    assert line.den is None and all(cell.is_hidden for cell in [*line.cells, line.positive])


def test_whoever_typed_every_sheet_reads_them(cast, survey):
    write(survey, cast.home, [{"knows": "no", "wish": "路灯"}] * 3, by=cast["secretary"].name)
    assert shown(analysis.results(reading(cast, "secretary", survey)), "knows")["不知道"].num == 3
    assert reading(cast, "secretary", survey).readable.count() == 3
    assert reading(cast, "inspector", survey).readable.count() == 0
    write(survey, cast.home, [{"knows": "yes"}] * 2)
    assert shown(analysis.results(reading(cast, "secretary", survey)), "knows")["不知道"].is_hidden
    assert reading(cast, "secretary", survey).readable.count() == 3
    assert reading(cast, "secretary_next_door", survey).sheets == 0


def test_a_village_can_not_be_told_from_its_township(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 17 + [{"knows": "no"}] * 3)
    write(survey, cast.next_door, [{"knows": "yes"}] * 10 + [{"knows": "no"}] * 9)
    township = cast.home.code[:9]
    whole = shown(analysis.results(reading(cast, "leader", survey, township)), "knows")
    assert whole["不知道"].num == 12
    for village in (cast.home, cast.next_door):
        cells = shown(analysis.results(reading(cast, "leader", survey, village.code)), "knows")
        assert cells["不知道"].is_hidden
    assert shown(analysis.results(reading(cast, "district", survey, cast.home.code)), "knows")["不知道"].num == 3


def test_one_cut_at_a_time_for_readers_of_tables(cast, survey):
    write(survey, cast.home, [{"sex": "male", "knows": "yes"}] * 9 + [{"sex": "female", "knows": "no"}] * 8)
    write(survey, cast.across, [{"sex": "female", "knows": "yes"}] * 7)
    women = Option.objects.get(question__edition=survey.edition, key="female")
    assert reading(cast, "district", survey, cast.home.code, women).sheets == 8
    assert reading(cast, "leader", survey, only=women).sheets == 15
    both = reading(cast, "leader", survey, cast.home.code, women)
    assert (both.only, both.sheets) == (None, 17)
    assert shown(analysis.results(reading(cast, "leader", survey, only=women)), "knows")["知道"].num == 7


def test_a_group_hides_what_its_table_hides(cast, survey):
    """Three of the women: the men's count would tell them."""
    write(survey, cast.home, [{"sex": "female", "knows": "no"}] * 3 + [{"sex": "female", "knows": "yes"}] * 9)
    write(survey, cast.home, [{"sex": "male", "knows": "no"}] * 8 + [{"sex": "male", "knows": "yes"}] * 9)
    for key in ("female", "male"):
        option = Option.objects.get(question__edition=survey.edition, key=key)
        cells = shown(analysis.results(reading(cast, "leader", survey, only=option)), "knows")
        assert cells["不知道"].is_hidden and cells["知道"].is_hidden


def test_a_village_that_answers_for_itself_is_nobody(cast, survey):
    Survey.objects.filter(pk=survey.pk).update(unit=Unit.VILLAGE)
    survey.refresh_from_db()
    write(survey, cast.home, [{"knows": "no"}])
    assert shown(analysis.results(reading(cast, "leader", survey)), "knows")["不知道"].num == 1


def test_texts_are_read_by_the_district(cast, survey):
    write(survey, cast.home, [{"wish": "修路灯"}, {"wish": "清水渠"}])
    write(survey, cast.abroad, [{"wish": "别处的路灯"}])
    assert [one.text for one in analysis.texts(reading(cast, "district", survey), "路灯")] == ["修路灯"]
    assert list(analysis.texts(reading(cast, "leader", survey))) == []
    assert list(analysis.texts(reading(cast, "secretary", survey))) == []


# ---- weights ----


def test_weights_are_population_over_answers(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 8 + [{"knows": "no"}] * 2)
    write(survey, cast.across, [{"knows": "yes"}] * 5 + [{"knows": "no"}] * 25)
    for village, base in ((cast.home, 3000), (cast.across, 1000)):
        factories.PlanRowFactory(survey=survey, village=village, base=base)
    cell = shown(analysis.results(reading(cast, "district", survey)), "knows")["知道"]
    strata = [Stratum(3000, 8, 10), Stratum(1000, 5, 30)]
    assert weighted_share(strata) == Fraction(77, 120)
    assert (cell.num, cell.den, cell.text, cell.weighted) == (13, 40, "32.5", "64.2")
    size = float(kish(strata))
    low, high = wilson(size * 77 / 120, size)
    assert (cell.size, cell.low, cell.high) == (f"{size:.1f}", f"{100 * low:.1f}", f"{100 * high:.1f}")


def test_strata_of_the_plan_are_the_options_that_bear_their_names(cast, survey):
    write(survey, cast.home, [{"sex": "male", "knows": "yes"}] * 6 + [{"sex": "female", "knows": "no"}] * 2)
    for stratum in ("男", "女"):
        factories.PlanRowFactory(survey=survey, village=cast.home, stratum=stratum, base=500)
    cell = shown(analysis.results(reading(cast, "district", survey)), "knows")["知道"]
    assert (cell.text, cell.weighted) == ("75.0", "50.0")


def test_without_every_population_nothing_is_weighted(cast, survey):
    write(survey, cast.home, [{"knows": "yes"}] * 6)
    write(survey, cast.across, [{"knows": "no"}] * 6)
    factories.PlanRowFactory(survey=survey, village=cast.home, base=500)
    own = reading(cast, "district", survey)
    assert own.weighting and not own.is_weighted
    assert shown(analysis.results(own), "knows")["知道"].weighted == ""


# ---- two rounds ----


@pytest.fixture
def later(cast, survey):
    """The next version of the same questionnaire, asked after."""
    edition = fill(factories.QuestionnaireVersionFactory(questionnaire=survey.edition.questionnaire, number=2))
    return factories.SurveyFactory(edition=edition, round=Round.AFTER, compared_with=survey)


def test_rounds_are_matched_by_keys_and_told_from_chance(cast, survey, later):
    write(survey, cast.home, [{"knows": "yes", "sex": "male"}] * 20 + [{"knows": "no", "sex": "female"}] * 30)
    write(later, cast.home, [{"knows": "yes", "sex": "male"}] * 41 + [{"knows": "no", "sex": "female"}] * 9)
    factories.QuestionFactory(edition=later.edition, kind=Kind.SCALE, key="fresh")
    found = analysis.compared(reading(cast, "district", later), reading(cast, "district", survey))
    by_key = {one.line.key: one for one in found}
    assert ("fresh", "") not in by_key and ("people", "") not in by_key and ("mark", "") in by_key
    yes = by_key["knows", ""].changes[0]
    low, high = newcombe(41, 50, 20, 50)
    assert (yes.before.num, yes.now.num, yes.moved, yes.is_sure) == (20, 41, "+42.0", True)
    assert (yes.low, yes.high) == (f"+{100 * low:.1f}", f"+{100 * high:.1f}")


def test_a_small_difference_may_be_chance(cast, survey, later):
    write(survey, cast.home, [{"knows": "yes"}] * 10 + [{"knows": "no"}] * 10)
    write(later, cast.home, [{"knows": "yes"}] * 12 + [{"knows": "no"}] * 8)
    found = analysis.compared(reading(cast, "leader", later), reading(cast, "leader", survey))
    (yes, _no, _positive) = next(one.changes for one in found if one.line.key[0] == "knows")
    assert (yes.moved, yes.is_sure, yes.said) == ("+10.0", False, "在抽样误差范围内，不能认定有变化。")


def test_a_change_is_hidden_with_either_side(cast, survey, later):
    write(survey, cast.home, [{"knows": "yes"}] * 10 + [{"knows": "no"}] * 2)
    write(later, cast.home, [{"knows": "yes"}] * 12 + [{"knows": "no"}] * 8)
    found = analysis.compared(reading(cast, "leader", later), reading(cast, "leader", survey))
    for change in next(one.changes for one in found if one.line.key[0] == "knows"):
        assert change.is_hidden and change.moved == change.low == change.said == ""


# ---- size ----


def queries(reading: Reading) -> int:
    with CaptureQueriesContext(connection) as found:
        analysis.results(reading)
        analysis.cross(reading, "sex")
    return len(found)


@pytest.mark.parametrize("username", ["district", "leader"])
def test_the_number_of_queries_is_constant(cast, survey, username):
    write(survey, cast.home, [{"knows": "yes", "sex": "male", "mark": 3}] * 6)
    few = queries(reading(cast, username, survey, cast.home.code[:9]))
    for village in factories.VillageFactory.create_batch(10, township=cast.home.township):
        write(survey, village, [{"knows": "no", "sex": "female", "mark": 5, "why": ["far", "board"]}] * 7)
    assert queries(reading(cast, username, survey, cast.home.code[:9])) == few <= 16


@pytest.mark.slow
def test_a_hundred_thousand_answers_are_counted_in_seconds(cast, survey):
    rng = Random(1)
    villages = factories.VillageFactory.create_batch(40, township=cast.home.township)
    sheet = {
        "knows": "no",
        "sex": "male",
        "mark": 3,
        "why": ["far", "board"],
        "service": {"time": "good", "manner": "poor"},
    }
    for village in villages:
        write(survey, village, [sheet | {"mark": rng.randint(1, 5)} for _n in range(360)])
    assert Answer.objects.count() == 40 * 360 * 7 > 100_000
    for username in ("district", "leader"):
        own = reading(cast, username, survey)
        began = time.perf_counter()
        assert queries(own) <= 16
        assert time.perf_counter() - began < 10
        assert shown(analysis.results(own), "why")["离得远"].num == 14_400


def test_side_by_side_two_readers_know_no_more_than_one(cast, survey):
    """Two of next door said no. The leader does not read who of the township did; nor does home's secretary of home."""
    write(survey, cast.home, [{"knows": "yes"}] * 10 + [{"knows": "no"}] * 9)
    write(survey, cast.next_door, [{"knows": "yes"}] * 10 + [{"knows": "no"}] * 2)
    own = {
        who: analysis.results(reading(cast, who, survey, cast.home.code)) for who in ("leader", "clerk", "secretary")
    }
    hidden = {
        who: {cell.label for cell in shown(found, "knows").values() if cell.is_hidden} for who, found in own.items()
    }
    assert hidden["leader"] == hidden["clerk"] == hidden["secretary"] == {"知道", "不知道"}
    assert not any(
        cell.is_hidden for cell in shown(analysis.results(reading(cast, "leader", survey)), "knows").values()
    )
