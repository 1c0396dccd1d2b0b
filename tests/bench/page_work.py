"""The benchmark of pages at one size, in a process of its own: ``python -m tests.bench.page_work OPTIONS``.

It works with the database of the environment and writes what it measured as JSON. OPTIONS is JSON, too: ``rounds``,
``is_timed``, ``kinds`` (parts of KINDS), ``static`` (the folder of the static files).
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import StringIO
from statistics import median
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

from tests.bench.bounds import BOUNDS, FLOOR
from tests.bench.measured import Measured
from tests.bench.work import Stopwatch, counted_queries

if TYPE_CHECKING:
    from tests.bench.cases import Case, Run

KINDS = ("pages", "desk", "writing", "rebuild")

_WARM_UP = 2
#: The floor is measured once for so many cases of a round.
_CASES_A_FLOOR = 8
#: What takes longer than this, in seconds, has fewer rounds.
_SLOW, _ROUNDS_OF_SLOW = 1.0, 3


def measure(cases: Sequence["Case"], floor: "Run", *, rounds: int) -> list[Measured]:
    """The cases one after the other, round after round, the floor among them; each as the median of its rounds."""
    seconds: dict[int, list[float]] = {index: [] for index in range(len(cases))}
    floors: list[float] = []
    first = {
        index: max(_timed(case.run) for _again in range(min(_WARM_UP, rounds))) for index, case in enumerate(cases)
    }
    for _again in range(_WARM_UP):
        _timed(floor)
    for number in range(rounds):
        floors.append(_timed(floor))
        for index, case in enumerate(cases):
            if index and index % _CASES_A_FLOOR == 0:
                floors.append(_timed(floor))
            if first[index] < _SLOW or number < _ROUNDS_OF_SLOW:
                seconds[index].append(_timed(case.run))
        sys.stderr.write(f"\r  round {number + 1} of {rounds}")
    sys.stderr.write("\n")
    of_floor = median(floors)
    medians = {case.name: median(seconds[index]) for index, case in enumerate(cases) if case.row == "one filter"}
    found = [Measured("the floor", FLOOR, of_floor, times=1.0)]
    for index, case in enumerate(cases):
        own = median(seconds[index])
        beside = of_floor if case.beside == FLOOR else medians[case.beside]
        found.append(Measured(case.name, case.row, own, own / beside, case.beside))
    return found


def _timed(run: "Run") -> float:
    watch = Stopwatch()
    run(watch)
    return watch.seconds


def count(cases: Sequence["Case"], floor: "Run") -> list[Measured]:
    """What no clock has a part in: queries, bytes and, of pages, what they read."""
    found = [Measured("the floor", FLOOR, 0.0, queries=0, bytes=floor(Stopwatch()))]
    for case in cases:
        case.run(Stopwatch())  # what is remembered is remembered now
        with counted_queries() as queries:
            size = case.run(Stopwatch())
        read = _read(case) if case.is_page and BOUNDS[case.row].read is not None else -1
        found.append(Measured(case.name, case.row, 0.0, 0.0, case.beside, queries[0], size or -1, read))
    return found


def _read(case: "Case") -> int:
    from tests.bench.plans import explained

    with explained() as plans:
        case.run(Stopwatch())
    return sum(plan.work for plan in plans)


def _cases(kinds: Sequence[str]) -> Iterator["Case"]:
    from django.contrib.auth.models import User

    from tests.bench import cases, desk_cases, questions

    found = questions.look()
    if "pages" in kinds:
        yield from cases.pages(found)
    if "desk" in kinds:
        yield from cases.desk(found, User(pk=0, username="benchmark", is_superuser=True, is_staff=True, is_active=True))
    if "writing" in kinds:
        yield from desk_cases.writing()


def _rebuilt() -> Measured:
    watch = Stopwatch()
    with watch:
        call_command("rebuild_record", stdout=StringIO())
    return Measured("all of it", "rebuild", watch.seconds, beside="")


def main(given: str) -> None:
    options: dict[str, Any] = json.loads(given)
    os.environ["STATIC_ROOT"] = options["static"]
    django.setup()
    from tests.bench.cases import floor

    cases = list(_cases(options["kinds"]))
    run = floor()
    found = count(cases, run)
    if options["is_timed"]:
        timed = measure(cases, run, rounds=options["rounds"])
        for one, other in zip(found, timed, strict=True):
            one.seconds, one.times = other.seconds, other.times
    if "rebuild" in options["kinds"]:
        found.append(_rebuilt())
    sys.stdout.write(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main(*sys.argv[1:])
