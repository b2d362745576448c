"""The embedded default: SQLite and the filesystem broker, nothing to install; demonstration data."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import VAR_DIR, broker_options, database, env

VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _own_secret_key() -> str:
    """A key of this installation's own, kept in var/, so that sessions outlive a restart."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or _own_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))}
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR / "broker")
JOBS_PARALLEL = 1  # the embedded worker is one process

DEMONSTRATION = True
PORTAL_TODAY = env("PORTAL_TODAY", default="2013-11-24")
