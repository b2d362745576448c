"""Sheets of answers become rows: all of them or none, with a number of queries that doesn't grow with the sheets.

The audit keeps that staff entered a sheet, never what it says. Of residents' own sheets it keeps that the survey was
answered; which sheet, and in which village, it does not.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.actions import Invisible, create, delete
from surveys.checks import check
from surveys.choices import BY_RESIDENTS, Kind, Unit
from surveys.given import Given, Sheet, questions_of
from surveys.models import Answer, Batch, Question, Response, Survey
from villages.models import Village

audit.name_verbs(answer=gettext_lazy("Answered"))


class Filled(NamedTuple):
    """A sheet and the village that it comes from."""

    village: Village
    sheet: Sheet


class WrongAnswers(ValidationError):
    """`by_key`: what is wrong, a sentence a question."""

    def __init__(self, by_key: dict[str, str]):
        self.by_key = by_key
        super().__init__(list(by_key.values()))


def record_response(
    by, survey: Survey, village: Village, answers: Sheet, source: str, *, day: date, batch: Batch | None = None
) -> Response:
    """One sheet. `by` is a user, or None where a resident answers. Raises as `record_responses`."""
    (response,) = record_responses(by, survey, [Filled(village, answers)], source, day=day, batch=batch)
    return response


def record_responses(
    by,
    survey: Survey,
    filled: Sequence[Filled],
    source: str,
    *,
    day: date,
    batch: Batch | None = None,
    questions: list[Question] | None = None,
) -> list[Response]:
    """Sheets of one survey, all or none. `day` is the day of answering.

    Raises Refused, Invisible, WrongAnswers (by question) or another ValidationError; then nothing is written.
    """
    if not filled:
        return []
    if (by is None) != (source in BY_RESIDENTS):
        raise ValueError(f"{source} sheets are entered by {'residents' if by is None else 'staff'}?")
    _may_be_answered(survey, filled, day)
    questions = questions_of(survey.edition) if questions is None else questions
    sheets = [_checked(questions, one.sheet) for one in filled]
    rows = [
        Response(
            survey=survey, village=one.village, source=source, day=day, batch=batch, entered_by=by.name if by else ""
        )
        for one in filled
    ]
    with transaction.atomic():
        _once_a_village(survey, rows)
        if by is None:
            Response.objects.bulk_create(rows, batch_size=500)
            _count_for_audit(survey, len(rows))
        else:
            rows = create(by, rows)
        answers = [a for row, sheet in zip(rows, sheets, strict=True) for a in _rows_of(row, questions, sheet)]
        Answer.objects.bulk_create(answers, batch_size=500)
    return rows


def withdraw(by, responses: Sequence[Response], *, reason: str = "") -> int:
    """Take sheets back that were entered wrongly, with their answers. Residents' own stay: they are not staff's."""
    if any(response.source in BY_RESIDENTS for response in responses):
        raise ValidationError(_("What residents answered themselves is not taken back."))
    return delete(by, list(responses), reason=reason)


# ---- the steps ----


def _may_be_answered(survey: Survey, filled: Sequence[Filled], day: date) -> None:
    if not survey.is_running(day):
        days = {"from": survey.starts_on, "until": survey.ends_on}
        raise ValidationError(_("The survey ran from %(from)s to %(until)s: correct the date.") % days)
    if any(not one.village.scope_code.startswith(survey.territory_code) for one in filled):
        raise Invisible(_("This village lies outside the survey's territory: choose another."))


def _checked(questions: list[Question], sheet: Sheet) -> dict[str, Given]:
    kept, wrong = check(questions, sheet)
    if wrong:
        raise WrongAnswers(wrong)
    if not kept:
        raise ValidationError(_("The sheet is empty: answer at least one question."))
    return kept


def _once_a_village(survey: Survey, rows: Sequence[Response]) -> None:
    """Where a sheet stands for a village, there is one of each."""
    if survey.unit != Unit.VILLAGE:
        return
    Survey.objects.select_for_update().get(pk=survey.pk)  # two at once would each find none
    villages = [row.village for row in rows]
    stored = set(survey.responses.filter(village__in=villages).values_list("village", flat=True))
    twice = [v for i, v in enumerate(villages) if v.pk in stored or v in villages[:i]]
    if twice:
        names = _(", ").join(str(village) for village in twice)
        raise ValidationError(_("One sheet a village, and there is one already: %(villages)s.") % {"villages": names})


def _rows_of(response: Response, questions: list[Question], sheet: Sheet) -> list[Answer]:
    found = []
    for question in questions:
        if (given := sheet.get(question.key)) is None:
            continue
        options = {option.key: option for option in question.options.all()}
        base = {"response": response, "question": question}
        if question.kind == Kind.MATRIX:
            lines = {row.key: row for row in question.rows.all()}
            found += [Answer(**base, row=lines[row], option=options[key]) for row, key in given.rows]
        elif question.has_options:
            found += [
                Answer(**base, option=options[key], text=given.text if options[key].other else "")
                for key in given.options
            ]
        else:
            found.append(Answer(**base, number=given.number, text=given.text))
    return found


def _count_for_audit(survey: Survey, number: int) -> None:
    """That it was answered, of the survey alone: an audit row has a time, and must lead to no sheet."""
    codes = {survey.pk: survey.territory_code}
    audit.write(None, "answer", [survey], codes=codes, after={survey.pk: {"sheets": number}})
