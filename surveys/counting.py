"""Answers counted: one GROUP BY for all questions of a survey, a second for questions of several choices.

A `Line` is what has one whole: a question, or a row of a table question. Its parts are options or the steps of a scale.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from surveys.choices import Kind
from surveys.models import Question


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    is_positive: bool = False


@dataclass(frozen=True)
class Line:
    """`key` names it in every version: the keys of its question and of its row ("" for none)."""

    key: tuple[str, str]
    label: str
    question: Question
    parts: tuple[Part, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the parts add up to the whole: whoever answered chose exactly one."""
        return self.question.kind != Kind.MULTIPLE

    @property
    def has_positive(self) -> bool:
        return self.question.positive_from is not None or any(part.is_positive for part in self.parts)

    @property
    def has_mean(self) -> bool:
        return self.question.kind in (Kind.SCALE, Kind.NUMBER)


@dataclass
class Counted:
    """How many sheets answered a line, and how many gave each part; `figures` are what was given as a number."""

    den: int = 0
    nums: dict[str, int] = field(default_factory=dict)
    positive: int = 0
    figures: dict[Decimal, int] = field(default_factory=dict)

    @property
    def mean(self) -> Fraction | None:
        heard = sum(self.figures.values())
        return sum(Fraction(figure) * n for figure, n in self.figures.items()) / heard if heard else None

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.den + other.den,
            _sum(self.nums, other.nums),
            self.positive + other.positive,
            _sum(self.figures, other.figures),
        )


#: By the key of a line.
Tally = dict[tuple[str, str], Counted]


def _sum(one: Mapping, other: Mapping) -> dict:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one | other}


def lines_of(questions: Iterable[Question]) -> list[Line]:
    """What can be counted of the questions, in their order; texts are read, not counted. Options and rows are at hand."""
    found = []
    for question in questions:
        if question.kind == Kind.MATRIX:
            parts = _options(question)
            found += [Line((question.key, row.key), row.label, question, parts) for row in question.rows.all()]
        elif question.kind == Kind.SCALE:
            steps = tuple(Part(str(step), _step(question, step), _reaches(question, step)) for step in question.steps)
            found.append(Line((question.key, ""), question.text, question, steps))
        elif question.kind != Kind.TEXT:
            found.append(Line((question.key, ""), question.text, question, _options(question)))
    return found


def _options(question: Question) -> tuple[Part, ...]:
    return tuple(Part(option.key, option.label, option.is_positive) for option in question.options.all())


def _step(question: Question, step: int) -> str:
    words = {question.scale_min: question.low_label, question.scale_max: question.high_label}.get(step, "")
    return f"{step} {words}".strip()


def _reaches(question: Question, figure) -> bool:
    return question.positive_from is not None and figure >= question.positive_from


def divided(answers: QuerySet, question: Question) -> QuerySet:
    """The answers with `divider__option`: what the same sheet says to the question."""
    own = Q(response__answers__question=question)
    return answers.alias(divider=FilteredRelation("response__answers", condition=own))


def tallies(answers: QuerySet, lines: list[Line], *by: str) -> dict[tuple, Tally]:
    """The tally of each group of answers, by the paths `by`; without any, of the one group (). Two queries."""
    by_line = {(line.question.pk, line.key[1]): line for line in lines}
    found: dict[tuple, Tally] = {}
    rows = answers.order_by().values(*by, "question", "number", r=F("row__key"), o=F("option__key"))
    for row in rows.annotate(n=Count("pk"), good=F("option__is_positive")):
        if line := by_line.get((row["question"], row["r"] or "")):
            tally = found.setdefault(tuple(row[path] for path in by), {})
            _enter(tally.setdefault(line.key, Counted()), line, row)
    several = [line.question.pk for line in lines if not line.adds_up]
    if several:
        good = Count("response", distinct=True, filter=Q(option__is_positive=True))
        rows = answers.filter(question__in=several).order_by().values(*by, "question")
        for row in rows.annotate(n=Count("response", distinct=True), positive=good):
            counted = found[tuple(row[path] for path in by)][by_line[row["question"], ""].key]
            counted.den, counted.positive = row["n"], row["positive"]
    return found


def _enter(counted: Counted, line: Line, row: dict) -> None:
    """One group of equal answers. Of several choices, how many sheets there are is asked apart."""
    number, n = row["number"], row["n"]
    if number is not None:
        counted.figures[number] = n
        if line.parts:
            counted.nums[f"{number:.0f}"] = counted.nums.get(f"{number:.0f}", 0) + n
    elif row["o"]:
        counted.nums[row["o"]] = n
    if line.adds_up:
        counted.den += n
        counted.positive += n if row["good"] or (number is not None and _reaches(line.question, number)) else 0


def together(found: Iterable[Tally]) -> Tally:
    """Several groups as one."""
    whole: Tally = {}
    for tally in found:
        for key, counted in tally.items():
            whole[key] = whole.get(key, Counted()) + counted
    return whole
