"""The demonstration's reviews of rooms: some confirmed, some waiting, one of them too long, one sent back.

Liang has handed in nothing yet, so that its secretary can; nor has the community that is not filled in.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from core.workflow.models import Move
from facilities.choices import ReviewState
from facilities.models import Room, RoomReview
from villages.models import Village

#: Villages without a review, by code: Liang, Pujin.
WITHOUT = ("450109100214", "450109100002")
WHY = "民兵活动室的照片与登记的不是同一间，核对后再报"


@dataclass(frozen=True)
class Step:
    """`ago`: working days between the move and the demonstration's day."""

    name: str
    source: str
    target: str
    ago: int
    reason: str = ""


def _submitted(ago: int) -> Step:
    return Step("submit", ReviewState.FILING, ReviewState.SUBMITTED, ago)


#: In each township, in the order of codes: the first villages wait (one for too long), the next was sent back, more passed.
PLOTS = (
    (_submitted(7),),
    (_submitted(4),),
    (_submitted(1),),
    (_submitted(6), Step("send_back", ReviewState.SUBMITTED, ReviewState.RETURNED, 2, WHY)),
    *(((_submitted(15 + n), Step("confirm", ReviewState.SUBMITTED, ReviewState.CONFIRMED, 12 + n))) for n in range(4)),
)
#: Plots of each township: its first one is late in the town of the demonstration's clerk alone.
SHARES = {"450109100": PLOTS, "450109101": (*PLOTS[1:3], *PLOTS[4:]), "450109102": (PLOTS[2], *PLOTS[4:6])}


def build(villages: list[Village], day: date) -> None:
    """Reviews of the year with their moves; what is confirmed has been inspected."""
    calendar, limit = Calendar.load(), limit_on("room_review", day)
    moves = []
    for township, plots in SHARES.items():
        own = [village for village in villages if village.code.startswith(township) and village.code not in WITHOUT]
        clerk = Room.objects.filter(village=own[0]).values_list("saved_by", flat=True)[0]
        for village, steps in zip(own, plots, strict=False):
            moves += _tell(village, steps, clerk, calendar, limit, day)
    Move.objects.bulk_create(moves)


def _tell(village: Village, steps: tuple[Step, ...], clerk: str, calendar: Calendar, limit, day: date) -> list[Move]:
    last, on = steps[-1], calendar.add(day, -steps[-1].ago)
    review = RoomReview(village=village, year=day.year, state=last.target, state_since=on)
    if last.target == ReviewState.SUBMITTED and limit:
        review.due_on = calendar.add(on, limit.workdays)
    review.saved_by = _who(steps[-1], clerk)
    review.save()
    RoomReview.objects.filter(pk=review.pk).update(saved_at=_noon(on))
    if last.target == ReviewState.CONFIRMED:
        Room.objects.filter(village=village).update(inspected_on=on, inspected_by=clerk)
    return [
        Move(
            model=RoomReview._meta.label,
            object_id=review.pk,
            transition=step.name,
            source=step.source,
            target=step.target,
            by=_who(step, clerk),
            on=calendar.add(day, -step.ago),
            reason=step.reason,
            territory_code=village.scope_code,
        )
        for step in steps
    ]


def _who(step: Step, clerk: str) -> str:
    return "村（社区）书记" if step.name == "submit" else clerk


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
