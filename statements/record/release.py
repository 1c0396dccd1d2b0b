"""The public data set written into a folder, and what is different from the release that was there before."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from statements.cells import joined, unescaped
from statements.record.datapackage import descriptor, in_bytes
from statements.record.folder import holds, replacing
from statements.record.package import TableFile, Written, write_tables
from statements.record.tables import CHANGED, PACKAGE, TABLES, Table, Turn

# The words of a statement may be longer than what Python's reader takes for a mistake.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Differences:
    """Between the rows of one table in two releases."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Previous:
    """The release that was there before: when it was written, and what is different now, by table that it had, too."""

    created: str
    tables: dict[str, Differences]


@dataclass(frozen=True)
class Release:
    """``files`` counts them. ``is_damaged``: the release before was not as written, so nothing was compared."""

    files: int
    previous: Previous | None
    is_damaged: bool


class _Damaged(ValueError):
    """A release is not what its description says."""


def release(folder: Path) -> Release:
    """Write the data set where nothing is, or in the place of an earlier export. Raises FolderRefused and OSError.

    Where an earlier release is, ``previous`` in the data package says what is different, and the table CHANGED names
    the rows that are new or others. What is no longer there is counted and not named: whoever has the earlier release
    has it, and nobody else is told what was withdrawn or erased.
    """
    with replacing(folder) as new:
        copy = write_tables(new)
        previous, is_damaged, stated = None, False, {}
        try:
            if holds(folder, PACKAGE):
                previous, file = _compared(folder, new)
                copy = replace(copy, files=[*copy.files, file])
                stated = {"previous": asdict(previous)}
        except _Damaged:
            is_damaged = True
            (new / CHANGED.file_name).unlink(missing_ok=True)
        (new / PACKAGE).write_bytes(in_bytes(descriptor(copy) | stated))
    return Release(len(copy.files) + 1, previous, is_damaged)


def _compared(folder: Path, new: Path) -> tuple[Previous, Written]:
    """What is different, and the file of the rows that are new or others. Constant memory: the rows of a table of the
    earlier release wait in a temporary file.
    """
    created, resources = _described(folder / PACKAGE)
    tables = {}
    with (new / CHANGED.file_name).open("wb") as output, closing(sqlite3.connect("")) as database:
        file = TableFile(CHANGED, output)
        for table in TABLES:
            earlier = folder / table.file_name
            # A table that came with a new program is not compared.
            if table.file_name in resources:
                _check(earlier, resources[table.file_name])
                tables[table.name] = _differences(database, table, earlier, new / table.file_name, file)
    return Previous(created, tables), file.written()


def _described(path: Path) -> tuple[str, dict[str, Any]]:
    """When it was written, and its files by name."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return str(found["created"]), {row["path"]: row for row in found["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise _Damaged from error


def _check(path: Path, described: dict[str, Any]) -> None:
    try:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _Damaged from error
    if described.get("hash") != f"sha256:{digest}":
        raise _Damaged


def _differences(database: sqlite3.Connection, table: Table, earlier: Path, new: Path, file: TableFile) -> Differences:
    """Compared are the columns that both have: a column that came with a new program changes no row."""
    columns = [name for name in table.column_names if name in _header(earlier)]
    database.execute("DROP TABLE IF EXISTS earlier")
    database.execute("CREATE TABLE earlier (key TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID")
    if set(table.key) <= set(columns):
        database.executemany("INSERT OR REPLACE INTO earlier VALUES (?, ?)", _digests(table, earlier, columns))
    turns = {Turn.ADDED: 0, Turn.CHANGED: 0}
    for key, digest in _digests(table, new, columns):
        found = database.execute("DELETE FROM earlier WHERE key = ? RETURNING digest", [key]).fetchone()
        if found == (digest,):
            continue
        turn = Turn.ADDED if found is None else Turn.CHANGED
        turns[turn] += 1
        file.add({"table": table.name, "key": key, "change": turn})
    (removed,) = database.execute("SELECT count(*) FROM earlier").fetchone()
    return Differences(turns[Turn.ADDED], turns[Turn.CHANGED], removed)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines), [])


def _digests(table: Table, path: Path, columns: list[str]) -> Iterator[tuple[str, bytes]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = joined(unescaped(row[name]) for name in table.key)
            words = json.dumps([row[name] for name in columns])
            yield key, hashlib.sha256(words.encode()).digest()
