"""The service behind the pages of the import: what is shown is what is written, once, whoever is in the way."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from statements.actions.refusal import Refusal
from statements.importing import runs, uploads
from statements.importing.incoming import Options
from statements.importing.outcomes import kept_outcomes
from statements.importing.progress import Phase
from statements.models import ImportRun, Organisation
from tests.databases import Database
from tests.factories import OrganisationFactory
from tests.runs import AT_ONCE, ORGANISATIONS, QUEUED, files_in, grow_old, organisations, take_in, wait_for_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


def test_a_file_is_kept_with_its_hash_planned_confirmed_and_kept_in_the_history(
    importer: Any, uploads_folder: Path
) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    assert (run.state, run.user_name, run.file_name, run.outcomes["new"]) == (
        "previewed",
        "importer",
        "organisations.csv",
        2,
    )
    [stored] = files_in(uploads_folder)
    assert stored.read_text() == ORGANISATIONS
    assert run.sha256 == uploads.sha256_of([ORGANISATIONS.encode()])
    assert [row.label for row in kept_outcomes(run)] == ["Ministry of Foreign Affairs of Latvia", "Viasna"]
    assert not Organisation.objects.exists()
    written = runs.confirm(run=run, digest=run.digest, by=importer)
    assert (written.state, written.kind, written.sha256) == ("applied", "organisations", run.sha256)
    assert written.ended_at is not None
    assert Organisation.objects.count() == 2
    assert files_in(uploads_folder) == [stored]


def test_what_comes_on_disk_is_moved_and_never_read_whole(importer: Any) -> None:
    class Watched(TemporaryUploadedFile):
        def read(self, size: int | None = None) -> bytes:
            assert size is not None, "a block at a time"
            found: bytes = self.file.read(size)
            return found

    upload = Watched("a.csv", "text/csv", len(ORGANISATIONS), None)
    upload.file.write(ORGANISATIONS.encode())
    upload.file.flush()
    run = runs.take_in(upload=upload, kind="organisations", options=Options(), by=importer)
    upload.close()
    assert run.outcomes["new"] == 2


def test_confirming_twice_imports_once(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    runs.confirm(run=run, digest=run.digest, by=importer)
    with pytest.raises(Refusal, match="confirmed already"):
        runs.confirm(run=run, digest=run.digest, by=importer)
    runs.write_run.call(run.pk)
    assert Organisation.objects.count() == 2
    run.refresh_from_db()
    assert run.state == "applied"


def test_what_changed_since_the_preview_is_shown_and_not_written(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    shown = runs.confirm(run=run, digest=run.digest, by=importer)
    assert shown.state == "previewed"
    assert shown.digest != run.digest
    assert "The desk has changed since you saw this preview." in shown.report[0]["message"]
    assert (shown.outcomes["new"], shown.outcomes["changed"]) == (1, 1)
    assert Organisation.objects.count() == 1
    with pytest.raises(Refusal, match="not the newest plan"):
        runs.confirm(run=run, digest=run.digest, by=importer)
    written = runs.confirm(run=run, digest=shown.digest, by=importer)
    assert (written.state, written.report) == ("applied", [])
    assert Organisation.objects.count() == 2


def test_what_can_no_longer_be_written_is_refused_when_it_is_confirmed(importer: Any) -> None:
    run = take_in("name,kind,parent\nNew,NGO,old\n", by=importer)
    assert run.state == "refused"
    old = OrganisationFactory(name="Old", slug="old")
    run = runs.plan_again(run=run, options=Options(), by=importer)
    assert run.state == "previewed"
    old.delete()
    refused = runs.confirm(run=run, digest=run.digest, by=importer)
    assert (refused.state, refused.outcomes["rejected"]) == ("refused", 1)
    assert not Organisation.objects.exists()


def test_a_file_that_changed_on_the_disk_is_not_written(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    Path(run.file.path).write_text(ORGANISATIONS.replace("NGO", "media"))
    shown = runs.confirm(run=run, digest=run.digest, by=importer)
    assert shown.state == "previewed"
    assert not Organisation.objects.exists()


def test_only_who_uploaded_a_file_decides_on_it(importer: Any, administrator: Any, editor: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    for decide in (
        lambda: runs.confirm(run=run, digest=run.digest, by=administrator),
        lambda: runs.plan_again(run=run, options=Options(), by=administrator),
        lambda: runs.discard(run=run, by=administrator),
    ):
        with pytest.raises(Refusal, match="importer uploaded this file"):
            decide()
    with pytest.raises(Refusal, match="You may not import"):
        take_in(ORGANISATIONS, by=editor)
    importer.groups.clear()
    refused = runs.confirm(run=run, digest=run.digest, by=importer)
    assert refused.state == "refused"
    assert "You may not import files." in refused.report[0]["message"]
    assert not Organisation.objects.exists()


def test_a_run_whose_account_is_gone_is_refused(importer: Any) -> None:
    run = take_in(ORGANISATIONS, by=importer)
    ImportRun.objects.filter(pk=run.pk).update(user=None, state="planning")
    runs.plan_run.call(run.pk)
    run.refresh_from_db()
    assert run.state == "refused"
    assert "is gone" in run.report[0]["message"]


def test_a_refused_file_stays_until_it_is_discarded_and_its_rows_for_good(importer: Any, uploads_folder: Path) -> None:
    run = take_in("slug,name,kind\na,A,club\n", by=importer)
    assert run.state == "refused"
    assert len(files_in(uploads_folder)) == 1
    gone = runs.discard(run=run, by=importer)
    assert (gone.state, gone.file.name) == ("discarded", "")
    assert files_in(uploads_folder) == []
    assert len(list(kept_outcomes(gone))) == 1
    with pytest.raises(Refusal, match="discarded"):
        runs.plan_again(run=run, options=Options(), by=importer)


def test_a_file_is_planned_again_with_other_options(importer: Any) -> None:
    run = take_in("name,kind,parent\nNew,NGO,Unknown to all\n", by=importer)
    assert run.state == "refused"
    run = runs.plan_again(run=run, options=Options(create_missing=True), by=importer)
    assert run.state == "previewed"
    assert [made["name"] for made in run.made] == ["Unknown to all"]
    assert run.options["create_missing"] is True
    runs.confirm(run=run, digest=run.digest, by=importer)
    assert Organisation.objects.get(name="New").parent == Organisation.objects.get(name="Unknown to all")


def test_a_long_file_is_planned_and_written_as_a_task(importer: Any, settings: Any) -> None:
    settings.TASKS = AT_ONCE
    run = take_in(organisations(uploads.LONG_ROWS + 1), by=importer)
    assert (run.state, run.outcomes["new"]) == ("previewed", uploads.LONG_ROWS + 1)
    run = runs.confirm(run=run, digest=run.digest, by=importer)
    assert run.state == "applied"
    assert runs.progress_of(run) is None


def test_a_file_with_few_rows_and_many_bytes_is_long(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"slug,name,kind,description\na,A,NGO,{'x' * uploads.LONG_BYTES}\n")
    assert uploads.is_long(file)
    file.write_text(organisations(10))
    assert not uploads.is_long(file)


def test_a_queued_run_waits_however_long_it_takes(importer: Any, settings: Any) -> None:
    settings.TASKS = QUEUED
    run = take_in(organisations(uploads.LONG_ROWS + 1), by=importer)
    assert run.state == "planning"
    grow_old(run)
    known = runs.progress_of(run)
    assert known is not None
    assert (known.phase, known.is_queued, known.is_alive) == (Phase.WAITING, True, True)
    runs.notice_stopped()
    run.refresh_from_db()
    assert run.state == "planning"
    with pytest.raises(Refusal, match="works on it just now"):
        runs.plan_again(run=run, options=Options(), by=importer)
    assert runs.discard(run=run, by=importer).state == "discarded"
    runs.plan_run.call(run.pk)
    run.refresh_from_db()
    assert run.state == "discarded", "the worker comes too late"


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_the_process_does_the_task_and_nobody_starts_a_worker(importer: Any) -> None:
    run = take_in(organisations(uploads.LONG_ROWS + 1), by=importer)
    assert run.state == "planning"
    wait_for_tasks()
    run.refresh_from_db()
    assert run.state == "previewed"
    runs.confirm(run=run, digest=run.digest, by=importer)
    wait_for_tasks()
    run.refresh_from_db()
    assert run.state == "applied"
    assert Organisation.objects.count() == uploads.LONG_ROWS + 1
    assert runs.progress_of(run) is None


class WithWorker(Database):
    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"TASKS": "database"}


@pytest.fixture
def with_worker(tmp_path: Path) -> Iterator[WithWorker]:
    server = os.environ.get("DATABASE_URL", "")
    database = WithWorker.make(server=server, folder=tmp_path)
    yield database
    database.drop(server=server)


UPLOAD = """
import django; django.setup()
from django.contrib.auth.models import User
from tests.runs import organisations, take_in
take_in(organisations(2001), by=User.objects.create_superuser("importer"))
"""

CONFIRM = """
import django; django.setup()
from statements.importing import runs
from statements.models import ImportRun
run = ImportRun.objects.get()
runs.confirm(run=run, digest=run.digest, by=run.user)
"""


def test_a_worker_takes_what_waits_in_the_database(with_worker: WithWorker) -> None:
    with_worker.manage("migrate", "--verbosity=0")
    for script, waiting, done in ((UPLOAD, "planning", "previewed"), (CONFIRM, "writing", "applied")):
        with_worker.run("-c", script)
        assert with_worker.rows("SELECT state FROM statements_importrun") == [(waiting,)]
        with_worker.manage("db_worker", "--batch", "--no-startup-delay")
        assert with_worker.rows("SELECT state FROM statements_importrun") == [(done,)]
    assert with_worker.rows("SELECT count(*) FROM statements_organisation") == [(2001,)]
