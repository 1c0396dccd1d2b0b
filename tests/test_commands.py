"""The commands: what they print, what they write, and the exit code."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from statements.importing.outcomes import kept_outcomes
from statements.models import (
    DemandUpdate,
    Entry,
    Figure,
    ImportRun,
    Link,
    Name,
    Organisation,
    OrganisationName,
    Statement,
    Version,
)
from tests.factories import OrganisationFactory, SourceFactory, make_public_statement, make_statement, make_user
from tests.importing import import_folder, imported

pytestmark = pytest.mark.usefixtures("uploads_folder")

HEADER = "slug,name,kind,country,parent,website,wikidata_id,aliases\n"
TEN_MISTAKES = (
    HEADER + "a,A,club,,,,,\n"  # 2: no kind
    "b,,NGO,,,,,\n"  # 3: no name
    "c,C,NGO,Atlantis,,,,\n"  # 4: no country
    "d,D,NGO,,nobody,,,\n"  # 5: an unknown parent
    'e,"E\nof two lines",NGO,,,no address,,\n'  # 6: no website
    "f,F,NGO,,,,458,\n"  # 8: no Wikidata id
    "g,G,NGO,,,,,Г [xx]\n"  # 9: no language
    "h h,H,NGO,,,,,\n"  # 10: no slug
    "a,Again,NGO,,,,,\n"  # 11: twice
    "i,[clear],NGO,,,,,\n"  # 12: emptied, though required
    "j,Fine,NGO,BY,,,,\n"
)
PLACES = [
    (2, "kind"),
    (3, "name"),
    (4, "country"),
    (5, "parent"),
    (6, "website"),
    (8, "wikidata_id"),
    (9, "aliases"),
    (10, "slug"),
    (11, "slug"),
    (12, "name"),
]


def run(capsys, *arguments):
    """(exit code, standard output) of a command."""
    try:
        call_command(*arguments)
        code = 0
    except SystemExit as leaving:
        code = leaving.code
    return code, capsys.readouterr().out


@pytest.fixture
def ten_mistakes(tmp_path):
    path = tmp_path / "organisations.csv"
    path.write_text(TEN_MISTAKES, encoding="utf-8")
    return path


def test_ten_mistakes_are_ten_with_lines_and_columns_and_nothing_is_written(capsys, importer, ten_mistakes):
    code, output = run(capsys, "import_csv", "organisations", ten_mistakes, "--user", "importer", "--format", "json")
    answer = json.loads(output)
    assert code == 1
    assert [(error["line"], error["column"]) for error in answer["errors"]] == PLACES
    assert answer["errors"][2]["value"] == "Atlantis"
    assert answer["counts"] == {"read": 11, "new": 1, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 10}
    stored = ImportRun.objects.get()
    assert (answer["written"], answer["run"]) == (False, stored.pk)
    assert (stored.state, stored.outcomes["rejected"], stored.user) == ("refused", 10, importer)
    assert [error.column for row in kept_outcomes(stored) for error in row.errors] == [
        column for _line, column in PLACES
    ]
    assert not Organisation.objects.exists()


def test_the_report_in_words_names_line_column_and_value(capsys, importer, ten_mistakes):
    code, output = run(capsys, "import_csv", "organisations", ten_mistakes, "--user", "importer")
    assert code == 1
    assert "organisations.csv, line 4, column country (“Atlantis”): “Atlantis” is not a country's code" in output
    assert "10 mistakes." in output
    assert "11 rows read: 1 new, 0 changed, 0 unchanged, 10 rejected." in output
    assert output.endswith(f"Nothing was written.\nThis was run {ImportRun.objects.get().pk}.\n")


def test_rejects_of_an_earlier_run_do_not_stay_when_nothing_is_rejected_any_more(capsys, importer, tmp_path):
    rejects, file = tmp_path / "rejects.csv", tmp_path / "o.csv"
    rejects.write_text("old", encoding="utf-8")
    file.write_text("name,kind\nOne,NGO\n", encoding="utf-8")
    code, _output = run(capsys, "import_csv", "organisations", file, "--user", "importer", "--rejects", rejects)
    assert (code, rejects.read_text(encoding="utf-8")) == (0, "name,kind,problem,suggestion\n")


def test_rejects_are_never_written_over_the_file_itself(capsys, importer, tmp_path):
    file = tmp_path / "o.csv"
    file.write_text("name,kind\nOne,no such\n", encoding="utf-8")
    with pytest.raises(CommandError, match="over the file itself"):
        call_command("import_csv", "organisations", file, "--user", "importer", "--rejects", file)
    assert file.read_text(encoding="utf-8") == "name,kind\nOne,no such\n"


def test_the_rejects_are_the_rows_with_what_is_wrong_behind_them(capsys, importer, ten_mistakes, tmp_path):
    rejects = tmp_path / "rejects.csv"
    code, _output = run(capsys, "import_csv", "organisations", ten_mistakes, "--user", "importer", "--rejects", rejects)
    rows = list(csv.DictReader(rejects.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert code == 1
    assert list(rows[0]) == [*HEADER.strip().split(","), "problem", "suggestion"]
    assert len(rows) == 10
    assert "kind: “club” is none of" in rows[0]["problem"]


def test_a_file_is_imported_and_the_run_is_named(capsys, importer, tmp_path):
    path = tmp_path / "some name.csv"
    path.write_text("name,kind\nViasna,NGO\n", encoding="utf-8")
    code, output = run(capsys, "import_csv", "organisations", path, "--user", "importer")
    stored = ImportRun.objects.get()
    assert code == 0
    assert output.splitlines() == [
        "1 row read: 1 new, 0 changed, 0 unchanged, 0 rejected.",
        "Everything was written.",
        f"This was run {stored.pk}.",
    ]
    assert (stored.kind, stored.file_name, stored.state, stored.user) == (
        "organisations",
        "some name.csv",
        "applied",
        importer,
    )
    assert Organisation.objects.get().names.get().kind == Name.Kind.MAIN
    assert run(capsys, "check_data") == (0, "Everything is in order.\n")
    _code, output = run(capsys, "import_csv", "organisations", path, "--user", "importer")
    assert "There was nothing to write." in output


def test_a_dry_run_writes_nothing(capsys, importer, facts_dir):
    code, output = run(capsys, "import_csv", "all", facts_dir, "--user", "importer", "--dry-run")
    assert code == 0
    assert "677 rows read: 677 new" in output
    assert output.endswith("Nothing was written.\n")
    assert not any(model.objects.exists() for model in (Organisation, Statement, Version, ImportRun))


def test_a_folder_is_one_run_that_somebody_else_publishes(capsys, importer, reviewer, facts_dir):
    code, output = run(capsys, "import_csv", "all", facts_dir, "--user", "importer")
    assert code == 0, output
    number = str(ImportRun.objects.get().pk)
    code, output = run(capsys, "publish_run", number, "--user", "importer")
    assert code == 1
    assert "You may not publish statements." in output
    assert not Entry.objects.exists()
    code, output = run(capsys, "publish_run", number, "--user", "reviewer")
    assert (code, output) == (0, "Published: 77 statements and 11 updates of demands. Refused: 0.\n")
    assert Entry.objects.count() == 77
    assert DemandUpdate.objects.published().count() == 11
    assert run(capsys, "check_data") == (0, "Everything is in order.\n")
    code, output = run(capsys, "import_csv", "all", facts_dir, "--user", "importer")
    assert "677 rows read: 0 new, 0 changed, 677 unchanged, 0 rejected." in output


def test_publishing_a_run_leaves_out_what_is_refused_and_says_why(capsys, importer, reviewer):
    OrganisationFactory(name="A")
    SourceFactory(slug="s", url="https://example.org/s")
    text = (
        "slug,title,kind,language,issued,issuers,summary,source_urls,step\n"
        "good,Good,speech,en,2022,a,Said,https://example.org/s,in review\n"
        "bad,Bad,speech,en,2022,a,Said,,in review\n"
        "draft,Draft,speech,en,2022,a,Said,https://example.org/s,draft\n"
    )
    imported("statements", text, by=importer)
    code, output = run(capsys, "publish_run", str(ImportRun.objects.get().pk), "--user", "reviewer")
    assert code == 1
    assert "Bad: It has no source." in output
    assert "Published: 1 statement and 0 updates of demands. Refused: 1." in output
    assert [entry.slug for entry in Entry.objects.all()] == ["good"]


def test_a_run_that_only_handed_in_what_was_there_is_published_too(capsys, importer, reviewer, tmp_path):
    OrganisationFactory(name="A")
    SourceFactory(slug="s", url="https://example.org/s")
    row = "s,S,speech,en,2022,a,Said,https://example.org/s"
    columns = "slug,title,kind,language,issued,issuers,summary,source_urls,step"
    imported("statements", f"{columns}\n{row},draft\n", by=importer)
    imported("statements", f"{columns}\n{row},in review\n", by=importer)
    first, second = ImportRun.objects.order_by("pk").values_list("pk", flat=True)
    code, output = run(capsys, "publish_run", str(second), "--user", "reviewer")
    assert (code, output) == (0, "Published: 1 statement and 0 updates of demands. Refused: 0.\n")
    code, output = run(capsys, "publish_run", str(first), "--user", "reviewer")
    assert (code, output.splitlines()[1]) == (
        0,
        "Nothing of this run waits for a reviewer: it is published, returned or a draft.",
    )


def test_nobody_publishes_their_own_run(capsys, administrator, facts_dir):
    number = import_folder(facts_dir, by=administrator).pk
    code, output = run(capsys, "publish_run", str(number), "--user", "administrator")
    assert code == 1
    assert "a second person publishes it" in output
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import_csv", "organisations", "nowhere.csv", "--user", "importer"], "can't be read"),
        (["import_csv", "all", "nowhere", "--user", "importer"], "not a folder"),
        (["import_csv", "organisations", "nowhere.csv", "--user", "nobody"], "no active account “nobody”"),
        (["import_csv", "organisations", "nowhere.csv"], "--user NAME"),
        (["import_csv", "people", "nowhere.csv"], "people"),
        (["publish_run", "7", "--user", "importer"], "no applied import run 7"),
    ],
)
def test_a_command_that_cannot_work_says_so_in_one_sentence(importer, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command(*arguments)


def test_a_folder_without_known_files_or_with_an_unknown_one_is_refused(importer, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    with pytest.raises(CommandError, match="holds none of these files"):
        call_command("import_csv", "all", folder, "--user", "importer")
    (folder / "organisations.csv").write_text("name,kind\nA,NGO\n")
    (folder / "organizations.csv").write_text("name,kind\nB,NGO\n")
    with pytest.raises(CommandError, match=r"organizations\.csv, which is the file of no KIND"):
        call_command("import_csv", "all", folder, "--user", "importer")


def test_a_mistake_in_one_file_of_a_folder_keeps_all_of_it_out(capsys, importer, tmp_path):
    folder, rejects = tmp_path / "files", tmp_path / "rejects"
    folder.mkdir()
    (folder / "organisations.csv").write_text("name,kind\nA,NGO\n")
    (folder / "speakers.csv").write_text("name,organisation\nOne,A\nTwo,B\n")
    code, output = run(capsys, "import_csv", "all", folder, "--user", "importer", "--rejects", rejects)
    assert code == 1
    assert "speakers.csv, line 3, column organisation (“B”)" in output
    assert not Organisation.objects.exists()
    rejected = (rejects / "speakers.csv").read_text().splitlines()
    assert rejected[0] == "name,organisation,problem,suggestion"
    assert rejected[1].startswith('Two,B,"organisation: No organisation is known as “B”.')


def test_somebody_without_the_permission_gets_a_sentence(editor, facts_dir):
    with pytest.raises(CommandError, match="You may not import files"):
        call_command("import_csv", "all", facts_dir, "--user", "editor")


def test_the_only_superuser_needs_no_name(capsys, db, tmp_path):
    user = make_user("root", is_superuser=True)
    path = tmp_path / "a.csv"
    path.write_text("name,kind\nViasna,NGO\n", encoding="utf-8")
    assert run(capsys, "import_csv", "organisations", path)[0] == 0
    assert ImportRun.objects.get().user == user


def test_a_file_that_is_no_table_is_a_mistake_of_the_run(capsys, importer, tmp_path):
    path = tmp_path / "organisations.csv"
    path.write_bytes(b'name,kind\nA,NGO\n"B,NGO\n')
    code, output = run(capsys, "import_csv", "organisations", path, "--user", "importer")
    assert code == 1
    assert "organisations.csv, line 3: A quotation mark is opened in the row that begins here and never" in output
    assert "0 rows read: " in output


def test_the_record_is_rebuilt_without_a_difference(capsys, editor, reviewer):
    make_public_statement(by=editor, published_by=reviewer)
    before = [list(model.objects.order_by("pk").values()) for model in (Entry,)]
    figures = list(Figure.objects.values("key", "value"))
    Figure.objects.all().delete()
    Link.objects.all().delete()
    assert run(capsys, "check_data")[0] == 1
    assert run(capsys, "rebuild_record") == (0, "The index holds 1 published statements.\n")
    assert [list(model.objects.order_by("pk").values()) for model in (Entry,)] == before
    assert list(Figure.objects.values("key", "value")) == figures
    assert run(capsys, "check_data")[0] == 0


def test_check_data_prints_a_line_per_offence(capsys, editor):
    make_statement(by=editor)
    OrganisationName.objects.update(folded="wrong")
    Statement.objects.update(summary="Changed past everything")
    code, output = run(capsys, "check_data")
    assert code == 1
    assert len(output.splitlines()) == 2
