"""The steps of a statement: who takes which from where, what the desk's pages ask and say, and their history."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.moves import RULES
from statements.actions.publishing import publish, withdraw
from statements.actions.refusal import Refusal
from statements.actions.steps import return_to_editor, submit, take_up
from statements.importing.undo import undo_run
from statements.models import ImportRun, Move, Statement, Version
from statements.record.check import offences
from tests.admin_forms import errors_of, fields_on
from tests.factories import OrganisationFactory, make_public_statement, make_statement, make_user, save_version
from tests.test_public_queries import counted_queries
from tests.undoing import REASON, run_of

STATEMENTS = "/admin/statements/statement/"
PAGES = ("take-up", "return", "publish", "schedule", "unschedule", "withdraw")


def page(statement: Statement, name: str = "change") -> str:
    return f"{STATEMENTS}{statement.pk}/{name}/"


def refused(action: Any, **arguments: Any) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        action(**arguments)
    return refusal.value.reasons


def history(statement: Statement) -> list[tuple[str, str, str]]:
    """(step, by whom, note), the first first."""
    return list(Move.objects.filter(statement=statement).order_by("id").values_list("kind", "by_name", "note"))


def test_every_step_is_kept_with_its_version_its_note_and_who_took_it(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    return_to_editor(statement=statement, by=reviewer, note=" The date is missing.\n")
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor, note="Mended.")
    publish(statement=statement, by=reviewer)
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    take_up(statement=statement, by=editor)
    assert history(statement) == [
        ("submitted", "editor", ""),
        ("returned", "reviewer", "The date is missing."),
        ("submitted", "editor", "Mended."),
        ("published", "reviewer", ""),
        ("withdrawn", "reviewer", "A mistake."),
        ("taken up", "editor", ""),
    ]
    numbers = Move.objects.order_by("id").values_list("version__number", flat=True)
    assert list(numbers) == [1, 1, 2, 2, 2, 2]
    assert Move.objects.get(kind="withdrawn").at == statement.withdrawn_at


def test_a_step_that_is_refused_leaves_no_trace(editor: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    assert refused(submit, statement=statement, by=make_user("stranger")) == [
        "You may not submit statements.",
        "It waits for a reviewer already.",
    ]
    assert Move.objects.count() == 1


def test_whoever_submitted_takes_a_statement_back_and_nobody_else(editor: User, reviewer: User) -> None:
    statement = make_statement(by=reviewer)
    submit(statement=statement, by=editor)
    for other in (reviewer, make_user("colleague", "contributor")):
        assert refused(take_up, statement=statement, by=other) == [
            "editor submitted it, and takes it back. A reviewer returns it."
        ]
    take_up(statement=statement, by=editor)
    assert statement.step == "draft"
    assert refused(take_up, statement=statement, by=editor) == [
        "Only what is in review, or was withdrawn, is taken up again."
    ]


def test_what_came_into_review_before_steps_were_kept_is_taken_back_by_who_saved_it(
    editor: User, reviewer: User
) -> None:
    statement = make_statement(by=editor)
    Statement.objects.filter(pk=statement.pk).update(step="in review")
    assert refused(take_up, statement=statement, by=reviewer)
    take_up(statement=statement, by=editor)
    assert statement.step == "draft"


def test_what_was_withdrawn_is_taken_up_mended_and_published_again(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert refused(take_up, statement=statement, by=editor) == [
        "Readers see it exactly as it is: change it, and it is a draft again."
    ]
    withdraw(statement=statement, by=reviewer, reason="The figure was wrong.")
    take_up(statement=statement, by=editor)
    assert statement.step == "draft"
    assert refused(publish, statement=statement, by=reviewer) == ["It has not been submitted for review."]
    statement.counts.update(value=1008, quote="")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer, revision="correction", note="1007 were 1008.")
    assert statement.is_public
    assert list(offences()) == []


def test_the_table_of_steps_leaves_nobody_without_a_way_on() -> None:
    """From each step, somebody can take the statement to each other that a person chooses."""
    for step in Statement.Step:
        assert [kind for kind, rule in RULES.items() if step in rule.starts_at and rule.leads_to is not None]
    assert set(RULES) == set(Move.Kind)
    assert all(
        rule.permission in ("statements.submit_statement", "statements.publish_statement") for rule in RULES.values()
    )


def test_a_file_that_submits_and_takes_back_statements_is_in_their_history(editor: User) -> None:
    importer = make_user("importer", "importer")
    make_statement(by=editor, title="S")
    run = run_of({"statements": "slug,step\ns,in review\n"}, by=importer)
    statement = Statement.objects.get()
    assert history(statement) == [("submitted", "importer", f"Import run {run.pk}.")]
    assert Move.objects.get().version == Version.objects.get()
    second = run_of({"statements": "slug,step\ns,draft\n"}, by=importer)
    assert history(statement)[1:] == [("taken up", "importer", f"Import run {second.pk}.")]


def test_a_file_of_new_statements_to_review_is_in_their_history(editor: User) -> None:
    importer = make_user("importer", "importer")
    OrganisationFactory(name="Org")
    header = "slug,title,kind,language,issued,issuers,summary,step"
    run_of({"statements": f"{header}\nnew,New,speech,en,2022,Org,Words.,in review\n"}, by=importer)
    move = Move.objects.get()
    assert (move.kind, move.version) == ("submitted", Version.objects.get())


# The pages ----------------------------------------------------------------------------------------------------------


def test_each_step_has_a_button_that_says_what_will_happen(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    statement = make_statement(by=editor)

    def offered(client: Client) -> set[str]:
        shown = client.get(page(statement)).content.decode()
        known = (
            "Save and submit for review",
            "Take up again …",
            "Return with a note …",
            "Approve and publish",
            "Approve and schedule …",
            "Take off the schedule …",
            "Withdraw …",
        )
        return {label for label in known if label in shown}

    assert offered(editor_client) == {"Save and submit for review"} == offered(reviewer_client)
    submit(statement=statement, by=editor)
    reviewing = {"Return with a note …", "Approve and publish", "Approve and schedule …"}
    assert offered(editor_client) == {"Take up again …"}
    assert offered(reviewer_client) == reviewing
    publish(statement=statement, by=reviewer)
    assert offered(editor_client) == {"Save and submit for review"}
    assert offered(reviewer_client) == {"Save and submit for review", "Withdraw …"}
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert offered(editor_client) == {"Save and submit for review", "Take up again …"}


def test_a_statement_comes_back_with_a_note_that_its_editor_sees_first(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    fields = fields_on(reviewer_client, page(statement)) | {"_step": "return"}
    response = reviewer_client.post(page(statement), fields)
    assert response.headers["Location"] == page(statement, "return")
    asked = fields_on(reviewer_client, page(statement, "return"))
    response = reviewer_client.post(page(statement, "return"), asked | {"note": " "})
    assert "This field is required." in response.content.decode()
    response = reviewer_client.post(page(statement, "return"), asked | {"note": "See page 3 <b>."}, follow=True)
    assert "It is back with its editor." in response.content.decode()
    shown = editor_client.get(page(statement)).content.decode()
    assert "Returned by reviewer on" in shown
    assert "See page 3 &lt;b&gt;." in shown
    assert shown.index("Returned by reviewer") < shown.index("Step: returned.")
    assert "Steps taken" in shown
    submit(statement=statement, by=editor)
    assert "To be mended" not in editor_client.get(page(statement)).content.decode()


def test_a_page_that_asks_shows_every_reason_of_a_refusal_and_keeps_what_was_typed(
    editor: User, reviewer_client: Client
) -> None:
    statement = make_statement(by=editor)
    response = reviewer_client.post(page(statement, "withdraw"), {"reason": "Typed."})
    assert response.status_code == 200
    assert "It is not public, so there is nothing to withdraw." in response.content.decode()
    assert "Typed." in response.content.decode()
    assert "It has not been submitted for review." in (
        reviewer_client.post(page(statement, "publish"), {}).content.decode()
    )


def test_whoever_was_shown_the_page_before_a_change_does_not_publish_what_they_have_not_seen(
    editor: User, reviewer_client: Client
) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    opened = fields_on(reviewer_client, page(statement, "publish"))
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    response = reviewer_client.post(page(statement, "publish"), opened)
    assert "That was after you had opened this page, so nothing was done." in response.content.decode()
    assert "editor" in response.content.decode()
    assert not Statement.objects.public().exists()
    assert reviewer_client.post(page(statement, "publish"), fields_on(reviewer_client, page(statement, "publish")))
    assert Statement.objects.public().exists()


def test_a_change_that_its_reviewer_typed_is_not_saved_when_publishing_it_is_refused(
    editor: User, reviewer: User, reviewer_client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    fields = fields_on(reviewer_client, page(statement)) | {"_step": "publish", "occasion": "The day"}
    response = reviewer_client.post(page(statement), fields)
    assert any("You entered or changed it yourself" in sentence for sentence in errors_of(response)[""])
    statement.refresh_from_db()
    assert statement.occasion == ""


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_for_those_who_may_take_the_step(name: str, editor: User, editor_client: Client) -> None:
    statement = make_statement(by=editor)
    allowed = 200 if name == "take-up" else 403
    assert editor_client.get(page(statement, name)).status_code == allowed
    assert editor_client.post(page(statement, name), {"note": "x"}).status_code == allowed
    stranger = Client()
    stranger.force_login(make_user("stranger"))
    assert stranger.post(page(statement, name), {}).status_code == 403
    assert "/admin/login/" in Client().get(page(statement, name)).headers["Location"]
    assert editor_client.get(f"{STATEMENTS}999999/{name}/").status_code in (403, 404)


# The list -----------------------------------------------------------------------------------------------------------


def test_actions_on_the_list_do_all_or_none_and_name_each_statement(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")

    def act(client: Client, action: str, **more: str) -> str:
        chosen = {"action": f"{action}_selected", "_selected_action": [first.pk, second.pk]} | more
        return client.post(STATEMENTS, chosen, follow=True).content.decode()

    def steps() -> list[str]:
        return list(Statement.objects.order_by("pk").values_list("step", flat=True))

    submit(statement=first, by=editor)
    assert "Second: It is not in review" in act(reviewer_client, "return", note="Mend it.")
    assert "Second: Only what is in review" in act(editor_client, "take_up")
    assert "Second: It is not scheduled." in act(reviewer_client, "unschedule")
    assert steps() == ["in review", "draft"]
    submit(statement=second, by=editor)
    assert "Return these statements to their editors?" in act(reviewer_client, "return")
    assert "2 statements were returned." in act(reviewer_client, "return", note="Mend both.")
    assert history(first)[-1] == history(second)[-1] == ("returned", "reviewer", "Mend both.")
    assert "2 statements wait for review." in act(editor_client, "submit")
    assert "2 statements are drafts again." in act(editor_client, "take_up")
    assert steps() == ["draft", "draft"]
    for name in ("return", "publish", "schedule", "unschedule", "withdraw"):
        assert f'value="{name}_selected"' not in editor_client.get(STATEMENTS).content.decode()


@pytest.mark.parametrize("steps", [2, 40])
def test_the_history_on_a_page_costs_the_same_however_long_it_is(
    steps: int, editor: User, editor_client: Client
) -> None:
    statement = make_statement(by=editor)
    for _number in range(steps // 2):
        submit(statement=statement, by=editor)
        take_up(statement=statement, by=editor)
    with counted_queries() as seen:
        editor_client.get(page(statement))
    assert len([sql for sql in seen if "statements_move" in sql]) <= 2


def test_the_moves_of_an_undone_run_are_in_the_history(editor: User) -> None:
    importer = make_user("importer", "importer")
    make_statement(by=editor, title="S")
    run = run_of({"statements": "slug,step\ns,in review\n"}, by=importer)
    undo_run(run=run, by=importer, reason=REASON)
    statement = Statement.objects.get()
    assert statement.step == "draft"
    assert history(statement)[-1] == ("taken up", "importer", REASON)
    assert ImportRun.objects.get().undone_at is not None
