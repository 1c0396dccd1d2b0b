"""What becomes of a run that was written: it is submitted, published by another, or undone, and says what came."""

from typing import Any

import pytest
from django.utils import timezone

from statements.actions.refusal import Refusal
from statements.actions.steps import submit
from statements.importing import afterwards, runs
from statements.models import ImportRun, Organisation, Statement
from tests.factories import make_statement, make_user
from tests.runs import ORGANISATIONS, QUEUED, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


def brought(run: ImportRun, *statements: Statement) -> ImportRun:
    ImportRun.objects.filter(pk=run.pk).update(state="applied")
    run.statements.set(statements)
    run.refresh_from_db()
    return run


@pytest.fixture
def run(importer: Any) -> ImportRun:
    return ImportRun.objects.create(
        kind="statements",
        file_name="s.csv",
        state="applied",
        started_at=timezone.now(),
        user=importer,
        user_name="importer",
    )


def test_what_a_run_brought_is_submitted_and_every_refusal_said(run: ImportRun, importer: Any, editor: Any) -> None:
    first, second = make_statement(by=importer, title="First"), make_statement(by=importer, title="Second")
    submit(statement=second, by=importer)
    brought(run, first, second)
    afterwards.submit_statements(run=run, by=importer)
    assert "1 statement waits for a reviewer now." in run.report[0]["message"]
    assert "importer" in run.report[0]["message"]
    assert run.statements.filter(step="in review").count() == 2
    with pytest.raises(Refusal, match="You may not publish"):
        afterwards.publish_statements(run=run, by=editor)


def test_what_a_run_brought_is_published_by_another_and_every_refusal_said(
    run: ImportRun, importer: Any, reviewer: Any
) -> None:
    own, first = make_statement(by=reviewer, title="Own work"), make_statement(by=importer, title="First")
    submit(statement=own, by=reviewer)
    submit(statement=first, by=importer)
    brought(run, first, own)
    afterwards.publish_statements(run=run, by=reviewer)
    assert "Readers see 1 statement now." in run.report[0]["message"]
    assert run.report[1]["message"].startswith("Own work: You entered or changed it yourself")
    assert Statement.objects.public().get().title == "First"


def test_steps_with_much_to_do_are_tasks_one_at_a_time(
    run: ImportRun, importer: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = QUEUED
    monkeypatch.setattr(afterwards, "LONG", 0)
    statement = make_statement(by=importer)
    brought(run, statement)
    afterwards.submit_statements(run=run, by=importer)
    statement.refresh_from_db()
    assert statement.step == "draft", "it waits for a worker"
    with pytest.raises(Refusal, match="works on what this import brought just now"):
        afterwards.submit_statements(run=run, by=importer)
    afterwards.take_step.call(run.pk, importer.pk, "submitting")
    statement.refresh_from_db()
    assert statement.step == "in review"
    assert runs.progress_of(run) is None


def test_a_run_is_undone_and_says_what_became_of_it(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    run = runs.confirm(run=run, digest=run.digest, by=importer)
    afterwards.undo(run=run, by=importer, reason="The wrong file.")
    assert run.undone_reason == "The wrong file."
    assert "Undone: 2 removed, 0 as before, 0 left alone." in run.report[0]["message"]
    assert not Organisation.objects.exists()
    with pytest.raises(Refusal, match="undone already"):
        afterwards.undo(run=run, by=importer, reason="Once more.")


def test_a_step_that_fails_says_so(run: ImportRun, importer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    brought(run, make_statement(by=importer))

    def fail(**_kwargs: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(afterwards, "submit", fail)
    with pytest.raises(MemoryError):
        afterwards.submit_statements(run=run, by=importer)
    run.refresh_from_db()
    assert "It failed before its end." in run.report[0]["message"]


def test_nothing_is_done_with_what_a_run_did_not_write(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state="refused")
    with pytest.raises(Refusal, match="wrote nothing"):
        afterwards.submit_statements(run=run, by=make_user("other", "importer"))
