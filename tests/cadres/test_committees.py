"""Complete committees, filed secretaries, shares: what is measured, what is not, and which records are named."""

from datetime import date

import pytest
from django.urls import resolve
from django.utils import translation

from cadres.choices import Education, FilingKind, FilingState, HowChosen, Position
from cadres.committees import committees_on
from cadres.models import Filing, Person, Post
from core import indicators
from core.periods import Period
from tests.cadres.conftest import DAY, full_team, person, post
from villages.models import LegalRule, Village

PERIOD = Period(2013, DAY)


def measure(key: str, village: Village, period: Period = PERIOD):
    return indicators.get(key)(Village.objects.all(), period).get(village.pk)


def named(key: str, village: Village) -> list[tuple[str, str]]:
    """(label, route name): every address must lead somewhere."""
    with translation.override("en"):
        found = indicators.get(key).find_shortfalls(Village.objects.all(), PERIOD).get(village.pk, [])
    return [(str(one.label), resolve(one.url.partition("?")[0]).view_name) for one in found]


def lacks(village: Village, day: date = DAY) -> list[str]:
    with translation.override("en"):
        return committees_on(Village.objects.all(), day)[village.pk].lacks


def test_complete(place):
    full_team(place.home)
    assert lacks(place.home) == []
    assert measure("committees_complete", place.home) == (2, 2)
    assert measure("committees_complete", place.next_door) is None  # nothing on record is not known, not bad
    assert named("committees_complete", place.next_door) == [
        ("nobody of the two committees is on record", "cadres:people_list")
    ]


def test_what_is_missing_is_named_and_a_secretary_makes_half(place):
    people = full_team(place.home)
    Post.objects.filter(position=Position.DIRECTOR).delete()
    Post.objects.filter(person=people["妇女主任"]).delete()
    assert measure("committees_complete", place.home) == (1, 2)
    assert lacks(place.home) == [
        "no director in post",
        "committee of 1, should be 3–7",
        "no woman in the committee",
    ]
    Post.objects.filter(position=Position.SECRETARY).update(ends_on=DAY)
    assert measure("committees_complete", place.home) == (0, 2)
    assert measure("committees_complete", place.home, Period(2013, date(2013, 11, 23))) == (1, 2)


def test_too_many(place):
    full_team(place.home)
    for number in range(5):
        post(person(place.home, f"第{number}人"), Position.COMMITTEE_MEMBER)
    assert lacks(place.home) == ["committee of 8, should be 3–7"]


def test_a_community_falls_under_another_law(place):
    full_team(place.community)
    assert lacks(place.community) == ["committee of 3, should be 5–9"]


def test_the_rule_is_a_row_of_its_day_and_place(place):
    full_team(place.home)
    LegalRule.objects.create(
        key="committee_min",
        applies_to="village",
        place="450109",
        value="4",
        inclusive=True,
        in_force_from=date(2013, 6, 1),
        source="城区",
        confidence="to_confirm",
    )
    assert lacks(place.home) == ["committee of 3, should be 4–7"]
    assert lacks(place.home, date(2013, 5, 31)) == []
    LegalRule.objects.all().delete()
    assert lacks(place.home) == []  # no rule known, nothing to be judged by


def test_one_person_in_both_counts_in_both(place):
    people = full_team(place.home)
    Post.objects.filter(position=Position.DIRECTOR).delete()
    post(people["书记"], Position.DIRECTOR)
    own = committees_on(Village.objects.all(), DAY)[place.home.pk]
    assert own.is_one_person and own.complete and own.cadres == 5


@pytest.mark.parametrize("state", FilingState)
def test_on_file_is_what_the_district_has(place, state):
    full_team(place.home)
    held = Post.objects.get(position=Position.SECRETARY)
    assert named("secretary_filed", place.home) == [("书记: not filed", "cadres:filings_new")]
    Filing.objects.create(
        village=place.home,
        person=held.person,
        kind=FilingKind.APPOINT,
        how=HowChosen.MEMBERS_ELECTION,
        state=state,
        effective_on=held.starts_on,
        state_since=date(2013, 6, 1),
        post=held if state == FilingState.FILED else None,
    )
    filed = state == FilingState.FILED
    assert measure("secretary_filed", place.home) == (int(filed), 1)
    assert measure("secretary_filed", place.home, Period(2013, date(2013, 5, 31))) == (0, 1)
    if not filed:
        with translation.override("en"):
            assert named("secretary_filed", place.home) == [(f"书记: {state.label}", "cadres:filings_detail")]


def test_without_a_secretary_nothing_is_to_be_filed(place):
    post(person(place.home), Position.DIRECTOR)
    assert measure("secretary_filed", place.home) is None


def test_shares_count_people_and_wait_for_missing_facts(place):
    people = full_team(place.home)
    Person.objects.update(born_on=date(1960, 1, 1), education=Education.JUNIOR)
    Person.objects.filter(pk=people["书记"].pk).update(born_on=date(1973, 11, 24), education=Education.TECHNICAL)
    Person.objects.filter(pk=people["主任"].pk).update(born_on=date(1973, 11, 25), education=Education.SENIOR)
    assert measure("cadres_under_40", place.home) == (1, 5)
    assert measure("cadres_under_40", place.home, Period(2013, date(2013, 11, 23))) == (2, 5)
    assert measure("cadres_senior_secondary", place.home) == (2, 5)
    assert len(named("cadres_senior_secondary", place.home)) == 3 and named("cadres_under_40", place.home) == []
    Person.objects.filter(pk=people["支委一"].pk).update(born_on=None, education="")
    assert measure("cadres_under_40", place.home) is None is measure("cadres_senior_secondary", place.home)
    assert named("cadres_under_40", place.home) == [("支委一: birth date not on record", "cadres:people_edit")]
    assert ("支委一: education not on record", "cadres:people_edit") in named("cadres_senior_secondary", place.home)


@pytest.mark.parametrize(
    ("key", "queries", "of_shortfalls"),
    [
        ("committees_complete", 4, 5),
        ("secretary_filed", 1, 2),
        ("cadres_under_40", 1, 1),
        ("cadres_senior_secondary", 1, 1),
    ],
)
def test_a_few_queries_for_a_whole_territory(place, django_assert_num_queries, key, queries, of_shortfalls):
    for village in (place.home, place.next_door, place.across, place.community):
        full_team(village)
    one = indicators.get(key)
    with django_assert_num_queries(queries):
        one(Village.objects.all(), PERIOD)
    with django_assert_num_queries(of_shortfalls):
        one.find_shortfalls(Village.objects.all(), PERIOD)


def test_the_page_shows_gaps_first_and_all_when_asked(as_, place):
    full_team(place.home)
    page = as_("clerk").get("/cadres/committees/")
    assert [village.name for village, _own in page.context["page"]] == ["红星社区", "广良村"]
    assert len(as_("clerk").get("/cadres/committees/", {"show": "all"}).context["page"]) == 3
    assert page.context["complete"] == 1


def test_a_long_list_has_pages(as_, place, monkeypatch):
    monkeypatch.setattr("cadres.views.structure.PAGE", 2)
    first = as_("clerk").get("/cadres/committees/")
    assert len(first.context["page"]) == 2 and "page=2" in first.content.decode()
    assert len(as_("clerk").get("/cadres/committees/", {"page": "2"}).context["page"]) == 1
    assert as_("clerk").get("/cadres/committees/", {"page": "x"}).status_code == 200
