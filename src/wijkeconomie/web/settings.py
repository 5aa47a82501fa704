# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""All settings of the site, from the environment only.

==========================  =========================  =============================================
variable                    default                    what
==========================  =========================  =============================================
WIJKECONOMIE_DATA           ./var                      releases, the database, the secret key
DATABASE_URL                sqlite in the data folder  sqlite:///path or postgres://user:pw@host/db
SECRET_KEY                  a file in the data folder  signs what we hand out
WIJKECONOMIE_WORDS_KEY      follows from SECRET_KEY    seals what people type: new key, old key
ALLOWED_HOSTS               127.0.0.1,localhost        names under which the site answers
WIJKECONOMIE_HTTPS          0                          1: behind a proxy that sets X-Forwarded-Proto
WIJKECONOMIE_PROXIES        1 with HTTPS, else none    proxies that write X-Forwarded-For
WIJKECONOMIE_CLEAN          1                          0: serve destroys nothing by itself
WIJKECONOMIE_PAGE_CACHE     67108864                   bytes of ready pages that a process keeps
WIJKECONOMIE_IDLE_MINUTES   60                         a session ends after so long a silence,
WIJKECONOMIE_SESSION_HOURS  12                         and after so long in any case
WIJKECONOMIE_SECOND_STEP    all                        roles that need a code too: all, or a,b
WIJKECONOMIE_ADDRESS        https and the first name   where e-mails lead: https://name, no slash
WIJKECONOMIE_OCID_PREFIX    ocds-000000              prefix of ids in OCDS: ask for one of your own
EMAIL_HOST                  none: no e-mail is sent    mail server that takes e-mail in for others
EMAIL_PORT                  587                        its port
EMAIL_HOST_USER             none                       our name at the mail server
EMAIL_HOST_PASSWORD         none                       our secret at the mail server
EMAIL_SECURITY              starttls                   starttls, tls or none
EMAIL_FROM                  none, needed for e-mail    who sends it: Wijkloket <loket@name>
OIDC_ISSUER                 none                       address of an OpenID provider
OIDC_CLIENT_ID              none                       our name at the provider
OIDC_CLIENT_SECRET          none                       our secret at the provider
OIDC_NAME                   OpenID Connect             what the button calls the provider
OIDC_DOMAINS                none                       e-mail domains that it answers for: a,b
OIDC_SECOND_STEP            0                          1: it asks for a second step itself
DEBUG                       0                          1: for developers only
==========================  =========================  =============================================
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from wijkeconomie.web.tongues import ALL

HERE = Path(__file__).parent
SHORTEST_KEY = 32
DATA = Path(os.environ.get("WIJKECONOMIE_DATA", "var")).resolve()
DEBUG = os.environ.get("DEBUG", "0") == "1"
HTTPS = os.environ.get("WIJKECONOMIE_HTTPS", "0") == "1"
CLEANS = os.environ.get("WIJKECONOMIE_CLEAN", "1") == "1"
PAGE_CACHE_BYTES = int(os.environ.get("WIJKECONOMIE_PAGE_CACHE", str(64 * 1024 * 1024)))
ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
]


def secret_key(folder: Path) -> str:
    """The key in *folder*, made at the first start; readable by its owner only.

    A folder that cannot be written gives a key for this process: nothing that outlives a
    process is signed for anonymous readers.
    """
    path, made = folder / "secret-key", folder / f".new-{os.getpid()}-secret-key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(made, path)  # whole at once: nobody reads half a key
    except OSError:
        pass  # another process was first, or it cannot be made
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    try:
        return path.read_text("utf-8") or secrets.token_urlsafe(64)
    except OSError:
        return secrets.token_urlsafe(64)


def words_keys(given: str, kept: str) -> tuple[str, ...]:
    """The secrets that seal (the first) and open (all) what people type.

    *given*: of the setting, the newest first; *kept*: the secret key, if it outlives this process.
    """
    keys = [key.strip() for key in given.split(",") if key.strip()]
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(f"WIJKECONOMIE_WORDS_KEY: at least {SHORTEST_KEY} characters a key")
    return (*keys, *filter(None, [kept]))


def database(url: str) -> dict[str, Any]:
    """Django's database entry for *url*.

    SQLite writes ahead and takes the write lock when a transaction begins: deferred transactions
    lost 44-78 % of concurrent writes in our measurement, IMMEDIATE none.  What is deleted is
    overwritten.  A row that REPLACE takes away asks the triggers that guard the logs too.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path).removeprefix("/") or ":memory:",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON",
            },
        }
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL: begin with sqlite:/// or postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_HEALTH_CHECKS": True,
    }


WITH_ACCOUNT = frozenset({
    "field_worker", "coder", "planner", "area_manager", "clerk", "committee", "coach", "buyer",
    "partner", "privacy_officer", "administrator",
})  # fmt: skip


def second_step(given: str) -> frozenset[str]:
    """The roles that need a second step; a name that is none would quietly leave one without."""
    names = WITH_ACCOUNT if given == "all" else frozenset(filter(None, given.split(",")))
    if unknown := names - WITH_ACCOUNT:
        raise ValueError(f"WIJKECONOMIE_SECOND_STEP: {', '.join(sorted(unknown))} is no role")
    return names


def provider(issuer: str) -> list[str]:
    """Where a form may lead when someone signs in with the provider; nowhere without one."""
    parts = urlsplit(issuer)
    if issuer and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("OIDC_ISSUER: begin with https://")
    return [f"{parts.scheme}://{parts.netloc}"] if issuer else []


def address(given: str, host: str, sender: str) -> str:
    """Where the site is for who reads an e-mail.  Who sets up e-mail half would learn that from
    people who never heard anything."""
    found = given.rstrip("/") or (f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if HTTPS else "")
    if given and urlsplit(found).scheme not in ("http", "https"):
        raise ValueError("WIJKECONOMIE_ADDRESS: begin with https://")
    if host and not (found and sender):
        raise ValueError("EMAIL_HOST: also set EMAIL_FROM and WIJKECONOMIE_ADDRESS")
    return found


def digest(folder: Path) -> str:
    """Fingerprint of all assets: part of their address, so that browsers may keep them for ever."""
    sha = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sha.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()[:12]


def command(program: Path, here: Path, data: Path) -> str:
    """How our command is typed in the folder *here*: by its name, unless that is not found and
    *program* lies inside it (``.venv/bin/wijkeconomie``); with the folder of figures, unless that
    is ``var`` in it.

    A path from outside the folder is not told, for pages are public: there the page says beside the
    command that the folder must be named (:data:`ELSEWHERE`).
    """
    found = shutil.which("wijkeconomie")
    by_name = found is not None and Path(found).resolve() == program.resolve()
    outside = by_name or not program.is_file() or not program.is_relative_to(here)
    name = "wijkeconomie" if outside else str(program.relative_to(here))
    if data == here / "var":
        return name
    told = data.is_relative_to(here)
    return f"{name} --data {shlex.quote(str(data.relative_to(here)))}" if told else name


# Visitors of a site under a name of its own have no use for a command: there it is "".
OWN_COMPUTER = not HTTPS and set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}
COMMAND = (
    command(Path(sys.executable).with_name("wijkeconomie"), Path.cwd(), DATA)
    if OWN_COMPUTER
    else ""
)
ELSEWHERE = bool(COMMAND) and not DATA.is_relative_to(Path.cwd())
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(DATA)
WORDS_KEYS = words_keys(
    os.environ.get("WIJKECONOMIE_WORDS_KEY", ""),
    SECRET_KEY if "SECRET_KEY" in os.environ or (DATA / "secret-key").is_file() else "",
)
DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA}/wijkeconomie.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

RETENTION = [  # how long what is kept
    "wijkeconomie.web.accounts.retention.TERMS", "wijkeconomie.web.acting.retention.TERMS",
    "wijkeconomie.web.acting.instruments.job_market.retention.TERMS",
    "wijkeconomie.web.journey.retention.TERMS",
]  # fmt: skip
LAID_DOWN = [  # which of what was laid down is not what the audit log says
    "wijkeconomie.web.journey.access.not_as_laid",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "wijkeconomie.web.accounts",
    "wijkeconomie.web.journey",
    "wijkeconomie.web.acting",
]
MIDDLEWARE = [
    "wijkeconomie.web.answers.Problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wijkeconomie.web.cache.ReleaseCache",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "wijkeconomie.web.tongues.Only",
    "wijkeconomie.web.context.Methods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wijkeconomie.web.accounts.sessions.Limits",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wijkeconomie.web.context.Refused",
]
ROOT_URLCONF = "wijkeconomie.web.urls"
WSGI_APPLICATION = "wijkeconomie.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": ["wijkeconomie.web.context.site"],
            "libraries": {
                name: f"wijkeconomie.web.templatetags.{name}"
                for name in (
                    "journey",
                    "acting",
                    "fund",
                    "spaces",
                    "procurement",
                    "work",
                    "brand",
                    "fair_day",
                    "fair",
                )
            },
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "wijkeconomie.web.templatetags.figures",
                "wijkeconomie.web.accounts.words",
            ],
        },
    }
]

# -- who may come in: pages of scans ask for none of this
AUTHENTICATION_BACKENDS = ["wijkeconomie.web.accounts.signin.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [  # length over variety: NIST SP 800-63B, 3.1.1
    {"NAME": "wijkeconomie.web.accounts.forms.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
]  # fmt: skip
SESSION_ENGINE = "wijkeconomie.web.accounts.models"
SESSION_COOKIE_AGE = 60 * int(os.environ.get("WIJKECONOMIE_IDLE_MINUTES", "60"))
SESSION_LONGEST = 3600 * int(os.environ.get("WIJKECONOMIE_SESSION_HOURS", "12"))
SECOND_STEP = second_step(os.environ.get("WIJKECONOMIE_SECOND_STEP", "all"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"


def attempt(name: str, prefix: str, version: int) -> str:
    """Under what an attempt is counted: by a keyed hash, so that no address of a visitor stays
    beside the card or code that was tried."""
    said = f"attempt:{prefix}:{version}:{name}"
    return hmac.new(SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()


# Counts of attempts and codes that were used, shared by all processes: what one worker refuses,
# another must too.  As many as that: with few, others' attempts would push out those of one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "attempts",
        "KEY_FUNCTION": attempt, "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}  # fmt: skip
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("WIJKECONOMIE_PROXIES", str(int(HTTPS))))
ACCOUNT_ADAPTER = "wijkeconomie.web.accounts.signin.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation went to the address before it had an account
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_RATE_LIMITS = {
    "ask": "20/m/ip,100/h/ip",
    "card": "20/m/ip,100/h/ip",
    "token": "20/m/ip,100/h/ip",
    "scans": "60/m/key",  # of one tablet at a door: a message holds many
    "words": "6/m/key,60/h/key",  # how often one card says its words otherwise
}  # beside allauth's own
ACCOUNT_SESSION_REMEMBER = True  # the session ends by its own rule, also in an installed page
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_ADAPTER = "wijkeconomie.web.accounts.signin.SecondSteps"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Wijkeconomie"
MFA_TOTP_TOLERANCE = 1  # a phone that is half a minute off
SOCIALACCOUNT_ADAPTER = "wijkeconomie.web.accounts.signin.Providers"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # by rules of our own: accounts.signin
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("OIDC_NAME", "OpenID Connect")
OIDC_DOMAINS = frozenset(filter(None, os.environ.get("OIDC_DOMAINS", "").lower().split(",")))
OIDC_SECOND_STEP = os.environ.get("OIDC_SECOND_STEP", "0") == "1"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": issuer},
            }
            for issuer in filter(None, [OIDC_ISSUER])
        ],
    }
}

# -- e-mail, to who asked something and to who answers
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_SECURITY", "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("EMAIL_SECURITY", "starttls") == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "")
ADDRESS = address(os.environ.get("WIJKECONOMIE_ADDRESS", ""), EMAIL_HOST, DEFAULT_FROM_EMAIL)
# Who publishes contracts asks Open Contracting for a prefix of its own; this one is of nobody.
OCID_PREFIX = os.environ.get("WIJKECONOMIE_OCID_PREFIX", "ocds-000000")

LANGUAGE_CODE = "nl"
LANGUAGES = [(one.code, one.name) for one in ALL.values()]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATICFILES_DIRS = [HERE / "static"]
STATIC_URL = f"/static/{digest(HERE / 'static')}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

# Internet.nl: every directive named, nothing unsafe, no data: in default, script or object.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *provider(OIDC_ISSUER)],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "wijkeconomie.web.context.untrusted"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None


_LINE = "{asctime} {levelname} {name} {message}"
_BEARING = ("<str:link>", "<str:token>")  # who has it comes in
_SIGNED = re.compile(r"(?<![\w-])[\w-]+(?:[.:][\w-]+)?[.:][\w-]{43}(?![\w-])", re.ASCII)


@cache
def _bearing() -> re.Pattern[str]:
    """Addresses in which a part lets in whoever has it: what stands before that, and the part."""
    from django.urls import get_resolver  # noqa: PLC0415 -- settings are read before it

    def routes(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            route = before + ("" if hasattr(one.pattern, "language_prefix") else str(one.pattern))
            if hasattr(one, "url_patterns"):
                yield from routes(one.url_patterns, route)
            for part in _BEARING:
                if part in route:
                    yield route.partition(part)[0]

    found = {re.sub(r"<[^>]*>", "\0", one) for one in routes(get_resolver().url_patterns, "")}
    before = "|".join(re.escape(one).replace("\0", "[^/]*") for one in sorted(found))
    return re.compile(rf"(?<![\w-])({before})[^/\n]+", re.IGNORECASE)


def masked(text: str) -> str:
    """*text* without what would let its reader in at somebody else's page: by the address in which
    it stands, however it was mistyped, and by the form of what we signed."""
    with suppress(Exception):  # while the addresses cannot be read, a line is still written
        text = _bearing().sub(r"\1***", text)
    return _SIGNED.sub("***", text)


class Masked(logging.Formatter):
    """A line, with its traceback, that lets nobody in."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class OneLine(Masked):
    """A line without a traceback: what a stranger sent is no fault of ours."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, ARG002 -- logging names it
        return ""


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": Masked, "fmt": _LINE, "style": "{"},
        "one_line": {"()": OneLine, "fmt": _LINE, "style": "{"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "refused": {"class": "logging.StreamHandler", "formatter": "one_line"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.security": {"handlers": ["refused"], "level": "WARNING", "propagate": False},
    },
}
