"""The duty rota: made fairly, changed by hand, kept by a check-in on the day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cadres.choices_development import DutyState
from cadres.models import DutyDay, Person, Post
from core import actions, rights
from core.workflow.days import Calendar
from villages.choices import LegalRuleKey
from villages.models import LegalRule, Village


def create_duty_days(by, rows: Sequence[DutyDay], *, reason: str = "") -> list[DutyDay]:
    """New duty days. What came of one is said by the check-in, or by whoever may change it."""
    if not rights.can(by, "change", DutyDay) and any(row.state != DutyState.DUE for row in rows):
        raise ValidationError(
            {"state": _("Only the township says what came of a duty day: leave it “not checked in”.")}
        )
    return actions.create(by, rows, reason=reason)


# ---- the rota ----


def generate(by, villages: Sequence[Village], month: date, day: date) -> list[DutyDay]:
    """Fill the working days of `month` (its first day) that have nobody yet, from `day` on, for each village.

    In turn among those in post on each day: who had the fewest duties this year, and of those who has waited longest.
    A village with nobody in post gets none. Raises as `core.actions.create`.
    """
    first, after = month, _next_month(month)
    calendar = Calendar.load()
    days = [one for one in _days(max(first, day), after) if calendar.is_workday(one)]
    with transaction.atomic():
        list(Village.objects.filter(pk__in=[v.pk for v in villages]).order_by("pk").select_for_update(of=("self",)))
        taken = _taken(villages, first, after)
        turns = turns_of(villages, first, after)
        rows = [
            row for village in villages for row in in_turn(village, days, taken[village.pk], turns.get(village.pk, []))
        ]
        return create_duty_days(by, rows, reason=_("Rota of %(month)s") % {"month": f"{month:%Y-%m}"}) if rows else []


def _next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _days(first: date, after: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(max(0, (after - first).days))]


def _taken(villages: Sequence[Village], first: date, after: date) -> dict[int, dict[date, int]]:
    """village → day → who is on duty already."""
    found = defaultdict(dict)
    rows = DutyDay.objects.filter(village__in=villages, day__gte=first, day__lt=after)
    for village, one, person in rows.values_list("village", "day", "person"):
        found[village][one] = person
    return found


class Turn:
    """Somebody in post from `starts_on` to `ends_on`, how often he had duty this year and when last."""

    def __init__(self, person: int, spans: list, duties: int, last: date | None):
        self.person, self.spans, self.duties, self.last = person, spans, duties, last or date.min

    def is_in_post(self, day: date) -> bool:
        return any(first <= day and (end is None or end > day) for first, end in self.spans)

    def take(self, day: date) -> None:
        self.duties, self.last = self.duties + 1, day


def turns_of(villages: Sequence[Village], first: date, after: date) -> dict[int, list[Turn]]:
    """Everybody in post at some time of the month, with his duties of the year before it; two queries."""
    spans = defaultdict(list)
    in_post = Q(ends_on__isnull=True) | Q(ends_on__gt=first)
    posts = Post.objects.filter(in_post, village__in=villages, starts_on__lt=after)
    for village, person, begins, ends in posts.values_list("village", "person", "starts_on", "ends_on"):
        spans[village, person].append((begins, ends))
    before = DutyDay.objects.filter(village__in=villages, day__gte=first.replace(month=1, day=1), day__lt=first)
    counts = before.values("village", "person").annotate(n=Count("pk"), last=Max("day")).order_by()
    had = {(row["village"], row["person"]): (row["n"], row["last"]) for row in counts}
    turns = defaultdict(list)
    for (village, person), own in sorted(spans.items()):
        turns[village].append(Turn(person, own, *had.get((village, person), (0, None))))
    return turns


def in_turn(village: Village, days: Sequence[date], taken: Mapping[date, int], turns: Sequence[Turn]) -> list[DutyDay]:
    by_person = {turn.person: turn for turn in turns}
    for day, person in sorted(taken.items()):
        if person in by_person:
            by_person[person].take(day)
    rows = []
    for day in days:
        ready = [turn for turn in turns if turn.is_in_post(day)]
        if day in taken or not ready:
            continue
        next_one = min(ready, key=lambda turn: (turn.duties, turn.last, turn.person))
        next_one.take(day)
        rows.append(DutyDay(village=village, day=day, person_id=next_one.person))
    return rows


class Wish(NamedTuple):
    """Who shall be on duty on a day; `person` None: nobody."""

    day: date
    person: Person | None


def arrange(by, village: Village, wishes: Sequence[Wish], day: date) -> int:
    """Change a village's rota by hand, from `day` on; returns how many days changed. Days that were kept stay.

    Raises Refused (to leave a day empty takes the right to delete), Invisible, ValidationError.
    """
    if past := [wish.day for wish in wishes if wish.day < day]:
        raise ValidationError(_("%(day)s is over: the rota of past days stays.") % {"day": past[0].isoformat()})
    with transaction.atomic():
        known = {row.day: row for row in DutyDay.objects.filter(village=village, day__in=[w.day for w in wishes])}
        new, old, gone = [], [], []
        for wish in wishes:
            row = known.get(wish.day)
            if row is None and wish.person:
                new.append(DutyDay(village=village, day=wish.day, person=wish.person))
            elif row and row.state == DutyState.DUE and wish.person is None:
                gone.append(row)
            elif row and row.state == DutyState.DUE and wish.person.pk != row.person_id:
                row.person = wish.person
                old.append(row)
        create_duty_days(by, new)
        actions.update(by, old, ["person"], verb="arrange")
        actions.delete(by, gone)
    return len(new) + len(old) + len(gone)


# ---- the day ----


def check_in(by, rows: Sequence[DutyDay], at: datetime) -> list[DutyDay]:
    """Whoever is on duty is there, at a time of that day. Late after the hour that the rule of the place names."""
    actions.require(by, "check_in", DutyDay)
    local = timezone.localtime(at)
    for row in rows:
        if row.day != local.date():
            raise ValidationError(_("Duty is checked in on the day itself: the township enters what was missed."))
        if row.state != DutyState.DUE:
            raise ValidationError(_("%(duty)s: %(state)s already.") % {"duty": row, "state": row.get_state_display()})
    hours = list(LegalRule.objects.filter(key=LegalRuleKey.DUTY_HOUR).on(local.date()))
    of_village = {v.pk: v for v in Village.objects.filter(pk__in=[r.village_id for r in rows]).with_applies_to()}
    for row in rows:
        village = of_village[row.village_id]
        rule = LegalRule.pick(hours, LegalRuleKey.DUTY_HOUR, row.day, village.falls_under, village.code)
        late = rule is not None and local.hour * 60 + local.minute > rule.value * 60
        row.state, row.checked_in_at = (DutyState.LATE if late else DutyState.KEPT), at
    return actions.update(by, rows, ["state", "checked_in_at"], verb="check_in")
