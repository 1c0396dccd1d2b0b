"""What merging two rows of reference data would do, to be shown, confirmed, and done only as it was shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from statements.actions.merging import fields, relations, updates
from statements.actions.merging.fields import Field
from statements.actions.merging.joining import JoinedRows, joined_rows
from statements.actions.merging.relations import FACETS, RELATIONS, Way
from statements.models import Entry, Link, OldSlug, Organisation, Speaker
from statements.record.today import Today

#: So many rows of a kind are shown by name.
SHOWN = 12


@dataclass(frozen=True)
class Moved:
    """Rows that will name the survivor: how many, and what the first of them are called."""

    label: str
    count: int
    names: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.names)


@dataclass
class Preview:
    """``joined`` are rows of statements that name both, ``updates`` those of one day and source. ``public`` is how many
    statements readers see that name the other. ``digest`` is another as soon as any of all this is.
    """

    survivor: Any
    other: Any
    fields: list[Field]
    names: list[str]
    moved: list[Moved]
    joined: list[JoinedRows]
    updates: list[updates.UpdateClash]
    public: int
    old_slugs: list[str]
    digest: str

    @property
    def filled(self) -> list[Field]:
        return [field for field in self.fields if field.filled]

    @property
    def staying(self) -> list[Field]:
        return [field for field in self.fields if not field.filled]


def today_after(survivor: Any, other: Any) -> Today:
    return Today({(kind_of(other), other.slug): survivor.slug})


def kind_of(row: models.Model) -> str:
    return str(OldSlug.Kind(str(row._meta.model_name)))


def statements_naming_both(survivor: Any, other: Any) -> set[int]:
    model = type(survivor)
    return relations.statements_naming(model, survivor.pk) & relations.statements_naming(model, other.pk)


def update_clashes(survivor: Any, other: Any) -> list[updates.UpdateClash]:
    column = next((one.column for one in RELATIONS[type(survivor)] if one.way is Way.UPDATES), None)
    return updates.clashes(survivor=survivor.pk, other=other.pk, column=column) if column else []


def public_entries(other: Any) -> models.QuerySet[Entry, Any]:
    """The public statements whose version names it."""
    links = Link.objects.filter(facet__in=FACETS[type(other)], target_id=other.pk)
    return Entry.objects.filter(pk__in=links.values("entry")).order_by("pk")


def plan(survivor: Any, other: Any) -> Preview:
    """A fixed number of queries, and fourteen for each 500 statements that name both. Writes nothing.

    ``survivor`` stays as it is in memory: what it lacks is filled in a copy.
    """
    kind, differing = kind_of(other), fields.differing(survivor, other)
    filled = type(survivor)._default_manager.get(pk=survivor.pk)
    fields.fill(filled, differing)
    names = fields.names_taken(filled, other) if isinstance(filled, Organisation | Speaker) else []
    moved, digested = [], []
    for relation in RELATIONS[type(survivor)]:
        if relation.way not in (Way.NAMES, Way.INDEX):
            rows = relation.rows(other.pk)
            ids = list(rows.values_list("pk", flat=True))
            digested.append(ids)
            if ids:
                shown = [str(name) for name in rows.values_list(relation.shown, flat=True)[:SHOWN]]
                moved.append(Moved(str(relation.label), len(ids), shown))
    joined = joined_rows(statements_naming_both(survivor, other), today_after(survivor, other))
    same_day = update_clashes(survivor, other)
    public = list(public_entries(other).values_list("pk", "version_id"))
    old = OldSlug.objects.filter(kind=kind, target_id=other.pk).order_by("slug")
    old_slugs = [other.slug, *old.values_list("slug", flat=True)]
    shown_rows = [
        _cells(survivor),
        _cells(other),
        [[name.name, name.language] for name in names],
        digested,
        [[one.statement_id, one.joined.first, one.joined.second, one.joined.row] for one in joined],
        [[one.kept.pk, one.dropped.pk, one.note, one.lost] for one in same_day],
        public,
        old_slugs,
    ]
    words = json.dumps([kind, survivor.pk, other.pk, shown_rows], sort_keys=True, default=str)
    digest = hashlib.sha256(words.encode()).hexdigest()
    shown_names = [str(name) for name in names]
    return Preview(survivor, other, differing, shown_names, moved, joined, same_day, len(public), old_slugs, digest)


def _cells(row: Any) -> Mapping[str, Any]:
    """All of the row itself that a merge rests on."""
    handles = sorted(str(handle) for handle in row.handles.all()) if isinstance(row, Speaker) else []
    return {**fields.cells_of(row), "handles": handles}
