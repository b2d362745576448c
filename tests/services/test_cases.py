"""Public-opinion cases: each move × each role × each state, deadlines over holidays, days at each tier, joined cases."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Invisible, Refused
from core.models import AuditRow, Holiday, Move, Reminder
from core.roles import Role
from core.workflow.days import Calendar
from core.workflow.engine import trails
from core.workflow.remind import remind
from core.workflow.stays import stays
from core.workflow.todo import waiting_for
from services.actions.case_entry import create_cases, join
from services.actions.cases import CASE_FLOW
from services.case_likeness import LIKE, like, likeness
from services.case_way import way_of
from services.choices_cases import OPEN, CaseRating, CaseState, Tier
from services.models import Case
from tests import cast as stage
from tests.factories import CaseFactory
from tests.services.case_rows import DAY, case_in, go

S = CaseState
WHO = {Role.SECRETARY: "secretary", Role.CLERK: "clerk", Role.DISTRICT: "district"}


# ---- who may do what, and when ----


@pytest.mark.parametrize("transition", CASE_FLOW.transitions, ids=lambda t: t.name)
def test_each_move_by_each_role_in_each_state(place, undone, transition):
    """It succeeds for its roles in its states, and for nobody else and nowhere else; the refusal is a sentence."""
    leader = CaseFactory(village=place.home)
    values = {"joined_to": leader} if transition.name == "join" else {}
    for state in S:
        for who, _role, _code in stage.PEOPLE[:8]:
            with undone():
                case = case_in(place, state)
                act = {"reason": "写明原因", "values": values}
                if stage.PEOPLE[stage.ONE_A_ROLE.index(who)][1] not in transition.roles:
                    with pytest.raises(Refused) as refused:
                        go(place[who], case, transition.name, **act)
                    assert "角色" in str(refused.value)
                elif state not in transition.sources:
                    with pytest.raises(ValidationError) as wrong:
                        go(place[who], case, transition.name, **act)
                    assert str(S(state).label) in wrong.value.messages[0]
                else:
                    moved = go(place[who], case, transition.name, **act)
                    assert Case.objects.get(pk=case.pk).state == moved.state == transition.target
                    kept = Move.objects.get(object_id=case.pk)
                    assert (kept.by, kept.on, kept.source) == (place[who].name, DAY, state)
                if Case.objects.get(pk=case.pk).state == state and state != transition.target:
                    assert not Move.objects.filter(object_id=case.pk).exists()


@pytest.mark.parametrize("who", ["secretary_next_door", "clerk_across", "district_abroad"])
def test_nobody_moves_a_case_of_another_place(place, who):
    role = next(role for name, role, _code in stage.PEOPLE if name == who)
    transition = next(t for t in CASE_FLOW.transitions if t.roles == {role})
    case = case_in(place, transition.sources[0])
    with pytest.raises(Invisible):
        go(place[who], case, transition.name, reason="写明原因")


def test_each_tier_corrects_its_own_and_those_below(place):
    """A secretary no longer changes what lies with the township, a clerk not what lies with the district."""
    for state in S:
        case = case_in(place, state)
        may = {who for who in WHO.values() if Case.objects.visible_to(place[who], "change").filter(pk=case.pk).exists()}
        expected = set(WHO.values())
        if state == S.TOWNSHIP:
            expected -= {"secretary"}
        elif state == S.DISTRICT:
            expected -= {"secretary", "clerk"}
        assert may == (expected if state in OPEN else set()), state


@pytest.mark.parametrize(
    "name, state, lacking",
    [("inspect", S.HEARD, "findings"), ("solve_village", S.VILLAGE, "answer"), ("answer", S.SOLVED, "answer")],
)
def test_a_step_asks_for_its_text_and_writes_it(place, as_, name, state, lacking):
    case = case_in(place, state, **{lacking: ""})
    with pytest.raises(ValidationError):
        go(place["secretary"], case, name)
    url = f"/services/cases/{case.pk}/move/"
    assert as_("secretary").post(url, {"name": name, "text": "  到现场看过  "}).status_code == 302
    case.refresh_from_db()
    assert getattr(case, lacking) == "到现场看过" and case.state == CASE_FLOW.get(name).target


def test_what_needs_a_reason_is_refused_without(place):
    case = case_in(place, S.VILLAGE)
    with pytest.raises(ValidationError, match="原因"):
        go(place["secretary"], case, "to_township")


def test_up_to_the_district_and_back(place):
    """Handed up, handed back with a reason, solved above, answered below; each tier's limit begins anew."""
    secretary, clerk, district = place["secretary"], place["clerk"], place["district"]
    case = create_cases(secretary, [Case(village=place.home, heard_on=DAY, kind="road", title="路灯不亮")])[0]
    assert case.due_on == date(2013, 11, 28), "three working days"
    for by, name, state, tier, due in (
        (secretary, "inspect", S.INSPECTED, Tier.VILLAGE, date(2013, 11, 27)),
        (secretary, "to_township", S.TOWNSHIP, Tier.TOWNSHIP, date(2013, 12, 9)),
        (clerk, "to_district", S.DISTRICT, Tier.DISTRICT, date(2013, 12, 16)),
        (district, "back_to_township", S.TOWNSHIP, Tier.TOWNSHIP, date(2013, 12, 9)),
        (clerk, "back_to_village", S.VILLAGE, Tier.VILLAGE, date(2013, 12, 2)),
        (secretary, "to_township", S.TOWNSHIP, Tier.TOWNSHIP, date(2013, 12, 9)),
        (clerk, "solve_township", S.SOLVED, Tier.TOWNSHIP, date(2013, 11, 28)),
        (secretary, "answer", S.ANSWERED, Tier.TOWNSHIP, date(2013, 12, 9)),
        (secretary, "satisfied", S.SATISFIED, Tier.TOWNSHIP, None),
    ):
        values = {"findings": "属实"} if name == "inspect" else {"answer": "修好了"} if "solve" in name else {}
        case = go(by, case, name, reason="写明原因", values=values)
        assert (case.state, case.tier, case.due_on) == (state, tier, due), name
    assert (case.solved_on, case.answered_on, case.rated_on, case.rating) == (DAY, DAY, DAY, CaseRating.SATISFIED)
    assert [kept.by for kept in trails(Case, [case.pk])[case.pk]][2:4] == [clerk.name, district.name]


def test_who_is_not_satisfied_is_heard_again_once(place):
    clerk, secretary = place["clerk"], place["secretary"]
    case = case_in(place, S.ANSWERED, solved_on=date(2013, 11, 20), answered_on=date(2013, 11, 21))
    go(secretary, case, "unsatisfied", reason="只修了一半")
    again = go(clerk, case, "reopen", reason="镇里复核")
    assert (again.state, again.reopened, again.solved_on, again.answered_on) == (S.TOWNSHIP, 1, None, None)
    for by, name in ((clerk, "solve_township"), (secretary, "answer"), (secretary, "unsatisfied")):
        go(by, case, name, reason="还是不行")
    with pytest.raises(ValidationError, match="已重办过一次"):
        go(clerk, case, "reopen", reason="再来")
    assert go(clerk, case, "close", reason="已尽力").state == S.CLOSED


# ---- numbers ----


def test_numbers_count_by_village_and_year(place):
    by = place["district"]
    made = create_cases(
        by,
        [
            Case(village=village, heard_on=day, kind="road", title="路灯不亮")
            for village, day in (
                (place.home, DAY),
                (place.home, DAY),
                (place.next_door, DAY),
                (place.home, date(2014, 1, 2)),
            )
        ],
    )
    assert [case.number for case in made] == [
        "民意-2013-450109100214-0001",
        "民意-2013-450109100214-0002",
        "民意-2013-450109100215-0001",
        "民意-2014-450109100214-0001",
    ]
    Case.objects.filter(pk=made[0].pk).delete()
    again = create_cases(by, [Case(village=place.home, heard_on=DAY, kind="road", title="又一件")])[0]
    assert again.number.endswith("-0003"), "no number twice, though one was deleted"


def test_a_case_names_hamlet_and_telephone_rightly(place):
    from tests.factories import HamletFactory

    by = place["secretary"]
    far = HamletFactory(village=place.home)
    good = Case(village=place.home, hamlet=far, heard_on=DAY, kind="road", title="甲", phone="13977110086")
    create_cases(by, [good])
    stored = Case.objects.get(pk=good.pk)
    assert str(stored.phone) == "139****0086" and stored.phone.plain == "13977110086"
    wrong = Case(village=place.home, heard_on=DAY, kind="road", title="乙", phone="12")
    with pytest.raises(ValidationError):
        create_cases(by, [wrong])


# ---- time ----

DAYS = st.dates(date(2012, 1, 1), date(2015, 12, 31))


@given(
    start=DAYS,
    workdays=st.integers(1, 30),
    exceptions=st.dictionaries(DAYS, st.booleans(), max_size=40),
    near=st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=20),
)
def test_a_deadline_is_the_nth_working_day_after(start, workdays, exceptions, near):
    """Against a naive reference: a list of days, those worked picked out, the n-th taken."""
    exceptions |= {start + timedelta(days=n): worked for n, worked in near}
    calendar = Calendar(exceptions.items())
    following = [start + timedelta(days=n) for n in range(1, 400)]
    worked = [day for day in following if exceptions.get(day, day.strftime("%a") not in ("Sat", "Sun"))]
    due = calendar.add(start, workdays)
    assert due == worked[workdays - 1]
    assert calendar.between(start, due) == workdays, "used and allowed are counted alike"


def test_a_limit_runs_over_the_spring_festival(place):
    """Heard on the last Friday before the holiday of 2013: 9 to 15 February are free, the weekend after is worked."""
    assert Holiday.objects.filter(day=date(2013, 2, 16), is_workday=True).exists()
    case = create_cases(
        place["secretary"], [Case(village=place.home, heard_on=date(2013, 2, 8), kind="road", title="路灯不亮")]
    )[0]
    assert case.due_on == date(2013, 2, 18)


def test_a_limit_is_the_one_in_force_on_the_day(place):
    from core.models import TimeLimit

    TimeLimit.objects.create(key="case_township", name="新期限", workdays=3, in_force_from=date(2014, 1, 1))
    case = case_in(place, S.VILLAGE)
    assert go(place["secretary"], case, "to_township", date(2013, 11, 25), reason="原因").due_on == date(2013, 12, 9)
    other = case_in(place, S.VILLAGE)
    assert go(place["secretary"], other, "to_township", date(2014, 1, 6), reason="原因").due_on == date(2014, 1, 9)


@given(gaps=st.lists(st.integers(0, 20), min_size=1, max_size=6), rest=st.integers(0, 30))
def test_stays_cover_the_whole_time_once(gaps, rest):
    """Whatever the moves: the working days of the stays add up to those from hearing to the day."""
    calendar, began, on, kept = Calendar([]), date(2013, 1, 7), date(2013, 1, 7), []
    for gap in gaps:
        on += timedelta(days=gap)
        kept.append(Move(source="heard", target="heard", on=on, due_on=began))
    day = on + timedelta(days=rest)
    found = list(stays(Case(state="heard", due_on=day), began, kept, day, calendar))
    assert sum(stay.used for stay in found) == calendar.between(began, day)
    assert [stay.until for stay in found] == [*(move.on for move in kept), None]
    assert found[-1].over == 0


def test_the_way_tells_each_tiers_days_against_its_limit(place):
    """Village 2 days in time, township 12 of 10, as they were counted by hand on a calendar."""
    secretary, clerk = place["secretary"], place["clerk"]
    case = create_cases(secretary, [Case(village=place.home, heard_on=DAY, kind="road", title="路灯不亮")])[0]
    go(secretary, case, "inspect", date(2013, 11, 26), values={"findings": "属实"})
    go(secretary, case, "to_township", date(2013, 11, 27), reason="需镇里拨款")
    case = go(clerk, case, "solve_township", date(2013, 12, 13), values={"answer": "修好了"})
    steps, tiers = way_of(case, date(2013, 12, 13), {})
    assert [(one.tier, one.used, one.allowed, one.over) for one in tiers] == [
        (Tier.VILLAGE, 2, 5, 0),
        (Tier.TOWNSHIP, 12, 10, 2),
    ]
    assert [step.stay.state for step in steps] == [S.HEARD, S.INSPECTED, S.TOWNSHIP, S.SOLVED]


@pytest.mark.parametrize(
    "state, who, limit",
    [(S.HEARD, "secretary", 1), (S.VILLAGE, "secretary", 1), (S.TOWNSHIP, "clerk", 2), (S.DISTRICT, "district", 3)],
)
def test_each_tier_is_reminded_before_and_after_its_limit(place, state, who, limit):
    due = date(2013, 11, 29)
    case = case_in(place, state, due_on=due)
    soon = Calendar.load().add(due, -limit)
    remind(soon - timedelta(days=1))
    assert not Reminder.objects.filter(object_id=case.pk).exists()
    remind(soon)
    remind(soon)
    assert [note.kind for note in Reminder.objects.filter(object_id=case.pk)] == ["soon"]
    remind(date(2013, 12, 2))
    assert {note.kind for note in Reminder.objects.filter(object_id=case.pk)} == {"soon", "late"}
    waiting = [part for part in waiting_for(place[who], date(2013, 12, 2)) if part.register.model is Case]
    assert [(part.state, part.late) for part in waiting] == [(state, 1)]
    others = [one for one in WHO.values() if one != who]
    assert not [part for one in others for part in waiting_for(place[one], DAY) if part.register.model is Case], (
        "it waits for the tier that has it, and for nobody else"
    )


# ---- the same thing twice ----


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_a_measure(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    if any(c.isalnum() for c in one):
        assert likeness(one, f" {one}。") == pytest.approx(1)


def test_titles_that_speak_of_the_same(place):
    same = CaseFactory(village=place.home, title="那蒙坡的路灯坏了，夜里看不清")
    CaseFactory(village=place.home, title="低保名单想看公示")
    assert like("那蒙坡路灯坏了", Case.objects.all()) == [same]
    assert likeness("那蒙坡路灯坏了", same.title) >= LIKE


def test_a_case_that_follows_shares_answer_and_end(place, as_):
    secretary = place["secretary"]
    leader, case = case_in(place, S.ANSWERED, answered_on=DAY), case_in(place, S.HEARD)
    joined = join(secretary, case, leader, DAY)
    assert (joined.state, joined.joined_to_id, joined.due_on, joined.leader) == (S.JOINED, leader.pk, None, leader)
    assert Move.objects.get(object_id=case.pk).transition == "join"
    assert AuditRow.objects.filter(verb="join", object_id=str(case.pk)).count() == 1
    page = as_("secretary").get(f"/services/cases/{leader.pk}/").content.decode()
    assert case.number in page
    parted = go(secretary, case, "part", reason="不是一件事")
    assert (parted.state, parted.joined_to_id) == (S.HEARD, None)


def test_what_can_not_be_followed(place):
    secretary = place["secretary"]
    leader, follower, case = (case_in(place, S.HEARD) for _n in range(3))
    join(secretary, follower, leader, DAY)
    for wrong, sentence in ((case, "自己"), (Case.objects.get(pk=follower.pk), "并入的那一件")):
        with pytest.raises(ValidationError, match=sentence):
            join(secretary, case, wrong, DAY)
    with pytest.raises(ValidationError, match="反过来"):
        join(secretary, leader, case, DAY)
    with pytest.raises(Invisible):
        join(secretary, case, CaseFactory(village=place.next_door), DAY)
    with pytest.raises(ValidationError, match="不是本村"):
        join(place_wide(place), CaseFactory(village=place.next_door), case, DAY)
    with pytest.raises(ValidationError, match="并入哪一件"):
        go(secretary, case, "join")


def place_wide(place):
    """A secretary of two villages."""
    from accounts.models import Grant

    user = place["secretary"]
    Grant.objects.create(
        user=user, role=Role.SECRETARY, territory_code=place.next_door.code, granted_by=place["secadmin"]
    )
    return place["secretary"]
