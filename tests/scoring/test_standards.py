"""Standards: what ships, what publishing asks, and that a published one never changes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from core.actions import Invisible, Refused, delete, update
from scoring import actions
from scoring.choices import Group, StandardState
from scoring.models import Criterion, Standard, StandardGroup
from tests.scoring.conftest import DISTRICT_CODE, KINDS


@pytest.fixture
def draft(standard):
    return Standard.objects.get(name="2026年标准")


def test_the_first_standard_has_the_32_criteria_and_is_published(standard):
    assert standard.state == StandardState.PUBLISHED
    assert list(standard.criteria.values_list("number", flat=True)) == list(range(1, 33))
    assert set(standard.criteria.values_list("indicator", flat=True)) == set(KINDS)
    assert {g.group: (g.pass_mark, g.min_measurable) for g in standard.groups.all()} == dict.fromkeys(
        Group, (8000, 6000)
    )
    assert set(standard.criteria.exclude(must_at=None).values_list("indicator", flat=True)) == {
        "matters_registered",
        "committees_complete",
        "office_area",
        "rooms_in_place",
        "regulations_adopted",
    }
    assert standard.criteria.exclude(veto_at=None).get().indicator == "members_developed"


def test_the_draft_of_2026_leaves_out_what_burden_relief_forbids(standard, draft):
    old = set(standard.criteria.values_list("indicator", flat=True))
    new = set(draft.criteria.values_list("indicator", flat=True))
    assert draft.state == StandardState.DRAFT
    assert old - new == {"branch_meetings", "cadres_appraised", "regulations_posted"}
    assert actions.find_problems(draft) == []


def test_loading_again_adds_nothing(standard, district):
    assert actions.load_shipped(district, DISTRICT_CODE) == []


@pytest.mark.parametrize("model", [Criterion, StandardGroup])
def test_a_published_standard_is_not_changed_by_actions_nor_by_clean(standard, district, model):
    row = model.objects.filter(standard=standard).first()
    row.group = Group.RULES
    with pytest.raises(Invisible):
        update(district, [row], ["group"])
    with pytest.raises(ValidationError):
        row.clean()


def test_a_published_standard_is_not_deleted_and_gets_no_criterion(standard, district):
    with pytest.raises(Invisible):
        delete(district, [standard])
    with pytest.raises(Invisible):
        delete(district, [standard.criteria.first()])
    one = standard.criteria.first()
    one.pk, one.number, one.applies_to = None, 33, "village"
    with pytest.raises(ValidationError):
        actions.create(district, [one])


@pytest.mark.parametrize(
    "write",
    [
        lambda standard: standard.criteria.update(points=1),
        lambda standard: standard.groups.update(pass_mark=1),
        lambda standard: Standard.objects.filter(pk=standard.pk).update(first_year=2012),
        lambda standard: Standard.objects.filter(pk=standard.pk).update(state="draft"),
    ],
)
def test_the_database_itself_refuses(standard, write):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        write(standard)


def test_a_new_edition_corrects_and_replaces(standard, district):
    edition = actions.new_edition(district, standard)
    assert (edition.edition, edition.state, edition.criteria.count()) == (2, StandardState.DRAFT, 32)
    assert edition.terms() == standard.terms()
    criterion = edition.criteria.get(indicator="cases_in_time")
    criterion.zero_at = "55%"
    update(district, [criterion], ["zero_at"])
    actions.publish(district, edition)
    standard.refresh_from_db()
    assert standard.state == StandardState.RETIRED
    assert Standard.objects.in_force(2013, DISTRICT_CODE).get() == edition
    assert actions.new_edition(district, standard).edition == 3


def test_publishing_asks_for_100_points_of_each_kind(draft, district):
    criterion = draft.criteria.get(indicator="rooms_in_place")
    criterion.points = 4050
    update(district, [criterion], ["points"])
    with pytest.raises(ValidationError) as refusal:
        actions.publish(district, draft)
    assert len(refusal.value.messages) == 2
    criterion.applies_to, criterion.points = "village", 4000
    criterion.refresh_from_db(fields=["version"])
    update(district, [criterion], ["applies_to", "points"])
    assert len(actions.find_problems(draft)) == 1


def test_an_indicator_that_no_app_measures_keeps_nothing_from_being_published(draft, district):
    criterion = draft.criteria.first()
    criterion.indicator = "not_there_yet"
    update(district, [criterion], ["indicator"])
    assert actions.publish(district, draft).state == StandardState.PUBLISHED


def test_the_newest_standard_holds_from_its_year_on(standard, draft, district):
    actions.publish(district, draft)
    assert Standard.objects.in_force(2025, DISTRICT_CODE).first() == standard
    assert Standard.objects.in_force(2026, "450109100").first() == draft
    assert not Standard.objects.in_force(2013, "450108").exists()
    assert not Standard.objects.in_force(2012, DISTRICT_CODE).exists()


def test_only_the_district_sees_drafts_and_only_its_own(standard, draft, district, leader, clerk, stranger):
    assert draft in Standard.objects.visible_to(district)
    for user in (leader, clerk):
        assert list(Standard.objects.visible_to(user)) == [standard]
        assert not Criterion.objects.visible_to(user).filter(standard=draft).exists()
    assert not Standard.objects.visible_to(stranger).exists()
    assert not Criterion.objects.visible_to(stranger).exists()
    assert not Criterion.objects.visible_to(None).exists()
    with pytest.raises(Refused):
        actions.publish(clerk, draft)
    with pytest.raises(Invisible):
        actions.publish(stranger, draft)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_at": None}, "full_at"),
        ({"rule": "linear", "zero_at": None}, "zero_at"),
        ({"rule": "linear", "zero_at": "1", "full_at": "100%"}, "zero_at"),
        ({"rule": "steps", "steps": []}, "steps"),
        ({"rule": "steps", "steps": [["90%", "8"], ["60%", "5"]]}, "steps"),
        ({"rule": "steps", "steps": [["60%", "9"]]}, "steps"),
        ({"rule": "steps", "steps": "much"}, "steps"),
        ({"rule": "steps", "steps": [["x", "8"]]}, "steps"),
        ({"points": 0}, "points"),
        ({"indicator": "no such key"}, "indicator"),
    ],
)
def test_a_criterion_says_what_is_wrong_with_it(draft, change, field):
    criterion = draft.criteria.get(indicator="duties_posted")
    for name, value in change.items():
        setattr(criterion, name, value)
    with pytest.raises(ValidationError) as refusal:
        criterion.full_clean()
    assert field in refusal.value.message_dict


def test_steps_are_graded(draft):
    criterion = draft.criteria.get(indicator="duties_posted")
    criterion.rule, criterion.steps = "steps", [["60%", "5"], ["90%", "8"]]
    criterion.full_clean()
    assert [criterion.terms().line(m).points for m in [(59, 100), (60, 100), (9, 10)]] == [0, 500, 800]
