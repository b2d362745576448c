"""Any question that the district marks is measured, offered to who sees it, and scored by a standard."""

from datetime import date

import pytest

from core import indicators
from core.periods import Period
from scoring import actions
from scoring.choices import Group, StandardState
from scoring.models import Standard
from surveys.choices import VersionState
from surveys.indicators.questions import key_of
from surveys.models import Option, Question, QuestionnaireVersion, Survey
from tests import factories
from tests.surveys.helping import DAY, write
from villages.models import Village

PERIOD = Period(2013, date(2013, 11, 24))


@pytest.fixture
def survey_marked(draft) -> Survey:
    """Marked while it was a draft, then published."""
    questions = Question.objects.filter(edition=draft)
    questions.filter(key__in=("knows", "mark", "why", "service")).update(is_indicator=True, positive_from=4)
    Option.objects.filter(question__in=questions, key__in=("board", "far", "good")).update(is_positive=True)
    QuestionnaireVersion.objects.filter(pk=draft.pk).update(state=VersionState.PUBLISHED, published_on=DAY)
    return factories.SurveyFactory(edition=QuestionnaireVersion.objects.get(pk=draft.pk))


@pytest.fixture
def marked(survey_marked) -> Question:
    return Question.objects.get(edition=survey_marked.edition, key="knows")


def measure(survey: Survey, key: str, **more) -> dict:
    found = indicators.get(f"q{survey.edition.questionnaire_id}-{key}")
    return dict(found(Village.objects.all(), more.get("period", PERIOD)))


def test_a_marked_question_is_measured(cast, survey_marked, marked):
    sheets = [{"knows": "yes", "mark": 4, "why": ["board", "far"], "service": {"time": "good", "manner": "poor"}}] * 5
    write(
        survey_marked, cast.home, [*sheets, {"knows": "no", "mark": 3, "why": ["other"], "service": {"time": "poor"}}]
    )
    assert measure(survey_marked, "knows") == {cast.home.pk: (5, 6)}
    assert measure(survey_marked, "mark") == {cast.home.pk: (5, 6)}
    assert measure(survey_marked, "why") == {cast.home.pk: (5, 6)}, "a sheet counts once, whatever it chose"
    assert measure(survey_marked, "service") == {cast.home.pk: (5, 11)}, "each row is an answer"
    lost = indicators.get(key_of(marked)).find_shortfalls(Village.objects.all(), PERIOD)
    (one,) = lost[cast.home.pk]
    assert f"/surveys/work/{survey_marked.pk}/results/?place={cast.home.code}" == one.url


def test_what_is_not_measured(cast, survey_marked, marked):
    write(survey_marked, cast.home, [{"knows": "yes"}] * 4)
    write(survey_marked, cast.across, [{"knows": "yes"}] * 5, day=date(2012, 11, 12))
    assert measure(survey_marked, "knows") == {}, "fewer than five, and another year"
    write(survey_marked, cast.home, [{"knows": "yes"}])
    assert measure(survey_marked, "knows") == {cast.home.pk: (5, 5)}
    assert measure(survey_marked, "knows", period=Period(2013, date(2013, 11, 11))) == {}, "not yet given"
    Survey.objects.filter(pk=survey_marked.pk).update(is_reconstructed=True)
    assert measure(survey_marked, "knows") == {}, "made anew from percentages"
    assert indicators.get("q1-nothing") is None and indicators.get("q-knows") is None
    assert indicators.get(f"q{survey_marked.edition.questionnaire_id}-wish") is None, "not marked"


def test_marked_questions_are_offered_where_they_are_seen(cast, marked):
    own = [found.key for found in indicators.offered(cast["district"]) if found.key.startswith("q")]
    assert key_of(marked) in own and len(own) == 4
    abroad = [found.key for found in indicators.offered(cast["district_abroad"])]
    assert key_of(marked) not in abroad


def test_a_standard_scores_a_marked_question(cast, survey_marked, marked):
    standard = factories.StandardFactory(state=StandardState.DRAFT)
    for group in Group:
        factories.StandardGroupFactory(standard=standard, group=group)
    factories.CriterionFactory(standard=standard, indicator=key_of(marked), points=10_00, full_at="1")
    Standard.objects.filter(pk=standard.pk).update(state=StandardState.PUBLISHED)
    write(survey_marked, cast.home, [{"knows": "yes"}] * 6 + [{"knows": "no"}] * 2)
    _standard, figure = actions.trial(cast["secretary"], cast.home, 2013, PERIOD.as_of)
    (line,) = figure.lines
    assert (line.num, line.den) == (6, 8)
