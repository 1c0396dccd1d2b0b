"""Files as they come in: their hash, and whether whoever sent one can wait for what is made of it."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

#: Up to here a file is planned and written while its sender waits for the page: a second or two.
LONG_ROWS = 2_000
LONG_BYTES = 500_000

_BLOCK = 1 << 20


def sha256_of(blocks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def is_long(path: Path) -> bool:
    """Whether the work on a file is a task of its own. What is packed counts as unpacked, without unpacking it.

    Raises FileNotFoundError.
    """
    return _bytes_in(path) > LONG_BYTES or (rows_at_most(path) or 0) > LONG_ROWS


def _bytes_in(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return path.stat().st_size


def rows_at_most(path: Path) -> int | None:
    """The lines of a file of text, of which a row with breaks in its cells has several. None for what is packed."""
    if zipfile.is_zipfile(path):
        return None
    with path.open("rb") as content:
        return max(counts_in(content, b"\n", b"\r"))


def blocks_of(content: IO[bytes]) -> Iterator[bytes]:
    """From where it stands to its end, never whole in memory."""
    while block := content.read(_BLOCK):
        yield block


def counts_in(content: IO[bytes], *marks: bytes) -> list[int]:
    """How often each of these stands in it. One at the seam of two blocks is overlooked."""
    counts = [0 for _mark in marks]
    for block in blocks_of(content):
        counts = [count + block.count(mark) for count, mark in zip(counts, marks, strict=True)]
    return counts
