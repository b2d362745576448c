"""A small territory and the people who score it."""

from datetime import date

import pytest

from accounts.models import Grant, User
from core import indicators
from core.indicators import Kind, Measure, Shortfall
from core.roles import Role
from scoring import actions
from scoring.models import Standard
from villages.demo import build_territory

DISTRICT_CODE = "450109"
DAY = date(2013, 11, 24)


def person(username, role, code):
    user = User.objects.create(username=username, name=username, territory_code=code[:6])
    Grant.objects.create(user=user, role=role, territory_code=code)
    return user


@pytest.fixture
def villages(db):
    """The 74 of 2013, in code order."""
    return build_territory()


@pytest.fixture
def district(db):
    return person("district", Role.DISTRICT, DISTRICT_CODE)


@pytest.fixture
def leader(db):
    return person("leader", Role.LEADER, DISTRICT_CODE)


@pytest.fixture
def clerk(db):
    return person("clerk", Role.CLERK, "450109100")


@pytest.fixture
def secretary(db):
    return person("secretary", Role.SECRETARY, "450109100214")


@pytest.fixture
def stranger(db):
    """District staff of another district."""
    return person("stranger", Role.DISTRICT, "450108")


class Facts(dict):
    """Indicator key → village id → (num, den): what the tests' indicators measure. Counts how often they are asked."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def measure_for(self, key):
        def measure(villages, period):
            self.asked += 1
            found = self.get(key, {})
            return {pk: Measure(*found[pk]) for pk in villages.values_list("pk", flat=True) if pk in found}

        return measure

    def shortfalls_for(self, key):
        def shortfalls(villages, period):
            measured = self.measure_for(key)(villages, period)
            return {
                pk: [Shortfall(f"{key} {n}", f"/mend/{key}/{n}/") for n in range(den - num)]
                for pk, (num, den) in measured.items()
            }

        return shortfalls

    def everywhere(self, villages, key, num, den=1):
        self[key] = {village.pk: (num, den) for village in villages}


@pytest.fixture
def facts(monkeypatch):
    """The registry with the 32 indicators of the first standard, measuring whatever the test puts in."""
    facts = Facts()
    registry = {}
    for key, kind in KINDS.items():
        registry[key] = indicators.Indicator(
            key, key, kind, facts.measure_for(key), "件", "", facts.shortfalls_for(key)
        )
    monkeypatch.setattr(indicators, "_registry", registry)
    facts.registry = registry
    return facts


SHARES = """duties_posted grid_coverage cases_in_time cases_satisfied matters_registered matters_finished
residents_satisfaction commitments_fulfilled three_to_one disclosures_in_time cadres_under_40 cadres_senior_secondary
cadres_trained duty_kept rooms_in_place rooms_uniform equipment_complete regulations_adopted regulations_posted
deliberations_full branch_meetings finance_reviewed archives_complete"""
YES_NOS = "committees_complete secretary_filed supervision_group cadres_appraised building_sound charter_voted"
KINDS = dict.fromkeys(SHARES.split(), Kind.SHARE) | dict.fromkeys(YES_NOS.split(), Kind.YES_NO)
KINDS |= {"reserves_in_training": Kind.COUNT, "members_developed": Kind.COUNT, "office_area": Kind.AMOUNT}


@pytest.fixture
def perfect(facts, villages):
    """Every village has everything."""
    for key in KINDS:
        facts.everywhere(villages, key, 40, 40)
    facts.everywhere(villages, "reserves_in_training", 2)
    facts.everywhere(villages, "office_area", 20000, 20000)
    return facts


@pytest.fixture
def standard(district, villages):
    """The published standard of 2013."""
    actions.load_shipped(district, DISTRICT_CODE)
    return Standard.objects.get(name="2013年标准")
