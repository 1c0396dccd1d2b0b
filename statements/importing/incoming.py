"""What staff hand in: files, and what they chose for them."""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Self

#: The name under which a choice holds for every file of a run that has none of its own.
EVERY_FILE = ""


class Alike(StrEnum):
    """What becomes of a new statement that looks like a stored one."""

    IMPORT = "import"
    SKIP = "skip"
    ADD_SOURCE = "add source"


@dataclass(frozen=True)
class FileOptions:
    """How a file is to be read; a blank value is found out.

    ``encoding`` is a name of reading.ENCODINGS, ``delimiter`` one character. ``mapping`` leads from a column of the
    file to ours, or to "" where the column is to be left out.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """``choices`` are those for single rows, by "file name:line"; ``alike`` holds for the others."""

    files: Mapping[str, FileOptions] = field(default_factory=dict)
    create_missing: bool = False
    alike: Alike = Alike.IMPORT
    choices: Mapping[str, Alike] = field(default_factory=dict)

    def of_file(self, name: str) -> FileOptions:
        return self.files.get(name) or self.files.get(EVERY_FILE) or FileOptions()

    def for_row(self, name: str, line: int) -> Alike:
        return self.choices.get(f"{name}:{line}", self.alike)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Of what ``as_json`` gave. Raises ValueError, TypeError for anything else."""
        return cls(
            files={name: FileOptions(**options) for name, options in stored.get("files", {}).items()},
            create_missing=bool(stored.get("create_missing", False)),
            alike=Alike(stored.get("alike", Alike.IMPORT)),
            choices={place: Alike(choice) for place, choice in stored.get("choices", {}).items()},
        )


@dataclass(frozen=True)
class Incoming:
    """A file of one KIND. ``content`` is a path where the file is too large to hold in memory."""

    kind: str
    name: str
    content: bytes | Path

    def open(self) -> BinaryIO:
        """Raises OSError where the file is gone."""
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)
