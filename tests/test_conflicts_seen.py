"""Whoever takes a step, acts on a list or deletes decides on what they saw: what changed meanwhile stops it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.steps import return_to_editor, submit
from statements.models import DemandUpdate, Organisation, Statement
from tests.admin_forms import fields_in, fields_on
from tests.factories import DemandUpdateFactory, OrganisationFactory, make_public_statement, make_statement
from tests.runs import ORGANISATIONS
from tests.test_admin_import import digest_on, step, upload
from tests.test_admin_lists import STATEMENTS, counting
from tests.test_conflicts import page, save, shown_in

pytestmark = pytest.mark.django_db

UPDATES = "/admin/statements/demandupdate/"


def act(client: Client, seen: dict[str, Any], action: str, *rows: Any, address: str = STATEMENTS, **more: str) -> Any:
    """Tick rows of a list that was opened before, and go."""
    sent = {"seen": seen["seen"], "action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    return client.post(address, sent | more, follow=True)


def test_a_bulk_step_does_nothing_when_one_of_its_statements_was_saved_meanwhile(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")
    for row in (first, second):
        submit(statement=row, by=editor)
    seen = fields_on(reviewer_client, STATEMENTS)
    save(editor_client, second, summary="What the reviewer has not read")
    answer = act(reviewer_client, seen, "publish_selected", first, second).content.decode()
    assert "Second: editor saved version 2 on" in answer
    assert "First: " not in answer
    assert not Statement.objects.public().exists()
    act(reviewer_client, fields_on(reviewer_client, STATEMENTS), "publish_selected", first, second)
    assert Statement.objects.public().count() == 2


def test_a_bulk_step_names_what_left_the_filter_of_the_list_meanwhile(
    editor: User, reviewer: User, reviewer_client: Client
) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")
    for row in (first, second):
        submit(statement=row, by=editor)
    listed = f"{STATEMENTS}?step__exact=in+review"
    seen = fields_on(reviewer_client, listed)
    return_to_editor(statement=second, by=reviewer, note="The date is wrong.")
    answer = act(reviewer_client, seen, "publish_selected", first, second, address=listed).content.decode()
    assert "Second: You yourself, in another window, took a step" in answer
    assert not Statement.objects.public().exists()


def test_a_bulk_step_names_what_was_deleted_meanwhile(
    editor: User, editor_client: Client, administrator_client: Client
) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")
    seen = fields_on(editor_client, STATEMENTS)
    delete = page(second).replace("/change/", "/delete/")
    administrator_client.post(delete, fields_on(administrator_client, delete))
    answer = act(editor_client, seen, "submit_selected", first, second).content.decode()
    assert "Administrator deleted “Second” on" in answer
    first.refresh_from_db()
    assert first.step == Statement.Step.DRAFT


def test_select_all_is_stopped_by_what_changed_on_pages_that_nobody_opened(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    rows = [make_statement(by=editor) for _row in range(51)]
    seen = fields_on(editor_client, STATEMENTS)
    save(reviewer_client, rows[0], place="Riga")
    answer = act(editor_client, seen, "submit_selected", rows[-1], select_across="1").content.decode()
    assert f"{rows[0].title}: reviewer saved version 2" in answer
    assert not Statement.objects.awaiting_review().exists()
    act(editor_client, fields_on(editor_client, STATEMENTS), "submit_selected", rows[-1], select_across="1")
    assert Statement.objects.awaiting_review().count() == 51


def test_a_page_that_asks_about_many_is_answered_for_what_it_showed(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    rows = [make_public_statement(by=editor, published_by=reviewer, title=title) for title in ("First", "Second")]
    question = act(reviewer_client, fields_on(reviewer_client, STATEMENTS), "withdraw_selected", *rows)
    save(editor_client, rows[0], summary="New")
    fields = fields_in(question) | {"reason": "A long reason."}
    refused = reviewer_client.post(STATEMENTS, fields)
    assert "First: editor saved version 2" in refused.content.decode()
    assert "A long reason." in refused.content.decode()
    assert Statement.objects.public().count() == 2
    assert reviewer_client.post(STATEMENTS, fields_in(refused)).status_code == 302
    assert not Statement.objects.public().exists()


def test_a_step_that_asks_is_not_taken_with_what_was_saved_meanwhile(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_public_statement(by=editor, published_by=reviewer)
    ask = page(row).replace("/change/", "/withdraw/")
    fields = fields_on(reviewer_client, ask) | {"reason": "An error."}
    save(editor_client, row, place="Riga")
    refused = reviewer_client.post(ask, fields)
    assert f"{row}: editor saved version 2" in refused.content.decode()
    assert "An error." in refused.content.decode()
    assert Statement.objects.public().exists()
    assert reviewer_client.post(ask, fields_in(refused)).status_code == 302
    assert not Statement.objects.public().exists()


def test_updates_of_demands_are_published_as_they_were_seen(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = DemandUpdateFactory(saved_by=editor)
    ask = page(row).replace("/change/", "/publish/")
    seen, asked = fields_on(reviewer_client, UPDATES), fields_on(reviewer_client, ask)
    save(editor_client, row, status="met")
    answer = act(reviewer_client, seen, "publish_selected", row, address=UPDATES)
    for response in (answer, reviewer_client.post(ask, asked)):
        assert "editor saved it on" in response.content.decode()
    assert not DemandUpdate.objects.published().exists()


@pytest.mark.parametrize("make", [OrganisationFactory, None])
def test_nothing_is_deleted_that_somebody_changed_meanwhile(
    editor: User, editor_client: Client, administrator_client: Client, make: Any
) -> None:
    row = make() if make else make_statement(by=editor)
    delete = page(row).replace("/change/", "/delete/")
    fields = fields_on(administrator_client, delete)
    save(editor_client, row, **({"description": "New"} if make else {"summary": "New"}))
    stopped = administrator_client.post(delete, fields, follow=True).content.decode()
    assert f"{row}: editor " in stopped
    assert type(row).objects.filter(pk=row.pk).exists()
    administrator_client.post(delete, fields_on(administrator_client, delete))
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_marks_that_are_not_ours_stop_an_action(editor: User, editor_client: Client) -> None:
    row = make_statement(by=editor)
    answer = act(editor_client, {"seen": "forged"}, "submit_selected", row).content.decode()
    assert "What you saw can’t be read" in answer or "What you saw can&#x27;t be read" in answer
    row.refresh_from_db()
    assert row.step == Statement.Step.DRAFT


def test_a_list_carries_its_marks_in_a_fixed_number_of_queries(editor: User, editor_client: Client) -> None:
    taken = []
    for more in (5, 40):
        rows = [make_statement(by=editor) for _row in range(more)]
        with counting() as queries:
            seen = fields_on(editor_client, STATEMENTS)
        with counting() as acting:
            act(editor_client, seen, "publish_selected", *rows)
        taken.append((len(queries), len(acting)))
    assert taken[0] == taken[1]
    assert len(seen["seen"]) < 3_000


@pytest.mark.usefixtures("uploads_folder")
def test_an_edit_between_the_preview_of_an_import_and_its_confirmation_is_shown_and_kept(
    importer_client: Client, editor_client: Client
) -> None:
    row = OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    seen = upload(importer_client, ORGANISATIONS)
    save(editor_client, row, kind="movement", description="Edited meanwhile")
    shown = step(importer_client, "confirm", digest=digest_on(seen))
    assert "The desk has changed since you saw this preview." in shown.content.decode()
    assert not Organisation.objects.exclude(pk=row.pk).exists()
    row.refresh_from_db()
    assert (row.kind, row.description) == ("movement", "Edited meanwhile")


@pytest.mark.usefixtures("uploads_folder")
def test_an_import_while_a_form_is_open_is_not_overwritten_by_it(
    importer_client: Client, editor_client: Client
) -> None:
    row = OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    before = fields_on(editor_client, page(row))
    step(importer_client, "confirm", digest=digest_on(upload(importer_client, ORGANISATIONS)))
    response = editor_client.post(page(row), before | {"kind": "movement"})
    assert shown_in(response) == {"choose:kind": ("group", "NGO", "movement", "")}
    assert "importer changed it on" in str(response.context["events"][0])
    assert "(import): kind." in str(response.context["events"][0])
    row.refresh_from_db()
    assert row.kind == "NGO"
