"""Reading many tables as they stood at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside comes from one state of the database, and nobody waits for it. Nothing is written inside.

    PostgreSQL: a transaction that is REPEATABLE READ and READ ONLY. SQLite: a read transaction; the project's own begin
    with the write lock (IMMEDIATE), which would keep editors waiting. Keep it short all the same: as long as it lasts,
    PostgreSQL clears no old rows away and SQLite's journal grows. Whoever sends what was read to somebody slow writes
    it into a file first. Inside of another transaction that one's rules hold.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _deferred():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    connection.ensure_connection()  # that sets the mode
    mode = connection.transaction_mode  # type: ignore[attr-defined]  # of SQLite's connections
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
