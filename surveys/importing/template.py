"""An empty workbook of a survey: a row a sheet, a column a question, as `headings.py` reads it back."""

from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _

from core.sheets.template import Head, Place, write_form
from surveys.choices import Kind
from surveys.given import questions_of
from surveys.models import Question, Survey
from villages.models import Village

BETWEEN = "┋"


def write_template(target: IO[bytes], survey: Survey, villages: Sequence[Village]) -> None:
    """Write the workbook that is filled with answers of those villages."""
    columns = list(_columns(questions_of(survey.edition), villages))
    places = [Place(head, number, choices, example) for number, (head, choices, example) in enumerate(columns)]
    write_form(target, survey.title, places, _lines())


def _columns(questions: Sequence[Question], villages: Sequence[Village]) -> Iterator[tuple[Head, list[str], object]]:
    """(column, what may be chosen, the example)."""
    names = [village.name for village in villages]
    unlike = [
        f"{village.township.name}{village.name}" if names.count(village.name) > 1 else village.name
        for village in villages
    ]
    yield Head(_("Village or community"), _("Where the sheet comes from."), "text", True), unlike, None
    for question in questions:
        labels = [option.label for option in question.options.all()]
        needed = question.required and not question.conditions.all()
        if question.kind == Kind.MATRIX:
            for row in question.rows.all():
                yield Head(f"{question.text}（{row.label}）", _note(question), "text", needed), labels, labels[0]
            continue
        kind = "whole" if question.kind == Kind.SCALE else "decimal" if question.kind == Kind.NUMBER else "text"
        choices = labels if question.kind == Kind.SINGLE else []
        yield Head(question.text, _note(question), kind, needed), choices, _example(question, labels)


def _example(question: Question, labels: list[str]):
    if question.conditions.all() or question.kind == Kind.TEXT:
        return ""
    if question.kind == Kind.SCALE:
        return max(question.steps)
    if question.kind == Kind.NUMBER:
        return question.number_min if question.number_min is not None else 1
    return BETWEEN.join(labels[:2]) if question.kind == Kind.MULTIPLE else labels[0]


def _note(question: Question) -> str:
    """What may stand in the column."""
    parts = [_("Only where it is asked.")] if question.conditions.all() else []
    labels = "、".join(option.label for option in question.options.all())
    if question.kind == Kind.MULTIPLE:
        parts.append(_("Several of these, divided by %(mark)s: %(labels)s") % {"mark": BETWEEN, "labels": labels})
    elif labels:
        parts.append(_("One of these: %(labels)s") % {"labels": labels})
    elif question.kind == Kind.SCALE:
        parts.append(
            _("A whole number from %(low)d to %(high)d.") % {"low": min(question.steps), "high": max(question.steps)}
        )
    elif question.kind == Kind.NUMBER:
        parts.append(_("A number."))
    else:
        parts.append(_("Words, at most 500 characters."))
    return " ".join(parts)


def _lines() -> list[str]:
    return [
        _("One sheet of answers a row, below the headings. Leave the headings as they are."),
        _("The row that begins with （示例） shows how: it is left out when the sheet is read."),
        _("Dark headings are required. Cells with an arrow are chosen from the list."),
        _("Write no name, telephone or other mark by which somebody who answered is known."),
        _("Nothing is written when the sheet is read: errors are shown first, each with its cell."),
    ]
