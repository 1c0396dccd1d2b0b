"""An import run from the upload on: kept, planned, confirmed or discarded, in the request or as a task.

The plan is made when the file comes in, and again when it is confirmed: what is written is what was shown, or nothing.
Each step takes the lock of the run for a moment and looks at its state, so that a second click, a reload or a process
that was given up for dead never takes it twice.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task, task_backends

from statements.actions.refusal import Refusal
from statements.importing import progress
from statements.importing.apply import apply_plan
from statements.importing.drafts import FilePlan, RowError
from statements.importing.incoming import Incoming, Options
from statements.importing.outcomes import keep_outcomes
from statements.importing.plan import Plan, plan_files, require_permission
from statements.importing.progress import Phase, Progress, Work
from statements.importing.refused import FileRefused, PlanOutdated
from statements.importing.run_files import files_of
from statements.importing.uploads import is_long, rows_at_most, sha256_of
from statements.models import ImportRun
from statements.models.run import private_storage

logger = logging.getLogger(__name__)

State = ImportRun.State

#: While somebody works on a run.
UNDERWAY = (State.PLANNING, State.WRITING)

#: Before anything is written, a run can be read in another way, or discarded.
OPEN = (State.PREVIEWED, State.REFUSED, State.STOPPED)

# Tasks of one process take their turns: two at once would take as long, and twice the memory.
_turn = Lock()


# What people do ------------------------------------------------------------------------------------------------------


def take_in(*, upload: File, kind: str, options: Options, by: User) -> ImportRun:
    """Keep a file and plan what it would do, now or, where it is long, as a task. Raises Refusal.

    The file is read block by block, never whole. ``kind`` is one of KINDS, or ALL.
    """
    return _start(_kept(upload, kind, options, by), plan_run)


def import_now(
    *,
    upload: File,
    files: Sequence[Incoming],
    kind: str,
    options: Options,
    by: User,
    work: Callable[[Path], Work] = Work,
) -> tuple[ImportRun, Plan]:
    """Keep what was brought, plan it and, where nothing is wrong, write it: in this process and without a preview.

    ``upload`` is kept with the run, ``files`` are what is in it. Raises Refusal, and PlanOutdated where the desk has
    changed meanwhile. Whatever ends it, the history says so.
    """
    run = _kept(upload, kind, options, by)
    with work(progress_path(run)) as told:
        try:
            plan = _plan(run, by, told, files)
            if plan.is_clean:
                _apply(run, plan, by, told)
            else:
                _keep(run, plan)
        except BaseException as error:
            _stop(run, [str(error) if isinstance(error, PlanOutdated) else _("It was ended before it was done.")])
            raise
    run.refresh_from_db()
    return run, plan


def _kept(upload: File, kind: str, options: Options, by: User) -> ImportRun:
    require_permission(by)
    name = (upload.name or "").replace("\0", "")
    run = ImportRun(
        kind=kind,
        file_name=name[-300:],
        sha256=sha256_of(upload.chunks()),
        state=State.PLANNING,
        started_at=timezone.now(),
        user=by,
        user_name=by.get_username(),
        options=options.as_json(),
    )
    run.file.save(f"{run.sha256[:16]}{Path(name).suffix.lower()[:8]}", upload, save=False)
    with transaction.atomic():
        run.save()
        progress.begin(progress_path(run))
    return run


def plan_again(*, run: ImportRun, options: Options, by: User) -> ImportRun:
    """Read the file in another way, or once more. Raises Refusal."""
    with transaction.atomic():
        locked = _locked(run)
        _refuse_others(locked, by)
        _refuse_unless(locked, OPEN)
        locked.state, locked.ended_at = State.PLANNING, None
        locked.options, locked.digest, locked.report = options.as_json(), "", []
        locked.save()
        progress.begin(progress_path(locked))
    return _start(locked, plan_run)


def confirm(*, run: ImportRun, digest: str, by: User) -> ImportRun:
    """Write what was shown, now or as a task. Raises Refusal.

    The state of the run says what came of it: applied, or previewed or refused again where the desk has changed
    meanwhile; then nothing was written, and its report says so.
    """
    with transaction.atomic():
        locked = _locked(run)
        _refuse_others(locked, by)
        _refuse_unless(locked, (State.PREVIEWED,))
        if digest != locked.digest:
            raise Refusal([_("What you saw is not the newest plan of this file. Look at this one, then confirm it.")])
        locked.state = State.WRITING
        locked.save(update_fields=["state"])
        progress.begin(progress_path(locked))
    return _start(locked, write_run)


def discard(*, run: ImportRun, by: User) -> ImportRun:
    """Delete the file of a run that has written nothing. What became of its rows stays. Raises Refusal."""
    with transaction.atomic():
        locked = _locked(run)
        _refuse_others(locked, by)
        _refuse_unless(locked, (*OPEN, State.PLANNING))
        storage, name = locked.file.storage, str(locked.file.name)
        locked.state, locked.ended_at, locked.file = State.DISCARDED, timezone.now(), ""
        locked.save()
    progress.forget(progress_path(locked))
    storage.delete(name)
    return locked


def why_not(run: ImportRun, by: User) -> str:
    """A sentence where this user may neither confirm this run nor read it in another way, "" where they may."""
    if run.user_id != by.pk:
        return _("%(name)s uploaded this file: only they can confirm it.") % {"name": run.user_name}
    return ""


def is_queued() -> bool:
    """Whether tasks wait in a store that outlives this process."""
    return task_backends["default"].supports_get_result


# Whether anybody works on it -----------------------------------------------------------------------------------------


def progress_path(run: ImportRun) -> Path:
    """Beside the uploads."""
    return Path(private_storage().path(f"imports/{run.pk}.progress"))


def progress_of(run: ImportRun) -> Progress | None:
    """How far the work on this run is; None where there is none."""
    return progress.read(progress_path(run))


def notice_stopped() -> None:
    """Runs whose process is gone were stopped: nothing of them is written, and their history says so.

    One query where none is underway. Call it before runs are shown.
    """
    for run in ImportRun.objects.filter(state__in=UNDERWAY):
        if _is_given_up(run):
            try:
                _stop(run, [_("Whatever worked on it was ended. Have it read again, or discard it.")])
            except OperationalError:
                # SQLite: somebody writes just now, and that may be this very run.
                logger.info("Import run %s shows no sign of life, but the database is being written to.", run.pk)


def _is_given_up(run: ImportRun) -> bool:
    known = progress_of(run)
    return known is None or not known.is_alive


def _stop(run: ImportRun, sentences: Sequence[str]) -> bool:
    """Whether the run was still underway. On PostgreSQL a locked run is one that is being written: it is left alone."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk, state=run.state).first()
        if locked is None:
            return False
        locked.state, locked.ended_at = State.STOPPED, timezone.now()
        locked.report = [note(sentence) for sentence in sentences]
        locked.save(update_fields=["state", "ended_at", "report"])
    progress.forget(progress_path(run))
    return True


# The work ------------------------------------------------------------------------------------------------------------


@task()
def plan_run(run_id: int, in_turn: bool = True) -> None:
    """``in_turn``: after the other tasks of this process."""
    _work_on(run_id, State.PLANNING, _plan_and_keep, in_turn=in_turn)


@task()
def write_run(run_id: int, in_turn: bool = True) -> None:
    """Plan again, and write where that is what was shown. ``in_turn`` as above."""
    _work_on(run_id, State.WRITING, _write, in_turn=in_turn)


def _start(run: ImportRun, work: Any) -> ImportRun:
    """Do it now or, where the file is long, as a task. Returns the run as it is afterwards."""
    path = Path(run.file.path)
    if path.exists() and is_long(path):
        progress.begin(progress_path(run), is_queued=is_queued())
        work.enqueue(run.pk)
    else:
        work.call(run.pk, in_turn=False)
    run.refresh_from_db()
    return run


def _work_on(run_id: int, state: str, do: Callable[[ImportRun, Work], None], *, in_turn: bool) -> None:
    """Nothing where the run is no longer in this state. Where the work fails, the run is stopped."""
    run = ImportRun.objects.get(pk=run_id)
    with Work(progress_path(run)) as work, _turn if in_turn else nullcontext():
        run.refresh_from_db()
        if run.state != state:
            return
        try:
            do(run, work)
        except FileNotFoundError:
            _stop(run, [_("The uploaded file is gone: upload it again.")])
        except BaseException:
            _stop(run, [_("It failed, and nothing was written. Tell whoever runs this site.")])
            raise


def _plan_and_keep(run: ImportRun, work: Work) -> None:
    try:
        plan = _plan(run, _user_of(run), work)
    except (FileRefused, Refusal) as refused:
        _keep_refused(run, str(refused))
    else:
        _keep(run, plan)


def _write(run: ImportRun, work: Work) -> None:
    try:
        user = _user_of(run)
        plan = _plan(run, user, work)
        reason = _("The desk has changed since you saw this preview. Nothing was written. See what it would do now.")
        if plan.digest == run.digest:
            try:
                return _apply(run, plan, user, work)
            except PlanOutdated:
                plan = _plan(run, user, work)
            except OperationalError:
                logger.warning("Import run %s was not written.", run.pk, exc_info=True)
                reason = _("The database was busy for too long. Nothing was written. Confirm it once more.")
    except (FileRefused, Refusal) as refused:
        _keep_refused(run, str(refused))
    else:
        _keep(run, plan, notes=[reason])


def _user_of(run: ImportRun) -> User:
    if run.user is None:
        raise Refusal([_("The account that uploaded this file is gone. Upload it again.")])
    return run.user


def _plan(run: ImportRun, user: User, work: Work, files: Sequence[Incoming] | None = None) -> Plan:
    work.begin(Phase.READING, total=run.outcomes.get("read") or rows_at_most(Path(run.file.path)))
    options = Options.from_json(run.options)
    # Each row is told of twice: when it was read, and when it was planned.
    files = files_of(run) if files is None else files
    return plan_files(files, user=user, options=options, progress=lambda rows: work.advance(rows / 2))


def _apply(run: ImportRun, plan: Plan, user: User, work: Work) -> None:
    """Raises PlanOutdated, and OperationalError where the database let nobody write: nothing is written then."""
    work.begin(Phase.WRITING, total=plan.to_write)
    with transaction.atomic():
        locked = _locked(run)
        if locked.state != run.state:
            return
        apply_plan(plan, user=user, run=locked, progress=work.advance)
        # The run is known by what was uploaded, be it a ZIP.
        locked.kind, locked.sha256, locked.report, locked.made = run.kind, run.sha256, [], _made(plan)
        locked.understood, locked.digest = [_understood(file) for file in plan.files], plan.digest
        locked.save(update_fields=["kind", "sha256", "report", "made", "understood", "digest"])


def _keep(run: ImportRun, plan: Plan, *, notes: Sequence[str] = ()) -> None:
    """Keep what the plan would do, to be looked at. ``notes`` say what else is to be known."""
    with transaction.atomic():
        locked = _locked(run)
        if (locked.state, locked.options) != (run.state, run.options):
            return
        keep_outcomes(plan, locked)
        locked.state = State.PREVIEWED if plan.is_clean else State.REFUSED
        locked.outcomes, locked.digest, locked.made = plan.counts, plan.digest, _made(plan)
        locked.understood = [_understood(file) for file in plan.files]
        errors = [error for file in plan.files for error in file.own_errors]
        locked.report = [*map(note, notes), *map(asdict, errors)]
        locked.save()


def _keep_refused(run: ImportRun, sentence: str) -> None:
    """The files can't even be planned."""
    with transaction.atomic():
        locked = _locked(run)
        if locked.state == run.state:
            locked.state, locked.report = State.REFUSED, [note(sentence)]
            locked.save(update_fields=["state", "report"])


def _made(plan: Plan) -> list[dict[str, str]]:
    return [asdict(made) for made in plan.directory.made_by_name]


def _understood(file: FilePlan) -> dict[str, Any]:
    """``read`` is reading.Understood as JSON, None where the file can't be read as a table."""
    read = file.table.understood.as_json() if file.table is not None else None
    return {"kind": file.kind, "name": file.name, "sha256": file.sha256, "counts": file.counts, "read": read}


def note(sentence: str) -> dict[str, Any]:
    return asdict(RowError("", None, "", "", sentence))


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)


def _refuse_others(run: ImportRun, by: User) -> None:
    reason = why_not(run, by)
    if reason:
        raise Refusal([reason])


def _refuse_unless(run: ImportRun, states: Sequence[str]) -> None:
    if run.state in states:
        return
    sentences = {
        State.APPLIED: _("This import has been confirmed already: it is done, and nothing was written a second time."),
        State.DISCARDED: _("This file was discarded: upload it again."),
        State.REFUSED: _("This file was refused, so there is nothing to write. Correct it, or read it in another way."),
        State.STOPPED: _("This import was stopped, and nothing was written. Have it read again."),
        State.PREVIEWED: _("This file was read meanwhile. Look at what it would do."),
    }
    raise Refusal([sentences.get(State(run.state), _("Somebody works on it just now. Wait until that is done."))])
