"""What each page costs, as ratios to the list's own template rendered from memory, at several sizes.

    python -m tests.bench.pages [--statements 10000,100000,1000000] [--engine sqlite|postgresql] [--data FOLDER]
        [--rounds 11] [--only KINDS] [--json FILE] [--markdown]
    python -m tests.bench.pages --database-url URL     what is there already, and stays as it is
    python -m tests.bench.pages --compare OLD NEW      two files that --json wrote
    python -m tests.bench.pages --check                counts only: fails on queries, bytes and rows read, on no time
    python -m tests.bench.pages --plans ADDRESS        how each database answers the queries of one address

Data is made by make_scale_data, always with the same seed. It goes with the run unless --data is given: then it is kept
for the next one, in that folder, or on PostgreSQL on the server of DATABASE_URL. The cases of a size are measured in
one process, with DEBUG off, one after the other in each round, the floor among them, after rounds to warm up; what is
printed are medians. Seconds are the processor's on SQLite, the clock's on PostgreSQL.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import page_report
from tests.bench.bounds import BOUNDS
from tests.bench.data_sets import Place
from tests.bench.importing import server_of_the_environment
from tests.bench.measured import Measured, Report
from tests.databases import Database
from tests.postgres import cluster

#: Parts of the measurement, and the module that measures each.
KINDS = {
    "pages": "page_work",
    "desk": "page_work",
    "writing": "page_work",
    "rebuild": "page_work",
    "served": "served_work",
    "files": "file_work",
}
_OF_A_CHECK = ("pages", "desk", "writing")
SIZES = "10000,100000,1000000"
_OF_A_CHECK_SIZE = "10000"


def measured(database: Database, kinds: Sequence[str], *, rounds: int, is_timed: bool, static: Path) -> list[Measured]:
    """Of one database, each kind in a process that is fit for it."""
    found: list[Measured] = []
    for module in dict.fromkeys(KINDS[kind] for kind in kinds):
        of_module = [kind for kind in kinds if KINDS[kind] == module]
        options = {"rounds": rounds, "is_timed": is_timed, "kinds": of_module, "static": str(static)}
        answer = database.run("-m", f"tests.bench.{module}", json.dumps(options))
        found += [Measured(**one) for one in json.loads(answer)]
    return found


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, {memory:.0f} GB, {platform.machine()}"


def offences(report: Report) -> list[str]:
    """A sentence for each case that counts more than its bound allows."""
    return [
        f"{BOUNDS[row].title}: {name}: {size:,} statements: {', '.join(found.values())}"
        for row, name in report.cases()
        for size, one in report.of((row, name)).items()
        if (found := page_report.counted_over(one, BOUNDS[row]))
    ]


def main() -> None:
    options = _options()
    if options.compare:
        old, new = (Report.read(Path(path)) for path in options.compare)
        _write(page_report.compared(old, new))
        return
    with tempfile.TemporaryDirectory() as temporary:
        try:
            if options.plans:
                _write(_plans(options, Path(temporary)))
                return
            report = _run(options, Path(temporary))
        finally:
            cluster.stop()
    if options.json:
        report.write(Path(options.json))
    _write(page_report.markdown(report) if options.markdown else page_report.lines(report))
    found = offences(report) if options.check else []
    _write(found)
    sys.exit(1 if found else 0)


def _run(options: argparse.Namespace, temporary: Path) -> Report:
    kinds = options.only.split(",") if options.only else list(_OF_A_CHECK if options.check else KINDS)
    how = {"rounds": options.rounds, "is_timed": not options.check, "static": temporary / "static"}
    report = Report(_engine_of(options), machine())
    for number, database in _databases(options, temporary):
        report.sizes[number] = measured(database, kinds, **how)
    return report


def _plans(options: argparse.Namespace, temporary: Path) -> Iterator[str]:
    """How each database answers the queries of the address."""
    asked = json.dumps({"address": options.plans, "static": str(temporary / "static")})
    for number, database in _databases(options, temporary):
        yield f"{_engine_of(options)}, {number:,} statements: {options.plans}"
        yield from json.loads(database.run("-m", "tests.bench.plan_work", asked))


def _engine_of(options: argparse.Namespace) -> str:
    if not options.database_url:
        return str(options.engine)
    return "sqlite" if options.database_url.startswith("sqlite") else "postgresql"


def _databases(options: argparse.Namespace, temporary: Path) -> Iterator[tuple[int, Database]]:
    """Those of the options, each with how many statements it has, and with the static files of the site."""
    if options.database_url:
        database = Database(options.database_url, temporary / "media")
        collect(database, temporary)
        ((number,),) = database.rows("SELECT COUNT(*) FROM statements_statement")
        yield number, database
        return
    place = place_of(options, temporary)
    for statements in map(int, (options.statements or (_OF_A_CHECK_SIZE if options.check else SIZES)).split(",")):
        with place.of(statements) as database:
            collect(database, temporary)
            sys.stderr.write(f"{statements:,} statements\n")
            yield statements, database


def place_of(options: argparse.Namespace, temporary: Path) -> Place:
    """Where the data sets of these options are."""
    server = server_of_the_environment() if options.engine == "postgresql" else ""
    folder = Path(options.data).resolve() if options.data else temporary
    folder.mkdir(parents=True, exist_ok=True)
    return Place(server, folder, is_kept=bool(options.data))


def collect(database: Database, folder: Path) -> Path:
    """The folder of the static files, within this one: pages name them by what is in them."""
    static = folder / "static"
    code = f"import os; os.environ['STATIC_ROOT'] = {str(static)!r}; import django; django.setup(); "
    code += "from django.core.management import call_command; call_command('collectstatic', interactive=False)"
    if not static.exists():
        database.run("-c", code)
    return static


def _write(lines: object) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)  # type: ignore[attr-defined]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--statements", help=f"so many of each database, with commas; {SIZES} when left out")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--database-url", help="a database with data, instead of making some")
    parser.add_argument("--data", help="keep the data sets: SQLite's in this folder")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", help=f"some of {','.join(KINDS)}")
    parser.add_argument("--json", help="write what was measured to this file")
    parser.add_argument("--markdown", action="store_true", help="print a summary as a table")
    parser.add_argument("--compare", nargs=2, metavar=("OLD", "NEW"), help="print how two files differ")
    parser.add_argument("--plans", metavar="ADDRESS", help="print the plans of the queries of this address")
    parser.add_argument("--check", action="store_true", help="fail on what is counted and over its bound")
    return parser.parse_args()


if __name__ == "__main__":
    main()
