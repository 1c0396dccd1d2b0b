"""How far the work on an import run is, for whoever waits, and whether anybody still works on it.

It can't stand in the database: while a run is being written, SQLite lets nobody else write, and PostgreSQL shows nobody
what is not yet committed. So it stands in a small file beside the upload. Its age is the sign of life: it is written
anew every second, by a thread that ends with its process.
"""

import json
import logging
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0

#: Nobody works any more on what showed no sign of life for so long.
STALE_SECONDS = 60


class Phase(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    WRITING = "writing"
    SUBMITTING = "submitting"
    PUBLISHING = "publishing"
    UNDOING = "undoing"


@dataclass
class Progress:
    """``done`` of ``total``, where that is known, after ``seconds`` of this phase. ``is_queued``: it waits in a store
    that outlives this process, until a worker takes it.
    """

    phase: Phase = Phase.WAITING
    done: float = 0
    total: int | None = None
    seconds: float = 0
    is_queued: bool = False
    age: float = 0

    @property
    def is_alive(self) -> bool:
        return self.is_queued or self.age < STALE_SECONDS

    @property
    def per_second(self) -> int:
        return round(self.done / self.seconds) if self.seconds else 0


def begin(path: Path, *, is_queued: bool = False) -> None:
    """Say that the work waits for its turn: before anybody looks whether it is alive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, Progress(is_queued=is_queued))


def read(path: Path) -> Progress | None:
    """None where nothing is known of any work."""
    try:
        age = time.time() - path.stat().st_mtime
        known = json.loads(path.read_text(encoding="utf-8"))
        return Progress(**known | {"phase": Phase(known["phase"]), "age": age})
    except (OSError, ValueError, TypeError, LookupError):
        return None


def forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


class Work:
    """While it is entered, the file says how far the work is. In the end the file is gone, whatever the end was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._progress = Progress()
        self._since = time.monotonic()
        self._is_over = Event()
        self._beating = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._tell()
        self._beating.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_over.set()
        self._beating.join()
        forget(self._path)

    def begin(self, phase: Phase, *, total: int | None = None) -> None:
        self._progress = Progress(phase, total=total)
        self._since = time.monotonic()

    def advance(self, count: float) -> None:
        self._progress.done += count

    def _beat(self) -> None:
        while not self._is_over.wait(BEAT_SECONDS):
            self._tell()

    def _tell(self) -> None:
        self._progress.seconds = time.monotonic() - self._since
        try:
            _write(self._path, self._progress)
        except OSError:
            # The work itself goes on; without a sign of life it may be told that it was given up.
            logger.warning("The progress of an import can't be written to %s.", self._path, exc_info=True)


def _write(path: Path, progress: Progress) -> None:
    """Whoever reads at this moment finds the old file or the new one."""
    known = asdict(progress)
    del known["age"]
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    new.write_text(json.dumps(known), encoding="utf-8")
    new.replace(path)
