"""The indicators of regulations against plain lists: the same question, asked without a database."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.indicators import get
from core.periods import Period
from tests.factories import AdoptionFactory, LegalRuleFactory, RegulationFactory, VillageFactory
from villages.choices import COMMUNITIES, AppliesTo, Body, LegalRuleKey, RegulationField, VillageKind, Voters
from villages.models import Adoption, LegalRule, Regulation, Village

pytestmark = pytest.mark.django_db

PERIOD = Period(2013, date(2013, 11, 24))
DAY = PERIOD.as_of
KEYS = ("regulations_adopted", "regulations_posted", "duties_posted", "charter_voted")


# ---- a random district ----


def some_day(rng: Random, around: date = DAY, spread: int = 300) -> date:
    return around + timedelta(days=rng.randint(-spread, spread // 3))


def random_regulations(rng: Random) -> None:
    for _ in range(rng.randint(0, 9)):
        start = some_day(rng)
        RegulationFactory(
            applies_to=rng.choice(AppliesTo.values),
            needs_vote=rng.random() < 0.5,
            field=rng.choice((RegulationField.DUTIES, RegulationField.PARTY)),
            required_from=start,
            required_until=rng.choice((None, None, start + timedelta(days=rng.randint(0, 400)), max(DAY, start))),
        )


def random_votes(rng: Random) -> dict:
    """Three numbers, often exactly at an edge of the law."""
    if rng.random() < 0.2:
        return {"voters": rng.choice([*Voters.values, ""])}
    entitled = rng.choice((0, 1, 2, 3, 300, rng.randint(1, 500)))
    present = min(entitled, max(0, rng.choice((entitled // 2, entitled * 2 // 3)) + rng.randint(-1, 1)))
    in_favour = min(present, max(0, present // 2 + rng.randint(-1, 1)))
    return {
        "voters": rng.choice([*Voters.values, ""]),
        "entitled": entitled,
        "present": present,
        "in_favour": in_favour,
    }


def random_adoptions(rng: Random, village: Village) -> None:
    for regulation in Regulation.objects.all():
        for number in range(rng.choice((0, 1, 1, 2))):
            adopted = some_day(rng)
            # One alone may be in force without an end; a former one may still overlap it.
            ended = adopted + timedelta(days=rng.randint(0, 300)) if number or rng.random() < 0.2 else None
            AdoptionFactory(
                village=village,
                regulation=regulation,
                adopted_on=adopted,
                abolished_on=ended,
                posted_on=rng.choice((None, adopted, max(adopted, DAY), adopted + timedelta(days=200))),
                body=rng.choice((Body.ASSEMBLY, Body.ASSEMBLY, Body.REPRESENTATIVES)),
                **random_votes(rng),
            )


def random_rules(rng: Random, township: str) -> None:
    for _ in range(rng.randint(0, 10)):
        start = some_day(rng, spread=500)
        LegalRuleFactory(
            key=rng.choice(LegalRuleKey.values),
            applies_to=rng.choice((AppliesTo.VILLAGE, AppliesTo.COMMUNITY)),
            place=rng.choice(("", "", "45", township[:6], township, "4502")),
            value=rng.choice(("1/2", "2/3", "1/3")),
            inclusive=rng.random() < 0.5,
            in_force_from=start,
            in_force_until=rng.choice((None, start + timedelta(days=rng.randint(0, 700)))),
        )


def random_district(seed: int) -> list[Village]:
    rng = Random(seed)
    township = VillageFactory().township
    villages = [VillageFactory(township=township, kind=rng.choice(VillageKind.values)) for _ in range(6)]
    random_regulations(rng)
    for village in villages:
        if rng.random() < 0.8:
            random_adoptions(rng, village)
    LegalRule.objects.all().delete()
    random_rules(rng, township.code)
    return villages


# ---- the same in plain words ----


class Plain:
    """What one village's records say on the day."""

    def __init__(self, village: Village):
        self.village = village
        self.kind = "community" if village.kind in COMMUNITIES else "village"
        self.all = list(Adoption.objects.filter(village=village).select_related("regulation"))
        self.required = [
            r
            for r in Regulation.objects.all()
            if r.applies_to in ("all", self.kind)
            and r.required_from <= DAY
            and (r.required_until is None or r.required_until >= DAY)
        ]
        self.in_force = [
            a
            for a in self.all
            if a.regulation in self.required
            and a.adopted_on <= DAY
            and (a.abolished_on is None or a.abolished_on > DAY)
        ]

    def share(self, of, holds) -> tuple[int, int] | None:
        """How many of the regulations have an adoption in force for which `holds`; None where nothing is to be met."""
        met = [r for r in of if any(a.regulation_id == r.pk and holds(a) for a in self.in_force)]
        return (len(met), len(of)) if of and self.all else None

    def posted(self, adoption) -> bool:
        return adoption.posted_on is not None and adoption.posted_on <= DAY

    def passed(self, adoption) -> bool:
        if adoption.body != "assembly" or not adoption.entitled or not adoption.voters:
            return False
        quorum = self.rule(f"quorum_{adoption.voters}", adoption.adopted_on)
        majority = self.rule("majority", adoption.adopted_on)
        if quorum is None or majority is None:
            return False
        return enough(quorum, adoption.present, adoption.entitled) and enough(
            majority, adoption.in_favour, adoption.present
        )

    def rule(self, key: str, day: date) -> LegalRule | None:
        """Of those in force: the one of the smallest place; of two there, the younger."""
        best = None
        for rule in LegalRule.objects.all():
            in_force = rule.in_force_from <= day and (rule.in_force_until is None or day <= rule.in_force_until)
            here = self.village.code[: len(rule.place)] == rule.place
            if rule.key != key or rule.applies_to not in ("all", self.kind) or not (in_force and here):
                continue
            if best is None or (len(rule.place), rule.in_force_from) > (len(best.place), best.in_force_from):
                best = rule
        return best

    def expected(self, key: str) -> tuple[int, int] | None:
        return {
            "regulations_adopted": lambda: self.share(self.required, lambda a: True),
            "regulations_posted": lambda: self.share(
                [r for r in self.required if any(a.regulation_id == r.pk for a in self.in_force)], self.posted
            ),
            "duties_posted": lambda: self.share([r for r in self.required if r.field == "duties"], self.posted),
            "charter_voted": lambda: self.share([r for r in self.required if r.needs_vote], self.passed),
        }[key]()


def enough(rule: LegalRule, part: int, whole: int) -> bool:
    asked = Fraction(rule.value) * whole
    return part > asked or (rule.inclusive and part == asked)


@pytest.mark.parametrize("seed", range(25))
def test_the_indicators_agree_with_plain_lists(seed):
    villages = random_district(seed)
    asked = Village.objects.filter(pk__in=[v.pk for v in villages])
    for key in KEYS:
        found = {pk: tuple(m) for pk, m in get(key)(asked, PERIOD).items() if m.den}
        expected = {v.pk: share for v in villages if (share := Plain(v).expected(key))}
        assert found == expected, key


@pytest.mark.parametrize("seed", range(8))
def test_a_full_share_misses_nothing_and_a_lower_one_says_what(seed):
    villages = random_district(seed)
    asked = Village.objects.filter(pk__in=[v.pk for v in villages])
    for key in KEYS:
        named = get(key).find_shortfalls(asked, PERIOD)
        for pk, measure in get(key)(asked, PERIOD).items():
            assert bool(named.get(pk)) == (measure.num < measure.den), (key, measure, named.get(pk))


def test_only_the_villages_asked_for_are_measured():
    villages = random_district(3)
    asked = Village.objects.filter(pk=villages[0].pk)
    for key in KEYS:
        assert set(get(key)(asked, PERIOD)) | set(get(key).find_shortfalls(asked, PERIOD)) <= {villages[0].pk}


def test_a_village_with_nothing_on_file_is_not_measured():
    """Nobody has entered anything: that is not known, and not the same as none."""
    RegulationFactory(needs_vote=True, field=RegulationField.DUTIES)
    village = VillageFactory()
    for key in KEYS:
        assert village.pk not in get(key)(Village.objects.all(), PERIOD)


def test_the_days_edges():
    regulation = RegulationFactory(required_from=DAY, required_until=DAY)
    adoption = AdoptionFactory(regulation=regulation, adopted_on=DAY, posted_on=DAY)
    village = adoption.village_id

    def now():
        return tuple(get("regulations_posted")(Village.objects.all(), PERIOD).get(village, (0, 0)))

    assert now() == (1, 1)
    Adoption.objects.update(abolished_on=DAY)
    assert now() == (0, 0)  # gone on the day on which it is abolished
    Adoption.objects.update(abolished_on=None, posted_on=DAY + timedelta(days=1))
    assert now() == (0, 1)
    Regulation.objects.update(required_from=DAY + timedelta(days=1), required_until=None)
    assert now() == (0, 0)


def test_facts_after_the_years_end_do_not_count():
    """Looked at from the next spring, the year still ends in December."""
    adoption = AdoptionFactory(adopted_on=date(2014, 2, 1))
    spring = Period(2013, date(2014, 3, 31))
    assert tuple(get("regulations_adopted")(Village.objects.all(), spring)[adoption.village_id]) == (0, 1)


def test_a_shortfall_names_the_record_in_the_readers_language_and_leads_to_it():
    missing, unposted = RegulationFactory(field="duties"), RegulationFactory(field="duties")
    adoption = AdoptionFactory(regulation=unposted)
    pk = adoption.village_id
    with translation.override("zh-hans"):
        named = get("duties_posted").find_shortfalls(Village.objects.all(), PERIOD)[pk]
    new, edit = (
        f"/villages/adoptions/new/?village={pk}&regulation={missing.pk}",
        f"/villages/adoptions/{adoption.pk}/edit/",
    )
    assert named == [(missing.name, new), (unposted.name, edit)]
    with translation.override("en"):
        named = get("duties_posted").find_shortfalls(Village.objects.all(), PERIOD)[pk]
    assert [label for label, _url in named] == [missing.name_en, unposted.name_en]


@pytest.mark.parametrize("key", KEYS)
def test_a_whole_territory_costs_as_many_questions_as_one_village(key):
    regulation = RegulationFactory(needs_vote=True, field=RegulationField.DUTIES)
    LegalRuleFactory()

    def price(number: int) -> tuple[int, int]:
        township = VillageFactory().township
        for _ in range(number):
            AdoptionFactory(village=VillageFactory(township=township), regulation=regulation, body="assembly")
        asked = Village.objects.filter(township=township)
        with CaptureQueriesContext(connection) as measured:
            get(key)(asked, PERIOD)
        with CaptureQueriesContext(connection) as explained:
            get(key).find_shortfalls(asked, PERIOD)
        return len(measured), len(explained)

    assert price(1) == price(30)
    assert price(1)[0] <= 4
