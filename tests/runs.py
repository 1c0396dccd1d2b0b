"""Import runs in tests: as the pages of the desk start them, with tasks that are done at once, wait, or go on."""

import os
import threading
import time
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks.backends.dummy import DummyBackend

from statements.importing import runs
from statements.importing.incoming import Options
from statements.models import ImportRun

ORGANISATIONS = (
    "slug,name,kind,country\nmfa-latvia,Ministry of Foreign Affairs of Latvia,government,LV\nviasna,Viasna,NGO,\n"
)


class Queue(DummyBackend):
    """Keeps its tasks, as the database does, for a worker that is not there."""

    supports_get_result = True


#: Values of settings.TASKS: done before ``enqueue`` returns, or never.
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
QUEUED = {"default": {"BACKEND": "tests.runs.Queue"}}


def take_in(content: str | bytes, *, by: Any, kind: str = "organisations", **options: Any) -> ImportRun:
    data = content.encode() if isinstance(content, str) else content
    upload = SimpleUploadedFile(f"{kind}.csv", data)
    return runs.take_in(upload=upload, kind=kind, options=Options(**options), by=by)


def organisations(count: int) -> str:
    return "slug,name,kind\n" + "".join(f"o{number},Organisation {number},NGO\n" for number in range(count))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def grow_old(run: ImportRun) -> None:
    """Let the last sign of life of the work on a run be an hour ago."""
    then = time.time() - 3600
    os.utime(runs.progress_path(run), (then, then))


def wait_for_tasks() -> None:
    """Until the threads of tracker.tasks are done."""
    for thread in threading.enumerate():
        if thread.name.startswith("task "):
            thread.join(60)
