"""The heat matrix: the results of a run laid out by township, and the figures above and beside it.

Scores are whole hundredths. Colours follow the pass marks of the standard: from half-way to the full mark on it is
well passed, and as far below the mark it is badly failed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import indicators
from core.templatetags.portal import icon, percent, tenths
from scoring.choices import Group, Verdict
from scoring.models import FULL, Breakdown, Result, Run, Standard
from scoring.querysets import results_of
from scoring.rules import Line

#: Two characters each in Chinese: the heads of the matrix.
SHORT = {
    Group.FUNCTIONS: gettext_lazy("Functions"),
    Group.TEAM: gettext_lazy("Team"),
    Group.FACILITIES: gettext_lazy("Facilities"),
    Group.RULES: gettext_lazy("Rules"),
}
NEAR = 3_00  # hundredths: a village this close to the mark is one mend away
COLUMNS = 3


class Shades(NamedTuple):
    """The three borders between the colours of a group, in hundredths."""

    well: int
    mark: int
    badly: int


def shades(mark: int) -> Shades:
    half = (FULL - mark) // 2
    return Shades(mark + half, mark, max(0, mark - half))


class Cell(NamedTuple):
    group: Group
    css: str
    text: str
    label: str

    @property
    def short(self):
        return SHORT[self.group]

    @property
    def failed(self) -> bool:
        return self.css in ("q1", "q2")


class Row(NamedTuple):
    result: Result
    cells: list[Cell]

    @property
    def meets(self) -> bool:
        return self.result.verdict == Verdict.MEETS

    @property
    def html(self) -> SafeString:
        """The row as it stands in the matrix. A template would look up its hundreds of cells one by one."""
        village = self.result.village
        url = escape(reverse("dashboards:village", args=[village.code]))
        cells = "".join(
            f'<td><a class="{cell.css}" href="{url}#g-{cell.group.value}" aria-label="{escape(cell.label)}">'
            f"{escape(cell.text)}</a></td>"
            for cell in self.cells
        )
        met = (
            format_html('{}<span class="vh">{}</span>', icon("check"), _("meets all four"))
            if self.meets
            else self.result.met
        )
        head = f'<th scope="row"><a href="{url}">{escape(village.name)}</a></th>'
        return mark_safe(f'<tr>{head}{cells}<td class="z">{met}</td></tr>')  # noqa: S308  escaped above


class Tally(NamedTuple):
    """Of some villages: how many meet something, and how many can't be judged on it."""

    meets: int
    undetermined: int
    villages: int
    short: str = ""

    @property
    def known(self) -> bool:
        """Whether it is judged of any of them."""
        return self.undetermined < self.villages

    @property
    def percent(self) -> str:
        return percent(self.meets, self.villages) if self.villages else "–"


class Standing(NamedTuple):
    """A territory at a glance: all four standardisations together, and each."""

    name: str
    code: str
    four: Tally
    groups: list[Tally]


def standing(results: list[Result], name: str = "", code: str = "") -> Standing:
    four = _tally([row.verdict for row in results])
    groups = [_tally([row.state(group) for row in results], SHORT[group]) for group in Group]
    return Standing(name, code, four, groups)


def _tally(states: list[str], short: str = "") -> Tally:
    return Tally(states.count(Verdict.MEETS), states.count(Verdict.UNDETERMINED), len(states), short)


class Block(NamedTuple):
    """A township, or one of the parts of a list that is too long for a column: only the first has a standing."""

    name: str
    code: str
    rows: list[Row]
    standing: Standing | None = None


@dataclass(frozen=True)
class Board:
    """A run as one person sees it. `marks`: pass mark of each group; `waiting`: groups nobody is judged on yet."""

    run: Run
    results: list[Result]
    marks: dict[str, int]
    waiting: list[Group]

    @cached_property
    def all(self) -> Standing:
        return standing(self.results)

    @cached_property
    def planned(self) -> Standing:
        """Over the villages of the three-year plan, the document's other denominator."""
        return standing([row for row in self.results if row.village.in_plan])

    @cached_property
    def townships(self) -> list[Standing]:
        by_township = groupby(self.results, key=lambda row: row.village.township)
        return [standing(list(rows), township.name, township.code) for township, rows in by_township]

    @property
    def waiting_names(self) -> str:
        return _(", ").join(str(group.label) for group in self.waiting)

    @property
    def failing(self) -> list[Result]:
        return [row for row in self.results if failed_groups(row)]

    @property
    def near(self) -> list[Result]:
        return [row for row in self.results if self.is_near(row)]

    @property
    def musts(self) -> list[Result]:
        return [row for row in self.results if row.musts_failed]

    @property
    def lacking(self) -> list[Result]:
        """Villages that could be judged but for facts that nobody entered."""
        judged = [group for group in Group if group not in self.waiting]
        return [row for row in self.results if any(row.state(g) == Verdict.UNDETERMINED for g in judged)]

    @property
    def legend(self) -> Shades | None:
        """The borders, where all four groups share them."""
        marks = set(self.marks.values())
        return shades(marks.pop()) if len(marks) == 1 else None

    def is_near(self, row: Result) -> bool:
        """Fails, but by a hair everywhere: no must failed, and no group further from its mark than NEAR."""
        failed = failed_groups(row)
        return bool(failed) and not row.musts_failed and all(self.gap(row, group) <= NEAR for group in failed)

    def gap(self, row: Result, group: str) -> int:
        """Hundredths to the mark; 0 from there on."""
        return max(0, self.marks[group] - (row.score(group) or 0))

    def row(self, result: Result) -> Row:
        return Row(result, [self._cell(result, group, *said) for group, said in self._said.items()])

    @cached_property
    def _said(self) -> dict[Group, tuple[Shades, str, str, str]]:
        """Group → its borders, and its labels without, with, and with a failed must beside the score: for many cells."""
        without, with_score = _("%(group)s: undetermined"), _("%(group)s: %(score)s points")
        failed, score = _("%(group)s: %(score)s points, a must failed"), "{score}"
        found = {}
        for group in Group:
            facts = {"group": str(group.label), "score": score}
            found[group] = (shades(self.marks[group]), *(text % facts for text in (without, with_score, failed)))
        return found

    def _cell(self, result: Result, group: Group, borders: Shades, without: str, with_score: str, failed: str) -> Cell:
        score, text = result.score(group), _text(result, group)
        if result.state(group) == Verdict.UNDETERMINED:
            return Cell(group, "q0", text, without)
        css = shade(score, borders)
        if result.must_failed(group):
            css = css if css in ("q1", "q2") else "q2"
            return Cell(group, css, text, failed.replace("{score}", tenths(score)))
        return Cell(group, css, text, with_score.replace("{score}", tenths(score)))


def shade(score: int | None, borders: Shades) -> str:
    """The class of a score's colour: q4 well passed, q3 passed, q2 failed, q1 badly failed."""
    if score is None:
        return "q1"
    return next((f"q{4 - n}" for n, border in enumerate(borders) if score >= border), "q1")


def failed_groups(row: Result) -> list[Group]:
    return [group for group in Group if row.state(group) == Verdict.FAILS]


def board_of(user, run: Run) -> Board:
    """The board of a run as far as the person may see it; three queries, however many villages."""
    return Board(run, results_of(user, run), marks_of(run.standard), waiting_groups(run.standard))


def marks_of(standard: Standard) -> dict[str, int]:
    """The pass mark of each group; 0 for one that the standard leaves out."""
    return dict.fromkeys(Group.values, 0) | {row.group: row.pass_mark for row in standard.groups.all()}


def waiting_groups(standard: Standard) -> list[Group]:
    """Groups of which no app measures enough yet to judge any village."""
    points, least = dict.fromkeys(Group, 0), {row.group: row.min_measurable for row in standard.groups.all()}
    for criterion in standard.criteria.all():
        if indicators.get(criterion.indicator):
            points[criterion.group] += criterion.points
    return [group for group in Group if points[group] < least.get(group, 0)]


# ---- laying out ----


class View(NamedTuple):
    """A button above the matrix: which results it shows, and how many those are."""

    key: str
    label: str
    results: list[Result]

    @property
    def count(self) -> int:
        return len(self.results)


def views_of(board: Board) -> list[View]:
    """All, and what can be narrowed to; the villages that lack facts only where there are some."""
    views = [
        View("", _("All"), board.results),
        View("failing", _("Not passed"), board.failing),
        View("near", _("Within 3 points"), board.near),
        View("lacking", _("Facts missing"), board.lacking),
    ]
    return [view for view in views if view.key != "lacking" or view.results]


def losing_at(user, run: Run, number: int) -> set[int]:
    """The ids of the villages that lose points at the criterion of that number; one query."""
    rows = Breakdown.objects.visible_to(user).filter(result__run=run).values_list("result__village_id", "rows")
    return {pk for pk, lines in rows if any(Line(*line).lost > 0 for line in lines if line[0] == number)}


def laid_out(board: Board, results: Iterable[Result], by_score: bool = False) -> list[list[Block]]:
    """The columns of the page: townships packed by size, or one list in three parts."""
    results = list(results)
    if not results:
        return []
    if by_score:
        ordered = sorted(results, key=lambda row: (row.total is None, -(row.total or 0), row.village.code))
        return [[part] for part in _parts(board, ordered, _("By score"))]
    standings = {place.code: place for place in board.townships}
    townships = {}
    for row in results:
        townships.setdefault(row.village.township, []).append(row)
    if len(townships) == 1:
        ((township, rows),) = townships.items()
        return [[part] for part in _parts(board, rows, township.name, standings[township.code])]
    return _packed(
        [
            Block(township.name, township.code, [board.row(row) for row in rows], standings[township.code])
            for township, rows in townships.items()
        ]
    )


def _parts(board: Board, results: list[Result], name: str, place: Standing | None = None) -> list[Block]:
    """One list in columns of equal height; a short one stays whole."""
    height = max(8, ceil(len(results) / COLUMNS))
    parts = [results[start : start + height] for start in range(0, len(results), height)]
    first, *others = [[board.row(row) for row in part] for part in parts] or [[]]
    return [Block(name, place.code if place else "", first, place), *(Block("", "", part) for part in others)]


def _packed(blocks: list[Block]) -> list[list[Block]]:
    """The largest first, each into the column that is shortest; within a column in the order of codes."""
    columns: list[list[Block]] = [[] for _ in range(COLUMNS)]
    for block in sorted(blocks, key=lambda block: -len(block.rows)):
        min(columns, key=lambda column: sum(len(b.rows) + 3 for b in column)).append(block)
    filled = [sorted(column, key=lambda block: block.code) for column in columns if column]
    return sorted(filled, key=lambda column: column[0].code)


# ---- what changed ----


class News(NamedTuple):
    """A village whose state changed since the run before. `better`: None where it can't be judged any more."""

    result: Result
    better: bool | None
    what: str


def _text(result: Result, group: str) -> str:
    """A score as the matrix writes it."""
    if result.state(group) == Verdict.UNDETERMINED:
        return "–"
    return f"{'!' * result.must_failed(group)}{tenths(result.score(group))}"


def news_of(changes) -> list[News]:
    """A line a village; what got worse first."""
    better = {Verdict.MEETS: True, Verdict.FAILS: False}
    lines = []
    for change in changes:
        now = change.groups[0][2] if change.groups else change.result.verdict
        lines.append(News(change.result, better.get(now), _what(change)))
    return sorted(lines, key=lambda line: line.better is True)


def _what(change) -> str:
    if not change.groups:
        return _("all four: %(state)s") % {"state": change.result.get_verdict_display()}
    group = change.groups[0][0]
    facts = {"group": SHORT[Group(group)], "old": _text(change.before, group), "new": _text(change.result, group)}
    return _("%(group)s %(old)s → %(new)s") % facts
