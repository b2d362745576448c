"""Elections against the dated rules, and what a confirmed one brings."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import ballots
from cadres.actions.elections import ELECTION_FLOW, create_elected
from cadres.choices import Committee, FilingKind, FilingState, Position
from cadres.choices_supervision import ElectionBody, ElectionKind, ElectionMethod, ElectionState
from cadres.models import Candidate, Election, Filing, GroupLeader, Post, Representative
from cadres.voters import bases_on, load_rules
from core.models import AuditRow, Move
from core.workflow import move
from tests.cadres.conftest import DAY, person, post, term
from tests.factories import ElectionFactory, GroupLeaderFactory, HamletFactory, RepresentativeFactory
from villages.models import LegalRule, Village

pytestmark = pytest.mark.django_db

HELD = date(2013, 11, 10)
S, D, DD, CM = Position.SECRETARY, Position.DIRECTOR, Position.DEPUTY_DIRECTOR, Position.COMMITTEE_MEMBER


def election(
    village, *candidates, body=ElectionBody.COMMITTEE, entitled=1000, voted=800, seats=None, **facts
) -> Election:
    """`candidates`: (person, position, votes, elected)."""
    elected = sum(row[3] for row in candidates)
    facts = {"held_on": HELD, "method": ElectionMethod.OPEN_NOMINATION, "state": ElectionState.SUBMITTED} | facts
    one = ElectionFactory(village=village, body=body, entitled=entitled, voted=voted, seats=seats or elected, **facts)
    for who, position, votes, is_elected in candidates:
        Candidate.objects.create(election=one, person=who, position=position, votes=votes, elected=is_elected)
    return one


def broken(one: Election) -> list[str]:
    checks = ballots.checks_of(one, ballots.by_election([one])[one.pk], ballots.load_rules())
    return [check.label for check in checks if not check.met]


# ---- against the rules ----


@pytest.mark.parametrize(("voted", "valid"), [(500, False), (501, True), (1000, True)])
def test_an_election_takes_more_than_half_of_those_entitled(place, voted, valid):
    one = election(place.home, (person(place.home), CM, voted, True), voted=voted)
    assert (broken(one) == []) is valid
    if not valid:
        with pytest.raises(ValidationError) as refused:
            move(place["clerk"], ELECTION_FLOW, [one], "confirm", DAY)
        assert "村民委员会组织法（2010年修订）第十五条" in refused.value.messages[0]
        assert "1/2" in refused.value.messages[0]
        assert not Post.objects.exists()


@pytest.mark.parametrize(("votes", "kind", "valid"), [
    (400, ElectionKind.GENERAL, False),
    (401, ElectionKind.GENERAL, True),
    (400, ElectionKind.RUNOFF, True),
    (267, ElectionKind.RUNOFF, True),  # a third of 800 is 266.67
    (266, ElectionKind.RUNOFF, False),
])  # fmt: skip
def test_whoever_is_elected_has_the_majority_that_the_rule_asks(place, votes, kind, valid):
    who = person(place.home, "得票者")
    assert broken(election(place.home, (who, CM, votes, True), kind=kind)) == ([] if valid else ["得票者"])


@pytest.mark.parametrize(
    ("held_on", "voted", "votes", "found"),
    [
        (date(2013, 11, 10), 81, 41, []),
        (date(2013, 11, 10), 80, 41, ["参加投票"]),  # more than four fifths until 2020
        (date(2021, 3, 1), 80, 51, []),  # at least four fifths since
        (date(2021, 3, 1), 80, 50, ["得票者"]),  # of those entitled, no longer of those present
        (date(2013, 11, 10), 90, 46, []),
    ],
)
def test_the_party_s_own_rules_hold_for_its_branch_and_change_with_the_day(place, held_on, voted, votes, found):
    who = person(place.home, "得票者")
    candidates = [(who, S, votes, True)]
    one = election(place.home, *candidates, body=ElectionBody.BRANCH, entitled=100, voted=voted, held_on=held_on)
    assert [label.replace("Voters", "参加投票") for label in broken(one)] == found


def test_a_rule_changed_by_the_district_changes_the_verdict(place):
    one = election(place.home, (person(place.home), CM, 700, True), voted=800)
    assert not broken(one)
    LegalRule.objects.filter(key="election_quorum").update(value="9/10")
    assert len(broken(one)) == 1


def test_seats_votes_and_their_order(place):
    a, b, c = (person(place.home, name) for name in "甲乙丙")
    assert broken(election(place.home, (a, CM, 500, True), (b, CM, 500, True), seats=1))  # one seat
    assert broken(election(place.home, (a, CM, 450, True), (b, CM, 460, False)))  # passed over
    assert broken(election(place.home, (a, CM, 450, True), (b, CM, 450, False)))  # a tie
    assert not broken(election(place.home, (a, CM, 450, True), (b, CM, 399, False), seats=2))
    assert not broken(election(place.home, (a, D, 700, True), (b, CM, 600, True), (c, CM, 300, False)))
    assert broken(election(place.home, (a, CM, 700, False), seats=1))  # nobody
    assert broken(
        election(place.home, (a, CM, 500, True), (b, CM, 380, False))
    )  # 880 votes of 800 ballots for one seat
    more = {"method": ElectionMethod.COMPETITIVE}
    assert broken(election(place.home, (a, CM, 500, True), **more))
    assert not broken(election(place.home, (a, CM, 500, True), (b, CM, 200, False), **more))


def test_a_candidate_fits_the_body_and_the_village(place):
    one = election(place.home, body=ElectionBody.BRANCH, seats=3)
    for facts in (
        {"person": person(place.home), "position": D},  # of the other committee
        {"person": person(place.home), "position": ""},
        {"person": person(place.next_door), "position": S},
        {"person": person(place.home), "position": S, "votes": 801},
    ):
        with pytest.raises(ValidationError):
            Candidate(election=one, **facts).clean()
    leaders = election(place.home, body=ElectionBody.LEADERS, seats=1)
    with pytest.raises(ValidationError):
        leaders.clean()  # which group?


# ---- what it brings ----


def test_a_confirmed_election_ends_posts_begins_posts_and_files_the_secretary(place):
    of_branch, of_village = term(Committee.BRANCH), term(Committee.VILLAGE)
    old, new, stays, goes = (person(place.home, name) for name in ("老书记", "新书记", "留任", "落选"))
    post(old, S), post(stays, D), post(goes, CM)
    branch = election(place.home, (new, S, 45, True), body=ElectionBody.BRANCH, entitled=50, voted=48, term=of_branch)
    village = election(place.home, (stays, D, 700, True), (new, CM, 600, True), (goes, CM, 200, False), term=of_village)
    moved = move(place["clerk"], ELECTION_FLOW, [branch, village], "confirm", DAY)
    assert {one.state for one in moved} == {ElectionState.CONFIRMED}

    held = {(p.person_id, p.position): p for p in Post.objects.on(DAY)}
    assert set(held) == {(old.pk, S), (stays.pk, D), (new.pk, CM)}
    assert held[stays.pk, D].starts_on == HELD and held[stays.pk, D].in_favour == 700
    assert Post.objects.get(person=goes).ends_on == HELD
    filings = list(Filing.objects.order_by("pk"))
    assert [(f.person_id, f.kind, f.state) for f in filings] == [
        (old.pk, FilingKind.REMOVE, FilingState.SUBMITTED),
        (new.pk, FilingKind.APPOINT, FilingState.SUBMITTED),
    ]
    assert Move.objects.filter(model="cadres.Election").count() == 2
    assert AuditRow.objects.filter(model="cadres.Post").exists()


def test_a_by_election_ends_nobody(place):
    held, came = person(place.home, "在任"), person(place.home, "补选")
    post(held, CM)
    one = election(place.home, (came, CM, 500, True), kind=ElectionKind.BY_ELECTION)
    move(place["clerk"], ELECTION_FLOW, [one], "confirm", DAY)
    assert set(Post.objects.on(DAY).values_list("person", "how")) == {
        (held.pk, "village_election"),
        (came.pk, "by_election"),
    }


def test_representatives_and_leaders_follow_from_their_election_and_are_the_base_of_votes(place):
    hamlet, other = HamletFactory(village=place.home), HamletFactory(village=place.home)
    before = RepresentativeFactory(village=place.home, hamlet=hamlet)
    elsewhere = RepresentativeFactory(village=place.home, hamlet=other)
    leader = GroupLeaderFactory(village=place.home, hamlet=hamlet)
    a, b = person(place.home, "甲", sex="2"), person(place.home, "乙")
    group = {"hamlet": hamlet, "entitled": 100, "voted": 80}
    some = election(place.home, (a, "", 60, True), (b, "", 50, True), body=ElectionBody.REPRESENTATIVES, **group)
    one = election(place.home, (b, "", 60, True), body=ElectionBody.LEADERS, **group)
    move(place["clerk"], ELECTION_FLOW, [some, one], "confirm", DAY)

    def on(model, day):
        return set(model.objects.entitled_on(day).values_list("person", flat=True))

    assert on(Representative, DAY) == {a.pk, b.pk, elsewhere.person_id}
    assert on(Representative, date(2013, 11, 9)) == {before.person_id, elsewhere.person_id}
    assert on(GroupLeader, DAY) == {b.pk} and on(GroupLeader, date(2013, 11, 9)) == {leader.person_id}
    assert Representative.objects.get(person=a).election == some

    base = bases_on(Village.objects.filter(pk=place.home.pk), DAY, load_rules())[0]
    assert (base.people, base.women, base.leaders, base.hamlets, base.must_come) == (3, 1, 1, 2, 2)
    assert not base.fits  # a group without a leader


def test_a_group_has_one_leader_on_any_day(place):
    there = GroupLeaderFactory(village=place.home, ends_on=date(2013, 6, 1))
    rows = [GroupLeader(village=place.home, hamlet=there.hamlet, person=person(place.home), starts_on=date(2013, 5, 1))]
    with pytest.raises(ValidationError):
        create_elected(place["clerk"], rows)
    rows[0].starts_on = date(2013, 6, 1)
    create_elected(place["clerk"], rows)


def test_confirming_many_costs_no_more_queries_for_what_follows(place, django_assert_max_num_queries):
    elections = []
    for village in (place.home, place.next_door):
        for number in range(3):
            who = person(village, f"第{number}人")
            elections.append(election(village, (who, CM, 500, True), kind=ElectionKind.BY_ELECTION))
    clerk = place["clerk"]
    with django_assert_max_num_queries(60):  # two for each, to read what it is held against; the rest for all at once
        move(clerk, ELECTION_FLOW, elections, "confirm", DAY)


# ---- who may ----


def test_the_village_hands_in_the_township_confirms_or_declares_void(place):
    one = election(place.home, (person(place.home), CM, 500, True), state=ElectionState.DRAFT)
    secretary, clerk = place["secretary"], place["clerk"]
    move(secretary, ELECTION_FLOW, [one], "submit", DAY)
    one.refresh_from_db()
    assert one.due_on == date(2013, 11, 29)
    assert not Election.objects.visible_to(secretary, "change").exists()
    assert not Candidate.objects.visible_to(secretary, "change").exists()
    with pytest.raises(Exception, match=".") as refused:
        move(secretary, ELECTION_FLOW, [one], "confirm", DAY)
    assert type(refused.value).__name__ == "Refused"
    move(clerk, ELECTION_FLOW, [one], "annul", DAY, reason="人数未过半数")
    assert not Post.objects.exists()
    assert not Election.objects.visible_to(clerk, "change").exists()


def test_the_pages_say_what_is_broken(place, as_):
    one = election(place.home, (person(place.home), CM, 300, True), voted=400)
    page = as_("clerk").get(reverse("cadres:election_result", args=[one.pk])).content.decode()
    assert "第十五条" in page and "400/1000" in page.replace(" ", "") or "400 of 1000" in page
    assert as_("secretary_next_door").get(reverse("cadres:election_result", args=[one.pk])).status_code == 404
    RepresentativeFactory(village=place.home)
    assert as_("secretary").get(reverse("cadres:voters")).context["people"] == 1
    assert as_("secretary_next_door").get(reverse("cadres:voters")).context["people"] == 0
