"""Deliberations: what may still be changed, what was decided in a year."""

from datetime import date

from core.scoping import ScopedQuerySet
from services.choices_deliberations import DRAFTS


class DeliberationQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What was put to a vote is not changed afterwards; until then it may be reworded or deleted."""
        rows = super().visible_to(user, verb)
        return rows.filter(state__in=DRAFTS) if verb in ("change", "delete") else rows

    def of_villages(self):
        """Matters of the whole village."""
        return self.filter(hamlet__isnull=True)

    def decided_between(self, first: date, last: date):
        """Decided from `first` to `last`, both included; by the procedure or outside it."""
        return self.filter(decided_on__range=(first, last))
