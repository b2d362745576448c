"""Questions about the ground. Days are arguments."""

from datetime import date

from django.db.models import Case, CharField, Count, F, Q, Value, When

from core.scoping import CatalogueQuerySet, ScopedQuerySet
from villages.choices import COMMUNITIES, AdoptionState, AppliesTo


def applies_to_kind(village_kind: str = "kind") -> Case:
    """SQL: which `AppliesTo` a village's kind falls under."""
    return Case(
        When(**{f"{village_kind}__in": COMMUNITIES}, then=Value(AppliesTo.COMMUNITY)),
        default=Value(AppliesTo.VILLAGE),
        output_field=CharField(),
    )


class VillageQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """Those that stood on the day."""
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )

    def with_applies_to(self):
        return self.annotate(falls_under=applies_to_kind())


class RegulationQuerySet(CatalogueQuerySet):
    def required_on(self, day: date):
        return self.filter(Q(required_from__lte=day), Q(required_until__isnull=True) | Q(required_until__gte=day))


class AdoptionQuerySet(ScopedQuerySet):
    def in_force_on(self, day: date):
        """Adopted by the day, reviewed, and not abolished by then."""
        return self.filter(
            Q(state__in=(AdoptionState.IN_FORCE, AdoptionState.ABOLISHED)),
            Q(adopted_on__lte=day),
            Q(abolished_on__isnull=True) | Q(abolished_on__gt=day),
        )

    def required_on(self, day: date):
        """Those in force that the catalogue asks of this kind of village on the day."""
        return (
            self.in_force_on(day)
            .filter(
                Q(regulation__required_from__lte=day),
                Q(regulation__required_until__isnull=True) | Q(regulation__required_until__gte=day),
            )
            .annotate(falls_under=applies_to_kind("village__kind"))
            .filter(Q(regulation__applies_to=AppliesTo.ALL) | Q(regulation__applies_to=F("falls_under")))
        )


class LegalRuleQuerySet(CatalogueQuerySet):
    def on(self, day: date):
        return self.filter(Q(in_force_from__lte=day), Q(in_force_until__isnull=True) | Q(in_force_until__gte=day))


def townships_at_a_glance(day: date) -> list[dict]:
    """Each township with its numbers of communities and villages on the day: public knowledge, shown before sign-in."""
    from villages.models import Village

    rows = (
        Village.objects.on(day)
        .values("township__name")
        .annotate(communities=Count("pk", filter=Q(kind__in=COMMUNITIES)), total=Count("pk"))
        .order_by("township__code")
    )
    return [
        {
            "name": row["township__name"],
            "communities": row["communities"],
            "villages": row["total"] - row["communities"],
        }
        for row in rows
    ]
