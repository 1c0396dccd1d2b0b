"""Writing what a plan says, in one short transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.reference import Changed, record_changes
from statements.actions.versions import save_versions
from statements.importing.bundles import BATCH, Case, fingerprint
from statements.importing.drafts import Draft
from statements.importing.kinds import kind_named
from statements.importing.plan import Plan, require_permission
from statements.importing.refused import PlanOutdated
from statements.importing.stored import stored_rows
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    ImportRun,
    Issuer,
    Organisation,
    OrganisationName,
    Source,
    Speaker,
    SpeakerHandle,
    SpeakerName,
    SpeakerRole,
    Statement,
    Through,
    Wording,
)
from statements.models.derived import write_mirrored_names
from statements.models.names import folded_name
from statements.record.document import load
from statements.record.index import MANY, analyse

_REFERENCE_KINDS = ("organisations", "speakers", "sources", "measures", "demands")
_PARTS: tuple[type[models.Model], ...] = (Wording, Citation, DemandMention, CountObservation)


def apply_plan(plan: Plan, *, user: User, run: ImportRun | None = None) -> ImportRun:
    """Write everything or nothing, and return the run with its number and outcomes. Never publishes.

    ``run`` is one that was previewed, and becomes the applied one. Raises Refusal where the user may not import,
    ValueError for a plan with errors, and PlanOutdated where the desk has changed since the plan was made.
    """
    require_permission(user)
    if not plan.is_clean:
        raise ValueError("A plan with errors is never applied.")
    try:
        with transaction.atomic():
            run = _write(plan, user=user, run=run)
    except IntegrityError as error:
        raise PlanOutdated(_outdated()) from error
    if plan.counts["new"] >= MANY:
        analyse()
    return run


def _outdated() -> str:
    return _("The desk has changed since these files were checked. Nothing was written. Import them again.")


def _write(plan: Plan, *, user: User, run: ImportRun | None) -> ImportRun:
    cases = plan.directory.statements.touched()
    _refuse_outdated(plan, cases)
    run = _run(plan, user, run, timezone.now())
    recorded: list[Changed] = []
    for name in _REFERENCE_KINDS:
        drafts = _changing(plan, name)
        if name == "sources":
            _release_addresses(drafts)
            _create(plan.directory.sources_made)
            recorded += [Changed(row, _as_changes(row)) for row in plan.directory.sources_made]
        _write_reference(name, drafts)
        recorded += [Changed(d.instance, {column: list(pair) for column, pair in d.changes.items()}) for d in drafts]
    record_changes(changed=recorded, by=user, through=Through.IMPORT, run=run)
    _write_statements(cases)
    _write_updates(_changing(plan, "demand_updates"), user, run)
    pks = [case.bundle.statement.pk for case in cases if _case_changes(case)]
    for batch in _batches(pks):
        save_versions(bundles=load(batch).values(), by=user, through=Through.IMPORT, run=run)
    brought = ImportRun.statements.through
    brought._default_manager.bulk_create([brought(importrun=run, statement_id=pk) for pk in pks], batch_size=BATCH)
    return run


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
    return [d for file in plan.files if file.kind == kind for d in file.drafts if d.is_new or d.changes]


def _case_changes(case: Case) -> bool:
    return any(draft.is_new or draft.changes for draft in case.drafts)


def _as_changes(source: Source) -> dict[str, list[Any]]:
    return {name: ["", cell] for name, cell in kind_named("sources").cells_of(source).items() if cell}


def _refuse_outdated(plan: Plan, cases: Sequence[Case]) -> None:
    """Read the rows again that will change, and hold them against what the plan was made from."""
    seen = {case.bundle.statement.pk: case.seen for case in cases if case.seen and _case_changes(case)}
    for batch in _batches(list(seen)):
        list(Statement.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk").values_list("pk"))
        bundles = load(batch)
        if any(pk not in bundles or fingerprint(bundles[pk]) != seen[pk] for pk in batch):
            raise PlanOutdated(_outdated())
    for name in (*_REFERENCE_KINDS, "demand_updates"):
        kind = kind_named(name)
        before = {d.instance.pk: d.before for d in _changing(plan, name) if not d.is_new}
        for batch in _batches(list(before)):
            rows = {row.pk: row for row in stored_rows(kind.model, batch)}
            if any(pk not in rows or kind.cells_of(rows[pk]) != before[pk] for pk in batch):
                raise PlanOutdated(_outdated())


def _write_reference(name: str, drafts: Sequence[Draft]) -> None:
    kind = kind_named(name)
    for level in _levels([draft.instance for draft in drafts if draft.is_new]):
        _create(level)
    changed = [draft.instance for draft in drafts if not draft.is_new]
    _update(changed, [*kind.model_fields(), *(["canonical_url"] if kind.model is Source else [])])
    rows = [draft.instance for draft in drafts]
    if kind.model in (Organisation, Speaker):
        for batch in _batches(rows):
            write_mirrored_names(list(batch))
        _write_aliases(rows, OrganisationName if kind.model is Organisation else SpeakerName)
    if kind.model is Speaker:
        _write_handles(rows)
    if kind.model is Demand:
        _write_addressees(Demand.addressees.through, "demand_id", rows)


def _release_addresses(drafts: Sequence[Draft]) -> None:
    """An address can pass from one source to another in one run: those that give one up do so first."""
    leaving = [draft.instance.pk for draft in drafts if not draft.is_new and "url" in draft.changes]
    stand_in = Concat(Value("given up by "), Cast("pk", models.CharField(max_length=20)))
    for batch in _batches(leaving):
        Source.objects.filter(pk__in=batch, canonical_url__isnull=False).update(canonical_url=stand_in)


def _levels(rows: Iterable[Any], reference: str = "parent") -> list[list[Any]]:
    """New rows so that each stands in a later list than the new row it refers to."""
    new = {id(row): row for row in rows}
    levels: list[list[Any]] = []
    for row in new.values():
        depth, target = 0, getattr(row, reference, None)
        while target is not None and id(target) in new:
            depth, target = depth + 1, getattr(target, reference, None)
        levels.extend([] for _missing in range(depth + 1 - len(levels)))
        levels[depth].append(row)
    return levels


def _create(rows: Sequence[Any]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def _update(rows: Sequence[Any], fields: list[str]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_update(rows, fields, batch_size=BATCH)


def _write_aliases(rows: Sequence[Any], model: type[OrganisationName] | type[SpeakerName]) -> None:
    other = model.Kind.OTHER
    for batch in _batches(rows):
        model._default_manager.filter(owner__in=[row.pk for row in batch], kind=other).delete()
    _create(
        [
            model(owner=row, kind=other, name=name, language=language, folded=folded_name(name))
            for row in rows
            for name, language in row.planned_aliases
        ]
    )


def _write_handles(rows: Sequence[Any]) -> None:
    for batch in _batches(rows):
        SpeakerHandle.objects.filter(speaker__in=[row.pk for row in batch]).delete()
    _create(
        [
            SpeakerHandle(speaker=row, network=network, handle=handle)
            for row in rows
            for network, handle in row.planned_handles
        ]
    )


def _write_addressees(through: type[models.Model], owner: str, rows: Sequence[Any]) -> None:
    for batch in _batches(rows):
        through._default_manager.filter(**{f"{owner}__in": [row.pk for row in batch]}).delete()
    _create([through(**{owner: row.pk, "organisation_id": o.pk}) for row in rows for o in row.planned_addressees])


def _write_statements(cases: Sequence[Case]) -> None:
    changing = [case for case in cases if _case_changes(case)]
    for level in _levels([case.bundle.statement for case in changing if not case.seen], "related_statement"):
        _create(level)
    stored = [case.bundle.statement for case in changing if case.seen and case.statement_changes]
    _update(stored, kind_named("statements").model_fields())
    _write_list(Issuer, [case for case in changing if case.issuers_change], lambda case: case.bundle.issuers)
    _write_list(
        SpeakerRole, [case for case in changing if case.speakers_change], lambda case: case.bundle.speaker_roles
    )
    for model in _PARTS:
        _write_parts(model, changing)


def _write_list(model: type[models.Model], cases: Sequence[Case], rows_of: Callable[[Case], Sequence[Any]]) -> None:
    """Make the issuers or the speakers of these statements anew."""
    for batch in _batches([case.bundle.statement.pk for case in cases if case.seen]):
        model._default_manager.filter(statement__in=batch).delete()
    _create([row for case in cases for row in rows_of(case)])


def _write_parts(model: type[models.Model], cases: Sequence[Case]) -> None:
    deleted = [row.pk for case in cases for row in case.deleted if isinstance(row, model)]
    created = [row for case in cases for row in case.created if isinstance(row, model)]
    updated = [row for case in cases for row in case.updated if isinstance(row, model)]
    for batch in _batches(deleted):
        model._default_manager.filter(pk__in=batch).delete()
    _create(created)
    kinds = {Wording: "wordings", Citation: "citations", DemandMention: "mentions", CountObservation: "counts"}
    _update(updated, [name for name in kind_named(kinds[model]).model_fields() if name != "key"])
    if model is DemandMention:
        _write_addressees(DemandMention.addressees.through, "demandmention_id", [*created, *updated])


def _write_updates(drafts: Sequence[Draft], user: User, run: ImportRun) -> None:
    rows: list[DemandUpdate] = [draft.instance for draft in drafts]
    for row in rows:
        row.saved_by, row.saved_by_name, row.run = user, user.get_username(), run
    _create([row for row in rows if row.pk is None])
    fields = [*kind_named("demand_updates").model_fields(), "saved_by", "saved_by_name", "run"]
    _update([draft.instance for draft in drafts if not draft.is_new], fields)
    authors = DemandUpdate.authors.through
    authors._default_manager.bulk_create(
        [authors(demandupdate_id=row.pk, user_id=user.pk) for row in rows], batch_size=BATCH, ignore_conflicts=True
    )


def _batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
