"""What becomes of an applied run: its statements are submitted and published, or it is undone.

Each says with the run, in its report, what was done last, when, by whom, and what was refused.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from statements.actions.moves import PUBLISH, SUBMIT, WITH_EDITOR
from statements.actions.refusal import Refusal
from statements.actions.steps import submit
from statements.importing import progress
from statements.importing.progress import Phase, Work
from statements.importing.publishing import publish_run
from statements.importing.runs import is_queued, note, progress_of, progress_path
from statements.importing.undo import reasons_against, undo_run
from statements.models import ImportRun, Statement

#: So many statements are worked on while somebody waits for the page.
LONG = 100

#: So many refusals are kept.
_MOST_REFUSALS = 500


@dataclass(frozen=True)
class _Said:
    """What whoever took the step said about it."""

    reason: str
    revision: str


def submit_statements(*, run: ImportRun, by: User) -> None:
    """Hand what the run brought to the reviewers, now or as a task. Raises Refusal."""
    _refuse_without(by, SUBMIT, _("You may not submit statements."))
    _start(run, Phase.SUBMITTING, by)


def publish_statements(*, run: ImportRun, by: User, revision: str = "", note: str = "") -> None:
    """Publish what the run brought and what waits for a reviewer, now or as a task. Raises Refusal.

    ``revision`` and ``note`` as in ``publish_run``.
    """
    _refuse_without(by, PUBLISH, _("You may not publish statements."))
    _start(run, Phase.PUBLISHING, by, note, revision)


def undo(*, run: ImportRun, by: User, reason: str) -> None:
    """undo.undo_run, now or as a task. Raises Refusal."""
    reasons = list(reasons_against(run, by))
    if reasons:
        raise Refusal(reasons)
    _start(run, Phase.UNDOING, by, reason)


@task()
def take_step(run_id: int, user_id: int, phase: str, reason: str = "", revision: str = "") -> None:
    """``reason`` is what a person wrote: why it is undone, or what readers are told of a correction."""
    run, by = ImportRun.objects.get(pk=run_id), User.objects.get(pk=user_id)
    with Work(progress_path(run)) as work:
        work.begin(Phase(phase), total=run.statements.count())
        try:
            done, refused = _STEPS[Phase(phase)](run, by, _Said(reason, revision), work)
        except Refusal as refusal:
            done, refused = _("Nothing was done."), refusal.reasons
        except BaseException:
            _tell(run, by, _("It failed before its end. Tell whoever runs this site, and try it once more."), [])
            raise
        _tell(run, by, done, refused)


def _start(run: ImportRun, phase: Phase, by: User, reason: str = "", revision: str = "") -> None:
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportRun.State.APPLIED:
            raise Refusal([_("This import wrote nothing, so there is nothing to do with it.")])
        known = progress_of(run)
        if known is not None and known.is_alive:
            raise Refusal([_("Somebody works on what this import brought just now. Wait until that is done.")])
        progress.begin(progress_path(run))
    if run.statements.count() > LONG:
        progress.begin(progress_path(run), is_queued=is_queued())
        take_step.enqueue(run.pk, by.pk, phase, reason, revision)
    else:
        take_step.call(run.pk, by.pk, phase, reason, revision)
    run.refresh_from_db()


def _submit(run: ImportRun, by: User, _said: _Said, work: Work) -> tuple[str, list[str]]:
    done, refused = 0, []
    for statement in run.statements.filter(step__in=WITH_EDITOR).order_by("pk").iterator(chunk_size=500):
        # Deleted in between: nobody waits for it.
        with suppress(Statement.DoesNotExist):
            try:
                submit(statement=statement, by=by)
                done += 1
            except Refusal as refusal:
                refused.append(f"{statement.title}: {refusal}")
        work.advance(1)
    return (
        ngettext("%(n)d statement waits for a reviewer now.", "%(n)d statements wait for a reviewer now.", done)
        % {"n": done},
        refused,
    )


def _publish(run: ImportRun, by: User, said: _Said, _work: Work) -> tuple[str, list[str]]:
    published = publish_run(run=run, by=by, revision=said.revision, note=said.reason)
    done = len(published.statements)
    sentence = ngettext("Readers see %(n)d statement now.", "Readers see %(n)d statements now.", done) % {"n": done}
    if not published.statements and not published.updates:
        sentence = _("Nothing was published.")
    if published.updates:
        done = len(published.updates)
        more = ngettext("Also %(n)d update of a demand.", "Also %(n)d updates of demands.", done) % {"n": done}
        sentence = f"{sentence} {more}"
    return sentence, [f"{title}: {' '.join(reasons)}" for title, reasons in published.refused]


def _undo(run: ImportRun, by: User, said: _Said, _work: Work) -> tuple[str, list[str]]:
    undone = undo_run(run=run, by=by, reason=said.reason)
    words = {"removed": len(undone.removed), "restored": len(undone.restored), "left": len(undone.left_alone)}
    return _("Undone: %(removed)d removed, %(restored)d as before, %(left)d left alone.") % words, []


_STEPS: dict[Phase, Callable[[ImportRun, User, _Said, Work], tuple[str, list[str]]]] = {
    Phase.SUBMITTING: _submit,
    Phase.PUBLISHING: _publish,
    Phase.UNDOING: _undo,
}


def _tell(run: ImportRun, by: User, done: str, refused: list[str]) -> None:
    words = {"time": timezone.now().strftime("%Y-%m-%d %H:%M"), "name": by.get_username(), "done": done}
    lines = [_("%(time)s UTC, %(name)s: %(done)s") % words, *refused[:_MOST_REFUSALS]]
    more = len(refused) - _MOST_REFUSALS
    if more > 0:
        lines.append(ngettext("and %(n)d refusal more", "and %(n)d refusals more", more) % {"n": more})
    ImportRun.objects.filter(pk=run.pk).update(report=[note(line) for line in lines])


def _refuse_without(by: User, permission: str, sentence: str) -> None:
    if not by.has_perm(permission):
        raise Refusal([sentence])
