"""The demonstration's cases: every way is there, open ones near and past their limits at each tier, trails that hold."""

from datetime import date

import pytest

from core.models import Move
from services.actions.case_entry import find_by_code
from services.actions.cases import CASE_FLOW
from services.choices_cases import TIER_OF, CaseState, Tier
from services.demo.cases_story import ANSWERS, CODE, REASONS, TITLES
from services.models import Case, CasePerson, CaseRoom
from tests import kept

DAY = date(2013, 11, 24)
S = CaseState


@pytest.fixture
def year(demo):
    return Case.objects.all()


def trails() -> dict[int, list[Move]]:
    found = {}
    for move in Move.objects.filter(model="services.Case").order_by("pk"):
        found.setdefault(move.object_id, []).append(move)
    return found


def test_a_year_with_every_way(year):
    assert year.count() > 400 and set(year.values_list("village", flat=True)) >= {year[0].village_id}
    moved = set(Move.objects.filter(model="services.Case").values_list("transition", flat=True))
    assert {t.name for t in CASE_FLOW.transitions} - moved <= {"part"}, "all but taking out again"
    assert year.filter(state=S.JOINED).exists() and year.filter(reopened=1).exists()
    assert set(year.values_list("state", flat=True)) == set(S)
    for tier, states in ((Tier.VILLAGE, [S.VILLAGE]), (Tier.TOWNSHIP, [S.TOWNSHIP]), (Tier.DISTRICT, [S.DISTRICT])):
        rows = year.filter(tier=tier, state__in=states)
        assert rows.filter(due_on__lt=DAY).exists() and rows.filter(due_on__gte=DAY).exists(), tier


def test_trails_hold_together(year):
    """Each goes from hearing to its state by moves that the workflow knows, in order, with the limits it had."""
    moves = trails()
    for case in year:
        state, on = S.HEARD, case.heard_on
        for move in moves.get(case.pk, []):
            step = CASE_FLOW.get(move.transition)
            assert state in step.sources and (move.source, move.target) == (state, step.target), case
            assert on <= move.on <= DAY and move.by and bool(move.reason) == step.reason
            state, on = step.target, move.on
        assert (case.state, case.state_since) == (state, on)
        assert (case.due_on is not None) == (state in CASE_FLOW.limits)
        assert case.tier == TIER_OF.get(state, case.tier)
    kept.check(Case)


def test_the_slip_of_the_demonstration_works(year):
    case = year.first()
    assert find_by_code(case.number, CODE) == case


def test_people_and_rooms_stand_at_three_tiers(year):
    for model in (CasePerson, CaseRoom):
        assert {row.tier for row in model.objects.all()} == set(Tier)


def test_the_story_has_a_word_for_each_kind_and_each_reason():
    assert set(TITLES) == set(ANSWERS)
    assert {t.name for t in CASE_FLOW.transitions if t.reason} - {"part"} == set(REASONS)
