"""Five wrong passwords lock an account for the address that they came from; django-axes counts, this says so."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.guesses import too_many


def account_named(request, credentials: dict | None = None) -> str:
    """The account that a sign-in is for, in the form in which it is counted."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return given.strip().lower()[:40]


def locks(username: str, now: datetime | None = None) -> dict[str, datetime]:
    """Until when the account is locked, by the address it is locked for; empty when it is not."""
    now = now or timezone.now()
    fresh = AccessAttempt.objects.filter(username=username, attempt_time__gt=now - settings.AXES_COOLOFF_TIME)
    by_address: dict[str, list] = {}
    for attempt in fresh.order_by("attempt_time"):
        by_address.setdefault(attempt.ip_address or "", []).append(attempt)
    found = {address: _end(attempts) for address, attempts in by_address.items()}
    return {address: end for address, end in found.items() if end}


def _end(attempts: list[AccessAttempt]) -> datetime | None:
    """When so many of them (oldest first, one a browser) have lapsed that too few are left to lock."""
    left = sum(attempt.failures_since_start for attempt in attempts)
    end = None
    for attempt in attempts:
        if left < settings.AXES_FAILURE_LIMIT:
            break
        end = attempt.attempt_time + settings.AXES_COOLOFF_TIME
        left -= attempt.failures_since_start
    return end


def locked_page(request, _response=None, credentials: dict | None = None):
    """What django-axes answers with: until when, and what to do."""
    until = locks(account_named(request, credentials)).get(request.META.get("REMOTE_ADDR") or "")
    return too_many(
        request,
        until or timezone.now() + timedelta(minutes=1),
        _("%(n)d wrong passwords in a row locked this account for your network address.")
        % {"n": settings.AXES_FAILURE_LIMIT},
        _(
            "Wait until then, or ask the district's system administrator to unlock it at once. If it was not you who "
            "tried, tell the administrator."
        ),
    )
