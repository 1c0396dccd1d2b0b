"""The benchmark of pages: what it measures is for people to read; how it tells over from within is tested here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.bench import load, page_report, pages, questions
from tests.bench.bounds import BOUNDS, Bound
from tests.bench.measured import Measured, Report
from tests.databases import PROJECT
from tests.test_public_many import fill


def report(*, ratio: float = 2.0, queries: int = 5, share: float = 0.5, seconds: float = 100.0) -> Report:
    """Two sizes; at the larger one as said."""
    small = [
        Measured("speaker, rare", "one filter", 0.01, 1.9, queries=5, bytes=30_000, read=900),
        Measured("the list", "304 on SQLite", 0.001, 0.5),
        Measured("all of it", "rebuild", 10.0),
    ]
    large = [
        Measured("speaker, rare", "one filter", 0.02, ratio, queries=queries, bytes=31_000, read=1000),
        Measured("the list", "304 on SQLite", 0.001, share),
        Measured("all of it", "rebuild", seconds),
    ]
    return Report("sqlite", "a machine", {10_000: small, 100_000: large})


def verdicts(given: Report) -> dict[str, str]:
    return {key[0]: page_report.verdict(given.of(key), BOUNDS[key[0]]) for key in given.cases()}


def test_what_keeps_to_its_bounds_is_within() -> None:
    assert verdicts(report()) == {"one filter": "within", "304 on SQLite": "within", "rebuild": "within"}


@pytest.mark.parametrize(
    ("given", "row", "said"),
    [
        (report(ratio=2.6), "one filter", "over: ratio, growth"),
        (report(ratio=2.49), "one filter", "over: growth"),
        (report(queries=9), "one filter", "over: queries"),
        (report(share=0.19), "304 on SQLite", "over: ratio"),
        (report(seconds=121.0), "rebuild", "over: growth"),
    ],
)
def test_what_is_over_a_bound_says_which(given: Report, row: str, said: str) -> None:
    assert verdicts(given)[row] == said
    table = list(page_report.markdown(given))
    assert [line for line in table if line.endswith("over: 1 of 1 |")] == [
        line for line in table if line.startswith(f"| {BOUNDS[row].title} |")
    ]
    assert any(line.endswith(said) for line in page_report.lines(given))


def test_growth_is_that_of_ten_times_the_rows_whatever_the_sizes() -> None:
    sizes = {1000: Measured("x", "rebuild", 1.0), 5000: Measured("x", "rebuild", 6.0)}
    assert page_report.growth_of(sizes, BOUNDS["rebuild"]) == pytest.approx(12.0)
    assert page_report.growth_of({1000: sizes[1000]}, BOUNDS["rebuild"]) is None


def test_growth_compares_pages_that_show_as_much() -> None:
    """A rare value has three statements at the smallest size, and a whole page of them at the others."""
    sizes = {
        10_000: Measured("x", "one filter", 0.01, 0.6, bytes=31_000),
        100_000: Measured("x", "one filter", 0.01, 1.5, bytes=150_000),
        1_000_000: Measured("x", "one filter", 0.01, 1.8, bytes=151_000),
    }
    assert page_report.growth_of(sizes, BOUNDS["one filter"]) == pytest.approx(1.2)
    assert page_report.growth_of({size: sizes[size] for size in (10_000, 100_000)}, BOUNDS["one filter"]) is None


def test_a_bound_says_itself_in_words() -> None:
    assert Bound("x", most=2.5, grows=1.3).words == "at most 2.5 x, growth 1.3 x"
    assert Bound("x", least=0.2).words == "at least 20%"
    assert Bound("x").words == "none"


def test_two_files_are_compared_and_what_got_worse_is_marked(tmp_path: Path) -> None:
    for name, given in (("old", report()), ("new", report(ratio=2.5, queries=7, share=0.3))):
        given.write(tmp_path / name)
        assert Report.read(tmp_path / name) == given
    command = [sys.executable, "-m", "tests.bench.pages", "--compare", tmp_path / "old", tmp_path / "new"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    header, *lines, last = done.stdout.splitlines()
    assert header.split() == ["size", "old", "new", "new/old"]
    assert [line[58:].split() for line in lines] == [
        ["10,000", "1.90", "x", "1.90", "x", "1.00"],
        ["100,000", "2.00", "x", "2.50", "x", "1.25", "WORSE", "more", "queries:", "5", "to", "7"],
        ["10,000", "50%", "50%", "1.00"],
        ["100,000", "50%", "30%", "0.60", "WORSE"],
        ["10,000", "10.0", "s", "10.0", "s", "1.00"],
        ["100,000", "100.0", "s", "100.0", "s", "1.00"],
    ]
    assert last == "2 got worse by more than 20%."


def test_the_check_names_what_is_over_and_looks_at_no_clock() -> None:
    assert pages.offences(report(ratio=99.0, share=0.0, seconds=9999.0)) == []
    assert pages.offences(report(queries=9)) == [
        "list, one filter, any order: speaker, rare: 100,000 statements: 9 queries, at most 8"
    ]


def test_the_benchmark_asks_the_same_of_the_same_data(importer: User, reviewer: User) -> None:
    fill(30, by=importer, published_by=reviewer)
    found = questions.look()
    assert found.total == 30
    assert (found.values["issuer"].common, found.values["demand"].common) == ("office-0", "release")
    assert found.most["sources"] == "example-org-0"
    asked = list(questions.combined(found))
    assert asked == list(questions.combined(questions.look()))
    assert len(dict(asked)) == len(asked)
    for group in (questions.single, questions.searches, questions.ranked, questions.others):
        assert len(list(group(found))) == len(dict(group(found))), group


def test_memory_is_flat_when_its_last_third_is_like_its_first() -> None:
    steady = [(float(at), 100.0 if at >= 10 else 20.0) for at in range(101)]
    growing = [(float(at), 100.0 + at) for at in range(101)]
    assert load.thirds(steady) == pytest.approx((100.0, 100.0))
    for memory, is_flat in ((steady, True), (growing, False)):
        log = load.Log(seconds={"list": [0.1, 0.1, 0.1, 0.4]}, memory=memory)
        found = load.summary(log, engine="sqlite", statements=10, minutes=1)
        assert found.is_flat == is_flat
        text = "\n".join(load.lines(found))
        assert re.search(r"\nlist +4 +100 ms +\d\.\d x\n", text)
        assert "errors: 0" in text


def test_the_benchmark_makes_its_data_and_prints_every_bound(tmp_path: Path) -> None:
    engine = connection.vendor
    command = [sys.executable, "-m", "tests.bench.pages", "--statements", "60", "--engine", engine, "--rounds", "1"]
    done = subprocess.run(
        [*command, "--markdown", "--json", tmp_path / "file"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = Report.read(tmp_path / "file")
    assert (found.engine, list(found.sizes)) == (engine, [60])
    other = {"sqlite": "304 on PostgreSQL", "postgresql": "304 on SQLite"}[engine]
    assert {row for row, _name in found.cases()} == BOUNDS.keys() - {other}
    table = done.stdout.split("\n\n")[1]
    assert len(table.splitlines()) == 2 + len(BOUNDS) - 1
    assert all(one.times > 0 for one in found.sizes[60] if one.row not in ("rebuild", "memory")), found.sizes[60]


def test_the_benchmark_prints_how_an_address_is_answered() -> None:
    command = [sys.executable, "-m", "tests.bench.pages", "--statements", "60", "--engine", connection.vendor]
    done = subprocess.run(
        [*command, "--plans", "/statements/?has_count=true&sort=issued"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    first, *lines = done.stdout.splitlines()
    assert first == f"{connection.vendor}, 60 statements: /statements/?has_count=true&sort=issued"
    queries = [line for line in lines if not line.startswith("    ")]
    assert len(queries) >= 4
    assert all(re.fullmatch(r"FROM .+ \([\d,]+ read\)", line) for line in queries), queries
    assert "statements_entryfacets" in "".join(queries)
    assert len(lines) >= 2 * len(queries)
