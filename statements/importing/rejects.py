"""Rows of a run as a file in the format in which they came, to be corrected and brought in again."""

import csv
import io
from collections.abc import Iterable, Sequence

from statements.importing.drafts import Outcome, RowResult
from statements.importing.reading import Row, escaped

#: What stands beside the cells of a rejected row. The import leaves columns of these names out.
PROBLEM, SUGGESTION = "problem", "suggestion"


def rejected_rows(header: Sequence[str], rows: Iterable[Row], results: Iterable[RowResult]) -> bytes:
    """The rejected rows of a file as they came, with what is wrong and what to write instead behind them."""
    of_line = {result.line: result for result in results if result.outcome == Outcome.REJECTED}
    return _csv(
        [*header, PROBLEM, SUGGESTION],
        ([*_cells(header, row), *_words(of_line[row.line])] for row in rows if row.line in of_line),
    )


def other_rows(header: Sequence[str], rows: Iterable[Row], results: Iterable[RowResult]) -> bytes:
    """The rows of a file that were not rejected: with the corrected others they are the whole file again."""
    rejected = {result.line for result in results if result.outcome == Outcome.REJECTED}
    return _csv(header, (_cells(header, row) for row in rows if row.line not in rejected))


def _cells(header: Sequence[str], row: Row) -> list[str]:
    return [row.cells.get(name, "") for name in header]


def _words(result: RowResult) -> list[str]:
    problem = " ".join(f"{error.column}: {error.message}".removeprefix(": ") for error in result.errors)
    suggestion = " | ".join(f"{error.column}: {error.suggestion}" for error in result.errors if error.suggestion)
    return [problem, suggestion]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return output.getvalue().encode()
