"""Updates of a demand that would be two of one day and source after a merge: one of them stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from statements.models import DemandUpdate
from statements.record.today import joined_notes


@dataclass(frozen=True)
class UpdateClash:
    """``kept`` stays with this ``note``; ``dropped`` goes, and what it said stays on record.

    The one that readers see stays; else that of the survivor. Notes are joined where both said the same, and readers
    see both or neither: no note comes before readers without a second person.
    """

    kept: DemandUpdate
    dropped: DemandUpdate
    note: str

    @property
    def lost(self) -> dict[str, str]:
        """What the dropped one said and the kept one doesn't."""
        found = {}
        if self.dropped.status != self.kept.status:
            found["status"] = str(self.dropped.get_status_display())
        if self.dropped.note not in self.note:
            found["note"] = self.dropped.note
        return found


def clashes(*, survivor: int, other: int, column: str) -> list[UpdateClash]:
    """``column`` of an update names the two. Two queries."""
    rows = DemandUpdate.objects.select_related("demand", "source").order_by("pk")
    mine = {_day(row, column): row for row in rows.filter(**{column: survivor})}
    return [_clash(mine[_day(row, column)], row) for row in rows.filter(**{column: other}) if _day(row, column) in mine]


def _day(row: DemandUpdate, column: str) -> tuple[Any, ...]:
    rest = row.source_id if column == "demand" else row.demand_id
    return rest, row.date_from, row.date_until


def _clash(mine: DemandUpdate, theirs: DemandUpdate) -> UpdateClash:
    is_theirs = theirs.published_at is not None and mine.published_at is None
    kept, dropped = (theirs, mine) if is_theirs else (mine, theirs)
    alike = kept.status == dropped.status and (kept.published_at is None) == (dropped.published_at is None)
    return UpdateClash(kept, dropped, joined_notes(kept.note, dropped.note) if alike else kept.note)


def settle(found: Sequence[UpdateClash], *, by: User) -> None:
    """Who wrote a part of a note that nobody has published is an author of it. A few queries for each clash."""
    for clash in found:
        kept, dropped = clash.kept, clash.dropped
        if kept.note != clash.note:
            kept.note = clash.note
            kept.save(update_fields=["note"])
            if kept.published_at is None:
                authors = [by.pk, dropped.saved_by_id, *dropped.authors.values_list("pk", flat=True)]
                kept.authors.add(*[pk for pk in authors if pk is not None])
        dropped.delete()
