"""Work on imports that ends before its end: nothing is written, and the history says so."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from statements.importing import progress, runs
from statements.importing.incoming import Options
from statements.importing.progress import Phase, Work
from statements.models import ImportRun, Organisation
from tests.runs import ORGANISATIONS, grow_old, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.mark.parametrize("state", ["planning", "writing"])
def test_a_run_whose_process_is_gone_is_stopped_and_says_so(importer: Any, state: str) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    progress.begin(runs.progress_path(run))
    runs.notice_stopped()
    run.refresh_from_db()
    assert run.state == state, "it lives"
    grow_old(run)
    runs.notice_stopped()
    run.refresh_from_db()
    assert run.state == "stopped"
    assert run.ended_at is not None
    assert "was ended" in run.report[0]["message"]
    assert runs.progress_of(run) is None
    assert runs.plan_again(run=run, options=Options(), by=importer).state == "previewed"


def test_a_run_that_ended_meanwhile_is_not_stopped(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    seen = ImportRun.objects.get(pk=run.pk)
    seen.state = "writing"
    runs.confirm(run=run, digest=run.digest, by=importer)
    assert not runs._stop(seen, ["It was ended."])
    run.refresh_from_db()
    assert run.state == "applied"


def test_who_was_given_up_writes_nothing_any_more(importer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = take_in(ORGANISATIONS, by=importer)

    def given_up_in_between(*args: Any, **kwargs: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(state="stopped")
        return planned(*args, **kwargs)

    planned = runs.plan_files
    monkeypatch.setattr(runs, "plan_files", given_up_in_between)
    after = runs.confirm(run=run, digest=run.digest, by=importer)
    assert after.state == "stopped"
    assert not Organisation.objects.exists()


def test_work_that_fails_stops_the_run_and_is_not_hidden(importer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = take_in(ORGANISATIONS, by=importer)

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(runs, "plan_files", fail)
    with pytest.raises(MemoryError):
        runs.confirm(run=run, digest=run.digest, by=importer)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert "It failed, and nothing was written." in run.report[0]["message"]


def test_work_on_a_file_that_was_discarded_meanwhile_ends_quietly(
    importer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def discarded_in_between(files: Any, **kwargs: Any) -> Any:
        run = ImportRun.objects.get()
        runs.discard(run=run, by=run.user)
        return planned(files, **kwargs)

    planned = runs.plan_files
    monkeypatch.setattr(runs, "plan_files", discarded_in_between)
    assert take_in(ORGANISATIONS, by=importer).state == "discarded"


def test_a_database_that_is_busy_for_too_long_leaves_the_preview(
    importer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = take_in(ORGANISATIONS, by=importer)

    def busy(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(runs, "apply_plan", busy)
    shown = runs.confirm(run=run, digest=run.digest, by=importer)
    assert (shown.state, shown.digest) == ("previewed", run.digest)
    assert "busy for too long" in shown.report[0]["message"]
    monkeypatch.undo()
    assert runs.confirm(run=shown, digest=shown.digest, by=importer).state == "applied"


def test_progress_is_told_while_the_work_goes_on_and_forgotten_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.01)
    path = tmp_path / "work" / "a.progress"
    path.parent.mkdir()
    with Work(path) as work:
        known = progress.read(path)
        assert known is not None
        assert known.phase == Phase.WAITING
        work.begin(Phase.READING, total=10)
        work.advance(4)
        while (known := progress.read(path)) is None or known.done < 4:
            time.sleep(0.01)
        assert (known.phase, known.total, known.is_alive) == (Phase.READING, 10, True)
        assert known.per_second > 0
    assert not list(path.parent.iterdir())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"phase": "sleeping"}', '{"phase": "reading", "colour": "red"}'])
def test_a_file_of_progress_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.progress"
    path.write_text(content)
    assert progress.read(path) is None


def test_work_goes_on_where_its_progress_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Work(tmp_path / "gone" / "a.progress") as work:
        work.begin(Phase.READING)
    assert "can't be written" in caplog.text
