"""What the running site does every minute, beside answering requests.

A thread of each process that serves pages does it, so that nobody has to start a worker. It is started by the first
request that the process answers, and not when the process begins: Gunicorn may load the application before it forks,
and no thread outlives a fork. Nothing else starts it: no command, no test, no shell. Several processes do the same at
once, so what they do must bear that.
"""

import logging
import os
from collections.abc import Callable, Iterable
from threading import Event, Lock, Thread
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

SECONDS = 60

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Clock:
    """``interval`` is in seconds. The thread ends when ``stopped`` is set, or else with its process."""

    def __init__(self, interval: float = SECONDS) -> None:
        self.stopped = Event()
        self.thread: Thread | None = None
        self._interval = interval
        self._process = 0
        self._lock = Lock()

    def start(self) -> None:
        """Once in each process, whoever asks and however often."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self.thread = Thread(target=self._run, name="clock", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        while not self.stopped.is_set():
            tick()
            self.stopped.wait(self._interval)


def tick() -> None:
    """Do all of settings.EVERY_MINUTE once. What fails is logged, and keeps nothing else from being done."""
    if settings.MAINTENANCE:
        return  # somebody works on the database
    for name in settings.EVERY_MINUTE:
        try:
            import_string(name)()
        except Exception:
            logger.exception("%s failed. It is tried again in a minute.", name)
        finally:
            # They are this thread's own: a server that restarts would find them open.
            connections.close_all()


def with_clock(application: Application, clock: Clock) -> Application:
    """The application, and the clock from its first request on."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        clock.start()
        return application(environ, start_response)

    return answer
