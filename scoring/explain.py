"""The sheet of a village: each criterion with its figure, rule, points, why some were lost, and where to mend it.

Figures are those of the result. The records behind lost points are asked live, and where the facts have moved since
the result was made, the line says so.
"""

from dataclasses import dataclass

from django.utils.translation import ngettext

from core import indicators
from core.indicators import Kind, Measure, Shortfall, Shortfalls
from core.periods import Period
from core.roles import EDITORS
from core.shared import sharing
from scoring import words
from scoring.choices import Group, Verdict
from scoring.models import Criterion, Result, Standard
from scoring.rules import MUST_FAILED, VETOED, Line
from scoring.runner import measure_all
from villages.models import Village


@dataclass(frozen=True)
class Row:
    """One line of the sheet. `gain`: hundredths that one more record would bring, 0 where that says nothing new."""

    criterion: Criterion
    line: Line
    measured: str
    rule: str
    why: str
    unit: str
    gain: int
    records: list[Shortfall]
    moved: bool

    @property
    def must_failed(self) -> bool:
        return bool(self.line.flags & MUST_FAILED)

    @property
    def vetoed(self) -> bool:
        return bool(self.line.flags & VETOED)

    @property
    def count(self) -> str:
        """“4间”: how many records would mend it; what is counted by the record alone has a unit of records."""
        number = len(self.records)
        if self.unit and words.kind_of(self.criterion) == Kind.SHARE:
            return words.with_unit(number, self.unit)
        return ngettext("%(n)d record", "%(n)d records", number) % {"n": number}


@dataclass(frozen=True)
class Block:
    """One of the four groups. Score, pass mark and measurable points in hundredths."""

    group: Group
    score: int | None
    state: str
    must_failed: bool
    pass_mark: int
    measurable: int
    rows: list[Row]
    only_lost: bool

    @property
    def lost(self) -> list[Row]:
        return [row for row in self.rows if row.line.lost > 0]

    @property
    def shown(self) -> list[Row]:
        return self.lost if self.only_lost else self.rows

    @property
    def undetermined(self) -> bool:
        return self.state == Verdict.UNDETERMINED

    @property
    def passed(self) -> bool:
        return self.state == Verdict.MEETS

    @property
    def tick(self) -> int:
        """The pass mark in percent, for the bar."""
        return self.pass_mark // 100

    @property
    def gap(self) -> str:
        """“差0.6分”; "" where the score is not what fails it."""
        if self.undetermined or self.score is None or self.score >= self.pass_mark:
            return ""
        return words.gap_text(self.pass_mark - self.score)


@dataclass(frozen=True)
class Sheet:
    result: Result
    standard: Standard
    blocks: list[Block]
    official: bool
    only_lost: bool
    may_mend: bool

    @property
    def count(self) -> int:
        return sum(len(block.rows) for block in self.blocks)

    @property
    def losing(self) -> int:
        return sum(len(block.lost) for block in self.blocks)

    @property
    def moved(self) -> bool:
        return any(row.moved for block in self.blocks for row in block.rows)


@sharing()
def sheet(
    user, result: Result, lines: list[Line], standard: Standard, live: Period | None, *, only_lost=False
) -> Sheet:
    """The sheet of a result (one without a run is a trial). `live`: the year, seen from today.

    Without `live` it is the sealed figures alone: nothing is measured, no record is named. The number of queries
    depends on the indicators alone.
    """
    criteria = {criterion.number: criterion for criterion in standard.criteria.all()}
    marks = {row.group: row.pass_mark for row in standard.groups.all()}
    own, now = Village.objects.filter(pk=result.village_id), None
    if live:
        measured = measure_all(own, live, {criteria[line.number].indicator for line in lines})
        now = {key: by_id.get(result.village_id) for key, by_id in measured.items()}
    rows = []
    for line in lines:
        found = _records(criteria[line.number], line, own, live).get(result.village_id, ())
        rows.append(_row(criteria[line.number], line, now, [record.shown_to(user) for record in found]))
    blocks = [_block(group, result, rows, marks, only_lost) for group in Group]
    official = result.run_id is not None
    return Sheet(result, standard, blocks, official, only_lost, bool(user.roles & EDITORS))


def _records(criterion: Criterion, line: Line, own, live: Period | None) -> Shortfalls:
    """The records that would restore points, as they are today."""
    found = indicators.get(criterion.indicator)
    if live is None or found is None or (line.measured and line.lost == 0):
        return {}
    return found.find_shortfalls(own, live)


def _row(criterion: Criterion, line: Line, now: dict[str, Measure] | None, records: list[Shortfall]) -> Row:
    """`now`: what is measured today, None where that is not asked."""
    return Row(
        criterion=criterion,
        line=line,
        measured=words.measured_text(criterion, line),
        rule=words.rule_text(criterion, line),
        why=words.why(criterion, line, [str(record.label) for record in records]),
        unit=words.unit_of(criterion),
        gain=_gain(criterion, line),
        records=records,
        moved=now is not None and _moved(line, now.get(criterion.indicator)),
    )


def _moved(line: Line, live: Measure | None) -> bool:
    before = (line.num, line.den) if line.den else None
    return before != (tuple(live) if live and live.den else None)


def _gain(criterion: Criterion, line: Line) -> int:
    """What one more of a share brings; said only where several are missing, else it is what was lost."""
    if not line.measured or words.kind_of(criterion) != Kind.SHARE:
        return 0
    gain = criterion.terms().line((line.num + 1, line.den)).points - line.points
    return gain if 0 < gain < line.lost else 0


def _block(group: Group, result: Result, rows: list[Row], marks: dict[str, int], only_lost: bool) -> Block:
    own = [row for row in rows if row.criterion.group == group]
    return Block(
        group=group,
        score=result.score(group),
        state=result.state(group),
        must_failed=result.must_failed(group),
        pass_mark=marks.get(group, 0),
        measurable=sum(row.line.maximum for row in own),
        rows=own,
        only_lost=only_lost,
    )
