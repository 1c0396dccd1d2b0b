"""Imports that are killed, and imports at the same time, leave the data exactly as before or exactly as after.

They are processes with a database of their own: a file, or one on the server where the tests run on PostgreSQL. How far
they are is seen from outside, by what the database tells another connection.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from statements.importing.progress import STALE_SECONDS
from tests.bench import files
from tests.databases import Database

#: Where tests make databases on PostgreSQL; blank with SQLite: the plugin tests.postgres sees to that.
SERVER = os.environ.get("DATABASE_URL", "")

STORED, ROWS = 520, 1040  # each more than a batch
MUCH = 500_000  # bytes: a part of what is written before it is committed
LONGEST = 120  # seconds that a test waits for anything

#: What is told of runs, which is more than what they did to the data.
HISTORY = {"statements_importrun", "statements_runrows"}

IMPORT = ("manage.py", "import_csv", "statements")
NOTICE_STOPPED = "from statements.importing.runs import notice_stopped; notice_stopped()"
WRITTEN = "written"
OUTDATED = "The desk has changed since these files were checked. Nothing was written. Import them again."


@dataclass(frozen=True)
class Desk:
    """``prepared`` holds some statements. ``file`` changes them and brings others, which takes about so many seconds;
    ``after`` is the desk's export then.
    """

    folder: Path
    prepared: Database
    file: Path
    after: dict[str, bytes]
    seconds: float
    bytes_before: int

    @contextmanager
    def copy(self) -> Iterator[Database]:
        database = self.prepared.copy(server=SERVER, folder=self.folder)
        try:
            yield database
        finally:
            database.drop(server=SERVER)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    kinds = files.write_reference(folder)
    files.write_compared(folder, rows=STORED)
    database = Database.make(server=SERVER, folder=folder)
    database.manage("migrate", "--verbosity=0")
    database.run("-m", "tests.bench.work", "prepare", ",".join([*kinds, "statements"]), folder)
    files.write_compared(folder, rows=ROWS)
    file = folder / "statements.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Foreign Affairs", "the Exterior"), encoding="utf-8")
    other = database.copy(server=SERVER, folder=folder)
    started = time.monotonic()
    other.run(*IMPORT, file)
    seconds = time.monotonic() - started
    yield Desk(folder, database, file, exported(other), seconds, database.bytes_of_writing())
    for made in (database, other):
        made.drop(server=SERVER)


def exported(database: Database) -> dict[str, bytes]:
    folder = database.media / "export"
    database.manage("export_data", folder, "--desk", "--verbosity=0")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def data(database: Database) -> dict[str, list[str]]:
    return {name: rows for name, rows in database.tables().items() if name not in HISTORY}


def until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < give_up_at, "It never came to that."
        time.sleep(0.002)


def newest_run(database: Database) -> str:
    ((state,),) = database.rows("SELECT state FROM statements_importrun ORDER BY id DESC LIMIT 1")
    return str(state)


# Killed ---------------------------------------------------------------------------------------------------------------


def is_planning(_desk: Desk, database: Database) -> bool:
    return newest_run(database) == "planning"


def is_writing(desk: Desk, database: Database) -> bool:
    return is_planning(desk, database) and database.is_being_written()


def has_written_much(desk: Desk, database: Database) -> bool:
    return is_writing(desk, database) and database.bytes_of_writing() > desk.bytes_before + MUCH


def has_committed(_desk: Desk, database: Database) -> bool:
    return database.rows("SELECT count(*) FROM statements_statement") == [(ROWS,)]


Moment = Callable[[Desk, Database], bool]


@contextmanager
def killed(desk: Desk, moment: Moment) -> Iterator[Database]:
    """A database whose import was killed at this moment. Where the import was faster than this process: once more."""
    for _attempt in range(5):
        with desk.copy() as database:
            process = database.start(*IMPORT, desk.file)
            if is_killed(process, when=partial(moment, desk, database)):
                yield database
                return
    pytest.fail("The import was never killed in time.")


def is_killed(process: subprocess.Popen[str], *, when: Callable[[], bool]) -> bool:
    """Kill it, and say whether it was still there."""
    until(lambda: process.poll() is not None or when())
    process.kill()
    _output, errors = process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0), errors
    return process.returncode != 0


@pytest.mark.parametrize("moment", [is_planning, is_writing, has_written_much])
def test_an_import_that_is_killed_before_its_end_leaves_nothing(desk: Desk, moment: Moment) -> None:
    with killed(desk, moment) as database:
        assert data(database) == data(desk.prepared)


def test_an_import_that_is_killed_when_it_has_committed_leaves_everything(desk: Desk) -> None:
    with killed(desk, has_committed) as database:
        assert exported(database) == desk.after
        assert newest_run(database) == "applied"


@pytest.mark.parametrize("part", [0.7, 0.9])
def test_an_import_that_is_killed_at_any_time_leaves_all_or_nothing(desk: Desk, part: float) -> None:
    with desk.copy() as database:
        process = database.start(*IMPORT, desk.file)
        time.sleep(part * desk.seconds)
        process.kill()
        process.communicate()
        assert data(database) == data(desk.prepared) or exported(database) == desk.after


def test_the_history_says_that_an_import_was_killed_and_nothing_stands_in_the_way_of_the_next(desk: Desk) -> None:
    with killed(desk, has_written_much) as database:
        (sign_of_life,) = database.media.rglob("*.progress")
        long_ago = time.time() - STALE_SECONDS - 1
        os.utime(sign_of_life, (long_ago, long_ago))
        database.manage("shell", "--verbosity=0", "--command", NOTICE_STOPPED)
        assert newest_run(database) == "stopped"
        ((report,),) = database.rows("SELECT report FROM statements_importrun ORDER BY id DESC LIMIT 1")
        assert "Whatever worked on it was ended." in str(report)
        database.run(*IMPORT, desk.file)
        assert exported(database) == desk.after


# At the same time -----------------------------------------------------------------------------------------------------


def at_once(database: Database, *imports: tuple[str, Path]) -> list[str]:
    """What each of these says that came of it, when all had been planned before any was written."""
    waiting = [database.start("-m", "tests.waiting_import", kind, path) for kind, path in imports]
    for process in waiting:
        assert process.stdout is not None
        assert process.stdout.readline() == "planned\n"
    for process in waiting:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate() for process in waiting]
    assert [errors for _answer, errors in answers] == ["" for _process in waiting]
    return [answer.strip() for answer, _errors in answers]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def backwards(file: Path, folder: Path) -> Path:
    header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return written(folder, "backwards.csv", "".join([header, *reversed(lines)]))


def test_two_imports_of_the_same_file_at_the_same_time_write_it_once(desk: Desk) -> None:
    with desk.copy() as database:
        processes = [database.start(*IMPORT, desk.file) for _process in range(2)]
        outputs = [process.communicate() for process in processes]
        for process, (output, errors) in zip(processes, outputs, strict=True):
            said = "Everything was written." in output or "There was nothing to write." in output
            assert (process.returncode == 0 and said) or OUTDATED in errors, (output, errors)
        assert exported(database) == desk.after


def test_of_two_imports_of_the_same_rows_that_were_planned_on_the_same_desk_one_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    """In opposite orders, so that each is about to wait for what the other has written."""
    with desk.copy() as database:
        answers = at_once(database, ("statements", desk.file), ("statements", backwards(desk.file, tmp_path)))
        assert sorted(answers) == [OUTDATED, WRITTEN]
        assert exported(database) == desk.after


def test_of_two_files_about_the_same_statement_that_were_planned_on_the_same_desk_one_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    slug = "statement-0000000-on-prisoners"
    words = written(tmp_path, "words.csv", f"slug,summary\n{slug},As one file says\n")
    figure = written(tmp_path, "figure.csv", f"statement,measure,qualifier,value\n{slug},m1,exact,7\n")
    with desk.copy() as database:
        answers = at_once(database, ("statements", words), ("counts", figure))
        assert sorted(answers) == [OUTDATED, WRITTEN]
        summaries = database.rows("SELECT count(*) FROM statements_statement WHERE summary = 'As one file says'")
        figures = database.rows("SELECT count(*) FROM statements_countobservation")
        assert [*summaries, *figures] == ([(1,), (0,)] if answers[0] == WRITTEN else [(0,), (1,)])
        database.manage("check_data")


def test_of_two_files_about_the_same_organisation_that_were_planned_on_the_same_desk_one_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    place = written(tmp_path, "place.csv", "slug,country\no1,LV\n")
    words = written(tmp_path, "words.csv", "slug,description\no1,As one file says\n")
    with desk.copy() as database:
        answers = at_once(database, ("organisations", place), ("organisations", words))
        assert sorted(answers) == [OUTDATED, WRITTEN]
        stored = database.rows("SELECT country, description FROM statements_organisation WHERE slug = 'o1'")
        assert stored == [("LV", "") if answers[0] == WRITTEN else ("", "As one file says")]
