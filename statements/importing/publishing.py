"""Publishing what a run brought: a step of its own, by somebody else."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.actions.publishing import publish_all
from statements.actions.refusal import Refusal
from statements.actions.updates import publish_update
from statements.bulk import batches
from statements.models import DemandUpdate, ImportRun, Statement


@dataclass
class Published:
    """``refused`` holds what was not published, with every reason."""

    statements: list[Statement] = field(default_factory=list)
    updates: list[DemandUpdate] = field(default_factory=list)
    refused: list[tuple[str, list[str]]] = field(default_factory=list)


def publish_run(*, run: ImportRun, by: User, revision: str = "", note: str = "") -> Published:
    """Publish the statements that this run brought or changed and that wait for a reviewer, and its demand updates.
    ``revision`` and ``note`` tell readers what the change of those is that they saw before, as in ``publish_all``.

    A fixed number of queries for each batch of statements of which none is refused; the others go one by one, so that a
    refused one does not keep the rest back. Raises Refusal for a run that was undone.
    """
    if run.undone_at is not None:
        raise Refusal([_("This run was undone. What is left of it is published statement by statement.")])
    waiting = list(Statement.objects.awaiting_review().filter(runs=run).order_by("pk"))
    result = Published()
    for batch in batches(waiting):
        _publish_statements(list(batch), by, (revision, note), result)
    for update in run.demand_updates.awaiting_review().select_related("demand", "source"):
        try:
            publish_update(update=update, by=by)
        except Refusal as refusal:
            result.refused.append((str(update), refusal.reasons))
        else:
            result.updates.append(update)
    return result


def _publish_statements(statements: list[Statement], by: User, answer: tuple[str, str], result: Published) -> None:
    if not statements:
        return
    try:
        publish_all(statements=statements, by=by, revision=answer[0], note=answer[1])
    except Refusal as refusal:
        if len(statements) == 1:
            result.refused.append((statements[0].title, refusal.reasons))
            return
        for statement in statements:
            _publish_statements([statement], by, answer, result)
    else:
        result.statements += statements
