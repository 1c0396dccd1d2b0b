"""The twins of pages: what a page shows, all of it or one page of it, as CSV, JSON, XLSX and Atom.

What is said of queries comes on top of that of the ETag and, of the list, of those that read its parameters.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.models import Version
from statements.public.responses import current_of, found_versions, numbered
from statements.public.twins import collections, feeds
from statements.public.twins.about import About, of_page
from statements.public.twins.addresses import statement_address, statement_json_address
from statements.public.twins.answers import (
    Answer,
    Refused,
    answered,
    file_name,
    refuse,
    schema_address,
    unknown_parameters,
)
from statements.public.twins.collections import Collection
from statements.public.twins.formats import ATOM, CSV, CSV_METADATA_TYPE, JSON, MEDIA_TYPES, SCHEMA_TYPE, XLSX
from statements.public.twins.objects import related_objects, statement_object, version_object
from statements.public.twins.schemas import SCHEMA_NAMES, schema_named
from statements.public.twins.tables import csv_answer, described
from statements.public.twins.writing import MOST_ROWS, json_piece, json_pieces, workbook
from statements.record import stated
from statements.record.document import Document, upgraded
from statements.record.in_full import statements_in_full
from statements.record.names import Kind, names_by_slug
from statements.record.reading import related_to


@answered(CSV)
def statement_list_csv(request: HttpRequest) -> HttpResponseBase:
    """One query, and at most nine for each 200 statements."""
    return _csv(collections.statement_list(request)).response(request)


@answered(CSV)
def statement_list_csv_metadata(request: HttpRequest) -> HttpResponseBase:
    """One query."""
    return _csv_metadata(collections.statement_list(request)).response(request)


@answered(JSON)
def statement_list_json(request: HttpRequest) -> HttpResponseBase:
    """One query, and at most nine for each 200 statements."""
    return _json(collections.statement_list(request)).response(request)


@answered(XLSX)
def statement_list_xlsx(request: HttpRequest) -> HttpResponseBase:
    """One query, and at most nine for each 200 statements."""
    collection = collections.statement_list(request)
    if len(collection.chosen.ids) > MOST_ROWS:
        raise Refused([_("A worksheet holds a million rows at most. Take the CSV, or narrow the list down.")])
    return Answer(
        MEDIA_TYPES[XLSX],
        file=lambda: workbook(
            _("Statements"), collection.table.column_names, collection.rows(), collection.about.as_rows()
        ),
        page=collection.about.page,
        total=collection.chosen.total,
        file_name=file_name(*collection.stem, extension=XLSX),
    ).response(request)


@answered(ATOM)
def statement_list_atom(request: HttpRequest) -> HttpResponseBase:
    """Two queries, and at most nine for the page."""
    return feeds.of_the_list(request).response(request)


@answered(JSON, by_content=True)
def statement_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The published statement by the slugs and names of today, with its history. At most eleven queries."""
    refuse(unknown_parameters(request.GET))
    versions = found_versions(slug, address="statements:statement_json")
    newest = current_of(versions)
    one = next((one for batch in statements_in_full([newest.statement.pk]) for one in batch), None)
    if one is None:
        raise Http404  # withdrawn between two of the queries
    slug = newest.statement.slug
    body = {
        "$schema": schema_address("published-statement"),
        "about": _about_a_version(request, one.entry.version, slug).as_object(),
        "statement": statement_object(one),
        "versions": [version_object(version, slug) for version in versions],
        "related": related_objects(related_to(newest.statement.pk)),
    }
    return _one_object(body, "published-statement", page=statement_address(slug)).whole_response()


@answered(JSON, by_content=True)
def version_json(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """A published version as it was, so that its hash can be checked. One query; three where it names a statement."""
    refuse(unknown_parameters(request.GET))
    versions = found_versions(slug, address="statements:version_json", rest=(number,))
    version = numbered(versions, number)
    slug = version.statement.slug
    document, withheld = _as_it_was(version.document)
    about = _about_a_version(request, version, slug)
    body = {
        "$schema": schema_address("published-version"),
        "about": about.as_object(),
        "slug": slug,
        "url": statement_address(slug),
        **version_object(version, slug),
        "current": current_of(versions).public_number,
        "withheld": withheld,
        "document": document,
    }
    latest = statement_json_address(slug)
    return _one_object(body, "published-version", page=about.page, links=[("latest-version", latest)]).whole_response()


@answered(CSV)
def measure_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Two queries, and at most nine for each 200 figures."""
    return _csv(collections.figures_of_measure(request, slug, CSV)).response(request)


@answered(CSV)
def measure_csv_metadata(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Two queries."""
    return _csv_metadata(collections.figures_of_measure(request, slug, "csv_metadata")).response(request)


@answered(JSON)
def measure_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Three queries, and at most nine for each 200 figures."""
    return _json(collections.figures_of_measure(request, slug, JSON)).response(request)


@answered(ATOM)
def measure_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Three queries, and at most nine for the page."""
    return feeds.of_a_measure(request, slug).response(request)


@answered(CSV)
def demand_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Two queries, and at most nine for each 200 statements."""
    return _csv(collections.statements_of_demand(request, slug, CSV)).response(request)


@answered(CSV)
def demand_csv_metadata(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Two queries."""
    return _csv_metadata(collections.statements_of_demand(request, slug, "csv_metadata")).response(request)


@answered(JSON)
def demand_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Five queries, and at most nine for each 200 statements."""
    return _json(collections.statements_of_demand(request, slug, JSON)).response(request)


@answered(ATOM)
def demand_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Three queries, and at most nine for the page."""
    return feeds.of_a_demand(request, slug).response(request)


@answered(ATOM)
def organisation_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Three queries, and at most nine for the page."""
    return feeds.of_an_organisation(request, slug).response(request)


@answered(JSON, by_content=True)
def schema(request: HttpRequest, name: str) -> HttpResponseBase:
    """No query, not for its ETag either."""
    refuse(unknown_parameters(request.GET))
    if name not in SCHEMA_NAMES:
        raise Http404
    return Answer(SCHEMA_TYPE, pieces=lambda: json_piece(schema_named(name))).whole_response()


def _csv(collection: Collection[Any]) -> Answer:
    return csv_answer(
        collection.about, collection.table, collection.rows, total=collection.chosen.total, stem=collection.stem
    )


def _csv_metadata(collection: Collection[Any]) -> Answer:
    body = described(collection.about, collection.table, total=collection.chosen.total)
    return Answer(CSV_METADATA_TYPE, pieces=lambda: json_piece(body), page=collection.about.page)


def _json(collection: Collection[Any]) -> Answer:
    return Answer(
        MEDIA_TYPES[JSON],
        pieces=lambda: json_pieces(collection.head(), collection.member, collection.objects()),
        page=collection.about.page,
        described_by=(schema_address(collection.schema), SCHEMA_TYPE),
        total=collection.chosen.total,
    )


def _one_object(body: dict[str, Any], schema_name: str, *, page: str, links: Sequence[tuple[str, str]] = ()) -> Answer:
    return Answer(
        MEDIA_TYPES[JSON],
        pieces=lambda: json_piece(body),
        page=page,
        described_by=(schema_address(schema_name), SCHEMA_TYPE),
        links=links,
    )


def _about_a_version(request: HttpRequest, version: Version, slug: str) -> About:
    """Cited by its own address and day, which stay."""
    number = version.public_number
    title = upgraded(version.document)["content"]["title"]
    what = _("“%(title)s”, version %(number)s") % {"title": title, "number": number}
    about = of_page(request, what=what, page=reverse("statements:version", args=[slug, number]))
    return replace(about, on=stated.on_day(version.published_at.date())) if version.published_at else about


def _as_it_was(document: Document) -> tuple[Document, list[str]]:
    """With the parts of its content that are withheld: which statement it relates to, unless readers can open that.
    No query where it relates to none; else two.
    """
    relation = document["content"]["relation"]
    if relation is None:
        return document, []
    slug = relation["statement"]
    if names_by_slug({Kind.STATEMENT: [slug]}).by_slug(Kind.STATEMENT, slug) is not None:
        return document, []
    return {**document, "content": {**document["content"], "relation": None}}, ["relation"]
