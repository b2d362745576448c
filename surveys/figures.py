"""Figures 1, 4 and 5: what residents and villages answered. Which questionnaire feeds which figure is its own to say."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.figures import Ask, Bar, Series, figure
from surveys import masks
from surveys.choices import FigureNumber, Kind, Unit
from surveys.counting import Counted, Line, Tally, lines_of, tallies
from surveys.given import questions_of
from surveys.models import Answer, Survey


def survey_for(ask: Ask, number: int) -> Survey | None:
    """The last survey of the year, begun by the day, that feeds the figure and was answered in the villages."""
    asked = Survey.objects.filter(edition__questionnaire__figure=number, starts_on__year=ask.year)
    heard = asked.filter(starts_on__lte=ask.day, responses__village__in=ask.villages).distinct()
    return heard.select_related("edition").order_by("-starts_on", "-pk").first()


def series_of(ask: Ask, number: int) -> list[Series]:
    """Every question with options is laid out in its bars, but those that divide the results. Seven queries at most."""
    survey = survey_for(ask, number)
    if survey is None:
        return []
    lines = lines_of(question for question in questions_of(survey.edition) if not question.is_stratum)
    answers = Answer.objects.filter(response__survey=survey, response__day__lte=ask.day)
    whole = tallies(answers.filter(response__village__in=ask.villages), lines).get((), {})
    bars = [bar for line in lines for bar in _bars(line, whole.get(line.key, Counted()))]
    note = (survey.note or _("Made anew from printed percentages.")) if survey.is_reconstructed else ""
    return [Series("now", str(ask.year), bars, note, _hidden(ask, survey, answers, lines, whole))]


def _bars(line: Line, counted: Counted) -> list[Bar]:
    """A bar an option; a row of a table question is one bar, its positive answers."""
    if line.question.kind == Kind.MATRIX:
        return [Bar(line.key[1], line.label, counted.positive, counted.den)]
    return [Bar(part.key, part.label, counted.nums.get(part.key, 0), counted.den) for part in line.parts]


def _hidden(ask: Ask, survey: Survey, answers: QuerySet, lines: list[Line], whole: Tally) -> frozenset[str]:
    """The bars that readers of tables don't see, as on the page of the results."""
    if survey.unit == Unit.VILLAGE:
        return frozenset()
    mask = masks.of_territory(lines, answers, survey.territory_code, ask.code, whole)
    return frozenset(key for line in lines for key in _keys(line, mask[line.key]))


def _keys(line: Line, mask: set[str]) -> list[str]:
    if line.question.kind == Kind.MATRIX:
        return [line.key[1]] if masks.hides_positive(line, mask) else []
    return [part.key for part in line.parts if masks.WHOLE in mask or part.key in mask]


def _records(ask: Ask, number: int) -> str:
    survey = survey_for(ask, number)
    return f"{reverse('surveys:results', args=[survey.pk])}?place={ask.code}" if survey else ""


def _declare(number: FigureNumber, key: str, unit, **facts) -> None:
    figure(number, key, number.label, unit=unit, records=lambda ask: _records(ask, number), **facts)(
        lambda ask: series_of(ask, number)
    )


_declare(FigureNumber.PROBLEMS, "problems", gettext_lazy("people"), is_sample=True)
# Every village answers for itself: nobody is drawn, and no count tells of a person.
_declare(FigureNumber.PREMISES, "premises", gettext_lazy("villages"))
_declare(FigureNumber.EFFECT, "effect", gettext_lazy("people"), is_sample=True)
