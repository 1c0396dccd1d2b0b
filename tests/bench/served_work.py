"""How many answers Gunicorn gives, beside those of an empty view: ``python -m tests.bench.served_work OPTIONS``.

As ``page_work``: the database is that of the environment, OPTIONS and what is written are JSON. The cases take turns.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median

from tests.bench.bounds import EMPTY_VIEW
from tests.bench.measured import Measured
from tests.bench.serving import Unanswered, answer, asked, rate, serving
from tests.databases import Database

LIST, EMPTY = "/statements/", "/an-empty-view/"
_SECONDS = 1.0
_MOST_ROUNDS = 7
#: What every browser says it takes.
_BROWSER = {"Accept_Encoding": "gzip, deflate, br"}
#: Whoever has a cookie is answered by the view.
_COOKIE = "who=knows"


def measure(port: int, engine: str, *, rounds: int) -> list[Measured]:
    first = answer(port, LIST)
    if "etag" not in first.headers:
        raise Unanswered(f"{LIST} has no ETag.")
    row_of_304 = {"sqlite": "304 on SQLite", "postgresql": "304 on PostgreSQL"}[engine]
    cases: dict[tuple[str, str], Callable[[], float]] = {
        ("an empty view", "plain"): lambda: rate(port, asked(port, EMPTY), seconds=_SECONDS, status=200),
        ("the list", row_of_304): lambda: rate(
            port, asked(port, LIST, If_None_Match=first.headers["etag"]), seconds=_SECONDS, status=304
        ),
        ("the list", "cached"): lambda: rate(port, asked(port, LIST, **_BROWSER), seconds=_SECONDS, status=200),
        ("the list", "plain"): lambda: rate(port, asked(port, LIST, Cookie=_COOKIE), seconds=_SECONDS, status=200),
    }
    rates: dict[tuple[str, str], list[float]] = {case: [] for case in cases}
    for number in range(rounds + 1):
        for case, ask in cases.items():
            if number:
                rates[case].append(ask())
            else:
                ask()  # to warm up
    of_empty = median(rates["an empty view", "plain"])
    return [
        Measured(name, row, 1 / median(of_case), median(of_case) / of_empty, beside=EMPTY_VIEW)
        for (name, row), of_case in rates.items()
    ]


def main(given: str) -> None:
    options = json.loads(given)
    database = Database(os.environ["DATABASE_URL"], Path(os.environ["MEDIA_ROOT"]))
    engine = "sqlite" if database.file is not None else "postgresql"
    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        log, static = Path(folder) / "log", Path(options["static"])
        if options["is_timed"]:
            with serving(
                database, static=static, log=log, application="tests.bench.served:application", CACHE_PAGES="1000"
            ) as site:
                found = measure(site.port, engine, rounds=min(options["rounds"], _MOST_ROUNDS))
    sys.stdout.write(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main(*sys.argv[1:])
