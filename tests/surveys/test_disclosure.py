"""What is hidden can't be worked out: by any reader who solves all sums that the table shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space

from surveys.choices import Kind
from surveys.counting import Counted, Line, Part
from surveys.disclosure import SMALL, hidden
from surveys.masks import NOT, WHOLE, of_columns, of_place, of_whole
from surveys.models import Question

SINGLE, SEVERAL = Question(key="q", kind=Kind.SINGLE), Question(key="q", kind=Kind.MULTIPLE)
OPTIONS = tuple(Part(key, key.upper()) for key in "abcd")
COUNTS = st.one_of(st.integers(0, 8), st.integers(0, 80))


def line_of(question: Question, options: int) -> Line:
    return Line(("q", ""), "Q", question, OPTIONS[:options])


@st.composite
def columns(draw):
    """A line and its columns: 2 to 4 options in 2 to 5 groups."""
    options, groups = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    found = {}
    for n in range(groups):
        nums = {part.key: draw(COUNTS) for part in OPTIONS[:options]}
        found[f"g{n}"] = Counted(sum(nums.values()), nums)
    return line_of(SINGLE, options), found


def total(found) -> Counted:
    whole = Counted()
    for one in found.values():
        whole += one
    return whole


def solvable(unknown: list, sums: list[list]) -> list:
    """Those of the unknown that the sums determine: they have no part in any direction that the sums leave free."""
    place = {key: n for n, key in enumerate(unknown)}
    system = np.zeros((len(sums), len(unknown)))
    for n, one in enumerate(sums):
        for key in one:
            if key in place:
                system[n, place[key]] = -1 if key == one[0] else 1
    free = null_space(system)
    return [key for key in unknown if not free.size or np.abs(free[place[key]]).max() < 1e-9]


@settings(max_examples=300, deadline=None)
@given(columns())
def test_no_small_count_of_a_cross_table_can_be_solved(made):
    """What was hidden for its sake may be, where it is large and all others of its line are nobody's."""
    line, found = made
    whole = total(found)
    above = of_whole([line], {line.key: whole})[line.key]
    masked = of_columns(line, found, whole, above)
    keys = [WHOLE, *(part.key for part in line.parts)]
    unknown = [(g, key) for g, own in masked.items() for key in own] + [("", key) for key in above]
    sums = [[(g, key) for key in keys] for g in ("", *found)] + [
        [("", key), *((g, key) for g in found)] for key in keys
    ]
    cells = {"": whole, **found}
    known = [cells[g].den if key == WHOLE else cells[g].nums[key] for g, key in solvable(unknown, sums)]
    assert not [count for count in known if 0 < count < SMALL]
    for group, counted in found.items():
        shown = {part.key: counted.nums[part.key] for part in line.parts if part.key not in masked[group]}
        assert all(count == 0 or count >= SMALL for count in shown.values())
        assert WHOLE in masked[group] or counted.den == 0 or counted.den >= SMALL


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=2))
def test_of_a_line_the_hidden_parts_are_several_and_not_few(counts):
    whole = sum(counts.values())
    found = hidden(counts | {"#": whole}, [["#", *counts]])
    assert {key for key, count in counts.items() if 0 < count < SMALL} <= found
    if found and "#" not in found:
        assert len(found) >= 2 and sum(counts[key] for key in found) >= SMALL
    if all(count == 0 or count >= SMALL for count in counts.values()):
        assert found == set()


def test_what_several_lines_tell_together_is_found_by_elimination():
    """Two rings of hidden cells joined by one: no line has it alone, yet the sums of a ring's lines give it away."""
    rows = [[9, 1, 1, 9, 9], [9, 1, 1, 9, 9], [9, 2, 9, 9, 9], [9, 9, 9, 1, 1], [9, 9, 9, 1, 1]]
    bridge = [("r2", "c1"), ("r2", "c3")]
    counts = {(f"r{i}", f"c{j}"): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    counts[("r2", "c3")] = 3
    sums = []
    for i in range(5):
        counts[(f"r{i}", "*")] = sum(counts[(f"r{i}", f"c{j}")] for j in range(5))
        sums.append([(f"r{i}", "*"), *((f"r{i}", f"c{j}") for j in range(5))])
    for j in range(5):
        counts[("*", f"c{j}")] = sum(counts[(f"r{i}", f"c{j}")] for i in range(5))
        sums.append([("*", f"c{j}"), *((f"r{i}", f"c{j}") for i in range(5))])
    small = [key for key, value in counts.items() if value < SMALL]
    assert set(solvable(small, sums)) == set(bridge)
    assert solvable(sorted(hidden(counts, sums)), sums) == []


@pytest.mark.parametrize(
    ("chose", "is_hidden"), [(0, False), (1, True), (4, True), (5, False), (15, False), (16, True)]
)
def test_of_several_choices_those_who_did_not_choose_count_too(chose, is_hidden):
    line = line_of(SEVERAL, 1)
    found = of_whole([line], {line.key: Counted(20, {"a": chose})})[line.key]
    assert ("a" in found) == (NOT + "a" in found) == is_hidden
    assert WHOLE not in found


def test_a_village_is_hidden_by_what_its_neighbours_show():
    """Home has two who said b: next door's b is hidden too, else the township's 20 would tell."""
    line = line_of(SINGLE, 2)
    by_code = {
        "450109100214": {line.key: Counted(20, {"a": 18, "b": 2})},
        "450109100215": {line.key: Counted(20, {"a": 10, "b": 10})},
        "450109100216": {line.key: Counted(20, {"a": 12, "b": 8})},
        "450109101201": {line.key: Counted(30, {"a": 15, "b": 15})},
    }
    township = of_place([line], by_code, ["450109", "450109100"])[line.key]
    beside = {code: of_place([line], by_code, ["450109", "450109100", code])[line.key] for code in list(by_code)[:3]}
    assert township == set()
    assert beside["450109100214"] == {"a", "b"}
    assert sorted("b" in own for own in beside.values()) == [False, True, True]
