"""The words of a public statement as the search finds them."""

from collections.abc import Iterable, Sequence

from statements import text
from statements.models import Facet
from statements.models.record import Link

#: Stands between two texts, so that a phrase never begins in one and ends in the next. No word of a reader is like it.
BETWEEN = "|"

#: PostgreSQL takes at most a megabyte of different words of one row. Of a text with more, the rest is not searched.
_MOST_BYTES = 800_000

_MARKS = {Facet.ISSUER: "_o{}", Facet.JOINED: "_o{}", Facet.SPEAKER: "_s{}"}


def search_text(texts: Iterable[str], links: Sequence[Link]) -> str:
    """The column of one statement: its texts, the title first, and a mark for each who made it.

    By its marks a statement is found under the names that somebody has today: the search asks first who is called so.
    """
    title, *others = (" ".join(text.words(one)) for one in texts)
    sections = [title, *filter(None, others)]
    marks = sorted({mark_of(Facet(link.facet), link.target_id) for link in links if link.facet in _MARKS})
    return f" {_within_limits(f' {BETWEEN} '.join(sections))} {BETWEEN} {' '.join(marks)} "


def mark_of(facet: Facet, target_id: int) -> str:
    """The word that stands for an organisation with a part in a statement, or for one of its speakers."""
    return _MARKS[facet].format(target_id)


def _within_limits(words: str) -> str:
    if len(words) < _MOST_BYTES // 4:  # a character has at most four bytes
        return words
    kept, seen, size = [], set(), 0
    for word in words.split(" "):
        if word not in seen:
            seen.add(word)
            size += len(word.encode())
        if size > _MOST_BYTES:
            break
        kept.append(word)
    return " ".join(kept)
