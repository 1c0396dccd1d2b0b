"""How the desk's searches find what an editor means, in any script. None of them makes a row appear twice.

Names and titles are looked through as they are folded for readers, so case, accents, ligatures, quotation marks and
hyphens make no difference. What is typed may stand in the midst of a word; what a hyphen or an apostrophe joins must
stand there one after the other.
"""

import re
from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from statements import text
from statements.models import (
    Demand,
    Issuer,
    Measure,
    Organisation,
    OrganisationName,
    Source,
    Speaker,
    SpeakerHandle,
    SpeakerName,
    SpeakerRole,
    Statement,
)

_LONGEST_TERM = 300

Rows = models.QuerySet[Any]


def of_every_word(term: str, condition: Callable[[str], Q | Exists]) -> Q:
    """That the condition holds for every word of the term: for no row where it has no letter or digit."""
    words = dict.fromkeys(word for word in term[:_LONGEST_TERM].split() if text.fold(word))
    return reduce(and_, (Q(condition(word)) for word in words)) if words else Q(pk__in=())


def matching(rows: Rows, term: str, condition: Callable[[str], Q | Exists]) -> Rows:
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


def organisations_named(word: str, owner: str = "pk") -> Exists:
    return Exists(OrganisationName.objects.filter(owner=OuterRef(owner), folded__contains=text.fold(word)))


def speakers_named(word: str, owner: str = "pk") -> Exists:
    return Exists(SpeakerName.objects.filter(owner=OuterRef(owner), folded__contains=text.fold(word)))


def find_organisations(rows: Rows, term: str) -> Rows:
    return matching(rows, term, lambda word: organisations_named(word) | Q(slug__contains=word.lower()))


def find_speakers(rows: Rows, term: str) -> Rows:
    def condition(word: str) -> Q:
        handles = SpeakerHandle.objects.filter(is_in("handle", word.lstrip("@")), speaker=OuterRef("pk"))
        return Q(speakers_named(word)) | Q(Exists(handles)) | Q(slug__contains=word.lower())

    return matching(rows, term, condition)


def find_sources(rows: Rows, term: str) -> Rows:
    """By a pasted address in any of its forms, by words of title, publisher and author, or by a part of the address."""
    pasted = term.strip()
    try:
        return rows.filter(canonical_url__startswith=text.canonical_address(pasted))
    except ValueError:
        return matching(rows, term, lambda word: in_own_words(word) | is_in("url", word))


def find_statements(rows: Rows, term: str) -> Rows:
    """By the address of its public page, or by words of its title and names of those who made it."""
    if "/statements/" in term:
        return rows.filter(slug=term.partition("/statements/")[2].strip().split("/")[0])

    def condition(word: str) -> Q:
        issuers = Issuer.objects.filter(organisations_named(word, "organisation"), statement=OuterRef("pk"))
        speakers = SpeakerRole.objects.filter(speakers_named(word, "speaker"), statement=OuterRef("pk"))
        return in_own_words(word) | Q(Exists(issuers)) | Q(Exists(speakers))

    return matching(rows, term, condition)


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
    found = of_every_word(term, lambda word: is_in("label", word))
    for model, find in _FIND.items():
        now = find(model._default_manager.order_by(), term)
        found |= Q(kind=model._meta.model_name, target_id__in=now.values("pk"))
    return rows.filter(found)
