"""Commitments: filed, fulfilled, appraised by a meeting for a whole branch; the board; who is due and what is lacking."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from core.actions import Invisible, Refused
from core.indicators import get
from core.models import Move
from core.periods import Period
from core.workflow import move
from services.actions.commitments import COMMITMENT_FLOW, Grades, appraise, correct, fulfil, promise
from services.catalogue import load_commitment_years
from services.choices_commitments import CommitmentState as State
from services.choices_commitments import Grade
from services.commitments import boards
from services.models import Commitment
from tests import factories
from tests.cadres.conftest import person
from villages.models import Village

DAY = date(2013, 11, 24)
PERIOD = Period(2013, DAY)
GOOD = Grades(Grade.GOOD, Grade.FAIR)


@pytest.fixture
def branch(cast):
    load_commitment_years()
    return factories.PartyBranchFactory(village=cast.home, name="梁村党支部")


def member(branch, name: str = "党员", **facts):
    return factories.PartyMemberFactory(branch=branch, person=person(branch.village, name), **facts)


def new(who, **facts) -> Commitment:
    values = {"member": who, "year": 2013, "kind": "people", "promise": "帮1户", "promised_on": date(2013, 3, 1)}
    return Commitment(**(values | facts))


def kept(by, who, **facts) -> Commitment:
    (row,) = promise(by, [new(who, **facts)])
    return fulfil(by, row, date(2013, 9, 1), "办成了", DAY)


def measured(village: Village):
    return get("commitments_fulfilled")(Village.objects.filter(pk=village.pk), PERIOD).get(village.pk)


def test_from_the_promise_to_the_meeting(cast, branch):
    secretary = cast["secretary"]
    (row,) = promise(secretary, [new(member(branch))])
    assert row.due_on == date(2013, 10, 31), "the district's day"
    with pytest.raises(ValidationError, match="践诺日期"):
        move(secretary, COMMITMENT_FLOW, [row], "fulfil", DAY)
    with pytest.raises(ValidationError):
        fulfil(secretary, row, date(2013, 2, 1), "办成了", DAY)
    row = fulfil(secretary, Commitment.objects.get(), date(2013, 9, 1), "办成了", DAY)
    assert (row.state, row.due_on) == (State.FULFILLED, date(2013, 11, 30))
    (row,) = appraise(secretary, branch, date(2013, 11, 20), {row.pk: GOOD}, DAY)
    assert (row.state, row.by_members, row.by_residents, row.due_on) == (State.APPRAISED, "good", "fair", None)
    assert not Commitment.objects.visible_to(secretary, "change").exists(), "appraised: not changed any more"
    assert [one.target for one in Move.objects.all()] == [State.FULFILLED, State.APPRAISED]


def test_an_own_earlier_day_goes_before_the_districts(cast, branch):
    (row,) = promise(cast["secretary"], [new(member(branch), finish_by=date(2013, 6, 30))])
    assert row.due_on == date(2013, 6, 30)
    row.finish_by = date(2013, 12, 31)
    correct(cast["secretary"], [row], ["finish_by"])
    assert Commitment.objects.get().due_on == date(2013, 10, 31)


def test_the_township_takes_an_appraisal_back_with_a_reason(cast, branch):
    row = kept(cast["secretary"], member(branch))
    appraise(cast["secretary"], branch, date(2013, 11, 20), {row.pk: GOOD}, DAY)
    with pytest.raises(Refused):
        move(cast["secretary"], COMMITMENT_FLOW, [row], "take_back", DAY, reason="录错")
    with pytest.raises(ValidationError):
        move(cast["clerk"], COMMITMENT_FLOW, [row], "take_back", DAY)
    (row,) = move(cast["clerk"], COMMITMENT_FLOW, [row], "take_back", DAY, reason="录错")
    assert (row.state, row.by_members, row.appraised_on, row.due_on) == (State.FULFILLED, "", None, date(2013, 11, 30))


def test_one_promise_of_a_kind_a_year(cast, branch):
    who = member(branch)
    promise(cast["secretary"], [new(who), new(who, kind="deeds"), new(who, year=2014, promised_on=date(2013, 12, 30))])
    with pytest.raises(ValidationError, match="已有这一类承诺"):
        promise(cast["secretary"], [new(who)])
    with pytest.raises(ValidationError, match="上一年底"):
        new(who, kind="economy", promised_on=date(2011, 12, 30)).full_clean()
    late = member(branch, "新党员", joined_on=date(2013, 5, 1))
    with pytest.raises(ValidationError, match="还不是党员"):
        new(late).full_clean()


@pytest.mark.parametrize("who", ["leader", "inspector", "secretary_next_door", "clerk_across", "auditor"])
def test_others_write_none_of_it(cast, branch, who):
    one = member(branch)
    row = kept(cast["secretary"], one)
    for write in (
        lambda: promise(cast[who], [new(one, kind="deeds")]),
        lambda: appraise(cast[who], branch, DAY, {row.pk: GOOD}, DAY),
    ):
        with pytest.raises((Refused, Invisible)):
            write()


# ---- who is due, and what counts ----


def test_due_are_the_members_of_the_day_but_for_the_exempted_and_the_late(cast, branch):
    secretary, home = cast["secretary"], cast.home
    whole, half, silent = (member(branch, name) for name in ("甲", "乙", "丙"))
    exempt, left = member(branch, "丁"), member(branch, "戊", left_on=date(2013, 6, 1))
    member(branch, "己", joined_on=date(2013, 4, 1))  # after the day of promising
    factories.CommitmentExemptionFactory(member=exempt)
    assert measured(home) is None, "nothing is on record: not measured"
    rows = [kept(secretary, whole), kept(secretary, half)]
    appraise(secretary, branch, date(2013, 11, 20), {row.pk: GOOD for row in rows}, DAY)
    (open_one,) = promise(secretary, [new(half, kind="deeds")])
    assert measured(home) == (1, 3)
    (board,) = boards(Village.objects.filter(pk=home.pk), 2013, DAY)
    assert [str(line.member) for line in board.lines] == ["丁", "丙", "乙", "甲"] or len(board.lines) == 4
    assert left not in [line.member for line in board.lines]
    assert board.counts == (2, 1, 1)
    found = get("commitments_fulfilled").find_shortfalls(Village.objects.filter(pk=home.pk), PERIOD)[home.pk]
    assert {one.label: one.url for one in found} == {
        "乙，办实事：未践诺": f"/services/commitments/{open_one.pk}/fulfil/",
        "丙：未承诺": f"/services/commitments/file/?village={home.pk}&year=2013&member={silent.pk}",
    }
    before = Period(2013, date(2013, 8, 31))  # nothing was fulfilled yet
    assert get("commitments_fulfilled")(Village.objects.filter(pk=home.pk), before)[home.pk].num == 0


def test_fulfilled_without_the_meeting_is_named_where_it_is_graded(cast, branch):
    kept(cast["secretary"], member(branch, "甲"))
    assert measured(cast.home) == (0, 1)
    (short,) = get("commitments_fulfilled").find_shortfalls(Village.objects.filter(pk=cast.home.pk), PERIOD)[
        cast.home.pk
    ]
    assert (short.label, short.url) == (
        "甲，帮助群众：未评诺",
        f"/services/commitments/appraise/{branch.pk}/?year=2013",
    )


def test_the_indicator_asks_the_same_of_one_village_and_of_five(cast, branch, django_assert_num_queries):
    for village in cast.villages.values():
        own = factories.PartyBranchFactory(village=village, name="支部")
        for number in range(3):
            factories.CommitmentFactory(member=member(own, f"党员{number}"))
    for villages in (Village.objects.filter(pk=cast.home.pk), Village.objects.all()):
        with django_assert_num_queries(6):
            get("commitments_fulfilled")(villages, PERIOD)


# ---- pages ----


@pytest.fixture
def november():
    with time_machine.travel("2013-11-24 10:00+08:00", tick=False):
        yield


def test_a_promise_is_filed_with_five_inputs_once(cast, branch, as_, november):
    who, browser = member(branch, "甲"), as_("secretary")
    form = browser.get("/services/commitments/file/").context["form"]
    assert len(form.visible_fields()) == 5
    data = {"member": who.pk, "kind": "deeds", "promise": "修路", "finish_by": "", "posted": "on", "_once": "k1"}
    for _n in range(2):
        assert browser.post("/services/commitments/file/", data).status_code == 302
    row = Commitment.objects.get()
    assert (row.year, row.promised_on, row.posted_on) == (2013, DAY, DAY)
    again = browser.post("/services/commitments/file/", data | {"_once": "k2"})
    assert again.status_code == 422 and "已有这一类承诺" in again.content.decode()


def test_who_promised_nothing_yet_stands_first(cast, branch, as_, november):
    done, open_one = member(branch, "甲"), member(branch, "乙")
    promise(cast["secretary"], [new(done)])
    form = as_("secretary").get("/services/commitments/file/").context["form"]
    assert list(form.fields["member"].queryset) == [open_one, done]


def test_the_board_names_every_gap(cast, branch, as_, november):
    kept(cast["secretary"], member(branch, "甲"))
    promise(cast["secretary"], [new(member(branch, "乙"))])
    member(branch, "丙")
    factories.CommitmentExemptionFactory(member=member(branch, "丁"))
    page = as_("secretary").get("/services/commitments/board/").content.decode()
    for word in ("未评诺", "未践诺", "未承诺", "年老", "2/3"):
        assert word in page.replace('<span class="den">', "").replace("</span>", ""), word
    above = as_("clerk").get("/services/commitments/board/").content.decode()
    assert "梁村" in above and "广良村" in above and "屯六村" not in above


def test_a_meetings_grades_for_a_whole_branch_on_one_page(cast, branch, as_, november):
    first, second, third = (kept(cast["secretary"], member(branch, name)) for name in ("甲", "乙", "丙"))
    browser, url = as_("secretary"), f"/services/commitments/appraise/{branch.pk}/?year=2013"
    half = {"held_on": "2013-11-20", f"m{first.pk}": "good", f"r{first.pk}": "fair", f"m{second.pk}": "good"}
    answer = browser.post(url, half)
    assert answer.status_code == 422 and "两项都要选" in answer.content.decode()
    assert not Commitment.objects.filter(state=State.APPRAISED).exists(), "all or nothing"
    assert browser.post(url, half | {f"r{second.pk}": "poor"}).status_code == 302
    assert set(Commitment.objects.filter(state=State.APPRAISED)) == {first, second}
    assert [row for row, *_rest in browser.get(url).context["lines"]] == [third]
    ahead = {"held_on": "2013-11-25", f"m{third.pk}": "good", f"r{third.pk}": "good"}
    assert browser.post(url, ahead).status_code == 422
    assert browser.post(url, {"held_on": "20日"}).status_code == 422


def test_an_outcome_takes_two_inputs(cast, branch, as_, november):
    (row,) = promise(cast["secretary"], [new(member(branch))])
    url = f"/services/commitments/{row.pk}/fulfil/"
    assert len(as_("secretary").get(url).context["form"].visible_fields()) == 2
    early = as_("secretary").post(url, {"on": "2013-02-01", "outcome": "办成了"})
    assert early.status_code == 422 and "早于承诺日期" in early.content.decode()
    assert as_("secretary").post(url, {"on": "2013-11-20", "outcome": "办成了"}).status_code == 302
    assert Commitment.objects.get().state == State.FULFILLED
