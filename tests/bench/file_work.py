"""Whole files for machines, beside what the database alone takes: ``python -m tests.bench.file_work OPTIONS``.

As ``page_work``. Each file is written in a process of its own, for the sake of its memory: how much more it needs for
all rows than for one page. Beside it COPY writes what such a file is made of, the rows of the index with the documents
of their versions (on SQLite they are selected and fetched).
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

import django

from tests.bench.measured import Measured
from tests.bench.work import KIB_IN_A_MB, Stopwatch

FORMS = ("csv", "json")
_MADE_OF = (
    "SELECT e.*, v.document FROM statements_entry e JOIN statements_version v ON v.id = e.version_id "
    "ORDER BY e.issued_from DESC, e.statement_id DESC"
)
_AT_ONCE = 2000


def file_of(form: str) -> tuple[float, float]:
    """Seconds, and by how many MB its most memory is more than that of a page."""
    django.setup()
    from tests.bench.cases import pieces

    before = _memory_after(pieces(f"/statements.{form}?page=1"))
    watch = Stopwatch()
    with watch:
        after = _memory_after(pieces(f"/statements.{form}"))
    return watch.seconds, after - before


def _memory_after(read: Iterator[bytes]) -> float:
    for _piece in read:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_IN_A_MB


def copied() -> tuple[float, int]:
    """Seconds, and how many rows."""
    django.setup()
    from django.db import connection

    rows = 0
    watch = Stopwatch()
    with watch, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({_MADE_OF}) TO STDOUT") as copy:
                for _row in copy:
                    rows += 1
        else:
            cursor.execute(_MADE_OF)
            while fetched := cursor.cursor.fetchmany(_AT_ONCE):
                rows += len(fetched)
    return watch.seconds, rows


def measure() -> Iterator[Measured]:
    # A process for each: what one has used would count for the next.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        seconds, rows = processes.submit(copied).result()
        yield Measured(f"COPY of {rows:,} rows", "copy", seconds, 1.0, beside="")
        for form in FORMS:
            own, more = processes.submit(file_of, form).result()
            yield Measured(form.upper(), "files", own, seconds / own, beside="COPY")
            yield Measured(form.upper(), "memory", own, max(more, 0.0), beside="a page")


def main(given: str) -> None:
    options: dict[str, Any] = json.loads(given)
    os.environ["STATIC_ROOT"] = options["static"]
    found = list(measure()) if options["is_timed"] else []
    sys.stdout.write(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main(*sys.argv[1:])
