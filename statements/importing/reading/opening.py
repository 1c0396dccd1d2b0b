"""Opening a file: what it is, how it is written, where its table begins, and all that refuses it as a whole."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from statements.importing.incoming import FileOptions, Incoming
from statements.importing.reading import shape
from statements.importing.reading.delimited import DELIMITERS, DelimitedSource, named_delimiter
from statements.importing.reading.encodings import Encoding, encoding_of
from statements.importing.reading.formats import CSV, XLSX, format_of
from statements.importing.reading.headers import KnownColumns, matches, understood_header
from statements.importing.reading.limits import checked_size, too_many_rows
from statements.importing.reading.samples import Samples, shortened
from statements.importing.reading.table import RawRow, Row, Source, Table, Understood
from statements.importing.reading.workbooks import WorkbookSource
from statements.importing.refused import FileRefused

Scan = Callable[[Row], object]


def open_table(incoming: Incoming, options: FileOptions, known: KnownColumns, *, scan: Scan | None = None) -> Table:
    """A file as a table, after one pass through all of it. Holds one row at a time; no query.

    ``scan`` is called with each row of that pass: who needs to see all rows before using the first one reads the file
    only twice. What it was told counts once a table without problems is returned.

    Where the header is wrong, the table says so in ``problems``, and no row was read. Raises FileRefused, with a line
    where there is one, for everything else that keeps the file from being read as a table. Reading the rows of the
    table afterwards raises nothing.
    """
    size = checked_size(incoming)
    if format_of(incoming, size=size) == XLSX:
        workbook = WorkbookSource(incoming, size=size)
        understood = Understood(XLSX, 0, [], sheet=workbook.sheet, other_sheets=workbook.other_sheets)
        return _read_through(incoming.name, workbook, understood, options, known, scan)[0]
    encoding = encoding_of(incoming, chosen=options.encoding)
    text = _text_source(incoming, encoding, options, known)
    understood = Understood(
        CSV, 0, [], encoding=encoding.name, encoding_is_certain=encoding.is_certain, delimiter=text.delimiter
    )
    table, samples = _read_through(incoming.name, text, understood, options, known, scan)
    table.understood = replace(table.understood, alternatives=samples.alternatives(encoding))
    return table


def _text_source(incoming: Incoming, encoding: Encoding, options: FileOptions, known: KnownColumns) -> DelimitedSource:
    """The chosen delimiter, else the one that the first line names, else the one that finds most names of columns;
    among those that find as many, the one that gives the most even rows.
    """
    if options.delimiter and options.delimiter not in DELIMITERS:
        words = {"delimiter": options.delimiter}
        raise FileRefused(_("“%(delimiter)s” can't be chosen: choose a comma, semicolon, tab or bar.") % words)
    named = named_delimiter(incoming, encoding)
    first_line = 2 if named else 1
    if options.delimiter or named:
        return DelimitedSource(incoming, encoding, options.delimiter or named, first_line)
    sources = [DelimitedSource(incoming, encoding, delimiter, first_line) for delimiter in DELIMITERS]
    return max(sources, key=lambda source: _likelihood(source, options, known))


def _likelihood(source: DelimitedSource, options: FileOptions, known: KnownColumns) -> tuple[int, int, int]:
    rows = shape.rows_before_a_mistake(source)
    if not rows:
        return 0, 0, 0
    header = rows[shape.header_position(rows, known, options.mapping)]
    width = len(header.cells)
    alike = sum(len(row.cells) == width for row in rows) if width > 1 else 0
    return matches(header.cells, known, options.mapping), alike, width


def _read_through(
    name: str, source: Source, understood: Understood, options: FileOptions, known: KnownColumns, scan: Scan | None
) -> tuple[Table, Samples]:
    first = shape.first_rows(source)
    if not first:
        raise FileRefused(_("The file is empty. Its first line holds the names of the columns."))
    position = shape.header_position(first, known, options.mapping)
    row = first[position]
    shape.refuse_rows_above(first[:position], row)
    names = shape.names_in(row)
    header = understood_header(names, known, options.mapping)
    positions = [index for index, column in enumerate(header.columns) if column.ours]
    understood = replace(
        understood,
        header_line=row.line,
        columns=[column for column in header.columns if column.theirs],
        above=[shortened(" ".join(filter(None, raw.cells))) for raw in first[:position]],
    )
    ours = [header.columns[index].ours for index in positions]
    table = Table(name, understood, ours, positions, source, header.problems)
    samples = Samples()
    for raw in first[position:]:
        samples.look_at(raw.cells)
    if not table.problems:
        most = settings.IMPORT_MAX_ROWS
        fitting = shape.fitting(source.rows(), row, names, delimiter=understood.delimiter)
        for found in table.rows_of(_looked_at(fitting, samples)):
            table.row_count += 1
            if table.row_count > most:
                raise too_many_rows()
            if scan is not None:
                scan(found)
        if not table.row_count:
            raise FileRefused(_("The file has a header and no rows."))
    table.understood = replace(understood, samples=samples.shown)
    return table, samples


def _looked_at(rows: Iterator[RawRow], samples: Samples) -> Iterator[RawRow]:
    for row in rows:
        samples.look_at(row.cells)
        yield row
