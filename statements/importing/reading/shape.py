"""The shape of a table in a file: which line is its header, and whether the rows below fit it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from statements.importing.reading.delimited import delimiter_in_words
from statements.importing.reading.headers import KnownColumns, matches
from statements.importing.reading.limits import LINES_ABOVE
from statements.importing.reading.table import RawRow, Source
from statements.importing.refused import FileRefused


def first_rows(source: Source) -> list[RawRow]:
    """The rows among which the header is looked for."""
    return list(islice(source.rows(), LINES_ABOVE))


def rows_before_a_mistake(source: Source) -> list[RawRow]:
    """The same, as far as they can be read: with another delimiter a quotation mark can be a mistake."""
    rows = []
    try:
        for row in islice(source.rows(), LINES_ABOVE):
            rows.append(row)  # noqa: PERF402 (those before the mistake are kept)
    except FileRefused:
        pass
    return rows


def header_position(rows: Sequence[RawRow], known: KnownColumns, mapping: Mapping[str, str]) -> int:
    """The first row of which at least two cells, and at least half, are names of columns.

    Where no row has as many, the first of those with the most; where none has any, the first of the fullest.
    """
    counts = [matches(row.cells, known, mapping) for row in rows]
    filled = [_filled(row) for row in rows]
    for position, count in enumerate(counts):
        if count >= 2 and count * 2 >= filled[position]:
            return position
    best = counts if any(counts) else filled
    return best.index(max(best))


def refuse_rows_above(above: Sequence[RawRow], header: RawRow) -> None:
    """Titles and notes may stand above the header; what could be a row of the table is never left out silently."""
    for row in above:
        if _filled(row) * 2 > _filled(header):
            raise FileRefused(
                _(
                    "This line looks like a row and stands above the header, which is line %(header)d. Move it below "
                    "the header, or delete it."
                )
                % {"header": header.line},
                line=row.line,
            )


def names_in(header: RawRow) -> list[str]:
    """The cells of the header without the blank ones at its end."""
    last = max((position for position, cell in enumerate(header.cells) if cell.strip()), default=-1)
    return list(header.cells[: last + 1])


def fitting(rows: Iterator[RawRow], header: RawRow, names: Sequence[str], *, delimiter: str) -> Iterator[RawRow]:
    """The rows as they are. Raises FileRefused for one that holds something where the header has no name."""
    nameless = [position for position, name in enumerate(names) if not name.strip()]
    for row in rows:
        if row.line > header.line and (nameless or len(row.cells) > len(names)):
            for position in (*nameless, *range(len(names), len(row.cells))):
                if row.cells[position : position + 1] and row.cells[position].strip():
                    raise _does_not_fit(row, position, len(header.cells), delimiter)
        yield row


def _does_not_fit(row: RawRow, position: int, width: int, delimiter: str) -> FileRefused:
    if delimiter and position >= width:
        words = {"width": len(row.cells), "header": width, "delimiter": delimiter_in_words(delimiter)}
        sentence = _(
            "This row has %(width)d cells, the header has %(header)d. Put quotation marks around a cell with "
            "%(delimiter)s in it."
        )
    else:
        words = {"position": position + 1}
        sentence = _("Column %(position)d has no name, and this row has something in it. Name it or delete it.")
    return FileRefused(sentence % words, line=row.line)


def _filled(row: RawRow) -> int:
    return sum(1 for cell in row.cells if cell.strip())
