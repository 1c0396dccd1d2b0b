"""CSV and TSV: lines, delimiters, quotation marks."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TextIO

from django.utils.translation import gettext as _

from statements.cells import unescaped
from statements.importing.incoming import Incoming
from statements.importing.reading.cells import fault_of, may_be_faulty
from statements.importing.reading.encodings import Encoding, refuse_bad_bytes
from statements.importing.reading.table import RawRow
from statements.importing.refused import FileRefused

#: In the order in which they are preferred where several would do.
DELIMITERS = (",", ";", "\t", "|")

# A whole report can stand in one cell: the module's own limit is 131,072 characters.
csv.field_size_limit(2**31 - 1)

_SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?[,;\t|]*[\r\n]*', re.IGNORECASE)
_LONGEST_SEPARATOR_LINE = 100


@dataclass(eq=False)
class DelimitedSource:
    """The rows of a text. ``first_line`` is 2 where the first one names the delimiter and is no row."""

    incoming: Incoming
    encoding: Encoding
    delimiter: str
    first_line: int = 1
    #: A pass through the whole file has found nothing in it that needs a closer look, so the next one is quicker.
    is_plain: bool = False

    def rows(self) -> Iterator[RawRow]:
        """Raises FileRefused for bytes and quotation marks that can't be read, when it comes to them."""
        with opened_text(self.incoming, self.encoding) as stream:
            for _line in range(1, self.first_line):
                stream.readline()
            lines: Iterator[str] = chain([stream.readline().lstrip("\ufeff")], stream)
            look = _CloserLook(self.delimiter)
            if not self.is_plain:
                lines = look.at(lines, self.first_line)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            line = self.first_line
            try:
                for cells in reader:
                    if any(map(str.strip, cells)):
                        yield look.row(line, cells)
                    line = self.first_line + reader.line_num
            except csv.Error as error:
                raise FileRefused(_sentence(str(error)), line=line) from None
            self.is_plain = not look.has_found


class _CloserLook:
    """Finds, line by line, in which rows there is a cell to unescape or one with a fault."""

    def __init__(self, delimiter: str) -> None:
        self.has_found = False
        self._escapes = (f"{delimiter}'", "\"'")
        self._is_escaped = self._is_faulty = False

    def at(self, lines: Iterable[str], number: int) -> Iterator[str]:
        """The lines as they are. Raises FileRefused for one with a NUL."""
        beginning, quoted = self._escapes
        for line in lines:
            if "\0" in line:
                raise FileRefused(_nul(), line=number)
            if "'" in line and (line[0] == "'" or beginning in line or quoted in line):
                self._is_escaped = self.has_found = True
            if may_be_faulty(line):
                self._is_faulty = self.has_found = True
            yield line
            number += 1

    def row(self, line: int, cells: list[str]) -> RawRow:
        """The row that the lines since the last one make."""
        faults = None
        if self._is_escaped:
            cells = [unescaped(cell) for cell in cells]
        if self._is_faulty:
            faults = {position: fault for position, cell in enumerate(cells) if (fault := fault_of(cell)) is not None}
        self._is_escaped = self._is_faulty = False
        return RawRow(line, cells, faults)


@contextmanager
def opened_text(incoming: Incoming, encoding: Encoding) -> Iterator[TextIO]:
    """The decoded file, its line ends as they are. Raises FileRefused for bytes that can't be decoded."""
    # newline="" keeps the line breaks within a cell as they are.
    with io.TextIOWrapper(incoming.open(), encoding=encoding.codec, newline="") as stream:
        try:
            yield stream
        except UnicodeDecodeError:
            raise refuse_bad_bytes(incoming, encoding) from None


def named_delimiter(incoming: Incoming, encoding: Encoding) -> str:
    """The one that a first line such as ``sep=;`` names, "" where there is none. Raises FileRefused for another one."""
    with opened_text(incoming, encoding) as stream:
        match = _SEPARATOR_LINE.fullmatch(stream.readline(_LONGEST_SEPARATOR_LINE).lstrip("\ufeff"))
    if match is None:
        return ""
    if match["delimiter"] not in DELIMITERS:
        words = {"delimiter": match["delimiter"]}
        raise FileRefused(
            _(
                "The first line says that “%(delimiter)s” stands between the cells. Commas, semicolons, tabs and bars "
                "can be read: save the file with one of them."
            )
            % words,
            line=1,
        )
    return match["delimiter"]


def delimiter_in_words(delimiter: str) -> str:
    return {",": _("a comma"), ";": _("a semicolon"), "\t": _("a tab"), "|": _("a bar")}[delimiter]


def _nul() -> str:
    return _("This is not a text file: it holds NUL bytes. Save it as “CSV UTF-8”.")


def _sentence(csv_error: str) -> str:
    if "unexpected end of data" in csv_error:
        return _("A quotation mark is opened in the row that begins here and never closed.")
    return _("A quotation mark within a cell must be doubled, and the whole cell stand in quotation marks.")
