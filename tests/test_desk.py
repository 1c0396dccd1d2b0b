"""The desk's front page: what waits for each colleague, and what it leads to."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish
from statements.actions.steps import return_to_editor, submit
from statements.models import ImportRun, Schedule, Statement
from tests.desk import lines_of, listed
from tests.factories import DemandUpdateFactory, make_public_statement, make_statement, make_user, save_version


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def submitted(title: str, *, by: User) -> Statement:
    statement = make_statement(by=by, title=title)
    submit(statement=statement, by=by)
    return statement


def test_a_reviewer_sees_what_others_submitted_and_their_own_apart(
    reviewer_client: Client, reviewer: User, editor: User
) -> None:
    submitted("Of the editor", by=editor)
    submitted("Of the reviewer", by=reviewer)
    mended = submitted("Mended by the reviewer", by=editor)
    Statement.objects.filter(pk=mended.pk).update(place="Riga")
    save_version(statement=mended, by=reviewer)
    assert listed(reviewer_client, "To review") == ["Of the editor"]
    own = listed(reviewer_client, "Yours, waiting for a second person")
    assert sorted(own) == ["Mended by the reviewer", "Of the reviewer"]


def test_what_somebody_changed_before_the_last_publication_does_not_keep_them_from_reviewing(
    reviewer_client: Client, reviewer: User, editor: User
) -> None:
    statement = make_public_statement(by=reviewer, published_by=make_user("second", "reviewer"), title="Revised")
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    assert listed(reviewer_client, "To review") == ["Revised"]
    statement.refresh_from_db()
    publish(statement=statement, by=reviewer, revision="minor fix")


def test_a_desk_of_one_reviews_its_own_statements(reviewer_client: Client, reviewer: User, settings: Any) -> None:
    settings.FOUR_EYES = False
    submitted("Mine", by=reviewer)
    assert listed(reviewer_client, "To review") == ["Mine"]
    assert listed(reviewer_client, "Yours, waiting for a second person") == []


def test_what_was_returned_waits_for_its_authors_with_the_latest_note(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    statement = submitted("Returned twice", by=editor)
    return_to_editor(statement=statement, by=reviewer, note="The date is missing.")
    submit(statement=statement, by=editor)
    return_to_editor(statement=statement, by=reviewer, note="The year is still wrong.")
    other = submitted("Of somebody else", by=make_user("colleague", "contributor"))
    return_to_editor(statement=other, by=reviewer, note="Not yours.")
    assert listed(editor_client, "Returned to you") == ["Returned twice"]
    for address in ("/admin/", lines_of(editor_client)["Returned to you"].address):
        page = editor_client.get(address).content.decode()
        assert "The year is still wrong." in page
        assert "The date is missing." not in page
        assert "Not yours." not in page


def test_drafts_are_those_of_whoever_looks(editor_client: Client, reviewer_client: Client, editor: User) -> None:
    make_statement(by=editor, title="A draft")
    assert listed(editor_client, "Your drafts") == ["A draft"]
    assert listed(reviewer_client, "Your drafts") == []


def test_the_schedule_shows_times_and_what_was_refused_first(
    reviewer_client: Client, editor_client: Client, editor: User, reviewer: User
) -> None:
    for title, days, refused in (("Later", 2, ""), ("Sooner", 1, ""), ("Refused", 3, "It has no source.\nNo title.")):
        statement = submitted(title, by=editor)
        Statement.objects.filter(pk=statement.pk).update(step="scheduled")
        Schedule.objects.create(
            statement=statement,
            version=statement.versions.get(),
            publish_at=timezone.now() + datetime.timedelta(days=days),
            by=reviewer,
            refused=refused,
            refused_at=timezone.now() if refused else None,
        )
    assert listed(reviewer_client, "Scheduled") == ["Refused", "Sooner", "Later"]
    assert listed(editor_client, "Scheduled") == ["Refused", "Sooner", "Later"], "an author sees what of theirs is due"
    assert listed(client_of(make_user("colleague", "contributor")), "Scheduled") == []
    page = reviewer_client.get("/admin/").content.decode()
    assert page.index("<li>It has no source.</li>") < page.index("To be published on")


def test_updates_of_demands_wait_for_somebody_who_has_not_changed_them(
    reviewer_client: Client, reviewer: User, editor: User
) -> None:
    theirs = DemandUpdateFactory(saved_by=editor, demand__title="Of the editor")
    mine = DemandUpdateFactory(saved_by=reviewer, demand__title="Of the reviewer")
    shared = DemandUpdateFactory(saved_by=editor, demand__title="Of both")
    shared.authors.add(reviewer)
    assert listed(reviewer_client, "Updates of demands to review") == [str(theirs)]
    own = listed(reviewer_client, "Your updates of demands, waiting for a second person")
    assert sorted(own) == sorted([str(shared), str(mine)])


def test_imports_wait_for_confirmation_by_their_importer_and_for_review_by_another(
    importer_client: Client, reviewer_client: Client, importer: User, editor: User
) -> None:
    values = {"kind": "statements", "started_at": timezone.now(), "user": importer, "user_name": "importer"}
    ImportRun.objects.create(file_name="waiting.csv", state="previewed", **values)
    ImportRun.objects.create(file_name="refused.csv", state="refused", **values)
    written = ImportRun.objects.create(file_name="written.csv", state="applied", **values)
    written.statements.add(submitted("Brought in", by=editor))
    assert [row.split()[-1] for row in listed(importer_client, "Your imports, waiting for confirmation")] == [
        "waiting.csv"
    ]
    assert [row.split()[-1] for row in listed(reviewer_client, "Imports with statements in review")] == ["written.csv"]
    assert "Imports with statements in review" not in lines_of(importer_client)
    assert "Your imports, waiting for confirmation" not in lines_of(reviewer_client)


def test_each_role_sees_the_lists_that_are_theirs(db: None) -> None:
    everybody = {
        "Returned to you",
        "Your drafts",
        "Scheduled",
        "Yours, waiting for a second person",
        "Your updates of demands, waiting for a second person",
        "No verbatim words",
        "Quotes not checked",
        "Dates that contradict",
        "Demands without an update for a year",
        "Rival figures",
    }
    reviewing = {"To review", "Updates of demands to review", "Imports with statements in review"}
    importing = {"Your imports, waiting for confirmation"}
    for role, more in (
        ("contributor", set()),
        ("reviewer", reviewing),
        ("importer", importing),
        ("administrator", reviewing | importing),
    ):
        client = client_of(make_user(role, role))
        assert set(lines_of(client)) == everybody | more, role
        page = client.get("/admin/").content.decode()
        assert ("Import a file" in page) is (role in ("importer", "administrator")), role
        assert "Enter a statement" in page, role


def test_another_colleagues_list_is_not_shown_by_its_address(editor_client: Client, editor: User) -> None:
    submitted("In review", by=editor)
    for parameters in ("desk=review", "desk=nothing", "desk=words&later=perhaps"):
        response = editor_client.get(f"/admin/statements/statement/?{parameters}")
        assert (response.status_code, response["Location"]) == (302, "/admin/statements/statement/?e=1"), parameters


def test_the_lists_of_the_desk_are_choices_beside_the_list_of_statements(
    editor_client: Client, reviewer_client: Client, editor: User
) -> None:
    make_statement(by=editor)
    assert "?desk=review" not in editor_client.get("/admin/statements/statement/").content.decode()
    page = reviewer_client.get("/admin/statements/statement/").content.decode()
    assert "?desk=review" in page
    assert "later=yes" not in page
    chosen = reviewer_client.get("/admin/statements/statement/?desk=words").content.decode()
    assert "later=yes" in chosen
    assert "<h1>No verbatim words</h1>" in chosen


def test_a_new_colleague_reads_a_sentence(db: None, editor_client: Client) -> None:
    nobody = client_of(make_user("nobody"))
    page = nobody.get("/admin/").content.decode()
    assert "Nobody has given you a role yet" in page
    assert "Everything on the desk" not in page
    empty = editor_client.get("/admin/").content.decode()
    assert "Nothing waits for you." in empty
    assert "What the data needs" in empty


def test_the_front_page_shows_five_of_a_list_and_leads_to_all(editor_client: Client, editor: User) -> None:
    for number in range(7):
        make_statement(by=editor, title=f"Draft {number}")
    line = lines_of(editor_client)["Your drafts"]
    assert [item.title for item in line.items] == [f"Draft {number}" for number in range(5)]
    assert "All 7" in editor_client.get("/admin/").content.decode()


def test_a_list_that_is_too_long_to_count_is_said_to_be_longer(
    editor_client: Client, editor: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr("statements.admin.desk.page.MOST", 2)
    for _number in range(4):
        make_statement(by=editor)
    assert lines_of(editor_client)["Your drafts"].count == "2+"
