"""Settings, read from the environment, and in development from `.env`. `.env.example` describes every variable."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- What differs between installations ------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The empty defaults are refused by checks.py when DEBUG is off.
SECRET_KEY = env.str("SECRET_KEY", default="") or ("osäker-nyckel-bara-för-utveckling" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
CODE_PEPPER = env.str("CODE_PEPPER", default="") or ("osäker-peppar-bara-för-utveckling" if DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000" if DEBUG else "").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Tryggare Tranemo")
# Of a person who can act: an address as security.txt writes it, such as mailto:it@example.se.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
# Who may show /inbaddning/…/ in a frame: https://www.polisen.se, or https://*.example.se for all below it.
EMBED_HOSTS = env.list("EMBED_HOSTS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'tranemo.sqlite3'}")}
vars().update(env.email("EMAIL_URL", default="consolemail://"))
# Seconds to wait for each answer of the mail server. Without it, one that hangs would be waited for for ever.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tryggare Tranemo <noreply@localhost>")

# --- The application --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tranemo_trygghet",
    "tranemo_trygghet.staff_login",
    "subscriptions",
    "followups",
    "surveys",
    "promises",
    "whitenoise.runserver_nostatic",
    "tranemo_trygghet.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "tranemo_trygghet.headers.HeadersMiddleware",
    "tranemo_trygghet.languages.LanguageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Everything below is done once a page, not once a request: what it adds to a response is kept with the page.
    "tranemo_trygghet.page_store.middleware.PageStoreMiddleware",
    "tranemo_trygghet.headers.ReferrerMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tranemo_trygghet.bodies.BodyLimitMiddleware",
    "tranemo_trygghet.same_origin.SameOriginMiddleware",
    "tranemo_trygghet.public_pages.PublicPagesMiddleware",
    "tranemo_trygghet.staff_login.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tranemo_trygghet.not_found.NotFoundMiddleware",
]

ROOT_URLCONF = "tranemo_trygghet.urls"
WSGI_APPLICATION = "tranemo_trygghet.wsgi.application"
AUTH_USER_MODEL = "promises.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "promises.backend.PolicyBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "tranemo_trygghet.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Login of staff ----------------------------------------------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Half an hour without a request; what was typed is kept in the browser (static/js/drafts.js).
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
ACCOUNT_ADAPTER = "tranemo_trygghet.staff_login.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# allauth's own limits could be turned on others, and lie in a cache that web processes do not share: guessing.py.
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "tranemo_trygghet.staff_login.adapter.StaffSecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Half a minute early or late: clocks differ, and people type slowly. Each code is still good for one time.
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- Databases ---------------------------------------------------------------------------------------

DATABASES["default"].setdefault("OPTIONS", {})
# Seconds that a thread keeps its connection. One for each request cost PostgreSQL two to five times as much, and made
# SQLite set its pragmas anew each time and empty its write-ahead log whenever the last one closed.
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE with a long timeout: the only combination in which sixteen writers at once lose nothing.
    # FULL: what is acknowledged survives a power cut. secure_delete: a used code leaves no bytes behind.
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    # Django's own, whose queries also give up a server that stands still.
    DATABASES["default"]["ENGINE"] = "tranemo_trygghet.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Bound on the server, so that a failed INSERT does not write its values to PostgreSQL's log.
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True}
    # A server that is gone without a word is noticed in seconds; two is the shortest that psycopg waits to connect.
    _waits = {"connect_timeout": 2, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2}
    DATABASES["default"]["OPTIONS"] = _waits | {"tcp_user_timeout": 5000} | DATABASES["default"]["OPTIONS"]

# --- The published page store ------------------------------------------------------------------------

# On in development too: an edited template or a publication is seen within a second.
PAGE_STORE = env.bool("PAGE_STORE", default=True)
PAGE_STORE_DIR = BASE_DIR / env.str("PAGE_STORE_DIR", default="var/pages")
# Bytes: in the memory of each process, and on the disk that they share.
PAGE_STORE_MEMORY = env.int("PAGE_STORE_MEMORY_MB", default=32) * 1_000_000
PAGE_STORE_DISK = env.int("PAGE_STORE_DISK_MB", default=128) * 1_000_000

# --- Copies -------------------------------------------------------------------------------------------

BACKUP_DIR = BASE_DIR / env.str("BACKUP_DIR", default="var/backups")
# What has been erased lives on in the copies for so long.
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "sv"
# Each named in itself. The addresses of the others begin with their prefix: languages.py.
LANGUAGES = [
    ("sv", "Svenska"),
    ("sv-x-lattlast", "Lättläst svenska"),
    ("en", "English"),
    ("uk", "Українська"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["tranemo_trygghet.formats"]

# --- Files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "tranemo_trygghet.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# No page on another site has a reason to read our style sheets by script.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Security ----------------------------------------------------------------------------------------

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
        "object-src": [NONE],
    }
}
# The other headers, and where no-referrer would break a form, stand in headers.py.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = "/admin/"
# With the session: the stock storage has a cookie of its own, for every address.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_PATH = "/admin/"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tranemo_trygghet.same_origin.csrf_failure"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    # Preloading binds a whole domain for years; that is for its owner to decide, not for one portal under it.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Logs --------------------------------------------------------------------------------------------

# No mail to admins: Django's error mail carries the answer, the address and the code.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_words": {"()": "tranemo_trygghet.reticence.WithoutWords"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_words"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Scanners ask for made-up hosts all day and are refused: no fault of ours, and no page in the journal.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # That a round has been erased, and that the ballot box could not be cleared.
        "surveys": {"handlers": ["console"], "level": "INFO"},
    },
}

# --- Refuse to start unsafe --------------------------------------------------------------------------

if not DEBUG:
    _unsafe = [
        name
        for name, value in [
            ("SECRET_KEY", SECRET_KEY),
            ("CODE_PEPPER", CODE_PEPPER),
            ("ALLOWED_HOSTS", ALLOWED_HOSTS),
            ("SITE_URL", SITE_URL),
        ]
        if not value or str(value).startswith("osäker-")
    ]
    if _unsafe:
        raise ImproperlyConfigured(
            f"{', '.join(_unsafe)} saknas eller har ett osäkert värde. "
            "Sätt dem i miljön innan portalen startas med DEBUG avstängt. De beskrivs i .env.example."
        )
