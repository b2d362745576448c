"""A sheet of answers as it is kept until it is written: texts at their places, without what tells who answered.

What is blanked here is nowhere else. Each row has a mark instead, by which it is known again when the same export, grown
by a week's answers, or the marked workbook comes in a second time. The mark is a keyed hash of what was blanked, or
drawn by chance; it says which rows are in, and leads to no sheet of answers.
"""

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.sheets import limits
from core.sheets.errors import CellError, Unreadable
from core.sheets.marked import marked
from core.sheets.reading import Sheet, read
from core.sheets.texts import is_blank, text_of
from core.sheets.writing import Sheet as Written
from core.sheets.writing import next_name, write_xlsx
from surveys.importing.headings import MARK, Headings, find_headings
from surveys.models import Question

SALT = "surveys.importing.mark"
LENGTH = 20  # of a mark, in hexadecimal digits


@dataclass
class Grid:
    """`rows` are the whole sheet, from A1. `marks` has one for each row below the headings, by its position; `whole` is
    that of the file. `mended`: texts by address. `said`: what a heading means that nobody knew (`Headings.unknown`).
    `village`: whose answers they are where no column says it.
    """

    sheet: str
    rows: list[list[str]]
    marks: dict[str, str]
    whole: str
    village: int | None = None
    mended: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        return asdict(self)

    def page(self) -> Sheet:
        """The sheet with what was typed in the place of cells."""
        found = Sheet(self.sheet, [list(row) for row in self.rows])
        found.mend(self.mended)
        return found

    def keep_only(self, numbers: set[int]) -> None:
        """Blank the other rows below the headings: they are answers now. What stays keeps its place."""
        for position in map(int, self.marks):
            if position + 1 not in numbers:
                self.rows[position] = [""] * len(self.rows[position])


def take(questions: Sequence[Question], name: str, content: bytes, village: int | None) -> Grid:
    """The sheet of a file that names the most questions, without who answered. Raises Unreadable."""
    sheet, headings = _sheet_of(read(name, content).sheets, questions)
    rows = [[text_of(cell) for cell in row] for row in sheet.rows]
    body = [at for at in range(headings.line + 1, len(rows)) if not all(map(is_blank, rows[at]))]
    limits.refuse_rows(len(body))
    marks = _marks(rows, body, headings)
    whole = _hash(json.dumps(rows))
    for at in body:
        for position in (*headings.traces, *([headings.mark] if headings.mark is not None else ())):
            rows[at][position] = ""
    return Grid(sheet.name, rows, {str(at): mark for at, mark in marks.items()}, whole, village)


def _sheet_of(sheets: Sequence[Sheet], questions: Sequence[Question]) -> tuple[Sheet, Headings]:
    found = [(sheet, headings) for sheet in sheets if (headings := find_headings(sheet.rows, questions))]
    if not found:
        sentence = _("No heading is a question of this survey: the first row holds the questions as they were asked.")
        raise Unreadable(sentence)
    return max(found, key=lambda pair: len(pair[1].columns))


def _marks(rows: list[list[str]], body: Sequence[int], headings: Headings) -> dict[int, str]:
    """A mark for each row: the one that it brings, the hash of what tells its respondent, or chance.

    Only a time tells rows apart for good: numbers alone begin at 1 in every file.
    """
    traces = {at: "\n".join(rows[at][position] for position in headings.traces) for at in body}
    often, found = Counter(traces.values()), {}
    for at in body:
        brought = rows[at][headings.mark] if headings.mark is not None else ""
        tells = often[traces[at]] == 1 and any(rows[at][position] for position in headings.times)
        found[at] = brought[:LENGTH] or (_hash(traces[at]) if tells else secrets.token_hex(LENGTH // 2))
    return found


def _hash(text: str) -> str:
    return salted_hmac(SALT, text).hexdigest()[:LENGTH]


def marked_workbook(grid: Grid, line: int, errors: Sequence[CellError]) -> bytes:
    """The sheet as a workbook: wrong cells marked, with reasons, and each row's mark to know it by when it comes back."""
    page = grid.page()
    rows = [[*row, grid.marks.get(str(at), "")] for at, row in enumerate(page.rows)]
    rows[line][-1] = MARK[0]
    name, target = next_name(set(), grid.sheet), BytesIO()
    write_xlsx(target, [Written(name, rows[0], rows[1:])])
    return marked("answers.xlsx", target.getvalue(), name, line + 1, errors)
