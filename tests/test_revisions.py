"""Publishing a change of what readers saw: a minor fix or a correction with a note, everywhere where one publishes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from statements.actions.publishing import publish, publish_all, revised_among, withdraw
from statements.actions.steps import submit
from statements.importing import afterwards
from statements.models import ImportRun, Statement, Version
from statements.record.check import offences
from tests.admin_forms import fields_on
from tests.factories import make_public_statement, make_statement, make_user, publish_again, save_version
from tests.test_public_queries import counted_queries
from tests.test_public_reference import text_of
from tests.test_steps import page, refused
from tests.undoing import run_of

LIST = "/admin/statements/statement/"
WHAT_IS_IT = (
    "Readers saw it in other words before: say whether this is a minor fix, or a correction with a note for them."
)


def revised(*, editor: User, reviewer: User, **fields: Any) -> Statement:
    """Public, changed since, and in review again."""
    statement = make_public_statement(by=editor, published_by=reviewer, **fields)
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    return statement


def told() -> list[tuple[int | None, str, str]]:
    """(public number, revision, note) of every published version."""
    published = Version.objects.published().order_by("statement_id", "public_number")
    return list(published.values_list("public_number", "revision", "revision_note"))


def test_a_change_of_what_readers_saw_is_a_minor_fix_or_a_correction_with_a_note(editor: User, reviewer: User) -> None:
    statement = revised(editor=editor, reviewer=reviewer)
    for answer, reason in (
        ({}, WHAT_IS_IT),
        ({"note": "A note alone."}, WHAT_IS_IT),
        ({"revision": "rewrite"}, WHAT_IS_IT),
        ({"revision": "correction", "note": " "}, "Readers are told what was corrected: write the note."),
        (
            {"revision": "minor fix", "note": "A comma."},
            "A minor fix has no note for readers: make it a correction, or leave the note out.",
        ),
    ):
        assert refused(publish, statement=statement, by=reviewer, **answer) == [reason]
    publish(statement=statement, by=reviewer, revision="correction", note=" It was said in Riga. ")
    assert told() == [(1, "", ""), (2, "correction", "It was said in Riga.")]


def test_every_other_reason_is_given_with_it(editor: User, reviewer: User) -> None:
    statement = revised(editor=editor, reviewer=reviewer)
    statement.citations.all().delete()
    reasons = refused(publish, statement=statement, by=editor)
    assert reasons[:2] == [
        "You may not publish statements.",
        "You entered or changed it yourself: a second person publishes it.",
    ]
    assert WHAT_IS_IT in reasons
    assert "It has no source. Name at least one in which readers can check it." in reasons


def test_nothing_is_asked_of_what_readers_never_saw_or_see_again_as_it_was(editor: User, reviewer: User) -> None:
    new = make_statement(by=editor)
    submit(statement=new, by=editor)
    publish(statement=new, by=reviewer, revision="correction", note="It holds for others.")
    withdraw(statement=new, by=reviewer, reason="A mistake.")
    publish(statement=new, by=reviewer)
    assert told() == [(1, "", "")]


def test_it_is_asked_also_after_a_withdrawal(editor: User, reviewer: User) -> None:
    statement = revised(editor=editor, reviewer=reviewer)
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert refused(publish, statement=statement, by=reviewer) == [WHAT_IS_IT]
    publish(statement=statement, by=reviewer, revision="minor fix")
    assert told() == [(1, "", ""), (2, "minor fix", "")]


def test_one_answer_holds_for_all_that_were_public_before(editor: User, reviewer: User) -> None:
    new = make_statement(by=editor, title="New")
    submit(statement=new, by=editor)
    statements = [new, *(revised(editor=editor, reviewer=reviewer, title=title) for title in ("One", "Two"))]
    assert refused(publish_all, statements=statements, by=reviewer) == [f"One: {WHAT_IS_IT}", f"Two: {WHAT_IS_IT}"]
    assert revised_among([statement.pk for statement in statements]) == {statement.pk for statement in statements[1:]}
    publish_all(statements=statements, by=reviewer, revision="correction", note="Both were in Riga.")
    of_new, *of_others = told()
    assert of_new == (1, "", "")
    assert of_others == [(1, "", ""), (2, "correction", "Both were in Riga.")] * 2


@pytest.mark.parametrize("count", [2, 12])
def test_publishing_many_corrections_takes_a_fixed_number_of_queries(count: int, editor: User, reviewer: User) -> None:
    statements = [revised(editor=editor, reviewer=reviewer) for _number in range(count)]
    with counted_queries() as seen:
        publish_all(statements=statements, by=reviewer, revision="minor fix")
    assert len(seen) <= 56 + count, "each statement is read again at the end, for the caller"


# The desk -------------------------------------------------------------------------------------------------------------


def test_the_button_leads_to_the_question(editor: User, reviewer: User, reviewer_client: Client) -> None:
    statement = revised(editor=editor, reviewer=reviewer)
    fields = fields_on(reviewer_client, page(statement)) | {"_step": "publish"}
    response = reviewer_client.post(page(statement), fields)
    assert response.headers["Location"] == page(statement, "publish")
    asked = reviewer_client.get(page(statement, "publish")).content.decode()
    assert "What is this change?" in asked
    assert "See what readers will see changed" in asked
    opened = fields_on(reviewer_client, page(statement, "publish"))
    response = reviewer_client.post(page(statement, "publish"), opened)
    assert WHAT_IS_IT in response.content.decode()
    answer = opened | {"revision": "correction", "note": "It was said in Riga."}
    response = reviewer_client.post(page(statement, "publish"), answer, follow=True)
    assert "Readers see it now." in response.content.decode()
    assert told()[-1] == (2, "correction", "It was said in Riga.")


def test_the_button_publishes_at_once_what_readers_never_saw(editor: User, reviewer_client: Client) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    asked = reviewer_client.get(page(statement, "publish")).content.decode()
    assert "What is this change?" not in asked
    fields = fields_on(reviewer_client, page(statement)) | {"_step": "publish"}
    assert "Readers see it now." in reviewer_client.post(page(statement), fields, follow=True).content.decode()


def test_the_action_on_the_list_asks_once_for_all(editor: User, reviewer: User, reviewer_client: Client) -> None:
    new = make_statement(by=editor, title="New")
    submit(statement=new, by=editor)
    one = revised(editor=editor, reviewer=reviewer, title="One")
    chosen = {"action": "publish_selected", "_selected_action": [new.pk, one.pk]}
    asked = reviewer_client.post(LIST, chosen).content.decode()
    assert "Publish these statements?" in asked
    assert "What is this change?" in asked
    response = reviewer_client.post(LIST, chosen | {"revision": "", "note": ""})
    assert f"One: {WHAT_IS_IT}" in response.content.decode()
    assert not Statement.objects.filter(title="New", published_version__isnull=False).exists()
    response = reviewer_client.post(LIST, chosen | {"revision": "minor fix", "note": ""}, follow=True)
    assert "Readers see 2 statements now." in response.content.decode()


@pytest.fixture
def run(editor: User, reviewer: User) -> ImportRun:
    """It changes two public statements and brings a new one."""
    for title in ("One", "Two"):
        make_public_statement(by=editor, published_by=reviewer, title=title)
    make_statement(by=editor, title="New")
    rows = "slug,place,step\none,Riga,in review\ntwo,Riga,in review\nnew,Riga,in review\n"
    return run_of({"statements": rows}, by=make_user("importer", "importer"))


def test_the_command_says_what_a_run_changed_of_what_readers_saw(run: ImportRun, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        call_command("publish_run", run.pk, "--user", "reviewer")
    output = capsys.readouterr().out
    assert f"One: {WHAT_IS_IT}" in output
    assert "Published: 1 statement and 0 updates of demands. Refused: 2." in output
    call_command("publish_run", run.pk, "--user", "reviewer", "--correction", "They were in Riga.")
    assert told().count((2, "correction", "They were in Riga.")) == 2
    assert list(offences()) == []


def test_the_command_publishes_minor_fixes(run: ImportRun, capsys: Any) -> None:
    call_command("publish_run", run.pk, "--user", "reviewer", "--minor")
    assert "Published: 3 statements" in capsys.readouterr().out
    assert told().count((2, "minor fix", "")) == 2


def test_the_page_of_a_run_asks(run: ImportRun, reviewer_client: Client) -> None:
    address = f"/admin/statements/importrun/{run.pk}/"
    assert "What is this change?" in reviewer_client.get(f"{address}change/").content.decode()
    reviewer_client.post(f"{address}publish/", {"revision": "", "note": ""})
    run.refresh_from_db()
    assert "Readers see 1 statement now." in run.report[0]["message"]
    assert run.report[1]["message"] == f"One: {WHAT_IS_IT}"
    reviewer_client.post(f"{address}publish/", {"revision": "", "note": ""})
    run.refresh_from_db()
    assert "Nothing was published." in run.report[0]["message"]
    response = reviewer_client.post(f"{address}publish/", {"revision": "rewrite"}, follow=True)
    assert "What readers are told was not understood." in response.content.decode()
    reviewer_client.post(f"{address}publish/", {"revision": "correction", "note": "They were in Riga."})
    assert told().count((2, "correction", "They were in Riga.")) == 2
    assert "What is this change?" not in reviewer_client.get(f"{address}change/").content.decode()


def test_a_task_knows_the_answer(run: ImportRun, reviewer: User) -> None:
    afterwards.take_step.call(run.pk, reviewer.pk, "publishing", "They were in Riga.", "correction")
    assert told().count((2, "correction", "They were in Riga.")) == 2


# The readers ----------------------------------------------------------------------------------------------------------


def test_the_page_says_at_its_top_what_was_corrected_when_and_in_its_history(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    for place, revision, note in (
        ("Riga", "correction", "It was said in Riga & <i>nowhere."),
        ("Rīga", "minor fix", ""),
        ("Vilnius", "correction", "It was said in Vilnius."),
    ):
        Statement.objects.filter(pk=statement.pk).update(place=place)
        statement.refresh_from_db()
        publish_again(statement, by=editor, published_by=reviewer, revision=revision, note=note)
    Version.objects.update(published_at="2022-03-05T12:00:00Z")
    words = text_of(client, "/statements/the-statement/")
    first = "Corrected on 5 March 2022: It was said in Vilnius."
    second = "Corrected on 5 March 2022: It was said in Riga &amp; &lt;i&gt;nowhere."
    assert words.index(first) < words.index(second) < words.index("27 January 2022 · press statement")
    assert "Correction: It was said in Vilnius." in words
    assert "Minor fix" in words
    older = text_of(client, "/statements/the-statement/versions/2/")
    assert second in older
    assert first not in older, "that came later"
    assert "Corrected on" not in text_of(client, "/statements/the-statement/versions/1/")


def test_a_note_for_readers_is_public_only_with_its_version(editor: User, reviewer: User, client: Client) -> None:
    statement = revised(editor=editor, reviewer=reviewer, title="The statement")
    assert "Corrected" not in text_of(client, "/statements/the-statement/").replace("Corrections", "")
    publish(statement=statement, by=reviewer, revision="correction", note="It was said in Riga.")
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert "It was said in Riga." not in client.get("/statements/the-statement/").content.decode()
    assert "It was said in Riga." not in client.get("/corrections/").content.decode()
    assert "It was said in Riga." not in client.get("/corrections.atom").content.decode()
