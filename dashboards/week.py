"""What a secretary has to do this week: what waits in the flows, today's duty, the visits of the quarter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadres.choices_development import DutyState
from cadres.models import DutyDay
from core.registers.flow import Due
from core.workflow.todo import WEEK, Waiting
from services.help import Helped, Quarter, helped_on
from services.models import HelpedPerson

FIRST = 6  # errands before the fold: what can be entered stays within reach of a thumb


class Errand(NamedTuple):
    """A thing to do: what, of which kind, until when (None: no day is set), and where it is done."""

    what: str
    about: str
    due: Due | None
    url: str


@dataclass(frozen=True)
class Week:
    """`now`: late, or due within the week, what is longest overdue first; `later`: due after it or on no set day."""

    now: list[Errand]
    later: list[Errand]

    @property
    def first(self) -> list[Errand]:
        return self.now[:FIRST]

    @property
    def rest(self) -> list[Errand]:
        return self.now[FIRST:]

    @property
    def late(self) -> int:
        return sum(errand.due.kind == "bad" for errand in self.now)


def week_of(user, waiting: list[Waiting], day: date) -> Week:
    """The person's week from what waits for him (`core.workflow.todo.waiting_for`); one query more, for the duty."""
    errands = [*_duties(user, day), *_waiting(waiting)]
    errands.sort(key=lambda errand: errand.due.day if errand.due else date.max)
    until = day + WEEK
    now = [errand for errand in errands if errand.due and errand.due.day <= until]
    return Week(now, errands[len(now) :])


def _duties(user, day: date) -> Iterator[Errand]:
    """Whoever is on duty today and has not checked in."""
    rows = DutyDay.objects.visible_to(user, "check_in").filter(day=day, state=DutyState.DUE)
    for row in rows.select_related("person", "village").order_by("village__code"):
        about = _("%(person)s, %(village)s") % {"person": row.person, "village": row.village}
        yield Errand(
            _("Check in for duty today"), about, Due("near", _("Due today"), day), reverse("cadres:duty_today")
        )


def _waiting(waiting: list[Waiting]) -> Iterator[Errand]:
    """A line a record; where the list of a state is cut, one more for the rest."""
    for part in waiting:
        about = _("%(title)s: %(state)s") % {"title": part.register.model._meta.verbose_name, "state": part.state_label}
        yield from (Errand(str(line.row), about, line.due, line.url) for line in part.lines)
        if rest := part.total - len(part.lines):
            yield Errand(ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest}, about, None, part.url)


# ---- visits ----


@dataclass(frozen=True)
class Visits:
    """Those who must be visited in a quarter; `waiting`: whom nobody has visited yet."""

    quarter: Quarter
    asked: list[Helped]

    @property
    def waiting(self) -> list[Helped]:
        return [one for one in self.asked if self.quarter not in one.visits]

    @property
    def done(self) -> int:
        return len(self.asked) - len(self.waiting)


def visits_of(user, villages: QuerySet, day: date) -> Visits:
    """The quarter's visits of those whose records the person reads. Three queries."""
    quarter = Quarter.of(day)
    people = HelpedPerson.objects.visible_to(user).filter(village__in=villages.order_by()).order_by("name")
    return Visits(quarter, [one for one in helped_on(people, day, [quarter]) if one.asked_in(quarter)])
