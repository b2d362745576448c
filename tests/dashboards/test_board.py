"""The matrix: colours, tallies, narrowing, and how it is laid out."""

import pytest

from core import indicators
from dashboards import board
from dashboards.board import Board, Shades, shade, shades
from scoring.choices import Group
from scoring.models import Result, must_bit
from tests.dashboards.conftest import score
from tests.factories import TownshipFactory, VillageFactory
from villages.models import Adoption

MARKS = dict.fromkeys(Group.values, 80_00)


def result(village=None, musts=(), **scores) -> Result:
    """A row that was never saved: `facilities=7999`; a group that isn't named is undetermined."""
    row = Result(village=village, verdict="undetermined", met=0, total=None)
    for group in Group.values:
        score = scores.get(group)
        state = "undetermined" if score is None else "meets" if score >= 80_00 and group not in musts else "fails"
        setattr(row, f"{group}_score", score)
        setattr(row, f"{group}_state", state)
    row.musts_failed = sum(must_bit(group) for group in musts)
    return row


def board_with(*results) -> Board:
    return Board(run=None, results=list(results), marks=MARKS, waiting=[])


@pytest.mark.parametrize(
    ("score", "css"),
    [(10000, "q4"), (9000, "q4"), (8999, "q3"), (8000, "q3"), (7999, "q2"), (7000, "q2"), (6999, "q1"), (0, "q1")],
)
def test_colours_at_their_borders(score, css):
    assert shade(score, shades(80_00)) == css


def test_borders_follow_the_pass_mark():
    assert shades(60_00) == Shades(well=80_00, mark=60_00, badly=40_00)
    assert shades(100_00) == Shades(100_00, 100_00, 100_00)


def test_a_score_just_below_the_mark_is_never_shown_as_the_mark():
    cells = board_with().row(result(facilities=79_99, rules=80_00)).cells
    assert [(cell.css, cell.text) for cell in cells] == [("q0", "–"), ("q0", "–"), ("q2", "79.9"), ("q3", "80.0")]


def test_a_failed_must_is_marked_whatever_the_score():
    cells = board_with().row(result(musts=("facilities", "rules"), facilities=95_00, rules=50_00)).cells
    assert [(cell.css, cell.text) for cell in cells[2:]] == [("q2", "!95.0"), ("q1", "!50.0")]
    assert all(cell.failed for cell in cells[2:]) and not any(cell.failed for cell in cells[:2])


def test_near_is_within_three_points_everywhere_and_by_score_alone():
    near, far, one_far = result(facilities=77_00), result(facilities=76_99), result(facilities=79_00, rules=10_00)
    must, passed = result(musts=("facilities",), facilities=79_00), result(facilities=90_00)
    shown = board_with(near, far, one_far, must, passed)
    assert shown.near == [near]
    assert shown.failing == [near, far, one_far, must]
    assert shown.musts == [must]


def test_facts_missing_are_told_from_groups_that_nobody_is_judged_on():
    open_, judged = result(rules=90_00), result(facilities=85_00, rules=90_00)
    shown = Board(None, [open_, judged], MARKS, waiting=[Group.FUNCTIONS, Group.TEAM])
    assert shown.lacking == [open_]
    assert [view.key for view in board.views_of(shown)] == ["", "failing", "near", "lacking"]
    without = Board(None, [judged], MARKS, waiting=[Group.FUNCTIONS, Group.TEAM])
    assert "lacking" not in [view.key for view in board.views_of(without)]


@pytest.fixture
def townships(db):
    """Townships of 22, 21, 14, 9 and 8 villages, as the district of the document has them."""
    rows = []
    for size in (21, 22, 9, 14, 8):
        township = TownshipFactory()
        rows += [result(VillageFactory(township=township), facilities=85_00, rules=70_00) for _ in range(size)]
    return rows


def test_townships_are_packed_into_columns_of_even_height(townships):
    columns = board.laid_out(board_with(*townships), townships)
    assert [[len(block.rows) for block in column] for column in columns] == [[21, 8], [22], [9, 14]]
    assert columns[0][0].standing.groups[2].meets == 21 and columns[0][0].standing.four.villages == 21


def test_one_township_is_split_and_keeps_its_heading_once(townships):
    own = townships[:21]
    columns = board.laid_out(board_with(*own), own)
    assert [[len(block.rows) for block in column] for column in columns] == [[8], [8], [5]]
    assert [bool(column[0].name) for column in columns] == [True, False, False]
    assert board.laid_out(board_with(*own), []) == []


def test_by_score_the_best_first_and_the_unscored_last(townships):
    rows = townships[:3]
    for row, total in zip(rows, (None, 80_00, 90_00), strict=True):
        row.total = total
    (column,) = board.laid_out(board_with(*rows), rows, by_score=True)
    assert [row.result.total for row in column[0].rows] == [90_00, 80_00, None]


def test_a_standing_keeps_the_undetermined_apart(townships):
    place = board.standing([*townships[:4], result(rules=90_00)])
    functions, _team, facilities, rules = place.groups
    assert (functions.meets, functions.undetermined, functions.known) == (0, 5, False)
    assert (facilities.meets, facilities.undetermined, facilities.percent) == (4, 1, "80.0%")
    assert (rules.meets, rules.villages) == (1, 5)


def test_the_matrix_of_a_run(run, ground):
    shown = board.board_of(ground["district"], run)
    assert [row.village.code for row in shown.results] == sorted(row.village.code for row in shown.results)
    assert shown.waiting == [], "each group has its indicators"
    assert shown.legend == Shades(90_00, 80_00, 70_00)
    assert len(board.board_of(ground["secretary"], run).results) == 1


def test_a_group_without_its_indicators_waits_for_them(run, ground, monkeypatch):
    of_services = {key: one for key, one in indicators._registry.items() if "services" not in one.measure.__module__}
    monkeypatch.setattr(indicators, "_registry", of_services)
    assert board.board_of(ground["district"], run).waiting == [Group.FUNCTIONS]


def test_what_changed_says_which_way(ground, standard):
    def pass_all_but_across(results):
        results.update(rules_score=9000, rules_state="meets", facilities_state="meets")
        results.filter(village=ground.across).update(facilities_score=7000, facilities_state="fails")

    run = score(ground["district"], standard, pass_all_but_across)
    Adoption.objects.filter(village=ground.home).delete()
    Adoption.objects.filter(village=ground.community).update(abolished_on="2013-11-20")
    later = score(ground["district"], standard)
    changes = Result.objects.changes(ground["district"], later, run)
    news = {line.result.village.code: line for line in board.news_of(changes)}
    assert news[ground.home.code].better is None and news[ground.home.code].what.endswith("→ –")
    assert news[ground.community.code].better is False and "→ !" in news[ground.community.code].what
    assert news[ground.across.code].better is True
    assert [line.better for line in board.news_of(changes)][-1] is True
