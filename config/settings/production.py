"""Production: PostgreSQL, Redis, TLS in front. What is missing or unsafe is refused with a sentence.

Beside base's variables: BEHIND_PROXY (1 where a proxy ends TLS and sets X-Forwarded-Proto), HSTS_SECONDS.
"""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import VAR_DIR, broker_options, database, env


def _refuse(condition: bool, sentence: str) -> None:
    if condition:
        raise ImproperlyConfigured(sentence)


def _needed(name: str, what: str) -> str:
    value = env(name, default="")
    _refuse(not value, f"{name} is not set. Set it to {what}.")
    return value


_refuse(env.bool("DEBUG", default=False), "DEBUG is on. Production shows no debugging pages: unset DEBUG.")
_refuse(bool(env("PORTAL_TODAY", default="")), "PORTAL_TODAY is set. Production lives by the real date: unset it.")

SECRET_KEY = _needed("SECRET_KEY", "a random key of at least 50 characters that only this installation knows")
_refuse(
    len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"),
    "SECRET_KEY is too weak. Set it to at least 50 random characters, not to an example from a document.",
)
ALLOWED_HOSTS = _needed("ALLOWED_HOSTS", "the portal's host names, separated by commas").split(",")
_refuse("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS lets every host in. Name the portal's own host names.")
BASE_URL = env("BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {"default": database(_needed("DATABASE_URL", "the database, as postgres://user:password@host/name"))}
_refuse(
    "postgresql" not in DATABASES["default"]["ENGINE"],
    "DATABASE_URL does not name PostgreSQL. Several web servers and workers share production's database: use one.",
)
CELERY_BROKER_URL = _needed("CELERY_BROKER_URL", "the broker, as redis://host:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR / "broker")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    # Only where the proxy removes this header from what comes from outside.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=90)
OTP_REQUIRED_ROLES = env.list(
    "OTP_REQUIRED_ROLES", default=["sysadmin", "secadmin", "auditor", "inspector", "district"]
)

SENSITIVE_KEYS = dict(
    part.split(":", 1)
    for part in _needed("SENSITIVE_KEYS", "the keys of sensitive fields, as id:base64,id:base64").split(",")
    if ":" in part
)
SENSITIVE_KEY = _needed("SENSITIVE_KEY", "the id of the key that writes now")
_refuse(SENSITIVE_KEY not in SENSITIVE_KEYS, "SENSITIVE_KEY names a key that SENSITIVE_KEYS does not have.")
SENSITIVE_INDEX_KEY = _needed("SENSITIVE_INDEX_KEY", "32 random bytes of base64; it can't be changed later")

AUDIT_KEYS = _needed("AUDIT_KEYS", "the key that seals the audit; older ones may follow it after commas").split(",")
_refuse(any(len(key) < 32 for key in AUDIT_KEYS), "A key in AUDIT_KEYS is too short: it needs 32 random characters.")
