"""How likely the letters of a text are words: what tells code pages apart that decode each other's bytes."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from babel import Locale

from statements.importing.reading.ordinary import WORDS

#: The languages that are written in each code page. How they spell is learnt from CLDR, which Babel brings,
#: and from some ordinary words.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "windows-1252": ("de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi"),
    "windows-1251": ("ru", "be", "uk"),
    "windows-1257": ("lv", "lt", "et"),
}
_CYRILLIC = "windows-1251"
_TIMES = 5  # that an ordinary word counts as much as a name

_NEVER_SEEN = 1e-7
_PENALTY = 20.0  # a pair that was never seen costs 16
# A word of one letter among words in ASCII is rather a French “à” than a Russian “а”.
_ALONE = re.compile(
    r"(?:(?<=[A-Za-z] )|(?<=\n)|(?<=\A ))[^\W\d_A-Za-z](?= [A-Za-z])"
    r"|(?<=[A-Za-z] )[^\W\d_A-Za-z](?=\n| \Z)"
)
_INSIDE_WORDS = frozenset("’‘–—-\u00ad")

# A text is given up when too many of its pairs of letters stand in no language. Of real words at most an eighth do, of
# words from the pages of DOS, KOI8, ISO 8859-5 or a Macintosh more than a fifth. A few odd pairs prove nothing.
_ODD_SHARE = 0.15
_ODD_ANYWAY = 3


@dataclass(frozen=True)
class Judgement:
    """``mean`` is the higher the better, ``pairs`` how many pairs of characters it rests on, ``odd`` how many of them
    no word of the page's languages has.
    """

    mean: float
    pairs: int
    odd: int

    @property
    def is_gibberish(self) -> bool:
        return self.odd >= _ODD_ANYWAY + _ODD_SHARE * self.pairs


def judged(text: str, page: str) -> Judgement:
    """How well the letters beyond ASCII fit their neighbours, in the language that fits best.

    The first call for a page takes a tenth of a second.
    """
    known = [_pairs(language) for language in LANGUAGES[page]]
    totals = [0.0] * len(known)
    pairs = odd = penalties = 0
    for pair, is_broken in _pairs_beyond_ascii(text, page):
        likelihoods = [of_language.get(pair, 0.0) for of_language in known]
        totals = [total + math.log(found + _NEVER_SEEN) for total, found in zip(totals, likelihoods, strict=True)]
        pairs, odd, penalties = pairs + 1, odd + (is_broken or not any(likelihoods)), penalties + is_broken
    return Judgement((max(totals) - _PENALTY * penalties) / pairs if pairs else 0.0, pairs, odd)


def _pairs_beyond_ascii(text: str, page: str) -> Iterator[tuple[str, bool]]:
    """Pairs of characters as ``_spelt`` has them, and whether they can't follow each other in a word."""
    padded = f" {text} "
    spelt = _spelt(padded)
    alone = {match.start() for match in _ALONE.finditer(padded)} if page == _CYRILLIC else set()
    for position, (first, second) in enumerate(pairwise(padded)):
        if first.isascii() and second.isascii():
            continue
        pair = spelt[position : position + 2]
        if pair != "  ":
            is_broken = position + 1 in alone or _breaks_word(first, second, page)
            yield pair, is_broken or _is_symbol_in_word(spelt, position, second)


def _breaks_word(first: str, second: str, page: str) -> bool:
    """Two letters of two scripts, or a capital after a small one."""
    if not (first.isalpha() and second.isalpha()):
        return False
    return (page == _CYRILLIC and first.isascii() != second.isascii()) or (first.islower() and second.isupper())


def _is_symbol_in_word(spelt: str, position: int, symbol: str) -> bool:
    if symbol.isascii() or spelt[position + 1] != " " or symbol in _INSIDE_WORDS:
        return False
    return spelt[position + 2 : position + 3].strip() != ""


def _spelt(text: str) -> str:
    """In small letters; a space for whatever is no letter. As long as the text."""
    # A capital İ would become two characters.
    return "".join(letter.lower()[0] if letter.isalpha() else " " for letter in text)


@cache
def _pairs(language: str) -> Mapping[str, float]:
    """The frequency of each pair of characters in the words of a language."""
    spelt = _spelt(" ".join([*_names(Locale.parse(language)), *[WORDS[language]] * _TIMES]))
    counted = Counter(map("".join, pairwise(spelt)))
    return {pair: count / counted.total() for pair, count in counted.items()}


def _names(locale: Locale) -> Iterator[str]:
    for named in (
        *(locale.territories, locale.languages, locale.currencies, locale.scripts),
        *(locale.months, locale.days, locale.quarters, locale.time_zones, locale.meta_zones, locale.unit_display_names),
    ):
        yield from _texts(named)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
