"""While an import works, Python looks for unreachable cycles less often.

Planning and writing make some hundred objects a row and drop them a batch later; by default the collector walks
through all that stand in memory for each 700 of them, which was a third of the time of a large import. In between it
still runs for each 100,000, which costs some 20 MB.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_OBJECTS = 100_000


class _Rarely:
    """The threshold is the process's: it comes back once the last of those who work at the same time is done."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._working = 0
        self._ordinary: tuple[int, int, int] = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if not self._working:
                self._ordinary = gc.get_threshold()
                gc.set_threshold(_OBJECTS, *self._ordinary[1:])
            self._working += 1

    def end(self) -> None:
        with self._lock:
            self._working -= 1
            if not self._working:
                gc.set_threshold(*self._ordinary)


_rarely = _Rarely()


@contextmanager
def collected_rarely() -> Iterator[None]:
    _rarely.begin()
    try:
        yield
    finally:
        _rarely.end()
