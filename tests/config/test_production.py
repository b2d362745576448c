"""Production starts only where it is safe, and says in a sentence what is missing."""

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured

from config import checks

GOOD = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMN",
    "SENSITIVE_KEYS": "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "SENSITIVE_KEY": "k1",
    "SENSITIVE_INDEX_KEY": "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=",
    "AUDIT_KEYS": "0123456789abcdef0123456789abcdef",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
}
BAD = [
    ({"DEBUG": "1"}, "DEBUG"),
    ({"PORTAL_TODAY": "2013-11-24"}, "PORTAL_TODAY"),
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SENSITIVE_KEYS": ""}, "SENSITIVE_KEYS"),
    ({"SENSITIVE_KEY": "k9"}, "SENSITIVE_KEY"),
    ({"SENSITIVE_INDEX_KEY": ""}, "SENSITIVE_INDEX_KEY"),
    ({"AUDIT_KEYS": ""}, "AUDIT_KEYS"),
    ({"AUDIT_KEYS": f"{GOOD['AUDIT_KEYS']},short"}, "AUDIT_KEYS"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
    ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "SECRET_KEY"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "DATABASE_URL"),
    ({"CELERY_BROKER_URL": ""}, "CELERY_BROKER_URL"),
]


def production(monkeypatch, **changes: str) -> dict:
    """The production settings under a good environment with some changes."""
    for name, value in {"DEBUG": "", "PORTAL_TODAY": "", **GOOD, **changes}.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    return runpy.run_module("config.settings.production")


@pytest.mark.parametrize(("changes", "named"), BAD)
def test_refuses_what_is_unsafe(monkeypatch, changes, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        production(monkeypatch, **changes)


def test_starts_where_all_is_set(monkeypatch):
    found = production(monkeypatch)
    assert found["DEBUG"] is False and found["DEMONSTRATION"] is False
    assert found["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True
    # A longer task than a quarter of this time would be started twice.
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] >= 4 * found["CELERY_TASK_TIME_LIMIT"]


def test_deployment_check_is_clean():
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = plain | GOOD | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_demonstration_accounts_stop_production(settings):
    settings.DEMONSTRATION = False
    assert checks.no_demonstration_accounts(None, databases=["default"]) == []
    get_user_model()._base_manager.create(username="clerk", is_demonstration=True)
    (error,) = checks.no_demonstration_accounts(None, databases=["default"])
    assert error.id == "portal.E001" and "clerk" in error.msg
    with pytest.raises(ImproperlyConfigured, match="clerk"):
        checks.refuse_demonstration_accounts()
    settings.DEMONSTRATION = True
    checks.refuse_demonstration_accounts()
