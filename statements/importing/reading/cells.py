"""Contents of cells that no column takes."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from statements.text import excerpt

_PAGES = ("cp1252", "cp1251", "cp1257")
_LONGEST_READING = 60


def _page(name: str) -> dict[str, int]:
    """The characters of a code page and their bytes. Where it has no character, programs show a control character."""
    return {bytes([byte]).decode(name, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}


_BYTES = {name: _page(name) for name in _PAGES}


def _following(*pages: str) -> str:
    """A class of the characters that are the second byte of a letter in UTF-8, read in one of the pages."""
    characters = {character for page in pages for character, byte in _BYTES[page].items() if byte < 0xC0}
    return f"[{re.escape(''.join(sorted(characters)))}]"


_SMALL = "[a-zß-ÿ]"
_AFTER_CAPITALS = "“”„‘’‚«»‹›–—…•†\u00a0ŠŒŽšœžŸØŖÆøŗæ"
_LATIN = _following("cp1252", "cp1257")
# UTF-8 that was read as another encoding. Two letters of Cyrillic in a row prove it. One letter of Latin does, unless
# it can be a capital before a mark of punctuation or another letter; beside small letters even then.
_GARBLED = re.compile(
    "[\x80-\x9f]"
    "|[ÃÂÄÅĆÐÑРСГДЕŠŃ€Ђ](?:"
    f"(?<=[РС]){_following('cp1251')}[РС]{_following('cp1251')}"
    f"|(?<=[ÐÑ]){_following('cp1252')}[ÐÑ]{_following('cp1252')}"
    f"|(?<=[ŠŃ]){_following('cp1257')}[ŠŃ]{_following('cp1257')}"
    f"|(?<=[ÃÂÄÅĆ])(?![{_AFTER_CAPITALS}]){_LATIN}"
    f"|(?<={_SMALL}[ÃÄÅĆ]){_LATIN}"
    f"|(?<=[ÃÄÅĆ]){_following('cp1252')}(?={_SMALL})"
    rf"|(?<={_SMALL}{_SMALL}[ÃÄÅÐÑ])(?!\w)"
    f"|(?<=[A-Za-z][ГДЕ]){_following('cp1251')}"
    f"|(?<=[ГДЕ]){_following('cp1251')}(?=[a-z])"
    "|(?<=[âā]€)|(?<=вЂ)"
    ")"
)
_REPLACEMENT = "\ufffd"


# What spreadsheet programs show where they could not calculate; saved as CSV it looks like a text.
_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"]
)


def may_be_faulty(text: str) -> bool:
    """Whether a cell of this text may be one that ``fault_of`` names. Quick enough to ask of each line of a file."""
    if text.isascii():
        return "#" in text
    return "#" in text or _REPLACEMENT in text or _GARBLED.search(text) is not None


def fault_of(cell: str) -> str | None:
    """A sentence where a cell is an error of a spreadsheet, or letters of it were lost or garbled on the way."""
    if "#" in cell and cell.strip() in _ERRORS:
        return error_of_spreadsheet(cell.strip())
    if cell.isascii():
        return None
    if _REPLACEMENT in cell:
        return _("A letter of this cell was lost before the file was saved: it holds “�”. Write the words again.")
    if _GARBLED.search(cell) is None:
        return None
    reading = next(_readings(cell), "")
    if not reading:
        return _("The letters of this cell were garbled before the file was saved. Write the words again.")
    return _("The letters of this cell were garbled before the file was saved. It seems to say “%(reading)s”.") % {
        "reading": excerpt(reading, length=_LONGEST_READING)
    }


def error_of_spreadsheet(error: str) -> str:
    return _("This cell holds an error of the spreadsheet, %(error)s. Write what is meant, or empty it.") % {
        "error": error
    }


def _readings(cell: str) -> Iterator[str]:
    """What the cell says if it is UTF-8 that was read in a code page."""
    for page in _PAGES:
        known = _BYTES[page]
        try:
            yield bytes(ord(c) if c.isascii() else known[c] for c in cell).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
