"""What somebody answered, before it is rows: one `Given` a question, by the question's key.

`Sheet` is a whole sheet of them: {"sex": Given(options=("female",)), "age": Given(number=Decimal(42))}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.choices import OF_OPTIONS, Operator
from surveys.models import Condition, Question, QuestionnaireVersion


@dataclass(frozen=True)
class Given:
    """The keys of options, a figure, a text, or (key of a row, key of an option) for a table.

    `text` is the answer to a question of texts, and else what stands beside the option that takes one.
    """

    options: tuple[str, ...] = ()
    number: Decimal | None = None
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.options or self.rows or self.text or self.number is not None)

    def as_json(self) -> dict:
        """For keeping; `from_json` takes it back."""
        found = {"options": list(self.options), "text": self.text, "rows": [list(pair) for pair in self.rows]}
        return {name: value for name, value in found.items() if value} | (
            {} if self.number is None else {"number": str(self.number)}
        )

    @classmethod
    def from_json(cls, kept: dict) -> "Given":
        number = kept.get("number")
        return cls(
            options=tuple(kept.get("options", ())),
            number=None if number is None else Decimal(number),
            text=kept.get("text", ""),
            rows=tuple((row, option) for row, option in kept.get("rows", ())),
        )


Sheet = Mapping[str, Given]


def questions_of(edition: QuestionnaireVersion) -> list[Question]:
    """The questions in their order, with options, rows and conditions; four or five queries for any number."""
    return list(
        edition.questions.order_by("order", "pk").prefetch_related(
            "options", "rows", "conditions__source", "conditions__option"
        )
    )


# ---- conditions ----


def holds(condition: Condition, given: Given | None) -> bool:
    """Whether an answer to the condition's source fulfils it. No answer fulfils nothing."""
    if not given:
        return False
    if condition.operator in OF_OPTIONS:
        has = condition.option.key in given.options
        return bool(given.options) and has == (condition.operator == Operator.HAS)
    if given.number is None:
        return False
    if condition.operator == Operator.AT_LEAST:
        return given.number >= condition.number
    return given.number <= condition.number


def by_source(conditions: Iterable[Condition]) -> dict[str, list[Condition]]:
    """Conditions on one source are alternatives; all sources must agree."""
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        found.setdefault(condition.source.key, []).append(condition)
    return found


def shown(questions: Iterable[Question], sheet: Sheet) -> set[str]:
    """The keys of the questions that are asked, given these answers. What was hidden counts as not answered."""
    keys: set[str] = set()
    for question in questions:
        groups = by_source(question.conditions.all())
        if all(
            key in keys and any(holds(condition, sheet.get(key)) for condition in group)
            for key, group in groups.items()
        ):
            keys.add(question.key)
    return keys
