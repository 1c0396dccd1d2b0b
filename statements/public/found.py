"""Why a search found a statement: its title and a passage of its words with what was looked for marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from statements import text
from statements.record.document import Document, upgraded
from statements.record.reading import Listed
from statements.record.search import Search, Term

_LONGEST = 240  # characters of a passage
_BEFORE = 60  # of them at most before the first match
#: Of one text. A match beyond them is found, and not shown.
_MOST_CHARACTERS = 50_000

Place = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    text: str
    is_match: bool = False


@dataclass(frozen=True)
class Found:
    """``title`` in pieces; ``passage`` has none where no text of the statement has the words.

    ``names`` are those by which somebody who made it was found, where the list calls them otherwise.
    """

    title: list[Piece]
    passage: list[Piece] = field(default_factory=list)
    language: str = ""
    names: list[str] = field(default_factory=list)


def found_in(rows: Iterable[Listed], searches: Sequence[Search]) -> dict[int, Found]:
    """By the id of the entry, which has its version. No query."""
    terms = [term for search in searches for term in search.wanted]
    return {row.entry.pk: _found(row, terms) for row in rows}


def _found(row: Listed, terms: Sequence[Term]) -> Found:
    content = upgraded(row.entry.version.document)["content"]
    title = row.entry.title
    passage, language = _best_passage(content, terms)
    return Found(_pieces(title, _places(title, terms)), passage, language, _names(row, terms))


def _best_passage(content: Document, terms: Sequence[Term]) -> tuple[list[Piece], str]:
    """Of the text in which most of the terms stand: the statement's own words before ours about it."""
    best: tuple[int, str, str, list[Place]] = (0, "", "", [])
    for words, language in _texts(content):
        matches = [places for places in _places_of_each(words, terms) if places]
        if len(matches) > best[0]:
            best = (len(matches), words, language, sorted(place for places in matches for place in places))
    number, words, language, places = best
    return (_passage(words, places), language) if number else ([], "")


def _texts(content: Document) -> Iterator[tuple[str, str]]:
    yield from ((wording["text"], wording["language"]) for wording in content["wordings"])
    if not content["wordings"]:
        yield from ((row["quote"], content["language"]) for row in (*content["mentions"], *content["counts"]))
    for words in (content["summary"], content["occasion"], content["attribution"]):
        yield words, ""
    yield from ((row["attribution"], "") for row in content["speakers"])


def _places(words: str, terms: Sequence[Term]) -> list[Place]:
    """Where the terms stand, in order; places of two terms may overlap."""
    return sorted(place for places in _places_of_each(words, terms) for place in places)


def _places_of_each(words: str, terms: Sequence[Term]) -> list[list[Place]]:
    with_places = text.words_with_places(words[:_MOST_CHARACTERS])
    plain = [word for word, _start, _end in with_places]
    return [
        [
            (with_places[index][1], with_places[index + len(term.words) - 1][2])
            for index in range(len(plain) - len(term.words) + 1)
            if _stands_at(term, plain, index)
        ]
        for term in terms
    ]


def _stands_at(term: Term, words: Sequence[str], index: int) -> bool:
    *before, last = term.words
    final = words[index + len(before)]
    if not (final == last if term.is_whole else final.startswith(last)):
        return False
    return not before or list(words[index : index + len(before)]) == before


def _passage(words: str, places: Sequence[Place]) -> list[Piece]:
    """Around the first match, cut between words."""
    first = places[0][0]
    start = 0 if first <= _BEFORE else words.find(" ", first - _BEFORE, first) + 1 or first
    end = len(words) if len(words) <= start + _LONGEST else words.rfind(" ", places[0][1], start + _LONGEST)
    end = max(end, places[0][1])
    inside = [(left - start, min(right, end) - start) for left, right in places if start <= left < end]
    pieces = _pieces(words[start:end], inside)
    return [
        *([Piece("… ")] if start > 0 else []),
        *pieces,
        *([Piece(" …")] if end < len(words) else []),
    ]


def _pieces(words: str, places: Iterable[Place]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in places:
        if end <= at:
            continue
        if start > at:
            pieces.append(Piece(words[at:start]))
        pieces.append(Piece(words[max(start, at) : end], is_match=True))
        at = end
    return [*pieces, Piece(words[at:])] if at < len(words) else pieces


def _names(row: Listed, terms: Iterable[Term]) -> list[str]:
    shown = {(named.pk, named.kind): named.name for named in (*row.issuers, *row.speakers)}
    kinds = {"issuer": "organisation", "speaker": "speaker"}
    names = [
        known.name
        for term in terms
        for known in term.names
        if (called := shown.get((known.pk, kinds[known.facet]))) is not None and called != known.name
    ]
    return list(dict.fromkeys(names))
