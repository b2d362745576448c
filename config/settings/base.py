"""Settings that hold everywhere; embedded, production and test build on them.

Environment variables: SECRET_KEY, DATABASE_URL, CELERY_BROKER_URL, ALLOWED_HOSTS, BASE_URL, PORTAL_TODAY, VAR_DIR,
JOBS_PARALLEL; for messages MESSAGE_SENDER, MESSAGE_ATTEMPTS; for evidence EVIDENCE_DIR, EVIDENCE_MAX_BYTES,
EVIDENCE_MAX_PIXELS, EVIDENCE_EXTENSIONS; for sheets SHEETS_KEEP_DAYS, SHEETS_UNDO_DAYS, SHEETS_AT_ONCE,
EXPORT_AT_ONCE; for signing in OTP_REQUIRED_ROLES, PASSWORD_MIN_LENGTH, PASSWORD_HISTORY, PASSWORD_DAYS,
SESSION_IDLE_MINUTES, SESSION_HOURS.
"""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
# Everything that the portal writes beside its database: broker folders, logs, collected static files.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# The address that people reach the portal at; printed links and QR codes begin with it.
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DOMAIN_APPS = [  # from the ground up; the floors of the house, see pyproject.toml
    "villages",
    "accounts",
    "cadres",
    "facilities",
    "services",
    "surveys",
    "scoring",
    "plans",
    "dashboards",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "config.apps.PortalAdminConfig",
    "django.forms",  # its templates, which FORM_RENDERER looks up beside ours
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "config",
    "core",
    *DOMAIN_APPS,
]

MIDDLEWARE = [
    "core.health.HealthMiddleware",
    "core.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ChosenLanguageMiddleware",
    "core.evidence.middleware.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RequestContextMiddleware",
    "accounts.middleware.SignInMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns the answer to a locked account into the page that says so
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.portal",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # turns a locked account away before its password is looked at
    "accounts.backends.RolesBackend",
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "dashboards:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# The password policy of the national scheme of grade protection.
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", default=10)
PASSWORD_HISTORY = env.int("PASSWORD_HISTORY", default=5)  # so many earlier passwords may not come back
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=0)  # days until a password must be changed; 0: never
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.Length", "OPTIONS": {"characters": PASSWORD_MIN_LENGTH}},
    {"NAME": "accounts.validators.Classes", "OPTIONS": {"needed": 3}},
    {"NAME": "accounts.validators.NotTheAccount"},
    {"NAME": "accounts.validators.Uncommon"},
    {"NAME": "accounts.validators.NotRecent", "OPTIONS": {"kept": PASSWORD_HISTORY}},
]
# Five wrong passwords for one account from one address lock it there for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_page"
AXES_USERNAME_CALLABLE = "accounts.lockout.account_named"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the hour that the page names holds
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the portal's audit has it
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
# Roles that sign in with a second factor, separated by commas; production has its own default.
OTP_REQUIRED_ROLES = env.list("OTP_REQUIRED_ROLES", default=[])
OTP_TOTP_ISSUER = "规范化平台"  # what the phone's list calls the portal
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)  # a working day, then sign in again

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names that carry a hash may be cached for ever; compressed once, when collected.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = (SESSION_HOURS + 1) * 3600  # seconds; longer than a session lasts, so that its end can be told
CSRF_COOKIE_HTTPONLY = True


def database(url: str) -> dict:
    """One entry of DATABASES from a URL, with what its engine needs to bear many writers and restarts."""
    config = environ.Env.db_url_config(url)
    if "sqlite" in config["ENGINE"]:
        # Django's defaults lose most of 50 simultaneous writes to "database is locked"; these lose none.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
    else:
        # A connection that a restarted server has closed is noticed before a request fails on it.
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        config.setdefault("OPTIONS", {}).setdefault(
            "connect_timeout", 5
        )  # seconds; else minutes for a host that is gone
    return config


def broker_options(url: str, folder: Path) -> dict:
    """Transport options for the broker behind `url`; `folder` holds the filesystem broker's messages."""
    if not url.startswith("filesystem"):
        # Four times the longest task: a shorter time starts a slow task again while it still runs.
        # The other two bring redelivery after a worker's death from minutes to seconds.
        timeout = 4 * CELERY_TASK_TIME_LIMIT
        return {"visibility_timeout": timeout, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("queue", "processed", "control"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    return {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.5,  # seconds; a person waits for the first step of a run
    }


JOBS_PARALLEL = env.int("JOBS_PARALLEL", default=4)  # chunks of one job that are worked on side by side
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True  # progress and results are rows of core.jobs
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300  # seconds; a chunk of work stays far below
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody asks, and each worker would leave a queue behind
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "core.jobs.tasks.sweep", "schedule": 30.0, "options": {"expires": 30}},
    "heartbeat": {"task": "core.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "seal-audit": {"task": "core.tasks.seal_audit", "schedule": 60.0, "options": {"expires": 60}},
    "tidy-exports": {"task": "core.tasks.tidy_exports", "schedule": crontab(minute=40)},
    "tidy": {"task": "core.tasks.tidy", "schedule": crontab(hour=3, minute=10)},
    "forget-workbooks": {"task": "surveys.tasks.forget_workbooks", "schedule": crontab(hour=3, minute=20)},
    "clear-sign-ins": {"task": "accounts.tasks.clear_sign_ins", "schedule": crontab(hour=3, minute=0)},
    # What is due stands in rows; a machine that slept at this hour catches up when it wakes.
    "remind": {"task": "core.workflow.tasks.remind", "schedule": crontab(hour=7, minute=30)},
    "messages": {"task": "cadres.tasks.send_messages", "schedule": crontab(hour=9, minute=0)},
    "due-runs": {"task": "scoring.tasks.start_due_runs", "schedule": crontab(hour=1, minute=0)},
}

# Integrity messages: the class that carries them to telephones (cadres.senders), and how often each is tried.
MESSAGE_SENDER = env("MESSAGE_SENDER", default="cadres.senders.FileSender")
MESSAGE_ATTEMPTS = env.int("MESSAGE_ATTEMPTS", default=3)

# Whether a proxy stands in front and names the client in X-Forwarded-For; production says.
BEHIND_PROXY = False

# Photos and files attached to records: outside the static tree, served by a view alone. Back it up with the database.
EVIDENCE_DIR = Path(env("EVIDENCE_DIR", default=str(VAR_DIR / "evidence"))).resolve()
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=20 * 1024 * 1024)  # of one file
EVIDENCE_MAX_PIXELS = env.int("EVIDENCE_MAX_PIXELS", default=50_000_000)  # of one picture
EVIDENCE_EXTENSIONS = env.list(
    "EVIDENCE_EXTENSIONS", default=["jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx", "pptx", "doc", "xls"]
)

# Sheets on their way into registers (core.sheets): how long a file is kept that nobody has written, and for how long
# after its writing an import can be undone, in days; a file with more rows is checked and written by a worker.
SHEETS_KEEP_DAYS = env.int("SHEETS_KEEP_DAYS", default=30)
SHEETS_UNDO_DAYS = env.int("SHEETS_UNDO_DAYS", default=7)
SHEETS_AT_ONCE = env.int("SHEETS_AT_ONCE", default=1000)
# A list of more rows is given out by a worker, and kept for a day.
EXPORT_AT_ONCE = env.int("EXPORT_AT_ONCE", default=20_000)

# Workbooks sent to the registers (core.sheets): rows of one sheet that are taken.
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=20_000)

# The day the portal takes for today; empty means the real one (the demonstration sets its own).
PORTAL_TODAY = env("PORTAL_TODAY", default="")
DEMONSTRATION = False

# Sensitive fields (core.sensitive): keys by id, 32 bytes of base64 each; the one that writes; the index's own key.
# These are for machines whose data is made up; production brings its own.
SENSITIVE_KEYS = {"dev": "ZGV2ZWxvcG1lbnQta2V5LWd1YXJkcy1ub3RoaW5nLSE="}
SENSITIVE_KEY = "dev"
SENSITIVE_INDEX_KEY = "ZGV2ZWxvcG1lbnQtaW5kZXgta2V5LW9mLW5vYm9keS0="
SENSITIVE_CIPHER = env("SENSITIVE_CIPHER", default="aes")  # or sm4, where national ciphers are asked for

# The audit's chain (core.seal): the first key seals, older ones still verify. The anchor is the newest link, kept
# outside the database; only a test's database may be emptied.
AUDIT_KEYS = ["development-key-guards-nothing"]
AUDIT_ANCHOR = Path(env("AUDIT_ANCHOR", default=str(VAR_DIR / "audit.anchor")))
AUDIT_MAY_BE_EMPTIED = False
