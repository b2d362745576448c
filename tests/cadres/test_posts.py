"""At most one secretary and one director on any day, whoever writes and in whichever order."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cadres.actions.people import appoint, end_posts, update_posts
from cadres.choices import Committee, HowChosen, Position
from cadres.models import Person, Post
from core.actions import Invisible, Refused
from tests.cadres.conftest import ELECTED, new_post, person, post, term
from tests.cast import build

S, D, M = Position.SECRETARY, Position.DIRECTOR, Position.COMMITTEE_MEMBER


def test_one_may_be_secretary_and_director_and_sit_in_both(cast):
    who = person(cast.home)
    made = appoint(cast["clerk"], [new_post(who, S), new_post(who, D), new_post(who, M)])
    assert {one.committee for one in made} == {Committee.BRANCH, Committee.VILLAGE}
    assert {one.village for one in made} == {cast.home}


@pytest.mark.parametrize("position", [S, D])
def test_a_second_one_is_refused_in_a_sentence(cast, position):
    first, second = person(cast.home, "甲"), person(cast.home, "乙")
    appoint(cast["clerk"], [new_post(first, position)])
    with pytest.raises(ValidationError, match="甲"):
        appoint(cast["clerk"], [new_post(second, position, date(2013, 5, 1), date(2013, 6, 1))])
    assert Post.objects.count() == 1
    appoint(cast["clerk"], [new_post(person(cast.next_door), position)])  # another village


def test_the_past_has_one_too(cast):
    first, second = person(cast.home, "甲"), person(cast.home, "乙")
    appoint(cast["clerk"], [new_post(first, S, date(2008, 1, 1), date(2011, 8, 1))])
    with pytest.raises(ValidationError, match="2011-08-01"):
        appoint(cast["clerk"], [new_post(second, S, date(2011, 7, 31), date(2011, 9, 1))])
    appoint(cast["clerk"], [new_post(second, S, date(2011, 8, 1))])


def test_several_members_but_nobody_twice_in_one_post(cast):
    first, second = person(cast.home, "甲"), person(cast.home, "乙")
    appoint(cast["clerk"], [new_post(first, M), new_post(second, M)])
    with pytest.raises(ValidationError):
        appoint(cast["clerk"], [new_post(first, M, date(2010, 1, 1), date(2012, 1, 1))])


def test_who_left_can_be_followed_and_not_brought_back_over_him(cast):
    first, second = person(cast.home, "甲"), person(cast.home, "乙")
    (old,) = appoint(cast["clerk"], [new_post(first, S)])
    end_posts(cast["clerk"], [old], date(2013, 5, 1))
    appoint(cast["clerk"], [new_post(second, S, date(2013, 5, 1))])
    old.ends_on = None
    with pytest.raises(ValidationError):
        update_posts(cast["clerk"], [old], ["ends_on"])
    assert Post.objects.get(pk=old.pk).ends_on == date(2013, 5, 1)


def test_the_term_of_its_committee_is_filled_in(cast):
    branch, village = term(Committee.BRANCH), term(Committee.VILLAGE)
    who = person(cast.home)
    made = appoint(
        cast["clerk"], [new_post(who, S), new_post(who, D), new_post(who, M, date(2005, 1, 1), date(2006, 1, 1))]
    )
    assert [one.term for one in made] == [branch, village, None]
    made[0].term = village
    with pytest.raises(ValidationError):
        update_posts(cast["clerk"], [made[0]], ["term"])


def test_only_selection_or_appointment_brings_somebody_of_another_village(cast):
    who = person(cast.next_door)
    with pytest.raises(ValidationError):
        appoint(cast["clerk"], [new_post(who, S, village=cast.home)])
    appoint(cast["clerk"], [new_post(who, S, village=cast.home, how=HowChosen.OPEN_SELECTION)])


def test_who_may_appoint(cast):
    who = person(cast.home)
    for username in ("secretary", "leader", "inspector", "sysadmin"):
        with pytest.raises(Refused):
            appoint(cast[username], [new_post(who, M)])
    with pytest.raises(Invisible):
        appoint(cast["clerk_across"], [new_post(who, M)])
    assert not Post.objects.exists()


def test_a_set_costs_as_many_queries_as_one(cast, django_assert_max_num_queries):
    people = [person(cast.home, f"第{n}人") for n in range(30)]
    clerk = cast["clerk"]
    assert clerk.roles
    with django_assert_max_num_queries(19):
        appoint(clerk, [new_post(one, M) for one in people])


def test_the_form_of_a_person_writes_posts_under_the_same_conditions(as_, cast):
    post(person(cast.home, "甲"), S)
    who = person(cast.home, "乙")
    form = {"village": cast.home.pk, "name": "乙", "sex": "1", "political_status": "member", "_version": who.version}
    form |= {
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        "posts-TOTAL_FORMS": 1,
        "posts-INITIAL_FORMS": 0,
    }
    form |= {"posts-0-position": S, "posts-0-starts_on": "2013-06-01", "posts-0-how": "members_election"}
    assert as_("clerk").post(f"/cadres/people/{who.pk}/edit/", form).status_code == 422
    form["posts-0-ends_on"] = "2013-07-01"
    refused = as_("clerk").post(f"/cadres/people/{who.pk}/edit/", form)
    assert refused.status_code == 422 and "甲" in refused.content.decode()
    assert not who.posts.exists()
    done = as_("clerk").post(f"/cadres/people/{who.pk}/edit/", form | {"posts-0-position": D})
    assert done.status_code == 302
    assert (who.posts.get().village, who.posts.get().committee) == (cast.home, Committee.VILLAGE)


def test_the_secretary_changes_people_and_no_posts(as_, cast):
    who = person(cast.home, "乙")
    page = as_("secretary").get(f"/cadres/people/{who.pk}/edit/").content.decode()
    assert "posts-TOTAL_FORMS" not in page and "memberships-TOTAL_FORMS" in page


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment():
    """Two clerks, one post: one of them gets the sentence, on either database."""
    cast = build()
    people = [person(cast.home, name) for name in ("甲", "乙")]
    start, outcomes = threading.Barrier(2, timeout=20), []

    def press(username, who):
        try:
            by = cast[username]
            start.wait()
            appoint(by, [new_post(who, S, date(2012, 1, 1), date(2013, 1, 1))])  # over already: no index forbids it
            outcomes.append("in post")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(("clerk", "district"), people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["in post", "refused"]
    assert Post.objects.count() == 1


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 15), st.booleans()), min_size=1, max_size=6)


class AnyOrder(TestCase):
    """Whatever is tried, in whatever order, no day ever has two secretaries."""

    @settings(max_examples=25, deadline=None)
    @given(SPANS)
    def test_no_day_has_two(self, spans):
        cast = build()
        taken = set()
        for number, (first, length, is_open) in enumerate(spans):
            days = set(range(first, 200 if is_open else first + length))
            begins = ELECTED + timedelta(days=first)
            one = new_post(
                person(cast.home, f"第{number}人"), S, begins, None if is_open else begins + timedelta(days=length)
            )
            try:
                appoint(cast["clerk"], [one])
                assert not taken & days
                taken |= days
            except ValidationError:
                assert taken & days
        for day in range(60):
            assert Post.objects.on(ELECTED + timedelta(days=day)).filter(position=S).count() <= 1
        assert Person.objects.count() == len(spans)
