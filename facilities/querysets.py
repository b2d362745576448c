"""Questions about standards of rooms and what villages have of them. Days are arguments."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from core import rights
from core.scoping import RegionalQuerySet, ScopedQuerySet
from core.shared import shared
from facilities.choices import SetState
from villages.choices import AppliesTo

#: A published set never changes: the door itself says no.
DRAFT_ONLY = ("change", "delete", "publish")
#: Digits of the divisions that may have a set of their own: everywhere, province, city, district.
LEVELS = (0, 2, 4, 6)


class RoomSetQuerySet(RegionalQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """Drafts are seen by those who may change them; only drafts can be changed."""
        rows = super().visible_to(user, verb)
        if verb in DRAFT_ONLY:
            return rows.filter(state=SetState.DRAFT)
        if verb == "view" and not rights.can(user, "change", self.model):
            return rows.exclude(state=SetState.DRAFT)
        return rows

    def on(self, day: date):
        """The sets that hold on the day, somewhere; which one counts at a place is for `pick`."""
        return self.exclude(state=SetState.DRAFT).filter(
            Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class OfSetQuerySet(RegionalQuerySet):
    """Rows of a set: seen with it, changed with it while it is a draft."""

    def visible_to(self, user, verb: str = "view"):
        sets = self.model._meta.get_field("room_set").related_model.objects
        if not rights.can(user, verb, self.model):
            return self.none()
        seen = sets.visible_to(user, "view" if verb == "view" else "change")
        return self.filter(room_set__in=seen).select_related("room_set")


class DatedQuerySet(ScopedQuerySet):
    """Rows of a village that hold from `starts_on` to `ends_on`, both days in it; an empty date is open."""

    def on(self, day: date):
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


def pick(sets: Iterable, code: str):
    """Of sets that hold on one day the one for a place: the most local, then the newest. None where none covers it."""
    covering = [s for s in sets if code.startswith(s.territory_code)]
    return max(covering, key=lambda s: (len(s.territory_code), s.valid_from, s.edition), default=None)


@shared
def sets_on(villages: QuerySet, day: date) -> dict[int, object]:
    """Each village's room set on a day, by its id, with `rooms` and `equipment` read; without a set it is left out.

    An assignment names a set by its key; without one the set counts that is the default for the village's kind. Either
    way the edition in force on the day. Five queries, however many villages.
    """
    from facilities.models import RoomSet, SetAssignment

    kinds = list(villages.with_applies_to().order_by().values_list("pk", "scope_code", "falls_under"))
    places = {code[:digits] for _pk, code, _kind in kinds for digits in LEVELS}
    sets = list(RoomSet.objects.on(day).filter(territory_code__in=places).prefetch_related("rooms", "equipment"))
    holding = SetAssignment.objects.on(day).filter(village__in=villages)
    assigned = dict(holding.order_by("starts_on").values_list("village_id", "room_set__key"))
    found = {}
    for pk, code, kind in kinds:
        own = [s for s in sets if s.key == assigned[pk]] if pk in assigned else []
        if chosen := pick(own or [s for s in sets if s.default_for in (AppliesTo.ALL, kind)], code):
            found[pk] = chosen
    return found
