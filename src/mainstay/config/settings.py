"""The one settings file. What differs between sites comes from the environment (see env.py)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from mainstay.config import env, parts
from mainstay.config.env import data_dir, secret_key
from mainstay.config.logs import logging_settings

PACKAGE = Path(__file__).resolve().parent.parent
DATA = data_dir()
DEBUG = env.flag("MAINSTAY_DEBUG")
SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.words("MAINSTAY_HOSTS", ["127.0.0.1", "localhost"])
HTTPS = env.flag("MAINSTAY_HTTPS")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "mainstay.web",
    "mainstay.core.organisation",
    "mainstay.core.access",
    "mainstay.core.audit",
    "mainstay.core.workflow",
    "mainstay.core.documents",
    "mainstay.core.publications",
    "mainstay.core.evidence",
    "mainstay.core.todos",
    "mainstay.core.jobs",
    "mainstay.core.sheets",
    "mainstay.core.outbox",
    "mainstay.core.events",
    "mainstay.core.home",
    *parts.apps(env.words("MAINSTAY_PARTS", [parts.ALL])),
]

MIDDLEWARE = [
    "mainstay.web.middleware.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mainstay.web.middleware.request_facts",
    "mainstay.config.road.api_first",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "mainstay.core.access.middleware.session_rules",
    "mainstay.config.logs.who_and_where",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mainstay.web.middleware.content_security_policy",
    "mainstay.web.middleware.problems",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mainstay.config.urls"
WSGI_APPLICATION = "mainstay.config.wsgi.application"

# One explicit loader list: with the default app configs of both libraries, raw <c-…> tags would reach the browser.
_LOADERS: list[Any] = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mainstay.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "mainstay.web.templatetags.kept",
                "mainstay.web.templatetags.mainstay",
            ],
        },
    }
]


PAIR_OPTIONS = {
    "target_session_attrs": "read-write",
    "connect_timeout": 2,  # seconds; libpq takes no less, and asks the hosts one after the other
    "tcp_user_timeout": 2000,  # milliseconds until a sent statement that nobody confirms is an error
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


_DATABASES = "DATABASE_URL: sqlite:///path or postgres://user@host/name"


def _database() -> dict[str, Any]:
    """Read DATABASE_URL; tune each engine once, here, so that no other place needs to know."""
    try:
        found = dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{DATA / 'mainstay.sqlite3'}"))
    except ValueError:
        raise ImproperlyConfigured(_DATABASES) from None
    config: dict[str, Any] = {**found}
    if config["ENGINE"].endswith("sqlite3"):
        config["ENGINE"] = "mainstay.kit.sqlite3"  # Django's, with writers that wait more closely
        # django_tables2 asks for a field of PostgreSQL and does without; the driver would take each process 10 MB.
        sys.modules.setdefault("django.contrib.postgres.fields", None)  # type: ignore[arg-type]
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # a writer queues at BEGIN instead of failing half-way
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;"
            ),
        }
    elif not config["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured(_DATABASES)
    else:
        config["ENGINE"] = "mainstay.kit.postgresql"  # Django's; a commit counts when both servers have it
        config["CONN_MAX_AGE"] = 600
        config["CONN_HEALTH_CHECKS"] = True
        options = config.setdefault("OPTIONS", {})
        if "," in config["HOST"]:  # a standby pair: whichever accepts writes, and no waiting for a dead one
            for name, value in PAIR_OPTIONS.items():
                options.setdefault(name, value)
        options.setdefault("connect_timeout", 5)
        options.setdefault("options", "-c jit=off")  # compiling takes longer than our statements run
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "mainstay.core.access.backends.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mainstay.core.access.passwords.KindsOfCharacters"},
    {"NAME": "mainstay.core.access.passwords.NotUsedBefore"},
]
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "home:workbench"
LOGOUT_REDIRECT_URL = "access:login"
IDLE_MINUTES = env.number("MAINSTAY_IDLE_MINUTES", 30)
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "mainstay.core.access.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

LANGUAGE_CODE = env.text("MAINSTAY_LANGUAGE", "zh-hans")
if LANGUAGE_CODE not in {"zh-hans", "en"}:
    raise ImproperlyConfigured("MAINSTAY_LANGUAGE: zh-hans or en")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "kit" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = "mainstay.config.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "mainstay.web.storage.Manifest"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one uploaded sheet or file
FILE_UPLOAD_HANDLERS = [
    "mainstay.core.evidence.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMD = env.text("MAINSTAY_CLAMD")
CARD_AGENT = env.text("MAINSTAY_CARD_AGENT", "http://127.0.0.1:18630").rstrip("/")
BANK_FOLDER = env.text("MAINSTAY_BANK_FOLDER") or str(DATA / "bank")
BACKUP_FOLDER = env.text("MAINSTAY_BACKUP") or str(DATA / "backup")
BACKUP_OFFSITE = env.text("MAINSTAY_BACKUP_OFFSITE")
BACKUP_KEY_FILE = env.text("MAINSTAY_BACKUP_KEY_FILE") or str(DATA / "backup.key")
OUTBOX_FOLDER = env.text("MAINSTAY_OUTBOX")
CARRIED = env.text("MAINSTAY_CARRIED") or str(DATA / "carried")
SITE_FILE = env.text("MAINSTAY_SITE") or str(DATA / "site.toml")

FORM_RENDERER = "mainstay.web.widgets.Renderer"
DJANGO_TABLES2_TEMPLATE = "web/table.html"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("All")

LOGGING = logging_settings(env.text("MAINSTAY_LOG_FORMAT", "text"))
