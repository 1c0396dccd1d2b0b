"""A file as a table: its rows under our names for its columns, and how it was understood."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple, Protocol

from statements.importing.reading.headers import HeaderProblem, ReadColumn


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is the physical line on which the row begins, as a text editor counts, or the row of the sheet.

    ``cells`` are as in the file, white space included, by our names for the columns; those that are left out are not
    among them. ``faults`` has a sentence for each cell that can't be right whatever its column takes: a formula, an
    error of the spreadsheet, letters that were lost or garbled.
    """

    line: int
    cells: dict[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


class RawRow(NamedTuple):
    """A row as it stands in the file: cells, and faults of cells, by their position."""

    line: int
    cells: Sequence[str]
    faults: Mapping[int, str] | None = None


class Source(Protocol):
    """What the rows of a table are read from."""

    def rows(self) -> Iterator[RawRow]:
        """Every row that holds anything, title and header among them. Reads from the beginning at each call."""
        ...


@dataclass(frozen=True)
class Alternative:
    """Another encoding in which the file could be, and how its samples would read in it."""

    encoding: str
    samples: list[str]


@dataclass(frozen=True)
class Understood:
    """How a file was read, to be shown before anything is written.

    ``format`` is "csv" (TSV as well) or "xlsx". ``encoding`` and ``delimiter`` are "" for a workbook, ``sheet`` is ""
    for a text. ``encoding_is_certain`` holds for UTF-8, UTF-16 and workbooks; of a page of one byte a letter, staff
    should look at ``samples``, cells of the file with letters beyond ASCII, and at how they read in ``alternatives``.
    ``columns`` are those with a name. What is left out and why somebody might miss it: ``above``, the lines above the
    header, and ``other_sheets``, those with rows that are hidden or not named like the KIND.
    """

    format: str
    header_line: int
    columns: list[ReadColumn]
    above: list[str] = field(default_factory=list)
    encoding: str = ""
    encoding_is_certain: bool = True
    samples: list[str] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    delimiter: str = ""
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Of dictionaries, lists, strings, numbers and booleans only."""
        return asdict(self)


@dataclass(eq=False)
class Table:
    """A file that can be read as a table, or could but for its header.

    ``header`` are our names for its columns, in its order, without those that are left out; ``positions`` is where they
    stand in the file. ``problems`` are what is wrong with the header, on line ``understood.header_line``; a table that
    has any is read no further. ``row_count`` is how many rows ``rows`` gives.
    """

    name: str
    understood: Understood
    header: list[str]
    positions: list[int]
    source: Source
    problems: list[HeaderProblem] = field(default_factory=list)
    row_count: int = 0

    def rows(self) -> Iterator[Row]:
        """Read the file from its beginning, a row at a time, at each call. Rows with nothing in them are left out.

        Raises ValueError where the header has problems.
        """
        if self.problems:
            raise ValueError("A table with problems in its header is never read.")
        return self.rows_of(self.source.rows())

    def rows_of(self, raw_rows: Iterable[RawRow]) -> Iterator[Row]:
        """Those below the header, under our names. A row that ends early has blank cells."""
        header, positions, header_line = self.header, self.positions, self.understood.header_line
        width = max(positions, default=-1) + 1
        takes_all = positions == list(range(width))
        for line, cells, faults in raw_rows:
            if line <= header_line:
                continue
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            if not takes_all:
                cells = [cells[position] for position in positions]
                if not any(map(str.strip, cells)):
                    continue
            row = dict(zip(header, cells, strict=False))
            if faults:
                named = zip(header, positions, strict=True)
                yield Row(line, row, {name: faults[position] for name, position in named if position in faults})
            else:
                yield Row(line, row)
