"""Commitments of a year, and what was done of them by a day."""

from datetime import date

from core.scoping import ScopedQuerySet
from services.choices_commitments import CommitmentState


class CommitmentQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What the meeting has appraised is not changed under its hands."""
        rows = super().visible_to(user, verb)
        return rows.exclude(state=CommitmentState.APPRAISED) if verb in ("change", "delete") else rows

    def promised_by(self, day: date):
        return self.filter(promised_on__lte=day)
