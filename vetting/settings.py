"""One settings file. What differs between installations comes from the environment; the defaults are the demo's."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from vetting.databases import database

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


DEMO = _flag("ARTICLE_TEN_DEMO")
TESTING = _flag("ARTICLE_TEN_TESTING")
EMBEDDED = DEMO or TESTING
"""The embedded default may make its own keys and show mail on a page; everything else must be told."""

VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
KEY_DIR = Path(os.environ.get("KEY_DIR", VAR_DIR / "keys"))
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY and EMBEDDED:
    SECRET_KEY = "-".join(("embedded", "default", "known", "to", "everybody", "for", "invented", "people", "only"))
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000").rstrip("/")
SECURE = BASE_URL.startswith("https:")

SITE_NAME = os.environ.get("SITE_NAME", "Article Ten")
HOME_STATE = os.environ.get("HOME_STATE", "IE")
ISSUER_NAME = os.environ.get("ISSUER_NAME", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "vetting.audit",
    "vetting.keys",
    "vetting.organisations",
    "vetting.authorities",
    "vetting.footers",
    "vetting.exchange",
    "vetting.cases",
    "vetting.consent",
    "vetting.identity",
    "vetting.enquiries",
    "vetting.questions",
    "vetting.outcomes",
    "vetting.certificates",
    "vetting.roster",
    "vetting.retention",
    "vetting.statistics",
    "vetting.web",
    "vetting",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "vetting.web.unsent.KeepTyping",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vetting.web.middleware.private_pages",
]
ROOT_URLCONF = "vetting.urls"
WSGI_APPLICATION = "vetting.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vetting.web.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'article-ten.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_FORMS = {"login": "vetting.web.sign_in.SignInForm"}
ACCOUNT_ADAPTER = "vetting.web.accounts.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "vetting.web.second_factor.SealedSecrets"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
SECOND_FACTOR = _flag("SECOND_FACTOR") if "SECOND_FACTOR" in os.environ else not EMBEDDED
"""Whether clerks, and managers of organisations, need a second factor to come in."""
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "track": "20/m/ip,10/h/key",
    "verify": "40/m/ip,20/h/key",
    "revive": "10/m/ip,4/h/key",
    "sign_up": "10/m/ip,4/h/key",
    "invite": "30/m/ip,40/h/key",
    "share_code": "40/m/ip,60/h/key",
    "refused_messages": "300/m/ip",
    "organisation": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

LANGUAGE_CODE = "en"
OFFICIAL_LANGUAGES = [
    ("bg", "Български"), ("cs", "Čeština"), ("da", "Dansk"), ("de", "Deutsch"), ("el", "Ελληνικά"),
    ("en", "English"), ("es", "Español"), ("et", "Eesti"), ("fi", "Suomi"), ("fr", "Français"), ("ga", "Gaeilge"),
    ("hr", "Hrvatski"), ("hu", "Magyar"), ("it", "Italiano"), ("lt", "Lietuvių"), ("lv", "Latviešu"), ("mt", "Malti"),
    ("nl", "Nederlands"), ("pl", "Polski"), ("pt", "Português"), ("ro", "Română"), ("sk", "Slovenčina"),
    ("sl", "Slovenščina"), ("sv", "Svenska"),
]  # fmt: skip
LOCALE_DIR = BASE_DIR / "locale"
# A language is offered once its catalogue is there; certificates and requests exist in every official one.
LANGUAGES = [(code, name) for code, name in OFFICIAL_LANGUAGES if code == LANGUAGE_CODE or (LOCALE_DIR / code).is_dir()]
LOCALE_PATHS = [LOCALE_DIR]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = os.environ.get("TIME_ZONE", "Europe/Dublin")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("designsystemet", BASE_DIR / "node_modules" / "@digdir" / "designsystemet-css" / "dist"),
]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A body is never spooled to a temporary file: there is no upload, and the largest form is a few kilobytes.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a list of 500 people, mended in place

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_TLS_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
# Not "no-referrer": browsers would then send "Origin: null" with our own forms, and CSRF protection refuse them.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "vetting.web.failures.csrf"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{key: ["'none'"] for key in ("default-src", "base-uri", "frame-ancestors")},
        **{key: ["'self'"] for key in ("script-src", "style-src", "font-src", "connect-src", "form-action")},
        "img-src": ["'self'", "data:"],
    }
}

DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "Article Ten <no-reply@localhost>")
MAIL_BOUNCES = os.environ.get("MAIL_BOUNCES", "")
"""Where undelivered mail comes back to, each with a mark of its own: bounces+mark@example.org. Empty: to MAIL_FROM."""
OUTBOX_DIR = VAR_DIR / "outbox"
if "EMAIL_HOST" in os.environ:
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "integrations.mail.outbox.Backend"

MESSENGERS = {"email": "integrations.mail.messenger.EmailMessenger"} | {
    way: path for way in ("sms", "post") if (path := os.environ.get(f"MESSENGER_{way.upper()}", ""))
}
"""The adapter of each way on which letters leave. Only the one for e-mail comes with the product."""
LETTERS_BY = os.environ.get("LETTERS_BY", "email")
"""The way for letters to applicants; who gave no address for it is written to by e-mail, and organisations always."""
BOUNCES = "integrations.mail.bounces.StatusNotifications"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")

VAULT = "integrations.vault.files.FileVault"
SIGNER = "integrations.jose.signer.from_environment"
KEY_KEEPER = "integrations.jose.rotation.from_environment"
ENVELOPES = "integrations.jose.envelopes.JoseEnvelopes"
PRINTER = "integrations.pdf.CertificatePrinter"
SEAL = os.environ.get("SEAL", "integrations.pades.from_environment")
"""What gives the seal on certificates, a `Seal`: a path of its own for a key in a hardware module or a service."""
QR_PAINTER = "integrations.qr.Painter"
RECEIPT_PRINTER = "integrations.pdf.receipt.ReceiptPrinter"
STANDARD_FORM_PRINTER = "integrations.pdf.standard_form.StandardForm"
PUBLIC_FORMS = "integrations.evidence.Evidence"
FORM_PRINTER = "integrations.pdf.request_form.RequestFormPrinter"
CONTACT = {part: os.environ.get(f"CONTACT_{part.upper()}", "") for part in ("name", "telephone", "email", "address")}
"""Whom another authority may ask back about a request on paper."""
NATIONAL_REGISTER = os.environ.get(
    "NATIONAL_REGISTER", "integrations.registers.sandbox.SandboxRegister" if EMBEDDED else ""
)
"""The register of this State, searched for other States' questions. The sandbox's people are invented: demo only."""
PURPOSE_CATEGORIES = frozenset(os.environ.get("PURPOSE_CATEGORIES", "P-00-000000").split(","))
"""Codes of a request that mean recruitment for work with children. The table is not published: a placeholder."""
SIGN_IN = "integrations.oidc.provider.OpenIdConnect"
"""Signing in by the identity provider of an organisation that has one of its own."""
SPREADSHEETS = "integrations.spreadsheets.Reader"
MESSAGE_WRITER = "integrations.ecris.message.EcrisWriter"
AIRLOCK = "integrations.airlock.client.ChildAirlock"
CONFORMANCE = "integrations.conformance.kit"
WORKING_CALENDAR = "integrations.calendars.national"
DESK_GATEWAY = "integrations.gateways.desk.DeskGateway"
EXCHANGE_GATEWAY = os.environ.get(
    "EXCHANGE_GATEWAY", "integrations.gateways.sandbox.SandboxGateway" if EMBEDDED else ""
)
"""The way to authorities whose row names none of its own. The sandbox answers by rule: never outside the demo."""
PLAIN_LOOPBACK = EMBEDDED or _flag("ARTICLE_TEN_TWO_NODES")
"""Two nodes on one machine, for a demonstration or a test, may talk without TLS; never over a network."""

TCN_LIVE = _flag("ECRIS_TCN_LIVE")
ORGANISATION_SIGN_UP = os.environ.get("ORGANISATION_SIGN_UP", "open" if DEMO else "approved")
"""Whether an organisation that signed itself up may ask for checks at once ("open"), or after a supervisor of the home
authority has looked at it ("approved")."""
INVITATION_DAYS = int(os.environ.get("INVITATION_DAYS", "30"))
LINK_HOURS = int(os.environ.get("LINK_HOURS", "72"))
CONSENT_DAYS = int(os.environ.get("CONSENT_DAYS", "90"))
CLOSING_DAYS = int(os.environ.get("CLOSING_DAYS", "60"))
SHARING_DAYS = int(os.environ.get("SHARING_DAYS", "60"))
CERTIFICATE_MONTHS = int(os.environ.get("CERTIFICATE_MONTHS", "12"))
REVIEW_ONE_IN = int(os.environ.get("REVIEW_ONE_IN", "20"))
"""One opening of a file in so many is drawn for a supervisor."""
POLL_SECONDS = int(os.environ.get("POLL_SECONDS", "2"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"codes_only": {"()": "vetting.web.logs.CodesOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["codes_only"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
DEFAULT_EXCEPTION_REPORTER = "vetting.web.logs.NoLocals"
DEFAULT_EXCEPTION_REPORTER_FILTER = "vetting.web.logs.NothingFromRequests"
SITE_TAGLINE = _("Safe-recruitment checks for work with children")
