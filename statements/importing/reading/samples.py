"""Cells of a file that show whether its encoding was made out."""

from collections.abc import Iterable

from statements.importing.reading.encodings import Encoding
from statements.importing.reading.table import Alternative
from statements.text import excerpt

_SAMPLES = 5
_LONGEST = 80


class Samples:
    """The first different cells with letters beyond ASCII of those that were looked at."""

    def __init__(self) -> None:
        self._cells: dict[str, None] = {}

    def look_at(self, cells: Iterable[str]) -> None:
        if len(self._cells) < _SAMPLES:
            found = [cell for cell in cells if not cell.isascii()]
            self._cells |= dict.fromkeys(found[: _SAMPLES - len(self._cells)])

    @property
    def shown(self) -> list[str]:
        return [shortened(cell) for cell in self._cells]

    def alternatives(self, encoding: Encoding) -> list[Alternative]:
        """The other encodings in which they read differently."""
        found = []
        for other in encoding.others:
            samples = [shortened(cell.encode(encoding.codec).decode(other)) for cell in self._cells]
            if samples != self.shown or not samples:
                found.append(Alternative(other, samples))
        return found


def shortened(cell: str) -> str:
    return excerpt(cell, length=_LONGEST)
