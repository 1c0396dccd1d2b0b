"""A release takes the place of the one before as a whole, and says what is different from it."""

import hashlib
import json
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from statements.actions.publishing import withdraw
from statements.models import Organisation
from statements.record.folder import UNFINISHED, replacing
from statements.record.tables import CHANGED, PACKAGE
from tests.demonstration import load_demonstration
from tests.factories import make_public_statement, publish_again
from tests.packages import NAMES, tables_of, validated


def export(folder: Path, *options: str) -> list[str]:
    """What the command says."""
    output = StringIO()
    call_command("export_data", str(folder), *options, stdout=output)
    return output.getvalue().splitlines()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    return found


def test_a_first_release_has_nothing_before_it(db: None, tmp_path: Path) -> None:
    load_demonstration()
    assert export(tmp_path) == [f"15 files in {tmp_path}."]
    assert names(tmp_path) == {*NAMES, PACKAGE}
    assert "previous" not in package(tmp_path)
    assert validated(tmp_path / PACKAGE)["statements"] == 77


def test_a_second_release_says_what_is_different_and_names_what_is_new_or_not_as_it_was(
    editor: User, reviewer: User, tmp_path: Path
) -> None:
    kept = make_public_statement(by=editor, published_by=reviewer, slug="kept")
    gone = make_public_statement(by=editor, published_by=reviewer, slug="gone")
    export(tmp_path)
    before = package(tmp_path)["created"]
    kept.counts.update(value=1008, quote="")
    publish_again(kept, by=editor, published_by=reviewer)
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    new = make_public_statement(by=editor, published_by=reviewer, slug="new")
    Organisation.objects.filter(pk=kept.issuers.get().organisation_id).update(description="An office.")
    said = export(tmp_path)
    assert said[:2] == [f"16 files in {tmp_path}.", f"Since the release of {before}:"]
    assert "statements: 1 added, 1 changed, 1 removed" in said
    assert "counts: 1 added, 1 changed, 1 removed" in said
    assert "organisations: 1 added, 1 changed, 1 removed" in said
    # Of the one that was withdrawn, its publication is no event any more.
    assert "changes: 3 added, 0 changed, 1 removed" in said
    previous = package(tmp_path)["previous"]
    assert previous["created"] == before
    assert previous["tables"]["statements"] == {"added": 1, "changed": 1, "removed": 1}
    assert previous["tables"]["demand_updates"] == {"added": 0, "changed": 0, "removed": 0}
    rows = tables_of(contents(tmp_path))[CHANGED.name]
    assert [(row["key"], row["change"]) for row in rows if row["table"] == "statements"] == [
        ("kept", "changed"),
        ("new", "added"),
    ]
    assert {(row["key"], row["change"]) for row in rows if row["table"] == "counts"} == {
        (kept.counts.get().key, "changed"),
        (new.counts.get().key, "added"),
    }
    assert {"table": "issuers", "key": "new | 1", "change": "added"} in rows
    assert b"gone" not in (tmp_path / CHANGED.file_name).read_bytes()
    assert validated(tmp_path / PACKAGE)[CHANGED.name] == len(rows)


def test_a_release_without_a_difference_says_so(editor: User, reviewer: User, tmp_path: Path) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    export(tmp_path)
    before = package(tmp_path)["created"]
    assert export(tmp_path)[1:] == [f"Nothing is different from the release of {before}."]
    assert tables_of(contents(tmp_path))[CHANGED.name] == []
    validated(tmp_path / PACKAGE)


def test_a_column_or_a_table_that_came_with_a_new_program_is_no_difference(
    editor: User, reviewer: User, tmp_path: Path
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    export(tmp_path)
    described = package(tmp_path)
    (tmp_path / "changes.csv").unlink()
    resources = [resource for resource in described["resources"] if resource["name"] != "changes"]
    # As if measures had had no column "position" yet.
    lines = (tmp_path / "measures.csv").read_text().splitlines()
    older = "".join(f"{line.rpartition(',')[0]}\n" for line in lines)
    (tmp_path / "measures.csv").write_text(older)
    for resource in resources:
        if resource["name"] == "measures":
            resource["hash"] = f"sha256:{hashlib.sha256(older.encode()).hexdigest()}"
    (tmp_path / PACKAGE).write_text(json.dumps(described | {"resources": resources}))
    assert export(tmp_path)[1].startswith("Nothing is different")
    assert "changes" not in package(tmp_path)["previous"]["tables"]


@pytest.mark.parametrize("damage", ["a row", "a file", "the description"])
def test_with_a_release_that_somebody_changed_nothing_is_compared(
    editor: User, reviewer: User, tmp_path: Path, damage: str
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    export(tmp_path)
    if damage == "a row":
        (tmp_path / "counts.csv").write_text("key\nby hand\n")
    elif damage == "a file":
        (tmp_path / "counts.csv").unlink()
    else:
        (tmp_path / PACKAGE).write_text("{}")
    assert export(tmp_path) == [
        f"15 files in {tmp_path}.",
        "The release that was there before had been changed by others, so nothing was compared.",
    ]
    assert names(tmp_path) == {*NAMES, PACKAGE}
    validated(tmp_path / PACKAGE)


def test_words_longer_than_a_reader_of_csv_expects_are_compared(editor: User, reviewer: User, tmp_path: Path) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    statement.wordings.update(text="We ask for the release of all 1007 political prisoners. " * 10_000)
    publish_again(statement, by=editor, published_by=reviewer)
    export(tmp_path)
    assert export(tmp_path)[1].startswith("Nothing is different")


# What is there while an export is written, and after it was stopped


def test_the_release_before_stays_whole_when_writing_fails(db: None, tmp_path: Path) -> None:
    export(tmp_path)
    before = contents(tmp_path)

    def write_half() -> None:
        with replacing(tmp_path) as new:
            (new / "statements.csv").write_text("half")
            assert contents(tmp_path) == before
            raise OSError("The disk is full.")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert contents(tmp_path) == before
    assert names(tmp_path) == before.keys()


STOPPED = """
import sys
from pathlib import Path
import django
django.setup()
from statements.record.folder import replacing
def kill(event, arguments):
    if event == "os.rename":
        kill.renames += 1
        if kill.renames > 3:
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)
kill.renames = 0
sys.addaudithook(kill)
with replacing(Path(sys.argv[1])) as new:
    for number in range(6):
        (new / f"{number}.csv").write_text("new")
    (new / "datapackage.json").write_text("new")
    if sys.argv[2] == "writing":
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
"""


def stop(folder: Path, when: str) -> None:
    """Kill a process that writes an export into the folder, while it writes or while it moves the files."""
    command = [sys.executable, "-c", STOPPED, str(folder), when]
    assert subprocess.run(command, capture_output=True).returncode == -signal.SIGKILL


def test_an_export_that_was_killed_while_it_wrote_leaves_the_one_before(db: None, tmp_path: Path) -> None:
    export(tmp_path)
    before = contents(tmp_path)
    stop(tmp_path, "writing")
    assert contents(tmp_path) == before
    assert len(names(tmp_path)) == len(before) + 1
    assert export(tmp_path)[1].startswith("Nothing is different")
    assert names(tmp_path) == before.keys() | {CHANGED.file_name}


def test_an_export_that_was_killed_while_it_moved_does_not_look_whole_and_the_next_makes_it_so(
    db: None, tmp_path: Path
) -> None:
    export(tmp_path)
    stop(tmp_path, "moving")
    left = contents(tmp_path)
    assert left.keys() == {"0.csv", "1.csv", "2.csv", UNFINISHED}
    assert "Write it again into this folder" in left[UNFINISHED].decode()
    assert export(tmp_path) == [f"15 files in {tmp_path}."], "there is nothing whole to compare with"
    assert names(tmp_path) == {*NAMES, PACKAGE}
    validated(tmp_path / PACKAGE)


def test_a_first_export_that_was_killed_is_no_stranger(db: None, tmp_path: Path) -> None:
    stop(tmp_path, "writing")
    assert not contents(tmp_path)
    export(tmp_path)
    assert names(tmp_path) == {*NAMES, PACKAGE}


def test_the_desk_takes_the_place_of_a_release_and_the_other_way_round(db: None, tmp_path: Path) -> None:
    export(tmp_path)
    export(tmp_path, "--desk")
    assert PACKAGE not in names(tmp_path)
    assert "changes.csv" not in names(tmp_path)
    assert export(tmp_path) == [f"15 files in {tmp_path}."]
    assert "desk-export.txt" not in names(tmp_path)


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(db: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="can't be written: Not a directory"):
        export(tmp_path / "file" / "folder")


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_files_of_others_beside_a_data_package_are_left_alone(
    editor: User, reviewer: User, tmp_path: Path, whose: str
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    if whose == "theirs":
        (tmp_path / PACKAGE).write_text('{"name": "birds", "resources": [{"path": "statements.csv"}]}')
        (tmp_path / "statements.csv").write_text("bird\nwren\n")
    else:
        export(tmp_path)
        (tmp_path / "notes.csv").write_text("by hand\n")
    before = contents(tmp_path)
    with pytest.raises(CommandError, match="holds something else"):
        export(tmp_path)
    assert contents(tmp_path) == before
