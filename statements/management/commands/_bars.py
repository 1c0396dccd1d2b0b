"""How far an import is, on a terminal."""

import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from tqdm import tqdm

from statements.importing.progress import Phase, Work


class Bars:
    """A bar for each phase on standard error, with rows a second, when somebody is there to see it."""

    def __init__(self, rows: int | None) -> None:
        """``rows`` is about how many will be read."""
        self._rows = rows
        self._bar: tqdm[Any] | None = None
        self._done = 0.0

    def begin(self, phase: Phase, *, total: int | None) -> None:
        self.close()
        self._done = 0.0
        is_writing = phase == Phase.WRITING
        self._bar = tqdm(
            desc=_("Writing") if is_writing else _("Checking"),
            unit=_(" statements") if is_writing else _(" rows"),
            total=total or (None if is_writing else self._rows),
            disable=not sys.stderr.isatty(),
        )

    def advance(self, count: float) -> None:
        self._done += count
        if self._bar is not None:
            self._bar.update(int(self._done) - self._bar.n)

    def close(self) -> None:
        """The number of rows was an estimate; in the end it is known."""
        if self._bar is not None and not self._bar.disable:
            self._bar.total = self._bar.n
            self._bar.refresh()
            self._bar.close()


class SeenWork(Work):
    """Work whose progress the desk shows, and a terminal, too."""

    def __init__(self, path: Path, bars: Bars) -> None:
        super().__init__(path)
        self._bars = bars

    def begin(self, phase: Phase, *, total: int | None = None) -> None:
        super().begin(phase, total=total)
        self._bars.begin(phase, total=total)

    def advance(self, count: float) -> None:
        super().advance(count)
        self._bars.advance(count)
