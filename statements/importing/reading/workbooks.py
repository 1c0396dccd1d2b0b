"""XLSX: which sheet holds the table, and its rows."""

import csv
import io
import json
import os
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from statements.importing.incoming import Incoming
from statements.importing.reading.archives import opened_archive
from statements.importing.reading.headers import folded
from statements.importing.reading.limits import LINES_ABOVE, too_many_rows, too_much_text
from statements.importing.reading.parts import Parts, SheetPart, workbook_parts
from statements.importing.reading.sheets import SheetReader
from statements.importing.reading.table import RawRow
from statements.importing.refused import FileRefused


class WorkbookSource:
    """The rows of the one sheet that holds the table: unpacked once, into a temporary file that no name leads to, and
    read from there as quickly as from CSV.

    ``sheet`` is its name; ``other_sheets`` are those with rows that are left out, being hidden or not named like the
    KIND.
    """

    def __init__(self, incoming: Incoming, *, size: int) -> None:
        """Raises FileRefused where the workbook can't be read, or where it isn't clear which sheet is meant."""
        self._spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this object)
        weakref.finalize(self, self._spool.close)
        with incoming.open() as file, opened_archive(file, size=size) as archive:
            parts = Parts(archive)
            workbook = workbook_parts(parts)

            def rows_of(sheet: SheetPart) -> Iterator[RawRow]:
                return SheetReader(workbook).rows(parts, sheet.path)

            filled = [sheet for sheet in workbook.sheets if any(True for _row in rows_of(sheet))]
            chosen = _chosen(filled, incoming.kind)
            _unpack(rows_of(chosen), self._spool)
        self.sheet = chosen.name
        self.other_sheets = [sheet.name for sheet in filled if sheet != chosen]

    def rows(self) -> Iterator[RawRow]:
        with io.TextIOWrapper(io.BufferedReader(_FromBeginning(self._spool)), encoding="utf-8", newline="") as stream:
            for line, faults, *cells in csv.reader(stream):
                by_position = {int(position): fault for position, fault in json.loads(faults or "{}").items()}
                yield RawRow(int(line), cells, by_position)


class _FromBeginning(io.RawIOBase):
    """An open file, read from its beginning with a position of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = os.pread(self._file.fileno(), len(buffer), self._position)
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


def _chosen(filled: Sequence[SheetPart], kind: str) -> SheetPart:
    visible = [sheet for sheet in filled if sheet.is_visible]
    named = [sheet for sheet in visible if folded(sheet.name) == folded(kind)]
    if len(visible) == 1 or len(named) == 1:
        return (named or visible)[0]
    words = {"names": ", ".join(f"“{sheet.name}”" for sheet in visible or filled), "kind": kind}
    if visible:
        raise FileRefused(
            _(
                "Several sheets hold rows: %(names)s. Name the one that is meant “%(kind)s”, or save it as a workbook "
                "of its own."
            )
            % words
        )
    if filled:
        raise FileRefused(_("Only hidden sheets hold rows: %(names)s. Show the one that is meant.") % words)
    raise FileRefused(_("The workbook is empty. The first line of its sheet holds the names of the columns."))


def _unpack(rows: Iterator[RawRow], spool: IO[bytes]) -> None:
    """Write the rows as CSV: number, faults by position in JSON, cells."""
    stream = io.TextIOWrapper(spool, encoding="utf-8", newline="")
    try:
        writer = csv.writer(stream)
        room = settings.IMPORT_MAX_BYTES
        most = settings.IMPORT_MAX_ROWS + LINES_ABOVE
        for count, (line, cells, faults) in enumerate(rows, start=1):
            # A long text can stand in a workbook once and be shown in each of its cells.
            room -= len(cells) + sum(map(len, cells))
            if room < 0:
                raise too_much_text()
            if count > most:
                raise too_many_rows()
            writer.writerow([line, json.dumps(faults) if faults else "", *cells])
    finally:
        stream.detach().flush()  # closing the wrapper would close the file
