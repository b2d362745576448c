"""Households, bodies and their members on a day, which is an argument."""

from datetime import date

from django.db.models import Count, Q, Sum

from core.scoping import ScopedQuerySet


class DatedQuerySet(ScopedQuerySet):
    """Rows that hold from `starts_on` on; `ends_on` is the first day on which they don't."""

    def on(self, day: date):
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class HouseholdQuerySet(DatedQuerySet):
    def counted(self) -> dict[str, int]:
        """{"households": …, "people": …, "adults": …}; one query."""
        found = self.order_by().aggregate(households=Count("pk"), people=Sum("people"), adults=Sum("adults"))
        return {name: number or 0 for name, number in found.items()}


class BodyQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """The bodies that stood on the day, whether their term had run out or not."""
        return self.filter(Q(formed_on__lte=day), Q(ended_on__isnull=True) | Q(ended_on__gt=day))
