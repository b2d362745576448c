"""Which hamlets lie in which grid on a day."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from core.shared import shared
from services.models import Grid, GridHamlet
from villages.models import Hamlet, Village


@dataclass(frozen=True)
class Cell:
    """A hamlet, and the grid that it lies in, if any."""

    hamlet: Hamlet
    grid: Grid | None

    @property
    def lacks(self) -> tuple[bool, bool]:
        """Of the grid: no leader, no board."""
        return (not self.grid.led_by, not self.grid.has_board) if self.grid else (True, True)

    @property
    def is_covered(self) -> bool:
        """By a grid with leader and board."""
        return self.grid is not None and not any(self.lacks)

    @property
    def look(self) -> str:
        """How its tag looks."""
        return "plain" if self.is_covered else "near" if self.grid else "bad"


@dataclass(frozen=True)
class Ground:
    """A village's hamlets."""

    village: Village
    cells: list[Cell] = field(default_factory=list)

    @property
    def covered(self) -> int:
        return sum(cell.is_covered for cell in self.cells)

    @property
    def without(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.grid is None]


@shared
def grounds_on(villages: QuerySet, day: date) -> list[Ground]:
    """One a village that stood on the day, in code order; three queries, however many."""
    grids = {}
    rows = GridHamlet.objects.on(day).filter(grid__in=Grid.objects.on(day).filter(village__in=villages))
    for row in rows.select_related("grid__leader").defer("grid__leader__id_number", "grid__leader__phone"):
        grids[row.hamlet_id] = row.grid
    cells = defaultdict(list)
    for hamlet in hamlets_on(day).filter(village__in=villages).order_by("name"):
        cells[hamlet.village_id].append(Cell(hamlet, grids.get(hamlet.pk)))
    standing = villages.on(day).select_related("township").order_by("code")
    return [Ground(village, cells[village.pk]) for village in standing]


def hamlets_on(day: date) -> QuerySet:
    """The hamlets that stood on the day."""
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    return Hamlet.objects.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day))
