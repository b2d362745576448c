"""A slow, obvious calculator of the yearly compliance score of one village.

Points, maxima, scores, pass marks and least measurable points are integers in hundredths (8000 is 80.00).
A measure is a pair of integers (numerator, denominator); a mark is an int or a Fraction. There are no floats.

standard = {
    "groups": {name: {"pass": int,           # the score from which the group passes
                      "least": int}},        # with fewer measurable points the group is undetermined
    "criteria": [{
        "group": name, "indicator": key, "points": int,
        "rule": ["at least", mark]           # full points from the mark on, otherwise none
             or ["linear", start, full]      # no points at start, full points at full, in proportion between
             or ["steps", [(mark, points), ...]],   # ascending; the points of the highest mark reached
        "must": None or mark,                # below it the group fails
        "veto": None or mark,                # below it the year fails
        "for": "everybody" | "villages" | "communities",
        "unmeasured": "left out" | "zero",   # what becomes of the criterion when there is no measure
        "fewest": int}]}                     # a smaller denominator is no measure

village = {"kind": "village" or any other word (a community),
           "facts": {indicator: (numerator, denominator)}}   # a missing key or denominator 0: not measured

judge(standard, village) = {
    "lines": [{"indicator": key, "points": int, "maximum": int,
               "counted": bool, "must failed": bool, "vetoed": bool}],
                                             # only criteria that concern the village, group after group
    "groups": {name: {"score": int or None, "measurable": int,
                      "must failed": bool, "state": MEETS | FAILS | UNDETERMINED}},
    "total": int or None, "veto": bool, "verdict": MEETS | FAILS | UNDETERMINED}

shown(score) is the score as people read it: "79.9", or "–" when there is none.
"""

from fractions import Fraction
from math import floor

MEETS = "meets"
FAILS = "fails"
UNDETERMINED = "undetermined"


def half_up(number):
    # Not round(): that sends a half to the even neighbour.
    return floor(Fraction(number) + Fraction(1, 2))


def concerns(criterion, village):
    is_village = village["kind"] == "village"
    if criterion["for"] == "everybody":
        return True
    if criterion["for"] == "villages":
        return is_village
    if criterion["for"] == "communities":
        return not is_village
    raise ValueError(f"for whom? {criterion['for']!r}")


def measured(criterion, village):
    """The exact value, or None when there is no measure."""
    pair = village["facts"].get(criterion["indicator"])
    if pair is None:
        return None
    numerator, denominator = pair
    # Zero is named apart because "fewest" may be 0, and nothing can be divided by it.
    if denominator == 0 or denominator < criterion["fewest"]:
        return None
    return Fraction(numerator, denominator)


def points_at_least(value, points, mark):
    return points if value >= mark else 0


def points_linear(value, points, start, full):
    part = (value - start) / Fraction(full - start)
    part = min(Fraction(1), max(Fraction(0), part))
    # The only rounding of a criterion: everything before it is exact.
    return half_up(points * part)


def points_steps(value, steps):
    earned = 0
    for mark, points in steps:
        # Marks ascend, so the last one reached is the highest.
        if value >= mark:
            earned = points
    return earned


def points_by_rule(criterion, value):
    name, *numbers = criterion["rule"]
    if name == "at least":
        return points_at_least(value, criterion["points"], *numbers)
    if name == "linear":
        return points_linear(value, criterion["points"], *numbers)
    if name == "steps":
        return points_steps(value, *numbers)
    raise ValueError(f"no such rule: {name!r}")


def below(value, mark):
    return mark is not None and value < mark


def line_left_out(criterion):
    # What is not measured has not failed: neither must nor veto can fall here.
    return {
        "indicator": criterion["indicator"],
        "points": 0,
        "maximum": 0,
        "counted": False,
        "must failed": False,
        "vetoed": False,
    }


def line_counted(criterion, value, points):
    return {
        "indicator": criterion["indicator"],
        "points": points,
        "maximum": criterion["points"],
        "counted": True,
        "must failed": below(value, criterion["must"]),
        "vetoed": below(value, criterion["veto"]),
    }


def line_of(criterion, village):
    value = measured(criterion, village)
    if value is not None:
        return line_counted(criterion, value, points_by_rule(criterion, value))
    if criterion["unmeasured"] == "left out":
        return line_left_out(criterion)
    if criterion["unmeasured"] == "zero":
        # The rule is not asked: one that gives points at zero would reward a missing fact.
        return line_counted(criterion, Fraction(0), 0)
    raise ValueError(f"what when unmeasured? {criterion['unmeasured']!r}")


def lines_of_group(standard, name, village):
    lines = []
    for criterion in standard["criteria"]:
        if criterion["group"] == name and concerns(criterion, village):
            lines.append(line_of(criterion, village))
    return lines


def points_of(lines):
    return sum(line["points"] for line in lines)


def measurable_of(lines):
    return sum(line["maximum"] for line in lines)


def score_of(lines):
    if measurable_of(lines) == 0:
        return None
    # 100 points of score, each of 100 hundredths.
    return half_up(Fraction(100 * 100 * points_of(lines), measurable_of(lines)))


def state_of_group(group, score, measurable, must_failed):
    # The must comes first: no further fact could undo its failure, however little is measurable.
    if must_failed:
        return FAILS
    if score is None or measurable < group["least"]:
        return UNDETERMINED
    # The rounded score is compared, so that nobody fails with the very figure that passes.
    return MEETS if score >= group["pass"] else FAILS


def judge_group(group, lines):
    score = score_of(lines)
    measurable = measurable_of(lines)
    must_failed = any(line["must failed"] for line in lines)
    return {
        "score": score,
        "measurable": measurable,
        "must failed": must_failed,
        "state": state_of_group(group, score, measurable, must_failed),
    }


def verdict_of(groups, veto):
    states = [group["state"] for group in groups.values()]
    # The veto fails the whole year, so it is asked before any group.
    if veto:
        return FAILS
    # An undetermined group outweighs a failed one: such a village neither meets nor fails.
    if UNDETERMINED in states:
        return UNDETERMINED
    if FAILS in states:
        return FAILS
    return MEETS


def judge(standard, village):
    all_lines = []
    groups = {}
    for name, group in standard["groups"].items():
        lines = lines_of_group(standard, name, village)
        groups[name] = judge_group(group, lines)
        all_lines.extend(lines)
    veto = any(line["vetoed"] for line in all_lines)
    return {
        "lines": all_lines,
        "groups": groups,
        # From the points themselves, not from the groups' rounded scores.
        "total": score_of(all_lines),
        "veto": veto,
        "verdict": verdict_of(groups, veto),
    }


def shown(score):
    if score is None:
        return "–"
    # Cut off, so that 79.99 never looks like a pass at 80.
    tenths = score // 10
    return f"{tenths // 10}.{tenths % 10}"
