"""Wrong guesses at what only its holder can know: a one-time link, the code of a case.

They are counted in the database, so that all web processes count together, under a hash: neither an address nor a code is
kept. A page asks `until` before it looks a short code up, `wrong` after a miss, and answers `too_many`.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Value, When
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac


class GuessCount(models.Model):
    """So many wrong guesses of one kind at one thing, until they lapse."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=1)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]


class Lock:
    """`limit` wrong guesses of a kind close the door for that kind and thing until `window` after the first of them.

    `Lock("case code", limit=5, window=timedelta(minutes=15)).wrong(number)`
    """

    def __init__(self, kind: str, *, limit: int, window: timedelta):
        self.kind, self.limit, self.window = kind, limit, window

    def until(self, *what: str) -> datetime | None:
        """When it may be tried again; None: now."""
        counts = GuessCount.objects.filter(key=self._key(what), count__gte=self.limit, until__gt=timezone.now())
        return counts.values_list("until", flat=True).first()

    def wrong(self, *what: str) -> datetime | None:
        """Count one wrong guess. Returns as `until`."""
        key, now = self._key(what), timezone.now()
        if not self._count_on(key, now):
            try:
                with transaction.atomic():
                    GuessCount.objects.create(key=key, until=now + self.window)
            except IntegrityError:  # another guess at the same moment was the first
                self._count_on(key, now)
        return self.until(*what)

    def _count_on(self, key: str, now: datetime) -> int:
        fresh = When(until__gt=now, then=F("count") + 1)
        return GuessCount.objects.filter(key=key).update(
            count=Case(fresh, default=Value(1)),
            until=Case(When(until__gt=now, then=F("until")), default=Value(now + self.window)),
        )

    def _key(self, what: tuple[str, ...]) -> str:
        return salted_hmac("core.guesses", "\0".join((self.kind, *what)), algorithm="sha256").hexdigest()


def forget_old() -> int:
    """Drop counts that have lapsed."""
    return GuessCount.objects.filter(until__lt=timezone.now()).delete()[0]


def too_many(request, until: datetime, why: str, what_to_do: str):
    """The page 429: the hour from which it may be tried again, why, and what to do meanwhile."""
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    near = seconds < 60
    shown = until + (timedelta(seconds=1) if near else timedelta(minutes=1))  # rounded up, so that it keeps its word
    context = {"until": shown, "why": why, "what_to_do": what_to_do, "near": near}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
