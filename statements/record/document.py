"""The document of a statement: all that readers may know of it, as JSON of the shape in schema.json.

``content`` holds identities (slugs) and words; its canonical bytes are hashed and compared. ``context`` holds the names
of that day, so that an old version stays readable; it is neither hashed nor compared. Desk notes and steps are in
neither. Of a related statement the content holds the slug alone: whether readers may see it is asked when the document
is shown.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import models

from statements import json_text
from statements.bulk import read
from statements.dates import PartialDate
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    Issuer,
    Measure,
    Organisation,
    Source,
    Speaker,
    SpeakerRole,
    Statement,
    Wording,
)

SCHEMA = 1

#: Where a version says that something was taken out of it: {"reason": ..., "on": ...}. Without a ``content`` beside it
#: that was everything.
ERASED = "erased"

Document = dict[str, Any]
#: A slug, and what a context says of the row that has it.
Called = tuple[str, Document]


@dataclass
class Mention:
    """A mention with the addressees named in it; those of an unsaved row have no table to stand in yet."""

    row: DemandMention
    addressees: list[Organisation] = field(default_factory=list)


@dataclass
class Bundle:
    """A statement and all that hangs on it, in order: stored rows, or an import's unsaved ones."""

    statement: Statement
    issuers: list[Issuer] = field(default_factory=list)
    speaker_roles: list[SpeakerRole] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    counts: list[CountObservation] = field(default_factory=list)


#: Rows of a model of reference data by their numbers: those of the database, or what somebody holds already.
Known = Callable[[type[models.Model], Collection[int]], Mapping[int, Any]]


def fetched(model: type[models.Model], pks: Collection[int]) -> Mapping[int, Any]:
    """One query, of demands two; none where nothing is asked for."""
    rows = model._default_manager.prefetch_related("addressees") if model is Demand else model._default_manager
    return rows.in_bulk(pks) if pks else {}


def load(statement_ids: Iterable[int], *, known: Known = fetched) -> dict[int, Bundle]:
    """Bundles from the desk by id, in the order of ids given. At most fifteen queries, however many.

    What they name is one object however often it is named, and not to be changed.
    """
    ids = list(statement_ids)
    try:
        return _load(ids, known)
    except _GoneMeanwhile:
        # Between two of the queries somebody merged what these statements named.
        return _load(ids, known)


class _GoneMeanwhile(LookupError):
    pass


def _load(ids: list[int], known: Known) -> dict[int, Bundle]:
    statements = {row.pk: row for row in read(Statement.objects.filter(pk__among=ids))}
    issuers, roles, wordings, citations, mentions, counts = (
        read(model._default_manager.filter(statement__among=ids))
        for model in (Issuer, SpeakerRole, Wording, Citation, DemandMention, CountObservation)
    )
    through = DemandMention.addressees.through._default_manager
    of_these = through.filter(demandmention__among=[row.pk for row in mentions])
    addressed = list(of_these.values_list("demandmention_id", "organisation_id"))
    references: list[tuple[list[Any], str, type[models.Model]]] = [
        (list(statements.values()), "related_statement", Statement),
        (issuers, "organisation", Organisation),
        (roles, "speaker", Speaker),
        (wordings, "source", Source),
        (citations, "source", Source),
        (mentions, "demand", Demand),
        (counts, "measure", Measure),
        (counts, "attributed_to", Organisation),
    ]
    named: dict[type[models.Model], set[int]] = {Organisation: {pk for _mention, pk in addressed}}
    for rows, name, model in references:
        named.setdefault(model, set()).update(pk for row in rows if (pk := row.__dict__[f"{name}_id"]) is not None)
    found = {model: known(model, pks) for model, pks in named.items()}
    if any(len(found[model].keys() & pks) < len(pks) for model, pks in named.items()):
        raise _GoneMeanwhile
    for rows, name, model in references:
        for row in rows:
            row._state.fields_cache[name] = found[model].get(row.__dict__[f"{name}_id"])
    bundles = {pk: Bundle(statements[pk]) for pk in ids if pk in statements}
    for rows, list_name in (
        (issuers, "issuers"),
        (roles, "speaker_roles"),
        (wordings, "wordings"),
        (citations, "citations"),
        (counts, "counts"),
    ):
        for row in rows:
            if row.statement_id in bundles:
                getattr(bundles[row.statement_id], list_name).append(row)
    by_pk = {row.pk: Mention(row) for row in mentions}
    for pk, organisation in addressed:
        by_pk[pk].addressees.append(found[Organisation][organisation])
    for mention in by_pk.values():
        if mention.row.statement_id in bundles:
            bundles[mention.row.statement_id].mentions.append(mention)
    return bundles


def build(bundle: Bundle) -> Document:
    """The document of a bundle. No query where it came from ``load`` or holds its related rows.

    The addressees of an unsaved demand are read from its attribute ``planned_addressees``.
    """
    document = {"schema": SCHEMA, "content": content_of(bundle), "context": _context_of_bundle(bundle)}
    return document if _is_nfc(json_text.written(document)) else _nfc(document)


def content_of(bundle: Bundle) -> Document:
    """The part of the document that is hashed and compared; not yet in NFC."""
    statement = bundle.statement
    related = statement.related_statement
    return {
        "title": statement.title,
        "kind": str(statement.kind),
        "language": statement.language,
        "issued": _iso(statement.issued),
        "issued_basis": str(statement.issued_basis),
        "date_note": statement.date_note,
        "attribution": statement.attribution,
        "place": statement.place,
        "occasion": statement.occasion,
        "summary": statement.summary,
        "relation": {"kind": str(statement.relation), "statement": related.slug} if related is not None else None,
        "issuers": [{"organisation": row.organisation.slug, "part": str(row.part)} for row in bundle.issuers],
        "speakers": [{"speaker": row.speaker.slug, "attribution": row.attribution} for row in bundle.speaker_roles],
        "wordings": [
            {
                "key": row.key,
                "language": row.language,
                "kind": str(row.kind),
                "text": row.text,
                "is_excerpt": row.is_excerpt,
                "source": row.source.slug if row.source is not None else None,
            }
            for row in bundle.wordings
        ],
        "citations": [
            {"source": row.source.slug, "role": str(row.role), "locator": row.locator} for row in bundle.citations
        ],
        "mentions": [
            {
                "key": mention.row.key,
                "demand": mention.row.demand.slug,
                "quote": mention.row.quote,
                "force": str(mention.row.force),
                "is_reiterated": mention.row.is_reiterated,
                "addressees": sorted(organisation.slug for organisation in mention.addressees),
                "deadline": _iso(mention.row.deadline),
                "locator": mention.row.locator,
                "note": mention.row.note,
            }
            for mention in bundle.mentions
        ],
        "counts": [
            {
                "key": row.key,
                "measure": row.measure.slug,
                "qualifier": str(row.qualifier),
                "value": row.value,
                "value_to": row.value_to,
                "wording": row.wording,
                "as_of": _iso(row.as_of),
                "since": _iso(row.since),
                "attributed_to": row.attributed_to.slug if row.attributed_to is not None else None,
                "attributed_wording": row.attributed_wording,
                "excludes": row.excludes,
                "quote": row.quote,
                "note": row.note,
            }
            for row in bundle.counts
        ],
    }


def _context_of_bundle(bundle: Bundle) -> Document:
    demands = [mention.row.demand for mention in bundle.mentions]
    organisations = [row.organisation for row in bundle.issuers]
    organisations += [organisation for mention in bundle.mentions for organisation in mention.addressees]
    organisations += [organisation for demand in demands for organisation in addressees_of(demand)]
    organisations += [row.attributed_to for row in bundle.counts if row.attributed_to is not None]
    sources = [row.source for row in bundle.citations]
    sources += [row.source for row in bundle.wordings if row.source is not None]
    return context_of(
        slug=bundle.statement.slug,
        organisations=map(called, organisations),
        speakers=[called(row.speaker) for row in bundle.speaker_roles],
        sources=map(called, sources),
        demands=map(called, demands),
        measures=[called(row.measure) for row in bundle.counts],
    )


def addressees_of(demand: Demand) -> list[Organisation]:
    planned: list[Organisation] | None = getattr(demand, "planned_addressees", None)
    return list(demand.addressees.all()) if planned is None else planned


def context_of(
    *,
    slug: str,
    organisations: Iterable[Called],
    speakers: Iterable[Called],
    sources: Iterable[Called],
    demands: Iterable[Called],
    measures: Iterable[Called],
) -> Document:
    """The names by slug that a document's identities stand for."""
    return {
        "slug": slug,
        "organisations": dict(organisations),
        "speakers": dict(speakers),
        "sources": dict(sources),
        "demands": dict(demands),
        "measures": dict(measures),
    }


def called(row: Any) -> Called:
    """What a context says of a row, as it is on this one."""
    return row.slug, _CALLED[type(row)](row)


_CALLED: dict[type[models.Model], Callable[[Any], Document]] = {
    Organisation: lambda row: {
        "name": row.name,
        "short_name": row.short_name,
        "kind": str(row.kind),
        "country": row.country,
    },
    Speaker: lambda row: {"name": row.name},
    Source: lambda row: {
        "url": row.url,
        "title": row.title,
        "publisher": row.publisher,
        "author": row.author,
        "kind": str(row.kind),
        "language": row.language,
        "published": _iso(row.published),
        "accessed_on": row.accessed_on.isoformat() if row.accessed_on else None,
    },
    Demand: lambda row: {
        "title": row.title,
        "theme": str(row.theme),
        "addressees": sorted(organisation.slug for organisation in addressees_of(row)),
    },
    Measure: lambda row: {
        "name": row.name,
        "unit": row.unit,
        "place": row.place,
        "country": row.country,
        "basis": str(row.basis),
    },
}


def canonical_bytes(content: Document) -> bytes:
    """UTF-8 of the JSON with sorted keys, no spaces, NFC: equal contents give equal bytes."""
    words = json_text.canonical(content)
    return words if _is_nfc(words) else json_text.canonical(_nfc(content))


def content_hash(document: Document) -> str:
    return hash_of(document["content"])


def hash_of(content: Document) -> str:
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def _is_nfc(words: bytes) -> bool:
    """Whether a JSON text, and so all that stands in it, is in NFC: a quotation mark composes with nothing."""
    return words.isascii() or unicodedata.is_normalized("NFC", words.decode())


@lru_cache(maxsize=1)
def json_schema() -> Document:
    """The JSON Schema (draft 2020-12) that every document of this schema's number satisfies."""
    schema: Document = json_text.read((Path(__file__).parent / "schema.json").read_bytes())
    return schema


def is_erased(document: Document) -> bool:
    """Whether nothing is left of it: then it has neither ``content`` nor ``context``."""
    return "content" not in document


def upgraded(document: Document) -> Document:
    """A document in today's schema. Stored ones are never rewritten: an old number is brought up here, when read."""
    if document["schema"] != SCHEMA:
        raise ValueError(f"No way is known from schema {document['schema']} to schema {SCHEMA}.")
    return document


def _iso(date: PartialDate | None) -> str | None:
    return date.isoformat() if date is not None else None


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return value if unicodedata.is_normalized("NFC", value) else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_nfc(key): _nfc(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    return value
