"""Databases of their own, for what runs the project's commands as processes: tests that kill them, and benchmarks."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tracker.environment import VARIABLES

PROJECT = Path(__file__).parent.parent

#: A site for others: with DEBUG on, Django keeps every query, and a benchmark would measure that.
AS_A_SITE = {
    "SECRET_KEY": "a key of tests that run commands, and of nothing else in this world",
    "ALLOWED_HOSTS": "tracker.example.org",
    "SITE_URL": "https://tracker.example.org",
    "CONTACT_EMAIL": "contact@example.org",
}


@dataclass(frozen=True)
class Database:
    """Known by its address. Its tables are made by ``migrate``. Uploads go to ``media``."""

    url: str
    media: Path

    @classmethod
    def make(cls, *, server: str, folder: Path) -> Self:
        """A new one, empty: a file in this folder, or on the PostgreSQL server with this address."""
        name = f"own_{secrets.token_hex(6)}"
        media = folder / name
        if not server:
            return cls(f"sqlite:///{media}.sqlite3", media)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return cls(urlsplit(server)._replace(path=f"/{name}").geturl(), media)

    def copy(self, *, server: str, folder: Path) -> Self:
        """Nobody may be connected with this one."""
        other = self.make(server=server, folder=folder)
        if self.file is not None and other.file is not None:
            shutil.copyfile(self.file, other.file)
        else:
            with psycopg.connect(server, autocommit=True) as connection:
                names = sql.Identifier(other.name), sql.Identifier(self.name)
                connection.execute(sql.SQL("DROP DATABASE {}").format(names[0]))
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return other

    def drop(self, *, server: str) -> None:
        """Whoever is still connected is thrown out. Files go with their folder."""
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))

    @property
    def file(self) -> Path | None:
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.removeprefix("/")

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that works with it."""
        others = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        own = {"DATABASE_URL": self.url, "MEDIA_ROOT": str(self.media), "DJANGO_SETTINGS_MODULE": "tracker.settings"}
        return others | AS_A_SITE | own

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start Python with these arguments, from the project's folder; what it writes and reads goes through pipes."""
        command: Sequence[str | Path] = [sys.executable, *arguments]
        how: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(command, cwd=PROJECT, env=self.environment, text=True, **how)

    def run(self, *arguments: str | Path) -> str:
        """As ``start``, to the end. Returns what it writes. Raises CalledProcessError where it fails."""
        command: Sequence[str | Path] = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, text=True, stdout=subprocess.PIPE, check=True)
        return done.stdout

    def manage(self, *arguments: str | Path) -> str:
        return self.run("manage.py", *arguments)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query, asked on a connection of its own."""
        if self.file is not None:
            with closing(sqlite3.connect(self.file, timeout=20)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.url, autocommit=True) as server:
            return server.execute(query.encode()).fetchall()

    def is_being_written(self) -> bool:
        """Whether somebody has begun to write and not yet committed."""
        if self.file is None:
            writing = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
            return self.rows(writing) != []
        with closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
        return False

    def bytes_of_writing(self) -> int:
        """How much of the newest rows stands on the disk, committed or not."""
        if self.file is None:
            ((size,),) = self.rows("SELECT pg_total_relation_size('statements_version')")
            return int(size)
        log = self.file.with_name(f"{self.file.name}-wal")
        return log.stat().st_size if log.exists() else 0

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table of the project, in an order that does not depend on how they are stored."""
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'statements_%'"
        if self.file is not None:
            names = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name LIKE 'statements_%'"
        return {name: sorted(map(repr, self.rows(f"SELECT * FROM {name}"))) for (name,) in self.rows(names)}  # noqa: S608
