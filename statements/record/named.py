"""What stands in the documents of published versions, as their contexts name it."""

from collections.abc import Collection, Iterator
from itertools import chain

from django.db import connection

from statements.bulk import batches
from statements.models import NamedOnce
from statements.record.document import Document

PARTS = ("organisations", "speakers", "sources", "demands", "measures")

#: The slugs in the contexts of all versions that were ever published, by part. Reads every document.
_NAMED = {
    "sqlite": """
        SELECT DISTINCT p.key, o.key FROM statements_version v, json_each(v.document, '$.context') p,
            json_each(
                CASE WHEN p.key IN ('organisations', 'speakers', 'sources', 'demands', 'measures')
                THEN p.value ELSE '{}' END
            ) o
        WHERE v.public_number IS NOT NULL
    """,
    "postgresql": """
        SELECT DISTINCT p.key, o.key FROM statements_version v, jsonb_each(v.document -> 'context') AS p(key, value),
            jsonb_object_keys(
                CASE WHEN p.key IN ('organisations', 'speakers', 'sources', 'demands', 'measures')
                THEN p.value ELSE '{}' END
            ) AS o(key)
        WHERE v.public_number IS NOT NULL
    """,
}

_AT_ONCE = 10_000

#: A part of a context and a slug in it.
Named = tuple[str, str]


def named_in(document: Document) -> set[Named]:
    return {(part, slug) for part in PARTS for slug in document["context"][part]}


def note(named: Collection[Named]) -> None:
    """That published versions name these. One query, none for nothing."""
    for batch in batches(sorted(named), _AT_ONCE):
        marks = ", ".join(["(%s, %s)"] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO statements_namedonce (part, slug) VALUES {marks} ON CONFLICT DO NOTHING",  # noqa: S608  # marks
                list(chain.from_iterable(batch)),
            )


def note_all() -> None:
    """The same of all versions. One query, which reads every document."""
    with connection.cursor() as cursor:
        # SQLite takes ON after a table for the condition of a join, unless there is a WHERE: there is.
        cursor.execute(
            f"INSERT INTO statements_namedonce (part, slug) {_NAMED[connection.vendor]} ON CONFLICT DO NOTHING"
        )


def differences() -> Iterator[str]:
    """A sentence on each that is named and not known to be. Two queries; one of them reads every document."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED[connection.vendor])
        named = set(cursor.fetchall())
    for part, slug in sorted(named.difference(NamedOnce.objects.values_list("part", "slug"))):
        yield f"{slug}, of {part}: a published version names it, and nothing remembers that: rebuild_record does."
