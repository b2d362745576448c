"""What would bring points to villages, live: a line a village and criterion with its records, the most urgent first.

It asks the registry of indicators alone, so that each app that comes adds its own lines. The number of queries depends
on the indicators, not on the villages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import indicators
from core.indicators import Shortfall
from core.periods import Period
from scoring.choices import Group
from scoring.models import Criterion, Standard
from scoring.rules import MUST_FAILED, VETOED, Line
from scoring.runner import grades
from villages.models import Village

NAMED = 2  # records named on a line; the rest are counted


class Urgency(TextChoices):
    """In the order in which they are shown."""

    MUST = "must", _("A must is not reached: the group fails")
    UNKNOWN = "unknown", _("Nothing on record: the village can't be judged")
    LOSES = "loses", _("Loses points")


@dataclass(frozen=True)
class Todo:
    """`lost`: hundredths of points; for what is not on record, the points that hang on it."""

    village: Village
    criterion: Criterion
    urgency: Urgency
    lost: int
    records: list[Shortfall]

    @property
    def url(self) -> str:
        """Where it is done: the record itself, or the sheet of the village where there are several."""
        if len(self.records) == 1:
            return self.records[0].url
        return f"{reverse('dashboards:village', args=[self.village.code])}#g-{self.criterion.group}"

    @property
    def named(self) -> list[Shortfall]:
        return self.records[:NAMED]

    @property
    def more(self) -> int:
        return max(0, len(self.records) - NAMED)


def todos(villages: QuerySet, period: Period, standard: Standard) -> list[Todo]:
    """Everything that can be mended in these villages. A record stands once, where it weighs most."""
    criteria = {criterion.number: criterion for criterion in standard.criteria.all()}
    if not criteria:
        return []
    graded = list(grades(villages, period, standard.terms()))
    open_lines = [(village, line) for village, figure in graded for line in figure.lines if _is_open(line)]
    found = _shortfalls(villages, period, {criteria[line.number].indicator for _village, line in open_lines})
    lines = [_todo(village, criteria[line.number], line, found) for village, line in open_lines]
    return list(_each_record_once(sorted(lines, key=_rank)))


def _is_open(line: Line) -> bool:
    return line.left_out or line.lost > 0


def _shortfalls(villages: QuerySet, period: Period, keys: Iterable[str]) -> dict:
    known = {key: indicators.get(key) for key in sorted(keys)}
    return {key: indicator.find_shortfalls(villages, period) for key, indicator in known.items() if indicator}


def _todo(village: Village, criterion: Criterion, line: Line, found: dict) -> Todo:
    if line.flags & (MUST_FAILED | VETOED):
        urgency = Urgency.MUST
    else:
        urgency = Urgency.UNKNOWN if line.left_out else Urgency.LOSES
    records = list(found.get(criterion.indicator, {}).get(village.pk, ()))
    return Todo(village, criterion, urgency, line.lost or criterion.points, records)


def _rank(todo: Todo) -> tuple:
    return (list(Urgency).index(todo.urgency), -todo.lost, todo.village.code, todo.criterion.number)


def _each_record_once(todos: list[Todo]) -> Iterable[Todo]:
    """A missing room is missing for two criteria: it is one thing to do. What has no record to open is left out."""
    seen = set()
    for todo in todos:
        records = [record for record in todo.records if (todo.village.pk, record.url) not in seen]
        seen |= {(todo.village.pk, record.url) for record in records}
        if records:
            yield Todo(todo.village, todo.criterion, todo.urgency, todo.lost, records)


def by_urgency(todos: list[Todo], most: int | None = None) -> list[tuple[Urgency, list[Todo], int]]:
    """(urgency, its lines, how many there are in all); `most` lines of each."""
    groups = [(urgency, [todo for todo in todos if todo.urgency == urgency]) for urgency in Urgency]
    return [(urgency, lines[:most], len(lines)) for urgency, lines in groups if lines]


def of_group(todos: list[Todo], group: str) -> list[Todo]:
    """Those of one standardisation; any other word: all."""
    return [todo for todo in todos if todo.criterion.group == group] if group in Group.values else todos
