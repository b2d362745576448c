"""A questionnaire with every kind of question, and a survey of it in the cast's district."""

from datetime import date

import pytest
import time_machine

from surveys.choices import Kind, Operator, VersionState
from surveys.models import Condition, MatrixRow, Option, Question, QuestionnaireVersion
from tests import factories

DAY = date(2013, 11, 24)

#: key, kind, text, options as (key, label, flags), facts
QUESTIONS = (
    ("sex", Kind.SINGLE, "您的性别", (("male", "男", ()), ("female", "女", ())), {"is_stratum": True}),
    ("people", Kind.NUMBER, "您家有几口人", (), {"number_min": 1, "number_max": 20, "required": False}),
    ("knows", Kind.SINGLE, "您知道谁值班吗", (("yes", "知道", ("is_positive",)), ("no", "不知道", ())), {}),
    (
        "why",
        Kind.MULTIPLE,
        "不知道的原因",
        (
            ("board", "没看到公示", ()),
            ("far", "离得远", ()),
            ("other", "其他", ("other",)),
            ("none", "以上都没有", ("exclusive",)),
        ),
        {},
    ),
    ("mark", Kind.SCALE, "总体满意程度", (), {}),
    ("service", Kind.MATRIX, "您对办事的评价", (("good", "满意", ()), ("poor", "不满意", ())), {}),
    ("wish", Kind.TEXT, "您的希望", (), {"required": False}),
)
ROWS = (("time", "办理用时"), ("manner", "办理态度"))


def fill(edition: QuestionnaireVersion) -> QuestionnaireVersion:
    """The questions above; `why` is asked if `knows` is no."""
    rows = {}
    for order, (key, kind, text, options, facts) in enumerate(QUESTIONS, 1):
        rows[key] = Question.objects.create(edition=edition, key=key, kind=kind, text=text, order=order, **facts)
        for place, (name, label, flags) in enumerate(options, 1):
            Option.objects.create(question=rows[key], key=name, label=label, order=place, **dict.fromkeys(flags, True))
    for place, (name, label) in enumerate(ROWS, 1):
        MatrixRow.objects.create(question=rows["service"], key=name, label=label, order=place)
    no = rows["knows"].options.get(key="no")
    Condition.objects.create(question=rows["why"], source=rows["knows"], option=no, operator=Operator.HAS)
    return edition


@pytest.fixture
def draft(cast) -> QuestionnaireVersion:
    return fill(factories.QuestionnaireVersionFactory(state=VersionState.DRAFT, number=1))


@pytest.fixture
def edition(cast) -> QuestionnaireVersion:
    return fill(factories.QuestionnaireVersionFactory(number=1))


@pytest.fixture
def survey(edition):
    return factories.SurveyFactory(edition=edition)


def typed(**changes) -> dict:
    """A complete sheet as a browser posts it; None takes a name away."""
    data = {
        "q-sex": "female",
        "q-people": "4",
        "q-knows": "yes",
        "q-mark": "5",
        "q-service--time": "good",
        "q-service--manner": "poor",
        "q-wish": "修路灯",
    } | {name.replace("_", "-", 1): value for name, value in changes.items()}
    return {name: value for name, value in data.items() if value is not None}


@pytest.fixture
def on_the_day():
    with time_machine.travel("2013-11-24T10:00:00+08:00", tick=True):
        yield
