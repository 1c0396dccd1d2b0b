"""A CSV file as a table of cells that know their line."""

import csv
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from statements.importing.refused import FileRefused

#: What a spreadsheet program would take for a formula or for its own mark of text; export puts ``'`` before it.
ESCAPED = ("=", "+", "-", "@", "\t", "\r", "'")

# A whole report can stand in one cell: the module's own limit is 131,072 characters.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Row:
    """``line`` is the physical line on which the row begins, as a text editor counts; cells are as in the file."""

    line: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    name: str
    header: list[str]
    rows: list[Row]


def escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith(ESCAPED) else cell


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(ESCAPED) else cell


def read_table(content: bytes, *, name: str) -> Table:
    """Raises FileRefused, with a sentence that says what to do, for what is not a table with a header and rows.

    Rows without anything in them are left out. A row that ends early has blank cells.
    """
    lines = _parsed(_decoded(content))
    if not lines:
        raise FileRefused(_("The file is empty. Its first line holds the names of the columns."))
    (_line, first), *rest = lines
    header = [cell.strip() for cell in first]
    too_long = next(((line, len(cells)) for line, cells in rest if len(cells) > len(header)), None)
    if too_long is not None:
        line, width = too_long
        raise FileRefused(
            _("This row has %(width)d cells, the header has %(header)d. Put quotation marks around a cell with commas.")
            % {"width": width, "header": len(header)},
            line=line,
        )
    if not rest:
        raise FileRefused(_("The file has a header and no rows."))
    rows = [
        Row(line, dict(zip(header, map(unescaped, [*cells, *[""] * (len(header) - len(cells))]), strict=True)))
        for line, cells in rest
    ]
    return Table(name=name, header=header, rows=rows)


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused(_("This is a workbook or an archive, not a CSV file. Save it as “CSV UTF-8”."))
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise FileRefused(_("This is not a text file: it holds NUL bytes. Save it as “CSV UTF-8”."), line=line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            _("The letters on this line are not in UTF-8. Save the file as “CSV UTF-8”."), line=line
        ) from None


def _parsed(text: str) -> list[tuple[int, list[str]]]:
    """Every row that holds anything, with the line on which it begins."""
    # newline="" keeps the line breaks within a cell as they are.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(_sentence(str(error)), line=line) from None
        if cells is None:
            return found
        if any(cell.strip() for cell in cells):
            found.append((line, cells))
        line = reader.line_num + 1


def _sentence(csv_error: str) -> str:
    if "unexpected end of data" in csv_error:
        return _("A quotation mark is opened in the row that begins here and never closed.")
    return _("A quotation mark within a cell must be doubled, and the whole cell stand in quotation marks.")
