"""The network of stations: who serves where and when, by township and village, and how fast against the promise."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from core.workflow.engine import limit_on
from services.actions.stations import LIMIT
from services.choices_stations import OPEN_STATES, RequestState, Tier, Weekday
from services.models import OpeningHours, ServiceItem, ServiceRequest, Station, StationStaff
from villages.models import Village


@dataclass(frozen=True)
class Desk:
    """A station as people need it: `hours` in words, `staff` who serve on the day."""

    station: Station
    hours: str
    staff: list[StationStaff]


@dataclass(frozen=True)
class Served:
    """A village with its own station (or None) and the points of its hamlets."""

    village: Village
    desk: Desk | None
    points: list[Desk]


@dataclass(frozen=True)
class Branch:
    """A township's station (or None) and its villages."""

    name: str
    desk: Desk | None
    villages: list[Served]

    @property
    def lacking(self) -> int:
        return sum(one.desk is None for one in self.villages)


def hours_text(hours: Iterable[OpeningHours]) -> str:
    """“Monday–Friday 08:30–12:00, 15:00–17:30; Saturday 09:00–11:00”: days that are alike are said once."""
    by_day = defaultdict(list)
    for row in sorted(hours, key=lambda row: (row.weekday, row.opens)):
        by_day[row.weekday].append(f"{row.opens:%H:%M}–{row.closes:%H:%M}")
    runs: list[list] = []
    for day, times in by_day.items():
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == times:
            runs[-1][1] = day
        else:
            runs.append([day, day, times])
    between = _(", ")
    return _("; ").join(f"{_days(first, last)} {between.join(times)}" for first, last, times in runs)


def _days(first: int, last: int) -> str:
    if first == last:
        return str(Weekday(first).label)
    return _("%(first)s to %(last)s") % {"first": Weekday(first).label, "last": Weekday(last).label}


def desks(stations: QuerySet, day: date) -> list[Desk]:
    """The stations with staff and hours; three queries."""
    serving = StationStaff.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)
    serving = serving.select_related("person").defer("person__id_number", "person__phone")
    rows = stations.on(day).select_related("village", "township", "hamlet")
    rows = rows.prefetch_related("hours", Prefetch("staff", serving, to_attr="serving"))
    return [Desk(row, hours_text(row.hours.all()), row.serving) for row in rows]


def network(user, villages: QuerySet, day: date) -> list[Branch]:
    """The three tiers over some villages, township by township; a constant number of queries."""
    standing = list(villages.on(day).select_related("township").order_by("code"))
    found = Station.objects.visible_to(user).filter(
        Q(village__in=villages.order_by()) | Q(township__in={one.township_id for one in standing})
    )
    above, own, points = {}, {}, defaultdict(list)
    for desk in desks(found.order_by("name"), day):
        if desk.station.tier == Tier.TOWNSHIP:
            above[desk.station.township_id] = desk
        elif desk.station.tier == Tier.VILLAGE:
            own[desk.station.village_id] = desk
        else:
            points[desk.station.village_id].append(desk)
    branches = {}
    for village in standing:
        branch = branches.setdefault(
            village.township_id, Branch(village.township.name, above.get(village.township_id), [])
        )
        branch.villages.append(Served(village, own.get(village.pk), points[village.pk]))
    return list(branches.values())


@dataclass(frozen=True)
class Pace:
    """An item's requests of a year: those finished, in time and in how many working days on average; those open."""

    item: ServiceItem
    promised: int | None
    finished: int
    in_time: int
    taken: float | None
    open: int
    late: int


def paces(requests: QuerySet, year: int, day: date) -> list[Pace]:
    """By item, of requests accepted in the year up to the day; three queries."""
    there = requests.filter(accepted_on__year=year, accepted_on__lte=day).exclude(state=RequestState.WITHDRAWN)
    counted = (
        there.order_by()
        .values("item")
        .annotate(
            finished=Count("pk", filter=Q(state=RequestState.FINISHED)),
            in_time=Count("pk", filter=Q(state=RequestState.FINISHED, finished_on__lte=F("promised_by"))),
            taken=Avg("workdays_taken"),
            open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            late=Count("pk", filter=Q(state__in=OPEN_STATES, promised_by__lt=day)),
        )
    )
    rows, limit = {row.pop("item"): row for row in counted}, limit_on(LIMIT, day)
    usual = limit.workdays if limit else None
    items = ServiceItem.objects.filter(pk__in=rows)
    return [Pace(item=item, promised=item.workdays or usual, **rows[item.pk]) for item in items]


def paces_of(user, village: Village, day: date) -> list[Pace]:
    """Those of a village in the year of the day, as far as the person may see them."""
    return paces(ServiceRequest.objects.visible_to(user).filter(village=village), day.year, day)
