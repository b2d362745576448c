"""What can be measured of grids: the hamlets that lie in one with leader and notice board."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from services.grids import Cell, Ground, grounds_on
from services.models import Grid


@indicator(
    "grid_coverage",
    name=gettext_lazy("Hamlets covered by a grid with leader and notice board"),
    kind=Kind.SHARE,
    unit=gettext_lazy("hamlets"),
    evidence=gettext_lazy("The grids on record with their hamlets"),
)
def grid_coverage(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of villages that ever had a grid on record: hamlets covered of hamlets that stood."""
    known = _known(villages)
    grounds = grounds_on(villages, period.as_of)
    return {
        one.village.pk: Measure(one.covered, len(one.cells)) for one in grounds if one.village.pk in known and one.cells
    }


def _known(villages: QuerySet) -> set[int]:
    return set(Grid.objects.filter(village__in=villages).order_by().values_list("village", flat=True).distinct())


@grid_coverage.shortfalls
def not_covered(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Each hamlet without a grid, and each grid that lacks leader or board."""
    return {
        ground.village.pk: [_lacking(ground, cell) for cell in ground.cells if not cell.is_covered]
        for ground in grounds_on(villages, period.as_of)
    }


def _lacking(ground: Ground, cell: Cell) -> Shortfall:
    if cell.grid is None:
        url = f"{reverse('services:grid_gaps')}?place={ground.village.code}"
        return Shortfall(_("%(hamlet)s: no grid") % {"hamlet": cell.hamlet}, url)
    label = {
        (True, True): _("%(hamlet)s: %(grid)s has neither leader nor board"),
        (True, False): _("%(hamlet)s: %(grid)s has no leader"),
        (False, True): _("%(hamlet)s: %(grid)s has no board"),
    }[cell.lacks] % {"hamlet": cell.hamlet, "grid": cell.grid}
    return Shortfall(label, reverse("services:grids_edit", args=[cell.grid.pk]))
