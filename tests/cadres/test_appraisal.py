"""The yearly appraisal: anonymous tallies, verdicts by a dated rule, and what follows from two bad ones in a row."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import verdicts
from cadres.actions.appraisal import APPRAISAL_FLOW, ENDING_FLOW
from cadres.choices import FilingKind, Position
from cadres.choices_supervision import AppraisalBody, AppraisalState, EndingState, Verdict
from cadres.models import Appraisal, AppraisalSheet, Filing, Post, PostEnding
from core import indicators
from core.models import AuditRow
from core.periods import Period
from core.workflow import move
from tests.cadres.conftest import DAY, person, post
from tests.factories import AdmonishmentFactory
from villages.models import LegalRule, Village

pytestmark = pytest.mark.django_db

GOOD, BASIC, BAD = (30, 15, 4, 1), (5, 15, 25, 5), (1, 4, 10, 35)


def appraisal(village, year: int, tallies: dict, state=AppraisalState.SUBMITTED, **facts) -> Appraisal:
    facts = {"held_on": date(year, 11, 15), "entitled": 60, "present": 50} | facts
    one = Appraisal.objects.create(village=village, year=year, body=AppraisalBody.REPRESENTATIVES, state=state, **facts)
    names = ("excellent", "competent", "basic", "incompetent")
    for who, tally in tallies.items():
        AppraisalSheet.objects.create(appraisal=one, person=who, **dict(zip(names, tally, strict=True)))
    return one


def confirm(place, one: Appraisal, day: date = DAY) -> None:
    move(place["clerk"], APPRAISAL_FLOW, [one], "confirm", day)


@pytest.mark.parametrize(
    ("tally", "verdict"),
    [
        ((26, 24, 0, 0), Verdict.EXCELLENT),
        ((25, 25, 0, 0), Verdict.COMPETENT),  # just half is not more than half
        ((0, 25, 25, 0), Verdict.BASIC),
        ((0, 0, 26, 24), Verdict.BASIC),
        ((0, 0, 25, 25), Verdict.INCOMPETENT),
        ((0, 0, 0, 50), Verdict.INCOMPETENT),
        ((0, 0, 0, 0), ""),
    ],
)
def test_a_verdict_is_the_best_that_more_than_half_give_or_surpass(tally, verdict):
    sheet = AppraisalSheet(excellent=tally[0], competent=tally[1], basic=tally[2], incompetent=tally[3])
    assert verdicts.verdict_of(sheet, LegalRule(value=Fraction(1, 2), inclusive=False)) == verdict


def test_the_township_confirms_a_meeting_that_had_its_quorum_and_a_tally_for_each_cadre(place):
    cadre, other = person(place.home, "甲"), person(place.home, "乙")
    post(cadre, Position.BRANCH_MEMBER), post(other, Position.COMMITTEE_MEMBER)
    few = appraisal(place.home, 2012, {cadre: (20, 19, 0, 0), other: (20, 19, 0, 0)}, present=39)
    with pytest.raises(ValidationError, match="2/3"):
        confirm(place, few)
    one = appraisal(place.home, 2013, {cadre: GOOD})
    with pytest.raises(ValidationError, match="乙"):
        confirm(place, one)
    AppraisalSheet.objects.create(appraisal=one, person=other, competent=50)
    confirm(place, one)
    assert set(one.sheets.values_list("verdict", flat=True)) == {Verdict.EXCELLENT, Verdict.COMPETENT}
    assert AuditRow.objects.filter(model="cadres.AppraisalSheet", verb="confirm").count() == 2
    assert not AppraisalSheet.objects.visible_to(place["clerk"], "change").filter(appraisal=one).exists()


def test_lines_for_those_in_post_are_filled_in(place, as_):
    first, second = person(place.home, "委员"), person(place.home, "书记")
    post(first, Position.COMMITTEE_MEMBER), post(second, Position.SECRETARY), post(second, Position.DIRECTOR)
    one = appraisal(place.home, 2013, {}, state=AppraisalState.DRAFT)
    url = reverse("cadres:appraisal_fill", args=[one.pk])
    for _time in range(2):
        assert as_("secretary").post(url).status_code == 302
    assert list(one.sheets.order_by("pk").values_list("person", flat=True)) == [second.pk, first.pk]
    assert as_("leader").post(url).status_code == 403
    confirmed = appraisal(place.home, 2012, {}, state=AppraisalState.CONFIRMED)
    assert as_("secretary").post(reverse("cadres:appraisal_fill", args=[confirmed.pk])).status_code == 403


def test_no_more_ballots_than_people_in_the_room(place):
    one = appraisal(place.home, 2013, {})
    with pytest.raises(ValidationError):
        AppraisalSheet(appraisal=one, person=person(place.home), excellent=51).clean()


def test_incompetent_twice_in_a_row_proposes_and_the_township_decides(place):
    cadre = person(place.home, "不称职")
    held = [post(cadre, Position.SECRETARY), post(cadre, Position.COMMITTEE_MEMBER)]
    confirm(place, appraisal(place.home, 2012, {cadre: BAD}), date(2012, 12, 1))
    assert not PostEnding.objects.exists()
    confirm(place, appraisal(place.home, 2013, {cadre: BAD}))
    ending = PostEnding.objects.get()
    assert "村民委员会组织法（2010年修订）第三十三条" in ending.grounds
    assert ending.due_on == date(2013, 12, 6)
    assert Post.objects.on(DAY).count() == 2  # nothing ends by itself

    move(place["clerk"], ENDING_FLOW, [ending], "end", DAY)
    assert set(Post.objects.on(DAY).values_list("pk", flat=True)) == {held[0].pk}
    filing = Filing.objects.get()
    assert (filing.person, filing.kind) == (cadre, FilingKind.REMOVE)


@pytest.mark.parametrize("before", [(GOOD,), (BAD, GOOD), ()])
def test_a_break_or_a_year_without_is_no_second_time(place, before):
    cadre = person(place.home)
    for back, tally in enumerate(before[::-1], start=1):
        confirm(place, appraisal(place.home, 2013 - back, {cadre: tally}))
    confirm(place, appraisal(place.home, 2013, {cadre: BAD}))
    assert not PostEnding.objects.exists()


def test_the_rule_is_that_of_the_day(place):
    cadre = person(place.home)
    rules = LegalRule.objects.filter(key="appraisal_in_a_row", applies_to="village")
    rules.filter(in_force_from__year=2010).update(in_force_from=date(2014, 1, 1))
    for year in (2012, 2013):
        confirm(place, appraisal(place.home, year, {cadre: BAD}))
    assert not PostEnding.objects.exists()


def test_a_proposal_may_be_dropped_with_a_reason(place):
    ending = PostEnding.objects.create(village=place.home, person=person(place.home), grounds="判处刑罚")
    with pytest.raises(ValidationError):
        move(place["clerk"], ENDING_FLOW, [ending], "drop", DAY)
    move(place["clerk"], ENDING_FLOW, [ending], "drop", DAY, reason="查无此事")
    ending.refresh_from_db()
    assert ending.state == EndingState.DROPPED


def test_the_indicator_asks_for_the_meeting_and_the_follow_up(place):
    cadre = person(place.home, "基本称职")
    one = appraisal(place.home, 2013, {cadre: BASIC})
    villages, appraised = (
        Village.objects.filter(pk__in=[place.home.pk, place.next_door.pk]),
        indicators.get("cadres_appraised"),
    )
    period = Period(2013, DAY)

    def measured():
        return dict(appraised(villages, period)), appraised.find_shortfalls(villages, period)

    figures, short = measured()
    assert figures == {place.home.pk: (0, 1)}  # next door has never appraised: not known
    assert short[place.home.pk][0].url == reverse("cadres:appraisals_detail", args=[one.pk])
    assert f"?village={place.next_door.pk}&year=2013" in short[place.next_door.pk][0].url
    confirm(place, one)
    figures, short = measured()
    assert figures == {place.home.pk: (0, 1)} and "基本称职" in short[place.home.pk][0].label
    assert short[place.home.pk][0].url == reverse("cadres:appraisal_result", args=[one.pk])
    AdmonishmentFactory.at(
        place.home, person=cadre, talked_on=date(2013, 11, 14), follow_up_on=DAY
    )  # before the meeting
    assert measured()[0] == {place.home.pk: (0, 1)}
    AdmonishmentFactory.at(place.home, person=cadre, talked_on=date(2013, 11, 20), follow_up_on=DAY)
    figures, short = measured()
    assert figures == {place.home.pk: (1, 1)} and place.home.pk not in short


def test_queries_do_not_grow(place, django_assert_num_queries, as_):
    for village in (place.home, place.next_door, place.across):
        who = person(village)
        confirm_ = appraisal(village, 2013, {who: BASIC}, state=AppraisalState.CONFIRMED, state_since=DAY)
        confirm_.sheets.update(verdict=Verdict.BASIC)
    for villages in (Village.objects.filter(pk=place.home.pk), Village.objects.all()):
        with django_assert_num_queries(5):
            indicators.get("cadres_appraised")(villages, Period(2013, DAY))
        with django_assert_num_queries(6):
            indicators.get("cadres_appraised").find_shortfalls(villages, Period(2013, DAY))


def test_the_pages(place, as_):
    cadre = person(place.home)
    one = appraisal(place.home, 2013, {cadre: BASIC})
    confirm(place, one)
    page = as_("clerk").get(reverse("cadres:appraisal_result", args=[one.pk])).content.decode()
    assert f"{reverse('cadres:admonishments_new')}?village={place.home.pk}&amp;person={cadre.pk}" in page
    page = as_("secretary").get(reverse("cadres:appraisal_result", args=[one.pk])).content.decode()
    assert reverse("cadres:admonishments_new") not in page
    assert as_("secretary").get(reverse("cadres:appraisal_year")).context["waiting"] == 1
    assert as_("secretary_next_door").get(reverse("cadres:appraisal_year")).context["waiting"] == 0
    assert as_("clerk").get(reverse("cadres:appraisal_year"), {"year": "x" * 50}).status_code == 200
