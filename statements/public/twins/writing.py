"""Files from batches of rows or objects: CSV and JSON piece by piece, a workbook into a file of its own.

A file that breaks off must not look like a whole one. Whatever goes wrong while it is written goes up to the server,
which cuts the connection: a browser, curl and libraries report that. Where something between hides the cut, JSON lacks
its last member, ``"complete": true``, and is not JSON at all; CSV has fewer rows than ``X-Total-Count`` said (that of a
demand fewer statements); a workbook is only sent when it is whole.
"""

import codecs
import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from statements import json_text
from statements.cells import written
from statements.public.twins.rows import Row, Value

#: Of a worksheet, by its format.
MOST_ROWS = 1_048_575
_LONGEST_CELL = 32_767
_LEFT_OUT = " […]"

_WIDTH = 24
#: What the format can't hold but by signs of its own, which not every reader turns back.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LINE_BREAK = re.compile(r"\r\n?")
#: What programs would take for such a sign.
_SIGN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def csv_pieces(columns: Sequence[str], batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with the mark by which Excel knows that. What a spreadsheet would take for a formula is
    escaped.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    yield codecs.BOM_UTF8 + text.getvalue().encode()
    for rows in batches:
        text.seek(0)
        text.truncate()
        writer.writerows([[written(row[column]) for column in columns] for row in rows])
        yield text.getvalue().encode()


def json_pieces(head: Mapping[str, Any], name: str, batches: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """One object: ``head``, then under ``name`` a list with an item a line, then how many were ``written`` and that it
    is ``complete``.
    """
    yield json_text.written(head)[:-1] + b"," + json_text.written(name) + b":["
    number = 0
    for items in batches:
        if lines := [json_text.written(item) for item in items]:
            yield (b",\n" if number else b"\n") + b",\n".join(lines)
            number += len(lines)
    yield b"\n]," + json_text.written({"written": number, "complete": True})[1:] + b"\n"


def json_piece(body: Mapping[str, Any]) -> Iterator[bytes]:
    """In one piece, by sorted keys and without spaces: within it the content of a version stands as it is hashed."""
    yield json_text.canonical(body) + b"\n"


def workbook(
    title: str, columns: Sequence[str], batches: Iterable[Iterable[Row]], about: Iterable[tuple[str, str]]
) -> BinaryIO:
    """XLSX in a temporary file that is gone when it is closed: a sheet of rows, a sheet about the file.

    A row is in memory only until it is written. No cell is a formula; numbers are numbers.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    page.freeze_panes = "B2"
    for position, name in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = max(len(name) + 2, _WIDTH)
    page.append([_heading(page, name) for name in columns])
    # A row is written as soon as it is appended, so one row of cells serves all of them.
    cells = [WriteOnlyCell(page) for _column in columns]
    for rows in batches:
        for row in rows:
            page.append([_filled(cell, row[column]) for cell, column in zip(cells, columns, strict=True)])
    _about_this_file(book.create_sheet(_("About this file")), about)
    return spooled(book.save)


def spooled(write: Callable[[BinaryIO], object]) -> BinaryIO:
    """A temporary file that is gone when it is closed, from its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _about_this_file(page: Any, about: Iterable[tuple[str, str]]) -> None:
    for letter, width in (("A", 24), ("B", 100)):
        page.column_dimensions[letter].width = width
    for label, words in about:
        cell = _filled(WriteOnlyCell(page), words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append([_heading(page, label), cell])


def _heading(page: Any, name: str) -> Any:
    cell = _filled(WriteOnlyCell(page), name)
    cell.font = Font(bold=True)
    return cell


def _filled(cell: Any, value: Value) -> Any:
    """Text as text, whatever it begins with; a space for each control character. None for a cell that is blank."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int):
        cell.value = value
        return cell
    text = _SIGN.sub("_x005F_", _CONTROL.sub(" ", _LINE_BREAK.sub("\n", str(value))))
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - len(_LEFT_OUT)] + _LEFT_OUT
    cell.value = text
    cell.data_type = "s"
    return cell
