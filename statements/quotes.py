"""Finding a quotation in the words it is said to come from.

Words are compared in a folded form: case, white space, quotation marks, dashes and Unicode form make no difference,
accents do. The form is canonical (NFD) and never a compatibility form, or the footnote in "prisoners²" would become a
digit. Every offset given back counts code points of the text as it was passed in.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

# A passage that is less like the quotation than this (0 to 100) helps nobody: two unrelated sentences of one language
# reach about 50.
LEAST_SIMILARITY = 55.0

_LONG = 20_000  # characters; folded, a text takes about ten times as many bytes

_BREAK = "\0"  # stands for an omission in the folded form, where no quotation can hold it

_INVISIBLE = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_GAP = rf"[\s{_INVISIBLE}]*"
_OMISSION = re.compile(rf"[\[(<{{［（【〔]{_GAP}(?:(?:[…⋯]{_GAP})+|(?:\.{_GAP}){{3,}})[\])>}}］）】〕]")

_IGNORED = re.compile(f"[\\0{_INVISIBLE}\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")

_APOSTROPHES = "'‘’‛`´ʹʻʼʽ′‵՚＇"
_QUOTATION_MARKS = _APOSTROPHES + '"“”„‟‚«»‹›ʺ″‴‶‷⁗׳״〝〞〟＂「」『』﹁﹂﹃﹄｢｣❛❜❝❞❮❯⹂'
_MINUS_SIGNS = "-−–﹣－"
_OTHER_DASHES = "−˗"  # of a category other than Pd
_NUMBER_SPACES = "\u00a0\u2006\u2007\u2008\u2009\u200a\u202f"
_HAN_NUMERALS = "〇零一二三四五六七八九十百千万萬亿億兆两兩廿卅"

# Blocks of the scripts that put no space between words: Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Javanese, Balinese,
# Han, kana, Bopomofo and Yi with their extensions.
_UNSPACED_BLOCKS = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\ua9ff\uaa60-\uaadf"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\uf900-\ufaff"
    "\uff66-\uff9f\U000116d0-\U000116ff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff]"
)

# Letters of scripts with spaces between words, and digits; no bracket, which could begin an omission.
_PLAIN = re.compile(
    r"(?=[a-zA-Z\u00df-\u00f6\u0400-\u045f0-9])[^\[({<［（【〔]*(?<=[a-zA-Z\u00df-\u00f6\u0400-\u045f0-9])"
)
_PLAIN_BEFORE = re.compile(r"(?:^| )\Z")
_PLAIN_BEFORE_DIGIT = re.compile(r"(?:^|[a-zA-Z\u0400-\u045f] )\Z")
_PLAIN_AFTER = re.compile(r"[.,;:!?]?(?: |\Z)")
_PLAIN_AFTER_DIGIT = re.compile(r"[;:!?]?(?: [a-zA-Z\u0400-\u045f]|\Z)")

# What the rules need to know of a character is one letter, so that a text has a shape in which regular expressions find
# words and numbers of any script:
#   a  letter             u  letter of a script without spaces between words    h  numeral among the Han characters
#   d  digit              D  full-width digit                                   M  combining mark
#   .  joins digits       f  full-width stop or comma: joins full-width digits  m  minus or hyphen
#   '  apostrophe         q  other quotation mark                               (  opening bracket, currency sign
#   s  one plain space    n  one space that does not break a number             _  any other white space
#   |  omission           i  not compared                                       o  anything else
_WORD = re.compile(r"[adD]+")
_DIGITS = r"[dD]+"
_GROUPED_NUMBER = rf"(?<!a)[dD]{{1,3}}(?:[sn][dD]{{3}})+(?![dD])(?:[.']{_DIGITS})*"
_PLAIN_NUMBER = rf"{_DIGITS}(?:[.'n]{_DIGITS}|(?<=D)fD+)*"
_NUMBER = re.compile(rf"(?:(?:^|(?<=[sn_('q|]))m?\.?)?(?:{_GROUPED_NUMBER}|{_PLAIN_NUMBER}|h)+")


@dataclass(frozen=True)
class Passage:
    """A part of a text as printed: text[start:end], in code points."""

    start: int
    end: int


@dataclass(frozen=True)
class _Folded:
    """A text as it is compared.

    For an index of `words`: whether a match may begin or end there, and where in the text a passage would then start or
    end. Takes about twelve bytes for a character of the text.
    """

    words: str
    is_boundary: bytearray
    starts: "array[int]"
    ends: "array[int]"

    def passage(self, start: int, end: int) -> Passage:
        return Passage(self.starts[start], self.ends[end])


def find(quote: str, text: str) -> Passage | None:
    """The first place where the text holds the quotation; None where it doesn't, or where the quotation can't be looked
    for (see `problem_with`).
    """
    return next(_matches(quote, text), None)


def occurs(quote: str, text: str) -> bool:
    """Whether the text holds the quotation, as `find` has it.

    Where it stands there letter by letter, nothing is folded: an import asks once for each of many thousand quotations.
    """
    return _occurs_plainly(quote, text) or find(quote, text) is not None


def is_plain(quote: str) -> bool:
    """Whether a quotation has nothing that could be wrong with it: letters at both ends, and no brackets."""
    return _PLAIN.fullmatch(quote) is not None


def find_all(quote: str, text: str) -> list[Passage]:
    """Every place where the text holds the quotation, in order, none overlapping another; empty as `find` is None.

    A match lies between word boundaries, never holds a part of a number or of an accented letter, and never lies across
    an omission such as “[…]”.
    """
    return list(_matches(quote, text))


def problem_with(quote: str) -> str | None:
    """A sentence for the editor when the quotation can't be looked for in any text; None when it can."""
    if has_omission(quote):
        return _("A quotation is one unbroken passage. Leave out “[…]”: make two of it, or choose the longer part.")
    if not comparable(quote):
        return _("The quotation is blank. Copy the words from the statement.")
    if not any(_shape(character) in "aduhD" for character in quote):
        return _("A quotation needs at least one letter or digit.")
    return None


def has_omission(text: str) -> bool:
    """Whether the text says that words were left out: “[…]”, “(...)”, “[. . .]”, “<…>”. A bare “…” is punctuation."""
    return _OMISSION.search(text) is not None


def comparable(text: str) -> str:
    """The form in which two passages of the same words are equal; not for showing. NUL stands for an omission."""
    return _folded(text).words.strip(" ")


def nearest(quote: str, text: str) -> str | None:
    """The passage of the text most like the quotation, as printed, for an error message; None when nothing is like it.

    Whole words, with no omission among them. In a text of 40,000 words it takes up to a third of a second to fold the
    text for the first time, then some hundredths, and one second for a quotation of 2,000 characters.
    """
    needle = comparable(quote).replace(_BREAK, " ")
    if not needle:
        return None
    folded = _folded(text)
    best_score, best_passage = LEAST_SIMILARITY, None
    segment_start = 0
    for segment in folded.words.split(_BREAK):
        alignment = fuzz.partial_ratio_alignment(needle, segment, score_cutoff=best_score)
        if alignment is not None and alignment.dest_end > alignment.dest_start:
            first, last = segment_start + alignment.dest_start, segment_start + alignment.dest_end
            for start, end in _whole_words(folded, first, last, segment_start, segment_start + len(segment)):
                score = fuzz.ratio(needle, folded.words[start:end])
                if score > best_score:
                    best_score, best_passage = score, folded.passage(start, end)
        segment_start += len(segment) + len(_BREAK)
    return None if best_passage is None else text[best_passage.start : best_passage.end]


def _occurs_plainly(quote: str, text: str) -> bool:
    """Whether the quotation stands in the text as it is, between spaces, where no rule on boundaries forbids it."""
    if not is_plain(quote):
        return False
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        # A number may reach beyond a space, a word may not.
        before = _PLAIN_BEFORE_DIGIT if quote[0].isdigit() else _PLAIN_BEFORE
        after = _PLAIN_AFTER_DIGIT if quote[-1].isdigit() else _PLAIN_AFTER
        if before.search(text, max(0, start - 2), start) and after.match(text, end):
            return True
        start = text.find(quote, start + 1)
    return False


def _matches(quote: str, text: str) -> Iterator[Passage]:
    if problem_with(quote):
        return
    needle, folded = comparable(quote), _folded(text)
    start = folded.words.find(needle)
    while start >= 0:
        end = start + len(needle)
        if folded.is_boundary[start] and folded.is_boundary[end]:
            yield folded.passage(start, end)
            start = folded.words.find(needle, end)
        else:
            start = folded.words.find(needle, start + 1)


def _whole_words(folded: _Folded, first: int, last: int, lowest: int, highest: int) -> Iterator[tuple[int, int]]:
    """The ranges that take in or leave out the word cut by either end; without the white space around them.

    A number is always taken in: it is what an editor most likely got wrong.
    """
    for start in sorted(_boundaries(folded, first, lowest, highest, outward=-1)):
        for end in sorted(_boundaries(folded, last, lowest, highest, outward=1)):
            inner_start, inner_end = start, end
            while inner_start < inner_end and folded.words[inner_start] == " ":
                inner_start += 1
            while inner_end > inner_start and folded.words[inner_end - 1] == " ":
                inner_end -= 1
            if inner_start < inner_end and folded.is_boundary[inner_start] and folded.is_boundary[inner_end]:
                yield inner_start, inner_end


def _boundaries(folded: _Folded, index: int, lowest: int, highest: int, *, outward: int) -> set[int]:
    before = after = index
    while before > lowest and not folded.is_boundary[before]:
        before -= 1
    while after < highest and not folded.is_boundary[after]:
        after += 1
    if any(character.isdigit() for character in folded.words[before:after]):
        return {before if outward < 0 else after}
    return {before, after}


def _folded(text: str) -> _Folded:
    """Cached: an import looks for many quotations in one wording, and folding costs more than finding.

    Of long texts few are kept: while somebody types in one, each version of it is folded once and never again.
    """
    return _fold_long(text) if len(text) > _LONG else _fold_short(text)


def _fold(text: str) -> _Folded:
    # A chunk is what a match can't cut: a base character with its marks, a run of white space, or an omission.
    chunks: list[str] = []
    shapes: list[str] = []
    chunk_starts = array("I")
    chunk_ends = array("I")

    def add(chunk: str, shape: str, start: int, end: int) -> None:
        chunks.append(chunk)
        shapes.append(shape)
        chunk_starts.append(start)
        chunk_ends.append(end)

    for start, end, is_omission in _segments(text):
        if is_omission:
            add(_BREAK, "|", start, end)
            continue
        for offset, character in enumerate(text[start:end], start):
            shape = _shape(character)
            if shape == "i":
                continue
            if shape in "sn_":
                if shapes and shapes[-1] in "sn_":
                    shapes[-1] = "_"
                    chunk_ends[-1] = offset + 1
                else:
                    add(" ", shape, offset, offset + 1)
            elif shape == "M" and shapes and shapes[-1] != "|":
                chunks[-1] += character
                chunk_ends[-1] = offset + 1
                if shapes[-1] in "sn_":
                    shapes[-1] = "o"
            else:
                add(character, "a" if shape == "M" else shape, offset, offset + 1)

    is_edge = bytearray(b"\1") * (len(chunks) + 1)
    shape_of_text = "".join(shapes)
    for pattern in (_WORD, _NUMBER):
        for match in pattern.finditer(shape_of_text):
            inside = match.end() - match.start() - 1
            is_edge[match.start() + 1 : match.end()] = bytes(inside)

    words = [_fold_chunk(chunk) for chunk in chunks]
    length = sum(map(len, words))
    folded = _Folded(
        "".join(words), bytearray(length + 1), array("I", [0]) * (length + 1), array("I", [0]) * (length + 1)
    )
    index = 0
    for number, word in enumerate(words):
        folded.is_boundary[index] = is_edge[number]
        folded.starts[index] = chunk_starts[number]
        index += len(word)
        folded.ends[index] = chunk_ends[number]
    folded.is_boundary[length] = 1
    return folded


_fold_short = lru_cache(maxsize=128)(_fold)
_fold_long = lru_cache(maxsize=8)(_fold)


def _segments(text: str) -> Iterator[tuple[int, int, bool]]:
    """The parts of a text as (start, end, is omission)."""
    position = 0
    for omission in _OMISSION.finditer(text):
        yield position, omission.start(), False
        yield omission.start(), omission.end(), True
        position = omission.end()
    yield position, len(text), False


@lru_cache(maxsize=8192)
def _fold_chunk(chunk: str) -> str:
    """Canonical caseless matching (Unicode 3.13, D145) with one quotation mark and one dash."""
    if chunk == _BREAK:
        return chunk
    decomposed = unicodedata.normalize("NFD", chunk)
    folded = unicodedata.normalize("NFD", decomposed.casefold())
    return "".join(
        "'" if character in _QUOTATION_MARKS else "-" if _is_dash(character) else character for character in folded
    )


def _is_dash(character: str) -> bool:
    return character in _OTHER_DASHES or unicodedata.category(character) == "Pd"


@lru_cache(maxsize=8192)
def _shape(character: str) -> str:
    """The letter, as listed at the top, that says how a character takes part in words and numbers."""
    if _IGNORED.match(character):
        return "i"
    character = unicodedata.normalize("NFD", character)[0]
    if character.isspace():
        return "s" if character == " " else "n" if character in _NUMBER_SPACES else "_"
    for characters, shape in (
        (_APOSTROPHES, "'"),
        (_QUOTATION_MARKS, "q"),
        (_MINUS_SIGNS, "m"),
        (_HAN_NUMERALS, "h"),
        (".,·٫٬", "."),
        ("．，", "f"),
    ):
        if character in characters:
            return shape
    category = unicodedata.category(character)
    if category == "Nd":
        return "D" if "０" <= character <= "９" else "d"
    if category[0] == "M":
        return "M"
    if category[0] == "L" or category == "Nl":
        return "u" if _UNSPACED_BLOCKS.match(character) else "a"
    return "(" if category in ("Ps", "Sc") else "o"
