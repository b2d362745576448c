"""A whole file: every row an answered sheet, with all that is wrong in it, by cell. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.sheets.errors import CellError, Unreadable
from core.sheets.lookups import Lookups
from core.sheets.reading import Sheet, read
from core.sheets.texts import is_blank, text_of
from surveys.checks import check
from surveys.given import Given, questions_of
from surveys.importing.cells import read_question
from surveys.importing.headings import Column, Headings, find_headings
from surveys.models import Question, Survey
from villages.models import Village


@dataclass
class Row:
    """One respondent: the sheet's row number, the village, the answers, and what is wrong."""

    number: int
    village: int | None = None
    answers: dict[str, Given] = field(default_factory=dict)
    errors: list[dict] = field(default_factory=list)

    def as_json(self) -> dict:
        answers = {key: given.as_json() for key, given in self.answers.items() if given}
        return {"number": self.number, "village": self.village, "answers": answers, "errors": self.errors}


@dataclass
class Reading:
    """`not_asked`: required questions without a column."""

    headings: Headings
    rows: list[Row]
    not_asked: list[str]


def read_answers(user, survey: Survey, village: Village | None, name: str, content: bytes, day: date) -> Reading:
    """The answers of a file. `village` is whose they are where no column says it. Raises Unreadable."""
    questions = questions_of(survey.edition)
    sheet, headings = _sheet_of(read(name, content).sheets, questions)
    if headings.village is None and village is None:
        raise Unreadable(_("No column names the village: choose the village that the answers come from."))
    places = Lookups(user, day).places(Village)
    rows = []
    for number, cells in enumerate(sheet.rows[headings.line + 1 :], headings.line + 1):
        if not all(is_blank(cell) for cell in cells):
            rows.append(_row(sheet, number, cells, headings, questions, places, village, survey))
    if not rows:
        raise Unreadable(_("No answers stand below the headings: check the file."))
    missing = [q.text for q in questions if q.required and not q.conditions.all() and q.key not in headings.keys]
    return Reading(headings, rows, missing)


def _sheet_of(sheets: Iterable[Sheet], questions: list[Question]) -> tuple[Sheet, Headings]:
    """The sheet whose headings name the most questions."""
    found = [(sheet, headings) for sheet in sheets if (headings := find_headings(sheet.rows, questions))]
    if not found:
        sentence = _("No heading is a question of this survey: the first row holds the questions as they were asked.")
        raise Unreadable(sentence)
    return max(found, key=lambda pair: len(pair[1].columns))


def _row(sheet, number, cells, headings, questions, places, village, survey) -> Row:
    row = Row(number + 1)
    row.village = village.pk if village else None
    if headings.village is not None:
        row.village = _village(sheet, row, number, cells, headings, places, survey)
    columns: dict[str, list[Column]] = {}
    for column in headings.columns:
        columns.setdefault(column.question.key, []).append(column)
    for question in questions:
        own = columns.get(question.key, [])
        try:
            row.answers[question.key] = read_question(question, [(column, cells[column.index]) for column in own])
        except CellError as error:
            column = next(c for c in own if str(c.index) == error.column)
            row.errors.append(_error(sheet, number, column.index, column.heading, cells, error.sentence))
    _check(sheet, number, cells, row, questions, columns)
    return row


def _check(sheet, number, cells, row: Row, questions, columns) -> None:
    """What the questions themselves ask, at the question's first cell; a cell that is wrong already is left."""
    said = {error["question"] for error in row.errors if error["question"]}
    _kept, wrong = check(questions, row.answers)
    for question in questions:
        own = columns.get(question.key, [])
        if question.key not in wrong or any(column.heading in said for column in own):
            continue
        if own:
            row.errors.append(_error(sheet, number, own[0].index, own[0].heading, cells, wrong[question.key]))
        else:
            row.errors.append({"cell": "", "question": question.text, "value": "", "text": wrong[question.key]})


def _village(sheet, row, number, cells, headings, places, survey) -> int | None:
    hint = text_of(cells[headings.township]) if headings.township is not None else ""
    try:
        found = places.find(cells[headings.village], hint)
        if not found.scope_code.startswith(survey.territory_code):
            raise CellError(_("This village lies outside the survey's territory: choose another."))
    except CellError as error:
        row.errors.append(_error(sheet, number, headings.village, _("Village or community"), cells, error.sentence))
        return None
    return found.pk


def _error(sheet, number, index, heading, cells, sentence) -> dict:
    value = text_of(cells[index])[:80]
    return {"cell": sheet.address(number, index), "question": heading, "value": value, "text": str(sentence)}
