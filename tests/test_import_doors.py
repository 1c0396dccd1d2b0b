"""Every fault and oddity of a file comes through both doors alike: the command, and the page of the admin."""

import datetime
import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from statements.importing.outcomes import kept_outcomes
from statements.models import Demand, ImportRun
from tests.factories import IssuerFactory, MeasureFactory, OrganisationFactory
from tests.reading import SENTENCES, titles
from tests.workbooks import packed, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]

PAGE = "/admin/statements/importrun/import/"

RUSSIAN, LATVIAN, GERMAN = (SENTENCES[language][1] for language in ("Russian", "Latvian", "German"))
TWO = titles("One", "Two")
STATEMENTS = "title,kind,language,issued,issuers\n"
COUNTS = "statement,measure,qualifier,value\n"


def statement(issued: str, *more: str) -> str:
    return STATEMENTS + "".join(f"S{number},speech,en,{day},viasna\n" for number, day in enumerate((issued, *more)))


def count(value: str, qualifier: str = "exact") -> str:
    return f'{COUNTS}s,prisoners,{qualifier},"{value}"\n'


#: What is read: KIND, file, and the rows by outcome.
READ: dict[str, tuple[str, bytes, dict[str, int]]] = {
    "commas": ("demands", titles("One", "Two", delimiter=",").encode(), {"new": 2}),
    "tabs": ("demands", titles("One", "Two", delimiter="\t").encode(), {"new": 2}),
    "bars": ("demands", titles("One", "Two", delimiter="|").encode(), {"new": 2}),
    "line feeds": ("demands", titles("One", "Two", end="\n").encode(), {"new": 2}),
    "carriage returns": ("demands", titles("One", "Two", end="\r").encode(), {"new": 2}),
    "a line that names the delimiter": ("demands", f"sep=;\r\n{TWO}".encode(), {"new": 2}),
    "a title and blank lines above": ("demands", f"Our demands;\r\n;\r\n\r\n{TWO}".encode(), {"new": 2}),
    "blank rows and columns at the end": ("demands", b"slug;title;;\r\na;One;;\r\n;;;\r\n;;;\r\n", {"new": 1}),
    "a cell of several lines": ("demands", b'slug,title,description\na,One,"x\ny\n\nz"\n', {"new": 1}),
    "UTF-8 with a mark": ("demands", TWO.encode("utf-8-sig"), {"new": 2}),
    "UTF-16": ("demands", TWO.encode("utf-16"), {"new": 2}),
    "Windows-1251": ("demands", titles(*RUSSIAN).encode("cp1251"), {"new": len(RUSSIAN)}),
    "Windows-1257": ("demands", titles(*LATVIAN).encode("cp1257"), {"new": len(LATVIAN)}),
    "Windows-1252": ("demands", titles(*GERMAN).encode("cp1252"), {"new": len(GERMAN)}),
    "a workbook": ("demands", workbook(["slug", "title"], ["a", "One"], ["b", "Two"]), {"new": 2}),
    "a workbook with a date": (
        "statements",
        workbook(
            ["Title", "Kind", "Language", "Date issued", "Organisation"],
            ["One", "speech", "en", datetime.date(2022, 1, 27), "viasna"],
        ),
        {"new": 1},
    ),
    "names of columns in another case": ("demands", b"SLUG, Title \na,One\n", {"new": 1}),
    "synonyms of columns": ("sources", b"URL,Title,Publisher,Type\nhttps://a.org/,T,P,news\n", {"new": 1}),
    "bullets and handles": ("demands", b"slug,title,description\na,One,- first\nb,=Two,@us\n", {"new": 2}),
    "the same row twice": ("demands", b"slug,title\na,One\na,One\n", {"new": 1, "duplicate": 1}),
    "a day with dots": ("statements", statement("27.01.2022").encode(), {"new": 1}),
    "a day with dots and one at the end": ("statements", statement("27.01.2022.").encode(), {"new": 1}),
    "a day in words": ("statements", statement("27 January 2022").encode(), {"new": 1}),
    "a month in words": ("statements", statement("January 2022").encode(), {"new": 1}),
    "a day with a time": ("statements", statement("2022-01-27T14:30:00").encode(), {"new": 1}),
    "slashes that another row explains": ("statements", statement("02/01/2024", "27/01/2024").encode(), {"new": 2}),
    "a serial number": ("statements", statement("44588").encode(), {"new": 1}),
    "a year of two digits": ("statements", statement("27.01.22").encode(), {"new": 1}),
    "thousands with a blank": ("counts", count("1 007").encode(), {"new": 1}),
    "thousands with a comma": ("counts", count("1,007").encode(), {"new": 1}),
    "thousands with an apostrophe": ("counts", count("1'007").encode(), {"new": 1}),
    "a figure with its qualifier": ("counts", count("more than 880", "").encode(), {"new": 1}),
    "a range": ("counts", count("325-535", "").encode(), {"new": 1}),
    "a Russian qualifier": ("counts", count("более 880", "").encode(), {"new": 1}),
    "several files": ("all", packed({"demands.csv": TWO, "organisations.csv": "name,kind\nA,NGO\n"}), {"new": 3}),
}

#: What is refused: KIND, file, and words of what is said.
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("demands", b"\n", "The file is empty"),
    "a header alone": ("demands", b"slug,title\n", "a header and no rows"),
    "an archive called a table": ("demands", packed({"a.txt": "x"}), "ZIP"),
    "an old workbook": ("demands", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office program"),
    "a quotation mark that is never closed": ("demands", b'slug,title\na,"One\nb,Two\n', "never closed"),
    "NUL bytes": ("demands", b"slug,title\na,O\0ne\n", "NUL"),
    "bytes of no encoding": ("demands", b"slug,title\na,\x81\x8d\x90\n", "letters"),
    "a column that nobody knows": ("demands", b"slug,tilte\na,One\n", "Did you mean “title”?"),
    "a column that is missing": ("organisations", b"name\nA\n", "This column is missing"),
    "a column that stands twice": ("demands", b"slug,title,title\na,One,Two\n", "twice"),
    "a row that is too long": ("demands", b"slug,title\na,One,Two\n", "3 cells"),
    "letters that were garbled": ("demands", "slug,title\na,Ð¡Ð¿Ð°Ñ\x81Ð¸Ð±Ð¾\n".encode(), "garbled"),
    "letters that were lost": ("demands", "slug,title\na,O\ufffdne\n".encode(), "lost"),
    "a formula": ("demands", workbook(["slug", "title"], ["a", "=1+1"]), "formula"),
    "no day of the calendar": ("statements", statement("31.02.2022").encode(), "not a day of the calendar"),
    "slashes that nothing explains": ("statements", statement("02/01/2024").encode(), "2024-01-02 or 2024-02-01"),
    "a negative number": ("counts", count("-5").encode(), "“-5”"),
    "a fraction": ("counts", count("1.5").encode(), "“1.5”"),
    "a number beyond measure": ("counts", count("9" * 30).encode(), "larger than"),
    "no value": ("counts", count("N/A").encode(), "leave the cell blank"),
    "an error of the spreadsheet": ("counts", count("#REF!").encode(), "error of the spreadsheet"),
    "a qualifier that contradicts": ("counts", count(">880").encode(), "exact"),
    "one key for two": ("demands", b"slug,title\na,One\na,Two\n", "Lines 2 and 3"),
    "a second archive within": ("all", packed({"a.zip": packed({"demands.csv": TWO})}), "another archive"),
    "a file of no kind": ("all", packed({"people.csv": TWO}), "people.csv"),
}


@pytest.fixture(autouse=True)
def desk(db: None) -> None:
    OrganisationFactory(slug="viasna", name="Viasna")
    IssuerFactory(statement__slug="s")
    MeasureFactory(slug="prisoners")


def by_command(capsys: Any, folder: Path, kind: str, content: bytes) -> tuple[int, dict[str, int], str]:
    """Exit code, rows by outcome, and all that was said."""
    file = folder / "a.bin"
    file.write_bytes(content)
    try:
        call_command("import_csv", kind, str(file), "--user", "importer", "--format", "json", "--dry-run")
        code = 0
    except SystemExit as leaving:
        code = int(str(leaving.code))
    answer = json.loads(capsys.readouterr().out)
    return code, answer["counts"], " ".join(error["message"] for error in answer["errors"])


def by_page(client: Client, kind: str, content: bytes) -> tuple[str, dict[str, int], str]:
    """State of the run, rows by outcome, and all that was said."""
    file = SimpleUploadedFile("a.bin", content)
    response = client.post(PAGE, {"resource": kind, "import_file": file}, follow=True)
    assert response.status_code == 200
    run = ImportRun.objects.latest("pk")
    said = [error["message"] for error in run.report]
    said += [error.message for result in kept_outcomes(run) for error in result.errors]
    return run.state, run.outcomes, " ".join(said)


def counted(counts: dict[str, int]) -> dict[str, int]:
    """Those that there are; they add up to the rows read."""
    found = {name: number for name, number in counts.items() if number and name != "read"}
    assert sum(found.values()) == counts.get("read", 0)
    return found


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_alike(
    capsys: Any, tmp_path: Path, importer_client: Client, importer: Any, name: str
) -> None:
    kind, content, expected = READ[name]
    code, counts, said = by_command(capsys, tmp_path, kind, content)
    assert (code, counted(counts)) == (0, expected), said
    state, outcomes, said = by_page(importer_client, kind, content)
    assert (state, counted(outcomes)) == (ImportRun.State.PREVIEWED, expected), said


@pytest.mark.parametrize("name", REFUSED)
def test_a_faulty_file_is_refused_alike(
    capsys: Any, tmp_path: Path, importer_client: Client, importer: Any, name: str
) -> None:
    kind, content, words = REFUSED[name]
    try:
        code, _counts, said = by_command(capsys, tmp_path, kind, content)
    except Exception as refused:  # noqa: BLE001  # CommandError, in one sentence; its words are looked at below
        code, said = 1, str(refused)
    assert code == 1
    assert words in said
    state, _outcomes, said = by_page(importer_client, kind, content)
    assert state == ImportRun.State.REFUSED
    assert words in said


def test_spoilt_files_are_answered_and_write_nothing(importer_client: Client, importer: Any) -> None:
    chance = random.Random(4)
    whole = [TWO.encode(), titles(*RUSSIAN).encode("cp1251"), READ["a workbook"][1], READ["several files"][1]]
    for number in range(60):
        content = bytearray(whole[number % len(whole)])
        for _change in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        by_page(importer_client, "all" if number % len(whole) == 3 else "demands", bytes(content))
    assert not Demand.objects.exists()
