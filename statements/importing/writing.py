"""Tables written as files for spreadsheets, row by row: text with a delimiter, or a workbook."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from statements.cells import for_text_file, unescaped

#: What the formats are in HTTP, by the ending of the file's name.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_TEXT = "@"  # the format of cells in which a spreadsheet program leaves what somebody types as it is
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_LONGEST_TITLE = 31  # that the format allows
_NARROWEST, _WIDEST = 10, 60  # of a column of a workbook, in characters


@dataclass(frozen=True)
class Sheet:
    """``bold`` are the cells of the header that are to be seen first, such as those of required columns."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]
    bold: frozenset[str] = frozenset()
    widths: Mapping[str, int] | None = None
    wraps: bool = False


def write_text(
    output: BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    has_mark: bool = False,
) -> None:
    """UTF-8 with one line feed after each row. ``has_mark``: with the mark by which Excel knows UTF-8. What a
    spreadsheet would take for a formula is escaped; the import takes that off again.
    """
    text = io.TextIOWrapper(output, encoding="utf-8-sig" if has_mark else "utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([for_text_file(cell) for cell in row] for row in rows)
        text.flush()
    finally:
        text.detach()  # or closing the wrapper would close the caller's file


def write_workbook(output: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """XLSX. Every cell is text: nothing is a formula, and nothing is made a date or a number."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:_LONGEST_TITLE])
        page.freeze_panes = "A2"
        for position, name in enumerate(sheet.header, start=1):
            width = (sheet.widths or {}).get(name, len(name) + 4)
            column = page.column_dimensions[get_column_letter(position)]
            column.width = min(max(width, _NARROWEST), _WIDEST)
            column.number_format = _TEXT  # of the cells that are blank now
        page.append(list(_header(page, sheet)))
        for row in _rows(page, sheet):
            page.append(row)
    book.save(output)


def _header(page: Any, sheet: Sheet) -> Iterator[Any]:
    for name in sheet.header:
        cell = WriteOnlyCell(page)
        cell.font = Font(bold=name in sheet.bold)
        yield _filled(cell, name)


def _rows(page: Any, sheet: Sheet) -> Iterator[list[Any | None]]:
    # A row is written as soon as it is appended, so one row of cells serves all of them.
    cells = [WriteOnlyCell(page) for _name in sheet.header]
    for cell in cells:
        cell.number_format = _TEXT
        if sheet.wraps:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in sheet.rows:
        yield [_filled(cell, text) if text else None for cell, text in zip(cells, row, strict=True)]


def _filled(cell: Any, text: str) -> Any:
    """As text, whatever it begins with. Control characters are written as the format has them."""
    if unescaped(text) != text:
        text = f"'{text}"  # or the import would take off the mark that is there
    cell.value = _CONTROL.sub(lambda character: f"_x{ord(character[0]):04X}_", text)
    cell.data_type = "s"
    return cell
