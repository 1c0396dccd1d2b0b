"""Exports: the desk as files that come back unchanged, and what readers may see as a data package."""

import csv
import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from statements.importing import KINDS
from statements.importing.desk_export import desk_files
from statements.importing.kinds import all_kinds
from statements.importing.publishing import publish_run
from statements.models import ImportRun, OldSlug, Organisation, Source, Statement
from statements.record.check import offences
from tests.factories import (
    OrganisationFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
)
from tests.importing import import_folder, imported
from tests.packages import public_files, tables_of

TWO_OF_EACH = {
    "organisations": "slug,name,kind,country,aliases\n"
    "mfa-lv,Ārlietu ministrija,government,LV,MFA [en] | МИД Латвии [ru]\n"
    "mfa-lt,Užsienio reikalų ministerija,government,LT,\n",
    "speakers": "slug,name,organisation,handles\nrinkevics,Edgars Rinkēvičs,mfa-lv,x:@edgarsrinkevics | telegram:@er\n"
    "landsbergis-g,Gabrielius Landsbergis,mfa-lt,\n",
    "sources": "slug,url,title,publisher,kind,language,published\n"
    "lv,https://example.lv/a?id=1,Paziņojums,MFA,official,lv,2021-11-27\n"
    "lt,https://example.lt/b,Pareiškimas,MFA,official,lt,2021-11\nprint,,Report,Press,report,en,2021\n",
    "statements": "slug,title,kind,language,issued,issuers,speakers,attributions,summary,desk_note,step\n"
    "two-ministers,Two ministers,joint statement,lv,2021-11-20/2021-11-27,mfa-lv | mfa-lt,rinkevics | landsbergis-g,"
    '| Minister of Lithuania,"Said together, ""firmly"".","=SUM(1)",draft\n',
    "citations": "statement,source,role,locator\ntwo-ministers,lv,original,\ntwo-ministers,lt,translation,\n"
    "two-ministers,print,report,page 3\n",
    "wordings": "statement,language,kind,source,text,is_excerpt\n"
    'two-ministers,lv,original,lv,"Baltkrievijā ir vairāk nekā 880 politieslodzīto.\n'
    'Mēs aicinām viņus atbrīvot.",false\n'
    "two-ministers,en,official translation,lt,We call for their release.,true\n",
    "mentions": "statement,demand,quote\ntwo-ministers,release-all-political-prisoners,aicinām viņus atbrīvot\n"
    "two-ministers,release-all-political-prisoners,call for their release\n",
    "counts": "statement,measure,qualifier,value,quote\n"
    "two-ministers,political-prisoners-belarus,more than,880,vairāk nekā 880 politieslodzīto\n",
}


def empty_the_desk():
    """As a new database would be, accounts apart."""
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_desk_export_import_into_an_empty_database_and_export_give_identical_bytes(tmp_path, facts_dir):
    importer = make_user("importer", "importer")
    import_folder(facts_dir, by=importer)
    for kind, text in TWO_OF_EACH.items():
        imported(kind, text, by=importer)
    first = desk_files()
    call_command("export_data", tmp_path / "desk", "--desk", verbosity=0)
    assert {path.name: path.read_bytes() for path in (tmp_path / "desk").iterdir()} == first
    empty_the_desk()
    assert not Organisation.objects.exists()
    importer = make_user("importer", "importer")
    run = import_folder(tmp_path / "desk", by=importer)
    assert run.outcomes["new"] == run.outcomes["read"]
    assert desk_files() == first
    assert list(offences()) == []


def test_the_desk_export_has_every_column_but_the_short_forms(db):
    files = desk_files()
    assert list(files) == ["desk-export.txt", *(f"{kind}.csv" for kind in KINDS)]
    for kind in all_kinds():
        header = files[f"{kind.kind_name}.csv"].decode().splitlines()[0].split(",")
        assert header == [column.name for column in kind.exported_columns()]
    assert b"source_urls" not in files["statements.csv"]


def test_parents_stand_above_their_parts(db):
    whole = OrganisationFactory(name="Z whole")
    OrganisationFactory(name="A part", parent=whole)
    OrganisationFactory(name="B")
    rows = list(csv.DictReader(io.StringIO(desk_files()["organisations.csv"].decode())))
    assert [row["slug"] for row in rows] == ["z-whole", "a-part", "b"]


def test_what_a_spreadsheet_takes_for_a_formula_is_escaped_and_read_back(importer):
    make_statement(by=importer, title="S", desk_note="=1+1", place="'s-Hertogenbosch", occasion="@home")
    content = desk_files()["statements.csv"].decode()
    assert "'=1+1" in content
    assert "''s-Hertogenbosch" in content
    plan = imported("statements", content, by=importer)
    assert plan.counts["unchanged"] == 1


def test_a_source_that_came_as_an_address_alone_comes_back(importer):
    row = "s,S,report,en,2022,EEAS,https://www.example.org/a?b=1"
    OrganisationFactory(name="EEAS")
    imported("statements", f"slug,title,kind,language,issued,issuers,source_urls\n{row}\n", by=importer)
    source = Source.objects.get()
    assert (source.publisher, source.title) == ("example.org", "https://www.example.org/a?b=1")
    content = desk_files()["sources.csv"].decode()
    Statement.objects.all().delete()
    source.delete()
    imported("sources", content, by=importer)
    assert desk_files()["sources.csv"].decode() == content


def test_queries_of_the_desk_export_do_not_grow_with_rows(editor):
    def count() -> int:
        queries = [0]

        def wrapper(execute, sql, params, many, context):
            queries[0] += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(wrapper):
            desk_files()
        return queries[0]

    make_statement(by=editor)
    one = count()
    for _number in range(4):
        make_statement(by=editor)
    assert count() == one


# What readers may see


def test_the_public_export_holds_what_is_published_and_nothing_else(editor, reviewer):
    shown = make_public_statement(by=editor, published_by=reviewer, title="Shown", desk_note="for colleagues")
    make_statement(by=editor, title="A secret draft")
    OrganisationFactory(name="Unused organisation")
    shown.summary = "Changed on the desk only"
    shown.save()
    files = public_files()
    everything = b"".join(files.values())
    for hidden in (b"secret", b"Unused", b"colleagues", b"desk only"):
        assert hidden not in everything
    found = tables_of(files)
    assert [(row["slug"], row["version"]) for row in found["statements"]] == [("shown", "1")]
    assert found["statements"][0]["url"].endswith("/statements/shown/")
    for name in ("issuers", "citations", "wordings", "mentions", "counts", "changes"):
        assert [row["statement"] for row in found[name]] == ["shown"], name
    assert (found["counts"][0]["value"], found["counts"][0]["value_to"]) == ("1007", "")
    assert len(found["organisations"]) == len(found["sources"]) == len(found["demands"]) == len(found["measures"]) == 1


def test_a_part_does_not_name_a_whole_that_readers_do_not_see(editor, reviewer):
    make_public_statement(by=editor, published_by=reviewer)
    organisation = Organisation.objects.get()
    organisation.parent = OrganisationFactory(name="Hidden whole")
    organisation.save()
    assert [row["parent"] for row in tables_of(public_files())["organisations"]] == [""]


def test_a_relation_is_exported_while_its_target_is_public(editor, reviewer):
    target = StatementFactory(title="Target")
    statement = make_public_statement(
        by=editor, published_by=reviewer, title="S", relation="quotes", related_statement=target
    )
    assert tables_of(public_files())["statements"][0]["related_statement"] == ""
    assert statement.relation == "quotes"


def test_a_slug_that_a_merge_gave_up_is_exported_as_the_one_of_today(editor, reviewer):
    make_public_statement(by=editor, published_by=reviewer)
    organisation = Organisation.objects.get()
    old, organisation.slug = organisation.slug, "merged"
    organisation.save()
    OldSlug.objects.create(kind="organisation", slug=old, target_id=organisation.pk)
    assert tables_of(public_files())["issuers"][0]["organisation"] == "merged"


def test_the_data_package_describes_every_file(editor, reviewer, facts_dir, importer):
    run = import_folder(facts_dir, by=importer)
    publish_run(run=run, by=reviewer)
    files = public_files()
    package = json.loads(files["datapackage.json"])
    assert {resource["path"] for resource in package["resources"]} == files.keys() - {"datapackage.json"}
    found = tables_of(files)
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        rows = found[resource["name"]]
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert content.decode().splitlines()[0].split(",") == fields
        key = resource["schema"]["primaryKey"]
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
        for reference in resource["schema"].get("foreignKeys", []):
            table = reference["reference"].get("resource", resource["name"])
            known = {row["slug"] for row in found[table]} | {""}
            (column,) = reference["fields"]
            assert {row[column] for row in rows} <= known, (resource["name"], reference)
    assert package["created"]
    assert len(found["statements"]) == 77
    assert ImportRun.objects.count() == 1
    assert Statement.objects.count() == 81


# Folders


def test_a_folder_of_somebody_elses_tables_is_left_alone(db, tmp_path):
    (tmp_path / "organisations.csv").write_text("name,kind\n")
    with pytest.raises(CommandError, match=r"organisations\.csv"):
        call_command("export_data", tmp_path, "--desk", verbosity=0)
    assert (tmp_path / "organisations.csv").read_text() == "name,kind\n"


def test_an_export_is_written_again_over_an_earlier_one_and_over_nothing_else(db, tmp_path):
    folder = tmp_path / "a" / "b"
    call_command("export_data", folder, verbosity=0)
    assert (folder / "datapackage.json").exists()
    call_command("export_data", folder, "--desk", verbosity=0)
    assert not (folder / "datapackage.json").exists()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match=r"letter\.txt"):
        call_command("export_data", folder, verbosity=0)
    assert (folder / "letter.txt").read_text() == "mine"
    with pytest.raises(CommandError, match="is a file"):
        call_command("export_data", folder / "letter.txt", verbosity=0)
