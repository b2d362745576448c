"""The results of a survey of 100,000 answers: what a page counts, against one plain GROUP BY of the same rows."""

from random import Random
from types import SimpleNamespace

from django.db import connection

from bench.frame import Ratio, benchmark, best_of

VILLAGES, SHEETS = 74, 136
ROUNDS = 5
PLAIN = """
SELECT a.question_id, a.row_id, a.option_id, a.number, COUNT(*)
FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id
WHERE r.survey_id = %s GROUP BY a.question_id, a.row_id, a.option_id, a.number
"""


def build():
    """A survey with ten answers a sheet, of one kind and another; its rows are written past the actions."""
    from bench.bench_lists import build as build_villages
    from surveys.choices import Kind
    from surveys.demo.compose import Writer, compose
    from surveys.demo.rounds import QUESTIONS
    from surveys.models import Survey
    from villages.models import Village

    user, _township = build_villages(VILLAGES)
    several = tuple((f"o{n}", f"选项{n}") for n in range(6))
    table = {"rows": tuple((f"r{n}", f"行{n}") for n in range(3))}
    more = (("many", Kind.MULTIPLE, "多选", several, {}), ("table", Kind.MATRIX, "矩阵", several[:3], table))
    edition = compose("规模", "", "", (*QUESTIONS, *more), "2013-10-01")
    facts = {"starts_on": "2013-10-08", "ends_on": "2013-12-20", "territory_code": "460109"}
    survey = Survey.objects.create(edition=edition, title="规模", **facts)
    writer, rng = Writer(survey), Random(1)
    for village in Village.objects.filter(code__startswith="460109"):
        for _sheet in range(SHEETS):
            answer(writer, rng, writer.sheet(village, "2013-11-12", "link"), several)
    writer.save()
    return user, survey, len(writer.answers)


def answer(writer, rng: Random, response, several) -> None:
    writer.who(rng, response)
    writer.choose(response, "rota", rng.choice(("yes", "no")))
    writer.choose(response, "channels", "board")
    writer.figure(response, "trust", rng.randint(1, 5))
    writer.choose(response, "many", *(key for key, _label in rng.sample(several, 2)))
    for line in ("r0", "r1", "r2"):
        writer.choose(response, "table", rng.choice(several[:3])[0], line=line)


@benchmark
def survey_of_100000_answers() -> Ratio:
    """All shares with intervals of a survey of 100,000 answers for a leader, small counts hidden, against one GROUP BY."""
    from cadres.places import place_of
    from surveys.analysis import Reading, results

    user, survey, number = build()
    assert number >= 100_000, number

    def plain():
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, [survey.pk])
            return cursor.fetchall()

    def product():
        return results(Reading(user, survey, place_of(user, "")))

    counted = sum(one.den or 0 for one in product() if one.line.question.kind != "multiple")
    assert counted == number - 3 * VILLAGES * SHEETS, SimpleNamespace(counted=counted)
    return Ratio(limit=best_of(ROUNDS, plain), product=best_of(ROUNDS, product), goal=0.5)
