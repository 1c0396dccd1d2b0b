"""How the desk's searches find what an editor means, in any script. None of them makes a row appear twice."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from statements import text
from statements.models import Issuer, OrganisationName, SpeakerHandle, SpeakerName, SpeakerRole

_LONGEST_TERM = 300

Rows = models.QuerySet[Any]


def matching(rows: Rows, term: str, condition: Callable[[str], Q | Exists]) -> Rows:
    """The rows for which the condition holds for every word of the term; none where it has no letter or digit."""
    words = [word for word in term[:_LONGEST_TERM].split() if text.fold(word)]
    return rows.filter(reduce(and_, (Q(condition(word)) for word in words))) if words else rows.none()


def in_columns(word: str, *columns: str) -> Q:
    """Whether a column holds the word in any letter case.

    SQLite knows the case of ASCII letters only, so a word is also looked for as it would be written; and slugs, which
    transliterate what they were made from, find it in another script.
    """
    written = {word, word.lower(), word.upper(), word.capitalize()}
    conditions = [Q(**{f"{column}__icontains": form}) for column in columns for form in sorted(written)]
    slug = text.slugify(word)
    if slug:
        conditions.append(Q(slug__contains=slug))
    return reduce(or_, conditions)


def organisations_named(word: str, owner: str = "pk") -> Exists:
    return Exists(OrganisationName.objects.filter(owner=OuterRef(owner), folded__contains=text.fold(word)))


def speakers_named(word: str, owner: str = "pk") -> Exists:
    return Exists(SpeakerName.objects.filter(owner=OuterRef(owner), folded__contains=text.fold(word)))


def find_organisations(rows: Rows, term: str) -> Rows:
    return matching(rows, term, lambda word: organisations_named(word) | Q(slug__contains=word.lower()))


def find_speakers(rows: Rows, term: str) -> Rows:
    def condition(word: str) -> Q:
        handles = SpeakerHandle.objects.filter(speaker=OuterRef("pk"), handle__icontains=word.lstrip("@"))
        return Q(speakers_named(word)) | Q(Exists(handles)) | Q(slug__contains=word.lower())

    return matching(rows, term, condition)


def find_sources(rows: Rows, term: str) -> Rows:
    """By a pasted address in any of its forms, by words of title, publisher and author, or by a part of the address."""
    pasted = term.strip()
    try:
        return rows.filter(canonical_url__startswith=text.canonical_address(pasted))
    except ValueError:
        return matching(rows, term, lambda word: in_columns(word, "title", "publisher", "author", "url"))


def find_statements(rows: Rows, term: str) -> Rows:
    """By the address of its public page, or by words of its title and names of those who made it."""
    if "/statements/" in term:
        return rows.filter(slug=term.partition("/statements/")[2].strip().split("/")[0])

    def condition(word: str) -> Q:
        issuers = Issuer.objects.filter(organisations_named(word, "organisation"), statement=OuterRef("pk"))
        speakers = SpeakerRole.objects.filter(speakers_named(word, "speaker"), statement=OuterRef("pk"))
        return in_columns(word, "title") | Q(Exists(issuers)) | Q(Exists(speakers))

    return matching(rows, term, condition)


def find_demands(rows: Rows, term: str) -> Rows:
    return matching(rows, term, lambda word: in_columns(word, "title"))


def find_measures(rows: Rows, term: str) -> Rows:
    return matching(rows, term, lambda word: in_columns(word, "name", "place"))
