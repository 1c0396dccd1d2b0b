"""Who is at the site during the mixed load: readers, an editor and a reviewer at the desk, and an importer.

Each is a function for a thread, which goes on until it is told to stop. What is not as it should be raises Failed.
"""

import csv
import http.client
import itertools
import random
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING

from tests.admin_forms import Fields
from tests.bench.load_data import EDITOR, IMPORTER, PASSWORD, REVIEWER
from tests.bench.serving import HOST
from tests.databases import Database

if TYPE_CHECKING:
    from tests.bench.load import Log

#: Of a hundred requests of a reader.
SHARES = {
    "list": 15,
    "one filter": 20,
    "several filters": 10,
    "search": 14,
    "search by rank": 3,
    "statement": 25,
    "other pages": 10,
    "files": 3,
}
#: Statements of one import, and the pause between two, in seconds.
_ROWS, _PAUSE = 500, 5.0
#: For so many seconds a connection is used again. Gunicorn closes it after two.
_IDLE = 1.0

Work = Callable[[], None]


class Failed(Exception):
    """The site did not answer as it must. Its text says what was asked and what came."""


class Browser:
    """One connection at a time, with cookies. Redirects are not followed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._used_at = 0.0
        self.headers: http.client.HTTPMessage = http.client.HTTPMessage()

    def ask(self, method: str, address: str, fields: Sequence[tuple[str, str]] = (), *, status: int = 200) -> str:
        """The body. Raises Failed where the status is another one."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._used_at > _IDLE:
            self._connection.close()  # or the site might close it just now
        try:
            self._connection.request(method, address, urllib.parse.urlencode(fields) if fields else None, headers)
            response = self._connection.getresponse()
            body = response.read().decode(errors="replace")
        except http.client.HTTPException as error:
            self._connection.close()
            raise Failed(f"{method} {address}: {type(error).__name__}: {error}") from error
        except OSError:
            self._connection.close()
            raise
        self._used_at = time.monotonic()
        self.headers = response.headers
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.status != status:
            raise Failed(f"{method} {address}: {response.status} instead of {status}: {_what_it_says(body)}")
        return body

    def log_in(self, name: str) -> None:
        fields = _fields(self.ask("GET", "/admin/login/"))
        typed = {"username": name, "password": PASSWORD, "next": "/admin/"}
        self.ask("POST", "/admin/login/", _flat(fields | typed), status=302)


def _what_it_says(page: str) -> str:
    """Of a form that was refused the sentences, else its beginning."""
    parts = page.split("errorlist")[1:]
    said = [part.partition("<li>")[2].partition("</li>")[0] for part in parts]
    return " ".join(said) or page[:200]


def _fields(page: str) -> dict[str, str | list[str]]:
    parser = Fields()
    parser.feed(page)
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


def _flat(fields: dict[str, str | list[str]]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]


class Reader:
    """Asks by chance, as often as ``SHARES`` says."""

    def __init__(self, port: int, addresses: dict[str, list[str]], *, seed: int) -> None:
        self._browser, self._addresses, self._chance = Browser(port), addresses, random.Random(seed)

    def one_after_the_other(self, log: "Log", stop: threading.Event) -> Work:
        def work() -> None:
            while not stop.is_set():
                [kind] = self._chance.choices(list(SHARES), list(SHARES.values()))
                with log.timed(kind):
                    self._browser.ask("GET", self._chance.choice(self._addresses[kind]))

        return work


class Desk:
    """An editor changes the summary of one public statement after the other and submits it; a reviewer publishes it."""

    def __init__(self, port: int, statements: Sequence[int]) -> None:
        self._editor, self._reviewer = Browser(port), Browser(port)
        self._statements = itertools.cycle(statements)
        self._numbers = itertools.count(1)

    def one_after_the_other(self, log: "Log", stop: threading.Event) -> Work:
        def work() -> None:
            with log.timed("login"):
                self._editor.log_in(EDITOR)
                self._reviewer.log_in(REVIEWER)
            while not stop.is_set():
                self._one(next(self._statements), log)

        return work

    def _one(self, pk: int, log: "Log") -> None:
        address = f"/admin/statements/statement/{pk}/change/"
        before = len(log.errors)
        with log.timed("desk: list"):
            self._editor.ask("GET", "/admin/statements/statement/")
        with log.timed("desk: form"):
            fields = _fields(self._editor.ask("GET", address))
        with log.timed("desk: save, submit"):
            typed = {"summary": f"Changed for the {next(self._numbers)}. time.", "_step": "submit"}
            self._editor.ask("POST", address, _flat(fields | typed), status=302)
        if len(log.errors) == before:
            with log.timed("desk: publish"):
                self._publish(address)

    def _publish(self, address: str) -> None:
        """Readers saw it before: it is asked whether it is a minor fix."""
        fields = _fields(self._reviewer.ask("GET", address))
        self._reviewer.ask("POST", address, _flat(fields | {"_step": "publish"}), status=302)
        asked = urllib.parse.urlsplit(self._reviewer.headers["Location"]).path
        fields = _fields(self._reviewer.ask("GET", asked))
        self._reviewer.ask("POST", asked, _flat(fields | {"revision": "minor fix"}), status=302)


class Importer:
    """Brings in new statements with the command, file after file."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder, self._numbers = database, folder, itertools.count(1)

    def one_after_the_other(self, log: "Log", stop: threading.Event) -> Work:
        def work() -> None:
            while not stop.is_set():
                path = self._file(next(self._numbers))
                with log.timed(f"import of {_ROWS} rows"):
                    self._bring_in(path)
                stop.wait(_PAUSE)

        return work

    def _bring_in(self, path: Path) -> None:
        try:
            self._database.manage("import_csv", "statements", path, "--user", IMPORTER, "--create-missing")
        except subprocess.CalledProcessError as error:
            raise Failed(f"import_csv ended with {error.returncode}: {error.stdout[-500:]}") from error

    def _file(self, number: int) -> Path:
        path = self._folder / f"brought-in-{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            writer.writerows(_rows(number))
        return path


_COLUMNS = (
    *("slug", "title", "kind", "language", "issued", "issuers"),
    *("text", "text_language", "text_kind", "source_urls"),
)


def _rows(number: int) -> Iterator[list[str]]:
    for row in range(_ROWS):
        name = f"load-{number}-{row}"
        words = " ".join(f"word{(number * 31 + row * 7 + at) % 997}" for at in range(150))
        issued = f"20{10 + row % 15:02}-0{1 + row % 9}-1{row % 10}"
        address = f"https://example.org/{name}"
        issuer = f"Issuer {row % 20} of the load"
        yield [name, f"Brought in {name}", "report", "en", issued, issuer, words, "en", "original", address]
