"""The demonstration's scoring: the shipped standards, the yearly date, and a first run."""

from datetime import date

from core import jobs
from scoring import actions
from scoring.models import Run, ScoringSchedule, Standard

#: The year's end: in December the district scores once more, by the schedule.
YEARLY = (12, 31)


def build(by, territory_code: str, day: date) -> Run:
    """Load the standards, set the yearly date, and score the year of `day` in this process. `by`: district staff."""
    actions.load_shipped(by, territory_code)
    month, last = YEARLY
    actions.create(by, [ScoringSchedule(territory_code=territory_code, month=month, day=last)])
    return score(by, territory_code, day)


def score(by, territory_code: str, day: date) -> Run:
    """A sealed run with facts until `day`."""
    standard = Standard.objects.in_force(day.year, territory_code).first()
    run = actions.start_run(by, standard=standard, year=day.year, territory_code=territory_code, cutoff=day, wake=False)
    jobs.run_inline(run.job)
    run.refresh_from_db()
    return run
