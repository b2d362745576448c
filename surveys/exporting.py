"""A survey as sheets: its tables for everyone who reads it, its rows for those who may read them one by one."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from core.sheets.writing import Sheet, Value
from surveys.analysis import Cell, Reading, Shown, results
from surveys.choices import Kind
from surveys.models import Answer, Question

#: Between several choices in one cell, as survey tools write them.
BETWEEN = "┋"


def tables_sheet(reading: Reading) -> Sheet:
    heads = [
        _("Question"),
        _("Row"),
        _("Option"),
        _("Sheets with this answer (numerator)"),
        _("Sheets that answered (denominator)"),
        _("Share in percent"),
        _("Not below (95 per cent)"),
        _("Not above (95 per cent)"),
        _("Weighted share in percent"),
        _("Effective sample"),
    ]
    return Sheet(_("Results of the survey"), heads, _lines(results(reading)))


def _lines(found: Iterable[Shown]) -> Iterator[list[Value]]:
    for one in found:
        row = one.line.label if one.line.key[1] else ""
        for cell in [*one.cells, *([one.positive] if one.positive else [])]:
            yield [one.line.question.text, row, cell.label, *_values(cell)]
        if one.mean:
            yield [one.line.question.text, row, _("Mean"), Decimal(one.mean), one.den, *[None] * 5]


def _values(cell: Cell) -> list[Value]:
    if cell.is_hidden:
        return [_("not shown"), *[None] * 6]
    return [cell.num, cell.den, *map(_figure, (cell.text, cell.low, cell.high, cell.weighted, cell.size))]


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def rows_sheet(reading: Reading) -> Sheet:
    """A line a sheet that the person may read, in no order of entry; a column a question, or a row of a table."""
    columns = [(question, row) for question in reading.questions for row in _rows_of(question)]
    place = {(question.pk, row.pk if row else None): n for n, (question, row) in enumerate(columns)}
    heads = [f"{question.text}（{row.label}）" if row else question.text for question, row in columns]
    first = [_("Village or community"), _("Township"), _("Date"), _("Came in by")]
    return Sheet(_("Single sheets"), first + heads, _sheets(reading, place))


def _rows_of(question: Question) -> list:
    return list(question.rows.all()) if question.kind == Kind.MATRIX else [None]


def _sheets(reading: Reading, place: dict) -> Iterator[list[Value]]:
    answers: dict[int, list[list[str]]] = {}
    rows = Answer.objects.filter(response__in=reading.readable.values("pk")).order_by("option__order")
    for sheet, question, row, label, number, text in rows.values_list(
        "response", "question", "row", "option__label", "number", "text"
    ):
        cells = answers.setdefault(sheet, [[] for _column in place])
        said = f"{number.normalize():f}" if number is not None else "：".join(filter(None, (label, text)))
        cells[place[question, row]].append(said)
    sheets = reading.readable.select_related("village__township").order_by("village__code", "day", "pk")
    for sheet in sheets:
        own = answers.get(sheet.pk, [[] for _column in place])
        cells = [BETWEEN.join(said) for said in own]
        yield [str(sheet.village), str(sheet.village.township), sheet.day, sheet.get_source_display(), *cells]
