"""Databases with synthetic statements, made once and kept where the caller says."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.databases import Database

SEED = 1


@dataclass(frozen=True)
class Place:
    """``server`` is the address of a PostgreSQL server, "" for SQLite; ``folder`` is for its files and for uploads.

    What ``is_kept`` is there for the next run.
    """

    server: str
    folder: Path
    is_kept: bool

    @contextmanager
    def of(self, statements: int) -> Iterator[Database]:
        """A database with so many statements: the one that is there, or a new one."""
        name = f"scale_{statements}" if self.is_kept else f"scale_{secrets.token_hex(6)}"
        database = Database(self._address(name), self.folder / name)
        if not self._is_there(database):
            self._make(database, statements)
        try:
            yield database
        finally:
            if not self.is_kept:
                self._take_away(database)

    def _address(self, name: str) -> str:
        if self.server:
            return urlsplit(self.server)._replace(path=f"/{name}").geturl()
        return f"sqlite:///{self.folder / name}.sqlite3"

    def _is_there(self, database: Database) -> bool:
        if database.file is not None:
            return database.file.exists()
        with psycopg.connect(self.server, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name]).fetchone()
        return found is not None

    def _make(self, database: Database, statements: int) -> None:
        """One that was not finished is taken away, or the next run would measure it."""
        sys.stderr.write(f"making {statements:,} statements\n")
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database.name)))
        try:
            database.manage("migrate", "--verbosity=0")
            database.manage("make_scale_data", "--statements", str(statements), "--seed", str(SEED))
            self._vacuum(database)
        except BaseException:
            self._take_away(database)
            raise

    def _vacuum(self, database: Database) -> None:
        """As autovacuum would before long, and in the midst of the measurement."""
        if self.server:
            with psycopg.connect(database.url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")

    def _take_away(self, database: Database) -> None:
        if self.server:
            database.drop(server=self.server)
        elif database.file is not None:
            for path in database.file.parent.glob(f"{database.file.name}*"):
                path.unlink()
        shutil.rmtree(database.media, ignore_errors=True)
