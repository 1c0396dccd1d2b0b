"""What differs between two documents of a statement, as an editor or a reader would name it. No query, no HTML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.dates import PartialDate
from statements.models import Erasure, Statement, Version
from statements.record import word_changes
from statements.record.described import LISTS, Described, ListOf, fields_of, is_words, label
from statements.record.document import ERASED, Document, is_erased, upgraded
from statements.record.quoted import language_of
from statements.record.said import today_between
from statements.record.word_changes import Piece, longest_rising


class Change(models.TextChoices):
    """What became of a part."""

    ADDED = "added", gettext_lazy("added")
    REMOVED = "removed", gettext_lazy("removed")
    CHANGED = "changed", gettext_lazy("changed")
    MOVED = "moved", gettext_lazy("moved")


@dataclass(frozen=True)
class Side:
    """One of the two values, in pieces; none where nothing stood there. ``language`` is that of verbatim words."""

    pieces: list[Piece]
    language: str = ""


@dataclass(frozen=True)
class Field:
    label: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Part:
    """The statement itself, or a row of one of its lists, with the fields that differ."""

    name: str
    change: Change
    fields: list[Field]


@dataclass(frozen=True)
class Comparison:
    """``notes`` are sentences on what can't be compared, since it was erased."""

    parts: list[Part]
    notes: list[str]


def two_numbers(first: Sequence[str], second: Sequence[str]) -> tuple[int, int]:
    """The numbers of two different versions, from all that was given for each. ValueError with a sentence."""
    numbers = [_number(first), _number(second)]
    if numbers[0] == numbers[1]:
        raise ValueError(
            _("Version %(number)s is the same as itself: choose two different ones.") % {"number": numbers[0]}
        )
    return numbers[0], numbers[1]


def _number(given: Sequence[str]) -> int:
    values = [value.strip() for value in given if value.strip()]
    if len(values) != 1:
        raise ValueError(_("Choose two versions, one to begin with and one to compare it with."))
    if not re.fullmatch(r"[0-9]{1,9}", values[0]):
        raise ValueError(_("“%(value)s” is not the number of a version.") % {"value": values[0]})
    return int(values[0])


def no_such_version(number: int) -> str:
    return _("There is no version %(number)s here.") % {"number": number}


def related_slugs(documents: Iterable[Document]) -> set[str]:
    """Of the statements that these relate to; those that were erased relate to none."""
    contents = [document["content"] for document in documents if not is_erased(document)]
    return {content["relation"]["statement"] for content in contents if content["relation"]}


def compare_versions(
    before: Version, after: Version, *, numbers: tuple[int, int], statements: Mapping[str, str]
) -> Comparison:
    """Two versions, told by these ``numbers``, of which words or everything may have been erased."""
    versions = (before, after)
    notes = [_erased(version, number) for version, number in zip(versions, numbers, strict=True)]
    told = [note for note in notes if note]
    if any(is_erased(version.document) for version in versions):
        return Comparison([], told)
    documents = (upgraded(before.document), upgraded(after.document))
    today = today_between([(documents[0]["content"], documents[1]["content"])])
    read = [today.document(document) for document in documents]
    return Comparison(compare(read[0], read[1], statements=statements), told)


def _erased(version: Version, number: int) -> str:
    """A sentence on what was erased; blank for nothing."""
    tombstone = version.document.get(ERASED)
    if tombstone is None:
        return ""
    sentence = (
        _("Version %(number)s was erased on %(day)s, for %(reason)s: nothing can be compared with it.")
        if is_erased(version.document)
        else _("Words were erased from version %(number)s on %(day)s, for %(reason)s: […] stands in their place.")
    )
    day = PartialDate.parse(tombstone["on"]).display()
    return sentence % {"number": number, "day": day, "reason": Erasure.Reason(tombstone["reason"]).label}


def compare(before: Document, after: Document, *, statements: Mapping[str, str]) -> list[Part]:
    """The parts in which two documents differ: the statement first, then its lists, in the order of the second.

    ``statements`` has the titles of other statements by slug; a relation to any other one is left out. Both documents
    have a content.
    """
    old = Described(before, statements=statements)
    new = Described(after, statements=statements)
    own = _fields("", Statement, (old, old.content), (new, new.content))
    parts = [Part(_("Statement"), Change.CHANGED, own)] if own else []
    for name, of_list in LISTS.items():
        parts += _parts(name, of_list, old, new)
    return parts


_Row = tuple[Described, Document]


def _parts(name: str, of_list: ListOf, old: Described, new: Described) -> list[Part]:
    old_rows, new_rows = old.content[name], new.content[name]
    pairs = _pairs(of_list, old_rows, new_rows)
    moved = _moved(pairs)
    parts = []
    for place, row in enumerate(new_rows):
        was = pairs.get(place)
        if was is None:
            parts.append(
                Part(new.row_name(name, row), Change.ADDED, _fields(name, of_list.model, (new, {}), (new, row)))
            )
            continue
        fields = _fields(name, of_list.model, (old, old_rows[was]), (new, row))
        change = Change.CHANGED if fields else Change.MOVED
        if place in moved:
            fields.append(_place(was, place))
        if fields:
            parts.append(Part(new.row_name(name, row), change, fields))
    kept = set(pairs.values())
    for place, row in enumerate(old_rows):
        if place not in kept:
            fields = _fields(name, of_list.model, (old, row), (old, {}))
            parts.append(Part(old.row_name(name, row), Change.REMOVED, fields))
    return parts


def _pairs(of_list: ListOf, old_rows: Sequence[Document], new_rows: Sequence[Document]) -> dict[int, int]:
    """Place of a row in the new list -> its place in the old one."""
    pairs: dict[int, int] = {}
    for identity in of_list.identities:
        taken = set(pairs.values())
        free: dict[tuple[Any, ...], list[int]] = {}
        for place, row in enumerate(old_rows):
            if place not in taken:
                free.setdefault(tuple(row[name] for name in identity), []).append(place)
        for place, row in enumerate(new_rows):
            same = free.get(tuple(row[name] for name in identity))
            if place not in pairs and same:
                pairs[place] = same.pop(0)
    return dict(sorted(pairs.items()))


def _moved(pairs: Mapping[int, int]) -> set[int]:
    """The fewest rows (places in the new list) whose moving explains the new order."""
    places = list(pairs)
    stayed = {places[i] for i in longest_rising(list(pairs.values()))}
    return set(places) - stayed


def _place(before: int, after: int) -> Field:
    sides = word_changes.replaced(str(before + 1), str(after + 1))
    return Field(_("place in the order"), Side(sides[0]), Side(sides[1]))


def _fields(list_name: str, model: type[models.Model], before: _Row, after: _Row) -> list[Field]:
    (old, old_row), (new, new_row) = before, after
    found = []
    for name in fields_of(list_name):
        was, now = old_row.get(name), new_row.get(name)
        if was == now or (_is_blank(was) and _is_blank(now)):
            continue
        texts = old.value(model, name, was), new.value(model, name, now)
        if texts[0] == texts[1]:
            texts = old.value(model, name, was, with_slugs=True), new.value(model, name, now, with_slugs=True)
        if any(texts):
            mark = word_changes.compared if is_words(model, name) else word_changes.replaced
            pieces = mark(*texts)
            sides = Side(pieces[0], _language(name, old, old_row)), Side(pieces[1], _language(name, new, new_row))
            found.append(Field(label(model, name), *sides))
    return found


def _is_blank(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def _language(name: str, described: Described, row: Document) -> str:
    """Of verbatim words; blank for the editors' own."""
    language: str = described.content["language"]
    match name:
        case "text":
            return str(row.get("language", ""))
        case "attribution":
            return language
        case "quote" | "wording" | "attributed_wording":
            return language_of(row.get("quote", ""), described.content) if row else ""
        case _:
            return ""
