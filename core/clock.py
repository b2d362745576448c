"""The only place that asks what day it is; views, tasks and commands call it and pass the day on.

The demonstration sets a day of its own (`PORTAL_TODAY`); audit rows, leases and sessions keep the real time.
"""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    return date.fromisoformat(settings.PORTAL_TODAY) if settings.PORTAL_TODAY else timezone.localdate()


def now() -> datetime:
    """The time of day that it really is, on the day that `today` says."""
    return datetime.combine(today(), timezone.localtime().timetz())
