"""One group, two meetings: the three bodies of a hamlet, what they lack, and its households."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import actions
from services.bodies import bodies_on, ranked
from services.models import BodyMember, HamletBody, Household
from tests import factories
from villages.models import Hamlet

DAY = date(2013, 11, 24)
KINDS = ("party_group", "householders", "council")


def head(body, **values) -> BodyMember:
    if body.kind == "party_group":
        branch = factories.PartyBranchFactory(village=body.hamlet.village)
        values = {"party_member": factories.PartyMemberFactory(branch=branch), "name": ""} | values
    return factories.BodyMemberFactory(body=body, office="head", **values)


def whole(village, **values) -> Hamlet:
    hamlet = factories.HamletFactory(village=village, **values)
    for kind in KINDS:
        head(factories.HamletBodyFactory(hamlet=hamlet, kind=kind))
    return hamlet


def gaps(hamlet, day=DAY) -> list[str]:
    return [seat.gap for seat in bodies_on([hamlet], day)[0].seats]


def test_a_hamlet_with_three_bodies_and_their_heads_lacks_nothing(cast):
    assert gaps(whole(cast.home)) == ["", "", ""]


def test_what_a_body_can_lack(cast):
    hamlet = whole(cast.home)
    party, meeting, council = HamletBody.objects.order_by("pk")
    HamletBody.objects.filter(pk=party.pk).update(term_ends_on=DAY)
    meeting.members.update(ends_on=DAY)
    council.delete()
    assert gaps(hamlet) == ["任期已满", "缺负责人", "未建立"]
    before = date(2013, 11, 23)
    assert gaps(hamlet, before) == ["", "", "未建立"], "a day before, term and head were still there"


def test_an_ended_body_is_none_and_its_successor_is(cast):
    hamlet = whole(cast.home)
    HamletBody.objects.filter(kind="council").update(ended_on=date(2013, 6, 1))
    assert gaps(hamlet)[2] == "未建立"
    head(factories.HamletBodyFactory(hamlet=hamlet, kind="council", formed_on=date(2013, 6, 1)))
    assert gaps(hamlet)[2] == ""
    assert gaps(hamlet, date(2013, 5, 31))[2] == "", "then the first one stood"


def test_the_worst_come_first_and_are_counted_as_python_counts_them(cast):
    full, none = whole(cast.home, name="甲坡"), factories.HamletFactory(village=cast.home, name="乙坡")
    part = whole(cast.home, name="丙坡")
    part.bodies.filter(kind="council").delete()
    factories.HamletFactory(village=cast.home, name="丁坡", closed_on=date(2012, 1, 1))
    rows = list(ranked(Hamlet.objects.all(), DAY))
    assert rows == [none, part, full]
    assert [row.n_sound for row in rows] == [3 - one.gaps for one in bodies_on(rows, DAY)]


def test_bodies_of_many_hamlets_ask_no_more(cast, django_assert_max_num_queries):
    for _n in range(12):
        whole(cast.home)
    with django_assert_max_num_queries(4):
        rows = bodies_on(ranked(Hamlet.objects.all(), DAY), DAY)
        assert all(str(member) for row in rows for seat in row.seats for member in seat.members)


def test_the_party_group_has_party_members_alone(cast):
    hamlet = factories.HamletFactory(village=cast.home)
    body = factories.HamletBodyFactory(hamlet=hamlet, kind="party_group")
    with pytest.raises(ValidationError):
        actions.create(cast["secretary"], [BodyMember(body=body, name="某人", starts_on=DAY)])
    assert head(body).title == "党小组组长"


@pytest.mark.parametrize("named", [{}, {"name": "甲", "person": True}])
def test_a_member_is_named_in_one_way(cast, named):
    body = factories.HamletBodyFactory(hamlet__village=cast.home)
    if "person" in named:
        named = named | {"person": factories.PersonFactory(village=cast.home)}
    with pytest.raises(IntegrityError), transaction.atomic():
        BodyMember.objects.create(body=body, starts_on=DAY, **named)


def test_a_body_has_one_head_and_a_hamlet_one_body_of_a_kind(cast):
    body = factories.HamletBodyFactory(hamlet__village=cast.home)
    head(body)
    with pytest.raises(ValidationError, match="已有负责人"):
        actions.create(cast["secretary"], [BodyMember(body=body, name="乙", office="head", starts_on=DAY)])
    with pytest.raises(ValidationError, match="已有这个组织"):
        actions.create(cast["secretary"], [HamletBody(hamlet=body.hamlet, kind=body.kind, formed_on=DAY)])


def test_only_householders_send_representatives(cast):
    hamlet = factories.HamletFactory(village=cast.home)
    council = HamletBody(hamlet=hamlet, kind="council", formed_on=DAY, of_representatives=True)
    with pytest.raises(ValidationError, match="户主会"):
        actions.create(cast["secretary"], [council])


# ---- households ----


def test_households_are_counted_on_a_day(cast):
    hamlet = factories.HamletFactory(village=cast.home, households=3)
    factories.HouseholdFactory(hamlet=hamlet, people=5, adults=4)
    factories.HouseholdFactory(hamlet=hamlet, people=2, adults=2, ends_on=date(2013, 6, 1))
    factories.HouseholdFactory(hamlet=hamlet, starts_on=date(2013, 12, 1))
    assert Household.objects.on(DAY).counted() == {"households": 1, "people": 5, "adults": 4}
    assert Household.objects.on(date(2013, 5, 31)).counted()["households"] == 2
    row = bodies_on([hamlet], DAY)[0]
    assert (row.households, row.adults, row.differs) == (1, 4, True)


def test_a_hamlet_without_register_does_not_differ(cast):
    assert not bodies_on([factories.HamletFactory(village=cast.home, households=3)], DAY)[0].differs


def test_no_more_adults_than_people_and_no_household_twice(cast):
    hamlet = factories.HamletFactory(village=cast.home)
    facts = {"hamlet": hamlet, "householder": "韦某", "people": 3, "starts_on": DAY}
    with pytest.raises(ValidationError, match="成年人多于人口数"):
        actions.create(cast["secretary"], [Household(adults=4, **facts)])
    actions.create(cast["secretary"], [Household(adults=3, **facts)])
    with pytest.raises(ValidationError, match="同名户主"):
        actions.create(cast["secretary"], [Household(adults=3, **facts)])
    assert actions.create(cast["secretary"], [Household(adults=3, mark="坡头", **facts)])


def test_the_hamlets_page_shows_bodies_gaps_and_the_difference(cast, as_, settings):
    settings.PORTAL_TODAY = "2013-11-24"
    hamlet = whole(cast.home, households=40)
    hamlet.bodies.filter(kind="council").delete()
    factories.HouseholdFactory(hamlet=hamlet)
    page = as_("secretary").get(f"/services/hamlets/{hamlet.pk}/bodies/").content.decode()
    for text in (
        "党小组组长",
        "未建立",
        "两数不符",
        f"/services/hamlet-bodies/new/?hamlet={hamlet.pk}&amp;kind=council",
    ):
        assert text in page, text
    assert "登记该组织" not in as_("leader").get(f"/services/hamlets/{hamlet.pk}/bodies/").content.decode()


def test_a_district_reads_townships_first_and_hamlets_by_the_page(cast, as_, django_assert_max_num_queries):
    for n in range(24):
        factories.HamletFactory(village=cast.home, name=f"甲坡{n:02}")
    whole(cast.across, name="齐坡")
    district = as_("district")
    first = district.get("/services/bodies/").content.decode()
    second = district.get("/services/bodies/?page=2").content.decode()
    township = district.get(f"/services/bodies/?place={cast.home.code[:9]}").content.decode()
    assert first.index(f"?place={cast.home.code[:9]}") < first.index(f"?place={cast.across.code[:9]}"), (
        "the worst first"
    )
    assert first.count("甲坡") == 20 and second.count("甲坡") == 4 and "齐坡" in second and "齐坡" not in first
    assert '1<span class="den">/25' in first and '0<span class="den">/24' in first
    assert "齐坡" not in township and "各村情况" not in township, "one village alone is no table"
    with django_assert_max_num_queries(20):
        district.get("/services/bodies/?page=2")
