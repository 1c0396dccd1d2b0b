"""The search of public statements: what a reader typed, as words, as a condition and as an order.

All words must occur, in the statement's own texts or in a name that somebody who made it has today; a word finds all
that begin with it; words in quotation marks are found as they stand there, one after the other; what has a minus before
it must not occur. Nothing that can be typed is a mistake here: signs count as spaces.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, and_, or_
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Least, Length, Replace, StrIndex
from django.db.models.lookups import GreaterThan, LessThan

from statements import text
from statements.models import EntryFacets, EntryWords, Facet, OrganisationName, SpeakerName
from statements.models.search import All, Word, Words
from statements.record.searchable import BETWEEN, mark_of
from statements.record.use import found_by

#: Of all words that one address looks for: each is a condition more.
MOST_WORDS = 20

#: So many of the newest statements that were found are ranked; older ones follow, newest first. Ranking reads texts.
RANKED = 2000

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»″‹›〝〞", '"'))
_PIECE = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:"(?P<quoted>[^"]*)(?:"|\Z)|(?P<plain>[^\s"]+))')

#: So many words are looked for in the text of one row after the other, where an index need not be asked.
_FEW_WORDS = 40

#: What the best place of a word is worth, and how many of its places count.
_IN_THE_TITLE, _IN_A_NAME, _MOST_PLACES = 10, 6, 5


@dataclass(frozen=True)
class KnownAs:
    """A name under which a search found somebody: ``facet`` says an organisation (ISSUER) or a person (SPEAKER)."""

    facet: Facet
    pk: int
    name: str


@dataclass(frozen=True)
class Term:
    """Words that follow each other. Unless ``is_whole``, the last is the beginning of one.

    ``names`` are those that have it, and belong to somebody by whose mark a statement is found.
    """

    words: tuple[str, ...]
    is_whole: bool = False
    is_excluded: bool = False
    names: tuple[KnownAs, ...] = ()

    @property
    def pattern(self) -> str:
        """As it stands in the column, or in folded words with a space at either end."""
        return f" {' '.join(self.words)}" + (" " if self.is_whole else "")

    @property
    def marks(self) -> list[str]:
        return sorted({mark_of(name.facet, name.pk) for name in self.names})


@dataclass(frozen=True)
class Search:
    """One text that a reader typed, as its terms: all of them must hold."""

    given: str
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.is_excluded]


def parse(given: str) -> Search:
    """Any text; without a letter or a digit it has no terms. No query."""
    terms = []
    for piece in _PIECE.finditer(text.with_plain_numbers(given.translate(_QUOTATION_MARKS))):
        quoted, plain = piece["quoted"], piece["plain"]
        words = text.words(plain if quoted is None else quoted)
        if words:
            terms.append(Term(tuple(words), is_whole=quoted is not None, is_excluded=piece["minus"] is not None))
    return Search(given, tuple(dict.fromkeys(terms)))


def number_of_words(searches: Iterable[Search]) -> int:
    return sum(len(term.words) for search in searches for term in search.terms)


def looks_for_few_words(searches: Iterable[Search]) -> bool:
    """Whether a row is soon asked if they hold: not where a word is in the names of very many."""
    terms = [term for search in searches for term in search.terms]
    return sum(len(term.words) + len(term.names) for term in terms) <= _FEW_WORDS


def with_names(searches: Sequence[Search]) -> tuple[Search, ...]:
    """The same with the names that have their terms today. One query; none without terms."""
    terms = [term for search in searches for term in search.terms]
    if not terms:
        return tuple(searches)
    like = reduce(or_, (reduce(and_, map(_begins_in_a_name, term.words)) for term in terms))
    found = [
        (KnownAs(Facet(facet), pk, name), f" {' '.join(text.words(name))} ")
        for facet, pk, name in _names(OrganisationName, Facet.ISSUER, like)
        .union(_names(SpeakerName, Facet.SPEAKER, like), all=True)
        .order_by("of", "owner_id", "name")
    ]
    return tuple(
        replace(search, terms=tuple(replace(term, names=_with(term.pattern, found)) for term in search.terms))
        for search in searches
    )


def _names(model: type[models.Model], facet: Facet, like: Q) -> models.QuerySet[Any, Any]:
    made = Facet.PART if facet == Facet.ISSUER else Facet.SPEAKER
    rows = model._default_manager.filter(like, found_by("owner", made)).order_by()
    return rows.annotate(of=Value(facet.value, CharField())).values_list("of", "owner_id", "name")


def _begins_in_a_name(word: str) -> Q:
    """More than that where the script has no spaces. Of what is found, only whole terms count."""
    return Q(folded__contains=word) if len(word) == 1 else Q(folded__startswith=word) | Q(folded__contains=f" {word}")


def _with(pattern: str, names: Iterable[tuple[KnownAs, str]]) -> tuple[KnownAs, ...]:
    return tuple(known for known, words in names if pattern in words)


def condition(searches: Sequence[Search], *, one_by_one: bool = False) -> Q:
    """For narrow rows: any of the searches holds. Of searches that have their names. ``one_by_one``: the words of each
    row are looked at, where these are few, instead of looking for all rows that have them.
    """
    one_by_one = one_by_one and looks_for_few_words(searches)
    lookup = "search_text__holds" if one_by_one else "search_text__matches"
    rows = EntryWords.objects.filter(reduce(or_, (_all_of(search, lookup) for search in searches)))
    return Q(Exists(rows.filter(pk=OuterRef("pk")))) if one_by_one else Q(pk__in=rows.values("pk"))


def _all_of(search: Search, lookup: str) -> Q:
    holds = Q()
    if search.wanted:
        # All at once: the index of words puts the rarest first.
        holds &= Q((lookup, Words(tuple(map(_alternatives, search.wanted)))))
    for term in search.terms:
        if term.is_excluded:
            holds &= ~_holds(term, lookup)
        elif len(term.words) > 1:
            holds &= _follow_each_other(term, lookup)
    return holds


def _holds(term: Term, lookup: str) -> Q:
    holds = Q((lookup, Words((_alternatives(term),))))
    return holds & _follow_each_other(term, lookup) if len(term.words) > 1 else holds


def _alternatives(term: Term) -> tuple[All, ...]:
    """The words in the statement's own texts, or one who made it under a name that has them."""
    *before, last = term.words
    own = (*(Word(word) for word in before), Word(last, is_start=not term.is_whole))
    return (own, *((Word(mark),) for mark in term.marks))


def _follow_each_other(term: Term, lookup: str) -> Q:
    """The index of words keeps no places."""
    holds = Q(search_text__contains=term.pattern)
    return holds | _has_a_mark(term, lookup) if term.names else holds


def _has_a_mark(term: Term, lookup: str = "search_text__matches") -> Q:
    return Q((lookup, Words((tuple((Word(mark),) for mark in term.marks),))))


def best_first(
    found: models.QuerySet[EntryFacets], searches: Sequence[Search], newest: Sequence[str]
) -> models.QuerySet[EntryFacets]:
    """These statements, those first in which the words stand most prominently: for each word 10 in the title, 6 in the
    name of one who made it, and 1 for each place, up to 5. Among equals ``newest`` orders.

    The same on every database, and a reader can be told why.
    """
    terms = [term for search in searches for term in search.wanted]
    if not terms:
        return found.order_by(*newest)
    relevance = ExpressionWrapper(reduce(add, map(_worth, terms), Value(0)), IntegerField())
    return found.annotate(relevance=relevance).order_by("-relevance", *newest)


def _worth(term: Term) -> Any:
    own = Cast(F("entry__words__search_text"), models.TextField())
    without = Length(Replace(own, Value(term.pattern), Value("")))
    places = Least((Length(own) - without) / Value(len(term.pattern)), Value(_MOST_PLACES))
    first, title_ends = StrIndex(own, Value(term.pattern)), StrIndex(own, Value(f" {BETWEEN} "))
    is_in_the_title = GreaterThan(first, 0) & LessThan(first, title_ends)
    worth = places + Case(When(is_in_the_title, then=Value(_IN_THE_TITLE)), default=Value(0))
    if not term.names:
        return worth
    has_a_mark = Exists(EntryWords.objects.filter(_has_a_mark(term), pk=OuterRef("pk")))
    return worth + Case(When(has_a_mark, then=Value(_IN_A_NAME)), default=Value(0))
