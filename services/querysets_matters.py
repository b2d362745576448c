"""Practical matters: who may word them anew, and what of them stands on a day."""

from datetime import date

from django.db.models import Q

from core.roles import Role
from core.scoping import ScopedQuerySet
from services.choices_matters import OPEN_TO_EDIT, MatterState


class MatterQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What the township has before it is corrected by the township alone. What is under way may be added to (photos,
        an explanation: see `services.actions.matters.correct`), what is done stays as it is.
        """
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        own = [*OPEN_TO_EDIT]
        if verb == "change":
            own.append(MatterState.UNDER_WAY)
        if user and user.roles & {Role.CLERK, Role.DISTRICT}:
            own.append(MatterState.SUBMITTED)
        return rows.filter(state__in=own)

    def registered_by(self, day: date):
        """The matters that the township had confirmed by the day: those that count."""
        return self.filter(confirmed_on__lte=day)

    def due_by(self, day: date):
        """Of which it can be said on the day whether they were done: done, or past the day that was planned."""
        return self.registered_by(day).filter(Q(finished_on__lte=day) | Q(planned_by__lt=day))


class MatterNoteQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """Notes belong to what is under way."""
        rows = super().visible_to(user, verb)
        return rows if verb == "view" else rows.filter(matter__state=MatterState.UNDER_WAY)
