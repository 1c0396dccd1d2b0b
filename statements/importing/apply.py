"""Writing what a plan says, in one short transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.moves import after_import
from statements.actions.reference import Changed, lists_follow, record_changes
from statements.actions.turns import wait_for_other_imports
from statements.actions.versions import save_documents
from statements.bulk import batches, insert, made
from statements.importing.bundles import Work, fingerprint
from statements.importing.collecting import collected_rarely
from statements.importing.drafts import Draft
from statements.importing.kinds import kind_named
from statements.importing.outcomes import keep_outcomes
from statements.importing.plan import Plan, require_permission
from statements.importing.refused import PlanOutdated
from statements.importing.rows import (
    release_addresses,
    write_reference,
    write_statements,
    write_updates,
)
from statements.importing.stored import stored_rows
from statements.models import (
    Demand,
    ImportRun,
    Measure,
    Organisation,
    Source,
    Speaker,
    Statement,
    Through,
)
from statements.record.document import Bundle, Known, load
from statements.record.index import MANY, analyse

_REFERENCE_KINDS: dict[str, type[models.Model]] = {
    "organisations": Organisation,
    "speakers": Speaker,
    "sources": Source,
    "measures": Measure,
    "demands": Demand,
}


@collected_rarely()
def apply_plan(
    plan: Plan, *, user: User, run: ImportRun | None = None, progress: Callable[[int], object] | None = None
) -> ImportRun:
    """Write everything or nothing, and return the run with its number and outcomes. Never publishes.

    ``run`` is one that was previewed, and becomes the applied one. ``progress`` is called with the number of statements
    that were written since the last call. Raises Refusal where the user may not import, ValueError for a plan with
    errors, and PlanOutdated where the desk has changed since the plan was made.
    """
    require_permission(user)
    if not plan.is_clean:
        raise ValueError("A plan with errors is never applied.")
    try:
        with transaction.atomic():
            run = _write(plan, user=user, run=run, progress=progress or (lambda statements: None))
    except IntegrityError as error:
        raise PlanOutdated(_outdated()) from error
    if plan.counts["new"] >= MANY:
        analyse()
    return run


def _outdated() -> str:
    return _("The desk has changed since these files were checked. Nothing was written. Import them again.")


def _write(plan: Plan, *, user: User, run: ImportRun | None, progress: Callable[[int], object]) -> ImportRun:
    wait_for_other_imports()
    run = _run(plan, user, run, timezone.now())
    recorded: list[Changed] = []
    for name in (*_REFERENCE_KINDS, "demand_updates"):
        _refuse_outdated_rows(name, _changing(plan, name))
    for name, model in _REFERENCE_KINDS.items():
        drafts, by_name = _changing(plan, name), plan.directory.made.get(model, [])
        if model is Source:
            release_addresses([d.instance for d in drafts if not d.is_new and "url" in d.changes])
        write_reference(name, new=[*by_name, *(d.instance for d in drafts if d.is_new)], changed=_stored(drafts))
        recorded += [Changed(row, _as_changes(name, row)) for row in by_name]
        recorded += [Changed(d.instance, {column: list(pair) for column, pair in d.changes.items()}) for d in drafts]
    record_changes(changed=recorded, by=user, through=Through.IMPORT, run=run)
    lists_follow(recorded)
    targets = set(plan.directory.statements.related_in_files.values())
    for work in plan.work():
        _write_batch(work, known=plan.directory.known, run=run, user=user)
        plan.directory.statements.written |= {
            item.statement.slug: item.statement.pk for item in work if item.statement.slug in targets
        }
        progress(len(work))
    updates = _changing(plan, "demand_updates")
    write_updates(new=[d.instance for d in updates if d.is_new], changed=_stored(updates), user=user, run=run)
    changed = [d for d in updates if not d.is_new]
    before = [Changed(d.instance, {column: list(pair) for column, pair in d.changes.items()}) for d in changed]
    record_changes(changed=before, by=user, through=Through.IMPORT, run=run)
    if run.digest != plan.digest:
        # Of a run that was previewed the rows are kept already, as they were confirmed.
        keep_outcomes(plan, run)
    return run


def _write_batch(work: Sequence[Work], *, known: Known, run: ImportRun, user: User) -> None:
    stored = _refuse_outdated_statements(work, known)
    outside = [_outside_versions(stored[item.statement.pk].statement, item.statement) for item in work if item.seen]
    steps_before = {pk: str(bundle.statement.step) for pk, bundle in stored.items()}
    record_changes(changed=outside, by=user, through=Through.IMPORT, run=run)
    write_statements(work)
    documents = {item.statement.pk: item.document for item in work}
    saved = save_documents(documents=documents, by=user, through=Through.IMPORT, run=run)
    steps = {item.statement.pk: (steps_before.get(item.statement.pk, ""), str(item.statement.step)) for item in work}
    after_import(steps=steps, made=saved, by=user, note=_("Import run %(number)d.") % {"number": run.pk})
    brought = ImportRun.statements.through
    insert([made(brought, importrun_id=run.pk, statement_id=pk) for pk in documents])


def _run(plan: Plan, user: User, run: ImportRun | None, now: datetime) -> ImportRun:
    run = run or ImportRun(started_at=now)
    run.kind = plan.files[0].kind if len(plan.files) == 1 else "all"
    run.file_name = run.file_name or ", ".join(file.name for file in plan.files)[:300]
    run.sha256 = plan.sha256
    run.state, run.ended_at = ImportRun.State.APPLIED, now
    run.user, run.user_name = user, user.get_username()
    run.outcomes = plan.counts
    run.save()
    return run


def _changing(plan: Plan, kind: str) -> list[Draft]:
    return [draft for draft in plan.drafts.get(kind, []) if draft.writes]


def _stored(drafts: Sequence[Draft]) -> list[Any]:
    return [draft.instance for draft in drafts if not draft.is_new]


def _as_changes(kind: str, row: models.Model) -> dict[str, list[Any]]:
    return {name: ["", cell] for name, cell in kind_named(kind).cells_of(row).items() if cell}


def _refuse_outdated_rows(name: str, drafts: Sequence[Draft]) -> None:
    """Lock and read the rows again that will change, and hold them against what the plan was made from."""
    kind = kind_named(name)
    before = {draft.instance.pk: draft.before for draft in drafts if not draft.is_new}
    for batch in batches(sorted(before)):
        list(kind.model._default_manager.select_for_update().filter(pk__in=batch).order_by("pk").values_list("pk"))
        rows = {row.pk: row for row in stored_rows(kind.model, batch)}
        if any(pk not in rows or kind.cells_of(rows[pk]) != before[pk] for pk in batch):
            raise PlanOutdated(_outdated())


def _outside_versions(stored: Statement, statement: Statement) -> Changed:
    """What the run changes of a statement that no version holds: undoing it needs to know."""
    columns = kind_named("statements").columns()
    cells = {name: [columns[name].cell_of(row) for row in (stored, statement)] for name in ("step", "desk_note")}
    return Changed(statement, {name: pair for name, pair in cells.items() if pair[0] != pair[1]})


def _refuse_outdated_statements(work: Sequence[Work], known: Known) -> dict[int, Bundle]:
    """Returns the bundles as stored."""
    seen = {item.statement.pk: item.seen for item in work if item.seen}
    if not seen:
        return {}
    locked = Statement.objects.select_for_update(of=("self",)).filter(pk__among=seen).order_by("pk")
    list(locked.values_list("pk"))
    bundles = load(seen, known=known)
    if any(pk not in bundles or fingerprint(bundles[pk]) != mark for pk, mark in seen.items()):
        raise PlanOutdated(_outdated())
    return bundles
