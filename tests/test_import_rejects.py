"""Rejected rows come back as a file in the format of the upload; mended and brought in again, they import."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from statements.importing.drafts import Outcome, RowError, RowResult
from statements.importing.incoming import Incoming
from statements.importing.reading import Table, Understood
from statements.importing.reading.table import RawRow
from statements.importing.rejects import Again
from statements.models import Organisation, Statement
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder", "importer")]

COLUMNS = ["title", "kind", "language", "issued", "issuers", "summary", "desk_note"]
ROWS = [
    ["Good", "speech", "en", "2022-01-27", "Viasna", "Said", "- one\n- two"],
    ["=SUM(A1)", "spech", "en", "2022-01-28", "Viasna", "Says “so”; twice", "@desk"],
    ["На волі", "speech", "be", "2022", "viasnna", "Сказана", "'quoted'"],
    ["Two mistakes", "press statment", "en", "2022-02", "Viasnaa", "Said, and more", "+1"],
    ["Good, too", "speech", "en", "2022-03", "viasna", "Said", ""],
]
MENDED = {"=SUM(A1)": "speech", "На волі": "speech", "Two mistakes": "press statement"}


def run(*arguments: object) -> int:
    """The exit code of an import by the user “importer”."""
    try:
        call_command("import_csv", *map(str, arguments), "--user", "importer")
    except SystemExit as leaving:
        return int(str(leaving.code))
    return 0


# The formats, each as (how a file is written, how one is read)


def as_text(encoding: str, delimiter: str) -> tuple[Callable[..., None], Callable[..., list[list[str]]]]:
    def write(path: Path, rows: list[list[str]]) -> None:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)

    def read(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[unescaped(cell) for cell in row] for row in csv.reader(file, delimiter=delimiter)]

    return write, read


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def write_book(path: Path, rows: list[list[str]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"
    book.save(path)


def read_book(path: Path) -> list[list[str]]:
    sheet = load_workbook(path).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


FORMATS = {
    "csv": ("statements.csv", *as_text("utf-8", ",")),
    "semicolons": ("statements.csv", *as_text("utf-8-sig", ";")),
    "tsv": ("statements.tsv", *as_text("utf-16", "\t")),
    "windows": ("statements.csv", *as_text("cp1251", ";")),
    "xlsx": ("statements.xlsx", write_book, read_book),
}


@pytest.mark.parametrize("form", FORMATS)
def test_mended_as_suggested_the_rejected_rows_import_and_with_the_others_the_file_is_whole(
    tmp_path: Path, form: str
) -> None:
    OrganisationFactory(name="Viasna")
    name, write, read = FORMATS[form]
    file, rejects, others = (tmp_path / f"{word}-{name}" for word in ("a", "rejects", "others"))
    write(file, [COLUMNS, *ROWS])
    encoding = ["--encoding", "windows-1251"] if form == "windows" else []
    assert run("statements", file, "--rejects", rejects, "--others", others, *encoding) == 1
    assert not Statement.objects.exists()

    header, *rows = read(rejects)
    assert header == [*COLUMNS, "problem", "suggestion"]
    assert [row[: len(COLUMNS)] for row in rows] == ROWS[1:4], "as they came"
    assert rows[0][-2:] == [rows[0][-2], "kind: speech"]
    assert rows[0][-2].startswith("kind: “spech” is none of: press statement, ")
    assert rows[2][-1].splitlines() == ["kind: press statement", "issuers: viasna"]
    write(rejects, [header, *(mended(header, row) for row in rows)])

    assert run("statements", rejects, *encoding) == 0
    assert run("statements", others) == 0
    stored = dict(Statement.objects.values_list("title", "kind"))
    assert stored == MENDED | {"Good": "speech", "Good, too": "speech"}
    assert list(Statement.objects.order_by("issued_from", "title").values_list("desk_note", flat=True)) == [
        *("'quoted'", "- one\n- two", "@desk", "+1", "")
    ]


def mended(header: list[str], row: list[str]) -> list[str]:
    cells = dict(zip(header, row, strict=True))
    for suggestion in cells["suggestion"].splitlines():
        column, _colon, value = suggestion.partition(": ")
        cells[column] = value
    return list(cells.values())


def test_a_date_that_other_rows_decided_is_given_back_as_it_was_read(tmp_path: Path) -> None:
    """Without the row of the 27th, nothing in the file of rejects would say which of the numbers is the month."""
    OrganisationFactory(name="Viasna")
    file, rejects = tmp_path / "statements.csv", tmp_path / "rejects.csv"
    file.write_text(
        "title,kind,language,issued,issuers\n"
        "One,speech,en,27/01/2024,Viasna\nTwo,spech,en,02/01/2024,Viasna\nThree,spech,en,32/01/2024,Viasna\n",
        encoding="utf-8",
    )
    assert run("statements", file, "--rejects", rejects) == 1
    rows = list(csv.DictReader(rejects.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert [row["issued"] for row in rows] == ["2024-01-02", "32/01/2024"]


def test_nothing_in_a_workbook_of_rejects_is_a_formula(tmp_path: Path) -> None:
    file, rejects = tmp_path / "organisations.xlsx", tmp_path / "rejects.xlsx"
    write_book(file, [["name", "kind"], ['=HYPERLINK("https://example.org")', "club"], ["#N/A", "club"]])
    assert run("organisations", file, "--rejects", rejects) == 1
    cells = [cell for row in load_workbook(rejects).active.iter_rows() for cell in row if cell.value is not None]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_in_text_what_a_spreadsheet_would_evaluate_is_escaped_and_read_back(tmp_path: Path) -> None:
    file, rejects = tmp_path / "organisations.csv", tmp_path / "rejects.csv"
    file.write_text("name,kind\n=1+1,club\n", encoding="utf-8")
    assert run("organisations", file, "--rejects", rejects) == 1
    assert rejects.read_text(encoding="utf-8").splitlines()[1].startswith("'=1+1,club,")
    rejects.write_text(rejects.read_text(encoding="utf-8").replace(",club,", ",NGO,"), encoding="utf-8")
    assert run("organisations", rejects) == 0
    assert Organisation.objects.get().name == "=1+1"


@pytest.mark.parametrize(("form", "mark"), [("csv", b""), ("semicolons", b"\xef\xbb\xbf"), ("tsv", b"\xef\xbb\xbf")])
def test_the_mark_of_utf_8_stands_where_it_stood_or_is_needed(tmp_path: Path, form: str, mark: bytes) -> None:
    name, write, _read = FORMATS[form]
    file, rejects = tmp_path / name, tmp_path / "rejects"
    write(file, [COLUMNS, *ROWS])
    assert run("statements", file, "--rejects", rejects) == 1
    assert rejects.read_bytes().startswith(mark + b"title")


def test_of_a_file_with_a_wrong_header_no_row_is_rejected(tmp_path: Path) -> None:
    file, rejects = tmp_path / "organisations.csv", tmp_path / "rejects.csv"
    file.write_text("name,kind,colour\nViasna,NGO,red\n", encoding="utf-8")
    rejects.write_text("what an earlier run left", encoding="utf-8")
    assert run("organisations", file, "--rejects", rejects) == 1
    assert rejects.read_text(encoding="utf-8") == "name,kind,problem,suggestion\n"


def test_where_the_rejected_rows_can_not_be_written_the_report_is_there_all_the_same(
    tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("name,kind\nViasna,club\n", encoding="utf-8")
    with pytest.raises(CommandError, match="can't be written: No such file or directory"):
        run("organisations", file, "--rejects", tmp_path / "nowhere" / "rejects.csv")
    assert "1 row read: 0 new, 0 changed, 0 unchanged, 1 rejected." in capsys.readouterr().out


class Long:
    """A source of many rows, which knows how many of them were read."""

    count = 20_000
    read = 0

    def rows(self) -> Iterator[RawRow]:
        for line in range(2, self.count + 2):
            self.read = line
            yield RawRow(line, [f"Organisation {line}"])


@pytest.mark.parametrize("write", [Again.write_rejected, Again.write_others])
def test_a_long_file_is_written_while_it_is_read(write: Callable[..., None]) -> None:
    """Not all rows are in memory at once."""
    source = Long()
    error = RowError("o.csv", 2, "name", "", "Wrong.")
    results = (RowResult(0, line, Outcome.REJECTED, "", {}, [error], []) for line in range(2, source.count + 2, 2))

    class Output(io.BytesIO):
        written_at = 0

        def write(self, content: Any) -> int:
            self.written_at = self.written_at or source.read
            return super().write(content)

    output = Output()
    understood = Understood("csv", 1, [], encoding="utf-8", delimiter=",")
    table = Table("o.csv", understood, ["name"], [0], source)
    write(Again(Incoming("organisations", "o.csv", b""), table), output, results)
    assert 0 < output.written_at < source.count // 10
    assert len(output.getvalue().splitlines()) == source.count // 2 + 1
