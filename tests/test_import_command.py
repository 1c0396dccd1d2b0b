"""The options of ``import_csv``, what it says of them, and what it keeps of a run."""

import errno
import json
import os
import pty
import re
import sys
import termios
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from statements.models import Citation, Demand, ImportRun, Organisation, Speaker, Statement
from tests.factories import (
    CitationFactory,
    DemandFactory,
    IssuerFactory,
    OrganisationFactory,
    SourceFactory,
    StatementFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder", "importer")]

STATEMENTS = "title,kind,language,issued,issuers,speakers,summary,source_urls\n"


def run(capsys: Any, *arguments: object) -> tuple[int, str]:
    """(exit code, standard output) of an import by the user “importer”."""
    try:
        call_command("import_csv", *map(str, arguments), "--user", "importer")
        code = 0
    except SystemExit as leaving:
        code = int(str(leaving.code))
    return code, capsys.readouterr().out


def answered(capsys: Any, *arguments: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(capsys, *arguments, "--format", "json")[1])
    return answer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good file of organisations."""
    path = tmp_path / "files" / "organisations.csv"
    path.parent.mkdir()
    path.write_text("name,kind\nViasna,NGO\nEuropean Union,intergovernmental\n", encoding="utf-8")
    return path


# What is kept


def test_a_run_is_kept_with_its_file_its_options_and_every_row(capsys: Any, file: Path, importer: User) -> None:
    answer = answered(capsys, "organisations", file, "--create-missing")
    stored = ImportRun.objects.get(pk=answer["run"])
    assert (stored.state, stored.user, stored.options["create_missing"]) == ("applied", importer, True)
    assert Path(stored.file.path).read_bytes() == file.read_bytes()
    assert stored.row_batches.get().new == 2
    assert stored.understood[0]["name"] == "organisations.csv"


def test_a_dry_run_keeps_nothing_even_of_a_file_that_is_refused(capsys: Any, file: Path, uploads_folder: Path) -> None:
    assert run(capsys, "organisations", file, "--dry-run")[0] == 0
    file.write_text("name,kind\nViasna,club\n", encoding="utf-8")
    code, output = run(capsys, "organisations", file, "--dry-run")
    assert code == 1
    assert output.endswith("Nothing was written.\n")
    assert not ImportRun.objects.exists()
    assert not list(uploads_folder.rglob("*.csv"))


def test_a_folder_is_kept_as_an_archive(capsys: Any, file: Path) -> None:
    answer = answered(capsys, "all", file.parent)
    stored = ImportRun.objects.get(pk=answer["run"])
    assert (stored.kind, stored.file_name) == ("all", f"{file.parent.name}.zip")
    assert Path(stored.file.path).read_bytes().startswith(b"PK")


def test_what_the_desk_says_by_now_is_found_out_before_anything_is_written(capsys: Any, file: Path) -> None:
    """Somebody adds the same organisation while the file is read: the history says that nothing was written."""
    made: list[Organisation] = []

    def add_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_insert = sql.startswith("INSERT") and '"statements_organisation"' in sql
        # PostgreSQL takes the numbers of the rows first.
        if (is_insert or ("nextval" in sql and '"statements_organisation"' in params)) and not made:
            made.append(Organisation(slug="viasna", name="Viasna", kind="group"))
            made[0].save()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(add_meanwhile), pytest.raises(CommandError, match="The desk has changed"):
        run(capsys, "organisations", file)
    stored = ImportRun.objects.get()
    assert stored.state == "stopped"
    assert "The desk has changed" in stored.report[0]["message"]


# What is chosen


def test_what_is_missing_is_made_where_staff_ask_for_it(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "statements.csv"
    path.write_text(f"{STATEMENTS}A,speech,en,2022,Viasna,Jane Doe,Said,\n", encoding="utf-8")
    code, output = run(capsys, "statements", path)
    assert code == 1
    assert "No organisation is known as “Viasna”" in output
    code, output = run(capsys, "statements", path, "--create-missing")
    assert code == 0
    assert "New organisation by name: Viasna (viasna)." in output
    assert "New speaker by name: Jane Doe (jane-doe)." in output
    assert (Organisation.objects.get().name, Speaker.objects.get().name) == ("Viasna", "Jane Doe")


@pytest.mark.parametrize(
    ("choice", "outcome", "statements", "sources"),
    [("import", "new", 2, 1), ("skip", "duplicate", 1, 1), ("add source", "changed", 1, 2)],
)
def test_statements_that_look_like_stored_ones_are_treated_as_chosen(
    capsys: Any, tmp_path: Path, choice: str, outcome: str, statements: int, sources: int
) -> None:
    organisation = OrganisationFactory(name="Viasna")
    stored = StatementFactory(title="On the release of all", slug="stored", issued="2022-01-27")
    IssuerFactory(statement=stored, organisation=organisation)
    CitationFactory(statement=stored, source=SourceFactory(url="https://example.org/a"))
    path = tmp_path / "statements.csv"
    path.write_text(
        f"{STATEMENTS}The release of all,speech,en,2022-01-27,Viasna,,Said,https://example.org/b\n", encoding="utf-8"
    )
    answer = answered(capsys, "statements", path, "--alike", choice)
    assert answer["counts"][outcome] == 1, answer
    assert answer["notices"][0]["statement"] == "stored"
    assert Statement.objects.count() == statements
    assert Citation.objects.filter(statement=stored).count() == sources


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--map", "Notes"], "maps nothing"),
        (["--map", "=name"], "maps nothing"),
        (["--map", "Name=nmae"], "no column “nmae” here. Did you mean “name”?"),
        (["--map", "Name=zzzz"], "no column “zzzz” here. The columns are: slug, name,"),
        (["--map", "A=name", "--map", "A=kind"], "“A” is mapped twice"),
        (
            ["--encoding", "klingon"],
            "“klingon” is no encoding that is known. Write one of: utf-8, utf-16, windows-1252",
        ),
        (["--delimiter", "dot"], "“dot” is no delimiter that is known. Write one of: comma, semicolon, tab, bar."),
        (["--alike", "maybe"], "maybe"),
        (["--format", "xml"], "xml"),
    ],
)
def test_a_choice_that_is_none_is_answered_with_one_sentence(
    capsys: Any, file: Path, arguments: list[str], words: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(capsys, "organisations", file, *arguments)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not ImportRun.objects.exists()


def test_the_rows_are_never_written_over_the_file(capsys: Any, file: Path) -> None:
    before = file.read_bytes()
    for option in ("--rejects", "--others"):
        with pytest.raises(CommandError, match="over the file itself"):
            run(capsys, "organisations", file, option, file)
    assert file.read_bytes() == before


# How files are read


def test_columns_are_mapped_or_left_out_as_staff_say(capsys: Any, file: Path) -> None:
    file.write_text("Who they are,What = kind,Remarks\nViasna,NGO,old\n", encoding="utf-8")
    code, output = run(capsys, "organisations", file)
    assert code == 1
    assert "column Remarks: There is no such column in organisations." in output
    mapping = ["--map", "who they are=name", "--map", "What = kind=kind", "--map", "Remarks="]
    code, output = run(capsys, "organisations", file, *mapping)
    assert code == 0, output
    assert (
        "organisations.csv was read so: “Who they are” as name; “What = kind” as kind; without the columns " in output
    )
    assert Organisation.objects.values_list("name", "kind").get() == ("Viasna", "NGO")


def test_of_several_files_each_gets_the_columns_that_it_has(capsys: Any, file: Path) -> None:
    file.write_text("Who,kind\nViasna,NGO\n", encoding="utf-8")
    (file.parent / "speakers.csv").write_text("Person,Where\nJane Doe,Viasna\n", encoding="utf-8")
    mapping = ["--map", "Who=name", "--map", "Where=organisation"]
    code, output = run(capsys, "all", file.parent, *mapping)
    assert code == 0, output
    assert Speaker.objects.values_list("name", "organisation__name").get() == ("Jane Doe", "Viasna")
    with pytest.raises(CommandError, match="None of the files has a column “Whom”"):
        run(capsys, "all", file.parent, *mapping, "--map", "Whom=name")


def test_a_column_that_was_chosen_and_is_not_there_is_a_mistake(capsys: Any, file: Path) -> None:
    code, output = run(capsys, "organisations", file, "--map", "Nmae=name")
    assert code == 1
    assert "column Nmae: A column of this name was chosen, and the file has none." in output


@pytest.mark.parametrize("name", ["windows-1251", "cp1251", "CP1251"])
def test_the_encoding_is_found_out_or_chosen_and_shown_with_cells(capsys: Any, file: Path, name: str) -> None:
    file.write_bytes("name;kind\nПравозащитный центр «Весна»;NGO\n".encode("cp1251"))
    _code, output = run(capsys, "organisations", file, "--dry-run")
    assert (
        "organisations.csv was read so: the letters as windows-1251, with cells such as "
        "“Правозащитный центр «Весна»”; “;” between the cells.\n"
    ) in output
    answer = answered(capsys, "organisations", file, "--encoding", name, "--delimiter", "semicolon")
    understood = answer["files"][0]["understood"]
    assert (understood["encoding"], understood["delimiter"], understood["format"]) == ("windows-1251", ";", "csv")
    assert Organisation.objects.get().name == "Правозащитный центр «Весна»"


def test_an_archive_is_one_run_like_a_folder(capsys: Any, file: Path, tmp_path: Path) -> None:
    archive = tmp_path / "desk.zip"
    with ZipFile(archive, "w") as content:
        content.writestr("speakers.csv", "name,organisation\nJane Doe,Viasna\n")
        content.write(file, "organisations.csv")
    code, output = run(capsys, "all", archive)
    assert code == 0, output
    assert "speakers.csv: 1 row read: 1 new" in output
    stored = ImportRun.objects.get()
    assert (stored.kind, stored.file_name) == ("all", "desk.zip")
    assert Path(stored.file.path).read_bytes() == archive.read_bytes()


@pytest.mark.parametrize("name", ["organisations.csv", "desk.zip"])
def test_what_is_no_archive_is_answered_with_one_sentence(capsys: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"name,kind\nViasna,NGO\n" if name.endswith("csv") else b"PK\x03\x04 and no more")
    with pytest.raises(CommandError) as refused:
        run(capsys, "all", path)
    assert str(refused.value).startswith("This is no ZIP" if name.endswith("csv") else "This workbook or archive is ")


# What is said


def test_a_mistake_says_what_to_write_instead(capsys: Any, tmp_path: Path) -> None:
    DemandFactory(title="Release all political prisoners", slug="release-all")
    path = tmp_path / "demands.csv"
    path.write_text("title,theme,parent\nA part,relaese,release-al\n", encoding="utf-8")
    code, output = run(capsys, "demands", path)
    assert code == 1
    assert "demands.csv, line 2, column theme (“relaese”): “relaese” is none of: release, " in output
    assert "Did you mean “release-all”?" in output
    assert output.count("release-all") == 1, "said once"
    answer = answered(capsys, "demands", path)
    assert [error["suggestion"] for error in answer["errors"]] == ["release", "release-all"]
    assert not Demand.objects.filter(title="A part").exists()


def test_what_was_read_otherwise_than_it_stands_is_told(capsys: Any, tmp_path: Path) -> None:
    OrganisationFactory(name="Viasna")
    path = tmp_path / "statements.csv"
    path.write_text(f"{STATEMENTS}A,speech,en,27.01.22,Viasna,,Said,\n", encoding="utf-8")
    answer = answered(capsys, "statements", path, "--dry-run")
    assert [(notice["line"], notice["column"], notice["value"]) for notice in answer["notices"]] == [
        (2, "issued", "27.01.22")
    ]
    _code, output = run(capsys, "statements", path, "--dry-run")
    assert "statements.csv, line 2, column issued (“27.01.22”): " in output


def everything_shown(terminal: int) -> str:
    """All that was written to a pseudo-terminal whose other end is closed; closes this end.

    The kernel hands it on in its own time and pieces: one read may see half of it. Linux says
    the end with EIO, other systems with nothing read.
    """
    pieces = []
    with open(terminal, "rb", buffering=0) as opened:
        try:
            while piece := opened.read(1 << 16):
                pieces.append(piece)
        except OSError as refused:
            if refused.errno != errno.EIO:
                raise
    return b"".join(pieces).decode()


def test_on_a_terminal_a_bar_shows_how_far_it_is_and_how_fast(
    capsys: Any, facts_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        code, output = run(capsys, "all", facts_dir)
    seen = everything_shown(ours)
    assert code == 0
    assert "677 rows read: 677 new" in output
    assert re.search(r"Checking: 100%\|█+\| 677/677 \[.*rows/s\]", seen), seen
    assert re.search(r"Writing: 100%\|█+\| 81/81 \[.*statements/s\]", seen), seen


def test_without_a_terminal_nothing_but_the_report_is_written(capsys: Any, file: Path) -> None:
    call_command("import_csv", "organisations", str(file), "--user", "importer")
    assert capsys.readouterr().err == ""
