"""What the schedule does for cadres."""

from celery import shared_task

from cadres.actions import messages
from cadres.senders import sender
from core.clock import today

#: Seconds until what was not sent is tried again.
PAUSE = 600


@shared_task(ignore_result=True)
def send_messages() -> None:
    """Every day: fill the outbox, hand over what waits; comes back while something is left to try."""
    day = today()
    messages.fill_outbox(day)
    done = messages.deliver(sender(), day)
    if messages.is_work_left():
        send_messages.apply_async(countdown=PAUSE if messages.State.FAILED in done or not done else 1)
