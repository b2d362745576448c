"""Three meetings and one lecture: what is due of a branch, what was held."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError

from cadres.indicators.meetings import branch_meetings, meetings_missed
from cadres.models import BranchMeeting
from core import actions
from core.indicators import Measure
from core.periods import Period
from tests import factories
from villages.models import LegalRule, Village

YEAR = Period(2013, date(2013, 11, 24))


def hold(branch, kind, *days) -> None:
    for day in days:
        factories.BranchMeetingFactory(branch=branch, kind=kind, held_on=day)


def measured(village, period=YEAR):
    return branch_meetings(Village.objects.all(), period).get(village.pk)


def test_no_meeting_on_record_is_not_measured(place):
    factories.PartyBranchFactory(village=place.home)
    assert measured(place.home) is None


def test_ten_months_and_three_quarters_are_over_on_the_day(place):
    """Ten committees, three assemblies, three lectures; two in one month are one, one of the month under way is none."""
    branch = factories.PartyBranchFactory(village=place.home)
    hold(branch, "committee", date(2013, 1, 5), date(2013, 1, 20), date(2013, 10, 31), date(2013, 11, 2))
    hold(branch, "members", date(2013, 3, 31))
    hold(branch, "lecture", date(2013, 4, 1))
    hold(branch, "group", date(2013, 5, 1))
    assert measured(place.home) == Measure(4, 16)
    short = meetings_missed(Village.objects.all(), YEAR)[place.home.pk]
    assert len(short) == 12
    assert f"?branch={branch.pk}&kind=committee" in short[0].url


def test_the_whole_year_held_is_full_and_has_no_shortfall(place):
    branch = factories.PartyBranchFactory(village=place.home)
    hold(branch, "committee", *(date(2013, month, 28) for month in range(1, 13)))
    for kind in ("members", "lecture"):
        hold(branch, kind, *(date(2013, month, 1) for month in (1, 4, 7, 10)))
    whole = Period(2013, date(2014, 2, 1))
    assert measured(place.home, whole) == Measure(20, 20)
    assert not meetings_missed(Village.objects.all(), whole)


def test_how_often_is_a_dated_rule(place):
    branch = factories.PartyBranchFactory(village=place.home)
    hold(branch, "committee", date(2013, 2, 1))
    LegalRule.objects.filter(key="committee_meetings").update(value=Fraction(4))
    assert measured(place.home).den == 9
    LegalRule.objects.filter(key="committee_meetings").update(in_force_until=date(2012, 12, 31))
    assert measured(place.home).den == 6


def test_a_branch_owes_nothing_for_the_time_in_which_it_did_not_stand(place):
    branch = factories.PartyBranchFactory(village=place.home, opened_on=date(2013, 9, 15))
    hold(branch, "committee", date(2013, 10, 1))
    assert measured(place.home) == Measure(1, 1)


def test_many_villages_ask_no_more(place, django_assert_max_num_queries):
    for village in place.villages.values():
        for _n in range(3):
            hold(factories.PartyBranchFactory(village=village), "committee", date(2013, 2, 1))
    with django_assert_max_num_queries(3):
        assert len(branch_meetings(Village.objects.all(), YEAR)) == 5


def test_one_of_a_kind_a_day_and_no_more_than_could_come(place):
    branch = factories.PartyBranchFactory(village=place.home)
    facts = {"branch": branch, "kind": "members", "held_on": date(2013, 3, 1), "topic": "学习"}
    with pytest.raises(ValidationError, match="到会数多于应到数"):
        actions.create(place["secretary"], [BranchMeeting(entitled=3, present=4, **facts)])
    actions.create(place["secretary"], [BranchMeeting(**facts)])
    with pytest.raises(ValidationError, match="当天已有"):
        actions.create(place["secretary"], [BranchMeeting(**facts)])
