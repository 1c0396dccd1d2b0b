"""Reference data that a run brought or changed: which rows go, which get their old cells back, which are left alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext as _

from statements.actions.reference import Changed, lists_follow, public_permission, record_changes
from statements.actions.restoring import in_circles
from statements.bulk import batches
from statements.importing.kinds import all_kinds
from statements.importing.kinds.base import Kind
from statements.importing.rows import release_addresses, write_reference
from statements.importing.stored import stored_rows
from statements.importing.undoing.cells import Named, put_back
from statements.importing.undoing.fate import (
    Changes,
    Fate,
    changed_since,
    gone_since,
    has_old_address,
    in_use_by,
    turned,
)
from statements.importing.undoing.uses import Use, labels_of, users_of, with_old_addresses
from statements.models import (
    Demand,
    ImportRun,
    Measure,
    Organisation,
    ReferenceChange,
    Source,
    Speaker,
    SpeakerHandle,
    Through,
)
from statements.record.identities import REFERENCE_MODELS
from statements.record.use import in_public_use

#: What refers to others stands before what they refer to.
ORDER: tuple[type[models.Model], ...] = (Measure, Demand, Source, Speaker, Organisation)
KINDS: dict[type[models.Model], type[Kind]] = {kind.model: kind for kind in all_kinds() if kind.model in ORDER}

_NAME_OF = {model: str(kind) for kind, model in REFERENCE_MODELS.items()}


@dataclass
class ReferenceFate(Fate):
    """``row`` is the stored one; of what comes back, with the old values put into it."""

    row: Any = None
    changes: Changes = field(default_factory=dict)
    change: int = 0


Fates = dict[int, ReferenceFate]
Touched = dict[type[models.Model], Fates]


def touched_by(run: ImportRun) -> Touched:
    """What the run did to each row, by model. One query. A new row is one whose slug is new: an import changes none."""
    touched: Touched = {model: {} for model in ORDER}
    models_by_name = {_NAME_OF[model]: model for model in ORDER}
    for change in ReferenceChange.objects.filter(run=run, kind__in=models_by_name).order_by("pk"):
        fates = touched[models_by_name[change.kind]]
        one = fates.setdefault(change.target_id, ReferenceFate(change.target_id, change.label, is_new=False))
        one.change = change.pk
        one.is_new = one.is_new or change.changes.get("slug", ["-"])[0] == ""
        for column, (old, new) in change.changes.items():
            one.changes[column] = [one.changes.get(column, [old])[0], new]
    return touched


def plan_reference(
    touched: Touched, *, by: User, named: set[tuple[str, str]], not_using: dict[type[models.Model], set[int]]
) -> None:
    """Judge every row of ``touched_by``. A fixed number of queries a model, and of queries for each 500 rows.

    ``named`` are (kind, slug) that versions name. ``not_using`` are the statements and the updates of demands that go,
    or no longer use what the run made.
    """
    for model in ORDER:
        fates = touched[model]
        _load(model, fates)
        _keep_what_was_changed(model, fates)
        _keep_what_readers_see(model, fates, by)
        _put_back(model, fates)
        _keep_what_is_used(model, touched, not_using, named)
        if model in (Source, Speaker):
            _keep_what_is_taken(model, fates)


def _load(model: type[models.Model], fates: Fates) -> None:
    for batch in batches(sorted(fates)):
        for row in stored_rows(model, batch):
            fates[row.pk].row, fates[row.pk].label = row, str(row)
    for one in fates.values():
        if one.row is None:
            one.keep(gone_since())


def _keep_what_was_changed(model: type[models.Model], fates: Fates) -> None:
    """By somebody, or by another run that is not undone; or without a trace."""
    for batch in batches(sorted(fates)):
        first = min(fates[pk].change for pk in batch)
        later = ReferenceChange.objects.filter(kind=_NAME_OF[model], target_id__in=batch, pk__gt=first)
        for pk, target in later.exclude(run__undone_at__isnull=False).values_list("pk", "target_id"):
            if pk > fates[target].change and fates[target].row is not None:
                fates[target].keep(changed_since())
    for one in fates.values():
        if one.row is not None:
            cells = KINDS[model].cells_of(one.row)
            columns = cells if one.is_new else one.changes
            if any(cells.get(name) != one.changes.get(name, ["", ""])[1] for name in columns):
                one.keep(changed_since())


def _keep_what_readers_see(model: type[models.Model], fates: Fates, by: User) -> None:
    may_change = by.has_perm(public_permission(model))
    for batch in batches(sorted(fates)):
        for pk in in_public_use(model, batch):
            if fates[pk].is_new:
                fates[pk].keep(_("Readers see it."))
            elif not may_change:
                fates[pk].keep(_("Readers see it, so only a reviewer may change it."))
    for pk in with_old_addresses(model, [one.pk for one in fates.values() if one.goes]):
        fates[pk].keep(has_old_address())


def _put_back(model: type[models.Model], fates: Fates) -> None:
    back = [one for one in fates.values() if one.comes_back]
    named = Named(KINDS[model], [one.changes for one in back])
    for one in back:
        for reason in put_back(KINDS[model], one.row, one.changes, named):
            one.keep(reason)
    if any(_changes_parent(one) for one in back):
        parents = dict(model._default_manager.filter(parent__isnull=False).values_list("pk", "parent_id"))
        _keep_out_of_circles(fates, parents)


def _keep_what_is_used(
    model: type[models.Model],
    touched: Touched,
    not_using: dict[type[models.Model], set[int]],
    named: set[tuple[str, str]],
) -> None:
    fates = touched[model]
    users: dict[int, tuple[type[models.Model], int]] = {}
    parents_of: dict[int, list[int]] = {}
    for pk, use, owner in users_of(model, [one.pk for one in fates.values() if one.goes]):
        if use.owner is model and owner in fates and fates[owner].goes:
            parents_of.setdefault(owner, []).append(pk)
        elif _still_uses(use, owner, touched, not_using):
            users.setdefault(pk, (use.owner, owner))
    of_versions = [
        one for one in fates.values() if one.goes and one.pk not in users and (_NAME_OF[model], one.row.slug) in named
    ]
    for one in of_versions:
        one.keep(_("A version of a statement names it."))
    # What is kept keeps what it is a part of.
    waiting = [*users, *(one.pk for one in of_versions)]
    while waiting:
        child = waiting.pop()
        for parent in parents_of.get(child, []):
            if parent not in users:
                users[parent] = (model, child)
                waiting.append(parent)
    for owner_model in {owner_model for owner_model, _owner in users.values()}:
        using = {pk: owner for pk, (of, owner) in users.items() if of is owner_model}
        labels = labels_of(owner_model, set(using.values()))
        for pk, owner in using.items():
            fates[pk].keep(in_use_by(labels[owner]))


def _still_uses(use: Use, owner: int, touched: Touched, not_using: dict[type[models.Model], set[int]]) -> bool:
    """Whether the owner still names the row after the run is undone."""
    if use.owner in not_using:
        return owner not in not_using[use.owner]
    one = touched[use.owner].get(owner)
    return one is None or not (one.goes or (one.comes_back and use.cell in one.changes))


def carry_out(touched: Touched, *, run: ImportRun, by: User) -> None:
    """Statements and updates of demands have gone before."""
    for model in ORDER:
        undoing = [one for one in touched[model].values() if not one.reasons]
        undone = [Changed(one.row, turned(one.changes)) for one in undoing]
        record_changes(changed=undone, by=by, through=Through.IMPORT, run=run)
        going = [one.pk for one in undoing if one.goes]
        back = [one for one in undoing if one.comes_back]
        for batch in batches(going):
            if "parent" in KINDS[model].columns():
                # A part of what goes goes as well, or is about to be a part of what it was before.
                model._default_manager.filter(parent__in=batch).update(parent=None)
        for batch in batches(going):
            model._default_manager.filter(pk__in=batch).delete()
        if model is Source:
            release_addresses([one.row for one in back if "url" in one.changes])
        write_reference(KINDS[model].kind_name, new=[], changed=[one.row for one in back])
        lists_follow(one for one in undone if one.row.pk not in going)


def _keep_out_of_circles(fates: Fates, parents: dict[int, int]) -> None:
    """Undoing may not make a row a part of itself, through others that were changed since."""
    found: set[int] | None = None
    while found is None or found:
        after = {pk: parent for pk, parent in parents.items() if not _changes_parent(fates.get(pk))}
        back = {one.pk: one.row.parent_id for one in fates.values() if _changes_parent(one) and one.row.parent_id}
        found = in_circles(after | back, back)
        for pk in found:
            fates[pk].keep(_("It would be a part of itself, through others that were changed since."))


def _changes_parent(one: ReferenceFate | None) -> bool:
    return one is not None and one.comes_back and "parent" in one.changes


def _keep_what_is_taken(model: type[models.Model], fates: Fates) -> None:
    """The address of a source and the handle of a person are theirs alone: another row may have them by now."""
    wanted = {one.pk: _alone(one.row) for one in fates.values() if one.comes_back}
    holders: dict[Any, tuple[int, str]] = {}
    for batch in batches(sorted({mark for marks in wanted.values() for mark in marks})):
        if model is Source:
            sources = Source.objects.filter(canonical_url__in=batch)
            holders |= {url: (pk, slug) for url, pk, slug in sources.values_list("canonical_url", "pk", "slug")}
        else:
            handles = SpeakerHandle.objects.filter(handle__in=[handle for _network, handle in batch])
            rows = handles.values_list("network", "handle", "speaker_id", "speaker__slug")
            holders |= {(network, handle): (pk, slug) for network, handle, pk, slug in rows}
    is_settled = False
    while not is_settled:
        is_settled = True
        for pk, marks in wanted.items():
            for mark in marks if fates[pk].comes_back else ():
                holder, slug = holders.get(mark, (pk, ""))
                other = fates.get(holder)
                gives_up = other is not None and (other.goes or (other.comes_back and mark not in _alone(other.row)))
                if holder != pk and not gives_up:
                    fates[pk].keep(_("%(slug)s has its address or handle of then.") % {"slug": slug})
                    is_settled = False


def _alone(row: Any) -> Iterable[Any]:
    if isinstance(row, Source):
        return [row.canonical_url] if row.canonical_url else []
    return list(row.planned_handles)
