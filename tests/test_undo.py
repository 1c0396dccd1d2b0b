"""Undoing a run: the desk is again what it was, and everything that was undone is on record."""

import csv
import io
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, models

from statements.importing import KINDS
from statements.importing.desk_export import desk_files
from statements.importing.incoming import Incoming
from statements.importing.publishing import publish_run
from statements.importing.undo import Item, undo_preview, undo_run
from statements.importing.undoing.uses import USES
from statements.models import (
    Entry,
    Figure,
    ImportRun,
    Organisation,
    OrganisationName,
    ReferenceChange,
    Source,
    SpeakerHandle,
    SpeakerName,
    Statement,
    Version,
)
from tests.factories import make_statement, make_user
from tests.importing import files_of, import_folder
from tests.undoing import REASON, reasons_against, run_of, run_of_files, undone

#: Columns that say something else before the run, where they are not blank.
OTHERWISE = {
    "organisations": {"description", "name", "short_name", "aliases"},
    "speakers": {"description", "aliases", "handles"},
    "sources": {"title", "author"},
    "measures": {"definition", "place"},
    "demands": {"description"},
    "statements": {"title", "summary", "occasion", "date_note", "desk_note", "attribution"},
    "citations": {"locator"},
    "mentions": {"note"},
    "counts": {"note"},
    "demand_updates": {"note"},
}


def rewritten(file: Incoming, change: Callable[[int, dict[str, str]], dict[str, str] | None]) -> Incoming:
    """The file with its rows changed; those of which nothing is returned are left out."""
    assert isinstance(file.content, bytes)
    reader = csv.DictReader(io.StringIO(file.content.decode()))
    output = io.StringIO()
    writer = csv.DictWriter(output, fieldnames=reader.fieldnames or [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in (change(n, row) for n, row in enumerate(reader)) if row is not None)
    return Incoming(file.kind, file.name, output.getvalue().encode())


def otherwise(file: Incoming) -> Incoming:
    """Of every second row other words, references and steps; of what hangs on others every fifth row is missing."""

    def change(n: int, row: dict[str, str]) -> dict[str, str] | None:
        if n % 5 == 0 and file.kind in ("citations", "mentions", "counts", "demand_updates"):
            return None
        if n % 2 == 0:
            return row
        changed = {name: f"{row[name]} otherwise" for name in OTHERWISE.get(file.kind, ()) if row[name]}
        changed |= dict.fromkeys({"parent", "organisation", "addressees"} & row.keys(), "")
        if "step" in row:
            changed["step"] = "draft" if row["step"] == "in review" else "in review"
        if file.kind == "wordings":
            changed["is_excerpt"] = "false" if row["is_excerpt"] == "true" else "true"
        return row | changed

    return rewritten(file, change)


def test_undoing_the_facts_leaves_an_empty_desk(importer: User, facts_dir: Path) -> None:
    before = desk_files()
    run = import_folder(facts_dir, by=importer)
    found = undone(run, by=importer)
    assert desk_files() == before
    assert (len(found.removed), found.restored, found.left_alone) == (89 + 29 + 75 + 49 + 30 + 81 + 11, [], [])
    assert not Version.objects.exists()
    assert import_folder(facts_dir, by=importer).outcomes["new"] == 677


def test_undoing_the_facts_leaves_a_desk_that_held_half_of_it_otherwise(importer: User, facts_dir: Path) -> None:
    run_of_files([otherwise(file) for file in files_of(facts_dir)], by=importer)
    before = desk_files()
    run = import_folder(facts_dir, by=importer)
    assert run.outcomes["changed"] > 150
    assert run.outcomes["new"] > 50
    assert desk_files() != before
    assert undone(run, by=importer).left_alone == []
    assert desk_files() == before


def test_undoing_a_run_over_published_data_leaves_what_readers_see(importer: User, facts_dir: Path) -> None:
    base = import_folder(facts_dir, by=importer)
    assert not publish_run(run=base, by=make_user("reviewer", "reviewer")).refused
    before, public = desk_files(), list(Entry.objects.order_by("pk").values())
    steps = list(Statement.objects.order_by("pk").values_list("slug", "step"))
    boss = make_user("boss", "administrator")
    run = run_of_files([otherwise(file) for file in files_of(facts_dir) if file.kind != "demand_updates"], by=boss)
    assert desk_files() != before
    assert undone(run, by=boss).left_alone == []
    assert desk_files() == before
    assert list(Entry.objects.order_by("pk").values()) == public
    assert list(Statement.objects.order_by("pk").values_list("slug", "step")) == steps


@pytest.mark.parametrize("kind", KINDS)
def test_undoing_a_file_of_one_kind_leaves_the_desk_as_it_was(importer: User, facts_dir: Path, kind: str) -> None:
    files = {file.kind: file for file in files_of(facts_dir)}
    run_of_files([file if file.kind != kind else otherwise(file) for file in files.values()], by=importer)
    before = desk_files()
    run = run_of_files([files[kind]], by=importer)
    assert run.outcomes["new"] + run.outcomes["changed"] > 0
    assert undone(run, by=importer).left_alone == []
    assert desk_files() == before


ROWS = {
    "organisations": "slug,name,kind,parent\nup,Up,NGO,\ndown,Down,NGO,up\n",
    "speakers": "slug,name,organisation,handles\njane,Jane,down,x:@jane\n",
    "sources": "slug,url,title,publisher,kind\npage,https://example.org/p,Page,Press,news\n",
    "demands": "slug,title,addressees\nask,Ask,up\n",
    "statements": "slug,title,kind,language,issued,issuers,relation,related_statement,text,text_language,text_kind,"
    "source_urls\nfirst,First,speech,en,2022,down,,,We count 12.,en,original,https://example.org/new\n"
    "second,Second,speech,en,2022,up,repeats,first,,,,\n",
    "mentions": "statement,demand,addressees\nfirst,ask,down\n",
    "demand_updates": "demand,date,status,source\nask,2022,open,page\n",
}


def test_what_was_undone_is_on_record(importer: User) -> None:
    statement = make_statement(by=importer, title="Stored")
    Organisation.objects.create(slug="known", name="Known", kind="NGO", country="BY")
    organisations = ROWS["organisations"] + "known,,,up\n"
    run = run_of(ROWS | {"organisations": organisations} | {"counts": changed_count(statement)}, by=importer)
    boss = make_user("boss", "administrator")
    found = undone(run, by=boss)
    assert Item("organisations", "Down") in found.removed
    assert found.restored == [Item("organisations", "Known"), Item("statements", "Stored")]
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.undone_by, run.undone_by_name, run.undone_reason) == (boss, "boss", REASON)
    assert (run.undone_at is not None, run.undone_report, run.state) == (True, [], "applied")
    made = statement.versions.latest("number")
    assert (made.number, made.why, made.saved_by, made.through, made.run) == (3, REASON, boss, "import", run)
    back = ReferenceChange.objects.filter(run=run, saved_by=boss)
    changes = {(change.kind, change.label): change.changes for change in back}
    assert changes["organisation", "Known"] == {"parent": ["up", ""]}
    assert changes["speaker", "Jane"]["handles"] == ["x:@jane", ""]
    assert changes["demandupdate", "Ask: open (2022)"]["status"] == ["open", ""]


def changed_count(statement: Statement) -> str:
    return f"key,statement,measure,qualifier,value\n{statement.counts.get().key},stored,,,880\n"


def test_a_preview_writes_nothing(importer: User) -> None:
    run = run_of(ROWS, by=importer)
    before = desk_files()
    changes = ReferenceChange.objects.count()
    assert len(undo_preview(run=run, by=importer).removed) == 9
    assert (desk_files(), ReferenceChange.objects.count()) == (before, changes)
    run.refresh_from_db()
    assert run.undone_at is None


def test_an_undo_needs_a_reason_and_is_done_once(importer: User) -> None:
    run = run_of(ROWS, by=importer)
    assert reasons_against(run, by=importer, reason=" ") == [
        "Write why it is undone: the reason is kept with the import."
    ]
    undone(run, by=importer)
    assert "It was undone already" in reasons_against(run, by=importer)[0]


def test_only_the_importer_or_an_administrator_undoes_a_run(importer: User, reviewer: User, editor: User) -> None:
    run = run_of(ROWS, by=importer)
    for user in (reviewer, editor):
        assert reasons_against(run, by=user) == [
            "You may not undo imports. Ask an administrator for the role of an importer."
        ]
    other = make_user("other", "importer")
    assert reasons_against(run, by=other) == ["importer made this import: only they or an administrator can undo it."]
    undone(run, by=make_user("boss", "administrator"))


def test_a_run_that_wrote_nothing_has_nothing_to_undo(importer: User) -> None:
    run = run_of(ROWS, by=importer)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.REFUSED)
    run.refresh_from_db()
    assert reasons_against(run, by=importer, reason="") == [
        "This import wrote nothing, so there is nothing to undo.",
        "Write why it is undone: the reason is kept with the import.",
    ]


def test_a_run_that_was_undone_is_not_published_any_more(importer: User, reviewer: User) -> None:
    run = run_of(ROWS, by=importer)
    undo_run(run=run, by=importer, reason=REASON)
    with pytest.raises(CommandError, match="was undone"):
        call_command("publish_run", run.pk, "--user", "reviewer")


def test_two_runs_are_undone_one_after_the_other_the_last_first(importer: User) -> None:
    before = desk_files()
    first = run_of(ROWS, by=importer)
    between = desk_files()
    second = run_of(
        {
            "organisations": "slug,country\nup,LV\n",
            "statements": "slug,summary,step\nfirst,Other words.,in review\n",
        },
        by=importer,
    )
    assert undone(second, by=importer).left_alone == []
    assert desk_files() == between
    assert undone(first, by=importer).left_alone == []
    assert desk_files() == before


def test_an_address_that_passed_from_one_source_to_another_passes_back(importer: User) -> None:
    header = "slug,url,title,publisher,kind\n"
    run_of({"sources": f"{header}old,https://example.org/a,Old,P,news\n"}, by=importer)
    before = desk_files()
    run = run_of(
        {"sources": f"{header}old,https://example.org/b,,,\nnew,https://example.org/a,New,P,news\n"}, by=importer
    )
    undone(run, by=importer)
    assert desk_files() == before
    assert Source.objects.get().canonical_url == "https://example.org/a"


def test_handles_that_two_people_exchanged_are_exchanged_back(importer: User) -> None:
    run_of({"speakers": "slug,name,handles\na,A,x:@a\nb,B,x:@b\n"}, by=importer)
    before = desk_files()
    run = run_of({"speakers": "slug,handles\na,x:@b\nb,x:@a\n"}, by=importer)
    undone(run, by=importer)
    assert desk_files() == before


def test_a_count_that_moved_to_another_statement_moves_back(importer: User) -> None:
    run_of(ROWS | {"measures": "slug,name,unit,basis\nheld,Held,people,stock\n"}, by=importer)
    run_of(
        {"counts": "key,statement,measure,qualifier,value\nk1,first,held,exact,1\nk2,first,held,exact,2\n"}, by=importer
    )
    before = desk_files()
    text = "slug,title,kind,language,issued,issuers\nthird,Third,speech,en,2022,up\n"
    run = run_of({"statements": text, "counts": "key,statement\nk1,second\nk2,third\n"}, by=importer)
    assert undone(run, by=importer).left_alone == []
    assert desk_files() == before


def test_texts_come_back_with_their_line_ends(importer: User) -> None:
    Organisation.objects.create(slug="a", name="A", kind="NGO", description="One.\r\nTwo.")
    run = run_of({"organisations": "slug,description\na,Other\n"}, by=importer)
    undo_run(run=run, by=importer, reason=REASON)
    assert Organisation.objects.get().description == "One.\r\nTwo."


@contextmanager
def counted_queries() -> Any:
    count = [0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield count


def many_rows(numbers: range, *, changed: bool) -> dict[str, str]:
    """Every KIND with a row a number: new ones, or what changes them."""
    texts: dict[str, tuple[str, str]] = {
        "organisations": ("slug,name,kind,country", "o{n},Organisation {n},NGO,LV"),
        "speakers": ("slug,name,organisation,handles", "p{n},Speaker {n},o{n},x:@p{n}"),
        "sources": ("slug,url,title,publisher,kind", "s{n},https://example.org/{n},T,P,news"),
        "measures": ("slug,name,unit,basis", "m{n},Measure {n},people,stock"),
        "demands": ("slug,title,addressees", "d{n},Demand {n},o{n}"),
        "statements": ("slug,title,kind,language,issued,issuers,speakers,text,text_language,text_kind", ""),
        "citations": ("statement,source,role", "t{n},s{n},original"),
        "mentions": ("key,statement,demand,addressees", "x{n},t{n},d{n},o{n}"),
        "counts": ("key,statement,measure,qualifier,value,quote", "c{n},t{n},m{n},exact,{n},count {n}"),
        "demand_updates": ("demand,date,status,source", "d{n},2022,open,s{n}"),
    }
    texts["statements"] = (texts["statements"][0], "t{n},T {n},speech,en,2022,o{n},p{n},we count {n},en,original")
    if changed:
        texts = {
            "organisations": ("slug,country,aliases", "o{n},BY,Alias {n}"),
            "speakers": ("slug,handles", "p{n},x:@q{n}"),
            "sources": ("slug,url", "s{n},https://example.org/{n}/b"),
            "measures": ("slug,place", "m{n},Belarus"),
            "demands": ("slug,description,addressees", "d{n},Other,[clear]"),
            "statements": ("slug,summary,desk_note,step", "t{n},Other,Note,in review"),
            "mentions": ("key,addressees", "x{n},[clear]"),
            "counts": ("key,note", "c{n},Other"),
            "demand_updates": ("demand,date,status,source", "d{n},2022,met,s{n}"),
        }
    return {
        kind: "\n".join([header, *(row.replace("{n}", str(n)) for n in numbers)])
        for kind, (header, row) in texts.items()
    }


@pytest.mark.parametrize("changed", [False, True], ids=["what it made", "what it changed"])
def test_queries_of_an_undo_grow_with_batches_not_with_rows(importer: User, changed: bool) -> None:
    assert importer.has_perm("statements.import_data")  # its own queries are asked once
    counts = []
    for numbers in (range(100, 105), range(200, 250)):
        run = run_of(many_rows(numbers, changed=False), by=importer)
        if changed:
            run = run_of(many_rows(numbers, changed=True), by=importer)
        with counted_queries() as queries:
            assert undo_run(run=run, by=importer, reason=REASON).left_alone == []
        counts.append(queries[0])
    assert counts[0] == counts[1] < 190


def test_every_reference_of_the_desk_is_known_to_the_undo() -> None:
    """A new relation to reference data or statements must be said in USES, or what it names could be deleted."""
    goes_with_it = {OrganisationName, SpeakerName, SpeakerHandle, Version, ImportRun.statements.through}
    of_the_record = {Entry, Figure}  # asked of record.use
    for model, uses in USES.items():
        found = {
            (relation.related_model, relation.field.name)
            for relation in model._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ForeignObjectRel) and not relation.many_to_many
            if relation.related_model not in goes_with_it | of_the_record
            if relation.related_model._meta.auto_created is not model
        }
        if model is Statement:
            found = {use for use in found if use[1] != "statement"}  # what hangs on it
        assert found == {(use.table, use.column) for use in uses}
