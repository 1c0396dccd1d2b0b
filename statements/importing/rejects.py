"""Rows of a run as a file in the format in which they came, to be corrected and brought in again.

The file is read a second time, and rows and results side by side, by line: a file of any size takes no memory.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from statements.importing.drafts import Outcome, RowError, RowResult
from statements.importing.incoming import Incoming
from statements.importing.kinds import kind_named
from statements.importing.reading import Row, Table
from statements.importing.values.day_order import DayOrder, DayOrders
from statements.importing.values.days import read_date
from statements.importing.values.problems import CellProblem
from statements.importing.writing import Sheet, write_text, write_workbook

#: What stands beside the cells of a rejected row. The import leaves columns of these names out.
PROBLEM, SUGGESTION = "problem", "suggestion"


@dataclass(frozen=True)
class Again:
    """A file whose rows are to be given back: as it came, and as it was read."""

    incoming: Incoming
    table: Table

    @property
    def ending(self) -> str:
        """Of the name of what is given back."""
        return {"": "xlsx", "\t": "tsv"}.get(self.table.understood.delimiter, "csv")

    def write_rejected(self, output: BinaryIO, results: Iterable[RowResult]) -> None:
        """The rejected rows as they came, with what is wrong and what to write instead behind them.

        ``results`` are those of this file by line; other outcomes are passed over.
        """
        rows = ([*self._cells(row), *_words(result)] for row, result in self._beside(results) if result is not None)
        self._write(output, _("Rejected rows"), [*self.table.header, PROBLEM, SUGGESTION], rows)

    def write_others(self, output: BinaryIO, results: Iterable[RowResult]) -> None:
        """The rows that were not rejected: with the corrected others they are the whole file again."""
        rows = (self._cells(row) for row, result in self._beside(results) if result is None)
        self._write(output, _("Other rows"), self.table.header, rows)

    def _beside(self, results: Iterable[RowResult]) -> Iterator[tuple[Row, RowResult | None]]:
        """Each row with its result where it was rejected. A table with a wrong header has no rows."""
        rejected = (result for result in results if result.outcome == Outcome.REJECTED)
        result = next(rejected, None)
        for row in () if self.table.problems else self._rows_with_decided_dates():
            while result is not None and result.line < row.line:
                result = next(rejected, None)
            yield row, result if result is not None and result.line == row.line else None

    def _rows_with_decided_dates(self) -> Iterator[Row]:
        """02/01/2024 is given back in ISO where only other rows of the file say which of its numbers is the month:
        they may not come along.
        """
        today = timezone.localdate()
        columns = [name for name in kind_named(self.incoming.kind).date_columns() if name in self.table.header]
        dates = DayOrders(today=today)
        for row in self.table.rows() if columns else ():
            for name in columns:
                dates.see(row.cells[name])
        is_decided = dates.order not in (DayOrder.UNDECIDED, DayOrder.CONTRADICTORY)
        for row in self.table.rows():
            for name in columns if is_decided else ():
                row.cells[name] = _decided(row.cells[name], dates.order, today)
            yield row

    def _cells(self, row: Row) -> list[str]:
        return [row.cells[name] for name in self.table.header]

    def _write(self, output: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        understood = self.table.understood
        if understood.delimiter:
            has_mark = understood.encoding != "utf-8" or self._has_mark()
            write_text(output, header, rows, delimiter=understood.delimiter, has_mark=has_mark)
        else:
            write_workbook(output, [Sheet(title, header, rows)])

    def _has_mark(self) -> bool:
        with self.incoming.open() as file:
            return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def _decided(cell: str, order: DayOrder, today: date) -> str:
    """The cell as it is where it can be read by itself, or not at all."""
    if _read(cell, DayOrder.UNDECIDED, today) is None:
        return _read(cell, order, today) or cell
    return cell


def _read(cell: str, order: DayOrder, today: date) -> str | None:
    try:
        found, _notice = read_date(cell.strip(), order=order, today=today)
    except CellProblem:
        return None
    return str(found)


def _words(result: RowResult) -> list[str]:
    """A line for each mistake, in both columns: a bar would be taken for that of a list."""
    problems = [_named(error, error.message) for error in result.errors]
    suggestions = [_named(error, error.suggestion) for error in result.errors if error.suggestion]
    return ["\n".join(problems), "\n".join(suggestions)]


def _named(error: RowError, words: str) -> str:
    return f"{error.column}: {words}" if error.column else words
