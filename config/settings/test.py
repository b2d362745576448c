"""Tests: SQLite and the filesystem broker, or what TEST_DATABASE_URL and TEST_REDIS_URL name.

A worker that a test starts reads TEST_RUN and TEST_DATABASE, so that it meets the test's own database and queue.
All processes of one `pytest` share the folder TEST_ROOT; the first of them makes it and removes it.
"""

import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import STORAGES, broker_options, database, env

# One test process and the worker that it starts share this name; two test processes never do.
TEST_RUN = env("TEST_RUN", default=str(os.getpid()))
TEST_ROOT = Path(env("TEST_ROOT", default="") or tempfile.mkdtemp(prefix="portal-test-"))
TEST_ROOT_OWNED = str(TEST_ROOT) != env("TEST_ROOT", default="")
os.environ["TEST_ROOT"] = str(TEST_ROOT)
VAR_DIR = TEST_ROOT / TEST_RUN
VAR_DIR.mkdir(mode=0o700, exist_ok=True)
EVIDENCE_DIR = VAR_DIR / "evidence"

SECRET_KEY = "test-" + "k" * 60  # noqa: S105  (guards nothing)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; no password here is a secret
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

DATABASES = {"default": database(env("TEST_DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: live servers and workers read it too.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
if TEST_DATABASE := env("TEST_DATABASE", default=""):
    DATABASES["default"]["NAME"] = TEST_DATABASE

CELERY_BROKER_URL = env("TEST_REDIS_URL", default="") or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR / "broker") | {
    "global_keyprefix": f"portal-test-{TEST_RUN}:",
}
# Thousands of refusals are asked for: their tracebacks are written for nobody.
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django.request": {"level": "ERROR"}}}
DEMONSTRATION = False
PORTAL_TODAY = "2013-11-24"
AUDIT_ANCHOR = VAR_DIR / "audit.anchor"
AUDIT_MAY_BE_EMPTIED = True
