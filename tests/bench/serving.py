"""Gunicorn with the site, as README starts it, and how many answers it gives in a second."""

import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import PROJECT, Database
from tests.postgres import free_port

HOST = "127.0.0.1"
#: As README and the container start it.
COMMAND = ("gunicorn", "--workers=2", "--threads=4", "--no-control-socket")

_STARTS_WITHIN = 60  # seconds
_CONNECTIONS = 8


class Unanswered(Exception):
    """The site gave no answer, or not the one that was expected."""


@dataclass(frozen=True)
class Site:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def workers(self) -> list[int]:
        """The numbers of its processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(number) for number in children.split()]


@contextmanager
def serving(
    database: Database, *, static: Path, log: Path, application: str = "tracker.wsgi:application", **variables: str
) -> Iterator[Site]:
    """The site until the end of the block. Its address begins with http, so that logins need no TLS."""
    port = free_port()
    environment = database.environment | {
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"http://{HOST}:{port}",
        "STATIC_ROOT": str(static),
        **variables,
    }
    command = [sys.executable, "-m", *COMMAND, application, f"--bind={HOST}:{port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=output)
        try:
            _wait(port, process, log)
            yield Site(port, process, log)
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            if answer(port, "/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise Unanswered(f"The site does not start. It says:\n{log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]


def asked(port: int, address: str, **headers: str) -> bytes:
    """A question as it goes through the wire. Of a header's name ``_`` stands for a hyphen."""
    more = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"GET {address} HTTP/1.1", f"Host: {HOST}:{port}", *more, "", ""]).encode()


def answer(port: int, address: str, **headers: str) -> Answer:
    """Of the answer what stands before its body."""
    with socket.create_connection((HOST, port), timeout=30) as connection:
        connection.sendall(asked(port, address, **headers))
        read = _Read()
        while not read.is_whole:
            read.add(connection.recv(65536))
    return read.answer


class _Read:
    """An answer as it comes in."""

    def __init__(self) -> None:
        self._bytes = b""

    def add(self, received: bytes) -> None:
        if not received:
            raise Unanswered(f"The connection ended after {self._bytes[:200]!r}.")
        self._bytes += received

    @property
    def is_whole(self) -> bool:
        head, end, body = self._bytes.partition(b"\r\n\r\n")
        if not end:
            return False
        if head.startswith(b"HTTP/1.1 304"):
            return True
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        return len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")

    @property
    def answer(self) -> Answer:
        first, *lines = self._bytes.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return Answer(int(first.split()[1]), {name.lower(): value.strip() for name, _colon, value in pairs})


def rate(port: int, question: bytes, *, seconds: float, status: int) -> float:
    """Answers a second, on several connections at once, each of which asks again when it is answered, until these
    seconds are over. Returns when all are answered, so that nothing is left to do for whoever asks next. Raises
    Unanswered.
    """
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        for _number in range(_CONNECTIONS):
            connection = stack.enter_context(socket.create_connection((HOST, port), timeout=60))
            selector.register(connection, selectors.EVENT_READ, _Read())
            connection.sendall(question)
        answers, begun = 0, time.perf_counter()
        while selector.get_map():
            for key, _events in selector.select():
                answers += _go_on(selector, key, question, status, is_over=time.perf_counter() - begun > seconds)
        return answers / (time.perf_counter() - begun)


def _go_on(
    selector: selectors.BaseSelector, key: selectors.SelectorKey, question: bytes, status: int, *, is_over: bool
) -> bool:
    """Reads what came; where that is all, asks again unless it is over. Returns whether it was all."""
    connection, read = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    read.add(connection.recv(262144))
    if not read.is_whole:
        return False
    if read.answer.status != status:
        raise Unanswered(f"{question[:80]!r} was answered with {read.answer.status}.")
    if is_over:
        selector.unregister(connection)
    else:
        selector.modify(connection, selectors.EVENT_READ, _Read())
        connection.sendall(question)
    return True
