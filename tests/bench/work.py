"""Imports of the benchmark, in a process of their own: ``python -m tests.bench.work IMPORTER WHAT FILE ...``.

They work with the database of the environment. Of each it writes, as JSON, what it took: rows, seconds, more of ours.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import ContextDecorator, contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

import django
from django.db import connection
from django.utils.timezone import now

from tests.bench.report import Measured

KIB_IN_A_MB = 1_000_000 / 1024  # Linux counts memory in KiB


class Stopwatch(ContextDecorator):
    """``seconds`` within its blocks, or within the function that it decorates, all of them together.

    On SQLite, where this process does all the work, they are the processor's, and others on the machine do not count.
    """

    def __init__(self) -> None:
        self._clock = process_time if connection.vendor == "sqlite" else perf_counter
        self.seconds = 0.0

    def __enter__(self) -> "Stopwatch":
        self._since = self._clock()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.seconds += self._clock() - self._since


def prepare(kinds: str, folder: Path) -> Measured:
    """Bring in the files of these kinds, by somebody who is then the only account. ``kinds`` has commas."""
    from django.contrib.auth.models import User

    from statements.importing.apply import apply_plan
    from statements.importing.incoming import Incoming
    from statements.importing.plan import plan_files

    user = User.objects.create_superuser("importer")
    plan = plan_files([Incoming(kind, kind, folder / f"{kind}.csv") for kind in kinds.split(",")], user=user)
    apply_plan(plan, user=user)
    return {"rows": plan.counts["read"]}


def ours(kind: str, path: Path) -> Measured:
    """As ``import_csv`` has it. In between the outcomes are kept once more, as the admin's preview does.

    ``seconds`` are those of planning and writing, ``plan`` of planning alone, ``preview`` of planning and keeping the
    outcomes, ``versions`` of saving versions: without them the import is faster by these. Building their documents is
    not among them, since the rules need those as well. ``peak`` is the most memory, in MB.
    """
    from django.contrib.auth.models import User

    from statements.importing import apply
    from statements.importing.incoming import Incoming
    from statements.importing.outcomes import keep_outcomes
    from statements.importing.plan import plan_files
    from statements.models import ImportRun

    user = User.objects.get()
    with counted_queries() as queries_of_plan, Stopwatch() as planning:
        plan = plan_files([Incoming(kind, path.name, path)], user=user)
    if not plan.is_clean:
        raise ValueError(plan.errors[:5])
    with Stopwatch() as keeping:
        run = ImportRun(state=ImportRun.State.PREVIEWED, started_at=now(), digest=plan.digest)
        run.save()
        keep_outcomes(plan, run)
    versions = Stopwatch()
    timed = patch.object(apply, "save_documents", versions(apply.save_documents))
    with timed, counted_queries() as queries_of_writing, Stopwatch() as writing:
        apply.apply_plan(plan, user=user)
    return {
        "rows": plan.counts["read"],
        "unchanged": plan.counts["unchanged"],
        "seconds": planning.seconds + writing.seconds,
        "versions": versions.seconds,
        "plan": planning.seconds,
        "preview": planning.seconds + keeping.seconds,
        "queries": queries_of_plan[0] + queries_of_writing[0],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_IN_A_MB,
    }


def stock(what: str, path: Path) -> Measured:
    from tests.bench.stock import stock_import

    with Stopwatch() as importing:
        rows = stock_import(what, path)
    return {"rows": rows, "seconds": importing.seconds}


def floor(what: str, path: Path) -> Measured:
    from tests.bench.floor import floor_import

    with Stopwatch() as importing:
        rows = floor_import(what, path)
    return {"rows": rows, "seconds": importing.seconds}


@contextmanager
def counted_queries() -> Iterator[list[int]]:
    count = [0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield count


def main(importer: str, *what_and_files: str) -> None:
    django.setup()
    imported = {"prepare": prepare, "ours": ours, "stock": stock, "floor": floor}[importer]
    pairs = zip(what_and_files[::2], what_and_files[1::2], strict=True)
    sys.stdout.write(json.dumps([imported(what, Path(file)) for what, file in pairs]))


if __name__ == "__main__":
    main(*sys.argv[1:])
