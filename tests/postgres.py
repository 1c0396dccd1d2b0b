"""A pytest plugin that prepares the environment before Django's settings are read, and PostgreSQL with `--pg`.

Tests do not depend on the caller's environment: every variable that the settings read is cleared, so that no test ever
touches the database that a developer works with. Without `--pg` the tests run on SQLite. With `--pg` they run on the
server that DATABASE_URL names, or, without one, on a throw-away cluster made from this machine's PostgreSQL binaries,
which goes when the tests end.

The module also runs any other command with such a cluster: `python -m tests.postgres COMMAND ARGUMENT...`
"""

import atexit
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tracker.environment import VARIABLES

CLUSTER_STARTS_WITHIN = 60  # seconds
SYSTEM_USER = "postgres"
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")

# Waits until its standard input ends, which happens also when pytest is killed, then stops the server and deletes its
# folder. SIGQUIT stops it at once: nobody needs the data again.
GUARDIAN = 'cat >/dev/null; kill -QUIT "$1"; while kill -0 "$1"; do sleep 0.1; done 2>/dev/null; rm -rf "$2"'

SPEED_INSTEAD_OF_SAFETY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class CannotStartPostgreSQL(Exception):
    """Its text says what to do about it."""


class Cluster:
    """A PostgreSQL cluster of its own in a temporary folder, on a free port of the loopback address."""

    def __init__(self) -> None:
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> None:
        """Return when the server answers at `url`. Raises CannotStartPostgreSQL."""
        binaries = find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        atexit.register(self.stop)
        password = secrets.token_hex(16)
        password_file = self._folder / "password"
        password_file.write_text(password)
        # PostgreSQL refuses to run as root.
        other_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            other_user = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
            for path in (self._folder, password_file):
                shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
        data = self._folder / "data"
        port = free_port()
        # Text is compared by code point, as SQLite does, and not by the rules of the machine's language.
        initdb = [
            *(binaries / "initdb", "--pgdata", data, "--username", "postgres", "--pwfile", password_file),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ]
        server = [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", self._folder]
        for name, value in SPEED_INSTEAD_OF_SAFETY.items():
            server += ["-c", f"{name}={value}"]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        log = self._folder / "log"
        with log.open("wb") as output:
            how: dict[str, Any] = other_user | {"cwd": self._folder, "env": environment, "stdin": subprocess.DEVNULL}
            how |= {"stdout": output, "stderr": subprocess.STDOUT}
            if subprocess.run(initdb, check=False, **how).returncode == 0:
                # A session of its own: Ctrl-C is for pytest, which stops the server when its tests have ended.
                how["start_new_session"] = True
                self._process = subprocess.Popen(server, **how)
                guardian = ["sh", "-c", GUARDIAN, "guardian", str(self._process.pid), self._folder]
                self._guardian = subprocess.Popen(guardian, **how | {"stdin": subprocess.PIPE})
        url = f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        if self._process is None or not self._answers(url):
            reason = log.read_text(errors="replace").strip()
            self.stop()
            raise CannotStartPostgreSQL(f"PostgreSQL from {binaries} does not start. It says:\n{reason}")
        self.url = url

    def stop(self) -> None:
        """Stop the server and delete its folder. May be called twice."""
        if self._guardian is not None and self._process is not None:
            assert self._guardian.stdin is not None
            self._guardian.stdin.close()
            self._process.wait()
            self._guardian.wait()
            self._guardian = self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _answers(self, url: str) -> bool:
        give_up_at = time.monotonic() + CLUSTER_STARTS_WITHIN
        while time.monotonic() < give_up_at:
            assert self._process is not None
            if self._process.poll() is not None:
                return False
            try:
                psycopg.connect(url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False


def find_binaries() -> Path:
    """The folder of initdb and postgres: on PATH, where pg_config says, or the newest that Debian has installed."""
    folders = []
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    by_version = [path for path in DEBIAN_VERSIONS.glob("*/bin") if re.fullmatch(r"\d+", path.parent.name)]
    folders += sorted(by_version, key=lambda path: int(path.parent.name), reverse=True)
    for folder in folders:
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    raise CannotStartPostgreSQL(
        "--pg found no PostgreSQL on this machine: install it (on Debian: apt-get install postgresql), or set "
        "DATABASE_URL to a server where tests may create databases."
    )


def free_port() -> int:
    """A port of the loopback address that nobody listens at now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


cluster = Cluster()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pg",
        action="store_true",
        help="run on PostgreSQL: the server of DATABASE_URL, or else a throw-away cluster from this machine's binaries",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Prepare the environment. A wrapper, since pytest-django reads the settings in the first plain one."""
    # With xdist the controller has prepared it, and the workers inherit it.
    if "PYTEST_XDIST_WORKER" not in os.environ:
        options = early_config.known_args_namespace
        server = os.environ.get("DATABASE_URL", "").strip()
        for name in ("DJANGO_SETTINGS_MODULE", *VARIABLES):
            os.environ.pop(name, None)
        if options.pg and not (options.help or options.version):
            if server.startswith("sqlite"):
                raise pytest.UsageError("--pg needs a DATABASE_URL that begins with postgres://, or none at all.")
            if not server:
                try:
                    cluster.start()
                except CannotStartPostgreSQL as error:
                    raise pytest.UsageError(str(error)) from None
                server = cluster.url
            os.environ["DATABASE_URL"] = server
    return (yield)


def pytest_unconfigure() -> None:
    cluster.stop()


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL set to a throw-away cluster, and return its exit status."""
    try:
        cluster.start()
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": cluster.url}, check=False).returncode
    except CannotStartPostgreSQL as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
