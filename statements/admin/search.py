"""How the desk's searches find what an editor means, in any script. None of them makes a row appear twice.

Names and titles are looked through as they are folded for readers, so case, accents, ligatures, quotation marks and
hyphens make no difference; what a hyphen or an apostrophe joins must stand there one after the other.

Statements, sources and changes grow without end: an index of words finds those with words that begin with what is
typed, as the readers' search does, and of more than MOST_FOUND those that were entered last. Of organisations,
speakers, demands and measures there are thousands: what is typed may stand in the midst of a word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Q, Value

from statements import text
from statements.models import (
    Demand,
    Facet,
    Measure,
    Organisation,
    OrganisationName,
    ReferenceChange,
    Source,
    Speaker,
    SpeakerHandle,
    SpeakerName,
    Statement,
)
from statements.models.finding import numbers_found
from statements.models.search import All, Word, Words
from statements.record.searchable import mark_of

_LONGEST_TERM = 300

#: Of those who are called so, as many are looked for: each is a word more for the index.
MOST_MAKERS = 50

Rows = models.QuerySet[Any]
#: The words of something that was typed without a space.
_Typed = tuple[str, ...]


def of_every_word(term: str, condition: Callable[[str], Q]) -> Q:
    """That the condition holds for every word of the term: for no row where it has no letter or digit."""
    words = dict.fromkeys(word for word in term[:_LONGEST_TERM].split() if text.fold(word))
    return reduce(and_, (condition(word) for word in words)) if words else Q(pk__in=())


def matching(rows: Rows, term: str, condition: Callable[[str], Q]) -> Rows:
    return rows.filter(of_every_word(term, condition))


def words_in(rows: Rows, column: str, term: str) -> Rows:
    return matching(rows, term, lambda word: is_in(column, word))


def is_in(column: str, word: str) -> Q:
    """Whether a column that isn't folded holds the word in any letter case.

    SQLite knows the case of ASCII letters only, but for regular expressions, which take it six times as long.
    """
    return Q(**({f"{column}__icontains": word} if word.isascii() else {f"{column}__iregex": re.escape(word)}))


def in_own_words(word: str) -> Q:
    """Of a model with folded words. Its slugs, which transliterate, find it in another script."""
    slug = text.slugify(word)
    return Q(folded__contains=text.fold(word)) | (Q(slug__contains=slug) if slug else Q())


def find_organisations(rows: Rows, term: str) -> Rows:
    def condition(word: str) -> Q:
        names = OrganisationName.objects.filter(folded__contains=text.fold(word)).order_by()
        return Q(pk__in=names.values("owner")) | Q(slug__contains=word.lower())

    return matching(rows, term, condition)


def find_speakers(rows: Rows, term: str) -> Rows:
    def condition(word: str) -> Q:
        names = SpeakerName.objects.filter(folded__contains=text.fold(word)).order_by()
        handles = SpeakerHandle.objects.filter(is_in("handle", word.lstrip("@"))).order_by()
        of_speaker = Q(pk__in=names.values("owner")) | Q(pk__in=handles.values("speaker"))
        return of_speaker | Q(slug__contains=word.lower())

    return matching(rows, term, condition)


@dataclass(frozen=True)
class _Piece:
    """What was typed between two spaces, as the words of an index: of the text, of a slug, or a mark; any of them."""

    alternatives: tuple[_Typed, ...]
    marks: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[All, ...]:
        begun = ((*(Word(word) for word in before), Word(last, is_start=True)) for *before, last in self.alternatives)
        return (*begun, *((Word(mark),) for mark in self.marks))

    @property
    def passages(self) -> list[str]:
        """The index of words keeps no places: whether words follow each other is asked of the column."""
        if all(len(one) == 1 for one in self.alternatives):
            return []
        return [*(" ".join(one) for one in self.alternatives), *(f"{mark} " for mark in self.marks)]


def _pieces(term: str) -> list[_Typed]:
    pieces = (tuple(text.words(piece)) for piece in text.with_plain_numbers(term[:_LONGEST_TERM]).split())
    return [words for words in dict.fromkeys(pieces) if words]


def _found(model: type[models.Model], pieces: Iterable[_Piece]) -> Q:
    """For no row where nothing was typed that has a letter or a digit."""
    wanted = list(pieces)
    if not wanted:
        return Q(pk__in=())
    words = Words(tuple(piece.words for piece in wanted))
    passages = [piece.passages for piece in wanted if piece.passages]
    return Q(pk__in=numbers_found(model, words, passages))


def find_sources(rows: Rows, term: str) -> Rows:
    """By a pasted address in any of its forms, or by words of title, publisher, author and address."""
    try:
        begun = text.canonical_address(term.strip())
    except ValueError:
        return rows.filter(_found(Source, (_Piece((words,)) for words in _pieces(term))))
    # Between two ends: for what begins so, SQLite asks no index.
    return rows.filter(canonical_url__gte=begun, canonical_url__lt=begun + chr(0x10FFFF))


def find_statements(rows: Rows, term: str) -> Rows:
    """By the address of its public page, or by words of its title and names of those who made it. One query for names.

    Its slug, which transliterates, finds it in another script.
    """
    if "/statements/" in term:
        return rows.filter(slug=term.partition("/statements/")[2].strip().split("/")[0])
    pieces = _pieces(term)
    marks = _marks_of(pieces)
    own = (
        _Piece(tuple(dict.fromkeys(filter(None, (words, _in_a_slug(words))))), tuple(marks[words])) for words in pieces
    )
    return rows.filter(_found(Statement, own))


def _in_a_slug(words: _Typed) -> _Typed:
    return tuple(word for word in text.slugify(" ".join(words)).split("-") if word)


def _marks_of(pieces: Sequence[_Typed]) -> dict[_Typed, list[str]]:
    """For each piece the marks of those with a name that has words that begin so.

    A piece of more than MOST_MAKERS names, such as "of", says nothing of who is meant: then it is whoever has a name
    for every piece.
    """
    found: dict[_Typed, set[str]] = {words: set() for words in pieces}
    if not found:
        return {}
    begins = reduce(or_, (_begins_in_a_name(" ".join(words)) for words in found))

    def names(model: type[models.Model], facet: Facet) -> Any:
        of_facet = model._default_manager.filter(begins).order_by().annotate(of=Value(facet.value, models.CharField()))
        return of_facet.values_list("of", "owner_id", "folded")

    for facet, pk, name in names(OrganisationName, Facet.ISSUER).union(names(SpeakerName, Facet.SPEAKER)):
        for words, marks in found.items():
            if f" {' '.join(words)}" in f" {name}":
                marks.add(mark_of(Facet(facet), pk))
    of_all = set.intersection(*found.values())
    meant = of_all if len(of_all) <= MOST_MAKERS else set()
    return {words: sorted(marks if len(marks) <= MOST_MAKERS else meant) for words, marks in found.items()}


def _begins_in_a_name(words: str) -> Q:
    return Q(folded__startswith=words) | Q(folded__contains=f" {words}")


def find_demands(rows: Rows, term: str) -> Rows:
    return matching(rows, term, in_own_words)


def find_measures(rows: Rows, term: str) -> Rows:
    return matching(rows, term, in_own_words)


_FIND: dict[type[models.Model], Callable[[Rows, str], Rows]] = {
    Organisation: find_organisations,
    Speaker: find_speakers,
    Source: find_sources,
    Statement: find_statements,
    Demand: find_demands,
    Measure: find_measures,
}


def find_changes(rows: Rows, term: str) -> Rows:
    """By whatever finds the row today, or by words of what it was called on that day."""
    of_that_day = (_Piece((words,)) for words in _pieces(term))
    found: Any = ReferenceChange.objects.order_by().filter(_found(ReferenceChange, of_that_day)).values("pk")
    for model, find in _FIND.items():
        now = find(model._default_manager.order_by(), term)
        of_now = ReferenceChange.objects.order_by().filter(kind=model._meta.model_name, target_id__in=now.values("pk"))
        found = found.union(of_now.values("pk"))
    return rows.filter(pk__in=found)
