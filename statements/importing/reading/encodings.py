"""In which encoding a text file is: certain of UTF-8 and UTF-16, made out from the words in pages of one byte a letter.

Such pages decode each other's bytes without an error, so what was made out is shown to staff, who can choose another.
"""

import codecs
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from statements.importing.incoming import Incoming
from statements.importing.reading.spelling import LANGUAGES, Judgement, judged
from statements.importing.refused import FileRefused

#: What staff may choose, in the order in which it is offered.
ENCODINGS: tuple[str, ...] = ("utf-8", "utf-16", *LANGUAGES)

_CHUNK = 1 << 20
_ENOUGH_WORDS = 1000
_LARGEST_SAMPLE = 1 << 16
_ASCII = bytes(range(0x80))
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+(?: [A-Za-z\x80-\xff]+)*")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Encoding:
    """``name`` is one of ENCODINGS, ``codec`` the one to decode with. ``others`` would decode the whole file, too."""

    name: str
    codec: str
    is_certain: bool
    others: list[str] = field(default_factory=list)


def encoding_of(incoming: Incoming, *, chosen: str = "") -> Encoding:
    """The chosen encoding, or the one that is found out. Reads the file at most twice, a piece at a time.

    Raises FileRefused for a choice that isn't in ENCODINGS, for UTF-8 that is damaged, and for letters of which none of
    the pages makes words.
    """
    if chosen and chosen not in ENCODINGS:
        words = {"encoding": chosen, "known": ", ".join(ENCODINGS)}
        raise FileRefused(_("“%(encoding)s” can't be chosen as the encoding. Choose one of: %(known)s.") % words)
    with incoming.open() as file:
        start = file.read(4)
    if chosen == "utf-16" or (not chosen and start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))):
        is_big = start.startswith(codecs.BOM_UTF16_BE) or start[:1] == b"\0"
        return Encoding("utf-16", "utf-16-be" if is_big else "utf-16-le", is_certain=True)
    if chosen == "utf-8" or (not chosen and _is_utf8(incoming)):
        return Encoding("utf-8", "utf-8", is_certain=True)
    present, sample = _words_beyond_ascii(incoming)
    pages = [page for page in LANGUAGES if _decodes(present, page)]
    if chosen:
        return Encoding(chosen, chosen, is_certain=False, others=[page for page in pages if page != chosen])
    if _is_damaged_utf8(sample):
        raise FileRefused(_not_utf8(), line=line_of_bad_bytes(incoming, "utf-8"))
    best = _best(sample, pages)
    if best is None:
        raise FileRefused(_no_encoding(), line=line_of_bad_bytes(incoming, "utf-8"))
    return Encoding(best, best, is_certain=False, others=[page for page in pages if page != best])


def refuse_bad_bytes(incoming: Incoming, encoding: Encoding) -> FileRefused:
    """The refusal of a file that the chosen encoding can't decode."""
    line = line_of_bad_bytes(incoming, encoding.codec)
    if encoding.name == "utf-8":
        return FileRefused(_not_utf8(), line=line)
    words = {"encoding": encoding.name}
    return FileRefused(
        _("The letters on this line are not in %(encoding)s. Choose another encoding.") % words, line=line
    )


def line_of_bad_bytes(incoming: Incoming, codec: str) -> int | None:
    """The line of the first bytes that the codec can't decode, None where it decodes all."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines, ends_in_return = 0, False
    with incoming.open() as file:
        while True:
            chunk = file.read(_CHUNK)
            bad = False
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                text, bad = error.object[: error.start].decode(codec), True
            # CRLF can be cut in two.
            lines += _line_ends(text) - (ends_in_return and text.startswith("\n"))
            ends_in_return = text.endswith("\r") if text else ends_in_return
            if bad:
                return lines + 1
            if not chunk:
                return None


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _is_utf8(incoming: Incoming) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with incoming.open() as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _words_beyond_ascii(incoming: Incoming) -> tuple[bytes, bytes]:
    """Each byte beyond ASCII that the file holds, and the first different groups of words with any."""
    present: set[int] = set()
    words: dict[bytes, None] = {}
    with incoming.open() as file:
        while chunk := file.read(_CHUNK):
            present.update(chunk.translate(None, _ASCII))
            if len(words) < _ENOUGH_WORDS:
                words |= dict.fromkeys(group for group in _WORDS.findall(chunk) if not group.isascii())
    return bytes(sorted(present)), b"\n".join(words)[:_LARGEST_SAMPLE]


def _decodes(present: bytes, page: str) -> bool:
    try:
        present.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(sample: bytes) -> bool:
    """Most of it is UTF-8. By chance only a few bytes of another encoding look so, such as “Ф»” in Windows-1251."""
    good = sum(map(len, _UTF8_LETTER.findall(sample)))
    return good * 2 > len(sample.translate(None, _ASCII))


def _best(sample: bytes, pages: list[str]) -> str | None:
    """The page that makes the best words; the first of them where several read the same."""
    judgements: dict[str, Judgement] = {page: judged(sample.decode(page), page) for page in pages}
    if not judgements:
        return None
    best = max(judgements, key=lambda page: judgements[page].mean)
    return None if judgements[best].is_gibberish else best


def _not_utf8() -> str:
    return _("The letters on this line are not in UTF-8. Save the file as “CSV UTF-8”.")


def _no_encoding() -> str:
    return _(
        "It can't be made out in which encoding the letters on this line are. "
        "Save the file as “CSV UTF-8”, or choose the encoding."
    )
