"""Counting ratings: satisfied of those asked, per aspect, in the database."""

from django.db.models import Count, F, Q

from core.scoping import ScopedQuerySet
from services.choices_ratings import SATISFIED, Aspect

#: Satisfied on the whole is whose three steps reach the cut on average: one resident, one verdict, in integers.
ON_THE_WHOLE = len(Aspect) * SATISFIED


def counts() -> dict[str, Count]:
    """Aggregates by name: `asked`, and for each aspect how many were satisfied with it."""
    satisfied = {aspect.value: Count("pk", filter=Q(**{f"{aspect.value}__gte": SATISFIED})) for aspect in Aspect}
    return {"asked": Count("pk")} | {f"satisfied_{name}": count for name, count in satisfied.items()}


class RatingQuerySet(ScopedQuerySet):
    def counted(self):
        """Without the batches that were withdrawn."""
        return self.filter(Q(batch__isnull=True) | Q(batch__withdrawn_on__isnull=True))

    def of_services(self):
        """On matters and requests, by which a year is judged. Rounds are samples for a comparison."""
        return self.filter(round__isnull=True)

    def with_total(self):
        """`total`: the sum of the three steps."""
        return self.annotate(total=F("time") + F("result") + F("attitude"))


class RatingBatchQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What was withdrawn stays as it was."""
        rows = super().visible_to(user, verb)
        return rows.filter(withdrawn_on__isnull=True) if verb == "change" else rows
