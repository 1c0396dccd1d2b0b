"""The public data set as files: every table of tables.TABLES as CSV. All that is written together comes from one state
of the record, in constant memory; datapackage.py describes it.
"""

import csv
import datetime
import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.utils import timezone

from statements.cells import written
from statements.record.package_rows import OTHERS, document_rows, rows_of
from statements.record.snapshot import snapshot
from statements.record.tables import TABLES, Table

Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A file as it was written. ``rows`` does not count the header."""

    table: Table
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Copy:
    """The whole data set as it was written. What happened before ``created`` is in it."""

    created: datetime.datetime
    files: list[Written]


def write_tables(folder: Path) -> Copy:
    """Write every table into an empty folder. About twenty queries for each 500 statements, and at most five for each
    500 rows of reference data. Raises OSError.
    """
    created = timezone.now()  # before anything is read: what happens meanwhile is rather told twice than never
    with snapshot(), ExitStack() as files:
        outputs = {
            table.name: TableFile(table, files.enter_context((folder / table.file_name).open("wb"))) for table in TABLES
        }
        for name, row in document_rows():
            outputs[name].add(row)
        for name in OTHERS:
            outputs[name].add_all(rows_of(name))
    return Copy(created, [output.written() for output in outputs.values()])


def write_table(table: Table, output: BinaryIO, rows: Iterable[Row] | None = None) -> Written:
    """Write one table, or these ``rows`` of it. Raises OSError."""
    with snapshot():
        file = TableFile(table, output)
        file.add_all(rows_of(table.name) if rows is None else rows)
    return file.written()


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class TableFile:
    """UTF-8, commas, one line feed at the end of a row; what a spreadsheet would take for a formula is escaped."""

    def __init__(self, table: Table, output: BinaryIO) -> None:
        self._table = table
        self._names = table.column_names
        self._file = _Counted(output)
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(self._names)
        self._rows = 0

    def add(self, row: Row) -> None:
        self._writer.writerow([written(row[name]) for name in self._names])
        self._rows += 1

    def add_all(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.add(row)

    def written(self) -> Written:
        return Written(self._table, self._rows, self._file.bytes, self._file.hash.hexdigest())


class _Counted:
    """Takes text as a writer of CSV gives it, and keeps what a checksum needs."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self.bytes = 0
        self.hash: _Hash = hashlib.sha256()

    def write(self, text: str) -> None:
        data = text.encode()
        self._output.write(data)
        self.hash.update(data)
        self.bytes += len(data)
