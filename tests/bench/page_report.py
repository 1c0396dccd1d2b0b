"""What the benchmark of pages prints: ratios beside their bounds, a summary for each bound, and what changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.bench.bounds import BOUNDS, Bound
from tests.bench.measured import Measured, Report

#: What got worse by more than this part is marked.
WORSE = 0.2

#: What no clock has a part in.
COUNTED = ("queries", "bytes", "read")

#: Of a page that has less than this part of the bytes of the largest size, other rows were shown: most of a rare
#: value, of which there is no whole page at 10,000 statements.
LIKE = 0.9

_TEN = 10


def lines(report: Report) -> Iterator[str]:
    """Every case, under its bound."""
    yield f"{report.engine}; {report.machine}"
    sizes = list(report.sizes)
    for row in dict.fromkeys(row for row, _name in report.cases()):
        bound = BOUNDS[row]
        yield ""
        yield f"{bound.title} (bound: {bound.words})"
        header = "".join(f"{size:>12,}" for size in sizes)
        yield f"  {'':<44}{header}{'growth':>9}{'queries':>9}{'bytes':>10}{'read':>9}"
        for key in report.cases():
            if key[0] == row:
                yield _line(key[1], report.of(key), sizes, bound)


def _line(name: str, by_size: Mapping[int, Measured], sizes: Sequence[int], bound: Bound) -> str:
    last = by_size[max(by_size)]
    ratios = "".join(f"{_ratio(by_size[size], bound) if size in by_size else '':>12}" for size in sizes)
    growth = growth_of(by_size, bound)
    numbers = (f"{number:,}" if number >= 0 else "" for number in (last.queries, last.bytes, last.read))
    queries, size, read = numbers
    grown = f"{growth:.2f} x" if growth is not None else ""
    return f"  {name[:43]:<44}{ratios}{grown:>9}{queries:>9}{size:>10}{read:>9}  {verdict(by_size, bound)}".rstrip()


def _ratio(one: Measured, bound: Bound) -> str:
    """Blank where no clock was asked."""
    if not one.seconds:
        return ""
    if bound.linear is not None:
        return f"{one.seconds:,.1f} s"
    return f"{one.times:.0%}" if bound.least is not None else f"{one.times:.2f} {bound.unit}"


def growth_of(by_size: Mapping[int, Measured], bound: Bound) -> float | None:
    """From the smallest size that shows as much to the largest; of what is linear the most for ten times the rows. None
    of one size.
    """
    most = by_size[max(by_size)].bytes
    ordered = [by_size[size] for size in sorted(by_size) if not 0 <= by_size[size].bytes < LIKE * most]
    if len(ordered) < 2:
        return None
    if bound.linear is None:
        return ordered[-1].times / ordered[0].times if ordered[0].times else None
    pairs = zip(sorted(by_size), sorted(by_size)[1:], strict=False)
    return max(_for_ten_times(by_size[few].seconds, by_size[many].seconds, many / few) for few, many in pairs)


def _for_ten_times(few: float, many: float, times: float) -> float:
    return many / few * _TEN / times if few else 0.0


def over(by_size: Mapping[int, Measured], bound: Bound) -> list[str]:
    """What is over its bound, of the ratios at the largest size, and of the numbers at any."""
    last = by_size[max(by_size)]
    growth = growth_of(by_size, bound)
    found = []
    if bound.most is not None and last.times > bound.most:
        found.append("ratio")
    if bound.least is not None and last.times < bound.least:
        found.append("ratio")
    if growth is not None and growth > (bound.linear or bound.grows or float("inf")):
        found.append("growth")
    counted = {name for one in by_size.values() for name in counted_over(one, bound)}
    return found + [name for name in COUNTED if name in counted]


def counted_over(one: Measured, bound: Bound) -> dict[str, str]:
    """Of what no clock has a part in: in words how much there is of what is over its bound."""
    pairs = {name: (getattr(one, name), getattr(bound, name)) for name in COUNTED}
    return {
        name: f"{number:,} {name}, at most {most:,}"
        for name, (number, most) in pairs.items()
        if most is not None and number > most
    }


def verdict(by_size: Mapping[int, Measured], bound: Bound) -> str:
    if bound == Bound(bound.title):
        return ""
    found = over(by_size, bound)
    return f"over: {', '.join(found)}" if found else "within"


def markdown(report: Report) -> Iterator[str]:
    """A line for each bound: the worst case of each size, and by name that of the largest."""
    sizes = list(report.sizes)
    yield f"{report.engine}; {report.machine}"
    yield ""
    yield f"| | bound | {' | '.join(f'{size:,}' for size in sizes)} | growth | queries | KB | worst | |"
    yield f"|---|---|{'---|' * len(sizes)}---|---|---|---|---|"
    for row in dict.fromkeys(row for row, _name in report.cases()):
        bound = BOUNDS[row]
        cases = [report.of(key) for key in report.cases() if key[0] == row]
        yield f"| {' | '.join([bound.title, bound.words, *_worst(cases, sizes, bound)])} |"


def _worst(cases: Sequence[Mapping[int, Measured]], sizes: Sequence[int], bound: Bound) -> Iterator[str]:
    worst = min if bound.least is not None else max
    for size in sizes:
        of_size = [by_size[size] for by_size in cases if size in by_size]
        yield _ratio(worst(of_size, key=_key(bound)), bound) if of_size else ""
    growths = [growth for by_size in cases if (growth := growth_of(by_size, bound)) is not None]
    yield f"{max(growths):.2f} x" if growths else ""
    last = [by_size[max(by_size)] for by_size in cases]
    most_queries, most_bytes = max(one.queries for one in last), max(one.bytes for one in last)
    yield str(most_queries) if most_queries >= 0 else ""
    yield f"{most_bytes / 1000:,.0f}" if most_bytes >= 0 else ""
    yield worst(last, key=_key(bound)).name
    found = [by_size for by_size in cases if verdict(by_size, bound).startswith("over")]
    if bound == Bound(bound.title):
        yield ""
    else:
        yield f"over: {len(found)} of {len(cases)}" if found else "within"


def _key(bound: Bound) -> Callable[[Measured], float]:
    return (lambda one: one.seconds) if bound.linear is not None else (lambda one: one.times)


def compared(old: Report, new: Report) -> Iterator[str]:
    """A line for each case and size that both have: the ratios, how they relate, and a mark where it got worse."""
    yield f"{'':<58}{'size':>10}{'old':>10}{'new':>10}{'new/old':>9}"
    worse = 0
    for key in new.cases():
        bound, before, after = BOUNDS[key[0]], old.of(key), new.of(key)
        for size in sorted(before.keys() & after.keys()):
            mark = " ".join(_worse(before[size], after[size], bound))
            worse += bool(mark)
            ratio = _change(before[size], after[size], bound)
            shown = f"{_ratio(before[size], bound):>10}{_ratio(after[size], bound):>10}{ratio:>9.2f}"
            yield f"{key[0]}: {key[1]}"[:57].ljust(58) + f"{size:>10,}{shown}  {mark}".rstrip()
    yield f"{worse} got worse by more than {WORSE:.0%}." if worse else f"Nothing got worse by more than {WORSE:.0%}."


def _change(old: Measured, new: Measured, bound: Bound) -> float:
    before, after = (_key(bound)(one) for one in (old, new))
    return after / before if before else float("inf") if after else 1.0


def _worse(old: Measured, new: Measured, bound: Bound) -> Iterator[str]:
    change = _change(old, new, bound)
    if (1 / change if bound.least is not None and change else change) > 1 + WORSE:
        yield "WORSE"
    for name in COUNTED:
        before, after = getattr(old, name), getattr(new, name)
        if before >= 0 and after > before * (1 + WORSE):
            yield f"more {name}: {before:,} to {after:,}"
