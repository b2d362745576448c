"""The demonstration's surveys give the document's percentages back from rows, and say what they are."""

from datetime import date
from random import Random

import pytest
from django.db.models import Count

from core import tickets
from surveys.actions.links import PURPOSE
from surveys.actions.publishing import find_problems
from surveys.checks import check
from surveys.choices import Source
from surveys.demo import autumn, figures, links, rounds
from surveys.given import Given, questions_of
from surveys.models import Answer, Survey
from tests import factories

DAY = date(2013, 11, 24)


@pytest.fixture
def villages(cast):
    found = [cast.home, cast.next_door, cast.community, cast.across]
    return found + factories.VillageFactory.create_batch(70, township=cast.home.township)


def counts(survey: Survey, key: str, line: str | None = None) -> dict[str, int]:
    rows = Answer.objects.filter(response__survey=survey, question__key=key)
    rows = rows.filter(row__key=line) if line else rows
    return dict(rows.order_by().values_list("option__key").annotate(Count("pk")))


def test_figures_1_4_and_5_come_out_exactly(villages):
    figures.build(Random(1), villages, DAY)
    one, four, five = (Survey.objects.get(title__contains=f"图{n}") for n in (1, 4, 5))
    assert one.responses.count() == 500
    assert counts(one, "main_problem") == {
        "quality": 155,
        "economy": 131,
        "management": 129,
        "members": 53,
        "other": 32,
    }
    assert four.responses.count() == four.responses.values("village").distinct().count() == 73
    chosen = counts(four, "facilities")
    assert (chosen["old"], chosen["small"], chosen["equipment"]) == (55, 34, 17)
    assert five.responses.count() == 300
    assert [counts(five, "improved", line)["better"] for line in ("duties", "service", "rota")] == [273, 286, 269]
    assert counts(five, "party") == {"better": 291, "same": 9}
    assert five.compared_with == one
    assert all(survey.is_reconstructed and "推断还原" in survey.note for survey in (one, four, five))


def test_every_sheet_of_the_demonstration_would_pass_the_check(villages):
    """What is written past the actions is what they would have let through."""
    figures.build(Random(1), villages, DAY)
    autumn.build(Random(2), villages, DAY)
    rounds.build(Random(3), villages, DAY)
    for survey in Survey.objects.select_related("edition"):
        assert find_problems(survey.edition) == []
        questions, sheets = questions_of(survey.edition), {}
        answers = Answer.objects.filter(response__survey=survey).select_related("question", "option", "row")
        for answer in answers.order_by("option__order"):
            sheets.setdefault(answer.response_id, {}).setdefault(answer.question.key, []).append(answer)
        for rows in sheets.values():
            sheet = {key: _given(own) for key, own in rows.items()}
            kept, wrong = check(questions, sheet)
            assert (wrong, kept) == ({}, sheet)


def _given(answers: list[Answer]) -> Given:
    first = answers[0]
    if first.row_id:
        return Given(rows=tuple((answer.row.key, answer.option.key) for answer in answers))
    return Given(tuple(a.option.key for a in answers if a.option_id), first.number, first.text)


def test_slips_have_brought_as_many_answers_as_they_say(cast, villages):
    autumn.build(Random(1), villages, DAY)
    links.build(Random(2), villages, DAY)
    survey = Survey.objects.get(title=autumn.TITLE)
    [batch] = tickets.listed(cast["district"], PURPOSE, survey.pk)
    assert (batch.answers, batch.number) == (links.ANSWERED, links.SLIPS)
    by_link = survey.responses.filter(source=Source.LINK)
    assert by_link.count() == links.ANSWERED and {row.village.code for row in by_link} == {batch.territory_code}
    assert all(survey.is_running(row.day) and row.day >= batch.made_on for row in by_link)
