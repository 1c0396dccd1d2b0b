"""Cells of text files: what a spreadsheet program would take for a formula, and lists within a cell."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from statements.dates import PartialDate

#: What a spreadsheet program would take for a formula or for its own mark of text; export puts ``'`` before it.
ESCAPED = ("=", "+", "-", "@", "\t", "\r", "'")
_ESCAPED = frozenset(ESCAPED)

# Python's csv module quotes no carriage return that stands alone, and every reader takes it for the end of a row.
_LONE_RETURN = re.compile(r"\r(?!\n)")

_BAR = "|"
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")

#: A name with the language that it is in, at the end and in brackets, as an item of a list.
NAME_AND_LANGUAGE = re.compile(r"(?P<name>.*\S)\s*\[(?P<language>(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)?)\]", re.DOTALL)


def escaped(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _ESCAPED else cell


def for_text_file(cell: str) -> str:
    """Escaped, and with line breaks that the csv module quotes. The import reads them all alike."""
    return escaped(_LONE_RETURN.sub("\n", cell) if "\r" in cell else cell)


def written(value: Any) -> str:
    """A value as a cell: nothing, a number, true or false, a date in ISO 8601, or a text for a text file."""
    if type(value) is str:  # most are, and there are millions
        return for_text_file(value) if value[:1] in _ESCAPED or "\r" in value else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, PartialDate | datetime.date):
        return value.isoformat()
    # A number is none of a formula, and stays one; an enumerated word is a text.
    return for_text_file(value) if isinstance(value, str) else str(value)


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(ESCAPED) else cell


def joined(parts: Iterable[str]) -> str:
    """A list as one cell."""
    return f" {_BAR} ".join([part.replace(_BAR, r"\|") for part in parts])


def split(cell: str) -> list[str]:
    """The positions of a list, blank ones included. A bar within one is written ``\\|``."""
    return [part.strip().replace(r"\|", _BAR) for part in _UNESCAPED_BAR.split(cell)]


def with_language(name: str, language: str) -> str:
    """A name and its language as an item of a list: ``ЕСВД [ru]``. Where the language is not known and the name ends as
    if there were one, empty brackets say so.
    """
    return f"{name} [{language}]" if language or NAME_AND_LANGUAGE.fullmatch(name) else name
