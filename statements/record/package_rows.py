"""The rows of the public tables: what the versions say that readers see, and what of the reference data these use.

Read in batches, each with a fixed number of queries. What is kept all along is the number of each row of a table: eight
bytes for each, in the order of the slugs, which is the same on every database.
"""

from array import array
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Collate

from statements.bulk import batches
from statements.cells import joined, with_language
from statements.models import Demand, DemandUpdate, Entry, Measure, Name, Organisation, Source, Speaker
from statements.record.changes import change_rows
from statements.record.document import Document, upgraded
from statements.record.identities import Identities
from statements.record.use import in_public_use, used_by_the_record

Row = dict[str, Any]

#: Rows of a batch. The documents of so many statements are in memory together.
AT_ONCE = 500

#: The tables whose rows stand in the documents of statements.
OF_DOCUMENTS = ("statements", "issuers", "statement_speakers", "citations", "wordings", "mentions", "counts")

_REFERENCE: dict[str, type[models.Model]] = {
    "organisations": Organisation,
    "speakers": Speaker,
    "sources": Source,
    "measures": Measure,
    "demands": Demand,
}
#: What a row names beside itself, and of which model that is. Readers see a parent only where they see it itself.
_BESIDE: dict[type[models.Model], dict[str, type[models.Model]]] = {
    Organisation: {"parent": Organisation},
    Speaker: {"organisation": Organisation},
    Source: {},
    Measure: {"parent": Measure},
    Demand: {"parent": Demand},
}
_LISTS: dict[type[models.Model], tuple[str, ...]] = {
    Organisation: ("names",),
    Speaker: ("names", "handles"),
    Source: (),
    Measure: (),
    Demand: ("addressees",),
}


def rows_of(name: str) -> Iterator[Row]:
    """The rows of one table, as its columns name their values; what is more than these is not for the file."""
    if name in OF_DOCUMENTS:
        return (row for of, row in document_rows() if of == name)
    return OTHERS[name]()


def document_rows() -> Iterator[tuple[str, Row]]:
    """(table, row) for every statement and all that hangs on it, by slug. At most twenty queries a batch."""
    for numbers in _batches(Entry.objects.all(), "slug"):
        # The version's number and time are the record's, the slug that of today.
        values = ("pk", "slug", "version__public_number", "version__published_at", "version__document")
        rows = {row[0]: row[1:] for row in Entry.objects.filter(pk__among=numbers).values_list(*values)}
        contents = {pk: upgraded(row[3])["content"] for pk, row in rows.items()}
        today = Identities(contents.values()).today()
        contents = {pk: today.content(content) for pk, content in contents.items()}
        targets = {content["relation"]["statement"] for content in contents.values() if content["relation"]}
        public = set(Entry.objects.filter(slug__in=targets).values_list("slug", flat=True)) if targets else set()
        for pk in numbers:
            slug, number, published_at, _document = rows[pk]
            head = {"version": number, "published_at": published_at.isoformat(timespec="seconds")}
            yield from _rows_of(slug, head, contents[pk], public)


def _rows_of(slug: str, head: Row, content: Document, public: set[str]) -> Iterator[tuple[str, Row]]:
    relation = content["relation"]
    # A reader sees a relation while its target is published.
    target = relation["statement"] if relation and relation["statement"] in public else ""
    yield (
        "statements",
        {
            **content,
            **head,
            "slug": slug,
            "relation": relation["kind"] if target else "",
            "related_statement": target,
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


def _reference_rows(name: str) -> Iterator[Row]:
    """By slug. At most five queries a batch."""
    model = _REFERENCE[name]
    beside = _BESIDE[model]
    for numbers in _batches(model._default_manager.filter(used_by_the_record(model)), "slug"):
        found = model._default_manager.prefetch_related(*_LISTS[model])
        # Without a name, Django would follow every foreign key.
        rows = (found.select_related(*beside) if beside else found).in_bulk(numbers)
        seen = {
            field: in_public_use(of, {getattr(row, f"{field}_id") for row in rows.values()} - {None})
            for field, of in beside.items()
        }
        for pk in numbers:
            row = rows[pk]
            named = {
                field: getattr(row, field).slug if getattr(row, f"{field}_id") in seen[field] else ""
                for field in beside
            }
            yield {**_own(row), **_lists(row), **named}


def _own(row: models.Model) -> Row:
    """A row's own values; of its partial date, which only a source has, the text."""
    own = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.is_relation}
    return own | {"published": row.published} if isinstance(row, Source) else own


def _lists(row: Any) -> Row:
    lists: Row = {}
    if isinstance(row, Organisation | Speaker):
        others = (name for name in row.names.all() if name.kind == Name.Kind.OTHER)
        lists["aliases"] = joined(with_language(name.name, name.language) for name in others)
    if isinstance(row, Speaker):
        lists["handles"] = joined(f"{handle.network}:{handle.handle}" for handle in row.handles.all())
    if isinstance(row, Demand):
        lists["addressees"] = joined(sorted(organisation.slug for organisation in row.addressees.all()))
    return lists


def _update_rows() -> Iterator[Row]:
    """By demand, date and source. One query a batch."""
    demands = Demand.objects.filter(used_by_the_record(Demand)).values("pk")
    shown = DemandUpdate.objects.published().filter(demand__in=demands)
    for numbers in _batches(shown, "demand__slug", "date_from", "date_until", "source__slug"):
        rows = DemandUpdate.objects.select_related("demand", "source").in_bulk(numbers)
        for pk in numbers:
            row = rows[pk]
            yield {
                "demand": row.demand.slug,
                "date": row.date,
                "status": row.status,
                "source": row.source.slug,
                "note": row.note,
            }


def _batches(rows: models.QuerySet[Any, Any], *order: str) -> Iterator[list[int]]:
    """The numbers of these rows in this order, in which slugs are compared letter by letter, whatever the database's
    language. One query.
    """
    plain = "C" if connection.vendor == "postgresql" else "BINARY"
    by = [Collate(name, plain) if name.endswith("slug") else name for name in order]
    numbers = array("q", rows.order_by(*by).values_list("pk", flat=True).iterator(chunk_size=AT_ONCE))
    return (list(batch) for batch in batches(numbers, AT_ONCE))


#: Of the tables that no document holds.
OTHERS: dict[str, Callable[[], Iterator[Row]]] = {
    **{name: partial(_reference_rows, name) for name in _REFERENCE},
    "demand_updates": _update_rows,
    "changes": change_rows,
}
