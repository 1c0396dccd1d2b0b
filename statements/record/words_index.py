"""SQLite's indexes of words (FTS5), which stand beside a table and follow it by triggers.

On PostgreSQL a column is the index itself, and there is nothing to do.
"""

from django.db import DatabaseError, connection, transaction

from statements.models.search import TRIGGERS


def tell(index: str, command: str, rank: int = 0) -> None:
    """One of FTS5's own commands. One query. Raises DatabaseError."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES (%s, %s)", [command, rank])  # noqa: S608  # our own


def forget_deleted(index: str) -> None:
    """Take the words of deleted rows out of it, which only notes that they are gone; reads and writes all of it.

    PostgreSQL keeps them until its next VACUUM, with the rows themselves.
    """
    tell(index, "optimize")


def is_of_its_rows(index: str) -> bool:
    """Whether it holds the words of its table. Reads all of both."""
    try:
        with transaction.atomic():
            tell(index, "integrity-check", rank=1)
    except DatabaseError:
        return False
    return True


def follows(index: str) -> bool:
    """Whether all of its triggers are there, which a migration that alters the table drops."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{index}_%"])
        found: int = cursor.fetchone()[0]
        return found == TRIGGERS
