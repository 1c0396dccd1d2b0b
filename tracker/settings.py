"""The project's settings. All that differs between machines comes from the environment: README has the table."""

from pathlib import Path
from urllib.parse import urlsplit

from tracker import environment
from tracker.environment import BadEnvironment

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of machine this is ---------------------------------------------------------------------------------
# A fresh clone runs without any environment, for whoever sits at this machine and for nobody else. As soon as there is
# a SECRET_KEY, this is a site for others, and everything that it needs must be said.

DEBUG = environment.boolean("DEBUG", default=not environment.is_set("SECRET_KEY"))

THIS_MACHINE = ["localhost", ".localhost", "127.0.0.1", "[::1]"]

if DEBUG and not environment.is_set("SECRET_KEY"):
    SECRET_KEY = "known to everybody, and good enough as long as only this machine can reach the site"  # noqa: S105
    ALLOWED_HOSTS = environment.host_names("ALLOWED_HOSTS", default=THIS_MACHINE)
    if not set(ALLOWED_HOSTS) <= set(THIS_MACHINE):
        raise BadEnvironment(
            "ALLOWED_HOSTS lets others reach the site: set SECRET_KEY to a secret of your own, or leave both out."
        )
else:
    SECRET_KEY = environment.secret_key("SECRET_KEY")
    ALLOWED_HOSTS = environment.host_names("ALLOWED_HOSTS", default=THIS_MACHINE if DEBUG else None)

# --- What this site is --------------------------------------------------------------------------------------------

SITE_URL = environment.site_url("SITE_URL", default="http://localhost:8000" if DEBUG else None)
"""Scheme and host of the public site, without a slash at the end. Feeds, exports and citations begin with it."""

SITE_NAME = environment.text("SITE_NAME", default="Statement tracker")

CONTACT_EMAIL = environment.email("CONTACT_EMAIL", default="contact@example.org" if DEBUG else None)
"""Where readers report mistakes. Shown on public pages."""

DATA_LICENCE = environment.licence("DATA_LICENCE", default="CC-BY-4.0")
"""SPDX identifier of the licence of the exported data."""

FOUR_EYES = environment.boolean("FOUR_EYES", default=True)
"""Whether a statement must be published by somebody who has not changed it since its last publication."""

IMPORT_MAX_BYTES = environment.whole_number("IMPORT_MAX_BYTES", default=50_000_000, unit="bytes")
"""The largest file that is imported, and all files of a folder or a ZIP together."""

IMPORT_MAX_ROWS = environment.whole_number("IMPORT_MAX_ROWS", default=200_000, unit="rows")
"""The longest file that is imported, its header not counted."""

MAINTENANCE = environment.boolean("MAINTENANCE", default=False)
"""Whether every page answers that the site is being worked on."""

DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONTACT_EMAIL

# --- Applications -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tracker.apps.DeskConfig",  # django.contrib.admin with the desk as its site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "import_export",
    "csp",
    "django_tasks",
    # Last: it gives roles their permissions after every migration, when the other applications have made theirs.
    "statements.apps.StatementsConfig",
    "tracker.apps.TrackerConfig",
]

MIDDLEWARE = [
    "statements.public.early.early_answers",  # before all others: what it answers needs none of them
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before whitenoise: files of style and script carry the policy, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.maintenance.maintenance",  # after whitenoise, which serves its style; before all that asks the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

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
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL", default_file=BASE_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = environment.folder("MEDIA_ROOT", default=BASE_DIR / "media")
MEDIA_URL = "media/"

STATIC_ROOT = environment.folder("STATIC_ROOT", default=BASE_DIR / "staticfiles")
STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Names with a hash need `collectstatic` first, which nobody wants to run before every test.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

CACHE_PAGES = environment.whole_number("CACHE_PAGES", default=0, unit="pages")
"""How many pages each process keeps in its memory for the next reader."""

# What is kept is never older than what was published last, whatever stands here: see statements.public.early. Pages
# have a cache of their own, so that somebody who reads all of them does not push out what is hard to count.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 10 * 60,
        "OPTIONS": {"MAX_ENTRIES": CACHE_PAGES},
    },
}

# A statement's form has a dozen fields for each of its counts, demands, citations and wordings: the default of 1000 is
# reached by a long report.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Work that takes longer than a page -------------------------------------------------------------------------------

# Long imports are tasks. By default a thread of this process does them, and nobody has to start anything; the database
# keeps them for a worker, which can be stopped and started apart from the pages: `manage.py db_worker`.
TASK_BACKENDS = {"thread": "tracker.tasks.ThreadBackend", "database": "django_tasks_db.DatabaseBackend"}
TASKS_RUN_BY = environment.one_of("TASKS", default="thread", choices=TASK_BACKENDS)
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASKS_RUN_BY]}}
if TASKS_RUN_BY == "database":
    INSTALLED_APPS.insert(INSTALLED_APPS.index("django_tasks") + 1, "django_tasks_db")

# What every process that serves pages does beside it: see tracker.clock.
EVERY_MINUTE = ["statements.actions.scheduling.publish_all_due"]

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "statements" / "locale"]

# --- Who may do what ----------------------------------------------------------------------------------------------

LOGIN_URL = "admin:login"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Without these two, django-import-export lets everybody who can log in to the admin import and export.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

# --- Security -----------------------------------------------------------------------------------------------------

# A trial on one's own machine with DEBUG off has an address with http; cookies marked secure would never come back.
# `check --deploy` reports such an address.
IS_HTTPS = not DEBUG and urlsplit(SITE_URL).scheme == "https"

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = environment.boolean("SECURE_SSL_REDIRECT", default=IS_HTTPS)
# Whoever watches the process asks it directly, without a proxy and without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = environment.whole_number(
    "SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60 if IS_HTTPS else 0, unit="seconds"
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=IS_HTTPS)
SECURE_HSTS_PRELOAD = environment.boolean("SECURE_HSTS_PRELOAD", default=False)
# Preloading binds a whole domain for years, and anybody can ask for it once the header allows it. That is the decision
# of the domain's owner, not of a check; the setting is there.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

if environment.boolean("BEHIND_PROXY", default=False):
    # Only where a proxy sets this header, or else any client can claim that it came by https.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"  # a source's server does not learn which page its reader came from
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        # Scripts, styles, fonts and pictures come from this site alone, public pages and admin alike.
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# --- Logs ---------------------------------------------------------------------------------------------------------

LOG_LEVEL = environment.log_level("LOG_LEVEL", default="INFO")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tracker.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers, one of them sending e-mails, give way to the one above.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
    },
}
