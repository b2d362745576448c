"""A matter voted down: a regular end with its numbers on record, not to be mistaken for a vote that doesn't count."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from core.indicators import Measure
from core.models import AuditRow, Move
from core.periods import Period
from services.actions.deliberations import correct_step, next_step, take_step
from services.indicators.deliberations import deliberations_full
from services.models import Deliberation, DeliberationStep
from services.trail import trail_of
from tests import factories
from tests.services.test_deliberations import go, law, place, step_of
from villages.models import Village

__all__ = ["law", "place"]

APRIL = date(2013, 4, 2)
YEAR = Period(2013, date(2013, 11, 24))


@pytest.fixture
def matter(place):
    """Before the representatives: 43 entitled, 29 make a quorum, more than half of those present a majority."""
    return go(place["secretary"], factories.DeliberationFactory(village=place.home), until="review")


def vote(matter, present: int, in_favour: int, passed: bool) -> DeliberationStep:
    return step_of(matter, "decide", APRIL, 43, present, in_favour, passed=passed)


def test_a_vote_below_the_majority_closes_the_matter_as_not_passed(place, matter):
    take_step(place["secretary"], vote(matter, 38, 19, passed=False))
    kept = Deliberation.objects.get()
    assert (kept.state, kept.decided_on, kept.due_on) == ("voted_down", APRIL, None)
    assert next_step(kept) is None
    step = kept.steps.get(step="decide")
    assert (step.entitled, step.present, step.in_favour, step.passed) == (43, 38, 19, False)
    assert Move.objects.last().transition == "vote_down"


def test_entered_as_passed_the_same_vote_is_refused_and_told_how_to_enter_it(place, matter):
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], vote(matter, 38, 19, passed=True))
    (sentence,) = refused.value.message_dict["in_favour"]
    assert "20" in sentence and "未通过" in sentence


def test_a_vote_without_quorum_is_invalid_whatever_came_of_it(place, matter):
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], vote(matter, 20, 5, passed=False))
    assert set(refused.value.message_dict) == {"present"}
    assert Deliberation.objects.get().state == "reviewed"


def test_a_majority_is_no_defeat(place, matter):
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], vote(matter, 38, 20, passed=False))
    assert set(refused.value.message_dict) == {"in_favour"}


def test_who_is_not_entitled_makes_no_vote(place, matter):
    """More than the registers say, without an explanation."""
    factories.RepresentativeFactory(village=place.home, person=factories.PersonFactory(village=place.home))
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], vote(matter, 38, 10, passed=False))
    assert set(refused.value.message_dict) == {"explanation"}


def test_only_a_vote_can_fail(place, matter):
    with pytest.raises(IntegrityError, match="deliberation_vote_not_passed"), transaction.atomic():
        DeliberationStep.objects.create(deliberation=matter, step="disclose", held_on=APRIL, passed=False)


def test_voted_down_by_the_villagers_a_village_followed_the_procedure(place, matter):
    take_step(place["secretary"], vote(matter, 38, 10, passed=False))
    assert deliberations_full(Village.objects.all(), YEAR) == {place.home.pk: Measure(1, 1)}


def test_ended_by_an_earlier_meeting_nothing_was_decided(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="propose")
    take_step(place["secretary"], step_of(matter, "discuss", date(2013, 3, 4), 8, 8, 3, passed=False))
    kept = Deliberation.objects.get()
    assert (kept.state, kept.decided_on) == ("voted_down", None)
    assert deliberations_full(Village.objects.all(), YEAR) == {}


def test_the_way_ends_where_it_was_voted_down(place, matter, as_):
    take_step(place["secretary"], vote(matter, 38, 10, passed=False))
    trail = trail_of(Deliberation.objects.get(), place["secretary"], APRIL)
    assert [line.kind for line in trail] == ["propose", "discuss", "review", "decide"]
    assert not any(line.is_next for line in trail)
    page = as_("secretary").get(f"/services/deliberations/{matter.pk}/").content.decode()
    assert "未通过" in page and "10/38" in strip_tags(page)
    assert "未通过" in as_("clerk").get("/services/deliberations/?state=voted_down").content.decode()
    notice = as_("secretary").get(f"/services/deliberations/{matter.pk}/notice/").content.decode()
    assert "未通过" in notice and "张贴人" in notice


def test_the_second_button_enters_it(place, matter, as_, settings):
    settings.PORTAL_TODAY = "2013-11-24"
    numbers = {"entitled": 43, "present": 38, "in_favour": 10}
    posted = {"step": "decide", "held_on": "2013-04-02", "deciders": "representatives"} | numbers
    address = f"/services/deliberations/{matter.pk}/step/"
    assert as_("secretary").post(address, posted).status_code == 422
    assert as_("secretary").post(address, posted | {"not_passed": "1"}).status_code == 302
    assert Deliberation.objects.get().state == "voted_down"
    assert as_("secretary").post(address, posted | {"not_passed": "1"}).status_code == 302, "sent twice"
    assert DeliberationStep.objects.filter(step="decide").count() == 1


def test_a_miscounted_defeat_is_corrected_and_goes_on(place, matter):
    step = take_step(place["secretary"], vote(matter, 38, 13, passed=False))
    step.in_favour, step.passed = 31, True
    correct_step(place["secretary"], step, reason="票数抄错")
    kept = Deliberation.objects.get()
    assert (kept.state, next_step(kept), kept.due_on) == ("decided", "disclose", date(2013, 4, 8))
    assert AuditRow.objects.filter(verb="correct", reason="票数抄错").exists()


def test_what_went_on_cannot_be_voted_down_afterwards(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="disclose")
    step = matter.steps.get(step="decide")
    step.in_favour, step.passed = 10, False
    with pytest.raises(ValidationError, match="后面的步骤"):
        correct_step(place["secretary"], step, reason="重数")


def test_a_correction_leaves_a_matter_outside_the_procedure_where_it_is(place, matter):
    Deliberation.objects.update(state="outside", decided_on=APRIL)
    step = matter.steps.get(step="review")
    step.note = "补记"
    correct_step(place["secretary"], step, reason="补记")
    assert Deliberation.objects.get().state == "outside"
