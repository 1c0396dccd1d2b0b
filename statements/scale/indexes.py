"""Room for indexes while very many rows are stored, and those that are made when all rows are there.

Each row would be put in the midst of them; to sort all rows once takes a part of the time. Those that stay keep
anything from being stored twice, or are read meanwhile: by them what belongs to a statement is found, and SQLite looks
by those of all foreign keys whether a new row is one that others wait for. On PostgreSQL foreign keys wait, too.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import DatabaseError, connection

from statements.models import Entry, Statement

#: By database: how a setting of a connection is read and written, and those under which much is written at once. Of
#: SQLite in kilobytes (negative) and in pages of four of them.
_SETTINGS: dict[str, tuple[str, str, dict[str, object]]] = {
    "sqlite": (
        "PRAGMA {}",
        "PRAGMA {} = {}",
        {"cache_size": -250_000, "wal_autocheckpoint": 50_000, "synchronous": 0, "threads": 2},
    ),
    "postgresql": (
        "SHOW {}",
        "SET {} = '{}'",
        {"synchronous_commit": "off", "work_mem": "64MB", "maintenance_work_mem": "512MB"},
    ),
}
#: By database: how the definition of an index is read.
_DEFINITION = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s",
    "postgresql": "SELECT pg_get_indexdef(to_regclass(quote_ident(%s)))",
}
#: Tables of PostgreSQL by whose rows others are looked for while they are stored.
_READ_BY = {model._meta.db_table for model in (Statement, Entry)}


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """Each statement puts rows in the middle of some indexes. With SQLite's usual cache of 2 MB their pages are
    written again and again; PostgreSQL packs long texts by the way that takes it a third of the time, where it knows
    that. What a machine that stops meanwhile would leave is of no use: nothing waits for the disk.

    Around a transaction; within one it does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    read, write, roomy = _SETTINGS[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
            if (True,) in cursor.fetchall():
                roomy = roomy | {"default_toast_compression": "lz4"}
        before = {}
        for name in roomy:
            cursor.execute(read.format(name))
            before[name] = cursor.fetchone()[0]
        for name, value in roomy.items():
            cursor.execute(write.format(name, value))
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(write.format(name, value))


@contextmanager
def made_afterwards() -> Iterator[None]:
    """Around what stores very many rows; within a transaction it does nothing, since what is stored there must be read
    there, too. Indexes and foreign keys are made again whatever happens, but when the process is killed. Raises
    IntegrityError where a row refers to nothing: that foreign key is not there then.
    """
    if connection.in_atomic_block:
        yield
        return
    dropped: list[_Waiting] = []
    try:
        for one in [*_foreign_keys(), *_indexes()]:
            _execute(one.drop)
            dropped.append(one)
        yield
    finally:
        with room_for_indexes(), ExitStack() as again:
            # The last first; one that fails keeps none of the others back.
            for one in dropped:
                again.callback(_execute, one.make)


def _execute(query: str) -> None:
    """Raises DatabaseError, which says what was not done."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
    except DatabaseError as error:
        error.add_note(f"Not done: {query}")
        raise


class _Waiting(NamedTuple):
    """What drops it, and what makes it again."""

    drop: str
    make: str


def _indexes() -> Iterator[_Waiting]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in _tables():
            constraints = connection.introspection.get_constraints(cursor, table)
            refer = {
                column for one in constraints.values() if _is_read_by(one["foreign_key"]) for column in one["columns"]
            }
            for name, one in constraints.items():
                if one["index"] and not one["unique"] and not refer.intersection(one["columns"][:1]):
                    cursor.execute(_DEFINITION[connection.vendor], [name])
                    yield _Waiting(f"DROP INDEX {quote(name)}", cursor.fetchone()[0])


def _is_read_by(foreign_key: tuple[str, str] | None) -> bool:
    """Whether rows are looked for by what this key refers to, while they are stored: by SQLite itself by any."""
    return foreign_key is not None and (connection.vendor == "sqlite" or foreign_key[0] in _READ_BY)


def _foreign_keys() -> Iterator[_Waiting]:
    """Of PostgreSQL, which asks for what each row refers to one by one: to compare all in the end takes a part of that.
    SQLite has them in the definition of a table.
    """
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND conrelid = to_regclass(quote_ident(%s)) ORDER BY conname",
                [table],
            )
            for name, definition in cursor.fetchall():
                change = f"ALTER TABLE {quote(table)}"
                yield _Waiting(
                    f"{change} DROP CONSTRAINT {quote(name)}", f"{change} ADD CONSTRAINT {quote(name)} {definition}"
                )


def _tables() -> list[str]:
    models = apps.get_app_config("statements").get_models(include_auto_created=True)
    return [model._meta.db_table for model in models]
