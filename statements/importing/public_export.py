"""Everything that readers may see, as CSV files, and the Frictionless data package that describes them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from statements.cells import joined
from statements.importing.kinds import kind_named
from statements.importing.stored import stored_rows
from statements.importing.tables import csv_bytes
from statements.models import Demand, DemandUpdate, Measure, OldSlug, Organisation, Source, Speaker, Statement, Version
from statements.record.document import Document, upgraded
from statements.record.index import REFERENCE_MODELS
from statements.record.tables import PACKAGE, TABLES, Table, licence_address
from statements.record.today import Today
from statements.record.use import used_by_the_record

Row = dict[str, Any]

_REFERENCE: dict[str, type[models.Model]] = {
    "organisations": Organisation,
    "speakers": Speaker,
    "sources": Source,
    "measures": Measure,
    "demands": Demand,
}


def public_files() -> dict[str, bytes]:
    """File name -> content: what the shown versions hold, and what of the reference data the record uses."""
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    for name, row in _rows_of_documents():
        rows[name].append(row)
    for name, model in _REFERENCE.items():
        rows[name] = _reference_rows(name, model)
    rows["demand_updates"] = _update_rows()
    files = {
        table.file_name: csv_bytes(
            table.column_names, ([_cell(row[column]) for column in table.column_names] for row in rows[table.name])
        )
        for table in TABLES
    }
    resources = [_resource(table, files[table.file_name]) for table in TABLES]
    files[PACKAGE] = (json.dumps(_package(resources), ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _package(resources: list[Row]) -> Row:
    return {
        "profile": "tabular-data-package",
        "name": "public-statements",
        "title": settings.SITE_NAME,
        "homepage": settings.SITE_URL,
        "created": timezone.now().isoformat(timespec="seconds"),
        "licenses": [{"name": settings.DATA_LICENCE, "path": licence_address()}],
        "contributors": [{"title": settings.SITE_NAME, "email": settings.CONTACT_EMAIL, "role": "publisher"}],
        "resources": resources,
    }


def _resource(table: Table, content: bytes) -> Row:
    # Within a table the Frictionless standard writes "".
    references = [
        {
            "fields": column.name,
            "reference": {"resource": "" if column.refers_to == table.name else column.refers_to, "fields": "slug"},
        }
        for column in table.columns
        if column.refers_to
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file_name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {
            "fields": [{"name": column.name, "type": column.type} for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": references,
            "missingValues": [""],
        },
    }


def _rows_of_documents() -> Iterator[tuple[str, Row]]:
    versions = Version.objects.shown().select_related("statement").order_by("statement__slug")
    public = set(Statement.objects.public().values_list("slug", flat=True))
    today = _today()
    for version in versions.iterator(chunk_size=500):
        yield from _rows_of(version, today.content(upgraded(version.document)["content"]), public)


def _rows_of(version: Version, content: Document, public: set[str]) -> Iterator[tuple[str, Row]]:
    slug = version.statement.slug
    relation = content["relation"]
    # A reader sees a relation while its target is published.
    target = relation["statement"] if relation else ""
    shown = {"relation": relation["kind"], "related_statement": target} if target in public else {}
    yield (
        "statements",
        {
            **content,
            "slug": slug,
            "relation": "",
            "related_statement": "",
            **shown,
            "version": version.public_number,
            "published_at": version.published_at.isoformat(timespec="seconds") if version.published_at else "",
            "url": f"{settings.SITE_URL}/statements/{slug}/",
        },
    )
    for position, row in enumerate(content["issuers"], start=1):
        yield "issuers", {**row, "statement": slug, "position": position}
    for position, row in enumerate(content["speakers"], start=1):
        yield "statement_speakers", {**row, "statement": slug, "position": position}
    for name in ("citations", "wordings", "counts"):
        for row in content[name]:
            yield name, {**row, "statement": slug}
    for row in content["mentions"]:
        yield "mentions", {**row, "statement": slug, "addressees": joined(row["addressees"])}


def _today() -> Today:
    """The slugs that lead today to what others led to before: merging gives slugs up, and versions keep them."""
    given_up: dict[tuple[str, str], str] = {}
    for kind, model in REFERENCE_MODELS.items():
        old = dict(OldSlug.objects.filter(kind=kind).values_list("slug", "target_id"))
        slugs = dict(model._default_manager.filter(pk__in=set(old.values())).values_list("pk", "slug"))
        given_up |= {(kind, slug): slugs[target] for slug, target in old.items() if target in slugs}
    return Today(given_up)


def _used(model: type[models.Model]) -> Iterable[int]:
    return model._default_manager.filter(used_by_the_record(model)).values_list("pk", flat=True)


def _reference_rows(name: str, model: type[models.Model]) -> list[Row]:
    """By slug. What a row is a part of, or where a person belongs, stands there while readers see that, too."""
    kind = kind_named(name)
    used = set(_used(model))
    seen = {"parent": used}
    if model is Speaker:
        seen["organisation"] = set(_used(Organisation))
    rows = []
    for row in sorted(stored_rows(model, list(used)), key=lambda row: str(row.slug)):
        cells: Row = dict(kind.cells_of(row))
        for column, visible in seen.items():
            if column in cells and getattr(row, f"{column}_id") not in visible:
                cells[column] = ""
        rows.append(cells)
    return rows


def _update_rows() -> list[Row]:
    kind = kind_named("demand_updates")
    shown = DemandUpdate.objects.published().filter(demand__in=_used(Demand))
    rows = stored_rows(DemandUpdate, list(shown.values_list("pk", flat=True)))
    rows.sort(key=lambda row: (row.demand.slug, row.date_from, row.date_until, row.source.slug))
    return [dict(kind.cells_of(row)) for row in rows]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
