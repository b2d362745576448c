"""Questionnaires written as tuples, for the demonstration: rows straight into the tables, published at the end."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from surveys.choices import Kind, Operator, VersionState
from surveys.given import questions_of
from surveys.models import (
    Answer,
    Condition,
    MatrixRow,
    Option,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Response,
    Survey,
)
from villages.models import Village

DISTRICT = "450109"
BY = "城区调研办"

#: Asked in every survey of residents: they divide the results.
WHO = (
    ("sex", Kind.SINGLE, "您的性别", (("male", "男"), ("female", "女")), {"section": "您的情况", "is_stratum": True}),
    (
        "age",
        Kind.SINGLE,
        "您的年龄段",
        (("young", "18–35岁"), ("middle", "36–50岁"), ("older", "51–60岁"), ("old", "60岁以上")),
        {"is_stratum": True},
    ),
)


class Words(NamedTuple):
    """What an option has beside key and label."""

    key: str
    label: str
    flags: tuple[str, ...] = ()


def compose(
    title: str, purpose: str, used_for: str, questions: Sequence, day: date, figure=None
) -> QuestionnaireVersion:
    """A published version of (key, kind, text, options, facts); `rows` and `when` of the facts are a table's rows and
    (source key, option key) pairs.
    """
    form = Questionnaire.objects.create(
        title=title, purpose=purpose, used_for=used_for, figure=figure, territory_code=DISTRICT, saved_by=BY
    )
    edition = QuestionnaireVersion.objects.create(
        questionnaire=form,
        saved_by=BY,
        introduction="本问卷不记姓名。答案只用于改进村里的工作，干部看不到是谁填写的。",
        closing="感谢您的回答。",
    )
    rows = {}
    for order, (key, kind, text, _options, facts) in enumerate(questions, 1):
        own = {name: value for name, value in facts.items() if name not in ("rows", "when")}
        rows[key] = Question(edition=edition, key=key, kind=kind, text=text, order=order, saved_by=BY, **own)
    Question.objects.bulk_create(rows.values())
    _parts(rows, questions)
    edition.state, edition.published_on = VersionState.PUBLISHED, day
    edition.save()
    return edition


def _parts(rows: dict[str, Question], questions: Sequence) -> None:
    options, lines, conditions = {}, [], []
    for key, _kind, _text, own, facts in questions:
        for order, words in enumerate((Words(*o) for o in own), 1):
            flags = dict.fromkeys(words.flags, True)
            options[key, words.key] = Option(
                question=rows[key], key=words.key, label=words.label, order=order, saved_by=BY, **flags
            )
        lines += [
            MatrixRow(question=rows[key], key=line, label=label, order=order, saved_by=BY)
            for order, (line, label) in enumerate(facts.get("rows", ()), 1)
        ]
    Option.objects.bulk_create(options.values())
    MatrixRow.objects.bulk_create(lines)
    for key, _kind, _text, _options, facts in questions:
        conditions += [
            Condition(
                question=rows[key],
                source=rows[source],
                option=options[source, option],
                operator=Operator.HAS,
                saved_by=BY,
            )
            for source, option in facts.get("when", ())
        ]
    Condition.objects.bulk_create(conditions)


class Writer:
    """Gathers sheets and their answers, and writes them in two statements."""

    def __init__(self, survey: Survey):
        self.survey = survey
        self.questions = {question.key: question for question in questions_of(survey.edition)}
        self.options = {(q.key, o.key): o for q in self.questions.values() for o in q.options.all()}
        self.lines = {(q.key, r.key): r for q in self.questions.values() for r in q.rows.all()}
        self.responses: list[Response] = []
        self.answers: list[Answer] = []

    def sheet(self, village: Village, day: date, source: str, **facts) -> Response:
        response = Response(survey=self.survey, village=village, day=day, source=source, **facts)
        self.responses.append(response)
        return response

    def choose(self, response: Response, key: str, *options: str, line: str = "", text: str = "") -> None:
        for option in options:
            self.answers.append(
                Answer(
                    response=response,
                    question=self.questions[key],
                    option=self.options[key, option],
                    row=self.lines[key, line] if line else None,
                    text=text,
                )
            )

    def figure(self, response: Response, key: str, number: int) -> None:
        self.answers.append(Answer(response=response, question=self.questions[key], number=number))

    def write_text(self, response: Response, key: str, text: str) -> None:
        self.answers.append(Answer(response=response, question=self.questions[key], text=text))

    def who(self, rng: Random, response: Response) -> None:
        self.choose(response, "sex", rng.choice(("male", "male", "female", "female", "female")))
        self.choose(response, "age", rng.choices(("young", "middle", "older", "old"), (22, 38, 24, 16))[0])

    def save(self) -> None:
        Response.objects.bulk_create(self.responses, batch_size=500)
        Answer.objects.bulk_create(self.answers, batch_size=500)


def dealt(rng: Random, counts: dict[str, int]) -> list[str]:
    """Each key as often as it counts, in any order."""
    found = [key for key, number in counts.items() for _n in range(number)]
    rng.shuffle(found)
    return found
