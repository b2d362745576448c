"""The duty rota as people read it: a month's calendar, and how each village keeps its days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from cadres.choices_development import DUTY_KEPT, DutyState
from cadres.models import DutyDay, Person, Post
from core.periods import Period
from core.workflow.days import Calendar
from villages.models import Village


@dataclass
class Cell:
    """A day of the calendar. `look`: ok, bad, near or plain; `open`: the rota of that day may still change."""

    day: date
    duty: DutyDay | None
    is_workday: bool
    in_month: bool
    is_today: bool
    look: str
    open: bool


def weeks_of(village: Village, month: date, today: date) -> list[list[Cell]]:
    """The month in weeks from Monday; days of its neighbours fill the first and the last. Two queries."""
    first = month - timedelta(days=month.weekday())
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    last += timedelta(days=6 - last.weekday())
    rows = DutyDay.objects.filter(village=village, day__range=(first, last)).select_related("person")
    duties, calendar = {row.day: row for row in rows}, Calendar.load()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = [
        Cell(
            day,
            duty := duties.get(day),
            calendar.is_workday(day),
            day.month == month.month,
            day == today,
            look_of(duty, today),
            day >= today and (duty is None or duty.state == DutyState.DUE),
        )
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def look_of(duty: DutyDay | None, today: date) -> str:
    """How a day's tag looks: kept, late (a fault, not a failure), missed, still to come."""
    if duty is None or duty.state == DutyState.EXCUSED:
        return "plain"
    if duty.state in DUTY_KEPT:
        return "near" if duty.state == DutyState.LATE else "ok"
    if duty.state == DutyState.ABSENT or duty.day < today:
        return "bad"
    return "near" if duty.day == today else "plain"


def on_rota(village: Village, day: date) -> QuerySet:
    """Who may be put on the rota: the village's cadres in post on the day."""
    return Person.objects.filter(pk__in=Post.objects.on(day).filter(village=village).values("person")).order_by("name")


@dataclass
class Kept:
    """A village's duty days of a span so far."""

    village: Village
    due: int
    kept: int
    late: int
    excused: int
    planned: int

    @property
    def missed(self) -> int:
        return self.due - self.kept


def kept_by(villages: QuerySet, first: date, last: date, today: date) -> list[Kept]:
    """Each village's days from `first` to `last`, those with most missed first. One query."""
    so_far = Q(duty_days__day__range=(first, min(last, today))) & ~Q(duty_days__state=DutyState.EXCUSED)
    so_far &= ~Q(duty_days__day=today, duty_days__state=DutyState.DUE)
    span = Q(duty_days__day__range=(first, last))
    rows = villages.select_related("township").annotate(
        n_due=Count("duty_days", filter=so_far),
        n_kept=Count("duty_days", filter=so_far & Q(duty_days__state__in=DUTY_KEPT)),
        n_late=Count("duty_days", filter=so_far & Q(duty_days__state=DutyState.LATE)),
        n_excused=Count("duty_days", filter=span & Q(duty_days__state=DutyState.EXCUSED)),
        n_planned=Count("duty_days", filter=span),
    )
    found = [Kept(v, v.n_due, v.n_kept, v.n_late, v.n_excused, v.n_planned) for v in rows]
    return sorted(found, key=lambda own: (-own.missed, -own.late, own.village.code))


def faults(villages: QuerySet, first: date, last: date, today: date) -> QuerySet:
    """Days missed or kept late, the latest first."""
    late = Q(state=DutyState.LATE)
    rows = DutyDay.objects.filter(village__in=villages, day__range=(first, last))
    return rows.filter(Q(pk__in=rows.missed(today).values("pk")) | late).select_related("person", "village__township")


def rate(villages: QuerySet, period: Period) -> dict[int, tuple[int, int]]:
    """village → (kept, due) of the year so far; a village without any duty day is not there. One query."""
    days = DutyDay.objects.filter(village__in=villages).due_in(period)
    rows = days.values("village").annotate(due=Count("pk"), kept=Count("pk", filter=Q(state__in=DUTY_KEPT))).order_by()
    return {row["village"]: (row["kept"], row["due"]) for row in rows}
