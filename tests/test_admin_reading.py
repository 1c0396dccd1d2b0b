"""How a file was read is shown before anything is written, and can be changed on the same page."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from statements.importing import KINDS
from statements.importing.reading import ENCODINGS
from statements.models import ImportRun, Organisation, Statement
from tests.admin_forms import fields_in
from tests.test_admin_import import PAGE, digest_on, newest, page_at, said, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]

CYRILLIC = "name;kind\nВесна правозащитный центр;NGO\nМинистерство иностранных дел;government\n"


def upload(client: Client, content: bytes, name: str = "a.csv", kind: str = "organisations", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(PAGE, {"resource": kind, "import_file": file, **more}, follow=True)


def read_again(client: Client, response: Any, **changed: str) -> Any:
    """The page after its form was sent with these changes."""
    fields = fields_in(response)
    names = ("file", "encoding", "delimiter", "create_missing", "column-")
    return step(client, "read", **{name: fields[name] for name in fields if name.startswith(names)} | changed)


def columns_on(response: Any) -> dict[str, str]:
    form = response.context["reading"]
    return {column.theirs: column.field.value() for column in form.columns}


def test_what_was_made_out_is_shown_with_cells_in_each_encoding_and_can_be_changed(importer_client: Client) -> None:
    response = upload(importer_client, CYRILLIC.encode("cp1251"))
    page = response.content.decode()
    assert "Text in windows-1251, a semicolon between the cells." in page
    assert "look whether the words are right" in page
    assert '<details id="reading" open>' in page
    assert "Весна правозащитный центр" in page
    assert "Âåñíà" in page, "the same cell in windows-1252"
    for encoding in ENCODINGS:
        assert f'<option value="{encoding}"' in page
    response = read_again(importer_client, response, encoding="windows-1252")
    assert "<td>Âåñíà" in response.content.decode()
    assert newest().options["files"]["a.csv"]["encoding"] == "windows-1252"
    response = read_again(importer_client, response, encoding="")
    assert "<td>Весна" in response.content.decode()
    step(importer_client, "confirm", digest=digest_on(response))
    assert set(Organisation.objects.values_list("name", flat=True)) == {
        "Весна правозащитный центр",
        "Министерство иностранных дел",
    }


def test_what_is_certain_is_not_open_and_what_was_not_changed_is_found_out_again(importer_client: Client) -> None:
    response = upload(importer_client, CYRILLIC.encode())
    assert '<details id="reading">' in response.content.decode()
    read_again(importer_client, response, create_missing="on")
    chosen = newest().options
    assert chosen["create_missing"] is True
    assert chosen["files"]["a.csv"] == {"encoding": "", "delimiter": "", "mapping": {}}


def test_unknown_columns_are_mapped_on_the_page_with_what_is_wrong_at_each(importer_client: Client) -> None:
    response = upload(importer_client, b"Bezeichnung,kind,colour\nViasna,NGO,red\n")
    page = response.content.decode()
    assert newest().state == "refused"
    assert '<details id="reading" open>' in page
    assert columns_on(response) == {"Bezeichnung": "?", "kind": "kind", "colour": "?"}
    assert page.count("There is no such column in organisations.") == 2, "at each column, and nowhere else"
    assert 'aria-describedby="id_column-0_error"' in page
    assert "<strong>name</strong>: This column is missing" in page
    assert not Organisation.objects.exists()
    response = read_again(importer_client, response, **{"column-0": "name"})
    assert newest().state == "refused", "colour is still unknown"
    assert columns_on(response) == {"Bezeichnung": "name", "kind": "kind", "colour": "?"}
    response = read_again(importer_client, response, **{"column-2": ""})
    page = response.content.decode()
    assert "1 row read: 1 new" in page
    assert "Columns under other names: Bezeichnung → name." in page
    assert "Columns that are left out: colour." in page
    assert newest().options["files"]["a.csv"]["mapping"] == {"Bezeichnung": "name", "colour": ""}
    response = step(importer_client, "confirm", digest=digest_on(response))
    assert Organisation.objects.get().name == "Viasna"
    assert "Bezeichnung → name" in response.content.decode(), "the history keeps the mapping"


def test_two_columns_that_would_be_one_are_said_and_one_is_left_out(importer_client: Client) -> None:
    response = upload(importer_client, b"name,Title of it,kind\nViasna,Vesna,NGO\n")
    response = read_again(importer_client, response, **{"column-1": "name"})
    assert "would all be read as “name”" in response.content.decode()
    response = read_again(importer_client, response, **{"column-1": ""})
    assert "1 row read: 1 new" in response.content.decode()


def test_another_delimiter_is_another_header(importer_client: Client) -> None:
    response = upload(importer_client, b"name,what;kind,colour\nViasna;a,NGO,red\n")
    response = read_again(importer_client, response, **{"column-1": "kind", "delimiter": ";"})
    assert newest().options["files"]["a.csv"] == {"encoding": "", "delimiter": ";", "mapping": {}}
    assert list(columns_on(response)) == ["name,what", "kind,colour"]


def test_names_in_other_letters_are_not_kept_when_the_encoding_changes(importer_client: Client) -> None:
    content = "Имя;Sort\nВесна правозащитный центр;NGO\n".encode("cp1251")
    response = upload(importer_client, content)
    response = read_again(importer_client, response, **{"column-0": "name", "column-1": "kind"})
    assert newest().state == "previewed"
    read_again(importer_client, response, encoding="windows-1252")
    assert newest().options["files"]["a.csv"]["mapping"] == {"Sort": "kind"}


def test_a_file_that_is_no_table_can_still_be_read_in_another_way(importer_client: Client) -> None:
    response = upload(importer_client, b'name,kind\n"Viasna,NGO\n')
    page = response.content.decode()
    assert newest().state == "refused"
    assert "be read as a table." in page
    assert {"encoding", "delimiter"} <= set(fields_in(response))
    assert newest().report[0]["line"] == 2


def workbook(*rows: list[str]) -> bytes:
    book, output = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(output)
    return output.getvalue()


def test_a_workbook_has_columns_to_map_and_no_encoding(importer_client: Client) -> None:
    response = upload(importer_client, workbook(["Name of it", "kind"], ["Viasna", "NGO"]), "a.xlsx")
    page = response.content.decode()
    assert "A workbook: its sheet “Sheet”." in page
    assert not {"encoding", "delimiter"} & set(fields_in(response))
    response = read_again(importer_client, response, **{"column-0": "name"})
    assert "1 row read: 1 new" in response.content.decode()


def packed(**files: str) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return output.getvalue()


SEVERAL = {
    "organisations": "Bezeichnung,kind\nMinistry,government\n",
    "statements": "title,kind,language,issued,issuers,colour\nOn the day,speech,en,2022-01-27,Ministry,red\n",
}


def test_several_files_in_a_zip_are_one_import_and_each_is_read_as_chosen(importer_client: Client) -> None:
    response = upload(importer_client, packed(**SEVERAL), "all.zip", "all")
    page = response.content.decode()
    assert newest().state == "refused"
    assert [file["name"] for file in newest().understood] == ["organisations.csv", "statements.csv"]
    assert "organisations.csv: <strong>name</strong>: This column is missing" in page
    assert columns_on(response)["Bezeichnung"] == "?", "the first of which something is wrong"
    response = read_again(importer_client, response, **{"column-0": "name"})
    assert columns_on(response)["colour"] == "?", "then the next"
    response = read_again(importer_client, response, **{"column-5": ""})
    page = response.content.decode()
    assert "2 rows read: 2 new" in page
    assert "<td>statements.csv, 2</td>" in page
    assert newest().kind == "all"
    assert "reading" not in response.context
    assert 'name="column-5"' in page_at(importer_client, "?read=1")
    step(importer_client, "confirm", digest=digest_on(response))
    assert Statement.objects.get().issuers.get().organisation.name == "Ministry"
    run = newest()
    assert (run.state, run.kind, run.file_name) == ("applied", "all", "all.zip")


def test_rejected_rows_of_a_zip_come_back_file_by_file(importer_client: Client) -> None:
    files = {"organisations": "name,kind\nMinistry,club\n", "sources": "title,publisher,kind\nA,B,news\n"}
    upload(importer_client, packed(**files), "all.zip", "all")
    base = f"/admin/statements/importrun/{newest().pk}"
    page = page_at(importer_client)
    assert f'href="{base}/rejected/0/"' in page
    assert f'href="{base}/rejected/1/"' not in page
    answer = importer_client.get(f"{base}/rejected/0/")
    assert b"".join(answer.streaming_content).startswith(b"name,kind,problem,suggestion\nMinistry,club,")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04 and nothing more", "organisations"),
        (b"PK\x03\x04 and nothing more", "all"),
        (b"name,kind\na,NGO\n", "all"),
        (packed(rumours="name\nx\n"), "all"),
        (packed(**SEVERAL), "statements"),
    ],
)
def test_what_is_no_table_and_no_archive_of_tables_is_a_sentence(
    importer_client: Client, content: bytes, kind: str
) -> None:
    response = upload(importer_client, content, "a.zip", kind)
    assert response.status_code == 200
    assert newest().state == "refused"
    assert newest().report[0]["message"]
    assert newest().report[0]["message"][:20] in response.content.decode()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"file": "7"},
        {"file": "-1"},
        {"file": "x"},
        {"file": "0", "encoding": "ebcdic"},
        {"file": "0", "delimiter": "x"},
        {"file": "0", "column-0": "colour"},
    ],
)
def test_a_way_of_reading_that_is_none_changes_nothing(importer_client: Client, posted: dict[str, str]) -> None:
    upload(importer_client, b"name,kind\na,NGO\n")
    assert "not understood" in said(step(importer_client, "read", **posted))
    run = newest()
    assert (run.state, run.options["files"]) == ("previewed", {})


def test_a_page_of_every_kind_is_light_enough(importer_client: Client, facts_dir: Any) -> None:
    files = {kind: (facts_dir / f"{kind}.csv").read_text(encoding="utf-8") for kind in KINDS}
    response = upload(importer_client, packed(**files), "all.zip", "all")
    assert newest().outcomes == {"read": 677, "new": 677, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 0}
    for parameters in ("", "?read=5", "?page=3&read=0"):
        assert len(page_at(importer_client, parameters).encode()) < 300_000
    step(importer_client, "confirm", digest=digest_on(response))
    assert ImportRun.objects.get().state == "applied"
