"""Open selection of a secretary: open to the township, decided by totals, ending in a filing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres.actions.selection import SELECTION_FLOW, ranked
from cadres.choices import FilingState, HowChosen
from cadres.choices_supervision import Qualification, SelectionState
from cadres.models import Applicant, Filing, Selection
from core.workflow import move
from tests.cadres.conftest import DAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def selection(place) -> Selection:
    return Selection.objects.create(
        village=place.home,
        grounds="打不开局面",
        announced_on=date(2013, 10, 8),
        closes_on=date(2013, 10, 28),
        state=SelectionState.ASSESSED,
    )


def applicant(selection, village, exam=None, interview=None, **facts) -> Applicant:
    facts = {"qualification": Qualification.QUALIFIED, "applied_on": date(2013, 10, 9)} | facts
    return Applicant.objects.create(
        selection=selection, person=person(village), exam_score=exam, interview_score=interview, **facts
    )


def test_totals_are_weighed_and_rounded_once(selection, place):
    first = applicant(selection, place.home, 80_01, 70_00)
    assert first.total == 74_00  # 3200.4 + 4200 hundredths
    second = applicant(selection, place.next_door, 76_00, 88_60)
    third = applicant(selection, place.community, 90_00)
    assert third.total is None
    assert ranked(selection) == [second, first, third]


def test_it_is_open_to_the_township_and_only_while_it_is_open(selection, place):
    for who, day, fits in (
        (person(place.next_door), date(2013, 10, 28), True),
        (person(place.across), date(2013, 10, 9), False),
        (person(place.next_door), date(2013, 10, 29), False),
    ):
        row = Applicant(selection=selection, person=who, applied_on=day)
        if fits:
            row.clean()
        else:
            with pytest.raises(ValidationError):
                row.clean()
    with pytest.raises(ValidationError):  # examined before the papers were looked at
        Applicant(selection=selection, person=person(place.home), applied_on=date(2013, 10, 9), exam_score=1).clean()


def test_the_choice_ends_in_a_filing(selection, place):
    clerk = place["clerk"]
    row = applicant(selection, place.next_door, 76_00, 88_60)

    def refused() -> str:
        with pytest.raises(ValidationError) as error:
            move(clerk, SELECTION_FLOW, [selection], "choose", DAY)
        return error.value.messages[0]

    refused()  # no first day
    Selection.objects.update(starts_on=date(2013, 12, 16))
    refused()  # nobody is marked
    Applicant.objects.update(chosen=True)
    Selection.objects.update(pass_mark=90)
    refused()
    Selection.objects.update(pass_mark=60)
    move(clerk, SELECTION_FLOW, [selection], "choose", DAY)
    filing = Filing.objects.get()
    assert (filing.person, filing.village, filing.how) == (row.person, place.home, HowChosen.OPEN_SELECTION)
    assert (filing.state, filing.effective_on) == (FilingState.SUBMITTED, date(2013, 12, 16))
    selection.refresh_from_db()
    assert selection.filing == filing and selection.state == SelectionState.CHOSEN
    assert not Selection.objects.visible_to(clerk, "change").exists()
    assert not Applicant.objects.visible_to(clerk, "change").exists()


def test_one_chosen_at_most(selection, place):
    first, second = applicant(selection, place.home), applicant(selection, place.home)
    first.chosen = True
    first.save()
    second.chosen = True
    with pytest.raises(ValidationError):
        second.full_clean()


def test_the_ranking_page(selection, place, as_):
    applicant(selection, place.next_door, 76_00, 88_60)
    url = reverse("cadres:selection_ranking", args=[selection.pk])
    assert "83.5" in as_("clerk").get(url).content.decode()
    assert as_("clerk_across").get(url).status_code == 404
