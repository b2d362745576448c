"""Four steps into a group of four; admonishments that are followed up."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres.actions.supervision import ADMONISHMENT_FLOW, SUPERVISOR_FLOW
from cadres.choices import PoliticalStatus, Position
from cadres.choices_supervision import AdmonishmentState, SupervisorState
from cadres.models import Admonishment, Supervisor
from core import actions, indicators
from core.models import Move
from core.periods import Period
from core.workflow import move
from tests.cadres.conftest import DAY, person, post
from tests.factories import AdmonishmentFactory, SupervisorFactory
from villages.models import LegalRule, Village

pytestmark = pytest.mark.django_db


def recommended(village, number: int = 1) -> list[Supervisor]:
    return [SupervisorFactory.at(village) for _one in range(number)]


def through(place, rows, *steps) -> None:
    people = {"propose": "secretary", "vet": "inspector", "appoint": "clerk"}
    for step in steps:
        move(place[people[step]], SUPERVISOR_FLOW, rows, step, DAY)


def test_four_steps_by_four_organisations(place):
    rows = recommended(place.home, 4)
    for step, wrong in (("propose", "clerk"), ("vet", "clerk"), ("appoint", "inspector")):
        with pytest.raises(actions.Refused):
            move(place[wrong], SUPERVISOR_FLOW, rows, step, DAY)
        through(place, rows, step)
    assert set(Supervisor.objects.in_post_on(DAY).values_list("state", "starts_on")) == {
        (SupervisorState.APPOINTED, DAY)
    }
    assert Supervisor.objects.in_post_on(DAY).count() == 4
    assert Move.objects.count() == 12
    with pytest.raises(ValidationError):  # no step is skipped
        move(place["clerk"], SUPERVISOR_FLOW, recommended(place.home), "appoint", DAY)


def test_the_group_is_no_larger_than_the_rule(place):
    rows = recommended(place.home, 5)
    through(place, rows, "propose", "vet")
    with pytest.raises(ValidationError, match="4"):
        through(place, rows, "appoint")
    assert not Supervisor.objects.in_post_on(DAY).exists()
    LegalRule.objects.filter(key="supervisors").update(value="5")
    through(place, rows, "appoint")


def test_a_supervisor_is_a_party_member_and_none_of_those_supervised(place):
    cadre = person(place.home, political_status=PoliticalStatus.MEMBER)
    post(cadre, Position.BRANCH_MEMBER)
    for who in (cadre, person(place.home)):
        with pytest.raises(ValidationError):
            through(place, [SupervisorFactory.at(place.home, person=who)], "propose")


def test_who_is_let_go_leaves_a_gap_that_the_indicator_names(place):
    rows = recommended(place.home, 4)
    through(place, rows, "propose", "vet", "appoint")
    villages, period = Village.objects.filter(pk__in=[place.home.pk, place.next_door.pk]), Period(2013, DAY)
    group = indicators.get("supervision_group")
    assert group(villages, period) == {place.home.pk: (1, 1)}  # next door nobody was ever recommended
    assert group(villages, Period(2013, date(2013, 11, 23))) == {place.home.pk: (0, 1)}
    move(place["clerk"], SUPERVISOR_FLOW, rows[:1], "end", DAY, reason="外出务工")
    assert group(villages, period) == {place.home.pk: (0, 1)}
    (gap,) = group.find_shortfalls(villages, period)[place.home.pk]
    assert gap.url == f"{reverse('cadres:supervisors_new')}?village={place.home.pk}"
    next_one = SupervisorFactory.at(place.home)
    (gap,) = group.find_shortfalls(villages, period)[place.home.pk]
    assert gap.url == reverse("cadres:supervisors_detail", args=[next_one.pk])


def test_the_indicator_s_queries_do_not_grow(place, django_assert_num_queries):
    for village in (place.home, place.next_door, place.across):
        recommended(village, 4)
    for villages in (Village.objects.filter(pk=place.home.pk), Village.objects.all()):
        with django_assert_num_queries(2):
            indicators.get("supervision_group")(villages, Period(2013, DAY))
        with django_assert_num_queries(3):
            indicators.get("supervision_group").find_shortfalls(villages, Period(2013, DAY))


# ---- admonishments ----


def test_an_admonishment_waits_for_its_follow_up_and_is_closed_with_what_was_found(place):
    row = Admonishment(
        village=place.home,
        person=person(place.home),
        talked_on=DAY,
        talked_by="镇纪委书记",
        grounds="缺岗",
        follow_up_on=date(2013, 12, 24),
    )
    actions.create(place["inspector"], [row])
    assert row.due_on == date(2013, 12, 24)
    with pytest.raises(ValidationError):
        move(place["clerk"], ADMONISHMENT_FLOW, [row], "improve", DAY)  # without a word
    move(place["clerk"], ADMONISHMENT_FLOW, [row], "improve", DAY, reason="已按时值班")
    row.refresh_from_db()
    assert (row.state, row.due_on) == (AdmonishmentState.IMPROVED, None)
    assert Move.objects.get().reason == "已按时值班"
    assert not Admonishment.objects.visible_to(place["clerk"], "change").exists()


def test_a_secretary_does_not_read_admonishments(place, as_):
    row = AdmonishmentFactory.at(place.home)
    url = reverse("cadres:admonishments_detail", args=[row.pk])
    assert as_("secretary").get(url).status_code == 403
    assert as_("inspector").get(url).status_code == 200
