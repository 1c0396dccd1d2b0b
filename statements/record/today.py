"""What a document says today, where rows that it names were merged since: the same, by the slugs of today.

No merge changes a version. Whoever compares the desk with one, shows one or makes index rows from it, reads its content
through ``Today``. No query.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from statements.models import Citation, Issuer, OldSlug, SpeakerRole
from statements.record.document import Document
from statements.record.problems import ONCE

Row = dict[str, Any]

_ORGANISATION = str(OldSlug.Kind.ORGANISATION)

#: List of a document -> its fields that hold a slug, and of what.
REFERENCES: dict[str, dict[str, str]] = {
    "issuers": {"organisation": _ORGANISATION},
    "speakers": {"speaker": str(OldSlug.Kind.SPEAKER)},
    "wordings": {"source": str(OldSlug.Kind.SOURCE)},
    "citations": {"source": str(OldSlug.Kind.SOURCE)},
    "mentions": {"demand": str(OldSlug.Kind.DEMAND)},
    "counts": {"measure": str(OldSlug.Kind.MEASURE), "attributed_to": _ORGANISATION},
}

#: Part of a context -> what it names.
PARTS: dict[str, str] = {
    "organisations": _ORGANISATION,
    "speakers": str(OldSlug.Kind.SPEAKER),
    "sources": str(OldSlug.Kind.SOURCE),
    "demands": str(OldSlug.Kind.DEMAND),
    "measures": str(OldSlug.Kind.MEASURE),
}

#: Between what two rows say in one field, where both fit.
BETWEEN = "; "
_PARTS = [str(part) for part in Issuer.Part]


@dataclass(frozen=True)
class Joined:
    """Two rows of a list that may stand once only, since what they name is one today, and the row that they became."""

    name: str
    first: Row
    second: Row
    row: Row

    @property
    def lost(self) -> Row:
        """The values of either that the row no longer says."""
        rows = (self.first, self.second)
        gone = {field: [row[field] for row in rows if not _says(self.row[field], row[field])] for field in self.row}
        return {field: values[0] for field, values in gone.items() if field != "key" and values}


class Today:
    """``slugs`` are those that were given up, each with the slug that took its place: (kind, old) -> slug of today."""

    def __init__(self, slugs: Mapping[tuple[str, str], str]) -> None:
        self._slugs = {(str(kind), old): now for (kind, old), now in slugs.items() if old != now}

    def slug(self, kind: str, slug: str) -> str:
        return self._slugs.get((str(kind), slug), slug)

    def content(self, content: Document) -> Document:
        """The same object where it names nothing that was given up."""
        return self.read(content)[0]

    def read(self, content: Document) -> tuple[Document, list[Joined]]:
        """The content of today, and the rows in it that were two."""
        if not self._slugs:
            return content, []
        renamed = self._renamed(content)
        if renamed == content:
            return content, []
        joined: list[Joined] = []
        for name, fields, _sentence in ONCE:
            renamed[name] = _once(name, renamed[name], fields, joined)
        return renamed, joined

    def document(self, document: Document) -> Document:
        """With the content of today, in which the names of that day stand for the slugs of today."""
        context = dict(document["context"])
        for part, kind in PARTS.items():
            named = {self.slug(kind, slug): row for slug, row in context[part].items()}
            context[part] = named | context[part]
        return {**document, "content": self.content(document["content"]), "context": context}

    def _renamed(self, content: Document) -> Document:
        relation = content["relation"]
        if relation is not None:
            relation = {**relation, "statement": self.slug(OldSlug.Kind.STATEMENT, relation["statement"])}
        lists = {name: [self._row(row, fields) for row in content[name]] for name, fields in REFERENCES.items()}
        return {**content, **lists, "relation": relation}

    def _row(self, row: Row, fields: Mapping[str, str]) -> Row:
        new = row | {field: self.slug(kind, row[field]) for field, kind in fields.items() if row[field] is not None}
        if "addressees" in row:
            new["addressees"] = sorted({self.slug(_ORGANISATION, slug) for slug in row["addressees"]})
        return new


def without_doubles(content: Document) -> Document:
    """With one row for two that may stand once only."""
    return {**content, **{name: _once(name, content[name], fields, []) for name, fields, _sentence in ONCE}}


def _once(name: str, rows: list[Row], fields: tuple[str, ...], joined: list[Joined]) -> list[Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        identity = tuple(row[field] for field in fields)
        if identity in found:
            joined.append(Joined(name, found[identity], row, _JOIN[name](found[identity], row)))
            row = joined[-1].row
        found[identity] = row
    return list(found.values())


def _issuer(first: Row, second: Row) -> Row:
    return {**first, "part": min(first["part"], second["part"], key=_PARTS.index)}


def _in_one(field: str, longest: int | None) -> Callable[[Row, Row], Row]:
    def join(first: Row, second: Row) -> Row:
        return {**first, field: reduce(_with(longest), second[field].split(BETWEEN), first[field])}

    return join


def _with(longest: int | None) -> Callable[[str, str], str]:
    def add(words: str, more: str) -> str:
        both = f"{words}{BETWEEN}{more}"
        if not words or not more or more in words.split(BETWEEN):
            return words or more
        return words if longest is not None and len(both) > longest else both

    return add


def _mention(first: Row, second: Row) -> Row:
    """The first's force and deadline stay; what it lacks comes from the second."""
    return {
        **first,
        "is_reiterated": first["is_reiterated"] or second["is_reiterated"],
        "addressees": sorted({*first["addressees"], *second["addressees"]}),
        "deadline": first["deadline"] or second["deadline"],
        "note": joined_notes(first["note"], second["note"]),
    }


def joined_notes(first: str, second: str) -> str:
    if _says(first, second):
        return first
    return second if _says(second, first) else f"{first}\n{second}"


def _count(first: Row, second: Row) -> Row:
    return {**first, "note": joined_notes(first["note"], second["note"])}


def _says(value: Any, other: Any) -> bool:
    """Whether a value holds all that the other says."""
    if isinstance(value, str) and isinstance(other, str):
        return other in value
    if isinstance(value, list) and isinstance(other, list):
        return set(other) <= set(value)
    return bool(value == other) or other is None


_JOIN: dict[str, Callable[[Row, Row], Row]] = {
    "issuers": _issuer,
    "speakers": _in_one("attribution", SpeakerRole._meta.get_field("attribution").max_length),
    "citations": _in_one("locator", Citation._meta.get_field("locator").max_length),
    "wordings": lambda first, _second: first,
    "mentions": _mention,
    "counts": _count,
}
