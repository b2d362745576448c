"""Stations of three tiers, and a year of what people asked of them. Invented: names, telephones and requests."""

from datetime import date, time
from random import Random

from cadres.choices import Sex
from cadres.demo.names import Registry
from cadres.demo.people import CLERKS
from cadres.models import GroupLeader, Post
from core.models import Move
from core.workflow.days import Calendar
from services.actions.stations import promised_day
from services.choices_stations import RequestState, Tier
from services.models import OpeningHours, ServiceItem, ServiceRequest, Station, StationStaff
from villages.demo import LIANG
from villages.models import Hamlet, Village

S = RequestState
SINCE = date(2013, 3, 1)
DUTIES = ("综合受理", "民政社保", "计生农业")
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(15), time(17, 30))
RESULTS = ("已办结，材料交回本人", "已审批，结果送到家", "当面办结", "已核对登记")
NO_STATION = 3  # villages without one


def build(rng: Random, villages: list[Village], day: date) -> None:
    phones = Registry(Random(11))
    stations = _stations(rng, villages, phones)
    Station.objects.bulk_create(stations)
    _staff_and_hours(rng, stations, phones, day)
    _requests(rng, villages, stations, day)


def _stations(rng: Random, villages: list[Village], phones: Registry) -> list[Station]:
    townships = {village.township_id: village.township for village in villages}
    made = [
        Station(
            tier=Tier.TOWNSHIP,
            township=one,
            territory_code=one.code,
            name=f"{one.name}便民服务中心",
            place=f"{one.name}政府一楼大厅",
            phone=f"0771-47{n:02}010",
            opened_on=SINCE,
        )
        for n, one in enumerate(townships.values(), start=11)
    ]
    without = rng.sample([village for village in villages if village.code != LIANG], NO_STATION)
    for village in villages:
        if village not in without:
            name, place = f"{village.name}农事村办服务站", "村委会一楼"
            made.append(_station(village, Tier.VILLAGE, name, place, phones.phone()))
    for one in Hamlet.objects.filter(village__in=villages).select_related("village").order_by("village__code", "pk"):
        if rng.random() < 0.4:
            made.append(_station(one.village, Tier.HAMLET, f"{one.name}服务点", "坡长家", phones.phone(), hamlet=one))
    return made


def _station(village: Village, tier: str, name: str, place: str, phone: str, **more) -> Station:
    facts = {"village": village, "territory_code": village.code, "tier": tier, "opened_on": SINCE}
    saved_by = CLERKS.get(village.code[:9], "")
    return Station(name=name, place=place, phone=phone, saved_by=saved_by, **facts, **more)


def _staff_and_hours(rng: Random, stations: list[Station], names: Registry, day: date) -> None:
    """Three at a township's, one or two cadres at a village's, the group's leader at a hamlet's."""
    cadres: dict[int, list[int]] = {}
    for village, person in Post.objects.on(day).order_by("pk").values_list("village", "person"):
        cadres.setdefault(village, []).append(person)
    leaders = dict(GroupLeader.objects.entitled_on(day).values_list("hamlet", "person"))
    staff, hours = [], []
    for one in stations:
        common = {"station": one, "territory_code": one.territory_code, "starts_on": SINCE}
        if one.tier == Tier.TOWNSHIP:
            sexes = (Sex.FEMALE, Sex.MALE, Sex.FEMALE)
            people = [{"name": names.name(0, sex), "duty": duty} for sex, duty in zip(sexes, DUTIES, strict=True)]
        elif one.tier == Tier.VILLAGE:
            ids = list(dict.fromkeys(cadres.get(one.village_id, [])))
            people = [{"person_id": pk, "duty": "代办员"} for pk in ids[: rng.randint(1, 2)]]
        else:
            leader = leaders.get(one.hamlet_id)
            people = [{"person_id": leader} if leader else {"name": names.name(one.village_id, Sex.MALE)}]
        staff += [StationStaff(phone=names.phone(), **who, **common) for who in people]
        hours += _hours(one, {"station": one, "territory_code": one.territory_code})
    StationStaff.objects.bulk_create(staff, batch_size=400)
    OpeningHours.objects.bulk_create(hours, batch_size=400)


def _hours(one: Station, common: dict) -> list[OpeningHours]:
    """Five whole days at a township's, five mornings at a village's, by telephone at a hamlet's."""
    times = {Tier.TOWNSHIP: (MORNING, AFTERNOON), Tier.VILLAGE: (MORNING,), Tier.HAMLET: ()}[one.tier]
    return [OpeningHours(weekday=n, opens=a, closes=b, **common) for n in range(1, 6) for a, b in times]


# ---- requests ----


def _requests(rng: Random, villages: list[Village], stations: list[Station], day: date) -> None:
    calendar, items = Calendar.load(), list(ServiceItem.objects.on(day))
    own = {one.village_id: one for one in stations if one.tier == Tier.VILLAGE}
    above = {one.township_id: one for one in stations if one.tier == Tier.TOWNSHIP}
    names, rows = Registry(Random(13)), []
    for village in villages:
        station = own.get(village.pk, above[village.township_id])
        for number in range(rng.randint(5, 11)):
            ago = rng.randint(1, 16) if rng.random() < 0.3 else rng.randint(17, 175)
            accepted_on = calendar.add(day, -ago)
            if village.code == LIANG and number < 2:  # one past its day, one near it
                accepted_on = calendar.add(day, -(22, 2)[number])
            one = _request(rng, names, village, station, rng.choice(items), accepted_on)
            if village.code == LIANG and number < 2:
                one.item = next(item for item in items if item.key == ("minimum_living", "birth_service")[number])
            _let_it_go(rng, one, day, calendar, stays=village.code == LIANG and number < 2)
            rows.append(one)
    ServiceRequest.objects.bulk_create(rows, batch_size=400)
    Move.objects.bulk_create([move for one in rows for move in _moves(one)], batch_size=400)


def _request(rng: Random, names: Registry, village: Village, station: Station, item, accepted_on: date):
    sex = rng.choice((Sex.MALE, Sex.FEMALE))
    return ServiceRequest(
        village=village,
        station=station,
        item=item,
        resident=names.name(village.pk, sex),
        phone=names.phone(),
        accepted_on=accepted_on,
        state_since=accepted_on,
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _let_it_go(rng: Random, one: ServiceRequest, day: date, calendar: Calendar, *, stays: bool) -> None:
    """Finished on the spot, or carried up and finished, one in twelve late; what the day doesn't reach is open."""
    one.promised_by = promised_day(one.item, one.accepted_on, calendar)
    days = calendar.between(one.accepted_on, one.promised_by)
    took = days + rng.randint(1, 6) if rng.random() < 0.1 else rng.randint(0, days)
    if not one.finishes_here:
        one.carried_on, one.carried_by = one.accepted_on, one.saved_by
        one.state = S.CARRIED
    ends = calendar.add(one.accepted_on, took)
    if ends > day or stays:
        one.due_on = one.promised_by
        return
    one.state, one.state_since, one.finished_on = S.FINISHED, ends, ends
    one.workdays_taken, one.result = took, rng.choice(RESULTS)


def _moves(one: ServiceRequest) -> list[Move]:
    steps = []
    if one.carried_on:
        steps.append(("carry_up", S.ACCEPTED, S.CARRIED, one.carried_on))
    if one.finished_on:
        steps.append(("finish", S.CARRIED if one.carried_on else S.ACCEPTED, S.FINISHED, one.finished_on))
    return [
        Move(
            model=ServiceRequest._meta.label,
            object_id=one.pk,
            transition=name,
            source=source,
            target=target,
            by=one.saved_by,
            on=on,
            territory_code=one.village.code,
        )
        for name, source, target, on in steps
    ]
