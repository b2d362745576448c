"""Figures 1, 4 and 5: from the rows of the survey that the questionnaire's own row says feeds them."""

from datetime import date
from random import Random

import pytest

from core.figures import Ask, get
from surveys.choices import FigureNumber, Kind
from surveys.demo import figures
from surveys.models import Questionnaire, Survey
from tests import factories
from tests.surveys.helping import write
from villages.models import Village

DAY = date(2013, 11, 24)


@pytest.fixture
def district(cast) -> Ask:
    """74 villages with the three surveys of the demonstration."""
    own = [cast.home, cast.next_door, cast.community, cast.across]
    own += factories.VillageFactory.create_batch(70, township=cast.home.township)
    figures.build(Random(1), own, DAY)
    return ask()


def ask(villages=None, year: int = 2013, **more) -> Ask:
    return Ask(
        Village.objects.all() if villages is None else villages, "450109", year, min(DAY, date(year, 12, 31)), **more
    )


def bars(number: int, asked: Ask) -> dict[str, tuple[int, int]]:
    (series,) = get(number).draw(asked)
    return {bar.key: (bar.num, bar.den) for bar in series.bars}


def test_the_figures_are_those_of_the_document(district):
    assert bars(1, district) == {
        "quality": (155, 500),
        "economy": (131, 500),
        "management": (129, 500),
        "members": (53, 500),
        "other": (32, 500),
    }
    assert {key: bars(4, district)[key] for key in ("old", "small", "equipment")} == {
        "old": (55, 73),
        "small": (34, 73),
        "equipment": (17, 73),
    }
    assert bars(5, district) == {
        "duties": (273, 300),
        "service": (286, 300),
        "rota": (269, 300),
        "better": (291, 300),
        "same": (9, 300),
    }
    assert all("按文件百分比推断还原" in get(number).draw(district)[0].note for number in FigureNumber)
    assert [str(get(number).title) for number in (1, 4, 5)] == [
        "村级组织建设存在的突出问题",
        "阵地建设存在的问题",
        "规范化建设成效",
    ]


def test_the_villages_decide_who_is_counted(cast, district):
    home = Village.objects.filter(pk=cast.home.pk)
    survey = Survey.objects.get(edition__questionnaire__figure=1)
    own = survey.responses.filter(village=cast.home).count()
    assert 0 < own < 500 and {den for _num, den in bars(1, ask(home)).values()} == {own}


def test_a_row_says_which_questionnaire_feeds_the_figure(cast, district):
    Questionnaire.objects.filter(figure=1).update(figure=None)
    assert get(1).draw(district) == []
    survey = factories.SurveyFactory(edition__questionnaire__figure=1)
    question = factories.QuestionFactory(edition=survey.edition, key="own", kind=Kind.SINGLE)
    factories.QuestionFactory(edition=survey.edition, key="words", kind=Kind.TEXT)
    options = [factories.OptionFactory(question=question, key=key) for key in ("one", "two")]
    sex = factories.QuestionFactory(edition=survey.edition, key="sex", kind=Kind.SINGLE, is_stratum=True)
    factories.OptionFactory(question=sex, key="male")
    write(survey, cast.home, [{"own": options[0].key, "sex": "male"}] * 3 + [{"own": "two"}])
    assert bars(1, district) == {"one": (3, 4), "two": (1, 4)}
    assert get(1).draw(district)[0].note == "", "collected, not made anew"
    assert f"/surveys/work/{survey.pk}/results/" in get(1).records(district)


def test_the_last_survey_of_the_year_counts_until_the_day(cast, district):
    assert get(1).draw(ask(year=2012)) == [] and get(1).records(ask(year=2012)) == ""
    first = Survey.objects.get(edition__questionnaire__figure=1)
    second = factories.SurveyFactory(edition=first.edition, starts_on=date(2013, 11, 1))
    write(second, cast.home, [{"main_problem": "quality"}] * 6, day=date(2013, 11, 12))
    assert bars(1, district)["quality"] == (6, 6)
    assert bars(1, Ask(Village.objects.all(), "450109", 2013, date(2013, 10, 31)))["quality"] == (155, 500)


def test_small_bars_are_named_for_those_who_draw_it(cast, district):
    """Of one village too, and of its neighbour where that would tell."""
    assert get(1).draw(district)[0].hidden == frozenset()
    home = Village.objects.filter(pk=cast.home.pk)
    own = Ask(home, cast.home.code, 2013, DAY)
    hidden = get(1).draw(own)[0].hidden
    assert hidden >= {key for key, (num, _den) in bars(1, own).items() if 0 < num < 5}
    assert get(4).draw(own)[0].hidden == frozenset(), "a village answers for itself"


def test_the_number_of_queries_is_constant(cast, district, django_assert_max_num_queries):
    for asked in (district, Ask(Village.objects.filter(pk=cast.home.pk), cast.home.code, 2013, DAY)):
        for number in FigureNumber:
            with django_assert_max_num_queries(9):
                get(number).draw(asked)
