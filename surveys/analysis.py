"""A survey read by one person: shares with intervals and weights, tables, two rounds beside each other.

`Reading` says who reads what; `results`, `cross` and `changes` count it. The number of queries is constant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cadres.places import Place
from core.shares import points, rounded
from surveys import masks, weights
from surveys.choices import Unit
from surveys.counting import Counted, Line, Part, Tally, divided, lines_of, tallies, together
from surveys.given import questions_of
from surveys.models import Answer, Option, PlanRow, Question, Response, Survey
from surveys.statistics import is_beyond_chance, newcombe
from surveys.weights import Estimate, Weighting
from villages.choices import VillageKind

KIND = "response__village__kind"
#: The divider that is no question.
BY_KIND = "kind"
DECIMALS = 1


@dataclass
class Reading:
    """What `user` reads of a survey in a place; `only`: the sheets that chose this option of a dividing question.

    Who may not read the sheets themselves gets tables without small counts, and one cut at a time: a place or an option.
    """

    user: object
    survey: Survey
    place: Place
    only: Option | None = None

    def __post_init__(self):
        if self.only and not self.sees_rows and self.is_part:
            self.only = None

    @cached_property
    def questions(self) -> list[Question]:
        return questions_of(self.survey.edition)

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.questions)

    @cached_property
    def dividers(self) -> list[Question]:
        return [question for question in self.questions if question.is_stratum and question.options.all()]

    @property
    def is_part(self) -> bool:
        """Whether the place is a part of what the person sees."""
        return bool(self.place.path)

    @property
    def responses(self) -> QuerySet:
        rows = Response.objects.visible_to(self.user).filter(survey=self.survey).in_territory(self.place.code)
        return rows.filter(answers__option=self.only) if self.only else rows

    @cached_property
    def sheets(self) -> int:
        return self.responses.count()

    @cached_property
    def sees_rows(self) -> bool:
        """Whether nothing is hidden: the person may read every sheet, or a sheet stands for a village and no person."""
        if self.survey.unit == Unit.VILLAGE:
            return True
        rows = Response.objects.visible_to(self.user).filter(survey=self.survey).in_territory(self.place.code)
        return not rows.exclude(pk__in=Response.objects.readable_by(self.user).values("pk")).exists()

    @property
    def readable(self) -> QuerySet:
        """The sheets that the person may read one by one."""
        own = Response.objects.readable_by(self.user)
        return self.responses.filter(pk__in=own.values("pk"))

    @property
    def everything(self) -> QuerySet:
        """All answers that the person sees, in whatever place."""
        return Answer.objects.visible_to(self.user).filter(response__survey=self.survey)

    @property
    def answers(self) -> QuerySet:
        rows = self.everything.in_territory(self.place.code)
        return rows.filter(response__in=self.responses.values("pk")) if self.only else rows

    # ---- counted ----

    @cached_property
    def weighting(self) -> Weighting | None:
        plan = PlanRow.objects.visible_to(self.user).filter(survey=self.survey)
        return weights.weighting_of(plan, self.dividers)

    @cached_property
    def groups(self) -> dict[tuple, Tally]:
        """By stratum where the plan gives weights; else as one group."""
        found = self.weighting
        if found is None:
            return tallies(self.answers, self.lines)
        rows = divided(self.answers, found.divider) if found.divider else self.answers
        return tallies(rows, self.lines, *found.by)

    @cached_property
    def is_weighted(self) -> bool:
        return bool(self.weighting and self.groups and weights.is_complete(self.weighting, self.groups))

    @cached_property
    def tally(self) -> Tally:
        return together(self.groups.values())

    @cached_property
    def mask(self) -> masks.Mask:
        if self.sees_rows:
            return {line.key: set() for line in self.lines}
        if self.only:
            return {line.key: self._of_option(line) for line in self.lines}
        return self.of_place

    @cached_property
    def of_place(self) -> masks.Mask:
        """What is hidden of the place as a whole: the same for all who read tables, whatever else they see."""
        answers = Answer.objects.filter(response__survey=self.survey)
        seen = self.tally
        if self.only:
            seen = tallies(self.everything.in_territory(self.place.code), self.lines).get((), {})
        return masks.of_territory(self.lines, answers, self.survey.territory_code, self.place.code, seen)

    @cached_property
    def _by_divider(self) -> dict[str, Tally]:
        rows = divided(self.everything.in_territory(self.place.code), self.only.question)
        return {key or "": tally for (key,), tally in tallies(rows, self.lines, "divider__option__key").items()}

    def _of_option(self, line: Line) -> set[str]:
        """As in the table by the option's question: the rest would tell what is missing."""
        columns = {f"/{key}": tally[line.key] for key, tally in self._by_divider.items() if line.key in tally}
        whole = together(self._by_divider.values()).get(line.key, Counted())
        above = self.of_place[line.key]
        return masks.of_columns(line, columns, whole, above).get(f"/{self.only.key}", set())

    def estimate(self, line: Line, key: str | None) -> Estimate | None:
        """The share of a part, or (None) of the positive answers, weighted if it can be."""
        if self.is_weighted:
            return weights.weighted(self.weighting, self.groups, line, key)
        counted = self.tally.get(line.key, Counted())
        return weights.estimate(counted.positive if key is None else counted.nums.get(key, 0), counted.den)


# ---- one survey ----


@dataclass(frozen=True)
class Cell:
    """`num` of `den`, as percent; hidden: neither is known to the reader. `size`: the effective sample, if weighted."""

    label: str
    num: int = 0
    den: int = 0
    is_hidden: bool = False
    low: str = ""
    high: str = ""
    weighted: str = ""
    size: str = ""

    @property
    def text(self) -> str:
        return rounded(Fraction(self.num, self.den), DECIMALS) if self.den else ""


@dataclass(frozen=True)
class Shown:
    """A line with its parts; `den` is None where so few answered that nothing is shown."""

    line: Line
    den: int | None
    cells: list[Cell]
    positive: Cell | None
    mean: str


def results(reading: Reading) -> list[Shown]:
    """Every line of the survey, in the order of the questions."""
    return [_shown(reading, line) for line in reading.lines]


def _shown(reading: Reading, line: Line) -> Shown:
    counted, mask = reading.tally.get(line.key, Counted()), reading.mask[line.key]
    closed = masks.WHOLE in mask
    cells = [_cell(reading, line, counted, part, closed or part.key in mask) for part in line.parts]
    hides = masks.hides_positive(line, mask)
    positive = _cell(reading, line, counted, None, hides) if line.has_positive else None
    mean = "" if mask or not line.has_mean or counted.mean is None else f"{float(counted.mean):.2f}"
    return Shown(line, None if closed else counted.den, cells, positive, mean)


def _cell(reading: Reading, line: Line, counted: Counted, part: Part | None, is_hidden: bool) -> Cell:
    label = part.label if part else _("Positive answers")
    found = None if is_hidden else reading.estimate(line, part.key if part else None)
    if found is None:
        return Cell(label, is_hidden=is_hidden)
    num = counted.nums.get(part.key, 0) if part else counted.positive
    interval = f"{100 * found.low:.1f}", f"{100 * found.high:.1f}"
    if not reading.is_weighted:
        return Cell(label, num, counted.den, False, *interval)
    return Cell(label, num, counted.den, False, *interval, rounded(found.share, DECIMALS), f"{float(found.size):.1f}")


# ---- divided ----


@dataclass(frozen=True)
class Column:
    key: str
    label: str


@dataclass(frozen=True)
class CrossTable:
    """`rows` of (label, cells in the order of the columns, the whole last); `dens` likewise, None where hidden."""

    line: Line
    columns: list[Column]
    dens: list[int | None]
    rows: list[tuple[str, list[Cell]]]


def cross(reading: Reading, by: str) -> list[CrossTable]:
    """Every line by kind of village (`BY_KIND`) or by a dividing question's key. Raises KeyError for another."""
    columns, groups = _divided(reading, by)
    whole = together(groups.values())
    above = {line.key: set() for line in reading.lines} if reading.sees_rows else reading.of_place
    return [
        _cross(reading, line, columns, groups, whole.get(line.key, Counted()), above[line.key])
        for line in reading.lines
        if line.question.key != by and line.parts
    ]


def _divided(reading: Reading, by: str) -> tuple[list[Column], dict[str, Tally]]:
    if by == BY_KIND:
        found = tallies(reading.answers, reading.lines, KIND)
        columns = [Column(kind.value, str(kind.label)) for kind in VillageKind]
    else:
        question = {one.key: one for one in reading.dividers}[by]
        found = tallies(divided(reading.answers, question), reading.lines, "divider__option__key")
        columns = [Column(option.key, option.label) for option in question.options.all()]
    groups = {key or "": tally for (key,), tally in found.items()}
    if "" in groups:
        columns.append(Column("", _("Not said")))
    return [column for column in columns if column.key in groups], groups


def _cross(reading: Reading, line: Line, columns: list[Column], groups: dict, whole: Counted, above: set) -> CrossTable:
    counted = {f"/{one.key}": groups[one.key].get(line.key, Counted()) for one in columns}
    masked = {group: set() for group in counted} if reading.sees_rows else masks.of_columns(line, counted, whole, above)
    pairs = [*((counted[group], masked[group]) for group in counted), (whole, above)]
    return CrossTable(
        line,
        [*columns, Column("*", _("All"))],
        [None if masks.WHOLE in mask else one.den for one, mask in pairs],
        [(part.label, [_plain(part, one, mask) for one, mask in pairs]) for part in line.parts],
    )


def _plain(part: Part, counted: Counted, mask: set[str]) -> Cell:
    if masks.WHOLE in mask or part.key in mask:
        return Cell(part.label, is_hidden=True)
    return Cell(part.label, counted.nums.get(part.key, 0), counted.den)


# ---- two rounds ----


@dataclass(frozen=True)
class Change:
    """A part before and now; the difference in percentage points with its interval, and whether it is more than chance."""

    before: Cell
    now: Cell
    moved: str = ""
    low: str = ""
    high: str = ""
    is_sure: bool = False
    said: str = ""

    @property
    def is_hidden(self) -> bool:
        return self.before.is_hidden or self.now.is_hidden


@dataclass(frozen=True)
class Compared:
    line: Line
    changes: list[Change]


def compared(now: Reading, before: Reading) -> list[Compared]:
    """What both rounds asked: questions and rows of the same key, options of the same key."""
    earlier = {line.key: line for line in before.lines}
    found = []
    for line in now.lines:
        if own := earlier.get(line.key):
            keys = {part.key for part in own.parts}
            parts = [part for part in line.parts if part.key in keys]
            changes = [_change(now, before, line, own, part) for part in parts]
            if line.has_positive and own.has_positive:
                changes.append(_change(now, before, line, own, None))
            found.append(Compared(line, changes))
    return [one for one in found if one.changes]


def _change(now: Reading, before: Reading, line: Line, own: Line, part: Part | None) -> Change:
    cells = [_of(reading, which, part) for reading, which in ((before, own), (now, line))]
    key = part.key if part else None
    was, found = before.estimate(own, key), now.estimate(line, key)
    if was is None or found is None or cells[0].is_hidden or cells[1].is_hidden:
        return Change(*cells)
    change = found.share - was.share
    sizes = float(found.size), float(was.size)
    interval = newcombe(float(found.share) * sizes[0], sizes[0], float(was.share) * sizes[1], sizes[1])
    low, high = (points(Fraction(bound).limit_denominator(10**6), DECIMALS) for bound in interval)
    is_sure = is_beyond_chance(interval)
    return Change(*cells, points(change, DECIMALS), low, high, is_sure, _sentence(change, is_sure))


def _of(reading: Reading, line: Line, part: Part | None) -> Cell:
    counted, mask = reading.tally.get(line.key, Counted()), reading.mask[line.key]
    own = part and next(one for one in line.parts if one.key == part.key)
    hides = masks.WHOLE in mask or part.key in mask if part else masks.hides_positive(line, mask)
    return _cell(reading, line, counted, own, hides)


def _sentence(change: Fraction, is_sure: bool) -> str:
    if not is_sure:
        return _("Within what chance does: no change can be told.")
    return _("Risen, more than chance explains.") if change > 0 else _("Fallen, more than chance explains.")


# ---- words ----


def texts(reading: Reading, words: str = "") -> Iterable:
    """What people wrote, on the sheets that the person may read; of them those that contain the words."""
    rows = Answer.objects.visible_to(reading.user).filter(response__in=reading.readable.values("pk")).exclude(text="")
    rows = rows.filter(text__icontains=words) if words else rows
    return rows.select_related("question", "option", "response__village").order_by("question__order", "text", "pk")
