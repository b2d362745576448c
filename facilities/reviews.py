"""The review of a village's rooms: the village hands them in, the township confirms what it has seen or returns them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions, rights
from core.registers.base import for_model
from core.registers.flow import Flow, of_row
from core.roles import Role
from core.scoping import scopes
from core.workflow import Transition, Workflow, move
from facilities.choices import ReviewState
from facilities.models import Building, Room, RoomReview
from facilities.querysets import sets_on
from villages.models import Village

TOWNSHIP = frozenset({Role.CLERK, Role.DISTRICT})
#: Rooms that a refusal names; the rest it counts.
NAMED = 3


def _require_complete(_by, reviews: Sequence[RoomReview], day: date) -> None:
    """ValidationError with a sentence for each village of which a room or the building is not on record.

    An effect rather than needs: which rooms are asked depends on the day, and one question does for all villages.
    """
    villages = Village.objects.filter(pk__in={review.village_id for review in reviews})
    sets = sets_on(villages, day)
    recorded = set(Room.objects.filter(village__in=villages).order_by().values_list("village_id", "key"))
    housed = set(Building.objects.on(day).filter(village__in=villages).order_by().values_list("village_id", flat=True))
    problems = []
    for review in reviews:
        room_set = sets.get(review.village_id)
        asked = room_set.rooms.all() if room_set else ()
        open_rooms = [room.label for room in asked if (review.village_id, room.key) not in recorded]
        problems += [f"{review.village}：{said}" for said in _lacks(room_set, open_rooms, review.village_id in housed)]
    if problems:
        raise ValidationError(problems)


def _lacks(room_set, open_rooms: Sequence[str], is_housed: bool) -> Iterable[str]:
    if room_set is None:
        yield _("no room set holds here yet; the district publishes one first")
    if len(open_rooms) > NAMED:
        facts = {"names": _(", ").join(open_rooms[:NAMED]), "n": len(open_rooms)}
        yield _("%(n)d rooms are not filled in, such as %(names)s: fill them in first") % facts
    elif open_rooms:
        yield _("not filled in: %(names)s; fill them in first") % {"names": _(", ").join(open_rooms)}
    if not is_housed:
        yield _("the office building is not on record: enter it first")


def _inspected(by, reviews: Sequence[RoomReview], day: date) -> None:
    """What the township confirms it has seen: every room of the villages' sets bears the day and the person."""
    villages = Village.objects.filter(pk__in={review.village_id for review in reviews})
    keys = {pk: {room.key for room in room_set.rooms.all()} for pk, room_set in sets_on(villages, day).items()}
    found = Room.objects.visible_to(by, "change").filter(village__in=villages)
    rooms = [room for room in found if room.key in keys.get(room.village_id, ())]
    for room in rooms:
        room.inspected_on, room.inspected_by = day, by.name
    actions.update(by, rooms, ["inspected_on", "inspected_by"])


def _confirm(by, reviews: Sequence[RoomReview], day: date) -> None:
    _require_complete(by, reviews, day)  # a room may have been cleared since it was handed in
    _inspected(by, reviews, day)


ROOM_REVIEW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in for review"),
        sources=(ReviewState.FILING, ReviewState.RETURNED),
        target=ReviewState.SUBMITTED,
        roles={Role.SECRETARY},
        effect=_require_complete,
    ),
    Transition(
        "confirm",
        gettext_lazy("Confirm"),
        sources=(ReviewState.SUBMITTED,),
        target=ReviewState.CONFIRMED,
        roles=TOWNSHIP,
        effect=_confirm,
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(ReviewState.SUBMITTED,),
        target=ReviewState.RETURNED,
        roles=TOWNSHIP,
        reason=True,
        awaited=False,
    ),
    limits={ReviewState.SUBMITTED: "room_review"},
    tags={ReviewState.CONFIRMED: "ok", ReviewState.RETURNED: "bad", ReviewState.SUBMITTED: "near"},
)


def hand_in(by, villages: Sequence[Village], year: int, day: date) -> list[RoomReview]:
    """Hand in the rooms of villages for the year's review; makes the reviews that are not there yet.

    Raises Refused, Invisible, and ValidationError with a sentence for each village that can't; then nothing is written.
    """
    actions.require(by, "submit", RoomReview)
    with transaction.atomic():
        there = list(RoomReview.objects.visible_to(by, "submit").filter(village__in=villages, year=year))
        known = {review.village_id for review in there}
        new = [
            RoomReview(village=village, year=year, state_since=day) for village in villages if village.pk not in known
        ]
        return move(by, ROOM_REVIEW, [*there, *actions.create(by, new)], "submit", day)


# ---- what the room matrix says of it ----


class Standing(NamedTuple):
    """How far a village's review is; `flow` is as a register shows it, None where nothing is handed in yet."""

    village: Village
    review: RoomReview | None
    flow: Flow | None

    @property
    def is_open(self) -> bool:
        """Whether the village may hand in."""
        return self.review is None or self.review.state in ROOM_REVIEW.get("submit").sources

    @property
    def returned_because(self) -> str:
        is_returned = self.review is not None and self.review.state == ReviewState.RETURNED
        return self.flow.trail[-1].move.reason if is_returned and self.flow.trail else ""


def of_own(user, villages: Sequence[Village], day: date) -> list[Standing]:
    """The year's reviews of those villages whose rooms the person hands in; few, as a secretary has few villages."""
    mine = scopes(user, "submit", RoomReview)
    own = [village for village in villages if village.scope_code.startswith(mine)]
    found = RoomReview.objects.visible_to(user).filter(village__in=own, year=day.year) if own else ()
    there = {review.village_id: review for review in found}
    register = for_model(RoomReview)
    return [
        Standing(village, review, of_row(register, review, user) if review else None)
        for village in own
        for review in [there.get(village.pk)]
    ]


def count_submitted(user) -> int:
    """How many reviews wait for the person's confirmation; 0 for who confirms none."""
    if not rights.can(user, "confirm", RoomReview):
        return 0
    return RoomReview.objects.visible_to(user, "confirm").filter(state=ReviewState.SUBMITTED).count()
