"""The frame around the apps: settings, addresses, web and worker entry points, supervisor."""

from .celery import app as celery_app  # shared tasks bind to this app wherever Django runs

__all__ = ["celery_app"]
