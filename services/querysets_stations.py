"""Stations, items in force and requests: on a day, which is an argument."""

from datetime import date

from django.db.models import F, Q

from core.scoping import CatalogueQuerySet, RegionalQuerySet, ScopedQuerySet
from services.choices_stations import OPEN_STATES, RequestState
from villages.models import Village


class StationQuerySet(RegionalQuerySet):
    def on(self, day: date):
        return self.filter(Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def serving(self, village: Village):
        """The stations where the people of a village are served: its own, and its township's."""
        return self.filter(Q(village=village) | Q(township=village.township_id))


class ServiceItemQuerySet(CatalogueQuerySet):
    def on(self, day: date):
        return self.filter(Q(in_force_from__lte=day), Q(in_force_until__isnull=True) | Q(in_force_until__gte=day))


class ServiceRequestQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What is finished or withdrawn is not changed any more."""
        rows = super().visible_to(user, verb)
        return rows.filter(state__in=OPEN_STATES) if verb in ("change", "delete") else rows

    def late_on(self, day: date):
        """Open on the day past what was promised, or finished after it."""
        open_late = Q(state__in=OPEN_STATES, promised_by__lt=day)
        return self.filter(open_late | Q(state=RequestState.FINISHED, finished_on__gt=F("promised_by")))
