"""The daily broom: what signing in leaves behind."""

from datetime import timedelta

from axes.models import AccessAttempt
from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import SignIn

KEPT = timedelta(days=180)


@shared_task
def clear_sign_ins() -> None:
    """Remove lapsed sessions, old sign-ins and counts of wrong passwords that no longer lock anybody."""
    now = timezone.now()
    call_command("clearsessions")
    SignIn.objects.filter(seen_at__lt=now - KEPT).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
