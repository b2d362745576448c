"""The figures of a territory and a year: what each counts, made ready to be read, drawn, printed and given to programs."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from core import figures
from core.figures import Ask, Bar, Figure, Series
from core.shares import points, rounded, wilson
from dashboards.figures import printed

#: A share of so few people would tell who said what.
SMALL = 5
FIRST_YEAR = 2010


@dataclass(frozen=True)
class Cell:
    """A share of one series: `num` of `den`, as text, with its interval in percent where the rows are a sample."""

    num: int
    den: int
    text: str = ""
    low: str = ""
    high: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    cells: list[Cell]
    moved: str = ""


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it. `series`: (key, label); `lines`: what a report printed, where one did."""

    figure: Figure
    series: list[tuple[str, str]]
    rows: list[Row]
    notes: list[str]
    remark: str
    lines: list[printed.Line]
    records: str

    @property
    def is_pair(self) -> bool:
        return len(self.series) == 2

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)


def ask_of(villages, code: str, year: int, today: date) -> Ask:
    """The question for a year: until its last day or today; a part of the year as the report of that year counts it."""
    day = min(today, date(year, 12, 31))
    report = printed.report_on(code, year)
    return Ask(villages, code, year, day, report.months if report else day.month)


def shown(figure: Figure, ask: Ask, *, sees_rows: bool) -> Shown:
    """The figure counted now. `sees_rows`: whether small counts may be shown."""
    series = figure.draw(ask)
    told = series if sees_rows else [_told(one) for one in series]
    report = printed.report_on(ask.code, ask.year)
    return Shown(
        figure,
        [(one.key, str(one.label)) for one in series],
        _rows(figure, series, sees_rows),
        list(dict.fromkeys(one.note for one in series if one.note)),
        _remark(told),
        printed.compared(report, figure, told) if report else [],
        figure.records(ask) if figure.records else "",
    )


def all_shown(ask: Ask, *, sees_rows: bool) -> list[Shown]:
    return [shown(figure, ask, sees_rows=sees_rows) for figure in figures.all_figures()]


def as_json(found: list[Shown]) -> list[dict]:
    """What the pages show, for programs: numerators, denominators, shares in percent."""
    return [
        {
            "figure": one.figure.number,
            "key": one.figure.key,
            "title": str(one.figure.title),
            "notes": one.notes,
            "series": [
                {
                    "key": key,
                    "label": label,
                    "bars": [
                        {"key": row.key, "label": row.label, "num": cell.num, "den": cell.den, "share": cell.text}
                        for row, cell in ((row, row.cells[n]) for row in one.rows)
                    ],
                }
                for n, (key, label) in enumerate(one.series)
            ],
            "moved": {row.key: row.moved for row in one.rows if row.moved},
            "printed": [
                {
                    "series": str(line.series),
                    "bar": str(line.bar),
                    "printed": line.printed,
                    "computed": line.computed,
                    "difference": line.difference,
                    "why": line.why,
                }
                for line in one.lines
            ],
        }
        for one in found
    ]


# ---- steps ----


def _rows(figure: Figure, series: list[Series], sees_rows: bool) -> list[Row]:
    """One a bar, in the order of the first series."""
    moved = printed.changes(series if sees_rows else [_told(one) for one in series])
    bars = [{bar.key: bar for bar in one.bars} for one in series]
    labels = {bar.key: bar.label for one in series for bar in one.bars}
    return [
        Row(
            key,
            str(label),
            [
                Cell(0, 0, is_hidden=True)
                if key in one.hidden and not sees_rows
                else _cell(figure, own.get(key), sees_rows)
                for one, own in zip(series, bars, strict=True)
            ],
            points(moved[key], figure.decimals) if key in moved else "",
        )
        for key, label in labels.items()
    ]


def _told(series: Series) -> Series:
    """Without the bars that are hidden."""
    return series._replace(bars=[bar for bar in series.bars if bar.key not in series.hidden])


def _cell(figure: Figure, bar: Bar | None, sees_rows: bool) -> Cell:
    if bar is None or not bar.den:
        return Cell(0, 0)
    if figure.is_sample and bar.den < SMALL and not sees_rows:
        return Cell(0, 0, is_hidden=True)
    text = rounded(Fraction(bar.num, bar.den), figure.decimals)
    if not figure.is_sample:
        return Cell(bar.num, bar.den, text)
    low, high = wilson(bar.num, bar.den)
    return Cell(bar.num, bar.den, text, f"{100 * low:.1f}", f"{100 * high:.1f}")


def _remark(series: list[Series]) -> str:
    """That shares rose though fewer were counted, where it is so: a share may rise because the whole fell."""
    if len(series) != 2 or not printed.changes(series):
        return ""
    before = {bar.key: bar for bar in series[0].bars}
    risen = [
        (before[bar.key], bar)
        for bar in series[1].bars
        if bar.key in before and before[bar.key].den and bar.den < before[bar.key].den
        if bar.num * before[bar.key].den > before[bar.key].num * bar.den and bar.num <= before[bar.key].num
    ]
    if not risen:
        return ""
    was, now = risen[0]
    return _(
        "Fewer were counted than before (%(now)d against %(was)d): of %(names)s the number has not grown, the share rose "
        "because the whole fell."
    ) % {"now": now.den, "was": was.den, "names": "、".join(str(bar.label) for _was, bar in risen)}
