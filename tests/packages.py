"""The public data set in tests: its files, their rows, and what the standard's own validator says of them."""

import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from statements.record.datapackage import descriptor, in_bytes
from statements.record.package import write_tables
from statements.record.tables import PACKAGE, TABLES

NAMES = [table.file_name for table in TABLES]


def public_files() -> dict[str, bytes]:
    """File name -> content."""
    with tempfile.TemporaryDirectory() as folder:
        copy = write_tables(Path(folder))
        files = {name: (Path(folder) / name).read_bytes() for name in NAMES}
    return {**files, PACKAGE: in_bytes(descriptor(copy))}


def tables_of(files: Mapping[str, bytes]) -> dict[str, list[dict[str, str]]]:
    """The rows of each table, by its name."""
    found = {name.removesuffix(".csv"): content.decode() for name, content in files.items() if name.endswith(".csv")}
    return {name: list(csv.DictReader(io.StringIO(content, newline=""))) for name, content in found.items()}


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Returns where the description of the package is."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / PACKAGE


def validated(package: Path) -> dict[str, int]:
    """How many rows the validator of the standard read of each table. Fails where it finds a mistake. In a process of
    its own: what it imports warns, and here a warning is an error.
    """
    command = [sys.executable, "-m", "frictionless", "validate", package.name, "--json"]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["valid"]
    assert not report["warnings"]
    return {task["name"]: task["stats"].get("rows", 0) for task in report["tasks"]}
