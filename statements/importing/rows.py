"""Rows of an import into their tables, many at a time. What they say has been checked before."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from statements.bulk import BATCH, batches, insert, update
from statements.importing.bundles import Work
from statements.importing.kinds import kind_named
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
    Wording,
)
from statements.models.derived import derived_columns, fill_folded, write_mirrored_names
from statements.models.names import folded_name
from statements.record.desk_index import refresh_citing

_KIND_OF_PART: dict[type[models.Model], str] = {
    Wording: "wordings",
    Citation: "citations",
    DemandMention: "mentions",
    CountObservation: "counts",
}


def write_reference(name: str, *, new: Sequence[Any], changed: Sequence[Any]) -> None:
    kind = kind_named(name)
    rows = [*new, *changed]
    for row in rows:
        fill_folded(row)
    for level in _levels(new):
        insert(level)
    update(changed, [*kind.model_fields(), *derived_columns(kind.model)])
    if kind.model is Source:
        for batch in batches([row.pk for row in changed]):
            refresh_citing(batch)
    if kind.model in (Organisation, Speaker):
        for batch in batches(rows):
            write_mirrored_names(list(batch))
        _write_aliases(rows, OrganisationName if kind.model is Organisation else SpeakerName)
    if kind.model is Speaker:
        _write_handles(rows)
    if kind.model is Demand:
        _write_addressees(Demand.addressees.through, "demand_id", rows)


def release_addresses(sources: Sequence[Source]) -> None:
    """An address can pass from one source to another in one run: those that give one up do so first."""
    stand_in = Concat(Value("given up by "), Cast("pk", models.CharField(max_length=20)))
    for batch in batches([source.pk for source in sources]):
        Source.objects.filter(pk__in=batch, canonical_url__isnull=False).update(canonical_url=stand_in)


def write_statements(work: Sequence[Work]) -> None:
    """Statements and what hangs on them. A fixed number of queries for each batch."""
    new = [item.statement for item in work if not item.seen]
    changed = [item.statement for item in work if item.seen and item.statement_changes]
    for statement in (*new, *changed):
        fill_folded(statement)
    for level in _levels(new, "related_statement"):
        insert(level)
    update(changed, [*kind_named("statements").model_fields(), *derived_columns(Statement)])
    _write_list(Issuer, {item.statement.pk: item.issuers for item in work if item.issuers is not None}, work)
    _write_list(
        SpeakerRole, {item.statement.pk: item.speaker_roles for item in work if item.speaker_roles is not None}, work
    )
    for model in _KIND_OF_PART:
        _write_parts(model, work)


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


def _write_aliases(rows: Sequence[Any], model: type[OrganisationName] | type[SpeakerName]) -> None:
    other = model.Kind.OTHER
    for batch in batches(rows):
        model._default_manager.filter(owner__in=[row.pk for row in batch], kind=other).delete()
    insert(
        [
            model(owner=row, kind=other, name=name, language=language, folded=folded_name(name))
            for row in rows
            for name, language in row.planned_aliases
        ]
    )


def _write_handles(rows: Sequence[Any]) -> None:
    for batch in batches(rows):
        SpeakerHandle.objects.filter(speaker__in=[row.pk for row in batch]).delete()
    insert(
        [
            SpeakerHandle(speaker=row, network=network, handle=handle)
            for row in rows
            for network, handle in row.planned_handles
        ]
    )


def _write_addressees(through: type[models.Model], owner: str, rows: Sequence[Any]) -> None:
    for batch in batches(rows):
        through._default_manager.filter(**{f"{owner}__in": [row.pk for row in batch]}).delete()
    insert([through(**{owner: row.pk, "organisation_id": o.pk}) for row in rows for o in row.planned_addressees])


def _write_list(model: type[models.Model], rows_of: dict[int, list[Any]], work: Sequence[Work]) -> None:
    """Make the issuers or the speakers of these statements anew."""
    stored = [item.statement.pk for item in work if item.seen and item.statement.pk in rows_of]
    for batch in batches(stored):
        model._default_manager.filter(statement__among=batch).delete()
    insert([row for rows in rows_of.values() for row in rows])


def _write_parts(model: type[models.Model], work: Sequence[Work]) -> None:
    deleted = [row.pk for item in work for row in item.deleted if isinstance(row, model)]
    created = [row for item in work for row in item.created if isinstance(row, model)]
    updated = [row for item in work for row in item.updated if isinstance(row, model)]
    for batch in batches(deleted):
        model._default_manager.filter(pk__among=batch).delete()
    insert(created)
    update(updated, [name for name in kind_named(_KIND_OF_PART[model]).model_fields() if name != "key"])
    if model is DemandMention:
        _write_addressees(DemandMention.addressees.through, "demandmention_id", [*created, *updated])


def write_updates(*, new: Sequence[DemandUpdate], changed: Sequence[DemandUpdate], user: User, run: ImportRun) -> None:
    rows = [*new, *changed]
    for row in rows:
        row.saved_by, row.saved_by_name, row.run = user, user.get_username(), run
    insert(new)
    update(changed, [*kind_named("demand_updates").model_fields(), "saved_by", "saved_by_name", "run"])
    authors = DemandUpdate.authors.through
    authors._default_manager.bulk_create(
        [authors(demandupdate_id=row.pk, user_id=user.pk) for row in rows], batch_size=BATCH, ignore_conflicts=True
    )
