"""What the benchmark of imports prints: speeds and ratios, and beside each what is to be reached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

#: What one import took: see ``work``.
Measured = dict[str, float]

#: Each file is brought in twice.
PASSES = ("fresh", "again")

#: To be reached: so many times the stock resource, and this part of the floor; without versions, this part.
GOALS = {"fresh": (6, 0.30, 0.40), "again": (15, 0.75, 0.75)}
MOST_PREVIEW = 2.0  # of the time of the import
MOST_GROWTH = 100  # MB, from 1,000 rows on

_ROWS_A_BATCH = 500  # of ours


@dataclass(frozen=True)
class Found:
    """What was measured of a KIND, by importer and pass."""

    kind: str
    measured: Mapping[str, Mapping[str, Measured]]


def lines(found: Found) -> Iterator[str]:
    few = found.measured["few"]["fresh"]
    for which in PASSES:
        by = {name: measured[which] for name, measured in found.measured.items() if name != "few"}
        yield from ("", f"{found.kind}, {which}")
        yield from _speeds(by, *GOALS[which])
        yield from _costs(by["ours"], few)


def _speeds(by: Mapping[str, Measured], of_stock: float, of_floor: float, without_versions: float) -> Iterator[str]:
    ours = by["ours"]
    speed, times, part = _speed(ours), _speed(ours) / _speed(by["stock"]), _speed(ours) / _speed(by["floor"])
    yield _line("ours", f"{speed:,.0f} rows/s", f"{ours['unchanged']:,} rows unchanged")
    yield _line("stock", f"{_speed(by['stock']):,.0f} rows/s")
    yield _line("ours to stock", f"{times:.1f} times", _goal(f"at least {of_stock}", times >= of_stock))
    yield _line("floor", f"{_speed(by['floor']):,.0f} rows/s")
    yield _line("ours to floor", f"{part:.1%}", _goal(f"at least {of_floor:.0%}", part >= of_floor))
    part *= ours["seconds"] / (ours["seconds"] - ours["versions"])
    is_reached = part >= without_versions
    yield _line("without versions, to floor", f"{part:.1%}", _goal(f"at least {without_versions:.0%}", is_reached))
    for name, measured in by.items():
        if "own table" in name:
            ratio = speed / _speed(measured)
            shown = f"{ratio:.1f} times" if name.startswith("stock") else f"{ratio:.1%}"
            yield _line(name, f"{_speed(measured):,.0f} rows/s", f"ours: {shown}")


def _costs(ours: Measured, few: Measured) -> Iterator[str]:
    plan, preview = (ours[name] / ours["seconds"] for name in ("plan", "preview"))
    yield _line("plan to import", f"{plan:.2f} of its time")
    yield _line(
        "preview to import", f"{preview:.2f} of its time", _goal(f"at most {MOST_PREVIEW:g}", preview <= MOST_PREVIEW)
    )
    growth = ours["peak"] - few["peak"]
    yield _line(
        "memory", f"{growth:+.0f} MB, to {ours['peak']:.0f}", _goal(f"at most +{MOST_GROWTH}", growth <= MOST_GROWTH)
    )
    queries, of_few = (measured["queries"] / ceil(measured["rows"] / _ROWS_A_BATCH) for measured in (ours, few))
    goal = _goal(f"at most the {of_few:.1f} of 1,000 rows", queries <= of_few)
    yield _line("queries a batch", f"{queries:.1f}", goal)


def _speed(measured: Measured) -> float:
    return measured["rows"] / measured["seconds"]


def _line(name: str, value: str, more: str = "") -> str:
    return f"  {name:<28}{value:>22}  {more}".rstrip()


def _goal(goal: str, is_reached: bool) -> str:
    return f"goal: {goal}: {'reached' if is_reached else 'not reached'}"
