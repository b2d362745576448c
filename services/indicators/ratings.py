"""What residents say: satisfied of those who rated, whatever it was that they rated in the year."""

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from services.choices_ratings import Aspect
from services.models import Rating
from services.querysets_ratings import ON_THE_WHOLE, counts


def _ratings(villages: QuerySet, period: Period) -> QuerySet:
    rows = Rating.objects.counted().of_services().with_total()
    rows = rows.filter(village__in=villages, on__range=(period.start, period.as_of))
    return rows.order_by().values("village")


@indicator(
    "residents_satisfaction",
    name=gettext_lazy("Residents' satisfaction with time, result and attitude"),
    kind=Kind.SHARE,
    unit=gettext_lazy("ratings"),
    evidence=gettext_lazy("Slips and answers by link; withdrawn batches don't count"),
)
def residents_satisfaction(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Ratings whose three steps reach “satisfied” on average, of all on matters and requests of the year. One query."""
    satisfied = Count("pk", filter=Q(total__gte=ON_THE_WHOLE))
    rows = _ratings(villages, period).annotate(asked=Count("pk"), satisfied=satisfied)
    return {row["village"]: Measure(row["satisfied"], row["asked"]) for row in rows}


@residents_satisfaction.shortfalls
def aspects_dissatisfied(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Per village, what the dissatisfied were dissatisfied with, the weakest first; to the village's ratings."""
    board = reverse("services:rating_board")
    totals = residents_satisfaction(villages, period)
    found = {}
    for row in _ratings(villages, period).annotate(**counts()):
        pk = row["village"]
        if totals[pk].num == totals[pk].den:
            continue
        lacks = {aspect: row["asked"] - row[f"satisfied_{aspect.value}"] for aspect in Aspect}
        found[pk] = [
            Shortfall(_label(aspect, lacks[aspect], row["asked"]), f"{board}?village={pk}&year={period.year}")
            for aspect in sorted(lacks, key=lambda one: -lacks[one])
            if lacks[aspect]
        ]
    return found


def _label(aspect: Aspect, lacking: int, asked: int) -> str:
    facts = {"aspect": aspect.label, "n": lacking, "all": asked}
    return _("%(aspect)s: %(n)d of %(all)d not satisfied") % facts
