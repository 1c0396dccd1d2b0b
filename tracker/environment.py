"""Readers of the environment.

Each returns the value of one variable in the form that the settings need, or raises `BadEnvironment` with one sentence
that names the variable and says what to set. A variable that is blank counts as not set, since container tools write
blanks for what is missing. Values that may hold a secret are never repeated in the sentence.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

VARIABLES = frozenset(
    {
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
        "CACHE_PAGES",
        "CONTACT_EMAIL",
        "DATABASE_URL",
        "DATA_LICENCE",
        "DEBUG",
        "FOUR_EYES",
        "IMPORT_MAX_BYTES",
        "IMPORT_MAX_ROWS",
        "LOG_LEVEL",
        "MAINTENANCE",
        "MEDIA_ROOT",
        "SECRET_KEY",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "SITE_NAME",
        "SITE_URL",
        "STATIC_ROOT",
        "TASKS",
    }
)
"""Every variable that the settings read. Tests clear them all, and compare them with README's table."""

BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SECRET_KEY_LENGTH = 50
SECRET_KEY_DIFFERENT_CHARACTERS = 5


class BadEnvironment(ImproperlyConfigured):
    """A variable of the environment is missing or bad. Its text is the one sentence that the operator sees."""


def is_set(name: str) -> bool:
    """Whether the variable exists at all, be it blank."""
    if name not in VARIABLES:
        raise LookupError(f"Add {name} to tracker.environment.VARIABLES.")
    return name in os.environ


def text(name: str, default: str | None = None, *, advice: str = "") -> str:
    """The variable without white space at its ends. Without a default it is required; `advice` says what to set."""
    value = os.environ[name].strip() if is_set(name) else ""
    if value:
        return value
    if default is None:
        raise BadEnvironment(f"{name} is not set: {advice}.")
    return default


def boolean(name: str, default: bool) -> bool:
    """True for true, yes, on and 1, False for false, no, off and 0, in any case."""
    value = text(name, default=str(default))
    try:
        return BOOLEANS[value.lower()]
    except KeyError:
        raise BadEnvironment(f"{name} is “{value}”: set it to true or false.") from None


def whole_number(name: str, default: int, *, unit: str) -> int:
    """A whole number that is not negative."""
    value = text(name, default=str(default))
    if not (value.isascii() and value.isdigit()):
        raise BadEnvironment(f"{name} is “{value}”: set it to a whole number of {unit}, 0 or more.")
    return int(value)


def log_level(name: str, default: str) -> str:
    value = text(name, default=default)
    if value.upper() not in LOG_LEVELS:
        raise BadEnvironment(f"{name} is “{value}”: set it to one of {', '.join(LOG_LEVELS)}.")
    return value.upper()


def one_of(name: str, default: str, *, choices: Collection[str]) -> str:
    """One of these words, in any case."""
    value = text(name, default=default)
    if value.lower() not in choices:
        raise BadEnvironment(f"{name} is “{value}”: set it to {' or '.join(choices)}.")
    return value.lower()


def folder(name: str, default: Path) -> Path:
    """An absolute path. The folder need not exist."""
    value = Path(text(name, default=str(default)))
    if not value.is_absolute():
        raise BadEnvironment(f"{name} is “{value}”: set it to the absolute path of a folder.")
    return value


def secret_key(name: str) -> str:
    """A key as good as `check --deploy` asks for: at least 50 characters, at least 5 of them different."""
    advice = (
        f"set it to at least {SECRET_KEY_LENGTH} random characters "
        "(python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints some) and keep it secret"
    )
    value = text(name, advice=advice)
    if len(value) < SECRET_KEY_LENGTH:
        raise BadEnvironment(f"{name} is too short: {advice}.")
    if len(set(value)) < SECRET_KEY_DIFFERENT_CHARACTERS:
        raise BadEnvironment(f"{name} repeats a few characters: {advice}.")
    if value.startswith("django-insecure-"):
        raise BadEnvironment(f"{name} is one that Django makes for trying things out: {advice}.")
    return value


def host_names(name: str, default: list[str] | None = None) -> list[str]:
    """Host names separated by commas. A leading dot stands for all names below; `*` is refused."""
    advice = "set it to the host names of the site, separated by commas, such as tracker.example.org"
    value = text(name, default=None if default is None else ",".join(default), advice=advice)
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if not hosts:
        raise BadEnvironment(f"{name} is not set: {advice}.")
    for host in hosts:
        if "*" in host:
            raise BadEnvironment(f"{name} contains “{host}”, which would accept any name: {advice}.")
        has_port = ":" in host and not (host.startswith("[") and host.endswith("]"))
        if has_port or any(character in host for character in "/@?# \t"):
            raise BadEnvironment(f"{name} contains “{host}”, which is not a plain host name: {advice}.")
    return hosts


def site_url(name: str, default: str | None = None) -> str:
    """Scheme, host and perhaps port, without a slash at the end."""
    advice = "set it to the address of the site without a path, such as https://tracker.example.org"
    value = text(name, default=default, advice=advice)
    bad = BadEnvironment(f"{name} is “{value}”: {advice}.")
    try:
        parts = urlsplit(value)
        port = parts.port  # reading it checks it
    except ValueError:
        raise bad from None
    is_address = parts.scheme in {"http", "https"} and parts.hostname and port != 0
    if not is_address or parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise bad
    return f"{parts.scheme}://{parts.netloc.lower()}"


def licence(name: str, default: str) -> str:
    """An identifier of the SPDX licence list, of which addresses are made."""
    value = text(name, default=default)
    if not re.fullmatch(r"[A-Za-z0-9.+-]+", value):
        raise BadEnvironment(f"{name} is “{value}”: set it to an SPDX identifier, such as CC-BY-4.0.")
    return value


def email(name: str, default: str | None = None) -> str:
    advice = "set it to the e-mail address that readers may write to"
    value = text(name, default=default, advice=advice)
    try:
        validate_email(value)
    except ValidationError:
        raise BadEnvironment(f"{name} is “{value}”: {advice}.") from None
    return value


def database(name: str, *, default_file: Path) -> dict[str, Any]:
    """Django's settings of the database, with the options that this project relies on.

    SQLite: a transaction takes the write lock at its beginning (IMMEDIATE), since one that reads first and writes later
    fails at once, without waiting, when somebody else has written in between; readers and one writer do not wait for
    each other (WAL); a second writer waits for up to 20 seconds. PostgreSQL: connections are checked before use, and a
    server that does not answer is given up after 5 seconds. Either keeps connections for a minute: SQLite, too, reads
    all definitions anew on each, which takes longer than any answer of 304.
    """
    value = text(name, default=f"sqlite:///{default_file}")
    bad = BadEnvironment(
        f"{name} is malformed: set it to postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters of the "
        "password percent-encoded, or to sqlite:////PATH/TO/FILE, or leave it out for an SQLite file beside manage.py."
    )
    if value.partition("://")[0] not in {"postgres", "postgresql", "sqlite"}:
        raise bad
    try:
        settings = dict(dj_database_url.parse(value))
    except ValueError:
        raise bad from None
    if not settings.get("NAME") or settings["NAME"] == ":memory:":
        raise bad
    given_options = settings.get("OPTIONS")
    settings["CONN_MAX_AGE"] = 60
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        options: dict[str, Any] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        settings["CONN_HEALTH_CHECKS"] = True
        options = {"connect_timeout": 5}
    settings["OPTIONS"] = options | (given_options if isinstance(given_options, dict) else {})
    return settings
