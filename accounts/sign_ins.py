"""Sessions as people know them: a row a sign-in, that can be looked at and ended.

The browser's session carries the row's number; a session whose row has ended, has been idle or has lasted too long is
over at the next request. The clock here is the real one, also in a demonstration.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from accounts import second_factor
from accounts.models import SignIn

ROW = "sign_in"  # the key in the session
#: The row is not written at every request; a session may so end up to this much early, never late.
GRAIN = timedelta(minutes=1)

#: What a polling page sends with its requests: they are no sign that somebody is there.
POLL_HEADER = "Portal-Poll"


@receiver(user_logged_in)
def begin(sender, request, user, **_kwargs) -> None:
    """A new session gets its row, and knows whether the second factor is still to come."""
    now = timezone.now()
    SignIn.objects.filter(pk=request.session.get(ROW)).end(now)
    row = SignIn.objects.create(
        user=user,
        began_at=now,
        seen_at=now,
        address=request.META.get("REMOTE_ADDR", "")[:45],
        agent=request.META.get("HTTP_USER_AGENT", "")[:255],
    )
    request.session[ROW] = row.pk
    request.session[second_factor.PENDING] = second_factor.device_of(user) is not None


@receiver(user_logged_out)
def finish(sender, request, user, **_kwargs) -> None:
    SignIn.objects.filter(pk=request.session.get(ROW)).end(timezone.now())


def over(request, now: datetime) -> str:
    """Why the session of a signed-in request is over: "idle", "long" or "ended"; "" while it goes on.

    A session that goes on is noted as seen, and its row put on the request as `sign_in`.
    """
    row = SignIn.objects.filter(pk=request.session.get(ROW), user_id=request.user.pk).first()
    if row is None or row.ended_at:
        return "ended"
    if now - row.began_at >= timedelta(hours=settings.SESSION_HOURS):
        return "long"
    if now - row.seen_at >= timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        return "idle"
    if now - row.seen_at >= GRAIN and POLL_HEADER not in request.headers:
        SignIn.objects.filter(pk=row.pk).update(seen_at=now)
    request.sign_in = row
    return ""
