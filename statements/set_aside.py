"""Indexes, triggers and foreign keys that are dropped while very many rows are stored, and made again when all are
there: each row would be put in the midst of them, and to sort all rows once takes a part of the time.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db import DatabaseError, connection

#: By database: how the definition of an index is read.
_DEFINITION = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s",
    "postgresql": "SELECT pg_get_indexdef(to_regclass(quote_ident(%s)))",
}


class SetAside(NamedTuple):
    """The query that drops it, and the one that makes it again."""

    drop: str
    make: str


def run(query: str) -> None:
    """Raises DatabaseError, with a note on what was not done."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
    except DatabaseError as error:
        error.add_note(f"Not done: {query}")
        raise


def indexes(tables: Collection[str], *, referring_to: Collection[str]) -> Iterator[SetAside]:
    """Those of these tables, but for what keeps anything from being stored twice, and for those that begin with what
    refers to one of the tables ``referring_to``: by them rows are looked for while others are stored. A dozen queries
    a table, and a few for each of its indexes.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            constraints = connection.introspection.get_constraints(cursor, table)
            kept = {
                column
                for one in constraints.values()
                if one["foreign_key"] and one["foreign_key"][0] in referring_to
                for column in one["columns"]
            }
            for name, one in constraints.items():
                if one["index"] and not one["unique"] and not kept.intersection(one["columns"][:1]):
                    cursor.execute(_DEFINITION[connection.vendor], [name])
                    yield SetAside(f"DROP INDEX {quote(name)}", cursor.fetchone()[0])


def triggers(table: str) -> Iterator[SetAside]:
    """Those of a table of SQLite. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        for name, definition in cursor.fetchall():
            yield SetAside(f"DROP TRIGGER {connection.ops.quote_name(name)}", definition)


def foreign_keys(tables: Collection[str]) -> Iterator[SetAside]:
    """Those of PostgreSQL, which asks for what each row refers to one by one: to compare all in the end takes a part of
    that. SQLite has them in the definition of a table. A query a table.
    """
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND conrelid = to_regclass(quote_ident(%s)) ORDER BY conname",
                [table],
            )
            for name, definition in cursor.fetchall():
                change = f"ALTER TABLE {quote(table)}"
                yield SetAside(
                    f"{change} DROP CONSTRAINT {quote(name)}", f"{change} ADD CONSTRAINT {quote(name)} {definition}"
                )
