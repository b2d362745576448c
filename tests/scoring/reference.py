"""A second opinion on the yearly score: plain Python over plain lists and dicts, exact fractions throughout.

It shares no line with the product and knows nothing of databases; slow and obvious on purpose. Points, pass marks and
scores are integers in hundredths, measures are pairs (numerator, denominator), marks are fractions.

    standard = {
        "groups": {"team": {"pass": 8000, "least": 6000}, ...},
        "criteria": [
            {
                "group": "team", "indicator": "duty_days", "points": 1200,
                "rule": ["linear", Fraction(60, 100), Fraction(95, 100)],   # from, to
                    # or ["at least", mark], ["steps", [(mark, points), ...]]
                "must": None, "veto": None,          # a mark, or None
                "for": "everybody",                  # or "villages", "communities"
                "unmeasured": "left out",            # or "zero"
                "fewest": 0,                         # a smaller denominator is no measure
            },
        ],
    }
    village = {"kind": "village", "facts": {"duty_days": (41, 46)}}
"""

from fractions import Fraction
from math import floor

MEETS, FAILS, UNDETERMINED = "meets", "fails", "undetermined"


def rounded(number):
    """To the nearest whole number; a half goes up."""
    return floor(number + Fraction(1, 2))


def shown(score):
    """A score on the screen: one decimal, the rest cut off."""
    if score is None:
        return "–"
    digits = f"{score:03d}"
    return f"{digits[:-2]}.{digits[-2]}"


def value_of(criterion, village):
    """The measured value as a fraction, or None for not measured."""
    num, den = village["facts"].get(criterion["indicator"]) or (0, 0)
    if den == 0 or den < criterion["fewest"]:
        return None
    return Fraction(num, den)


def share_of_points(rule, value):
    """Which part of the full points a value earns: 0 … 1 (not for steps)."""
    if rule[0] == "at least":
        return Fraction(1 if value >= rule[1] else 0)
    _name, start, end = rule
    return min(Fraction(1), max(Fraction(0), (value - start) / (end - start)))


def points_for(criterion, value):
    """Hundredths, rounded once."""
    rule = criterion["rule"]
    if rule[0] == "steps":
        reached = [points for mark, points in rule[1] if value >= mark]
        return reached[-1] if reached else 0
    return rounded(criterion["points"] * share_of_points(rule, value))


def concerns(criterion, village):
    if criterion["for"] == "everybody":
        return True
    is_community = village["kind"] != "village"
    return is_community if criterion["for"] == "communities" else not is_community


def judge_criterion(criterion, village):
    """One line of the sheet. `counted` says whether its points and maximum are in the sums."""
    value = value_of(criterion, village)
    line = {"indicator": criterion["indicator"], "points": 0, "maximum": 0}
    line |= {"counted": False, "must failed": False, "vetoed": False}
    measured = value is not None
    if not measured and criterion["unmeasured"] == "zero":
        value = Fraction(0)
    if value is None:
        return line
    line["counted"] = True
    line["maximum"] = criterion["points"]
    line["points"] = points_for(criterion, value) if measured else 0
    line["must failed"] = criterion["must"] is not None and value < criterion["must"]
    line["vetoed"] = criterion["veto"] is not None and value < criterion["veto"]
    return line


def percentage(lines):
    """100 × points / measurable points in hundredths; None where nothing is measurable."""
    maximum = sum(line["maximum"] for line in lines)
    if maximum == 0:
        return None
    return rounded(Fraction(100 * 100 * sum(line["points"] for line in lines), maximum))


def judge_group(marks, lines):
    score = percentage(lines)
    measurable = sum(line["maximum"] for line in lines)
    must_failed = any(line["must failed"] for line in lines)
    if must_failed:
        state = FAILS
    elif score is None or measurable < marks["least"]:
        state = UNDETERMINED
    elif score >= marks["pass"]:
        state = MEETS
    else:
        state = FAILS
    return {"score": score, "measurable": measurable, "must failed": must_failed, "state": state}


def judge(standard, village):
    """The whole sheet of one village: lines, groups, total, veto, verdict on all four."""
    sheet = {"lines": [], "groups": {}}
    for name, marks in standard["groups"].items():
        own = [c for c in standard["criteria"] if c["group"] == name and concerns(c, village)]
        lines = [judge_criterion(criterion, village) for criterion in own]
        sheet["lines"] += lines
        sheet["groups"][name] = judge_group(marks, lines)
    sheet["total"] = percentage(sheet["lines"])
    sheet["veto"] = any(line["vetoed"] for line in sheet["lines"])
    states = [group["state"] for group in sheet["groups"].values()]
    if sheet["veto"]:
        sheet["verdict"] = FAILS
    elif UNDETERMINED in states:
        sheet["verdict"] = UNDETERMINED
    else:
        sheet["verdict"] = MEETS if all(state == MEETS for state in states) else FAILS
    return sheet
