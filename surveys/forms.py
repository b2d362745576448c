"""The one form of a questionnaire: staff entry, preview and residents' pages read and draw their sheets by it.

What was typed comes in by names (`q-sex`, `q-sex--text`, `q-service--time`), goes out as `Given` by key, and is drawn
by `surveys/_sheet.html` from `AnswerForm.blocks`. Whether a question is asked is decided here; `survey.js` only hides
early what would not be asked.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.checks import check
from surveys.choices import OF_OPTIONS, Kind
from surveys.given import Given, by_source
from surveys.models import Question

#: Full-width figures and signs as a Chinese keyboard types them.
NARROW = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


class Choice(NamedTuple):
    """A box or a button: its name and value in the form, its words, whether it is chosen."""

    id: str
    name: str
    value: str
    label: str
    chosen: bool
    exclusive: bool = False
    other: bool = False


class Line(NamedTuple):
    """A row of a table question."""

    label: str
    choices: list[Choice]


@dataclass
class Block:
    """A question as it is drawn."""

    question: Question
    number: int
    name: str
    choices: list[Choice]
    lines: list[Line]
    text: str
    error: str
    when: str
    asked_if: str

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def first_id(self) -> str:
        """Where a link to the question's error leads: its first control."""
        choices = self.choices or (self.lines[0].choices if self.lines else [])
        return choices[0].id if choices else self.id

    @property
    def takes_text(self) -> bool:
        return any(choice.other for choice in self.choices)


class AnswerForm:
    """`form = AnswerForm(questions_of(edition), request.POST)`; then `is_valid()`, `sheet`, `errors`, `blocks`."""

    def __init__(self, questions: Iterable[Question], data: QueryDict | Mapping | None = None):
        self.questions, self.data = list(questions), data
        self.sheet: dict[str, Given] = {}
        self.errors: dict[str, str] = {}
        self._typed: dict[str, Given] = {}
        if data is not None:
            self._read()

    def is_valid(self) -> bool:
        return self.data is not None and not self.errors

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Errors found later, by an action, at their questions."""
        self.errors |= errors

    # ---- reading ----

    def _read(self) -> None:
        self._typed = {question.key: self._given(question) for question in self.questions}
        self.sheet, self.errors = check(self.questions, self._typed)

    def _all(self, name: str) -> list[str]:
        found = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data.get(name, [])
        return [found] if isinstance(found, str) else [str(one) for one in found]

    def _one(self, name: str) -> str:
        return next(iter(self._all(name)), "").strip()

    def _given(self, question: Question) -> Given:
        name = name_of(question)
        if question.kind in (Kind.SINGLE, Kind.MULTIPLE):
            chosen = tuple(dict.fromkeys(one for one in self._all(name) if one))
            others = {option.key for option in question.options.all() if option.other}
            # What stands in the box of an option that was taken back is not an answer.
            return Given(options=chosen, text=self._one(f"{name}--text") if others & set(chosen) else "")
        if question.kind == Kind.MATRIX:
            pairs = ((row.key, self._one(f"{name}--{row.key}")) for row in question.rows.all())
            return Given(rows=tuple((key, value) for key, value in pairs if value))
        typed = self._one(name)
        if question.kind == Kind.TEXT:
            return Given(text=typed)
        # What is no number is kept as it was typed: `check` asks for one, and the box shows it again.
        number = number_of(typed)
        return Given(number=number) if number is not None else Given(text=typed)

    # ---- drawing ----

    @property
    def blocks(self) -> list[Block]:
        return [self._block(question, number) for number, question in enumerate(self.questions, 1)]

    @property
    def mistakes(self) -> list[Block]:
        return [block for block in self.blocks if block.error]

    def _block(self, question: Question, number: int) -> Block:
        name, given = name_of(question), self._typed.get(question.key) or Given()
        lines = []
        if question.kind == Kind.MATRIX:
            answered = dict(given.rows)
            lines = [
                Line(row.label, _choices(question, f"{name}--{row.key}", {answered.get(row.key)}))
                for row in question.rows.all()
            ]
        choices = [] if lines else _choices(question, name, set(given.options))
        if question.kind == Kind.SCALE:
            choices = _steps(question, name, given.number)
        typed = self._one(name) if self.data is not None and question.kind in (Kind.NUMBER, Kind.TEXT) else given.text
        error, numbers = self.errors.get(question.key, ""), {one.key: n for n, one in enumerate(self.questions, 1)}
        return Block(question, number, name, choices, lines, typed, error, when(question), asked_if(question, numbers))


def name_of(question: Question) -> str:
    return f"q-{question.key}"


def number_of(typed: str) -> Decimal | None:
    """The number as it was typed, full-width or with thousands' commas; None for anything else, and for infinity."""
    text = typed.translate(NARROW).replace(",", "").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _choices(question: Question, name: str, chosen: set) -> list[Choice]:
    return [
        Choice(
            f"id_{name}_{option.key}",
            name,
            option.key,
            option.label,
            option.key in chosen,
            exclusive=option.exclusive,
            other=option.other and question.kind != Kind.MATRIX,
        )
        for option in question.options.all()
    ]


def _steps(question: Question, name: str, number: Decimal | None) -> list[Choice]:
    return [Choice(f"id_{name}_{step}", name, str(step), str(step), number == step) for step in question.steps]


def when(question: Question) -> str:
    """The conditions for the script: [[name, [[operator, value], …]], …]; "" for a question that is always asked."""
    groups = [
        [
            f"q-{key}",
            [[one.operator, one.option.key if one.operator in OF_OPTIONS else float(one.number)] for one in group],
        ]
        for key, group in by_source(question.conditions.all()).items()
    ]
    return json.dumps(groups) if groups else ""


def asked_if(question: Question, numbers: Mapping[str, int]) -> str:
    """The conditions in a sentence, for paper and for browsers without scripts; "" for a question that is always asked."""
    groups = [
        _(" or ").join(
            _("question %(number)d %(operator)s “%(what)s”")
            % {
                "number": numbers[key],
                "operator": one.get_operator_display(),
                "what": one.option.label if one.operator in OF_OPTIONS else f"{one.number:g}",
            }
            for one in group
        )
        for key, group in by_source(question.conditions.all()).items()
    ]
    return _("Answer this if %(conditions)s.") % {"conditions": _(" and ").join(groups)} if groups else ""
