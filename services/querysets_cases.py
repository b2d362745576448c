"""Which cases may be changed by whom, and those that belong together."""

from django.db.models import Q, QuerySet

from core import rights
from core.roles import Role
from core.scoping import ScopedQuerySet, in_any_range
from services.choices_cases import OPEN, CaseState

#: What each tier may still correct: its own cases and those of the tiers below; what has ended stays as it is.
CORRECTED_BY = {
    Role.SECRETARY: tuple(state for state in OPEN if state not in (CaseState.TOWNSHIP, CaseState.DISTRICT)),
    Role.CLERK: tuple(state for state in OPEN if state != CaseState.DISTRICT),
    Role.DISTRICT: OPEN,
}


class CaseQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """As anywhere; changed by the tier with which a case lies, or a higher one, and deleted before it is begun."""
        rows = super().visible_to(user, verb)
        if verb == "delete":
            return rows.filter(state=CaseState.HEARD)
        return rows.filter(self._correctable(user)) if verb == "change" else rows

    def _correctable(self, user) -> Q:
        """Of each role that changes cases: the states it may correct, in the territory where it is held."""
        found = Q(pk__in=())
        if not (user and user.is_active):
            return found
        for role in rights.roles(self.model, "change"):
            held = in_any_range(self.scope_path, user.scopes(frozenset({role})))
            found |= held & Q(state__in=CORRECTED_BY[role])
        return found

    def open(self) -> QuerySet:
        return self.filter(state__in=OPEN)

    def with_place(self) -> QuerySet:
        """With what a page shows of the place, in the same query."""
        return self.select_related("village__township", "hamlet", "grid", "joined_to")
