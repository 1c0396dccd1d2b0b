"""What was measured, as it is written to a file and read back."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.bounds import FLOOR


@dataclass
class Measured:
    """One case at one size. ``seconds`` is the median of its rounds, ``times`` that to ``beside``; ``read`` is what its
    queries read, -1 where nobody looked.
    """

    name: str
    row: str
    seconds: float
    times: float = 0.0
    beside: str = FLOOR
    queries: int = -1
    bytes: int = -1
    read: int = -1

    @property
    def key(self) -> tuple[str, str]:
        return self.row, self.name


@dataclass
class Report:
    """Of one engine. ``sizes``: by the number of statements that were made, how each case came out."""

    engine: str
    machine: str
    sizes: dict[int, list[Measured]] = field(default_factory=dict)

    def cases(self) -> Iterator[tuple[str, str]]:
        """Each case once, in the order of the measurement."""
        yield from dict.fromkeys(one.key for measured in self.sizes.values() for one in measured)

    def of(self, key: tuple[str, str]) -> dict[int, Measured]:
        return {size: one for size, measured in self.sizes.items() for one in measured if one.key == key}

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Report":
        given: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        sizes = {int(size): [Measured(**one) for one in measured] for size, measured in given["sizes"].items()}
        return cls(given["engine"], given["machine"], sizes)
