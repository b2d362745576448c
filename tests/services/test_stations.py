"""Stations of three tiers and requests: whose they are, days promised over holidays, done here or carried up, late."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import actions
from core.actions import Invisible, Refused
from core.models import Holiday, Move, Reminder, TimeLimit
from core.workflow import move
from core.workflow.days import Calendar
from core.workflow.remind import remind
from core.workflow.todo import waiting_for
from services.actions.stations import REQUEST_FLOW, accept, correct, promised_day
from services.catalogue import load_items, load_time_limits
from services.choices_stations import RequestState, Tier
from services.models import OpeningHours, ServiceItem, ServiceRequest, Station
from services.stations import Pace, hours_text, network, paces_of
from tests import factories
from villages.models import Village

DAY = date(2013, 11, 24)
MONDAY = date(2013, 11, 4)


def village_station(village: Village, **facts) -> Station:
    return factories.StationFactory(village=village, tier=Tier.VILLAGE, hamlet=None, **facts)


def township_station(village: Village, **facts) -> Station:
    place = {"village": None, "hamlet": None, "township": village.township}
    return factories.StationFactory(
        tier=Tier.TOWNSHIP, territory_code=village.township.scope_code, **(place | {"name": "镇服务中心"} | facts)
    )


def request(cast, tier: str = Tier.VILLAGE, workdays: int | None = 3, **facts) -> ServiceRequest:
    """Not written yet: asked of the home village's own station."""
    station = Station.objects.filter(village=cast.home, tier=Tier.VILLAGE).first() or village_station(cast.home)
    item = factories.ServiceItemFactory(tier=tier, workdays=workdays)
    values = {"village": cast.home, "station": station, "item": item, "resident": "陆群众", "accepted_on": MONDAY}
    return ServiceRequest(**(values | facts))


def go(by, row, name: str, day: date = DAY, **more) -> ServiceRequest:
    return move(by, REQUEST_FLOW, [ServiceRequest.objects.get(pk=row.pk)], name, day, **more)[0]


# ---- stations ----


def test_a_station_names_the_place_of_its_tier(cast):
    own = Station(tier=Tier.VILLAGE, village=cast.home, name="村站", opened_on=DAY)
    own.full_clean()
    assert own.territory_code == cast.home.scope_code
    above = Station(tier=Tier.TOWNSHIP, township=cast.home.township, name="镇站", opened_on=DAY)
    above.full_clean()
    assert above.territory_code == cast.home.township.scope_code
    with pytest.raises(ValidationError, match="所属"):
        Station(tier=Tier.TOWNSHIP, village=cast.home, name="镇站", opened_on=DAY).full_clean()
    with pytest.raises(ValidationError, match="只选"):
        Station(tier=Tier.HAMLET, village=cast.home, name="点", opened_on=DAY).full_clean()
    foreign = factories.HamletFactory(village=cast.next_door)
    with pytest.raises(ValidationError, match="不属本村"):
        Station(tier=Tier.HAMLET, village=cast.home, hamlet=foreign, name="点", opened_on=DAY).full_clean()


def test_the_townships_station_is_read_below_it_and_changed_above(cast):
    above, next_door = township_station(cast.home), village_station(cast.next_door)
    secretary, clerk = cast["secretary"], cast["clerk"]
    assert list(Station.objects.visible_to(secretary)) == [above]
    assert not Station.objects.visible_to(secretary, "change").exists()
    assert set(Station.objects.visible_to(clerk, "change")) == {above, next_door}
    assert not Station.objects.visible_to(cast["clerk_across"]).exists()
    with pytest.raises(Invisible):
        actions.create(secretary, [OpeningHours(station=above, weekday=1, opens=time(8), closes=time(12))])
    actions.create(clerk, [OpeningHours(station=above, weekday=1, opens=time(8), closes=time(12))])
    assert OpeningHours.objects.get().territory_code == above.territory_code


def test_hours_that_are_alike_are_said_once():
    def hours(weekday, opens, closes):
        return OpeningHours(weekday=weekday, opens=time(opens), closes=time(closes))

    rows = [hours(day, opens, closes) for day in (1, 2, 3) for opens, closes in ((15, 17), (8, 12))]
    assert hours_text([*rows, hours(5, 8, 12)]) == "星期一至星期三 08:00–12:00、15:00–17:00；星期五 08:00–12:00"
    assert hours_text([]) == ""


def test_the_network_has_three_tiers_and_asks_the_same_of_any_number(cast, django_assert_num_queries):
    township_station(cast.home), village_station(cast.home), factories.StationFactory(village=cast.home)
    (branch,) = network(cast["clerk"], Village.objects.filter(pk__in=(cast.home.pk, cast.next_door.pk)), DAY)
    assert branch.desk.station.name == "镇服务中心" and branch.lacking == 1
    assert [(bool(one.desk), len(one.points)) for one in branch.villages] == [(True, 1), (False, 0)]
    user = cast["district"]
    user.scopes({*user.roles})
    for villages in (Village.objects.filter(pk=cast.home.pk), Village.objects.all()):
        with django_assert_num_queries(4):
            network(user, villages, DAY)


# ---- days promised ----


@given(
    start=st.dates(date(2012, 1, 1), date(2014, 12, 31)),
    days=st.integers(1, 30),
    exceptions=st.dictionaries(st.dates(date(2012, 1, 1), date(2015, 6, 30)), st.booleans(), max_size=60),
)
def test_the_promised_day_is_the_nth_working_day_after_acceptance(start, days, exceptions):
    """Against counting on a list of days; holidays fall out, worked weekends count."""
    item, calendar = ServiceItem(workdays=days), Calendar(exceptions.items())
    worked = [
        day for day in (start + timedelta(days=n) for n in range(1, 400)) if exceptions.get(day, day.isoweekday() <= 5)
    ]
    promised = promised_day(item, start, calendar)
    assert promised == worked[days - 1]
    assert calendar.between(start, promised) == days


def test_a_request_is_promised_over_a_holiday(cast):
    Holiday.objects.create(day=date(2013, 11, 6), is_workday=False, name="假日")
    Holiday.objects.create(day=date(2013, 11, 9), is_workday=True, name="调休上班")
    (row,) = accept(cast["secretary"], [request(cast, workdays=5)])
    assert (row.promised_by, row.due_on) == (date(2013, 11, 11), date(2013, 11, 11)), "5 7 8 9 11"
    row.accepted_on = date(2013, 11, 7)
    correct(cast["secretary"], [row], ["accepted_on"])
    assert ServiceRequest.objects.get().due_on == date(2013, 11, 13), "8 9 11 12 13"


def test_an_item_without_days_takes_the_general_limit(cast):
    assert accept(cast["secretary"], [request(cast, workdays=None)])[0].promised_by is None
    load_time_limits()
    assert accept(cast["secretary"], [request(cast, workdays=None)])[0].promised_by == date(2013, 11, 25)


# ---- done here, or carried up ----


def test_what_a_station_can_finish_is_finished_there_and_the_rest_is_carried_up(cast):
    secretary = cast["secretary"]
    here, above = accept(secretary, [request(cast), request(cast, Tier.TOWNSHIP, 10)])
    with pytest.raises(ValidationError, match="不用代办"):
        go(secretary, here, "carry_up")
    done = go(secretary, here, "finish", date(2013, 11, 8))
    assert (done.finished_on, done.workdays_taken, done.due_on) == (date(2013, 11, 8), 4, None)
    with pytest.raises(ValidationError, match="先转为代办"):
        go(secretary, above, "finish")
    carried = go(secretary, above, "carry_up", date(2013, 11, 5))
    assert carried.due_on == date(2013, 11, 18), "the promise of the first day runs on"
    assert carried.carried_by == secretary.name
    assert go(secretary, above, "finish", date(2013, 11, 15)).workdays_taken == 9
    assert [kept.transition for kept in Move.objects.all()] == ["finish", "carry_up", "finish"]
    assert list(ServiceRequest.objects.late_on(DAY)) == [done], "four days of three"
    assert ServiceRequest.objects.get(pk=done.pk) not in ServiceRequest.objects.visible_to(secretary, "change")


def test_a_request_is_withdrawn_with_a_reason(cast):
    (row,) = accept(cast["secretary"], [request(cast)])
    with pytest.raises(ValidationError, match="原因"):
        go(cast["secretary"], row, "withdraw")
    assert go(cast["secretary"], row, "withdraw", reason="群众撤回").state == RequestState.WITHDRAWN


@pytest.mark.parametrize("who", ["leader", "inspector", "secretary_next_door", "clerk_across", "auditor"])
def test_others_neither_accept_nor_finish(cast, who):
    (row,) = accept(cast["secretary"], [request(cast)])
    with pytest.raises((Refused, Invisible)):
        accept(cast[who], [request(cast)])
    with pytest.raises((Refused, Invisible)):
        go(cast[who], row, "finish")


def test_a_station_serves_its_own_people(cast):
    with pytest.raises(ValidationError, match="不服务本村"):
        request(cast, station=village_station(cast.next_door)).full_clean()
    request(cast, station=township_station(cast.home)).full_clean()


def test_late_requests_are_reminded_of_and_stand_on_the_list_of_things_to_do(cast):
    load_time_limits()
    late, near = accept(cast["secretary"], [request(cast), request(cast, accepted_on=date(2013, 11, 20), workdays=3)])
    remind(DAY)
    assert dict(Reminder.objects.values_list("object_id", "kind")) == {
        late.pk: Reminder.Kind.LATE,
        near.pk: Reminder.Kind.SOON,
    }
    (part,) = [one for one in waiting_for(cast["secretary"], DAY) if one.register.model is ServiceRequest]
    assert (part.total, part.late, part.lines[0].row) == (2, 1, late)


def test_a_village_shows_the_time_taken_against_the_promise(cast, as_, settings):
    """Two of one item, one of them late; one open and late of another; none of a neighbour or another year."""
    settings.PORTAL_TODAY = f"{DAY}"
    item = factories.ServiceItemFactory(workdays=3, name="居住证明")
    slow = factories.ServiceItemFactory(workdays=None, name="低保申请")
    finished = {"item": item, "state": RequestState.FINISHED, "accepted_on": date(2013, 11, 4)}
    finished["promised_by"] = date(2013, 11, 7)
    make = factories.ServiceRequestFactory
    make(village=cast.home, finished_on=date(2013, 11, 6), workdays_taken=2, **finished)
    make(village=cast.home, finished_on=date(2013, 11, 11), workdays_taken=5, **finished)
    make(village=cast.home, item=slow, accepted_on=date(2013, 11, 4), promised_by=date(2013, 11, 20))
    make(village=cast.home, item=slow, accepted_on=date(2012, 11, 4), promised_by=date(2012, 11, 20))
    make(village=cast.home, item=slow, accepted_on=date(2013, 11, 4), state=RequestState.WITHDRAWN)
    make(village=cast.next_door, item=slow, accepted_on=date(2013, 11, 4))
    load_time_limits()
    usual = TimeLimit.objects.get(key="service_request").workdays
    found = {pace.item: pace for pace in paces_of(cast["secretary"], cast.home, DAY)}
    assert found == {
        item: Pace(item, 3, finished=2, in_time=1, taken=3.5, open=0, late=0),
        slow: Pace(slow, usual, finished=0, in_time=0, taken=None, open=1, late=1),
    }
    page = as_("secretary").get(f"/dossiers/{cast.home.code}/?tab=services").content.decode()
    assert "居住证明" in page and "3.5" in page
    assert not paces_of(cast["clerk_across"], cast.home, DAY)


# ---- the desk ----


@pytest.fixture
def at_desk(cast, as_):
    station = village_station(cast.home, name="村服务站")
    item = factories.ServiceItemFactory(tier=Tier.VILLAGE, workdays=3, name="居住证明")
    data = {"item": item.pk, "resident": "陆群众", "phone": "13977110086", "station": station.pk, "_once": "k1"}
    with time_machine.travel("2013-11-24 10:00+08:00", tick=False):
        yield as_("secretary"), data


def test_the_desk_asks_four_things_and_a_double_click_makes_one_request(at_desk):
    browser, data = at_desk
    form = browser.get("/services/desk/").context["form"]
    assert len(form.visible_fields()) == 4
    for _n in range(2):
        assert browser.post("/services/desk/", data).status_code == 302
    (row,) = ServiceRequest.objects.all()
    assert (row.state, row.accepted_on, row.promised_by) == ("accepted", DAY, date(2013, 11, 27))
    page = browser.get(f"/services/service-requests/{row.pk}/").content.decode()
    assert "陆群众" not in page and "13977110086" not in page, "masked until it is asked for with a reason"


def test_what_is_done_on_the_spot_is_finished_at_once(at_desk):
    browser, data = at_desk
    browser.post("/services/desk/", data | {"finish": "1"})
    assert ServiceRequest.objects.get().state == RequestState.FINISHED
    ServiceItem.objects.update(tier=Tier.TOWNSHIP)
    answer = browser.post("/services/desk/", data | {"finish": "1", "_once": "k2"})
    assert answer.status_code == 422 and "先转为代办" in answer.content.decode()
    assert ServiceRequest.objects.count() == 1, "refused: nothing is kept"


def test_the_catalogue_is_loaded_once_and_keeps_what_was_edited(db):
    load_items()
    number = ServiceItem.objects.count()
    ServiceItem.objects.filter(key="relief").update(workdays=2)
    load_items()
    assert number == ServiceItem.objects.count() > 10
    assert ServiceItem.objects.get(key="relief").workdays == 2
    assert not ServiceItem.objects.exclude(source="待城区核定").exists()
