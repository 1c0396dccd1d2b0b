"""Many people at once for some minutes: readers, an editor with a reviewer, and imports, at a site under Gunicorn.

    python -m tests.bench.load [--minutes 10] [--statements 100000] [--engine sqlite|postgresql] [--data FOLDER]
        [--readers 4] [--json FILE]

Readers ask for lists, filters, searches, statements, other pages and files; an editor logs in, changes statements and
submits them in the admin, a reviewer publishes them there; meanwhile `import_csv` brings in statements, again and
again. It works on a copy of the data set. What it says of each kind of request: how many, the median, the slowest
tenth in times of the median; of the workers: their memory. It ends with exit code 1 after any error (a connection that
broke, an answer other than the one that was expected, an import that failed) and where memory grew.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.bench import people
from tests.bench.pages import collect, machine, place_of
from tests.bench.serving import Site, serving
from tests.databases import Database
from tests.postgres import cluster

#: Between two looks at the memory, in seconds.
_LOOK_EVERY = 1.0
#: Memory is flat when the mean of the last third is at most so much more than that of the first.
MOST_GROWTH = 0.10
#: In the first of ten parts of the time processes load what they need.
_WARM_UP = 0.1


@dataclass
class Log:
    """What happened, from all threads. ``memory``: seconds since the beginning, and MB of all workers together."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def timed(self, kind: str) -> Any:
        """One request or command. What it raises is an error of the site."""
        begun = time.perf_counter()
        try:
            yield
        except (OSError, people.Failed) as error:
            with self._lock:
                self.errors.append(f"{kind}: {type(error).__name__}: {error}")
        else:
            with self._lock:
                self.seconds.setdefault(kind, []).append(time.perf_counter() - begun)


def run(site: Site, database: Database, prepared: dict[str, Any], *, seconds: float, readers: int, folder: Path) -> Log:
    log, stop = Log(), threading.Event()
    work: list[Callable[[], None]] = [
        people.Reader(site.port, prepared["addresses"], seed=number).one_after_the_other(log, stop)
        for number in range(readers)
    ]
    work.append(people.Desk(site.port, prepared["statements"]).one_after_the_other(log, stop))
    work.append(people.Importer(database, folder).one_after_the_other(log, stop))
    work.append(lambda: _watch(site, log, stop))
    threads = [threading.Thread(target=one, daemon=True) for one in work]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < seconds and site.process.poll() is None:
        sys.stderr.write(f"\r  {passed:,.0f} of {seconds:,.0f} s, {len(log.errors)} errors ")
        time.sleep(min(1.0, seconds))
    sys.stderr.write("\n")
    stop.set()
    for thread in threads:
        thread.join(timeout=120)
    if any(thread.is_alive() for thread in threads):
        log.errors.append("Something was still waiting for its answer two minutes after the end.")
    if site.process.poll() is not None:
        log.errors.append("Gunicorn stopped.")
    return log


def _watch(site: Site, log: Log, stop: threading.Event) -> None:
    begun = time.monotonic()
    first = site.workers
    while not stop.wait(_LOOK_EVERY):
        workers = site.workers
        if workers != first:
            log.errors.append(f"A worker ended: {first} were {workers} after {time.monotonic() - begun:.0f} s.")
            first = workers
        log.memory.append((time.monotonic() - begun, sum(map(_resident, workers))))


def _resident(process: int) -> float:
    """MB of a process."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


@dataclass(frozen=True)
class Summary:
    """``kinds``: number, median in seconds, and the slowest tenth (its beginning) in times of the median."""

    engine: str
    machine: str
    statements: int
    minutes: float
    kinds: dict[str, tuple[int, float, float]]
    memory: tuple[float, float]
    errors: list[str]

    @property
    def is_flat(self) -> bool:
        first, last = self.memory
        return last <= first * (1 + MOST_GROWTH)


def summary(log: Log, *, engine: str, statements: int, minutes: float) -> Summary:
    kinds = {kind: (len(times), median(times), _slowest_tenth(times)) for kind, times in sorted(log.seconds.items())}
    return Summary(engine, machine(), statements, minutes, kinds, thirds(log.memory), log.errors)


def _slowest_tenth(times: list[float]) -> float:
    return quantiles(times, n=10, method="inclusive")[-1] / median(times) if len(times) > 1 else 1.0


def thirds(memory: list[tuple[float, float]]) -> tuple[float, float]:
    """The mean memory of the first and of the last third of the time, without its beginning."""
    if not memory:
        return 0.0, 0.0
    end = memory[-1][0]
    after = [(at, size) for at, size in memory if at >= end * _WARM_UP] or memory
    begin = after[0][0]
    third = (end - begin) / 3
    parts = ([s for at, s in after if at <= begin + third], [s for at, s in after if at >= end - third])
    first, last = (sum(part) / len(part) for part in parts)
    return first, last


def lines(found: Summary) -> list[str]:
    first, last = found.memory
    heading = f"{found.engine}; {found.statements:,} statements; {found.minutes:g} minutes; {found.machine}"
    table = [f"{'':<24}{'number':>9}{'median':>12}{'slowest tenth':>16}"]
    for kind, (number, middle, slowest) in found.kinds.items():
        table.append(f"{kind:<24}{number:>9,}{middle * 1000:>9,.0f} ms{slowest:>14.1f} x")
    flat = "flat" if found.is_flat else "it grew"
    memory = f"memory of the workers: {first:,.0f} MB in the first third, {last:,.0f} MB in the last: {flat}"
    return [heading, "", *table, "", memory, f"errors: {len(found.errors)}", *found.errors[:20]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--data", help="keep the data set: SQLite's in this folder")
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--json", help="write the summary to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        try:
            found = _loaded(options, Path(temporary))
        finally:
            cluster.stop()
    if options.json:
        Path(options.json).write_text(json.dumps(vars(found), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join([*lines(found), ""]))
    sys.exit(1 if found.errors or not found.is_flat else 0)


def _loaded(options: argparse.Namespace, folder: Path) -> Summary:
    place = place_of(options, folder)
    with place.of(options.statements) as kept:
        database = kept.copy(server=place.server, folder=folder)
    try:
        static = collect(database, folder)
        prepared = json.loads(database.run("-m", "tests.bench.load_data"))
        with serving(database, static=static, log=folder / "log") as site:
            how: dict[str, Any] = {"seconds": options.minutes * 60, "readers": options.readers, "folder": folder}
            log = run(site, database, prepared, **how)
        written = (folder / "log").read_text(encoding="utf-8", errors="replace")
        log.errors += [line for line in written.splitlines() if " ERROR " in line or " CRITICAL " in line]
        return summary(log, engine=options.engine, statements=options.statements, minutes=options.minutes)
    finally:
        if place.server:
            database.drop(server=place.server)


if __name__ == "__main__":
    main()
