"""The files of a run: what was uploaded, and what is given back of it to be corrected."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from statements.importing.drafts import RowResult
from statements.importing.incoming import Incoming, Options
from statements.importing.kinds import kind_named
from statements.importing.outcomes import kept_outcomes
from statements.importing.reading import open_table
from statements.importing.reading.folders import open_archive
from statements.importing.rejects import Again
from statements.models import ImportRun

#: The kind of a run that brings several files, in a ZIP.
ALL = "all"


def files_of(run: ImportRun) -> list[Incoming]:
    """As they were uploaded. Raises FileRefused where a ZIP can't be opened."""
    incoming = Incoming(run.kind, run.file_name, Path(run.file.path))
    return open_archive(incoming) if run.kind == ALL else [incoming]


def write_rows(run: ImportRun, number: int, output: BinaryIO, *, is_rejected: bool) -> str:
    """Write the rejected rows of a file of the run, or its others, and return a name for them.

    The file is read again. Raises LookupError where the run has no such file, OSError and ValueError where it is gone.
    """
    name = run.understood[number]["name"]
    incoming = next(file for file in files_of(run) if file.name == name)
    options = Options.from_json(run.options).of_file(name)
    table = open_table(incoming, options, kind_named(incoming.kind).known_columns())
    again = Again(incoming, table)
    write = again.write_rejected if is_rejected else again.write_others
    write(output, _results_of(run, number))
    word = "rejected" if is_rejected else "others"
    return f"{Path(name).stem}-{word}.{again.ending}"


def _results_of(run: ImportRun, number: int) -> Iterator[RowResult]:
    return (result for result in kept_outcomes(run) if result.file == number)
