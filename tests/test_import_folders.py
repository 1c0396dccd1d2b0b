"""A folder or a ZIP of files that are named like their KINDs is one run; anything else in it is told."""

from pathlib import Path

import pytest

from statements.importing import KINDS, FileRefused
from statements.importing.desk_export import desk_files
from statements.importing.incoming import Incoming
from statements.importing.reading import open_archive, open_folder
from tests.test_import_archives import locked
from tests.workbooks import packed, workbook


def archive(parts: dict[str, str | bytes], name: str = "all.zip") -> list[Incoming]:
    return open_archive(Incoming("", name, packed(parts)))


def refused_archive(parts: dict[str, str | bytes]) -> str:
    with pytest.raises(FileRefused) as refused:
        archive(parts)
    return str(refused.value)


def refused_folder(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        open_folder(path)
    return str(refused.value)


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("name\nx\n", encoding="utf-8")


def test_the_files_of_a_folder_come_in_the_order_of_kinds_and_stay_where_they_are(tmp_path):
    fill(tmp_path, "counts.csv", "Speakers.TSV", "organisations.txt", "SOURCES.csv")
    (tmp_path / "demands.xlsx").write_bytes(workbook(["title"], ["x"]))
    files = open_folder(tmp_path)
    assert [(file.kind, file.name) for file in files] == [
        ("organisations", "organisations.txt"),
        ("speakers", "Speakers.TSV"),
        ("sources", "SOURCES.csv"),
        ("demands", "demands.xlsx"),
        ("counts", "counts.csv"),
    ]
    assert files[0].content == tmp_path / "organisations.txt"


def test_the_demonstration_data_are_a_folder(facts_dir):
    assert tuple(file.kind for file in open_folder(facts_dir)) == KINDS


def test_what_exports_and_systems_lay_beside_tables_is_no_mistake(tmp_path):
    fill(tmp_path, "counts.csv", "datapackage.json", "desk-export.txt", ".DS_Store", "~$counts.xlsx", "Thumbs.db")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".git").mkdir()
    assert [file.name for file in open_folder(tmp_path)] == ["counts.csv"]
    parts = {"counts.csv": "x", "__MACOSX/._counts.csv": "x", ".DS_Store": "x", "datapackage.json": "{}"}
    assert [file.name for file in archive(parts)] == ["counts.csv"]


@pytest.mark.parametrize("name", ["organizations.csv", "Counts 2021.csv", "counts.csv.bak", "counts.ods", "notes.txt"])
def test_anything_else_is_a_mistake_that_names_it(tmp_path, name):
    fill(tmp_path, "counts.csv", name)
    sentence = f"holds {name}, which is the file of no KIND. They are: organisations.csv, speakers.csv"
    assert sentence in refused_folder(tmp_path)
    assert sentence in refused_archive({"counts.csv": "x", name: "x"})


def test_a_folder_in_a_folder_is_a_mistake_that_names_it(tmp_path):
    fill(tmp_path, "counts.csv")
    (tmp_path / "old").mkdir()
    assert "holds old, which is the file of no KIND" in refused_folder(tmp_path)


def test_two_files_of_one_kind_are_a_mistake_that_names_both(tmp_path):
    fill(tmp_path, "counts.csv", "counts.tsv")
    assert "holds counts.csv and counts.tsv: keep one of the two" in refused_folder(tmp_path)
    assert "holds counts.csv and Counts.csv" in refused_archive({"counts.csv": "x", "Counts.csv": "x"})


def test_what_is_no_folder_or_has_no_files_is_refused(tmp_path):
    assert "is not a folder" in refused_folder(tmp_path / "nowhere")
    assert "holds none of these files: organisations.csv" in refused_folder(tmp_path)
    assert "all.zip holds none of these files" in refused_archive({})


def test_the_files_of_a_zip_are_unpacked_at_its_top_or_from_one_folder_of_it():
    parts = {"counts.csv": "c", "speakers.csv": b"s"}
    for folder in ("", "export/", "export/2021/"):
        files = archive({f"{folder}{name}": text for name, text in parts.items()})
        assert files == [Incoming("speakers", "speakers.csv", b"s"), Incoming("counts", "counts.csv", b"c")]
    assert "several folders, such as b/speakers.csv" in refused_archive({"a/counts.csv": "", "b/speakers.csv": ""})


def test_a_zip_is_read_from_a_file_as_well(tmp_path):
    path = tmp_path / "all.zip"
    path.write_bytes(packed({"counts.csv": "c"}))
    assert open_archive(Incoming("", "all.zip", path)) == [Incoming("counts", "counts.csv", b"c")]


@pytest.mark.parametrize(
    "name", ["../counts.csv", "/counts.csv", "a/../../counts.csv", "C:/counts.csv", "..\\counts.csv"]
)
def test_a_name_that_leads_out_of_a_zip_is_refused(name):
    assert f"all.zip names a place outside of it: {name}" in refused_archive({name: "x"})


def test_a_zip_in_a_zip_a_locked_one_and_a_workbook_are_refused():
    assert "holds another archive, more.zip" in refused_archive({"counts.csv": "x", "more.zip": packed({"a": "b"})})
    with pytest.raises(FileRefused, match="protected by a password"):
        open_archive(Incoming("", "all.zip", locked(packed({"counts.csv": "x"}))))
    with pytest.raises(FileRefused, match="Choose what it holds instead of “all”"):
        open_archive(Incoming("", "counts.xlsx", workbook(["name"], ["x"])))
    with pytest.raises(FileRefused, match="no ZIP archive"):
        open_archive(Incoming("", "counts.csv", b"name\nx\n"))
    with pytest.raises(FileRefused, match="damaged"):
        open_archive(Incoming("", "all.zip", packed({"counts.csv": "x"})[:-9]))


def test_files_that_are_too_large_together_are_refused(tmp_path, settings):
    settings.IMPORT_MAX_BYTES = 300_000
    parts = {name: f"{name}\n" * 15_000 for name in ("counts.csv", "mentions.csv")}
    for name, text in parts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "have 0.4 MB together, and at most 0.3 MB are read" in refused_folder(tmp_path)
    assert "Unpacked, this file would have 0.4 MB, and at most 0.3 MB are read" in refused_archive(parts)
    settings.IMPORT_MAX_BYTES = 400_000
    assert len(open_folder(tmp_path)) == len(archive(parts)) == 2
    settings.IMPORT_MAX_BYTES = 150_000
    assert "The file has 0.2 MB, and at most 0.1 MB" in refused_folder(tmp_path)


def test_a_bomb_of_tables_is_refused():
    assert "far more than it seems: it isn't opened" in refused_archive({"counts.csv": "0" * 20_000_000})


@pytest.mark.django_db
def test_an_export_of_the_desk_is_a_folder_and_a_zip(tmp_path):
    for name, content in desk_files().items():
        (tmp_path / name).write_bytes(content)
    assert tuple(file.kind for file in open_folder(tmp_path)) == KINDS
