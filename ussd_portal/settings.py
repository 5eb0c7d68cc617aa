"""Settings, read from the environment or `.env`; every variable is listed in `.env.example`."""

import logging
import os
import secrets
from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from accounts.wording.columns import in_language
from ussd_portal.environment import Environment
from ussd_portal.logs import logging_as

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.read_env(BASE_DIR / ".env")


def secret_key_from(path: Path) -> str:
    """The key kept in `path`, made on the first run and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


# --- where and what -------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key_from(DATA_DIR / "secret_key")
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default="") or f"http://127.0.0.1:{PORT}"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "modeltranslation",
    "ussd_portal.site.PortalAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "ussd_portal.storage.PortalStaticFiles",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "simple_history",
    "import_export",
    "django_structlog",
    "django_prometheus",
    "csp",
    "accounts",
    "services.catalog",
    "workorders",
    "services.scheduling",
    "incidents",
    "ussd_portal",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.http.people.PersonMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "ussd_portal.urls"
WSGI_APPLICATION = "ussd_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Widgets are drawn by templates of the portal where it has one of its own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "django.template.context_processors.i18n",
                "accounts.http.frame.frame",
                "ussd_portal.context.workspace",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "accounts.templatetags.portal",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# The ledger's statement, planned once a connection (PostgreSQL).
PREPARED_STATEMENTS = env.bool("PREPARED_STATEMENTS", default=True)

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "ussd_portal.caching.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
    )
}

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.http.people.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.http.people.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "accounts.http.people.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": (
            [
                {
                    "provider_id": "oidc",
                    "name": _("your organisation"),
                    "client_id": env.str("OIDC_CLIENT_ID", default=""),
                    "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                    "settings": {"server_url": env.str("OIDC_ISSUER", default="")},
                }
            ]
            if env.str("OIDC_ISSUER", default="")
            else []
        ),
    }
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.http.people.signing_in_as"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# --- languages and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "zh-hans")
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = in_language
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "portal_language"
TIME_ZONE = "UTC"
USE_TZ = True

# --- security -------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "portal_session"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ussd_portal.views.frame.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXIES", default=0) else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# --- files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler/css", BASE_DIR / "node_modules/@tabler/core/dist/css"),
    ("tabler/js", BASE_DIR / "node_modules/@tabler/core/dist/js"),
    ("inter", BASE_DIR / "node_modules/@fontsource-variable/inter/files"),
    ("event-calendar", BASE_DIR / "node_modules/@event-calendar/build/dist"),
]
TABLER_ICONS = BASE_DIR / "node_modules/@tabler/icons/icons/outline"
# Family, weight and file of each face that a PDF embeds. What the Latin family lacks is taken
# from the Chinese one.
_FONTS = BASE_DIR / "node_modules/@embedpdf"
PAPER_FACES = [
    ("Paper Latin", 400, _FONTS / "fonts-latin/fonts/NotoSans-Regular.ttf"),
    ("Paper Latin", 600, _FONTS / "fonts-latin/fonts/NotoSans-SemiBold.ttf"),
    ("Paper Chinese", 400, _FONTS / "fonts-sc/fonts/NotoSansHans-Regular.otf"),
    ("Paper Chinese", 600, _FONTS / "fonts-sc/fonts/NotoSansHans-Medium.otf"),
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ussd_portal.storage.HashedStaticFiles"},
}

# --- mail and tasks -------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20
# How long a worker has a message to itself; one that is killed leaves it to others after that.
OUTBOX_LEASE = timedelta(seconds=env.int("OUTBOX_LEASE_SECONDS", default=90))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Support Portal <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

CELERY_BROKER_URL = REDIS_URL or "files://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(DATA_DIR / "queue"), "polling_interval": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
EVERY_MINUTE = {"schedule": 60.0, "options": {"expires": 55}}  # no pile-up while no worker runs
CELERY_BEAT_SCHEDULE = {
    "announce-deadlines": {"task": "workorders.tasks.announce_deadlines", **EVERY_MINUTE},
    "recalculate-dates": {"task": "incidents.tasks.recalculate_dates", **EVERY_MINUTE},
    "digest-deadlines": {"task": "workorders.tasks.digest_deadlines", **EVERY_MINUTE},
    "lapse-entitlements": {"task": "workorders.tasks.lapse_entitlements", **EVERY_MINUTE},
    "warn-of-targets": {"task": "incidents.tasks.warn_of_targets", **EVERY_MINUTE},
    "open-event-summaries": {"task": "incidents.tasks.open_event_summaries", **EVERY_MINUTE},
    "drain-outbox": {"task": "accounts.tasks.drain_outbox", **EVERY_MINUTE},
    "forget-old-keys": {
        "task": "accounts.tasks.forget_old_keys",
        "schedule": crontab(hour=3, minute=0),
    },
}

# --- API ------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.http.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "accounts.http.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "accounts.http.schema.PortalSchema",
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min"},
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "EXCEPTION_HANDLER": "accounts.http.problems.problem_response",
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Support Portal API",
    "DESCRIPTION": "The same actions, rights and refusals as the pages.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "EventKindEnum": "services.scheduling.models.EventBrief.Kind",
        "ServiceLanguageEnum": "services.scheduling.wording.states.LANGUAGES",
        "PersonRoleEnum": "accounts.models.User.Role",
        "LocationRoleEnum": "accounts.models.Location.Role",
        "ContactRoleEnum": "accounts.models.Contact.Role",
        "UnitEnum": "workorders.models.orders.Unit",
        "FundingEnum": "workorders.models.orders.Funding",
        "TermUnitEnum": "services.catalog.models.Term.Unit",
        "ScopeKindEnum": "workorders.models.LineScope.Kind",
        "DeadlineKindEnum": "workorders.models.Deadline.Kind",
        "TransferKindEnum": "workorders.models.Transfer.Kind",
        "PartyEnum": "services.scheduling.models.Booking.Party",
        "EditionStateEnum": "services.catalog.models.Edition.State",
        "SeverityEnum": "incidents.models.Severity",
        "ClockEnum": "incidents.models.Clock",
        "ProductClassEnum": "incidents.models.ProductClass",
        "ChannelEnum": "incidents.models.Channel",
        "IncidentUpdateKindEnum": "incidents.models.IncidentUpdate.Kind",
        "ClockStateEnum": "incidents.serializers.incidents.CLOCK_STATES",
        "AnalysisTrackEnum": "incidents.models.RootCauseAnalysis.Track",
        "EngineersTrackEnum": "incidents.serializers.afterwards.ENGINEERS_TRACKS",
        "BookingStateEnum": "services.scheduling.serializers.bookings.STATES",
        "SuccessActivityStateEnum": "services.scheduling.serializers.success.ACTIVITY_STATES",
        "SuccessObjectiveStateEnum": "services.scheduling.serializers.success.OBJECTIVE_STATES",
        "MonitorStateEnum": "services.scheduling.serializers.onboarding.SCENARIO_STATES",
        "ImprovementStateEnum": "services.scheduling.serializers.onboarding.PLAN_STATES",
        "OrderStateEnum": "workorders.serializers.orders.ORDER_STATES",
    },
}

# --- logs -----------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = logging_as(LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line per request: its end
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG

SILENCED_SYSTEM_CHECKS = env.list("SILENCED_CHECKS", default=[])
# Locked out is the name that was tried, whatever address tried it: addresses rotate.
SILENCED_SYSTEM_CHECKS += ["axes.W006"]
if not HTTPS:  # the portal on one's own machine
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
SIMPLE_HISTORY_REVERT_DISABLED = True
