"""How fast an import is, beside the stock one and beside what the database alone would take.

    python -m tests.bench.importing [--rows 100000] [--sample 5000] [--database sqlite|postgresql]

Statements and counts are brought in fresh, and the same file again: by ours, by django-import-export's stock resource
row by row (a sample), and by COPY into a staging table with INSERT ... ON CONFLICT (the floor). All on one machine in
one run, with DEBUG off, in processes of their own; the ratios count. SQLite is a file in a temporary folder, PostgreSQL
the server of DATABASE_URL or a throw-away cluster. Seconds are the processor's on SQLite, the clock's on PostgreSQL.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import files, report
from tests.bench.report import PASSES, Found, Measured
from tests.databases import Database
from tests.postgres import CannotStartPostgreSQL, cluster

FEW = 1000

_BOTH = {kind: kind for kind in files.COMPARED}

#: What a statement's row says of issuers, speakers and words stands in other tables, to which ours writes it, too.
_WITH_PARTS = _BOTH | {"statements": "statements with parts"}


@dataclass(frozen=True)
class Importer:
    """``by`` is one of ``work``, ``whats`` what it is asked to bring in, by KIND."""

    name: str
    by: str
    rows: int
    whats: Mapping[str, str]
    passes: Sequence[str] = PASSES


def importers(*, rows: int, sample: int) -> list[Importer]:
    own_table = {"statements": "statements"}
    return [
        Importer("few", "ours", FEW, _BOTH, PASSES[:1]),
        Importer("ours", "ours", rows, _BOTH),
        Importer("stock", "stock", sample, _WITH_PARTS),
        Importer("floor", "floor", rows, _WITH_PARTS),
        Importer("stock, own table", "stock", sample, own_table),
        Importer("floor, own table", "floor", rows, own_table),
    ]


def measure(importing: Sequence[Importer], *, server: str, folder: Path) -> list[Found]:
    """Each has a database of its own, on this server or, where that is "", in this folder, which is empty at first."""
    for rows in {importer.rows for importer in importing}:
        (folder / str(rows)).mkdir()
        files.write_compared(folder / str(rows), rows=rows)
    databases = [_prepared(server, folder)]
    try:
        databases += [databases[0].copy(server=server, folder=folder) for _importer in importing[1:]]
        pairs = zip(importing, databases, strict=True)
        measured = {importer.name: _measured(importer, database, folder) for importer, database in pairs}
    finally:
        for database in databases:
            database.drop(server=server)
    return [
        Found(kind, {name: of_kind[kind] for name, of_kind in measured.items() if kind in of_kind})
        for kind in files.COMPARED
    ]


def _prepared(server: str, folder: Path) -> Database:
    kinds = files.write_reference(folder)
    database = Database.make(server=server, folder=folder)
    database.manage("migrate", "--verbosity=0")
    _work(database, "prepare", (",".join(kinds), folder))
    return database


def _measured(importer: Importer, database: Database, folder: Path) -> dict[str, dict[str, Measured]]:
    """By KIND and pass."""
    sys.stderr.write(f"{importer.name}\n")
    places = [(kind, which) for kind in importer.whats for which in importer.passes]
    imports = [(importer.whats[kind], folder / f"{importer.rows}/{kind}.csv") for kind, _which in places]
    # Each of ours has a process of its own, for the sake of its memory.
    processes = [[one] for one in imports] if importer.by == "ours" else [imports]
    found = [one for together in processes for one in _work(database, importer.by, *together)]
    measured: dict[str, dict[str, Measured]] = {kind: {} for kind in importer.whats}
    for (kind, which), one in zip(places, found, strict=True):
        measured[kind][which] = one
    return measured


def _work(database: Database, by: str, *imports: tuple[str, Path]) -> list[Measured]:
    arguments = [argument for one in imports for argument in one]
    found: list[Measured] = json.loads(database.run("-m", "tests.bench.work", by, *arguments))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.importing", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000, help="of each file")
    parser.add_argument("--sample", type=int, default=5_000, help="rows for the stock resource")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    server = server_of_the_environment() if options.database == "postgresql" else ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            importing = importers(rows=options.rows, sample=options.sample)
            found = measure(importing, server=server, folder=Path(folder))
    finally:
        cluster.stop()
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}"
    heading = f"{options.rows:,} rows, stock {options.sample:,}; {options.database}; {machine}"
    sys.stdout.write("\n".join([heading, *(line for kind in found for line in report.lines(kind)), ""]))


def server_of_the_environment() -> str:
    given = os.environ.get("DATABASE_URL", "").strip()
    if given.startswith("postgres"):
        return given
    try:
        cluster.start()
    except CannotStartPostgreSQL as error:
        sys.exit(str(error))
    return cluster.url


if __name__ == "__main__":
    main()
