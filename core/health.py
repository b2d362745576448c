"""Whether the portal is well: database, broker, and a worker that answers. `/healthz` tells it to machines."""

import os
from datetime import timedelta

from celery import current_app
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, models, transaction
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.pages import public

PATIENCE = 2  # seconds for the database, and for the broker
#: A worker that is alive writes every half minute, unless all of its processes are at longer work.
SILENT_AFTER = timedelta(minutes=2)


class Heartbeat(models.Model):
    """When something that should run was last seen."""

    name = models.CharField(_("Name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("Time"))

    class Meta:
        verbose_name = _("Heartbeat")
        verbose_name_plural = _("Heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


def beat() -> None:
    """A worker is here. Called by schedule, through the broker: one message proves all three."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


def check() -> dict[str, str]:
    """`{"database": "ok", "broker": "ok", "worker": "ok"}`; anything else than ok is unwell."""
    database, worker = _database_and_worker()
    return {"database": database, "broker": _broker(), "worker": worker}


def _database_and_worker() -> tuple[str, str]:
    try:
        beaten = _last_beat()
    except DatabaseError:
        return "down", "unknown"
    return "ok", "ok" if beaten and timezone.now() - beaten < SILENT_AFTER else "silent"


def _last_beat():
    asked = Heartbeat.objects.filter(name="worker").values_list("at", flat=True)
    if connection.vendor != "postgresql":
        return asked.first()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE * 1000])
        return asked.first()


def _broker() -> str:
    """One attempt to reach it. The filesystem's broker is there when its folder can be written to."""
    options = dict(current_app.conf.broker_transport_options)
    if folder := options.get("data_folder_out"):
        return "ok" if os.access(folder, os.W_OK | os.X_OK) else "down"
    options |= {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with current_app.connection_for_write(transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except Exception:  # of whichever transport: none of them may reach the caller
        return "down"
    return "ok"


@public
@require_safe
def healthz(request):
    """200 when all is well, else 503; says which part isn't, and nothing else about the inside."""
    request.user = AnonymousUser()  # no session is read, even where a browser brings its cookie
    checks = check()
    well = set(checks.values()) == {"ok"}
    answer = JsonResponse({"status": "ok" if well else "unwell"} | checks, status=200 if well else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class HealthMiddleware:
    """The first of all: the question is answered without session, host name or TLS, whoever asks and whatever is down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return healthz(request) if request.path_info == "/healthz" else self.get_response(request)
