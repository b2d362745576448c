"""What can be measured of deliberations: whether village matters go the whole way."""

from collections import defaultdict
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from services.choices_deliberations import VILLAGE_STEPS, VOTES, DeliberationState, StepKind
from services.models import Deliberation, DeliberationStep
from services.trail import Limits, dues_of

FOUR_DELIBERATIONS = tuple(name for name in VILLAGE_STEPS if name in VOTES)


def _decided(villages: QuerySet, period: Period) -> list[Deliberation]:
    """The village matters decided in the year by the day, with `taken`: their steps up to then. Two queries."""
    steps = Prefetch("steps", DeliberationStep.objects.filter(held_on__lte=period.as_of), to_attr="taken")
    rows = Deliberation.objects.of_villages().filter(village__in=villages)
    return list(rows.decided_between(period.start, period.as_of).prefetch_related(steps).order_by("decided_on", "pk"))


def missing_of(deliberation: Deliberation, taken: dict[str, DeliberationStep], limits: Limits, day: date) -> list[str]:
    """The steps that the matter lacks: those it left out, and disclosures whose limit is past."""
    if deliberation.state == DeliberationState.OUTSIDE:
        return [name for name in FOUR_DELIBERATIONS if name not in taken]
    dues = dues_of(deliberation, taken, limits)
    return [name for name, due in dues.items() if name not in taken and due < day]


@shared
def _missing(villages: QuerySet, period: Period) -> list[tuple[Deliberation, list[str]]]:
    limits = Limits.load()
    return [
        (one, missing_of(one, {step.step: step for step in one.taken}, limits, period.as_of))
        for one in _decided(villages, period)
    ]


@indicator(
    "deliberations_full",
    name=gettext_lazy("Village matters decided by the full deliberation procedure"),
    kind=Kind.SHARE,
    unit=gettext_lazy("matters"),
    evidence=gettext_lazy("The steps on record with their votes"),
)
def deliberations_full(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the village matters decided in the year; a village without any is not measured.

    What the villagers voted down took the whole way to a decision and has nothing to disclose or carry out: it is full.
    """
    found = defaultdict(lambda: [0, 0])
    for one, missing in _missing(villages, period):
        found[one.village_id][0] += not missing
        found[one.village_id][1] += 1
    return {pk: Measure(*counts) for pk, counts in found.items()}


@deliberations_full.shortfalls
def deliberations_not_full(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Each matter that is not full, with the steps that it lacks."""
    found = defaultdict(list)
    for one, missing in _missing(villages, period):
        if missing:
            facts = {"subject": one.subject, "steps": _(", ").join(str(StepKind(name).label) for name in missing)}
            label = _("%(subject)s: lacks %(steps)s") % facts
            found[one.village_id].append(Shortfall(label, reverse("services:deliberations_detail", args=[one.pk])))
    return dict(found)
