"""Which words of two texts differ. Bounded: whatever the texts, a comparison takes a moment and gives few pieces.

First whole paragraphs are told apart, then the words within those that changed. Both in the same way: difflib compares
them where that is cheap. Where it isn't, what occurs once in each text anchors the two to each other, and what lies
between two anchors is compared by difflib; what is still too long for it counts as replaced as a whole.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import TextChoices
from django.utils.translation import ngettext

#: Pairs of words that difflib may look at at once, and in all of one comparison.
PAIRS_AT_ONCE = 40_000
PAIRS_IN_ALL = 1_000_000
#: So many tokens in a row anchor two texts to each other where they occur once in each: first the surest.
ANCHORS = (8, 1)
#: Of words that stayed the same, so many characters are shown before and after what changed.
CONTEXT = 160
#: No side of a comparison shows more than this.
MOST_PIECES = 400
MOST_CHARACTERS = 40_000

_LETTERS_THAT_ARE_WORDS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # scripts without spaces
_SIGNS = r""".,;:!?…()\[\]{}<>"«»„“”‘’‹›/\\|–—'¿¡、。「」，！？：；،؛؟\-"""
_WORD = rf"[^\s{_SIGNS}{_LETTERS_THAT_ARE_WORDS}]+"
_TOKEN = re.compile(rf"\s+|\d+(?:[.,\u00a0\u202f]\d+)*|[{_LETTERS_THAT_ARE_WORDS}]|{_WORD}(?:['’-]{_WORD})*|.")

#: A stretch of the old tokens and the stretch of the new ones in its place; either may be empty.
Change = tuple[int, int, int, int]


class Mark(TextChoices):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left out"  # its text is a sentence on what isn't shown


@dataclass(frozen=True)
class Piece:
    """A run of words; ``mark`` is one of Mark's values."""

    text: str
    mark: str = Mark.SAME.value


#: Old words and new words. Without LEFT_OUT and but for white space that changed, the texts can be put together again.
Sides = tuple[list[Piece], list[Piece]]


class _Budget:
    """The pairs that may still be looked at."""

    def __init__(self) -> None:
        self.left = PAIRS_IN_ALL

    def allows(self, pairs: int) -> bool:
        if pairs > min(self.left, PAIRS_AT_ONCE):
            return False
        self.left -= pairs
        return True


def replaced(before: str, after: str) -> Sides:
    """Both texts marked as a whole; nothing is marked in a blank one."""
    return (
        _shown([Piece(before, Mark.REMOVED.value)] if before else []),
        _shown([Piece(after, Mark.ADDED.value)] if after else []),
    )


def compared(before: str, after: str) -> Sides:
    """The two texts with the words that differ marked. What stayed the same is cut to the words around the changes."""
    budget = _Budget()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    sides: Sides = ([], [])
    at = 0
    for start, end, new_start, new_end in _changes(old, new, budget):
        _put(sides, Mark.SAME.value, old[at:start], old[at:start])
        _put_words(sides, "".join(old[start:end]), "".join(new[new_start:new_end]), budget)
        at = end
    _put(sides, Mark.SAME.value, old[at:], old[at:])
    return _shown(_joined(sides[0])), _shown(_joined(sides[1]))


def _put_words(sides: Sides, before: str, after: str, budget: _Budget) -> None:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    at = 0
    for start, end, new_start, new_end in _whole_where_little_stayed(
        _without_splinters(_slid(_changes(old, new, budget), old, new), old), old, new
    ):
        _put(sides, Mark.SAME.value, old[at:start], old[at:start])
        _put(sides, "", old[start:end], new[new_start:new_end])
        at = end
    _put(sides, Mark.SAME.value, old[at:], old[at:])


def _put(sides: Sides, mark: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Without a mark it is a change: removed on the one side, added on the other."""
    marks = (mark or Mark.REMOVED.value, mark or Mark.ADDED.value)
    for side, tokens, of_side in zip(sides, (before, after), marks, strict=True):
        if tokens:
            side.append(Piece("".join(tokens), of_side))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].mark == piece.mark:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.mark)
        else:
            joined.append(piece)
    return joined


# --- What differs ---


def _changes(
    old: Sequence[str], new: Sequence[str], budget: _Budget, widths: Sequence[int] = ANCHORS, gap: Change | None = None
) -> list[Change]:
    """In order, with at least one common token between two of them."""
    (start, new_start), (end, new_end) = _trimmed(old, new, gap or (0, len(old), 0, len(new)))
    if start == end and new_start == new_end:
        return []
    if start == end or new_start == new_end:
        return [(start, end, new_start, new_end)]
    if budget.allows((end - start) * (new_end - new_start)):
        matcher = SequenceMatcher(None, old[start:end], new[new_start:new_end], autojunk=False)
        found = [opcode[1:] for opcode in matcher.get_opcodes() if opcode[0] != "equal"]
        return [(start + i, start + j, new_start + k, new_start + m) for i, j, k, m in found]
    if not widths:
        return [(start, end, new_start, new_end)]
    changes: list[Change] = []
    at, new_at = start, new_start
    anchors = _anchors(old, new, (start, end, new_start, new_end), widths[0])
    for anchor, new_anchor in [*anchors, (end, new_end)]:
        changes += _changes(old, new, budget, widths[1:], (at, anchor, new_at, new_anchor))
        at, new_at = anchor + 1, new_anchor + 1
    return changes


def _trimmed(old: Sequence[str], new: Sequence[str], gap: Change) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the stretches begin and end to differ."""
    start, end, new_start, new_end = gap
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    return (start, new_start), (end, new_end)


def _anchors(old: Sequence[str], new: Sequence[str], gap: Change, width: int) -> list[tuple[int, int]]:
    """Where ``width`` tokens stand that occur once in each, in the same order in both: as many as can be."""
    start, end, new_start, new_end = gap
    rows = {i: tuple(old[i : i + width]) for i in range(start, end - width + 1)}
    new_rows = {i: tuple(new[i : i + width]) for i in range(new_start, new_end - width + 1)}
    counts, new_counts = Counter(rows.values()), Counter(new_rows.values())
    place = {row: i for i, row in new_rows.items() if new_counts[row] == 1}
    pairs = [(i, place[row]) for i, row in rows.items() if counts[row] == 1 and row in place]
    return [pairs[i] for i in longest_rising([new_place for _place, new_place in pairs])]


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """The positions of the most numbers, all different, that rise from left to right."""
    tails: list[int] = []  # the smallest number with which a row of each length ends
    holders: list[int] = []  # and its position
    before: list[int] = []
    for position, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(holders[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        holders[length : length + 1] = [position]
    rising: list[int] = []
    position = holders[-1] if holders else -1
    while position >= 0:
        rising.append(position)
        position = before[position]
    return rising[::-1]


def _slid(changes: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """A sentence that came or went ends with its full stop, and doesn't begin with that of the one before."""
    slid = []
    for start, end, new_start, new_end in changes:
        tokens, first, last = (new, new_start, new_end) if start == end else (old, start, end)
        came_or_went = start == end or new_start == new_end
        if came_or_went and last < len(tokens) and _is_sign(tokens[first]) and tokens[first] == tokens[last]:
            start, end, new_start, new_end = start + 1, end + 1, new_start + 1, new_end + 1
        slid.append((start, end, new_start, new_end))
    return slid


def _is_sign(token: str) -> bool:
    return not token[0].isalnum() and not token.isspace()


def _whole_where_little_stayed(changes: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> Sequence[Change]:
    """One change where less than a third of the words stayed: what is left between the marks would say nothing."""
    words = sum(token[0].isalnum() for token in old)
    went = sum(token[0].isalnum() for start, end, _new_start, _new_end in changes for token in old[start:end])
    fewer = min(words, sum(token[0].isalnum() for token in new))
    return [(0, len(old), 0, len(new))] if changes and (words - went) * 3 <= fewer else changes


def _without_splinters(changes: Sequence[Change], old: Sequence[str]) -> list[Change]:
    """Changes with nothing but spaces and signs between them are one: three words of a row, not three times one."""
    merged: list[Change] = []
    for change in changes:
        if merged and not any(token[0].isalnum() for token in old[merged[-1][1] : change[0]]):
            merged[-1] = (merged[-1][0], change[1], merged[-1][2], change[3])
        else:
            merged.append(change)
    return merged


# --- What is shown of it ---


def _shown(pieces: Sequence[Piece]) -> list[Piece]:
    shown: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.mark == Mark.SAME:
            shown += _around(piece.text, after=number > 0, before=number < len(pieces) - 1)
        else:
            shown.append(Piece(_visible(piece.text), piece.mark))
    return _cut(shown)


def _around(text: str, *, after: bool, before: bool) -> list[Piece]:
    """The words next to a change: ``after`` one, ``before`` one, or both."""
    if len(text) <= 3 * CONTEXT or not (after or before):
        return [Piece(text)]
    head = _up_to_a_space(text[:CONTEXT]) if after else ""
    tail = _up_to_a_space(text[: -CONTEXT - 1 : -1])[::-1] if before else ""
    words = len(text[len(head) : len(text) - len(tail)].split())
    sentence = ngettext("%(n)s word is the same", "%(n)s words are the same", words) % {"n": words}
    pieces = [Piece(head), Piece(sentence, Mark.LEFT_OUT.value), Piece(tail)]
    return [piece for piece in pieces if piece.text]


def _up_to_a_space(text: str) -> str:
    """Cut after a word, where there is one to cut after."""
    return text[: text.rfind(" ") + 1] or text


def _visible(text: str) -> str:
    """White space that changed would not be seen."""
    if not text.isspace():
        return text
    return "".join("¶\n" if character == "\n" else "␣" for character in text)


def _cut(pieces: Sequence[Piece]) -> list[Piece]:
    room, shown = MOST_CHARACTERS, []
    for piece in pieces[:MOST_PIECES]:
        shown.append(Piece(piece.text[:room], piece.mark))
        room -= len(piece.text)
        if room <= 0:
            break
    hidden = "".join(piece.text for piece in pieces)[sum(len(piece.text) for piece in shown) :]
    if hidden:
        words = len(hidden.split())
        sentence = ngettext("%(n)s more word is not shown", "%(n)s more words are not shown", words) % {"n": words}
        shown.append(Piece(sentence, Mark.LEFT_OUT.value))
    return shown
