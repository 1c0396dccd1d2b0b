"""One form for the characters that look alike: spaces, hyphens, digits of every script."""

import unicodedata

#: Longer cells are sentences, not dates or numbers; the patterns are not tried on them.
LONGEST = 100

_HYPHENS = dict.fromkeys(map(ord, "‐‑−﹣－"), "-")
_DASHES = dict.fromkeys(map(ord, "‒–—―"), "–")


def plain(cell: str) -> str:
    """Digits of any script as 0-9, one plain space for all white space, "-" for hyphens and "–" for dashes.

    Invisible characters go. What only resembles a digit, such as a footnote's ², stays what it is.
    """
    if cell.isascii():
        return " ".join(cell.split())
    composed = unicodedata.normalize("NFC", cell)
    return " ".join("".join(map(_plain_character, composed)).translate(_HYPHENS | _DASHES).split())


def has_other_digits(cell: str) -> bool:
    return not cell.isascii() and any(character.isdecimal() and not character.isascii() for character in cell)


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Zs":
        return " "
    return "" if unicodedata.category(character) == "Cf" else character
