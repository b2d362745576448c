"""Weak villages put right: opened and worked on by the township, accepted or returned by the district."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cadres.actions.rectification import RECTIFICATION_FLOW
from cadres.models import BroughtIn, Rectification
from core.actions import Refused
from core.models import Move
from core.workflow import move
from tests import factories
from tests.cadres.conftest import person, post

DAY = date(2013, 11, 24)


def go(by, case, name, reason=""):
    return move(by, RECTIFICATION_FLOW, [Rectification.objects.get(pk=case.pk)], name, DAY, reason=reason)[0]


def test_from_the_list_to_acceptance(place):
    case = factories.RectificationFactory(village=place.home, measures="")
    clerk, district = place["clerk"], place["district"]
    with pytest.raises(ValidationError, match="措施"):
        go(clerk, case, "begin")
    Rectification.objects.update(measures="派驻工作组")
    go(clerk, case, "begin")
    with pytest.raises(ValidationError, match="成效"):
        go(clerk, case, "hand_in")
    Rectification.objects.update(outcome="班子补齐")
    handed_in = go(clerk, case, "hand_in")
    assert handed_in.due_on == date(2013, 12, 13), "fifteen working days"
    with pytest.raises(Refused):
        go(clerk, case, "accept")
    with pytest.raises(ValidationError):
        go(district, case, "send_back")
    go(district, case, "send_back", "群众不知情")
    go(clerk, case, "hand_in")
    assert go(district, case, "accept").state == "accepted"
    assert [kept.target for kept in Move.objects.all()] == [
        "under_way",
        "submitted",
        "returned",
        "submitted",
        "accepted",
    ]


def test_what_is_accepted_is_not_changed(place, as_):
    case = factories.RectificationFactory(village=place.home, state="accepted")
    assert as_("clerk").get(f"/cadres/rectifications/{case.pk}/").status_code == 200
    assert as_("clerk").get(f"/cadres/rectifications/{case.pk}/edit/").status_code == 403


def test_people_brought_in_are_named_with_their_own_posts(place):
    case = factories.RectificationFactory(village=place.home)
    mine, other = person(place.home, "甲"), person(place.home, "乙")
    held = post(mine, "committee_member")
    BroughtIn(rectification=case, person=mine, post=held).full_clean()
    with pytest.raises(ValidationError):
        BroughtIn(rectification=case, person=other, post=held).full_clean()


def test_the_list_says_how_many_people_came(place, as_):
    case = factories.RectificationFactory(village=place.home)
    for _n in range(3):
        factories.BroughtInFactory(rectification=case, person=person(place.home))
    response = as_("clerk").get("/cadres/rectifications/")
    assert "1个村，引入3人" in response.content.decode()
