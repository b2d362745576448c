"""Deliberations: votes against the rules of their day, steps in order, disclosure, what counts as the full procedure."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Invisible, Refused
from core.models import Move, TimeLimit
from services.actions.deliberations import correct_step, next_step, record_outside, take_step
from services.choices_deliberations import StepKind
from services.deliberating import Count
from services.models import Deliberation, DeliberationStep
from tests import factories
from villages.catalogue import load_catalogue
from villages.choices import LegalRuleKey
from villages.models import LegalRule

MARCH = date(2013, 3, 1)
#: (step, day, entitled, present, in favour) that a village's matter takes to its end.
WAY = (
    ("propose", date(2013, 3, 1), 5, 5, 5),
    ("discuss", date(2013, 3, 4), 8, 7, 6),
    ("review", date(2013, 3, 8), 30, 24, 20),
    ("decide", date(2013, 3, 15), 43, 38, 35),
    ("disclose", date(2013, 3, 18), None, None, None),
    ("carry_out", date(2013, 5, 30), None, None, None),
    ("disclose_result", date(2013, 6, 3), None, None, None),
)


@pytest.fixture
def law(db):
    load_catalogue()


@pytest.fixture
def place(cast, law):
    return cast


def step_of(deliberation, name, on=MARCH, entitled=None, present=None, in_favour=None, **values) -> DeliberationStep:
    if name == "decide":
        values.setdefault("deciders", "representatives")
    if name == "agree":
        values.setdefault("deciders", "householders")
    numbers = {"entitled": entitled, "present": present, "in_favour": in_favour}
    return DeliberationStep(deliberation=deliberation, step=name, held_on=on, **numbers, **values)


def go(by, deliberation, until="disclose_result"):
    """The village's way up to a step."""
    for name, *facts in WAY:
        take_step(by, step_of(Deliberation.objects.get(pk=deliberation.pk), name, *facts))
        if name == until:
            break
    return Deliberation.objects.get(pk=deliberation.pk)


# ---- the rules ----


@given(
    value=st.fractions(min_value=0, max_value=1, max_denominator=12),
    inclusive=st.booleans(),
    whole=st.integers(0, 3000),
    part=st.integers(0, 3000),
)
def test_how_many_are_needed_is_the_fewest_that_meet_the_rule(value, inclusive, whole, part):
    count = Count("present", part, whole, LegalRule(value=value, inclusive=inclusive, source="测试"))
    share = Fraction(part, whole) if whole else None
    if share is not None:
        assert count.met == (share >= value if inclusive else share > value)
    assert count.met == (part >= count.needed)
    assert count.rule.met(count.needed, whole)
    assert count.needed == 0 or not count.rule.met(count.needed - 1, whole)


@pytest.mark.parametrize("present, met", [(9, False), (10, True)])
def test_a_vote_without_quorum_is_refused_with_the_rule_it_breaks(place, present, met):
    hamlet = factories.HamletFactory(village=place.home, households=15)
    matter = factories.DeliberationFactory(village=place.home, hamlet=hamlet, state="group_proposed")
    vote = step_of(matter, "agree", MARCH, 15, present, present)
    if met:
        take_step(place["secretary"], vote)
        return
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], vote)
    sentence = refused.value.message_dict["present"][0]
    assert all(part in sentence for part in ("9", "15", "10", "2/3", "村民委员会组织法第二十八条")), sentence
    assert not DeliberationStep.objects.exists()


@pytest.mark.parametrize(
    "day, present, taken",
    [
        (date(2018, 12, 28), 21, False),
        (date(2018, 12, 28), 22, True),
        (date(2018, 12, 29), 21, True),
        (date(2018, 12, 29), 20, False),
    ],
)
def test_both_sides_of_a_rules_date(place, day, present, taken):
    """The same numbers, a day before and on the day of a new rule."""
    LegalRule.objects.filter(key=LegalRuleKey.REPRESENTATIVES_QUORUM).delete()
    common = {"key": LegalRuleKey.REPRESENTATIVES_QUORUM, "applies_to": "village"}
    factories.LegalRuleFactory(value="3/4", inclusive=True, in_force_from=date(2010, 1, 1), **common)
    factories.LegalRuleFactory(value="2/3", inclusive=False, in_force_from=date(2018, 12, 29), **common)
    matter = factories.DeliberationFactory(village=place.home, state="reviewed")
    vote = step_of(matter, "decide", day, 29 if day.day == 28 else 31, present, present)
    if day.day == 28:
        assert ceil(Fraction(3, 4) * 29) == 22
    if taken:
        assert take_step(place["secretary"], vote).pk
    else:
        with pytest.raises(ValidationError, match="到会"):
            take_step(place["secretary"], vote)


def test_party_members_need_more_than_half_of_those_entitled_not_of_those_present(place):
    matter = factories.DeliberationFactory(village=place.home, state="discussed")
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], step_of(matter, "review", MARCH, 30, 20, 15))
    assert "16" in refused.value.message_dict["in_favour"][0]
    assert take_step(place["secretary"], step_of(matter, "review", MARCH, 30, 20, 16)).pk


def test_a_levy_is_judged_by_its_own_rules(place):
    rule = LegalRule.objects.get(key=LegalRuleKey.LEVY_MAJORITY)
    rule.value, rule.inclusive = Fraction(4, 5), True
    rule.save()
    levy = factories.DeliberationFactory(village=place.home, state="reviewed", kind="levy")
    other = factories.DeliberationFactory(village=place.home, state="reviewed")
    with pytest.raises(ValidationError, match="一事一议"):
        take_step(place["secretary"], step_of(levy, "decide", MARCH, 40, 40, 31))
    assert take_step(place["secretary"], step_of(other, "decide", MARCH, 40, 40, 31)).pk


def test_the_meetings_own_matters_need_the_meeting_or_its_mandate(place):
    matter = factories.DeliberationFactory(village=place.home, state="reviewed", kind="assets")
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], step_of(matter, "decide", MARCH, 40, 40, 40))
    assert list(refused.value.message_dict) == ["mandate"]
    mandate = "2012年1月10日村民会议决议"
    assert take_step(place["secretary"], step_of(matter, "decide", MARCH, 40, 40, 40, mandate=mandate)).pk


def test_a_community_votes_by_the_other_law(place):
    """Households: two thirds in a village, more than half in a community."""
    village = factories.DeliberationFactory(village=place.home, state="reviewed")
    community = factories.DeliberationFactory(village=place.community, state="reviewed")
    numbers = (MARCH, 100, 60, 50)
    with pytest.raises(ValidationError):
        take_step(place["clerk"], step_of(village, "decide", *numbers, deciders="households"))
    assert take_step(place["clerk"], step_of(community, "decide", *numbers, deciders="households")).pk


# ---- those entitled ----


def test_those_entitled_come_from_the_registers_of_the_day(place):
    for n in range(3):
        person = factories.PersonFactory(village=place.home)
        factories.RepresentativeFactory(
            village=place.home, person=person, ends_on=date(2013, 3, 10) if n == 2 else None
        )
    before = factories.DeliberationFactory(village=place.home, state="reviewed")
    after = factories.DeliberationFactory(village=place.home, state="reviewed")
    first = take_step(place["secretary"], step_of(before, "decide", date(2013, 3, 9), None, 3, 3))
    assert (first.entitled, first.on_record) == (3, 3)
    with pytest.raises(ValidationError) as refused:
        take_step(place["secretary"], step_of(after, "decide", date(2013, 3, 10), 3, 3, 3))
    assert "2" in refused.value.message_dict["explanation"][0]
    vote = step_of(after, "decide", date(2013, 3, 10), 3, 3, 3, explanation="补选1人尚未登记")
    assert take_step(place["secretary"], vote).on_record == 2


def test_members_of_two_committees_are_counted_once_and_only_full_party_members_vote(place):
    person = factories.PersonFactory(village=place.home)
    factories.PostFactory(village=place.home, person=person)
    factories.PostFactory(village=place.home, person=person, committee="village", position="committee_member")
    branch = factories.PartyBranchFactory(village=place.home)
    factories.PartyMemberFactory(branch=branch)
    factories.PartyMemberFactory(branch=branch, state="probationary", joined_on=date(2013, 1, 1))
    matter = factories.DeliberationFactory(village=place.home)
    by = place["secretary"]
    assert take_step(by, step_of(matter, "propose", MARCH, None, 1, 1)).on_record == 1
    assert take_step(by, step_of(matter, "discuss", MARCH, None, 1, 1)).on_record == 1
    assert take_step(by, step_of(matter, "review", MARCH, None, 1, 1)).on_record == 1


def test_households_of_a_hamlet_are_entitled_or_its_representatives(place):
    hamlet = factories.HamletFactory(village=place.home, households=40)
    for _n in range(3):
        factories.HouseholdFactory(hamlet=hamlet)
    body = factories.HamletBodyFactory(hamlet=hamlet, kind="householders", of_representatives=True)
    factories.BodyMemberFactory.create_batch(2, body=body)
    for deciders, entitled in (("householders", 3), ("delegates", 2)):
        matter = factories.DeliberationFactory(village=place.home, hamlet=hamlet, state="group_proposed")
        vote = step_of(matter, "agree", MARCH, None, entitled, entitled, deciders=deciders)
        assert take_step(place["secretary"], vote).entitled == entitled


# ---- the order ----


def test_a_villages_matter_from_the_proposal_to_the_disclosed_result(place):
    matter = factories.DeliberationFactory(village=place.home)
    decided = go(place["secretary"], matter, until="decide")
    assert (decided.state, decided.decided_on) == ("decided", date(2013, 3, 15))
    assert decided.due_on == date(2013, 3, 20), "three working days after the Friday"
    done = go_on(place["secretary"], decided)
    assert (done.state, done.due_on) == ("done", None)
    assert [row.transition for row in Move.objects.all()] == [name for name, *_facts in WAY]


def go_on(by, deliberation):
    for name, *facts in WAY[4:]:
        take_step(by, step_of(Deliberation.objects.get(pk=deliberation.pk), name, *facts))
    return Deliberation.objects.get(pk=deliberation.pk)


def test_a_hamlets_matter_takes_its_four_steps(place):
    hamlet = factories.HamletFactory(village=place.home, households=15)
    matter = factories.DeliberationFactory(village=place.home, hamlet=hamlet)
    matter.full_clean()
    matter.save()
    by, taken = place["secretary"], []
    for name, facts in (
        ("group_propose", (MARCH, 3, 3, 3)),
        ("agree", (date(2013, 3, 5), 15, 12, 11)),
        ("carry_out", (date(2013, 4, 5),)),
        ("disclose_result", (date(2013, 4, 9),)),
    ):
        assert next_step(matter) == name
        taken.append(take_step(by, step_of(matter, name, *facts)))
        matter = Deliberation.objects.get(pk=matter.pk)
    assert matter.state == "done"
    assert next_step(matter) is None


@pytest.mark.parametrize("skipped", [name for name, *_facts in WAY[1:]])
def test_no_step_is_skipped(place, skipped):
    matter = factories.DeliberationFactory(village=place.home)
    _name, *facts = next(way for way in WAY if way[0] == skipped)
    with pytest.raises(ValidationError, match="不是下一步"):
        take_step(place["secretary"], step_of(matter, skipped, *facts))
    assert not DeliberationStep.objects.exists()
    assert Deliberation.objects.get().state == "draft"


def test_dates_run_in_order(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="propose")
    with pytest.raises(ValidationError, match="早于"):
        take_step(place["secretary"], step_of(matter, "discuss", date(2013, 2, 28), 8, 7, 6))


def test_a_resolution_is_not_carried_out_while_it_hangs(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="disclose")
    with pytest.raises(ValidationError, match="2013-03-25"):
        take_step(place["secretary"], step_of(matter, "carry_out", date(2013, 3, 24)))
    assert take_step(place["secretary"], step_of(matter, "carry_out", date(2013, 3, 25))).pk


@given(start=st.dates(date(2013, 1, 1), date(2014, 12, 20)))
def test_the_limit_of_disclosure_counts_working_days(start):
    """Against a reference that walks day by day through the holiday table."""
    from core.workflow.days import Calendar

    off = {date(2013, 10, n): False for n in range(1, 8)} | {date(2013, 9, 29): True, date(2013, 10, 12): True}
    day, left = start, 3
    while left:
        day += timedelta(days=1)
        left -= off.get(day, day.weekday() < 5)
    assert Calendar(off.items()).add(start, 3) == day


def test_the_limit_follows_its_dated_row(place):
    TimeLimit.objects.filter(key="resolution_disclose").update(in_force_until=date(2013, 3, 14))
    TimeLimit.objects.create(
        key="resolution_disclose", name="公开议事决议", workdays=5, in_force_from=date(2013, 3, 15), source="测试"
    )
    decided = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="decide")
    assert decided.due_on == date(2013, 3, 22)


# ---- who ----


@pytest.mark.parametrize("who", ["district", "leader", "inspector"])
def test_readers_take_no_step(place, who):
    matter = factories.DeliberationFactory(village=place.home)
    with pytest.raises(Refused):
        take_step(place[who], step_of(matter, "propose", MARCH, 5, 5, 5))


def test_a_neighbours_matter_is_not_there(place):
    matter = factories.DeliberationFactory(village=place.home)
    with pytest.raises(Invisible):
        take_step(place["secretary_next_door"], step_of(matter, "propose", MARCH, 5, 5, 5))


def test_a_bare_move_is_refused(place, as_):
    """No button and no posted name moves a matter without its step."""
    matter = factories.DeliberationFactory(village=place.home)
    as_("secretary").post(f"/services/deliberations/{matter.pk}/move/", {"name": "propose"})
    assert Deliberation.objects.get().state == "draft"


def test_what_was_voted_on_is_not_reworded(place, as_):
    matter = factories.DeliberationFactory(village=place.home, state="proposed")
    assert as_("secretary").get(f"/services/deliberations/{matter.pk}/edit/").status_code == 403


# ---- outside, dropped, corrected ----


def test_a_matter_outside_the_procedure_is_on_record_with_day_and_reason(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="propose")
    with pytest.raises(ValidationError):
        record_outside(place["secretary"], matter, date(2013, 3, 3), reason=" ")
    record_outside(place["secretary"], matter, date(2013, 3, 3), reason="汛期抢修")
    kept = Deliberation.objects.get()
    assert (kept.state, kept.decided_on) == ("outside", date(2013, 3, 3))
    assert Move.objects.get(transition="go_outside").reason == "汛期抢修"


def test_a_correction_keeps_the_history_and_moves_what_follows(place, as_):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home), until="decide")
    vote = matter.steps.get(step="decide")
    with pytest.raises(ValidationError, match="原因"):
        correct_step(place["secretary"], vote, reason="")
    vote.held_on, vote.in_favour = date(2013, 3, 14), 33
    correct_step(place["secretary"], vote, reason="日期录错")
    matter.refresh_from_db()
    assert (matter.decided_on, matter.due_on) == (date(2013, 3, 14), date(2013, 3, 19))
    page = as_("secretary").get(f"/services/deliberations/{matter.pk}/").content.decode()
    assert "日期录错" in page and "2013-03-15" in page, "what stood before is shown with the reason"


def test_a_correction_may_not_break_a_rule_or_the_order(place):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home))
    vote = matter.steps.get(step="review")
    vote.present = vote.in_favour = 15
    with pytest.raises(ValidationError):
        correct_step(place["secretary"], vote, reason="重数")
    vote.refresh_from_db()
    vote.held_on = date(2013, 3, 16)
    with pytest.raises(ValidationError, match="晚于"):
        correct_step(place["secretary"], vote, reason="日期录错")


# ---- pages ----


def test_the_step_page_asks_for_five_things_and_proposes_the_number(place, as_, settings):
    settings.PORTAL_TODAY = "2013-11-24"
    person = factories.PersonFactory(village=place.home)
    factories.RepresentativeFactory(village=place.home, person=person)
    matter = factories.DeliberationFactory(village=place.home, state="reviewed")
    address = f"/services/deliberations/{matter.pk}/step/"
    response = as_("secretary").get(address)
    form = response.context["form"]
    assert len(form.first) <= 5
    assert form["entitled"].value() == 1
    posted = {"step": "decide", "held_on": "2013-11-20", "deciders": "representatives"}
    numbers = {"entitled": 1, "present": 1, "in_favour": 0}
    refused = as_("secretary").post(address, posted | numbers)
    assert refused.status_code == 422 and str(StepKind.DECIDE.label) in refused.content.decode()
    assert as_("secretary").post(address, posted | numbers | {"held_on": "2013-11-25"}).status_code == 422
    assert as_("secretary").post(address, posted | numbers | {"in_favour": 1}).status_code == 302
    again = as_("secretary").post(address, posted | numbers | {"in_favour": 1})
    assert again.status_code == 302, "sent twice: the step is on record once"
    assert DeliberationStep.objects.count() == 1


def test_the_notice_shows_vote_date_and_a_place_to_sign(place, as_):
    matter = go(place["secretary"], factories.DeliberationFactory(village=place.home, subject="鱼塘发包"))
    page = as_("secretary").get(f"/services/deliberations/{matter.pk}/notice/").content.decode()
    for part in ("鱼塘发包", "38", "43", "35", "2013-03-18", "2013-03-25", "张贴人"):
        assert part in page, part
