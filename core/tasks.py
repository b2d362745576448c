"""What the kit does by schedule, see CELERY_BEAT_SCHEDULE."""

import time

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from core import guesses, health, once
from core.seal import chain
from core.sheets import imports, kept
from core.sheets.jobs import keep_preview, undo, write  # noqa: F401  their handlers
from core.tickets import mixing


@shared_task(ignore_result=True)
def seal_audit() -> None:
    """Every minute."""
    chain.seal()


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Every half minute."""
    health.beat()


@shared_task(ignore_result=True)
def tidy() -> None:
    """Every night: what no open page can send any more, guesses that have lapsed, imports past their time; then the
    rows that nobody is to be known by are mixed."""
    once.forget_old()
    guesses.forget_old()
    imports.forget_old(timezone.now())
    mixing.mix()


@shared_task(ignore_result=True)
def tidy_exports() -> None:
    """Every hour: files given out that nobody may fetch any more."""
    kept.tidy(time.time())


@worker_ready.connect
def first_heartbeat(**kwargs) -> None:
    """A worker that has just begun is seen at once, not at the schedule's next turn."""
    heartbeat.delay()
