"""Figure 7: how satisfied residents were before and after, counted from their ratings."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.figures import Ask, Bar, Series, figure
from services.choices_ratings import Aspect, Phase
from services.models import Rating, RatingRound, RoundVillage
from services.querysets_ratings import counts


class Tally(NamedTuple):
    """How many of those asked were satisfied."""

    satisfied: int
    asked: int


@dataclass(frozen=True)
class BeforeAfter:
    """`tallies[aspect][phase]`; `villages` that were asked in both rounds' samples; `is_inferred`: no slips were seen."""

    year: int
    tallies: dict[str, dict[str, Tally]]
    villages: int
    is_inferred: bool
    source: str


def satisfaction_before_after(villages: QuerySet, year: int | None = None) -> BeforeAfter | None:
    """The comparison of a year, the latest if none is named, over those of `villages` that took part. Three queries.

    Of a phase without ratings the tally is 0 of 0. None where there is no round.
    """
    rounds = RatingRound.objects.filter(takes_part__village__in=villages).order_by("-year").distinct()
    rounds = [one for one in rounds if year is None or one.year == year]
    if not rounds:
        return None
    year = rounds[0].year
    rounds = [one for one in rounds if one.year == year]
    part = RoundVillage.objects.filter(round=OuterRef("round"), village=OuterRef("village"))
    ratings = Rating.objects.counted().filter(round__in=rounds, village__in=villages).filter(Exists(part))
    found = {row["round__phase"]: row for row in ratings.order_by().values("round__phase").annotate(**counts())}
    asked = ratings.order_by().aggregate(n=Count("village", distinct=True))["n"]
    tallies = {
        aspect.value: {phase.value: _tally(found.get(phase.value), aspect.value) for phase in Phase}
        for aspect in Aspect
    }
    sources = "；".join(dict.fromkeys(one.source for one in rounds if one.source))
    return BeforeAfter(year, tallies, asked, any(one.is_inferred for one in rounds), sources)


def _tally(row: dict | None, aspect: str) -> Tally:
    return Tally(row[f"satisfied_{aspect}"], row["asked"]) if row else Tally(0, 0)


@figure(
    7,
    "satisfaction",
    _("Residents' satisfaction before and after"),
    unit=_("ratings"),
    is_sample=True,
    records=lambda ask: reverse("services:rating_rounds_list"),
)
def satisfaction(ask: Ask) -> list[Series]:
    """The two rounds of the year among the villages that took part; nothing in a year without rounds."""
    found = satisfaction_before_after(ask.villages, ask.year)
    if found is None:
        return []
    return [
        Series(
            phase.value,
            phase.label,
            [Bar(aspect.value, aspect.label, *found.tallies[aspect.value][phase.value]) for aspect in Aspect],
            found.source,
        )
        for phase in Phase
    ]
