"""Publishing at a time: approved now, published when it is due, by the command or by the site, and never otherwise."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from statements.actions import scheduling
from statements.actions.publishing import publish, withdraw
from statements.actions.restoring import restore
from statements.actions.scheduling import publish_all_due, publish_due, schedule, unschedule
from statements.actions.steps import return_to_editor, submit
from statements.actions.versions import save_documents
from statements.models import Move, Schedule, Statement, Through, Version
from statements.record.check import offences
from statements.record.document import build, load
from tests.admin_forms import fields_on
from tests.factories import make_public_statement, make_statement, make_user, save_version
from tests.test_public_queries import counted_queries
from tests.test_steps import history, page, refused
from tests.undoing import run_of

SOON = datetime.timedelta(hours=1)


def scheduled(*, editor: User, reviewer: User, **fields: Any) -> Statement:
    statement = make_statement(by=editor, **fields)
    submit(statement=statement, by=editor)
    schedule(statement=statement, by=reviewer, publish_at=timezone.now() + SOON)
    return statement


def let_it_be_due(*statements: Statement) -> None:
    Schedule.objects.filter(statement__in=statements).update(publish_at=timezone.now() - datetime.timedelta(minutes=1))


def run(capsys: Any) -> tuple[int, str]:
    code = 0
    try:
        call_command("publish_due")
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().out


def test_what_is_scheduled_is_published_when_it_is_due_and_not_before(
    editor: User, reviewer: User, capsys: Any
) -> None:
    statement = scheduled(editor=editor, reviewer=reviewer, title="The statement")
    assert statement.step == "scheduled"
    assert run(capsys) == (0, "Published: 0. Refused: 0.\n")
    assert not Statement.objects.public().exists()
    let_it_be_due(statement)
    assert run(capsys) == (0, "The statement: published.\nPublished: 1. Refused: 0.\n")
    statement.refresh_from_db()
    assert (statement.step, statement.is_public) == ("done", True)
    assert statement.published_version is not None
    assert statement.published_version.published_by == reviewer
    assert not Schedule.objects.exists()
    assert [kind for kind, _by, _note in history(statement)] == ["submitted", "scheduled", "published"]
    assert run(capsys) == (0, "Published: 0. Refused: 0.\n"), "it is safe to run twice"
    assert list(offences()) == []


def test_whoever_could_not_publish_it_does_not_schedule_it_either_and_is_told_every_reason(editor: User) -> None:
    statement = make_statement(by=editor)
    statement.citations.all().delete()
    save_version(statement=statement, by=editor)
    assert refused(schedule, statement=statement, by=editor, publish_at=timezone.now() - SOON)[:3] == [
        "You may not publish statements.",
        "It has not been submitted for review.",
        "You entered or changed it yourself: a second person publishes it.",
    ]
    reasons = refused(schedule, statement=statement, by=editor, publish_at=timezone.now() - SOON)
    assert any("source" in reason for reason in reasons)
    assert reasons[-1] == "This time has passed: choose one in the future."
    assert not Schedule.objects.exists()


def test_it_can_be_scheduled_anew_taken_off_returned_or_published_at_once(editor: User, reviewer: User) -> None:
    statement = scheduled(editor=editor, reviewer=reviewer)
    later = timezone.now() + 2 * SOON
    schedule(statement=statement, by=reviewer, publish_at=later)
    assert Schedule.objects.get().publish_at == later
    unschedule(statement=statement, by=reviewer, note="Not yet.")
    assert statement.step == "in review"
    assert history(statement)[-1] == ("unscheduled", "reviewer", "Not yet.")
    assert refused(unschedule, statement=statement, by=editor) == [
        "You may not take statements off the schedule.",
        "It is not scheduled.",
    ]
    schedule(statement=statement, by=reviewer, publish_at=later)
    return_to_editor(statement=statement, by=reviewer, note="Mend it.")
    assert (statement.step, Schedule.objects.exists()) == ("returned", False)
    submit(statement=statement, by=editor)
    schedule(statement=statement, by=reviewer, publish_at=later)
    publish(statement=statement, by=reviewer)
    assert statement.is_public
    assert not Schedule.objects.exists()


# A change ------------------------------------------------------------


def by_form(statement: Statement, editor: User) -> None:
    client = Client()
    client.force_login(editor)
    fields = fields_on(client, page(statement)) | {"place": "Riga"}
    response = client.post(page(statement), fields, follow=True)
    assert "Since it was changed, it waits for a reviewer again." in response.content.decode()


def by_import(statement: Statement, editor: User) -> None:
    run_of({"statements": f"slug,place\n{statement.slug},Riga\n"}, by=make_user("importer", "importer"))


def by_restoring(statement: Statement, editor: User) -> None:
    restore(version=statement.versions.get(number=1), by=editor, why="", through=Through.FORM)


@pytest.mark.parametrize("change", [by_form, by_import, by_restoring])
def test_whatever_changes_it_sends_it_back_to_review(change: Any, editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    Statement.objects.filter(pk=statement.pk).update(place="Vilnius")
    statement.refresh_from_db()
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    schedule(statement=statement, by=reviewer, publish_at=timezone.now() + SOON)
    change(statement, editor)
    statement.refresh_from_db()
    assert statement.step == "in review"
    assert not Schedule.objects.exists()
    kind, _by, note = history(statement)[-1]
    assert (kind, note) == ("unscheduled", "It was changed after it had been approved.")
    assert list(offences()) == []


def test_a_save_that_changes_nothing_that_readers_would_see_leaves_it_scheduled(editor: User, reviewer: User) -> None:
    statement = scheduled(editor=editor, reviewer=reviewer)
    client = Client()
    client.force_login(editor)
    fields = fields_on(client, page(statement)) | {"desk_note": "For colleagues."}
    assert client.post(page(statement), fields).status_code == 302
    statement.refresh_from_db()
    assert (statement.step, statement.desk_note) == ("scheduled", "For colleagues.")


@pytest.mark.parametrize("count", [2, 20])
def test_a_save_of_many_scheduled_statements_costs_the_same_number_of_queries(
    count: int, editor: User, reviewer: User
) -> None:
    statements = [scheduled(editor=editor, reviewer=reviewer) for _number in range(count)]
    Statement.objects.update(place="Riga")
    documents = {pk: build(bundle) for pk, bundle in load([one.pk for one in statements]).items()}
    with counted_queries() as seen:
        save_documents(documents=documents, by=editor, through=Through.IMPORT)
    assert len(seen) <= 12
    assert Move.objects.filter(kind="unscheduled").count() == count


def test_a_file_that_makes_it_a_draft_takes_it_off_the_schedule(editor: User, reviewer: User) -> None:
    scheduled(editor=editor, reviewer=reviewer, title="S")
    importer = make_user("importer", "importer")
    run_of({"statements": "slug,step\ns,in review\n"}, by=importer)
    assert Statement.objects.get().step == "scheduled", "a file knows two steps, and this one is in review to it"
    run_of({"statements": "slug,step\ns,draft\n"}, by=importer)
    assert Statement.objects.get().step == "draft"
    assert not Schedule.objects.exists()


def test_a_withdrawal_takes_the_revision_off_the_schedule(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    schedule(statement=statement, by=reviewer, publish_at=timezone.now() + SOON, revision="minor fix")
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert statement.step == "in review"
    assert not Schedule.objects.exists()


# When it is due and may not be published ------------------------------------------------------------


def close(reviewer: User) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_active=False)


def demote(reviewer: User) -> None:
    reviewer.groups.set(Group.objects.filter(name="contributor"))


def delete(reviewer: User) -> None:
    reviewer.delete()


@pytest.mark.parametrize("fate", [close, demote, delete])
def test_what_its_reviewer_may_no_longer_publish_is_refused_once_and_stays_on_the_desk(
    fate: Any, editor: User, reviewer: User, editor_client: Client, capsys: Any
) -> None:
    statement = scheduled(editor=editor, reviewer=reviewer, title="The statement")
    let_it_be_due(statement)
    fate(reviewer)
    code, output = run(capsys)
    sentence = "reviewer, who approved it, may not publish statements any more."
    assert (code, output) == (1, f"The statement: refused. {sentence}\nPublished: 0. Refused: 1.\n")
    assert not Statement.objects.public().exists()
    assert Statement.objects.get().step == "scheduled"
    assert Schedule.objects.get().refused == sentence
    shown = editor_client.get(page(statement)).content.decode()
    assert "It should have been published on" in shown
    assert sentence in shown
    assert run(capsys) == (0, "Published: 0. Refused: 0.\n"), "it is not tried for ever"
    other = make_user("other", "reviewer")
    schedule(statement=statement, by=other, publish_at=timezone.now() + SOON)
    assert (Schedule.objects.get().refused, Schedule.objects.get().refused_at) == ("", None)
    let_it_be_due(statement)
    assert run(capsys)[0] == 0
    assert Statement.objects.public().exists()


def test_every_reason_of_the_moment_is_kept(editor: User, reviewer: User, capsys: Any, settings: Any) -> None:
    settings.FOUR_EYES = False
    statement = make_statement(by=reviewer)
    submit(statement=statement, by=reviewer)
    schedule(statement=statement, by=reviewer, publish_at=timezone.now() + SOON)
    let_it_be_due(statement)
    settings.FOUR_EYES = True
    # Behind the desk's back: what the desk saves goes back to review.
    statement.citations.all().delete()
    version = Version.objects.get()
    version.pk, version.number = None, 2
    version.save()
    assert run(capsys)[0] == 1
    assert Schedule.objects.get().refused.splitlines() == [
        "It was changed after it had been approved.",
        "reviewer, who approved it, entered or changed it: a second person publishes it.",
        "It was changed without a version: open it, check it and save it once.",
        "It has no source. Name at least one in which readers can check it.",
        "These words were taken from a source that is not among the sources of the statement.",
    ]


def test_one_that_is_refused_keeps_no_other_back(editor: User, reviewer: User, capsys: Any) -> None:
    other = make_user("other", "reviewer")
    bad = scheduled(editor=editor, reviewer=other, title="Bad")
    good = scheduled(editor=editor, reviewer=reviewer, title="Good")
    let_it_be_due(bad, good)
    close(other)
    code, output = run(capsys)
    assert code == 1
    assert "Bad: refused." in output
    assert "Good: published." in output


def test_a_failure_that_nobody_foresaw_is_logged_and_said_and_keeps_no_other_back(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    first = scheduled(editor=editor, reviewer=reviewer, title="First")
    second = scheduled(editor=editor, reviewer=reviewer, title="Second")
    let_it_be_due(first, second)
    real = scheduling.publish_all

    def fail(**given: Any) -> Any:
        if given["statements"] == [first]:
            raise MemoryError
        return real(**given)

    monkeypatch.setattr(scheduling, "publish_all", fail)
    publish_all_due()
    assert Statement.objects.public().get() == second
    assert "failed in a way that was not foreseen" in Schedule.objects.get().refused
    assert any(record.exc_info for record in caplog.records)
    assert list(publish_due()) == []


def test_a_correction_is_asked_for_when_it_is_scheduled_and_published_with_it(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    at = timezone.now() + SOON
    assert "minor fix, or a correction" in refused(schedule, statement=statement, by=reviewer, publish_at=at)[0]
    schedule(statement=statement, by=reviewer, publish_at=at, revision="correction", note="It was said in Riga.")
    let_it_be_due(statement)
    assert [due.reasons for due in publish_due()] == [[]]
    version = Version.objects.get(public_number=2)
    assert (version.revision, version.revision_note) == ("correction", "It was said in Riga.")


def test_what_is_not_due_costs_one_query(editor: User, reviewer: User) -> None:
    scheduled(editor=editor, reviewer=reviewer)
    with counted_queries() as seen:
        publish_all_due()
    assert len(seen) == 1


# The page ------------------------------------------------------------


def test_a_reviewer_schedules_on_a_page_that_says_its_time_zone(
    editor: User, reviewer_client: Client, editor_client: Client
) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    response = reviewer_client.post(
        page(statement), fields_on(reviewer_client, page(statement)) | {"_step": "schedule"}
    )
    assert response.headers["Location"] == page(statement, "schedule")
    shown = reviewer_client.get(page(statement, "schedule")).content.decode()
    assert "Publish at (UTC)" in shown
    assert 'type="datetime-local"' in shown
    fields = fields_on(reviewer_client, page(statement, "schedule"))
    for wrong in ("", "tomorrow", "2001-01-01T10:00"):
        response = reviewer_client.post(page(statement, "schedule"), fields | {"publish_at": wrong})
        assert "errorlist" in response.content.decode()
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    typed = f"{tomorrow:%Y-%m-%dT%H:%M}"
    response = reviewer_client.post(page(statement, "schedule"), fields | {"publish_at": typed}, follow=True)
    assert Schedule.objects.get().publish_at == tomorrow.replace(second=0, microsecond=0)
    shown = editor_client.get(page(statement)).content.decode()
    assert re.search(rf"It will be published on {tomorrow:%Y-%m-%d %H:%M} UTC\. reviewer approved it\.", shown)
    response = reviewer_client.post(page(statement, "unschedule"), {"note": "Not yet."}, follow=True)
    assert "It is off the schedule" in response.content.decode()


def test_several_are_scheduled_for_one_time_or_none(editor: User, reviewer: User, reviewer_client: Client) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")
    submit(statement=first, by=editor)
    chosen = {"action": "schedule_selected", "_selected_action": [first.pk, second.pk]}
    asked = reviewer_client.post("/admin/statements/statement/", chosen).content.decode()
    assert "Publish these statements at a time?" in asked
    answer = chosen | {"publish_at": f"{timezone.now() + SOON:%Y-%m-%dT%H:%M}"}
    response = reviewer_client.post("/admin/statements/statement/", answer)
    assert "Second: It has not been submitted for review." in response.content.decode()
    assert not Schedule.objects.exists()
    submit(statement=second, by=editor)
    response = reviewer_client.post("/admin/statements/statement/", answer, follow=True)
    assert "2 statements are scheduled." in response.content.decode()
    assert Schedule.objects.count() == 2
