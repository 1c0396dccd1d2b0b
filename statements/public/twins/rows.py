"""Rows of the CSV and XLSX twins: column -> value, by the columns of ``columns``. No query."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from statements.cells import joined
from statements.dates import PartialDate
from statements.models import Demand, Issuer, Measure
from statements.public.twins.addresses import (
    address_of_figure,
    address_of_mention,
    address_of_version,
    statement_address,
)
from statements.record.document import Document
from statements.record.figure_words import text_of_figure, text_of_row
from statements.record.in_full import FigureInFull, InFull, MadeInFull

Value = str | int | bool | datetime.date | None
Row = dict[str, Value]

_COLUMN_OF_PART = {
    Issuer.Part.ISSUED.value: "issuers",
    Issuer.Part.JOINED.value: "joined_by",
    Issuer.Part.DELIVERED.value: "delivered_by",
}
_NAMES_OF = {"issuers": "issuer_names", "joined_by": "joined_by_names", "delivered_by": "delivered_by_names"}


def statement_row(one: InFull) -> Row:
    content = one.content
    relation = content["relation"]
    demands = list(dict.fromkeys(mention["demand"] for mention in content["mentions"]))
    addressees = list(dict.fromkeys(slug for mention in content["mentions"] for slug in one.addressees(mention)))
    return {
        "slug": one.entry.slug,
        **{name: content[name] for name in ("title", "kind", "language", "issued_basis", "date_note")},
        **{name: content[name] for name in ("place", "occasion", "summary")},
        **_issued(content),
        **_who(one),
        "demands": joined(demands),
        "demand_titles": joined(name_of(one, "demands", slug, "title") for slug in demands),
        "addressees": joined(addressees),
        "addressee_names": joined(name_of(one, "organisations", slug) for slug in addressees),
        "measures": joined(dict.fromkeys(row["measure"] for row in content["counts"])),
        "figures": joined(figures_in_words(one)),
        **_sources(one),
        "relation": relation["kind"] if relation else "",
        "related_statement": relation["statement"] if relation else "",
        **_version(one),
        "url": statement_address(one.entry.slug),
        "version_url": address_of_version(one),
    }


def figure_row(one: FigureInFull, measure: Measure) -> Row:
    figure = one.figure
    named = name_of(one.statement, "organisations", one.attributed_to) if one.attributed_to else ""
    return {
        "key": figure.key,
        "measure": measure.slug,
        "measure_name": measure.name,
        "unit": measure.unit,
        "as_of": figure.as_of.isoformat() if figure.as_of else "",
        "as_of_from": figure.as_of_from,
        "as_of_until": figure.as_of_until,
        "as_of_given": figure.as_of_is_given,
        "since": figure.since.isoformat() if figure.since else "",
        "figure": str(text_of_figure(figure)),
        "attributed_to": one.attributed_to,
        "attributed_to_name": named,
        **{name: getattr(figure, name) for name in ("qualifier", "value", "value_to", "wording")},
        **{
            name: getattr(figure, name)
            for name in ("attributed_wording", "excludes", "quote", "quote_language", "note")
        },
        **_said_in(one.statement),
        "url": address_of_figure(one.statement, one.number),
    }


def mention_rows(made: MadeInFull, demand: Demand) -> Iterator[Row]:
    one = made.statement
    said_in = _said_in(one)
    for number, mention in made.mentions:
        addressees = one.addressees(mention)
        yield {
            "demand": demand.slug,
            "demand_title": demand.title,
            "is_counted": made.is_counted,
            "quote_language": made.language(mention),
            **{name: mention[name] for name in ("key", "quote", "force", "is_reiterated", "locator", "note")},
            "deadline": mention["deadline"] or "",
            "addressees": joined(addressees),
            "addressee_names": joined(name_of(one, "organisations", slug) for slug in addressees),
            "addressees_named_here": bool(mention["addressees"]),
            **said_in,
            "url": address_of_mention(one, number),
        }


def figures_in_words(one: InFull) -> list[str]:
    """What is counted, and how many, of each figure of a statement."""
    return [f"{name_of(one, 'measures', row['measure'])}: {text_of_row(row)}" for row in one.content["counts"]]


def name_of(one: InFull, part: str, slug: str, column: str = "name") -> str:
    """What the statement's context calls it; the slug of what it does not name."""
    name: str = one.context[part].get(slug, {}).get(column, "")
    return name or slug


def _said_in(one: InFull) -> Row:
    return {
        "statement": one.entry.slug,
        "statement_title": one.content["title"],
        "statement_kind": one.content["kind"],
        **_issued(one.content),
        **_who(one),
        **_sources(one),
        **_version(one),
    }


def _issued(content: Document) -> Row:
    date = PartialDate.parse(content["issued"])
    return {"issued": date.isoformat(), "issued_from": date.first, "issued_until": date.last}


def _who(one: InFull) -> Row:
    of_part: dict[str, list[str]] = {column: [] for column in _COLUMN_OF_PART.values()}
    for row in one.content["issuers"]:
        of_part[_COLUMN_OF_PART[row["part"]]].append(row["organisation"])
    speakers = one.content["speakers"]
    found: Row = {}
    for column, slugs in of_part.items():
        found[column] = joined(slugs)
        found[_NAMES_OF[column]] = joined(name_of(one, "organisations", slug) for slug in slugs)
    return {
        **found,
        "speakers": joined(row["speaker"] for row in speakers),
        "speaker_names": joined(name_of(one, "speakers", row["speaker"]) for row in speakers),
        "attributions": _places(row["attribution"] for row in speakers),
        "attribution": one.content["attribution"],
    }


def _sources(one: InFull) -> Row:
    slugs = list(dict.fromkeys(row["source"] for row in one.content["citations"]))
    rows = [one.context["sources"].get(slug, {}) for slug in slugs]
    return {
        "sources": joined(slugs),
        "source_names": joined(source_name(row) or slug for slug, row in zip(slugs, rows, strict=True)),
        "source_urls": _places(row.get("url", "") for row in rows),
    }


def source_name(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row.get("publisher"), row.get("title")) if part) or row.get("url", "")


def _places(parts: Iterable[str]) -> str:
    """A list whose blank places count, and nothing where all are blank."""
    found = list(parts)
    return joined(found) if any(found) else ""


def _version(one: InFull) -> Row:
    version = one.entry.version
    published = version.published_at
    return {
        "version": version.public_number,
        "published_at": published.isoformat(timespec="seconds") if published else "",
    }
