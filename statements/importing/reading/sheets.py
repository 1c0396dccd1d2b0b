"""The rows of a sheet: what its cells hold, written as a person would type it into a CSV file."""

import datetime
import math
from collections.abc import Iterator, Mapping
from functools import cache

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from statements.importing.reading.cells import error_of_spreadsheet, fault_of
from statements.importing.reading.parts import Parts, WorkbookParts, local_name, text_of
from statements.importing.reading.table import RawRow
from statements.importing.refused import FileRefused

_MOST_ROWS = 1_048_576  # of any sheet
_MOST_COLUMNS = 500
_WHOLE_UP_TO = 2**53  # beyond it a spreadsheet's numbers are no longer exact
_HALF_A_SECOND = datetime.timedelta(milliseconds=500)
_DIGITS = "0123456789"


class SheetReader:
    """Reads one sheet. One that breaks the rules of the format raises ValueError or LookupError."""

    def __init__(self, workbook: WorkbookParts) -> None:
        self._workbook = workbook
        self._ready: list[RawRow] = []
        self._line = 0
        self._cells: list[str] = []
        self._faults: dict[int, str] = {}
        self._column = -1
        self._attributes: Mapping[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] = []
        self._has_formula = False
        #: Where text goes that comes now.
        self._open: list[str] | None = None
        self._is_pronunciation = False

    def rows(self, parts: Parts, path: str) -> Iterator[RawRow]:
        """Those that hold anything, with their number in the sheet."""
        for _piece in parts.read(path, start=self._start, end=self._end, text=self._text):
            yield from self._ready
            self._ready.clear()

    def _text(self, text: str) -> None:
        if self._open is not None:
            self._open.append(text)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = local_name(name)
        if name == "c":
            self._attributes = attributes
            self._value, self._has_formula = [], False
            reference = attributes.get("r")
            self._column = _column(reference.rstrip(_DIGITS)) if reference else self._column + 1
        elif name == "v" or (name == "t" and not self._is_pronunciation):
            self._open = self._value
        elif name == "row":
            self._start_of_row(attributes)
        elif name == "f":
            self._formula, self._has_formula = [], True
            self._open = self._formula
        elif name == "rPh":
            self._is_pronunciation = True

    def _end(self, name: str) -> None:
        name = local_name(name)
        self._open = None
        if name == "c":
            self._end_of_cell()
        elif name == "row":
            if self._faults or any(map(str.strip, self._cells)):
                self._ready.append(RawRow(self._line, self._cells, self._faults))
        elif name == "rPh":
            self._is_pronunciation = False

    def _start_of_row(self, attributes: Mapping[str, str]) -> None:
        line = int(attributes.get("r", self._line + 1))
        if not self._line < line <= _MOST_ROWS:
            raise ValueError("Rows are not in order.")
        self._line, self._cells, self._faults, self._column = line, [], {}, -1

    def _end_of_cell(self) -> None:
        if not self._value and not self._has_formula:
            return
        text, fault = self._content("".join(self._value))
        if self._has_formula:
            fault = _formula("".join(self._formula), text)
        missing = self._column - len(self._cells)
        if missing < 0:
            raise ValueError("Cells are not in order.")
        if self._column >= _MOST_COLUMNS:
            words = {"most": _MOST_COLUMNS}
            raise FileRefused(_("This row holds something beyond column %(most)d. Empty it.") % words, line=self._line)
        self._cells += [""] * missing
        self._cells.append(text)
        if fault is not None:
            self._faults[self._column] = fault

    def _content(self, value: str) -> tuple[str, str | None]:
        """The text of a cell, and what is wrong with it."""
        kind = self._attributes.get("t", "n")
        if kind == "s":
            text = self._workbook.texts[int(value)]
            return text, fault_of(text)
        if kind in ("str", "inlineStr"):
            text = text_of(value)
            return text, fault_of(text)
        if not value.strip():
            return "", None
        if kind == "n":
            if int(self._attributes.get("s", 0)) in self._workbook.date_styles:
                return self._date(value)
            return _number(value), None
        if kind == "b":
            return ("true" if value.strip() in ("1", "true") else "false"), None
        if kind == "e":
            return value, error_of_spreadsheet(value)
        if kind == "d":
            return _written(from_ISO8601(value)), None
        raise ValueError(f"{kind} is no type of a cell.")

    def _date(self, value: str) -> tuple[str, str | None]:
        number = float(value)
        try:
            if number >= 0:
                return _written(from_excel(number, self._workbook.epoch)), None
        except (ValueError, OverflowError):
            pass  # the sentence below holds for the year 10000, too
        words = {"value": value}
        return value, _("This cell is to be shown as a date, and %(value)s is none. Write the date.") % words


@cache
def _column(letters: str) -> int:
    return column_index_from_string(letters) - 1


def _number(value: str) -> str:
    if value.isdigit() and value.isascii():
        return value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number of a spreadsheet.")
    return str(int(number)) if number.is_integer() and abs(number) < _WHOLE_UP_TO else repr(number)


def _written(value: datetime.datetime | datetime.date | datetime.time | datetime.timedelta | None) -> str:
    """In ISO 8601, without a time that only says when the day begins."""
    if isinstance(value, datetime.datetime):
        value = (value + _HALF_A_SECOND).replace(microsecond=0)
        value = value.date() if value.time() == datetime.time.min else value
    return "" if value is None else value.isoformat() if not isinstance(value, datetime.timedelta) else str(value)


def _formula(formula: str, value: str) -> str:
    words = {"formula": f"={formula}", "value": value}
    if value:
        return _("This cell holds a formula, %(formula)s. Write its value instead: %(value)s.") % words
    return _("This cell holds a formula, %(formula)s. Write its value instead.") % words
