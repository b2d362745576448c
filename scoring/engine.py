"""Grades a village: measures in, points, scores and the three states out. Plain whole numbers, no database here.

What the standard's arithmetic leaves to be read, and how it is read:

- Scores are integers in hundredths, and it is the integer that is compared with the pass mark: 79.995 is 80.00.
- What one measured fact decides alone is decided, however little else is measured: a failed *must* fails its group
  even where too little of the group is measurable for a score, and a *veto* fails the year even beside an undetermined
  group. No fact still missing could mend either.
- What a score decides needs every score: without a veto, a village with an undetermined group neither meets nor
  fails all four, even when another group is known to fail.
- A must that is not measured has not failed.
- "Counts as zero" means that the value is zero: no points, and a must or veto above zero is not reached.
- Criteria that don't apply to a kind of village are not part of its groups at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scoring.choices import Group, Verdict
from scoring.rules import MUST_FAILED, VETOED, Line, Terms, half_up


@dataclass(frozen=True)
class StandardTerms:
    """A standard as it is graded: its criteria in order and, per group, (pass mark, least measurable) in hundredths."""

    criteria: tuple[Terms, ...]
    marks: Mapping[str, tuple[int, int]]


class GroupGrade(NamedTuple):
    """One standardisation of one village; hundredths. score is None where nothing is measurable."""

    group: str
    points: int
    measurable: int
    score: int | None
    state: str
    must_failed: bool


class Grade(NamedTuple):
    """One village in one year. groups: always four, in order; total is None where nothing is measurable."""

    lines: tuple[Line, ...]
    groups: tuple[GroupGrade, ...]
    total: int | None
    verdict: str
    veto: bool

    @property
    def met(self):
        return sum(group.state == Verdict.MEETS for group in self.groups)


def grade(standard, measures, kind):
    """Grade of one village of this kind; measures: indicator key → (num, den), absent or None = not measured."""
    criteria = [terms for terms in standard.criteria if terms.applies(kind)]
    lines = tuple(terms.line(measures.get(terms.indicator)) for terms in criteria)
    by_group = {group: [] for group in Group.values}
    for terms, line in zip(criteria, lines, strict=True):
        by_group[terms.group].append(line)
    groups = tuple(grade_group(group, by_group[group], *standard.marks[group]) for group in Group.values)
    veto = any(line.flags & VETOED for line in lines)
    total = ratio(sum(g.points for g in groups), sum(g.measurable for g in groups))
    return Grade(lines, groups, total, verdict(groups, veto), veto)


def grade_group(group, lines, pass_mark, least):
    """GroupGrade of the lines of one group; pass_mark and least (measurable points) in hundredths."""
    points, measurable = sum(line.points for line in lines), sum(line.maximum for line in lines)
    score = ratio(points, measurable)
    must_failed = any(line.flags & MUST_FAILED for line in lines)
    if must_failed:
        state = Verdict.FAILS
    elif score is None or measurable < least:
        state = Verdict.UNDETERMINED
    else:
        state = Verdict.MEETS if score >= pass_mark else Verdict.FAILS
    return GroupGrade(group, points, measurable, score, state.value, must_failed)


def ratio(points, maximum):
    """100 × points / maximum in hundredths, half up; None where there is no maximum."""
    return half_up(10000 * points, maximum) if maximum else None


def verdict(groups, veto):
    """Whether the village meets all four standardisations: see the module's text for the order."""
    states = {group.state for group in groups}
    if veto:
        return Verdict.FAILS.value
    if Verdict.UNDETERMINED in states:
        return Verdict.UNDETERMINED.value
    return Verdict.FAILS.value if Verdict.FAILS in states else Verdict.MEETS.value
