"""The demonstration's duty rota from September to November 2013: made in turn, kept more or less."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from cadres.actions.duty import in_turn, turns_of
from cadres.choices_development import DutyState
from cadres.demo.grades import FAIR, GOOD, WEAK, grade_of
from cadres.demo.people import CLERKS
from cadres.models import DutyDay
from core.workflow.days import Calendar
from villages.demo import LIANG
from villages.models import Village

FIRST, LAST = date(2013, 9, 1), date(2013, 11, 30)
#: Of a hundred days due, so many were missed.
MISSED = {GOOD: 0.02, FAIR: 0.07, WEAK: 0.22}
LATE, EXCUSED = 0.05, 0.015
WHY = ("到城区开会", "因病请假", "参加镇里培训", "办理低保入户核查")
#: These have made no rota yet.
WITHOUT = ("那盆村", "屯了村")


def build(rng: Random, villages: list[Village], day: date) -> None:
    calendar, after = Calendar.load(), LAST + timedelta(days=1)
    days = [one for n in range((after - FIRST).days) if calendar.is_workday(one := FIRST + timedelta(days=n))]
    turns = turns_of(villages, FIRST, after)
    rows = []
    for village in villages:
        if village.name in WITHOUT:
            continue
        own = in_turn(village, days, {}, turns.get(village.pk, []))
        if own and (village.is_community or village.code == LIANG):
            # Today is a Sunday: these keep one on duty all the same, by hand.
            own.append(DutyDay(village=village, day=day, person_id=own[-1].person_id))
        for row in own:
            _keep(rng, row, day)
        rows += own
    _steady(rows, day)
    for row in rows:
        row.saved_by = CLERKS.get(row.village.code[:9], "")
    DutyDay.objects.bulk_create(rows, batch_size=1000)


def _keep(rng: Random, row: DutyDay, day: date) -> None:
    """What came of a day; those to come, and today's in the secretary's own village, are open."""
    if row.day > day or (row.day == day and (row.village.code == LIANG or rng.random() < 0.4)):
        return
    luck = rng.random()
    if luck < EXCUSED and row.day < day:
        row.state, row.note = DutyState.EXCUSED, rng.choice(WHY)
        return
    if luck < EXCUSED + MISSED[grade_of(row.village)]:
        return
    late = rng.random() < LATE
    row.state = DutyState.LATE if late else DutyState.KEPT
    minute = 9 * 60 + rng.randint(4, 80) if late else 7 * 60 + rng.randint(35, 119)
    row.checked_in_at = timezone.make_aware(datetime.combine(row.day, time(minute // 60, minute % 60)))


def _steady(rows: list[DutyDay], day: date) -> None:
    """The secretary's own village has missed five days, the last of them this week: just too many."""
    own = [row for row in rows if row.village.code == LIANG and row.day < day]
    for number, row in enumerate(own):
        missed = number % 13 == 12 or number == len(own) - 2
        if missed:
            row.state, row.checked_in_at, row.note = DutyState.DUE, None, ""
        elif row.state == DutyState.DUE:
            row.state = DutyState.KEPT
            row.checked_in_at = timezone.make_aware(datetime.combine(row.day, time(8, 5 + number % 40)))
    assert Counter(row.state for row in own)[DutyState.DUE] == 5  # noqa: S101  the story that other parts tell
