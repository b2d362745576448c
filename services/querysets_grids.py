"""Grids and the hamlets in them: on a day, which is an argument."""

from datetime import date

from django.db.models import Q

from core.scoping import ScopedQuerySet


class GridQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """The grids that stood on the day."""
        return self.filter(Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def complete(self):
        """Those with a leader and a notice board."""
        return self.filter(Q(leader__isnull=False) | ~Q(leader_name=""), has_board=True)


class GridHamletQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """The hamlets that lay in a grid on the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))
