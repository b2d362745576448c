"""One village, one file: its score, what to mend first, and its neighbours."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.periods import Period
from core.templatetags.portal import tenths
from scoring import explain
from scoring.engine import ratio
from scoring.models import Result, Run
from villages.models import Village

PATHS = 5  # ways named beside the sheet


class Way(NamedTuple):
    """A way to more points: what to mend, and the score of its group before and after (hundredths)."""

    row: explain.Row
    block: explain.Block
    before: int
    after: int

    @property
    def gain(self) -> int:
        return self.after - self.before

    @property
    def passes(self) -> bool:
        """Whether the group passes when this alone is mended."""
        others = any(row.must_failed for row in self.block.rows if row is not self.row)
        return not self.block.passed and not others and self.after >= self.block.pass_mark


def score_of(user, village: Village, run: Run | None, live: Period | None, only_lost: bool):
    """The sheet of the village's official score, or None where there is none; without `live` its figures alone."""
    result = Result.objects.for_village(user, village, run) if run else None
    if result is None:
        return None
    return explain.sheet(user, result, result.breakdown.lines, run.standard, live, only_lost=only_lost)


def ways(sheet: explain.Sheet) -> list[Way]:
    """What to mend first: in the groups that fail what brings most, then in those that pass, then in the open ones."""
    found = [
        Way(row, block, block.score or 0, _score_with(block, row))
        for block in sheet.blocks
        for row in block.lost
        if row.records
    ]
    return sorted(found, key=lambda way: (way.block.passed, way.block.undetermined, -way.gain))[:PATHS]


def _score_with(block: explain.Block, mended: explain.Row) -> int:
    """The score of a group with one of its criteria at full points."""
    return ratio(sum(row.line.points for row in block.rows) + mended.line.lost, block.measurable)


def is_open(sheet: explain.Sheet) -> bool:
    """Whether a group can't be judged yet."""
    return any(block.undetermined for block in sheet.blocks)


def state_of(sheet: explain.Sheet) -> list[str]:
    """In sentences: each group that fails, and why; those that pass; those that can't be judged yet."""
    lines = [_failure(block) for block in sheet.blocks if not (block.passed or block.undetermined)]
    passed = [str(block.group.label) for block in sheet.blocks if block.passed]
    waiting = [str(block.group.label) for block in sheet.blocks if block.undetermined]
    if passed:
        lines.append(_("%(groups)s: passed.") % {"groups": _(", ").join(passed)})
    if waiting:
        lines.append(_("%(groups)s: not judged yet, too little is collected.") % {"groups": _(", ").join(waiting)})
    return lines


def _failure(block: explain.Block) -> str:
    """How far a group is from its mark, or which must it doesn't reach."""
    facts = {"group": block.group.label, "score": tenths(block.score), "gap": block.gap}
    if block.must_failed:
        musts = _(", ").join(row.criterion.label for row in block.rows if row.must_failed)
        return _("%(group)s fails: the must “%(must)s” is not reached.") % (facts | {"must": musts})
    return _("%(group)s has %(score)s points, %(gap)s of the mark.") % facts


def neighbours(villages: QuerySet, village: Village) -> tuple[Village | None, Village | None]:
    """The one before and the one after it in the order of codes, among those that the person sees."""
    before = villages.filter(code__lt=village.code).order_by("-code").first()
    after = villages.filter(code__gt=village.code).order_by("code").first()
    return before, after
