"""What the JSON twins hold, as their schemas describe it. No query."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from statements.models import Demand, DemandUpdate, Entry, Measure, Version
from statements.public.references import address_of_row
from statements.public.twins.addresses import (
    address_of_figure,
    address_of_mention,
    statement_address,
    statement_json_address,
    version_addresses,
)
from statements.public.twins.rows import name_of
from statements.record.document import is_erased, upgraded
from statements.record.figure_words import text_of_figure
from statements.record.in_full import FigureInFull, InFull, MadeInFull
from statements.record.names import Kind, Named

Object = dict[str, Any]


def statement_object(one: InFull) -> Object:
    """A statement with its whole document of today."""
    version = one.entry.version
    return {
        "slug": one.entry.slug,
        "url": statement_address(one.entry.slug),
        "json_url": statement_json_address(one.entry.slug),
        **_version(version, one.entry.slug),
        "document": one.document,
    }


def version_object(version: Version, slug: str) -> Object:
    """One of a statement's published versions, without its document."""
    erased = is_erased(version.document)
    return {
        **_version(version, slug),
        "revision": version.revision or None,
        "revision_note": version.revision_note,
        "four_eyes_waived": version.four_eyes_waived,
        "is_erased": erased,
    }


def _version(version: Version, slug: str) -> Object:
    published = version.published_at
    return {
        "version": version.public_number,
        "published_at": published.isoformat(timespec="seconds") if published else None,
        "content_hash": version.content_hash,
        **version_addresses(slug, version.public_number),
    }


def said_in(one: InFull) -> Object:
    """The statement in which something stands, without its document."""
    content = one.content
    return {
        "slug": one.entry.slug,
        "title": content["title"],
        "kind": content["kind"],
        "issued": content["issued"],
        "issuers": [
            {**named(one, "organisations", row["organisation"]), "part": row["part"]} for row in content["issuers"]
        ],
        "speakers": [
            {**named(one, "speakers", row["speaker"]), "attribution": row["attribution"]} for row in content["speakers"]
        ],
        "attribution": content["attribution"],
        "sources": [
            {
                "slug": row["source"],
                "role": row["role"],
                "locator": row["locator"],
                **{name: one.context["sources"].get(row["source"], {}).get(name, "") for name in _OF_SOURCES},
            }
            for row in content["citations"]
        ],
        "url": statement_address(one.entry.slug),
        **_version(one.entry.version, one.entry.slug),
    }


_OF_SOURCES = ("title", "publisher", "url")


def named(one: InFull, part: str, slug: str) -> Object:
    return {"slug": slug, "name": name_of(one, part, slug)}


def figure_object(one: FigureInFull) -> Object:
    figure = one.figure
    return {
        "key": figure.key,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "as_of_given": figure.as_of_is_given,
        "since": figure.since.isoformat() if figure.since else None,
        "qualifier": figure.qualifier,
        "value": figure.value,
        "value_to": figure.value_to,
        "wording": figure.wording,
        "figure": str(text_of_figure(figure)),
        "attributed_to": named(one.statement, "organisations", one.attributed_to) if one.attributed_to else None,
        "attributed_wording": figure.attributed_wording,
        "excludes": figure.excludes,
        "quote": figure.quote,
        "quote_language": figure.quote_language,
        "note": figure.note,
        "url": address_of_figure(one.statement, one.number),
        "statement": said_in(one.statement),
    }


def making_object(made: MadeInFull) -> Object:
    one = made.statement
    return {
        "statement": said_in(one),
        "is_counted": made.is_counted,
        "mentions": [
            {
                **{name: mention[name] for name in ("key", "quote", "force", "is_reiterated")},
                "quote_language": made.language(mention),
                "addressees": [named(one, "organisations", slug) for slug in one.addressees(mention)],
                "addressees_named_here": bool(mention["addressees"]),
                "deadline": mention["deadline"],
                "locator": mention["locator"],
                "note": mention["note"],
                "url": address_of_mention(one, number),
            }
            for number, mention in made.mentions
        ],
    }


def related_objects(entries: Iterable[Entry]) -> list[Object]:
    """Statements (from ``related_to``) that name another one, and what they do with it."""
    return [
        {
            "kind": upgraded(entry.version.document)["content"]["relation"]["kind"],
            "slug": entry.slug,
            "title": entry.title,
            "url": statement_address(entry.slug),
        }
        for entry in entries
    ]


def measure_object(measure: Measure, parent: Any, parts: Iterable[Any]) -> Object:
    return {
        **{name: getattr(measure, name) for name in ("slug", "name", "unit", "place", "country", "definition")},
        "basis": str(measure.basis),
        "url": _address(Kind.MEASURE, measure.slug),
        "parent": _row(parent, "name") if parent is not None else None,
        "parts": [_row(part, "name") for part in parts],
    }


def demand_object(
    demand: Any, updates: Iterable[DemandUpdate], addressees: Iterable[Named], parent: Any, parts: Iterable[Any]
) -> Object:
    """Of a row of ``demands_in_use``: how often, by how many and how it stands are those of its page."""
    counted = ("shown", "times", "organisations", "joined", "people", "status")
    return {
        **{name: getattr(demand, name) for name in ("slug", "title", "description", "theme", *counted)},
        "url": _address(Kind.DEMAND, demand.slug),
        "addressees": [{"slug": one.slug, "name": one.name} for one in addressees],
        "parent": _row(parent, "title") if parent is not None else None,
        "parts": [_row(part, "title") for part in parts],
        "updates": [_update(update) for update in updates],
    }


def _update(update: DemandUpdate) -> Object:
    source = update.source
    return {
        "date": update.date.isoformat() if update.date else None,
        "status": str(update.status),
        "note": update.note,
        "source": {"slug": source.slug, "title": source.title, "publisher": source.publisher, "url": source.url},
    }


def _row(row: Demand | Measure, name: str) -> Object:
    return {"slug": row.slug, "name": getattr(row, name)}


def _address(kind: str, slug: str) -> str:
    return settings.SITE_URL + address_of_row(kind, slug)
