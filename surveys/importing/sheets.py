"""A whole sheet: every row an answered sheet, with all that is wrong in it, by cell. Nothing is written here."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core import bulk
from core.sheets.errors import CellError, Unreadable
from core.sheets.lookups import Lookups
from core.sheets.reading import Sheet
from core.sheets.table import EXAMPLE
from core.sheets.texts import compact, is_blank, text_of
from surveys.checks import check
from surveys.given import Given, questions_of
from surveys.importing.cells import read_question
from surveys.importing.grid import Grid
from surveys.importing.headings import Column, Headings, find_headings
from surveys.models import Question, Survey
from villages.models import Village


@dataclass
class Row:
    """One respondent: the sheet's row number, its mark, the village, the answers, and the cells that are wrong.

    `is_known`: it came in with an earlier workbook.
    """

    number: int
    mark: str = ""
    village: int | None = None
    answers: dict[str, Given] = field(default_factory=dict)
    errors: list[dict] = field(default_factory=list)
    is_known: bool = False

    def as_json(self) -> dict:
        answers = {key: given.as_json() for key, given in self.answers.items() if given}
        return {
            "number": self.number,
            "mark": self.mark,
            "village": self.village,
            "answers": {} if self.is_known else answers,
            "errors": [] if self.is_known else self.errors,
            "is_known": self.is_known,
        }


@dataclass
class Reading:
    """`body`: where the rows of respondents are; `not_asked`: required questions without a column; `free`: what
    unknown headings may mean. `rows` are there once they were read.
    """

    sheet: Sheet
    questions: list[Question]
    headings: Headings
    body: list[int]
    not_asked: list[str]
    free: list[tuple[str, str]]
    rows: list[Row] = field(default_factory=list)


def read_headings(survey: Survey, grid: Grid) -> Reading:
    """What the columns of a kept sheet mean; its rows are not read. Raises Unreadable."""
    questions = questions_of(survey.edition)
    sheet = grid.page()
    headings = find_headings(sheet.rows, questions, grid.said)
    if headings is None:
        raise Unreadable(_("The questions of this survey have changed: send the workbook again."))
    required = [q for q in questions if q.required and not q.conditions.all()]
    missing = [q.text for q in required if q.key not in headings.keys]
    body = [at for at in map(int, grid.marks) if _is_row(sheet.rows[at])]
    return Reading(sheet, questions, headings, body, missing, headings.free(questions))


@bulk.uncollected()
def read_answers(
    user, survey: Survey, grid: Grid, day: date, known: Counter[str], numbers: Container[int] | None = None
) -> Reading:
    """The answers of a kept sheet, or of its rows of these numbers alone; `known` are the marks of rows that came in
    before. Raises Unreadable.
    """
    reading, known = read_headings(survey, grid), known.copy()
    reader = _Reader(user, survey, reading, grid.village, day)
    for at in reading.body:
        if numbers is None or at + 1 in numbers:
            reading.rows.append(reader.row(at, grid.marks[str(at)], known))
    return reading


def _is_row(cells: list[str]) -> bool:
    first = next((compact(cell) for cell in cells if not is_blank(cell)), "")
    return bool(first) and not EXAMPLE.match(first)


class _Reader:
    """What is the same for all rows of a sheet."""

    def __init__(self, user, survey: Survey, reading: Reading, village: int | None, day: date):
        self.survey, self.village = survey, village
        self.sheet, self.headings, self.questions = reading.sheet, reading.headings, reading.questions
        self.places = Lookups(user, day).places(Village)
        self.memory: dict[tuple[str, ...], Given | CellError] = {}
        self.columns: dict[str, list[Column]] = {}
        for column in self.headings.columns:
            self.columns.setdefault(column.question.key, []).append(column)

    def row(self, at: int, mark: str, known: Counter[str]) -> Row:
        row, cells = Row(at + 1, mark, self.village), self.sheet.rows[at]
        if known[mark] > 0:
            known[mark] -= 1
            row.is_known = True
            return row
        if self.headings.village is not None:
            row.village = self._village(row, at)
        elif self.village is None:
            row.errors.append(_wrong("", "", "", _("No column names the village: choose it above.")))
        for question in self.questions:
            found = self._answer(question, cells)
            if isinstance(found, CellError):
                column = next(c for c in self.columns[question.key] if str(c.index) == found.column)
                row.errors.append(self._error(at, column.index, column.heading, found.sentence, found.proposal))
            else:
                row.answers[question.key] = found
        self._check(at, row)
        return row

    def _answer(self, question: Question, cells: list[str]) -> Given | CellError:
        """Many answer alike: the same cells are read once."""
        own = self.columns.get(question.key, [])
        said = (question.key, *(cells[column.index] for column in own))
        if said not in self.memory:
            try:
                self.memory[said] = read_question(question, list(zip(own, said[1:], strict=True)))
            except CellError as error:
                self.memory[said] = error
        return self.memory[said]

    def _check(self, at: int, row: Row) -> None:
        """What the questions themselves ask, at the question's first cell; a cell that is wrong already is left."""
        said = {error["heading"] for error in row.errors if error["heading"]}
        _kept, wrong = check(self.questions, row.answers)
        for question in self.questions:
            own = self.columns.get(question.key, [])
            if question.key not in wrong or any(column.heading in said for column in own):
                continue
            if own:
                row.errors.append(self._error(at, own[0].index, own[0].heading, wrong[question.key]))
            else:
                row.errors.append(_wrong("", question.text, "", wrong[question.key]))

    def _village(self, row: Row, at: int) -> int | None:
        cells, headings = self.sheet.rows[at], self.headings
        hint = text_of(cells[headings.township]) if headings.township is not None else ""
        try:
            found = self.places.find(cells[headings.village], hint)
            if not found.scope_code.startswith(self.survey.territory_code):
                raise CellError(_("This village lies outside the survey's territory: choose another."))
        except CellError as error:
            heading = _("Village or community")
            row.errors.append(self._error(at, headings.village, heading, error.sentence, error.proposal))
            return None
        return found.pk

    def _error(self, at: int, index: int, heading: str, sentence: str, proposal: str = "") -> dict:
        value = text_of(self.sheet.rows[at][index])[:80]
        return _wrong(self.sheet.address(at, index), heading, value, sentence, proposal)


def _wrong(address: str, heading: str, value: str, sentence: str, proposal: str = "") -> dict:
    """A wrong cell as the pages of imports show it; `address` "" for the row as a whole."""
    return {
        "address": address,
        "heading": heading,
        "value": value,
        "sentence": str(sentence),
        "proposal": str(proposal),
    }
