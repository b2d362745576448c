"""The engine against a calculator that shares no line with it, and both against the examples of the standard."""

import json
import random
from fractions import Fraction as F
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Grant, User
from core.roles import Role
from core.templatetags.portal import tenths
from scoring.actions import load_standard
from scoring.engine import StandardTerms, grade
from scoring.rules import MUST_FAILED, VETOED, Terms

from . import reference

GROUPS = ("functions", "team", "facilities", "rules")
KINDS = ("village", "rural_community", "urban_community")
FIRST_STANDARD = Path(settings.BASE_DIR) / "scoring/data/standard-2013.json"

# ---- the two side by side ----


def terms_of(standard):
    """The reference's plain standard in the engine's words."""
    rules = {"at least": "at_least", "linear": "linear", "steps": "steps"}
    criteria = []
    for number, plain in enumerate(standard["criteria"], 1):
        rule, *marks = plain["rule"]
        criteria.append(
            Terms(
                number=number,
                group=plain["group"],
                indicator=plain["indicator"],
                points=plain["points"],
                rule=rules[rule],
                full_at=None if rule == "steps" else marks[-1],
                zero_at=marks[0] if rule == "linear" else None,
                steps=tuple(marks[0]) if rule == "steps" else (),
                must_at=plain["must"],
                veto_at=plain["veto"],
                applies_to={"everybody": "all", "villages": "village", "communities": "community"}[plain["for"]],
                counts_as_zero=plain["unmeasured"] == "zero",
                min_base=plain["fewest"],
            )
        )
    return StandardTerms(tuple(criteria), {name: (m["pass"], m["least"]) for name, m in standard["groups"].items()})


def by_engine(terms, village):
    """The engine's grade of a village, laid out as the reference lays out its own."""
    result = grade(terms, village["facts"], village["kind"])
    names = {criterion.number: criterion.indicator for criterion in terms.criteria}
    return {
        "lines": [
            {
                "indicator": names[line.number],
                "points": line.points,
                "maximum": line.maximum,
                "counted": not line.left_out,
                "must failed": bool(line.flags & MUST_FAILED),
                "vetoed": bool(line.flags & VETOED),
            }
            for line in result.lines
        ],
        "groups": {
            group.group: {
                "score": group.score,
                "measurable": group.measurable,
                "must failed": group.must_failed,
                "state": group.state,
            }
            for group in result.groups
        },
        "total": result.total,
        "veto": result.veto,
        "verdict": result.verdict,
    }


def assert_agreement(standard, village):
    assert by_engine(terms_of(standard), village) == reference.judge(standard, village)


def criterion(group, indicator, points, rule, **more):
    plain = {"group": group, "indicator": indicator, "points": points, "rule": rule}
    return plain | {"must": None, "veto": None, "for": "everybody", "unmeasured": "left out", "fewest": 0} | more


def of_groups(criteria, least=6000):
    return {"groups": {name: {"pass": 8000, "least": least} for name in GROUPS}, "criteria": criteria}


def of_village(facts, kind="village"):
    return {"kind": kind, "facts": facts}


# ---- the examples that the standard prints: each by both ----


@pytest.fixture(params=["reference", "engine"])
def judge(request):
    if request.param == "reference":
        return reference.judge
    return lambda standard, village: by_engine(terms_of(standard), village)


CASES = criterion("functions", "cases", 1400, ["linear", F(60, 100), F(95, 100)])
OFFICE = criterion("facilities", "office", 2000, ["linear", F(1, 2), F(1)], must=F(1, 2))


def test_41_of_46_cases_are_11_65_of_14_points(judge):
    sheet = judge(of_groups([CASES]), of_village({"cases": (41, 46)}))
    assert (sheet["lines"][0]["points"], sheet["lines"][0]["maximum"]) == (1165, 1400)


@pytest.mark.parametrize(
    ("area", "lost", "fails"),
    [(200, 0, False), (250, 0, False), (199, 20, False), (100, 2000, False), (99, 2000, True), (90, 2000, True)],
)
def test_the_office_loses_points_below_its_area_and_fails_the_group_below_half_of_it(judge, area, lost, fails):
    rest = criterion("facilities", "rest", 8000, ["at least", F(1)])
    sheet = judge(of_groups([OFFICE, rest]), of_village({"office": (area, 200), "rest": (1, 1)}))
    group = sheet["groups"]["facilities"]
    assert sheet["lines"][0]["points"] == 2000 - lost
    assert (group["score"], group["must failed"]) == (10000 - lost, fails)
    assert group["state"] == ("fails" if fails else "meets")


def scores(functions, team, facilities, rules):
    """A standard and a village with these four group scores (hundredths)."""
    wanted = dict(zip(GROUPS, (functions, team, facilities, rules), strict=True))
    criteria = [criterion(name, name, 10000, ["linear", F(0), F(1)]) for name in GROUPS]
    return of_groups(criteria), of_village({name: (score, 10000) for name, score in wanted.items()})


def test_a_team_of_79_99_fails_by_a_hundredth_and_is_never_shown_as_80(judge):
    sheet = judge(*scores(9120, 7999, 8800, 9500))
    assert [group["score"] for group in sheet["groups"].values()] == [9120, 7999, 8800, 9500]
    assert [group["state"] for group in sheet["groups"].values()] == ["meets", "fails", "meets", "meets"]
    assert sheet["verdict"] == "fails"
    assert sheet["total"] == 8855  # 35419 of 40000 points are 88.5475
    assert reference.shown(7999) == tenths(7999) == "79.9"
    assert judge(*scores(9120, 8000, 8800, 9500))["verdict"] == "meets"


@given(st.none() | st.integers(0, 10000))
def test_scores_are_shown_alike(score):
    assert tenths(score) == reference.shown(score)


def test_nothing_of_nothing_is_not_measured(judge):
    sheet = judge(of_groups([criterion("team", "cases", 10000, ["at least", F(1)])]), of_village({"cases": (0, 0)}))
    assert sheet["lines"][0]["maximum"] == 0
    assert sheet["groups"]["team"]["state"] == "undetermined"
    assert (sheet["total"], sheet["verdict"]) == (None, "undetermined")


def test_a_half_is_rounded_up_at_the_criterion_the_group_and_the_total(judge):
    half = criterion("team", "half", 1, ["linear", F(0), F(1)])  # half of a hundredth of a point
    rest = criterion("team", "rest", 9999, ["at least", F(1)])
    sheet = judge(of_groups([half, rest]), of_village({"half": (1, 2), "rest": (0, 1)}))
    assert sheet["lines"][0]["points"] == 1
    one = criterion("rules", "one", 1, ["at least", F(1)])
    sheet = judge(
        of_groups([one, rest | {"group": "rules", "points": 19999}], least=0),
        of_village({"one": (1, 1), "rest": (0, 1)}),
    )
    assert (sheet["groups"]["rules"]["score"], sheet["total"]) == (1, 1)  # 10000 × 1 / 20000 = 0.5


@pytest.mark.parametrize(("measurable", "state"), [(5999, "undetermined"), (6000, "meets")])
def test_a_group_with_less_than_60_measurable_points_is_undetermined(judge, measurable, state):
    criteria = [
        criterion("team", "known", measurable, ["at least", F(1)]),
        criterion("team", "unknown", 10000 - measurable, ["at least", F(1)]),
    ]
    group = judge(of_groups(criteria), of_village({"known": (3, 3)}))["groups"]["team"]
    assert group == {"score": 10000, "measurable": measurable, "must failed": False, "state": state}


@pytest.mark.parametrize(
    ("facts", "unmeasured", "score"),
    [
        ({"satisfied": (29, 29)}, "left out", 5000),
        ({"satisfied": (30, 30)}, "left out", 7500),
        ({"satisfied": (29, 29)}, "zero", 2500),
        ({}, "left out", 5000),
        ({}, "zero", 2500),
        ({"satisfied": (0, 0)}, "left out", 5000),
    ],
)
def test_too_few_ratings_leave_points_and_maximum_unless_they_count_as_zero(judge, facts, unmeasured, score):
    criteria = [
        criterion("functions", "satisfied", 5000, ["at least", F(8, 10)], fewest=30, unmeasured=unmeasured),
        criterion("functions", "half", 5000, ["linear", F(0), F(1)]),
    ]
    sheet = judge(of_groups(criteria, least=0), of_village({"half": (1, 2)} | facts))
    assert sheet["groups"]["functions"]["score"] == score


# ---- any village, any standard ----


def marks(draw):
    return F(draw(st.integers(0, 24)), draw(st.sampled_from([1, 2, 3, 7, 10, 12, 20])))


@st.composite
def rules(draw, points):
    kind = draw(st.sampled_from(["at least", "linear", "steps"]))
    if kind == "at least":
        return [kind, marks(draw)]
    if kind == "linear":
        return [
            kind,
            *draw(st.lists(st.builds(F, st.integers(0, 20), st.just(10)), min_size=2, max_size=2, unique=True)),
        ]
    at = sorted({marks(draw) for _n in range(draw(st.integers(1, 4)))})
    return [kind, list(zip(at, sorted(draw(st.integers(0, points)) for _mark in at), strict=True))]


@st.composite
def standards(draw):
    criteria = []
    for name in GROUPS:
        for number in range(draw(st.integers(0, 4))):
            points = draw(st.integers(1, 5000))
            criteria.append(
                criterion(
                    name,
                    f"{name}{number}",
                    points,
                    draw(rules(points)),
                    **{
                        "must": marks(draw) if draw(st.integers(0, 4)) == 0 else None,
                        "veto": marks(draw) / 8 if draw(st.integers(0, 9)) == 0 else None,
                        "for": draw(st.sampled_from(["everybody", "everybody", "villages", "communities"])),
                        "unmeasured": draw(st.sampled_from(["left out", "left out", "zero"])),
                        "fewest": draw(st.sampled_from([0, 0, 5, 30])),
                    },
                )
            )
    limits = st.integers(0, 10000)
    return {
        "groups": {name: {"pass": draw(limits), "least": draw(limits)} for name in GROUPS},
        "criteria": criteria,
    }


@st.composite
def cases(draw):
    standard = draw(standards())
    measures = st.sampled_from([None, (0, 0), (30, 30), (29, 29)]) | st.tuples(st.integers(0, 60), st.integers(0, 60))
    facts = {c["indicator"]: draw(measures) for c in standard["criteria"] if draw(st.integers(0, 5))}
    return standard, of_village(facts, draw(st.sampled_from(KINDS)))


@hypothesis_settings(max_examples=400, deadline=None)
@given(cases())
def test_the_engine_agrees_on_any_village_and_any_standard(case):
    assert_agreement(*case)


# ---- the first standard itself ----

# Points, rule and must of the 32 criteria, in order, as the district's first table says them.
POINTS = {
    "functions": [8, 10, 14, 8, 14, 12, 12, 8, 6, 8],
    "team": [16, 8, 8, 8, 14, 12, 8, 12, 6, 8],
    "facilities": [20, 40, 20, 10, 10],
    "rules": [34, 16, 14, 12, 10, 8, 6],
}
LINEAR = {  # position in its group: (from, to)
    "functions": {1: (F(1, 2), 1), 2: (F(60, 100), F(95, 100)), 3: (F(1, 2), F(85, 100)), 5: (F(1, 2), F(9, 10))}
    | {6: (F(1, 2), F(8, 10)), 8: (F(1, 2), 1), 9: (F(1, 2), 1)},
    "team": {2: (0, F(1, 3)), 3: (F(2, 10), F(6, 10)), 4: (0, 1), 5: (F(60, 100), F(95, 100))},
    "facilities": {0: (F(1, 2), 1), 1: (0, 1), 2: (0, 1), 3: (0, 1)},
    "rules": {0: (F(1, 2), 1), 1: (0, 1), 3: (F(1, 2), 1), 4: (F(1, 2), 1), 6: (0, 1)},
}
AT_LEAST = {  # where it is not "all" or "yes"
    "functions": {7: F(9, 10)},
    "team": {6: 2},
}
MUSTS = {("functions", 4): F(8, 10), ("team", 0): None, ("facilities", 0): F(1, 2), ("facilities", 1): F(8, 10)}
MUSTS |= {("rules", 0): F(9, 10)}  # None: a must whose mark is the indicator's own
VETO = ("team", 7)


def read(mark):
    """ "95%", "1/3", "2" → a fraction."""
    return F(mark.removesuffix("%")) / 100 if mark.endswith("%") else F(mark)


def plain_standard(data):
    """The file that ships, read a second time and by nothing of the product."""
    criteria = []
    for row in data["criteria"]:
        linear = row["rule"] == "linear"
        criteria.append(
            criterion(
                row["group"],
                row["indicator"],
                int(F(row["points"]) * 100),
                ["linear", read(row["zero_at"]), read(row["full_at"])]
                if linear
                else ["at least", read(row["full_at"])],
                must=read(row["must_at"]) if "must_at" in row else None,
                veto=read(row["veto_at"]) if "veto_at" in row else None,
                fewest=row.get("min_base", 0),
            )
        )
    keys = {"pass": "pass_mark", "least": "min_measurable"}
    groups = {row["group"]: {key: int(F(row[name]) * 100) for key, name in keys.items()} for row in data["groups"]}
    return {"groups": groups, "criteria": criteria}


@pytest.fixture(scope="module")
def first_standard():
    return json.loads(FIRST_STANDARD.read_text(encoding="utf-8"))


def test_the_first_standard_is_the_districts_table(first_standard):
    standard = plain_standard(first_standard)
    assert standard["groups"] == {name: {"pass": 8000, "least": 6000} for name in GROUPS}
    assert len(standard["criteria"]) == 32
    for group in GROUPS:
        own = [c for c in standard["criteria"] if c["group"] == group]
        assert [c["points"] for c in own] == [100 * points for points in POINTS[group]]
        assert sum(POINTS[group]) == 100
        for position, plain in enumerate(own):
            linear = LINEAR[group].get(position)
            full = AT_LEAST.get(group, {}).get(position, 1)
            assert plain["rule"] == (["linear", *linear] if linear else ["at least", full]), plain["indicator"]
            assert (plain["must"] is not None) == ((group, position) in MUSTS), plain["indicator"]
            assert plain["must"] is None or MUSTS[group, position] in (None, plain["must"]), plain["indicator"]
            assert (plain["veto"] is not None) == ((group, position) == VETO), plain["indicator"]
            assert plain["fewest"] == (30 if (group, position) == ("functions", 6) else 0), plain["indicator"]


@pytest.mark.django_db
def test_the_first_standard_in_the_database_scores_as_its_file_says(first_standard):
    """2,000 villages, good and bad, well and badly recorded; every verdict and state occurs."""
    person = User.objects.create(username="district", name="district")
    Grant.objects.create(user=person, role=Role.DISTRICT, territory_code="450109")
    terms = load_standard(person, first_standard, "450109").terms()
    plain, rng, seen = plain_standard(first_standard), random.Random(2013), set()
    for _n in range(2000):
        quality, known = rng.choice([0.3, 0.8, 0.95, 1]), rng.choice([0.3, 0.7, 1])
        facts = {}
        for one in plain["criteria"]:
            if rng.random() < known:
                den = rng.choice([1, 3, 13, 46, 200])
                facts[one["indicator"]] = (sum(rng.random() < quality for _d in range(den)), den)
        village = of_village(facts, rng.choice(KINDS))
        sheet = reference.judge(plain, village)
        assert by_engine(terms, village) == sheet
        seen |= {sheet["verdict"], ("veto", sheet["veto"])}
        seen |= {(name, group["state"], group["must failed"]) for name, group in sheet["groups"].items()}
    assert {"meets", "fails", "undetermined", ("veto", True), ("veto", False)} <= seen
    for name in GROUPS:
        wanted = {(name, "fails", True), (name, "fails", False), (name, "meets", False), (name, "undetermined", False)}
        assert wanted <= seen
