"""Rules of law as dated rows, votes, and what an adoption may say."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from core import actions
from core.fields import parse_fraction
from core.indicators import get
from core.periods import Period
from tests.factories import AdoptionFactory, RegulationFactory
from villages.catalogue import load_catalogue
from villages.models import Adoption, LegalRule, Regulation, Village

DAY = date(2013, 6, 1)


def rule(value="1/2", **values) -> LegalRule:
    given = {"key": "majority", "applies_to": "village", "in_force_from": date(2010, 1, 1)} | values
    return LegalRule(value=parse_fraction(value), **given)


# ---- which rule ----


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2009, 12, 31), None),
        (date(2010, 1, 1), "1/3"),
        (date(2012, 12, 31), "1/3"),
        (date(2013, 1, 1), "1/2"),
        (date(2018, 12, 28), "1/2"),
        (date(2018, 12, 29), None),
    ],
)
def test_the_day_decides_and_both_ends_belong_to_it(day, found):
    rules = [
        rule("1/3", in_force_until=date(2012, 12, 31)),
        rule("1/2", in_force_from=date(2013, 1, 1), in_force_until=date(2018, 12, 28)),
    ]
    picked = LegalRule.pick(rules, "majority", day, "village", "450109100214")
    assert (str(picked.value) if picked else None) == found


def test_of_two_in_force_the_younger_holds_in_either_order():
    rules = [rule("1/3"), rule("2/3", in_force_from=date(2012, 1, 1))]
    for order in (rules, rules[::-1]):
        assert LegalRule.pick(order, "majority", DAY, "village").value == Fraction(2, 3)


@pytest.mark.parametrize(
    ("code", "found"),
    [("450109100214", "3/4"), ("450109101201", "2/3"), ("450102001201", "3/5"), ("110101001201", "1/2"), ("", "1/2")],
)
def test_the_smallest_place_that_covers_wins_even_over_a_younger_rule(code, found):
    rules = [
        rule("1/2", in_force_from=date(2013, 5, 1)),
        rule("3/5", place="45"),
        rule("2/3", place="450109"),
        rule("3/4", place="450109100"),
    ]
    assert LegalRule.pick(rules, "majority", DAY, "village", code).value == Fraction(found)


def test_another_kind_and_another_key_do_not_count():
    rules = [rule(applies_to="community"), rule(key="quorum_adults")]
    assert LegalRule.pick(rules, "majority", DAY, "village") is None
    assert LegalRule.pick([rule(applies_to="all")], "majority", DAY, "community") is not None


# ---- whether a vote meets it ----


@pytest.mark.parametrize(
    ("value", "inclusive", "part", "whole", "met"),
    [
        ("1/2", False, 50, 100, False),
        ("1/2", False, 51, 100, True),
        ("1/2", False, 50, 99, True),
        ("2/3", True, 2, 3, True),
        ("2/3", True, 200, 300, True),
        ("2/3", True, 199, 300, False),
        ("2/3", False, 200, 300, False),
        ("1/3", True, 33333333333333333, 99999999999999999, True),  # exact where a float is not
        ("1/3", False, 33333333333333333, 99999999999999999, False),
    ],
)
def test_exactly_at_the_figure(value, inclusive, part, whole, met):
    assert rule(value, inclusive=inclusive).met(part, whole) is met


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("votes", "passed"),
    [
        ({"voters": "households", "entitled": 300, "present": 200, "in_favour": 101}, 1),
        ({"voters": "households", "entitled": 300, "present": 199, "in_favour": 199}, 0),  # not two thirds
        ({"voters": "households", "entitled": 300, "present": 200, "in_favour": 100}, 0),  # just half
        ({"voters": "adults", "entitled": 300, "present": 151, "in_favour": 76}, 1),
        ({"voters": "adults", "entitled": 300, "present": 150, "in_favour": 150}, 0),  # just half
        ({"voters": "adults", "entitled": 0, "present": 0, "in_favour": 0}, 0),
        ({"voters": "", "entitled": 300, "present": 300, "in_favour": 300}, 0),  # counted by whom?
        ({}, 0),
    ],
)
def test_a_charter_needs_the_vote_that_the_law_of_that_day_asks(votes, passed):
    """By the rules that ship: households two thirds or more, adults more than half, then more than half of those."""
    load_catalogue()
    Regulation.objects.all().delete()
    charter = RegulationFactory(needs_vote=True)
    adoption = AdoptionFactory(regulation=charter, body="assembly", adopted_on=DAY, **votes)
    measured = get("charter_voted")(Village.objects.all(), Period(2013, date(2013, 11, 24)))
    assert tuple(measured[adoption.village_id]) == (passed, 1)


@pytest.mark.django_db
def test_representatives_cannot_pass_a_charter():
    load_catalogue()
    Regulation.objects.all().delete()
    everybody = {"voters": "adults", "entitled": 9, "present": 9, "in_favour": 9}
    adoption = AdoptionFactory(regulation=RegulationFactory(needs_vote=True), body="representatives", **everybody)
    measured = get("charter_voted")(Village.objects.all(), Period(2013, date(2013, 11, 24)))
    assert measured[adoption.village_id].num == 0


# ---- what an adoption may say ----

WRONG = [
    {"entitled": 100},
    {"entitled": 100, "present": 50},
    {"present": 50, "in_favour": 40},
    {"entitled": 100, "in_favour": 40},
    {"entitled": 100, "present": 101, "in_favour": 1},
    {"entitled": 100, "present": 50, "in_favour": 51},
    {"posted_on": date(2013, 5, 31)},
    {"reviewed_on": date(2013, 5, 31)},
    {"abolished_on": date(2013, 5, 31)},
]


@pytest.mark.django_db
@pytest.mark.parametrize("values", WRONG, ids=str)
def test_what_cannot_be_is_refused_by_the_form_and_by_the_database(cast, values):
    regulation = RegulationFactory()
    row = Adoption(village=cast.home, regulation=regulation, adopted_on=DAY, body="committees", **values)
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        actions.create(cast["clerk"], [row])
    assert not " ".join(refused.value.messages).isascii()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.django_db
def test_a_regulation_is_in_force_once(cast):
    first = AdoptionFactory(village=cast.home)
    again = Adoption(village=cast.home, regulation=first.regulation, adopted_on=DAY, body="committees")
    with pytest.raises(ValidationError):
        actions.create(cast["clerk"], [again])
    first.abolished_on = date(2013, 7, 1)
    actions.update(cast["clerk"], [first], ["abolished_on"])
    actions.create(cast["clerk"], [again])


# ---- what ships ----


@pytest.mark.django_db
def test_the_catalogue_loads_twice_and_leaves_what_was_edited():
    load_catalogue()
    counts = Regulation.objects.count(), LegalRule.objects.count()
    Regulation.objects.filter(key="branch_duties").update(name="改名")
    load_catalogue()
    assert counts == (Regulation.objects.count(), LegalRule.objects.count())
    assert Regulation.objects.get(key="branch_duties").name == "改名"
    for row in (*Regulation.objects.all(), *LegalRule.objects.all()):
        row.full_clean()
        assert row.source
    assert all(row.name_en for row in Regulation.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["village", "community"])
@pytest.mark.parametrize("key", ["quorum_adults", "quorum_households", "majority"])
@pytest.mark.parametrize("day", [date(2013, 6, 1), date(2019, 6, 1), date(2026, 6, 1)])
def test_the_law_that_ships_has_an_answer_for_every_day(kind, key, day):
    load_catalogue()
    assert LegalRule.pick(list(LegalRule.objects.all()), key, day, kind, "450109100214") is not None
