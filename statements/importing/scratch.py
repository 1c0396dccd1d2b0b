"""Where a run keeps what does not belong into memory: a database of its own that nobody else sees.

A file of 100,000 rows is read, sorted by statement, planned and written a batch at a time. In between its rows, what
became of them and what is to be written stand in a temporary SQLite file, which its connection deletes.
"""

import io
import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from statements import json_text
from statements.importing.drafts import Outcome, RowResult
from statements.importing.reading import Row

ROWS_A_BATCH = 500

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE rows (position INTEGER PRIMARY KEY, file, line, statement, key, cells, faults);
    CREATE TABLE statements (statement PRIMARY KEY, batch) WITHOUT ROWID;
    CREATE TABLE results (file, line, outcome, is_warned, result, PRIMARY KEY (file, line)) WITHOUT ROWID;
    CREATE TABLE work (position INTEGER PRIMARY KEY, rows, blob);
"""

#: The rows of a batch by file, each with the slug of the statement to which it belongs.
Batch = dict[int, list[tuple[str, Row]]]

#: By class, a function from an instance to (a function of this module, its arguments), as copyreg has it.
Reducers = Mapping[type, Callable[[Any], Any]]


class StoredResult(NamedTuple):
    """What is kept of a row: a RowResult as JSON, and what is asked of many at once."""

    outcome: str
    is_warned: bool
    json: bytes


class Scratch:
    def __init__(self) -> None:
        # A blank name is a temporary file that goes with the connection.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    # Rows, by the statement to which they belong ---------------------------------------------------------------------

    def add_rows(self, file: int, header: Sequence[str], rows: Iterable[tuple[Row, str, str]]) -> None:
        """``rows`` are (row, slug of its statement, its key)."""
        self._database.executemany(
            "INSERT INTO rows (file, line, statement, key, cells, faults) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    file,
                    row.line,
                    statement,
                    key,
                    json_text.written([row.cells.get(name, "") for name in header]),
                    json_text.written(row.faults) if row.faults else None,
                )
                for row, statement, key in rows
            ),
        )

    def keys(self, file: int) -> Iterator[list[str]]:
        """The keys that a file names, a batch at a time."""
        cursor = self._database.execute("SELECT DISTINCT key FROM rows WHERE file = ? AND key != ''", [file])
        while batch := cursor.fetchmany(ROWS_A_BATCH):
            yield [key for (key,) in batch]

    def keys_in_several_statements(self, file: int) -> list[str]:
        found = self._database.execute(
            "SELECT key FROM rows WHERE file = ? AND key != '' GROUP BY key HAVING COUNT(DISTINCT statement) > 1",
            [file],
        )
        return [key for (key,) in found]

    def statements_of_key(self, file: int, key: str) -> list[str]:
        found = self._database.execute("SELECT DISTINCT statement FROM rows WHERE file = ? AND key = ?", [file, key])
        return [statement for (statement,) in found]

    def index(self) -> None:
        """Once all rows are there; before they are looked for."""
        self._database.execute("CREATE INDEX rows_by_key ON rows (file, key) WHERE key != ''")
        self._database.execute("CREATE INDEX rows_by_statement ON rows (statement)")

    def join(self, statement: str, other: str) -> None:
        """What belongs to one of two statements is planned together with the other."""
        self._database.execute("UPDATE rows SET statement = ? WHERE statement = ?", [other, statement])

    def sort(self, depth_of: dict[str, int], *, statements_a_batch: int) -> int:
        """Put the statements into batches, in the order of the files, those that others relate to before those.
        Returns the number of batches.
        """
        found: list[tuple[int, int, str]] = [
            (depth_of.get(statement, 0), first, statement)
            for statement, first in self._database.execute(
                "SELECT statement, MIN(position) FROM rows GROUP BY statement"
            )
        ]
        found.sort()
        self._database.executemany(
            "INSERT INTO statements VALUES (?, ?)",
            ((statement, place // statements_a_batch) for place, (_depth, _first, statement) in enumerate(found)),
        )
        self._database.execute("CREATE INDEX statements_by_batch ON statements (batch)")
        return -(-len(found) // statements_a_batch)

    def batch(self, number: int, headers: Sequence[Sequence[str]]) -> Batch:
        """The rows of a batch by file, each file's in its own order, with the slugs of their statements."""
        rows: Batch = {}
        found = self._database.execute(
            "SELECT statement, file, line, cells, faults FROM statements JOIN rows USING (statement) WHERE batch = ? "
            "ORDER BY file, position",
            [number],
        )
        for statement, file, line, cells, faults in found:
            given = dict(zip(headers[file], json_text.read(cells), strict=True))
            row = Row(line, given, json_text.read(faults) if faults else {})
            rows.setdefault(file, []).append((statement, row))
        return rows

    # What became of the rows -----------------------------------------------------------------------------------------

    def add_results(self, results: Iterable[RowResult]) -> None:
        self._database.executemany(
            "INSERT INTO results VALUES (?, ?, ?, ?, ?)",
            (
                (
                    result.file,
                    result.line,
                    str(result.outcome),
                    bool(result.notices),
                    json_text.written(result.as_json()),
                )
                for result in results
            ),
        )

    def results(self, outcome: Outcome | None = None, *, is_warned: bool = False) -> Iterator[RowResult]:
        """Those of an outcome, or with a notice, or all; in the order of the files and lines."""
        found = self._database.execute(
            "SELECT result FROM results WHERE (outcome = ?1 OR ?1 IS NULL) AND is_warned >= ?2 ORDER BY file, line",
            [outcome and str(outcome), is_warned],
        )
        return (RowResult.from_json(json_text.read(stored)) for (stored,) in found)

    def stored_results(self) -> Iterator[StoredResult]:
        """In the order of the files and lines."""
        found = self._database.execute("SELECT outcome, is_warned, result FROM results ORDER BY file, line")
        return (StoredResult(outcome, bool(is_warned), result) for outcome, is_warned, result in found)

    # What is to be written -------------------------------------------------------------------------------------------

    def add_work(self, work: Sequence[Any], reducers: Reducers) -> None:
        """``reducers`` tell how instances of some classes are kept: see ``kept`` and ``as_it_is``."""
        output = io.BytesIO()
        pickler = pickle.Pickler(output, protocol=pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = reducers
        pickler.dump(work)
        self._database.execute("INSERT INTO work (rows, blob) VALUES (?, ?)", [len(work), output.getvalue()])

    def work(self, look_up: Callable[..., Any]) -> Iterator[Any]:
        """What ``add_work`` was given, batch by batch; ``look_up`` is asked for what ``kept`` stands for."""
        for (blob,) in self._database.execute("SELECT blob FROM work ORDER BY position"):
            yield _Unpickler(blob, look_up).load()


def kept(*_place: Any) -> Any:
    """Stands for what is not kept with the work but looked up again when it is written."""
    raise NotImplementedError


def as_it_is(model: Any, state: dict[str, Any]) -> Any:
    """An instance with this state: a tenth of what copying, checking and setting each field costs."""
    instance = model.__new__(model)
    instance.__dict__ = state
    return instance


class _Unpickler(pickle.Unpickler):
    """Reads only what this process itself has just written."""

    def __init__(self, blob: bytes, look_up: Callable[..., Any]) -> None:
        super().__init__(io.BytesIO(blob))
        self._look_up = look_up

    def find_class(self, module: str, name: str) -> Any:
        return self._look_up if (module, name) == (__name__, kept.__name__) else super().find_class(module, name)
