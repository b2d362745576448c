"""Scoring in the background: the chunks of a run, and the yearly start."""

import logging
from calendar import monthrange
from datetime import date

from celery import shared_task
from django.core.exceptions import ValidationError

from core import jobs
from core.clock import today
from scoring import actions, runner
from scoring.models import Run, ScoringSchedule, Standard

logger = logging.getLogger(__name__)


@jobs.handler(actions.KIND)
def score_chunk(job, payload) -> None:
    """Grade the villages between two codes."""
    run = Run.objects.select_related("standard").get(job=job)
    villages = run.villages().filter(code__gte=payload["first"], code__lte=payload["last"])
    runner.score_villages(run, villages)


@score_chunk.finish
def seal(job) -> dict:
    return runner.seal(Run.objects.select_related("standard").get(job=job))


@shared_task(ignore_result=True)
def start_due_runs() -> None:
    """Every day: start the yearly runs whose day has come. One that can't be started is logged; the rest go on."""
    day = today()
    for schedule in ScoringSchedule.objects.filter(enabled=True):
        try:
            start_if_due(schedule, day)
        except ValidationError as error:
            logger.error("yearly scoring of %s not started: %s", schedule.territory_code, "; ".join(error.messages))


def start_if_due(schedule: ScoringSchedule, day: date) -> Run | None:
    """Start the schedule's run unless its day is still to come or it has begun already. Raises ValidationError, Busy.

    A day that a month lacks is the month's last. What was missed is caught up until the year ends.
    """
    due = date(day.year, schedule.month, min(schedule.day, monthrange(day.year, schedule.month)[1]))
    year = day.year - schedule.of_previous_year
    begun = Run.objects.filter(year=year, territory_code=schedule.territory_code, scheduled=True)
    if day < due or begun.exists():
        return None
    standard = Standard.objects.in_force(year, schedule.territory_code).first()
    if standard is None:
        raise ValidationError(f"no published standard holds for {year}")
    return actions.begin(
        None, standard=standard, year=year, territory_code=schedule.territory_code, cutoff=due, scheduled=True
    )
