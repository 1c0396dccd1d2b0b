"""What was kept of a run that no version holds: steps and desk notes, and which rows it made."""

from dataclasses import dataclass, field
from typing import Any

from statements.importing.drafts import Outcome
from statements.importing.outcomes import kept_outcomes
from statements.importing.undoing.fate import Changes
from statements.models import DemandUpdate, ImportRun, ReferenceChange, Statement

#: Demand, date and source of an update, as cells.
UpdateIdentity = tuple[str, str, str]

# What a new row of no other KIND has.
_COLUMNS_OF_STATEMENTS = {"slug", "issued"}
_COLUMNS_OF_UPDATES = {"demand", "date", "status", "source"}


@dataclass
class Kept:
    """``statements`` and ``updates`` are the old and new cells of stored rows by number: of statements those columns
    that no version holds. Of new statements by slug there is the desk note, and of new updates status and note, all as
    ``shown`` cuts them.

    ``is_known`` is false for a run of an earlier release, which kept nothing of this.
    """

    is_known: bool
    statements: dict[int, Changes] = field(default_factory=dict)
    updates: dict[int, Changes] = field(default_factory=dict)
    new_statements: dict[str, str] = field(default_factory=dict)
    new_updates: dict[UpdateIdentity, tuple[str, str]] = field(default_factory=dict)


def kept_of(run: ImportRun) -> Kept:
    """Three queries, and what the database needs to hand out the outcomes of rows a batch at a time."""
    kept = Kept(is_known=run.row_batches.exists())
    for model, found in ((Statement, kept.statements), (DemandUpdate, kept.updates)):
        changes = ReferenceChange.objects.filter(run=run, kind=model._meta.model_name)
        found.update(changes.order_by("pk").values_list("target_id", "changes"))
    for result in kept_outcomes(run):
        if result.outcome == Outcome.NEW:
            cells = {column: new for column, (_old, new) in result.changes.items()}
            if cells.keys() >= _COLUMNS_OF_STATEMENTS:
                kept.new_statements[cells["slug"]] = cells.get("desk_note", "")
            if cells.keys() >= _COLUMNS_OF_UPDATES:
                identity = (cells["demand"], cells["date"], cells["source"])
                kept.new_updates[identity] = (cells["status"], cells.get("note", ""))
    return kept


def identity_of(update: Any) -> UpdateIdentity:
    return update.demand.slug, update.date.isoformat(), update.source.slug
