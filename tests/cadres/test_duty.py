"""The duty rota: fair, changed by hand, kept by a check-in of the day."""

from collections import Counter
from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cadres.actions.duty import Wish, arrange, check_in, create_duty_days, generate
from cadres.choices import Position
from cadres.choices_development import DutyState
from cadres.models import DutyDay
from core.actions import Invisible, Refused
from core.indicators import get
from core.models import AuditRow, Holiday
from core.periods import Period
from tests import factories
from tests.cadres.conftest import person, post
from villages.models import LegalRule, Village

DAY = date(2013, 11, 24)  # a Sunday
DECEMBER = date(2013, 12, 1)


@pytest.fixture
def team(place):
    people = [person(place.home, f"干部{n}") for n in range(4)]
    for who in people:
        post(who, Position.BRANCH_MEMBER)
    return people


def duty(village, who, day: date, state: str = DutyState.DUE) -> DutyDay:
    return DutyDay.objects.create(village=village, person=who, day=day, state=state)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


# ---- in turn ----


def test_a_month_is_shared_fairly_among_those_in_post(place, team):
    rows = generate(place["secretary"], [place.home], DECEMBER, DAY)
    assert len(rows) == 22, "working days of December 2013"
    assert all(row.day.weekday() < 5 for row in rows)
    counts = Counter(row.person_id for row in rows).values()
    assert max(counts) - min(counts) <= 1
    assert len({audit.request_id for audit in AuditRow.objects.filter(model="cadres.DutyDay")}) >= 1
    assert generate(place["secretary"], [place.home], DECEMBER, DAY) == [], "filled days stay"


def test_whoever_had_fewest_this_year_comes_first(place, team):
    for n, who in enumerate(team[:3]):
        duty(place.home, who, date(2013, 11, 4 + n), DutyState.KEPT)
        duty(place.home, who, date(2013, 11, 11 + n), DutyState.KEPT)
    rows = generate(place["clerk"], [place.home], DECEMBER, DAY)
    assert [row.person for row in rows[:3]] == [team[3], team[3], team[0]], "then who has waited longest"


def test_only_on_working_days_and_only_those_in_post_then(place, team):
    Holiday.objects.update_or_create(day=date(2013, 12, 2), defaults={"is_workday": False, "name": "停"})
    Holiday.objects.update_or_create(day=date(2013, 12, 7), defaults={"is_workday": True, "name": "补"})
    newcomer = person(place.home, "新人")
    post(newcomer, Position.COMMITTEE_MEMBER, date(2013, 12, 20))
    rows = {row.day: row.person for row in generate(place["clerk"], [place.home], DECEMBER, DAY)}
    assert date(2013, 12, 2) not in rows
    assert date(2013, 12, 7) in rows
    assert min(day for day, who in rows.items() if who == newcomer) == date(2013, 12, 20)


def test_days_that_are_over_are_not_filled(place, team):
    rows = generate(place["clerk"], [place.home], date(2013, 11, 1), DAY)
    assert [row.day.day for row in rows] == [25, 26, 27, 28, 29]


def test_many_villages_at_once_take_no_more_queries(place, team, django_assert_max_num_queries):
    post(person(place.next_door), Position.BRANCH_MEMBER)
    with django_assert_max_num_queries(30):
        rows = generate(place["clerk"], [place.home, place.next_door, place.community], DECEMBER, DAY)
    assert Counter(row.village_id for row in rows) == {place.home.pk: 22, place.next_door.pk: 22}


def test_another_places_rota_is_not_made(place, team):
    post(person(place.across), Position.BRANCH_MEMBER)
    with pytest.raises(Invisible):
        generate(place["secretary"], [place.across], DECEMBER, DAY)
    with pytest.raises(Refused):
        generate(place["leader"], [place.home], DECEMBER, DAY)


# ---- by hand ----


def test_the_rota_is_changed_by_hand(place, team):
    tomorrow, after = date(2013, 11, 25), date(2013, 11, 26)
    duty(place.home, team[0], tomorrow)
    duty(place.home, team[1], after)
    wishes = [Wish(tomorrow, team[2]), Wish(after, None), Wish(date(2013, 11, 30), team[3])]
    with pytest.raises(Refused):
        arrange(place["secretary"], place.home, wishes, DAY)
    assert arrange(place["clerk"], place.home, wishes, DAY) == 3
    assert dict(DutyDay.objects.values_list("day", "person__name")) == {
        tomorrow: "干部2",
        date(2013, 11, 30): "干部3",
    }
    assert arrange(place["secretary"], place.home, wishes[:1], DAY) == 0
    with pytest.raises(ValidationError):
        arrange(place["clerk"], place.home, [Wish(date(2013, 11, 22), team[0])], DAY)


def test_the_village_does_not_say_itself_what_came_of_a_day(place, team):
    row = DutyDay(village=place.home, person=team[0], day=date(2013, 11, 20), state=DutyState.KEPT, note="在岗")
    with pytest.raises(ValidationError):
        create_duty_days(place["secretary"], [row])
    assert create_duty_days(place["clerk"], [row])


# ---- the day ----


@pytest.mark.parametrize(("when", "state"), [(at(8, 59), "kept"), (at(9), "kept"), (at(9, 1), "late")])
def test_late_is_after_the_hour_of_the_rule(place, team, when, state):
    row = duty(place.home, team[0], DAY)
    (done,) = check_in(place["secretary"], [row], when)
    assert (done.state, done.checked_in_at) == (state, when)
    with pytest.raises(ValidationError):
        check_in(place["secretary"], [DutyDay.objects.get()], when)
    assert AuditRow.objects.filter(verb="check_in").count() == 1


def test_a_place_may_have_an_hour_of_its_own_or_none(place, team):
    LegalRule.objects.create(
        key="duty_hour",
        applies_to="all",
        place=place.home.code,
        value="21/2",
        in_force_from=DAY,
        source="村",
        confidence="seen",
    )
    (done,) = check_in(place["secretary"], [duty(place.home, team[0], DAY)], at(10, 30))
    assert done.state == DutyState.KEPT
    LegalRule.objects.all().delete()
    other = person(place.next_door)
    (done,) = check_in(place["clerk"], [duty(place.next_door, other, DAY)], at(23))
    assert done.state == DutyState.KEPT


def test_only_on_the_day_and_only_at_home(place, team):
    with pytest.raises(ValidationError):
        check_in(place["secretary"], [duty(place.home, team[0], date(2013, 11, 22))], at(8))
    row = duty(place.next_door, person(place.next_door), DAY)
    with pytest.raises(Refused):
        check_in(place["inspector"], [row], at(8))
    with pytest.raises(Invisible):
        check_in(place["secretary"], [row], at(8))
    row.refresh_from_db()
    assert row.state == DutyState.DUE


# ---- what counts ----


def kept(day: date = DAY) -> dict:
    return {pk: tuple(m) for pk, m in get("duty_kept")(Village.objects.all(), Period(2013, day)).items()}


def test_days_due_so_far_count_late_is_kept_excused_is_not_due(place, team):
    assert kept() == {}
    for n, state in enumerate(("kept", "late", "excused", "absent", "due")):
        duty(place.home, team[0], date(2013, 11, 18 + n), state)
    today = duty(place.home, team[0], DAY)
    duty(place.home, team[0], date(2013, 11, 25))
    assert kept() == {place.home.pk: (2, 4)}, "today isn't over"
    today.state = DutyState.KEPT
    today.save()
    assert kept() == {place.home.pk: (3, 5)}
    assert kept(date(2013, 11, 20)) == {place.home.pk: (2, 2)}
    found = get("duty_kept").find_shortfalls(Village.objects.all(), Period(2013, DAY))[place.home.pk]
    assert [line.label for line in found] == ["11-22 干部0", "11-21 干部0"]


# ---- pages ----


def test_a_secretary_checks_in_with_one_button(place, team, as_):
    row = duty(place.home, team[0], DAY)
    client = as_("secretary")
    page = client.get("/cadres/duty/today/").content.decode()
    assert "立即签到" in page
    assert client.post("/cadres/duty/check-in/", {"duty": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.is_kept
    assert timezone.localtime(row.checked_in_at).date() == DAY
    foreign = duty(place.next_door, person(place.next_door), DAY)
    client.post("/cadres/duty/check-in/", {"duty": foreign.pk})
    foreign.refresh_from_db()
    assert foreign.state == DutyState.DUE


def test_the_month_is_filled_and_changed_on_its_page(place, team, as_):
    client = as_("secretary")
    assert client.get("/cadres/duty/?month=2013-12").context["unfilled"] == 22
    client.post("/cadres/duty/generate/", {"village": place.home.pk, "month": "2013-12"})
    assert DutyDay.objects.count() == 22
    data = {"village": place.home.pk, "month": "2013-12", "d2013-12-03": team[0].pk, "d2013-12-04": "987654"}
    client.post("/cadres/duty/arrange/", data)
    assert DutyDay.objects.get(day=date(2013, 12, 3)).person == team[0]
    assert client.get("/cadres/duty/?month=2013-12&edit=1").status_code == 200
    assert client.get(f"/cadres/duty/?village={place.across.pk}").status_code == 404
    assert client.post("/cadres/duty/generate/", {"village": place.across.pk}).status_code == 404


def test_the_township_sees_days_missed_and_fills_all_rotas(place, team, as_):
    duty(place.home, team[0], date(2013, 11, 20))
    duty(place.across, person(place.across), date(2013, 11, 20))
    context = as_("clerk").get("/cadres/duty/missed/").context
    assert [(row.village, row.day.day) for row in context["faults"]] == [(place.home, 20)]
    assert (context["kept"], context["due"], context["without"]) == (0, 1, 2)
    post(person(place.next_door), Position.BRANCH_MEMBER)
    as_("clerk").post("/cadres/duty/generate/", {"village": "all", "month": "2013-12"})
    assert set(DutyDay.objects.filter(day__gte=DECEMBER).values_list("village", flat=True)) == {
        place.home.pk,
        place.next_door.pk,
    }


def test_pages_take_no_more_queries_for_more_rows(place, team, as_, django_assert_max_num_queries):
    generate(place["clerk"], [place.home], DECEMBER, DAY)
    for n in range(1, 20):
        duty(place.home, team[n % 4], date(2013, 11, n))
    client = as_("clerk")
    for url in ("/cadres/duty/?month=2013-12", "/cadres/duty/?month=2013-12&edit=1", "/cadres/duty/missed/"):
        client.get(url)
        with django_assert_max_num_queries(20):
            assert client.get(url).status_code == 200


def test_notes_say_why(cast):
    row = factories.DutyDayFactory(village=cast.home)
    for state in ("excused", "absent", "kept"):
        row.state = state
        with pytest.raises(ValidationError) as error:
            row.full_clean()
        assert "note" in error.value.message_dict
