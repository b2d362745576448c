"""What residents said, as counts: of villages in a year, or of one matter."""

from dataclasses import dataclass

from django.db.models import QuerySet

from services.choices_ratings import Aspect
from services.models import Matter, Rating, RatingNote
from services.querysets_ratings import counts

#: Results stand on pages from so many ratings on: among fewer one could guess who said what.
SHOWN_FROM = 5


@dataclass(frozen=True)
class Result:
    """`satisfied` of those `asked`, in the order of `Aspect`."""

    asked: int
    satisfied: tuple[int, ...]

    @property
    def is_shown(self) -> bool:
        return self.asked >= SHOWN_FROM

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """(aspect, satisfied, asked)"""
        return [(aspect.label, n, self.asked) for aspect, n in zip(Aspect, self.satisfied, strict=True)]


NOTHING = Result(0, (0,) * len(Aspect))


def results_by(ratings: QuerySet[Rating], column: str) -> dict[int, Result]:
    """Value of the column → what was said; one query."""
    rows = ratings.order_by().values(column).annotate(**counts())
    return {row[column]: Result(row["asked"], tuple(row[f"satisfied_{one.value}"] for one in Aspect)) for row in rows}


def notes_on(user, matter: Matter, result: Result) -> list[str]:
    """What was written beside the ratings of the matter; nothing before its results are shown. One query or none."""
    if not result.is_shown:
        return []
    # By their random keys: the order in which they came is nobody's to know.
    return list(RatingNote.objects.visible_to(user).filter(matter=matter).order_by("pk").values_list("text", flat=True))
