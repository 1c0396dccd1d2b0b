"""Updates of demands that a run brought or changed. Those that nobody has published go, or come back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.actions.reference import Changed, record_changes
from statements.bulk import batches, update
from statements.importing.drafts import shown
from statements.importing.kinds import kind_named
from statements.importing.undoing.fate import Changes, Fate, changed_since, turned
from statements.importing.undoing.kept import Kept, identity_of
from statements.models import DemandUpdate, ImportRun, Through


@dataclass
class UpdateFate(Fate):
    changes: Changes = field(default_factory=dict)


Fates = dict[int, UpdateFate]


def plan_updates(run: ImportRun, kept: Kept, *, new_demands: set[int], new_sources: set[int]) -> Fates:
    """``new_demands`` and ``new_sources`` are those that the run made: an update that rests on one was made by it, too,
    also by a run that did not keep what it made. A fixed number of queries, and one for each 500 updates.
    """
    fates = {}
    for row in _updates(run, kept):
        changes, made = kept.updates.get(row.pk, {}), kept.new_updates.get(identity_of(row))
        is_new = not changes and (made is not None or row.demand_id in new_demands or row.source_id in new_sources)
        one = fates[row.pk] = UpdateFate(row.pk, str(row), is_new, changes=changes)
        cells = kind_named("demand_updates").cells_of(row)
        if any(cells[column] != new for column, (_old, new) in changes.items()):
            one.keep(changed_since())
        if is_new and made is not None and made != tuple(shown("", cells[column])[1] for column in ("status", "note")):
            one.keep(changed_since())
        if row.published_at is not None:
            one.keep(_("Readers see it: a reviewer withdraws it first."))
        if is_new:
            one.changes = {column: ["", cell] for column, cell in cells.items() if cell}
        elif not changes:
            one.keep(_("What it said before the import is not known, nor whether it was there."))
    return fates


def carry_out(fates: Fates, *, run: ImportRun, by: User) -> None:
    """Who undoes a change is an author of what comes back. The run no longer is what it came with."""
    columns, authors = kind_named("demand_updates").columns(), DemandUpdate.authors.through
    for fated in batches([one for one in fates.values() if not one.reasons]):
        rows = DemandUpdate.objects.select_related("demand").in_bulk([one.pk for one in fated])
        undone = [Changed(rows[one.pk], turned(one.changes)) for one in fated]
        record_changes(changed=undone, by=by, through=Through.IMPORT, run=run)
        back = [one for one in fated if one.comes_back]
        for one in back:
            row = rows[one.pk]
            for name, (old, _new) in one.changes.items():
                setattr(row, columns[name].attribute, old)
            row.saved_by, row.saved_by_name, row.run = by, by.get_username(), None
        fields = ["status", "note", "saved_by", "saved_by_name", "run"]
        update([rows[one.pk] for one in back], fields)
        authors._default_manager.bulk_create(
            [authors(demandupdate_id=one.pk, user_id=by.pk) for one in back], ignore_conflicts=True
        )
        DemandUpdate.objects.filter(pk__in=[one.pk for one in fated if one.goes]).delete()


def _updates(run: ImportRun, kept: Kept) -> Iterable[DemandUpdate]:
    """Those of the run, and those that were its own until somebody changed them, be it back again."""
    rows = {row.pk: row for row in run.demand_updates.select_related("demand", "source")}
    others = DemandUpdate.objects.exclude(run=run).select_related("demand", "source")
    for batch in batches(sorted(kept.updates.keys() - rows.keys())):
        rows |= others.in_bulk(list(batch))
    lacking = kept.new_updates.keys() - {identity_of(row) for row in rows.values()}
    for slugs in batches(sorted({demand for demand, _date, _source in lacking})):
        rows |= {row.pk: row for row in others.filter(demand__slug__in=slugs) if identity_of(row) in lacking}
    return rows.values()
