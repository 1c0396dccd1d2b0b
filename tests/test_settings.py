"""The settings: what they make of the environment, and what they refuse."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from tracker import environment
from tracker.logs import LineFormatter

PROJECT = Path(settings.BASE_DIR)
PRODUCTION = dict(
    line.split("=", 1)
    for line in (PROJECT / ".ci" / "production.env").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
KEY_ADVICE = (
    "set it to at least 50 random characters (python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints "
    "some) and keep it secret."
)
HOST_ADVICE = "set it to the host names of the site, separated by commas, such as tracker.example.org."
URL_ADVICE = "set it to the address of the site without a path, such as https://tracker.example.org."
EMAIL_ADVICE = "set it to the e-mail address that readers may write to."
DATABASE_ADVICE = (
    "DATABASE_URL is malformed: set it to postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters of the "
    "password percent-encoded, or to sqlite:////PATH/TO/FILE, or leave it out for an SQLite file beside manage.py."
)


def run(*arguments, **variables):
    """Run Python in the project's folder with these variables and no others. None leaves one out."""
    given = {name: value for name, value in variables.items() if value is not None}
    needed = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=needed | given, capture_output=True, text=True, timeout=60
    )


def manage(*arguments, **variables):
    return run("manage.py", *arguments, **variables)


BAD_VALUES = [
    pytest.param({"SECRET_KEY": ""}, f"SECRET_KEY is not set: {KEY_ADVICE}", id="blank key"),
    pytest.param({"SECRET_KEY": None, "DEBUG": "off"}, f"SECRET_KEY is not set: {KEY_ADVICE}", id="no key"),
    pytest.param({"SECRET_KEY": "short"}, f"SECRET_KEY is too short: {KEY_ADVICE}", id="short key"),
    pytest.param({"SECRET_KEY": "a" * 60}, f"SECRET_KEY repeats a few characters: {KEY_ADVICE}", id="poor key"),
    pytest.param(
        {"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]},
        f"SECRET_KEY is one that Django makes for trying things out: {KEY_ADVICE}",
        id="key of a new project",
    ),
    pytest.param({"DEBUG": "maybe"}, "DEBUG is “maybe”: set it to true or false.", id="no boolean"),
    *(
        pytest.param(
            {"CACHE_PAGES": value}, f"CACHE_PAGES is “{value}”: set it to a whole number of pages, 0 or more.", id=value
        )
        for value in ("true", "-1")
    ),
    pytest.param({"FOUR_EYES": "2"}, "FOUR_EYES is “2”: set it to true or false.", id="another boolean"),
    pytest.param({"ALLOWED_HOSTS": None}, f"ALLOWED_HOSTS is not set: {HOST_ADVICE}", id="no hosts"),
    pytest.param({"ALLOWED_HOSTS": " , "}, f"ALLOWED_HOSTS is not set: {HOST_ADVICE}", id="blank hosts"),
    pytest.param(
        {"ALLOWED_HOSTS": "*"},
        f"ALLOWED_HOSTS contains “*”, which would accept any name: {HOST_ADVICE}",
        id="any host",
    ),
    pytest.param(
        {"ALLOWED_HOSTS": "https://tracker.example.org"},
        f"ALLOWED_HOSTS contains “https://tracker.example.org”, which is not a plain host name: {HOST_ADVICE}",
        id="an address for a host",
    ),
    pytest.param(
        {"ALLOWED_HOSTS": "tracker.example.org", "SECRET_KEY": None},
        "ALLOWED_HOSTS lets others reach the site: set SECRET_KEY to a secret of your own, or leave both out.",
        id="hosts without a key",
    ),
    pytest.param({"SITE_URL": None}, f"SITE_URL is not set: {URL_ADVICE}", id="no address"),
    *(
        pytest.param({"SITE_URL": value}, f"SITE_URL is “{value}”: {URL_ADVICE}", id=f"address {value}")
        for value in (
            "tracker.example.org",
            "ftp://tracker.example.org",
            "https://tracker.example.org/statements/",
            "https://tracker.example.org?a=1",
            "https://user@tracker.example.org",
            "https://tracker.example.org:port",
            "https://[::1",
            "https://",
        )
    ),
    pytest.param({"CONTACT_EMAIL": None}, f"CONTACT_EMAIL is not set: {EMAIL_ADVICE}", id="no e-mail"),
    pytest.param(
        {"DATA_LICENCE": "free for all"},
        "DATA_LICENCE is “free for all”: set it to an SPDX identifier, such as CC-BY-4.0.",
        id="a licence that is no identifier",
    ),
    pytest.param({"CONTACT_EMAIL": "desk"}, f"CONTACT_EMAIL is “desk”: {EMAIL_ADVICE}", id="bad e-mail"),
    *(
        pytest.param({"DATABASE_URL": value}, DATABASE_ADVICE, id=f"database {value}")
        for value in (
            "tracker",
            "mysql://tracker@localhost/tracker",
            "postgres://tracker:pa/ss@localhost:5432/tracker",
            "postgres://tracker@localhost:5432/",
            "postgres://tracker@localhost:99999/tracker",
            "sqlite://",
            "sqlite:///:memory:",
        )
    ),
    pytest.param(
        {"SECURE_HSTS_SECONDS": "-1"},
        "SECURE_HSTS_SECONDS is “-1”: set it to a whole number of seconds, 0 or more.",
        id="negative number",
    ),
    pytest.param(
        {"LOG_LEVEL": "loud"},
        "LOG_LEVEL is “loud”: set it to one of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        id="no level",
    ),
    pytest.param({"TASKS": "redis"}, "TASKS is “redis”: set it to thread or database.", id="no backend of tasks"),
    pytest.param(
        {"MEDIA_ROOT": "media"}, "MEDIA_ROOT is “media”: set it to the absolute path of a folder.", id="relative folder"
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD_VALUES)
def test_a_bad_environment_stops_the_start_with_one_sentence(changes, sentence):
    result = manage("check", **PRODUCTION | changes)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"{sentence}\n")


def test_gunicorn_is_stopped_with_the_same_sentence_and_for_good():
    result = run("-c", "import tracker.wsgi", **PRODUCTION | {"CONTACT_EMAIL": ""})
    assert (result.returncode, result.stderr) == (4, f"CONTACT_EMAIL is not set: {EMAIL_ADVICE}\n")


def test_a_secret_is_not_repeated_in_a_sentence():
    for changes in ({"SECRET_KEY": "hunter2"}, {"DATABASE_URL": "postgres://tracker:hunter2@localhost:99999/tracker"}):
        result = manage("check", **PRODUCTION | changes)
        assert result.returncode == 1
        assert "hunter2" not in result.stdout + result.stderr


def test_a_good_production_environment_passes_the_deployment_check_without_a_warning():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (result.returncode, result.stderr) == (0, "")
    assert "no issues" in result.stdout


def test_a_fresh_clone_needs_no_environment_and_serves_only_this_machine():
    result = run("-c", "from tracker.settings import *; print(DEBUG, ALLOWED_HOSTS, DATABASES['default']['NAME'])")
    assert result.stdout == f"True ['localhost', '.localhost', '127.0.0.1', '[::1]'] {PROJECT / 'db.sqlite3'}\n"


def test_a_secret_key_turns_debug_off_and_protects_the_cookies():
    names = ["DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "CSRF_TRUSTED_ORIGINS"]
    result = run("-c", f"from tracker.settings import *; print({', '.join(names)})", **PRODUCTION)
    assert result.stdout == "False True True True ['https://tracker.example.org']\n"


@pytest.mark.parametrize(
    ("changes", "identifier"),
    [
        ({"SITE_URL": "https://elsewhere.example.org"}, "tracker.E001"),
        ({"SITE_URL": "http://tracker.example.org"}, "tracker.W002"),
    ],
)
def test_values_that_do_not_fit_together_are_reported_by_the_deployment_check(changes, identifier):
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | changes)
    assert result.returncode == 1
    assert identifier in result.stderr


def test_a_desk_of_one_is_mentioned_and_not_refused():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | {"FOUR_EYES": "off"})
    assert result.returncode == 0
    assert "tracker.I003" in result.stdout + result.stderr


@pytest.mark.parametrize("variables", [{}, PRODUCTION])
def test_sqlite_does_not_make_readers_wait_for_a_writer(variables, tmp_path):
    code = (
        "import django; django.setup(); from django.db import connection; cursor = connection.cursor();"
        "print(connection.settings_dict['CONN_MAX_AGE']);"
        "pragmas = ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout');"
        "print([cursor.execute(f'PRAGMA {name}').fetchone()[0] for name in pragmas], connection.transaction_mode)"
    )
    address = {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    result = run("-c", code, **variables | address)
    assert result.stdout == "60\n['wal', 1, 1, 20000] IMMEDIATE\n", result.stderr


@pytest.mark.parametrize("given", [None, "0", "500"])
def test_so_many_pages_are_kept_as_the_operator_says(given):
    code = "from tracker.settings import CACHES, CACHE_PAGES; print(CACHE_PAGES, CACHES['pages']['OPTIONS'])"
    result = run("-c", code, **PRODUCTION | {"CACHE_PAGES": given})
    assert result.stdout == f"{given or 0} {{'MAX_ENTRIES': {given or 0}}}\n", result.stderr


def test_postgresql_connections_are_kept_and_checked():
    code = "from tracker.settings import DATABASES; print(DATABASES['default'])"
    result = run("-c", code, **PRODUCTION | {"DATABASE_URL": "postgres://a:b%2Fc@db:5433/tracker?sslmode=require"})
    stored = eval(result.stdout)  # noqa: S307 (printed two lines above)
    assert stored["ENGINE"] == "django.db.backends.postgresql"
    assert (stored["USER"], stored["PASSWORD"], stored["HOST"], stored["PORT"]) == ("a", "b/c", "db", 5433)
    assert (stored["CONN_MAX_AGE"], stored["CONN_HEALTH_CHECKS"]) == (60, True)
    assert stored["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}


def test_the_suite_runs_on_the_database_it_says(pytestconfig):
    assert connection.vendor == ("postgresql" if pytestconfig.getoption("pg") else "sqlite")
    assert list(connections) == ["default"]


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/"])
@pytest.mark.django_db
def test_every_page_has_a_policy_that_allows_nothing_inline(client, address):
    response = client.get(address)
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy.split("; ")
    assert "unsafe-" not in policy
    assert "*" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_form_of_the_admin_can_be_sent_over_the_real_checks_of_csrf(db):
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")
    token = client.cookies["csrftoken"]
    assert token["httponly"]
    assert token["samesite"] == "Lax"
    response = client.post("/admin/login/", {"username": "a", "password": "b", "csrfmiddlewaretoken": token.value})
    assert response.status_code == 200


def test_readme_lists_every_variable_that_the_settings_read():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, flags=re.MULTILINE))
    assert listed == environment.VARIABLES
    assert set(PRODUCTION) <= environment.VARIABLES


def test_every_variable_of_the_list_is_read():
    source = (PROJECT / "tracker" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', source)) == environment.VARIABLES


def test_a_variable_that_is_not_on_the_list_cannot_be_read():
    with pytest.raises(LookupError, match="Add NEW_VARIABLE"):
        environment.text("NEW_VARIABLE")


def test_an_event_is_one_line_of_the_log_and_a_traceback_is_indented():
    try:
        raise ValueError("no such day")
    except ValueError:
        record = logging.LogRecord(
            "tracker", logging.ERROR, __file__, 1, "asked for %s", ("/a\nERROR forged\x1b[31m",), sys.exc_info()
        )
    record.created, record.msecs = 0, 0
    first, *others = LineFormatter().format(record).split("\n")
    assert first == "1970-01-01T00:00:00.000Z ERROR tracker: asked for /a\\x0aERROR forged\\x1b[31m"
    assert others[-1] == "    ValueError: no such day"
    assert all(line.startswith("    ") for line in others)
