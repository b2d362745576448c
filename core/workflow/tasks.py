"""What the schedule does for workflows."""

from celery import shared_task

from core.clock import today
from core.workflow import remind as reminders


@shared_task
def remind() -> int:
    return reminders.remind(today())
