"""Figures of scoring in words: marks, rules, measures, and why points were lost."""

from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from core import indicators
from core.fields import write_hundredths
from core.indicators import Kind
from core.templatetags.portal import share, tenths
from scoring.choices import RuleKind
from scoring.models import Criterion
from scoring.rules import Line, half_up

NAMED = 3  # records named in a sentence; the rest are counted


def kind_of(criterion: Criterion) -> str:
    """How the figure is written: as the indicator says, or as the criterion does while no app measures it."""
    found = indicators.get(criterion.indicator)
    return found.kind if found else criterion.kind


def is_measured(criterion: Criterion) -> bool:
    """Whether an app measures it by now."""
    return indicators.get(criterion.indicator) is not None


def unit_of(criterion: Criterion) -> str:
    found = indicators.get(criterion.indicator)
    return str(found.unit) if found else ""


def with_unit(number, unit: str) -> str:
    return _("%(number)s %(unit)s") % {"number": number, "unit": unit} if unit else str(number)


def percent(mark: Fraction) -> str:
    """95, 33.3: one decimal, half up, without a trailing zero."""
    tenths_of = half_up(mark.numerator * 1000, mark.denominator)
    return f"{tenths_of // 10}.{tenths_of % 10}".removesuffix(".0")


# ---- the rule ----


def rule_text(criterion: Criterion, line: Line | None = None) -> str:
    """What earns the full points: “60→95%”, “≥90%”, “≥2人”. With a line, an amount is said in its own unit."""
    kind, unit = kind_of(criterion), unit_of(criterion)
    amount = kind == Kind.AMOUNT and line is not None and line.den
    if kind == Kind.YES_NO:
        return _("Yes")
    if criterion.rule == RuleKind.STEPS:
        steps = [(_mark(kind, mark, unit), write_hundredths(points)) for mark, points in criterion.parsed_steps()]
        return _("; ").join(_("%(mark)s: %(points)s") % {"mark": mark, "points": points} for mark, points in steps)
    full = _amount(criterion.full_at, line, unit) if amount else _mark(kind, criterion.full_at, unit)
    if criterion.rule == RuleKind.LINEAR:
        zero = _amount(criterion.zero_at, line, "") if amount else _mark(kind, criterion.zero_at, "").removesuffix("%")
        return f"{zero}→{full}"
    return full if kind == Kind.SHARE and criterion.full_at == 1 else f"≥{full}"


def mark_text(criterion: Criterion, mark: Fraction) -> str:
    """A must's or a veto's mark as people write it."""
    return _mark(kind_of(criterion), mark, unit_of(criterion))


def _mark(kind: str, mark: Fraction, unit: str) -> str:
    if kind == Kind.COUNT and mark.denominator == 1:
        return with_unit(mark, unit)
    return f"{percent(mark)}%"


def _amount(mark: Fraction, line: Line, unit: str) -> str:
    return with_unit(write_hundredths(half_up(mark.numerator * line.den, mark.denominator)), unit)


# ---- the measure ----


def measured_text(criterion: Criterion, line: Line) -> str:
    """The figure that was measured, safe for HTML; “–” without one."""
    if line.den is None:
        return share(None, None)
    kind, unit = kind_of(criterion), unit_of(criterion)
    if kind == Kind.YES_NO:
        return _("Yes") if line.num >= line.den else _("No")
    if kind == Kind.COUNT:
        return with_unit(line.num // line.den, unit)
    if kind == Kind.AMOUNT:
        return with_unit(write_hundredths(line.num), unit)
    return share(line.num, line.den)


# ---- why ----


def why(criterion: Criterion, line: Line, records: list[str]) -> str:
    """One sentence on what was lost or not measured; "" for full points. `records`: names of those behind it."""
    if line.left_out or line.den is None:
        return _unmeasured(criterion, line)
    if line.lost <= 0:
        return ""
    named = _named(records)
    short = _short(criterion, line)
    if not short:
        return _("Not yet: %(records)s") % {"records": named} if named else _("Not reached yet")
    if named and kind_of(criterion) != Kind.AMOUNT:  # an amount is one record's own figure
        return _("Short of full points by %(short)s: %(records)s") % {"short": short, "records": named}
    return _("Short of full points by %(short)s") % {"short": short}


def _unmeasured(criterion: Criterion, line: Line) -> str:
    if not line.left_out:
        return _("Nothing on record: counts as zero")
    if line.den is not None:
        return _("Only %(base)d on record; measured from %(least)d on") % {
            "base": line.den,
            "least": criterion.min_base,
        }
    if indicators.get(criterion.indicator) is None:
        return _("Not measured: the portal has no register for it yet")
    return _("Not measured: nothing on record yet")


def _short(criterion: Criterion, line: Line) -> str:
    """How much is missing to full points, with its unit; "" where that can't be said in a number."""
    kind, unit = kind_of(criterion), unit_of(criterion)
    if kind == Kind.YES_NO:
        return ""
    full = criterion.full_at if criterion.rule != RuleKind.STEPS else criterion.parsed_steps()[-1][0]
    if kind == Kind.COUNT:
        missing = ceil(full) - line.num // line.den
    else:
        missing = ceil(full * line.den) - line.num
    if missing <= 0:
        return ""
    return with_unit(write_hundredths(missing) if kind == Kind.AMOUNT else missing, unit)


def _named(records: list[str]) -> str:
    if not records:
        return ""
    first = _(", ").join(records[:NAMED])
    if len(records) <= NAMED:
        return first
    return _("%(first)s and others, %(count)d in all") % {"first": first, "count": len(records)}


def gap_text(gap: int) -> str:
    """How far a score is from the pass mark: rounded up to a tenth, so that it is never said to be less."""
    return _("%(points)s short") % {"points": tenths(-(-gap // 10) * 10)}
