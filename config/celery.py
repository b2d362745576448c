"""Celery's application. The database owns the work (`core.jobs`): the broker only rings the bell."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["core.jobs", "core.workflow"])


@worker_init.connect
def refuse_demonstration(**kwargs):
    """A production worker refuses demonstration accounts just as the web server does."""
    from config.checks import refuse_demonstration_accounts

    refuse_demonstration_accounts()
