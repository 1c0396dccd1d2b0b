"""The benchmarks run and print what they promise. What they measure is for people to read, not for a test."""

import re
import subprocess
import sys

from django.db import connection

from tests.databases import PROJECT

SECTIONS = ["statements, fresh", "statements, again", "counts, fresh", "counts, again"]
COMPARED = ["ours", "stock", "ours to stock", "floor", "ours to floor", "without versions, to floor"]
OWN_TABLE = ["stock, own table", "floor, own table"]
COSTS = ["plan to import", "preview to import", "memory", "queries a batch"]
WITH_A_GOAL = {*COMPARED[2:3], *COMPARED[4:], *COSTS[1:]}


def test_the_benchmark_of_imports_prints_every_figure_and_its_goal() -> None:
    command = [sys.executable, "-m", "tests.bench.importing", "--rows", "60", "--sample", "30"]
    done = subprocess.run([*command, "--database", connection.vendor], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    heading, *sections = done.stdout.rstrip("\n").split("\n\n")
    assert heading.startswith(f"60 rows, stock 30; {connection.vendor}; Python 3.")
    assert [section.splitlines()[0] for section in sections] == SECTIONS
    for section in sections:
        _title, *lines = section.splitlines()
        found = [re.match(r"  (.+?) +[+-]?[\d,.]+(%|\b)", line) for line in lines]
        names = [match[1] for match in found if match]
        assert names == COMPARED + (OWN_TABLE if section.startswith("statements") else []) + COSTS, section
        with_goals = {
            name for name, line in zip(names, lines, strict=True) if re.search(r"goal: .*: (not )?reached$", line)
        }
        assert with_goals == WITH_A_GOAL, section
