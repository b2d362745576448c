"""Practical matters: the village registers, the township confirms, the village does it, residents rate."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.models import Post
from core import actions
from core.roles import LOCAL, Role
from core.workflow import Transition, Workflow, move
from services.choices_matters import CONFIRMED
from services.choices_matters import MatterState as State
from services.models import Matter, MatterNote, MatterYear, Rating

#: What the township confirms.
FIXED = ("village", "person", "year", "title", "kind", "planned_by")


def plan(by, rows: Sequence[Matter], *, reason: str = "") -> list[Matter]:
    """New drafts. Raises ValidationError for who holds no post in the year, or a day after the district's."""
    _check_plan(rows)
    return actions.create(by, rows, reason=reason)


def correct(by, rows: Sequence[Matter], fields: Iterable[str], **how) -> list[Matter]:
    """As `core.actions.update`; what the township has confirmed is worded anew by the township alone."""
    _check_plan(rows)
    fields = list(fields)
    if Role.CLERK not in by.roles:
        _refuse_rewording(rows, fields)
    return actions.update(by, rows, fields, **how)


def _refuse_rewording(rows: Sequence[Matter], fields: Iterable[str]) -> None:
    stored = Matter.objects.in_bulk([row.pk for row in rows if row.state in CONFIRMED])
    for row in rows:
        old = stored.get(row.pk)
        if old and any(getattr(old, name) != getattr(row, name) for name in FIXED if name in fields):
            raise ValidationError(
                _("The township has confirmed this matter: ask it to change who does what by when, or add a note.")
            )


def register(by, row: Matter, day: date) -> Matter:
    """Plan a matter and hand it to the township at once."""
    with transaction.atomic():
        plan(by, [row])
        return move(by, MATTER_FLOW, [row], "submit", day)[0]


def finish(by, row: Matter, on: date, outcome: str, day: date) -> Matter:
    """Write down when it was done and what came of it, for the residents to rate."""
    if on > day:
        raise ValidationError({"finished_on": _("This day lies ahead: enter the day on which it was done.")})
    row.finished_on, row.outcome = on, outcome
    with transaction.atomic():
        actions.update(by, [row], ["finished_on", "outcome"], verb="finish")
        return move(by, MATTER_FLOW, [row], "finish", day)[0]


def add_note(by, matter: Matter, on: date, text: str, day: date) -> MatterNote:
    """How far it has come. Raises Invisible unless the matter is under way."""
    if on > day:
        raise ValidationError({"on": _("This day lies ahead: enter the day of which you tell.")})
    return actions.create(by, [MatterNote(matter=matter, on=on, text=text)])[0]


def _check_plan(rows: Sequence[Matter]) -> None:
    """Two queries for all rows."""
    years = MatterYear.of(row.year for row in rows)
    posts = list(
        Post.objects.filter(person__in={row.person_id for row in rows}).values("person", "starts_on", "ends_on")
    )
    for row in rows:
        days = years.get(row.year)
        if days and row.planned_by and row.planned_by > days.finish_by:
            facts = {"year": row.year, "day": days.finish_by.isoformat()}
            raise ValidationError(
                {"planned_by": _("Matters of %(year)d are done by %(day)s: choose an earlier day.") % facts}
            )
        if (
            row.person_id
            and row.year
            and not any(_held_in(row.year, post) for post in posts if post["person"] == row.person_id)
        ):
            raise ValidationError(
                {
                    "person": _("%(name)s holds no post in %(year)d: choose a cadre.")
                    % {"name": row.person, "year": row.year}
                }
            )


def _held_in(year: int, post: dict) -> bool:
    return post["starts_on"].year <= year and (post["ends_on"] is None or post["ends_on"] > date(year, 1, 1))


# ---- the way of a matter ----


def _is_reported(row: Matter) -> str | None:
    if row.finished_on is None:
        return _("the day on which it was done is not written down yet")
    return None if row.outcome.strip() else _("what came of it is not written down yet")


def _is_rated(row: Matter) -> str | None:
    there = Rating.objects.counted().filter(matter=row).exists()
    return None if there else _("no resident has rated it yet: type in the slips first")


def _enter(by, rows: Sequence[Matter], day: date) -> None:
    """Registered on the day of the first handing in; who takes it on is in post on it."""
    held = set(Post.objects.on(day).filter(person__in=[row.person_id for row in rows]).values_list("person", flat=True))
    for row in rows:
        if row.person_id not in held:
            raise ValidationError(_("%(name)s is out of post: choose a cadre of today.") % {"name": row.person})
        row.registered_on = row.registered_on or day


def _confirm(by, rows: Sequence[Matter], day: date) -> None:
    for row in rows:
        row.confirmed_on, row.due_on = day, row.planned_by


def _await_ratings(by, rows: Sequence[Matter], day: date) -> None:
    years = MatterYear.of(row.year for row in rows)
    for row in rows:
        row.due_on = years[row.year].rate_by if row.year in years else None


def _reopen(by, rows: Sequence[Matter], day: date) -> None:
    for row in rows:
        row.finished_on, row.due_on = None, row.planned_by


MATTER_FLOW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in to the township"),
        sources=(State.DRAFT, State.RETURNED),
        target=State.SUBMITTED,
        roles=LOCAL,
        effect=_enter,
    ),
    Transition(
        "confirm",
        gettext_lazy("Confirm the matter"),
        sources=(State.SUBMITTED,),
        target=State.UNDER_WAY,
        roles={Role.CLERK},
        effect=_confirm,
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(State.SUBMITTED,),
        target=State.RETURNED,
        roles={Role.CLERK},
        reason=True,
        awaited=False,
    ),
    Transition(
        "finish",
        gettext_lazy("Record as done"),
        sources=(State.UNDER_WAY,),
        target=State.FINISHED,
        roles=LOCAL,
        needs=(_is_reported,),
        effect=_await_ratings,
        page="services:matter_finish",
    ),
    Transition(
        "rate",
        gettext_lazy("Close with the residents' ratings"),
        sources=(State.FINISHED,),
        target=State.RATED,
        roles={Role.CLERK},
        needs=(_is_rated,),
    ),
    Transition(
        "reopen",
        gettext_lazy("Not done yet: reopen"),
        sources=(State.FINISHED,),
        target=State.UNDER_WAY,
        roles={Role.CLERK},
        effect=_reopen,
        reason=True,
        danger=True,
        awaited=False,
    ),
    Transition(
        "ask_again",
        gettext_lazy("Ask the residents again"),
        sources=(State.RATED,),
        target=State.FINISHED,
        roles={Role.CLERK},
        effect=_await_ratings,
        reason=True,
        awaited=False,
    ),
    # The day to finish is the matter's own, that of the ratings the year's; the keys let the schedule remind of them.
    limits={State.SUBMITTED: "matter_confirm", State.UNDER_WAY: "matter_finish", State.FINISHED: "matter_rate"},
    tags={State.RATED: "ok", State.RETURNED: "bad", State.SUBMITTED: "near", State.FINISHED: "near"},
)
