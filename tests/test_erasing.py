"""Erasing words and versions: they are gone everywhere, what is left holds together, and nothing waits for a review."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client

from statements.actions.erasing import Outdated, Target, erase, preview
from statements.actions.publishing import publish
from statements.actions.refusal import Refusal
from statements.actions.restoring import restore
from statements.actions.steps import return_to_editor, submit
from statements.importing import runs
from statements.models import (
    Erasure,
    ImportRun,
    Move,
    PutOff,
    ReferenceChange,
    RunRows,
    Statement,
    Through,
    Version,
)
from statements.record import index
from statements.record.check import offences
from tests import factories as f
from tests.erasing import NAME, WORDS, erased, everything, statement_with_the_name
from tests.runs import files_in, take_in


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return statement_with_the_name(editor=editor, reviewer=reviewer)


def test_the_words_are_gone_from_everything_that_is_stored(statement: Statement, administrator: User) -> None:
    assert NAME in everything()
    done = erased(statement, by=administrator, words=NAME)
    assert NAME not in everything()
    assert [one.version.number for one in done.versions] == [1, 2, 3]
    assert done.is_shown
    assert done.desk


def test_each_version_is_a_tombstone_with_the_old_hash(statement: Statement, administrator: User) -> None:
    before = dict(Version.objects.values_list("pk", "content_hash"))
    erased(statement, by=administrator, words=NAME, reason="court")
    assert dict(Version.objects.values_list("pk", "content_hash")) == before
    assert {one.version_id for one in Erasure.objects.all()} == set(before)
    tombstone = Erasure.objects.first()
    assert tombstone is not None
    assert (tombstone.what, tombstone.reason, tombstone.by_name) == ("words", "court", "administrator")
    for version in Version.objects.all():
        assert version.document["erased"]["reason"] == "court"


def test_what_is_left_stands_with_a_mark_and_quotes_go_as_a_whole(statement: Statement, administrator: User) -> None:
    erased(statement, by=administrator, words=NAME)
    statement.refresh_from_db()
    assert statement.title == "On […]"
    assert statement.wordings.get().text == WORDS.replace(NAME, "[…]")
    assert statement.wordings.get().is_excerpt
    mention = statement.mentions.get()
    assert (mention.quote, mention.note) == ("", "He is […].")
    assert statement.counts.get().quote == "1007 political prisoners", "it doesn't hold the words"


def test_nothing_waits_for_a_review_because_of_an_erasure(
    statement: Statement, administrator: User, editor: User, reviewer: User, reviewer_client: Client
) -> None:
    erased(statement, by=administrator, words=NAME)
    statement.refresh_from_db()
    assert statement.step == "done"
    assert f.save_version(statement=statement, by=editor) is None
    with pytest.raises(Refusal, match="nothing to publish"):
        publish(statement=statement, by=reviewer)
    listed = reviewer_client.get("/admin/statements/statement/?public=changed").content.decode()
    assert "on-a-prisoner" not in listed
    assert f"/admin/statements/statement/{statement.pk}/change/" not in listed


def test_what_says_again_what_is_left_of_the_published_is_done(
    statement: Statement, administrator: User, editor: User, reviewer: User
) -> None:
    erased(statement, by=administrator, words=NAME)
    statement.refresh_from_db()
    statement.place = "Riga"
    statement.save()
    f.save_version(statement=statement, by=editor)
    statement.place = ""
    statement.save()
    again = f.save_version(statement=statement, by=editor)
    assert again is not None
    assert again.erasures.exists(), "what was erased is lacking in it, too"
    assert list(offences()) == []
    with pytest.raises(Refusal, match="nothing new to review"):
        submit(statement=statement, by=editor)
    statement.place = "Vilnius"
    statement.save()
    f.publish_again(statement, by=editor, published_by=reviewer)
    assert list(offences()) == []


def test_what_waits_for_a_reviewer_is_published_without_the_words(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    statement = f.make_statement(by=editor, title=f"On {NAME}")
    submit(statement=statement, by=editor)
    erased(statement, by=administrator, words=NAME)
    publish(statement=statement, by=reviewer)
    assert list(offences()) == []
    assert "On […]" in client.get(f"/statements/{statement.slug}/").content.decode()


def test_readers_see_that_words_were_erased_and_not_which(
    statement: Statement, administrator: User, client: Client
) -> None:
    erased(statement, by=administrator, words=NAME)
    for address in (f"/statements/{statement.slug}/", f"/statements/{statement.slug}/versions/1/"):
        page = client.get(address).content.decode()
        assert NAME not in page
        assert "Words were erased from this version" in page
        assert "the safety of a person" in page
    for address in (
        "/corrections/",
        "/statements/?q=Petrov",
        "/",
        f"/statements/{statement.slug}/versions/compare/?from=1&to=2",
    ):
        assert NAME not in client.get(address).content.decode()
    assert "has not been" not in client.get("/statements/?q=Petrov").content.decode()


def test_a_version_from_which_words_were_erased_is_not_restored(
    statement: Statement, administrator: User, editor: User
) -> None:
    erased(statement, by=administrator, words=NAME)
    with pytest.raises(Refusal, match="Something was erased"):
        restore(version=Version.objects.get(number=1), by=editor, why="", through=Through.FORM)


def test_the_public_files_hold_what_is_left(statement: Statement, administrator: User, tmp_path: Path) -> None:
    erased(statement, by=administrator, words=NAME)
    call_command("export_data", str(tmp_path / "public"))
    call_command("export_data", str(tmp_path / "desk"), desk=True)
    for file in tmp_path.rglob("*.csv"):
        assert NAME not in file.read_text(encoding="utf-8")


def test_words_across_a_line_break_are_the_same_words(editor: User, administrator: User) -> None:
    statement = f.make_statement(by=editor)
    statement.wordings.update(text="We ask for the release of all 1007 political prisoners. Ivan\n  Petrov is one.")
    f.save_version(statement=statement, by=editor)
    erased(statement, by=administrator, words=NAME)
    assert statement.wordings.get().text.endswith(". […] is one.")


def test_a_quote_that_rested_on_the_words_goes_with_them(editor: User, administrator: User) -> None:
    statement = f.make_statement(by=editor)
    erased(statement, by=administrator, words="prisoners.")
    assert statement.counts.get().quote == "", "“1007 political prisoners” stands there no longer"
    assert statement.mentions.get().quote == "release of all"


def test_a_wording_goes_as_a_whole_from_every_version(statement: Statement, administrator: User, editor: User) -> None:
    key = statement.wordings.get().key
    statement.wordings.update(text=WORDS + " More words.")
    f.save_version(statement=statement, by=editor)
    erased(statement, by=administrator, wording=key, reason="rights")
    assert statement.wordings.get().text == "[…]"
    assert statement.counts.get().quote == ""
    assert "among them" not in everything()
    assert NAME in everything(), "what is no part of the wording stays"


def test_what_else_holds_the_words_loses_them(statement: Statement, administrator: User, editor: User) -> None:
    statement.refresh_from_db()
    statement.desk_note = f"Ask {NAME}."
    statement.save()
    Version.objects.filter(number=1).update(why=f"{NAME} asked for it.")
    ReferenceChange.objects.create(
        kind="statement",
        target_id=statement.pk,
        label=statement.title,
        changes={"desk_note": ["", NAME]},
        saved_at=Version.objects.first().saved_at,
        through="form",
    )
    PutOff.objects.create(
        queue="words", item=str(statement.pk), until="2026-12-24", reason=NAME, at=Version.objects.first().saved_at
    )
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Statement),
        object_id=str(statement.pk),
        object_repr=statement.title,
        action_flag=CHANGE,
        change_message="Changed",
    )
    statement.title = "Another title"
    statement.save()
    f.save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    shown = erased(statement, by=administrator, words=NAME)
    assert NAME not in everything()
    labels = {place.label for place in shown.places}
    assert {"Records of changes", "The log of the desk", "Reasons why something was put off"} <= labels
    assert Move.objects.exists()


def test_the_rows_and_the_file_of_an_import_that_brought_the_words_lose_them(
    importer: User,
    reviewer: User,
    administrator: User,
    uploads_folder: Path,
    django_capture_on_commit_callbacks: Any,
    administrator_client: Client,
) -> None:
    f.OrganisationFactory(name="Ministry")
    long = "Other words. " * 200 + NAME
    header = "title,kind,language,issued,issuers,summary,text,text_language,text_kind\n"
    row = f"First,speech,en,2022-01-01,Ministry,{NAME} is held.,{long},en,original\n"
    run = take_in(header + row, by=importer, kind="statements")
    assert run.report == []
    runs.confirm(run=run, by=importer, digest=run.digest)
    statement = Statement.objects.get()
    assert NAME in str(RunRows.objects.get().rows)
    with django_capture_on_commit_callbacks(execute=True):
        shown = erased(statement, by=administrator, words=NAME)
    assert [one.pk for one in shown.runs] == [run.pk]
    assert NAME not in everything()
    assert not any(NAME.encode() in file.read_bytes() for file in files_in(uploads_folder))
    page = administrator_client.get(f"/admin/statements/importrun/{run.pk}/change/").content.decode()
    assert "Its file was deleted: something in it had to be erased." in page
    assert ImportRun.objects.get().file == ""


def test_the_preview_says_what_no_erasure_reaches(statement: Statement, administrator: User, editor: User) -> None:
    f.SpeakerFactory(name=NAME)
    f.make_statement(by=editor, title=f"Also on {NAME}")
    Statement.objects.filter(pk=statement.pk).update(slug="on-ivan-petrov")
    statement.wordings.update(text=WORDS + " IVAN PETROV!")
    f.save_version(statement=statement, by=editor)
    shown = preview(statement=statement, target=Target(words=NAME), by=administrator)
    beyond = " ".join(shown.beyond)
    assert "The speaker “Ivan Petrov” has these words" in beyond
    assert "Other statements that have these words: 1." in beyond
    assert "on-ivan-petrov" in beyond
    assert "Backups" in beyond
    assert shown.other_case == 1


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (Target(words="ab"), "at least three letters"),
        (Target(words="nowhere at all"), "stand nowhere"),
        (Target(words="[…]"), "mark of what was left out"),
        (Target(wording="no-such-key"), "No version has this wording"),
        (Target(version=99), "There is no version 99."),
        (Target(version=3), "Readers see version 3 now."),
    ],
)
def test_what_can_not_be_erased_is_refused_with_the_reason(
    target: Target, sentence: str, statement: Statement, administrator: User
) -> None:
    with pytest.raises(Refusal, match=sentence.replace("[", r"\[")):
        preview(statement=statement, target=target, by=administrator)


def test_only_administrators_erase(statement: Statement, reviewer: User, importer: User, editor: User) -> None:
    for user in (reviewer, importer, editor):
        with pytest.raises(Refusal, match="Only administrators may erase"):
            preview(statement=statement, target=Target(words=NAME), by=user)


def test_what_changed_since_the_preview_is_shown_and_nothing_is_erased(
    statement: Statement, administrator: User, editor: User
) -> None:
    target = Target(words=NAME)
    shown = preview(statement=statement, target=target, by=administrator)
    statement.refresh_from_db()
    statement.occasion = NAME
    statement.save()
    f.save_version(statement=statement, by=editor)
    with pytest.raises(Outdated):
        erase(statement=statement, target=target, reason="safety", by=administrator, digest=shown.digest)
    assert not Erasure.objects.exists()
    with pytest.raises(Refusal, match="kind of reason"):
        erase(statement=statement, target=target, reason="spite", by=administrator, digest=shown.digest)


def test_a_hash_that_differs_without_an_erasure_is_an_offence(statement: Statement, administrator: User) -> None:
    erased(statement, by=administrator, words=NAME)
    Erasure.objects.filter(version__number=1).delete()
    assert [one for one in offences() if "version 1" in one] == [
        "Statement on-a-prisoner, version 1: its content does not give its hash, and nothing was erased from it."
    ]


def test_the_index_is_made_anew_from_what_is_left(statement: Statement, administrator: User) -> None:
    erased(statement, by=administrator, words=NAME)
    index.rebuild()
    assert index.differences() == []
    call_command("check_data")


def test_a_returned_draft_with_the_words_in_the_note_loses_them(
    editor: User, reviewer: User, administrator: User
) -> None:
    statement = f.make_statement(by=editor)
    submit(statement=statement, by=editor)
    return_to_editor(statement=statement, by=reviewer, note=f"Leave out {NAME}.")
    erased(statement, by=administrator, words=NAME)
    assert Move.objects.get(kind="returned").note == "Leave out […]."
    assert not Erasure.objects.exists(), "no version held them"


def test_the_index_of_words_forgets_them(editor: User, reviewer: User, administrator: User, client: Client) -> None:
    named = f.make_public_statement(by=editor, published_by=reviewer, summary="It is about Zzyzxov.")
    assert "zzyzxov" in everything()
    assert "One statement" in client.get("/statements/?q=Zzyzxov").content.decode()
    erased(named, by=administrator, words="Zzyzxov")
    assert "zzyzxov" not in everything()
    assert "No statement meets" in client.get("/statements/?q=Zzyzxov").content.decode()
