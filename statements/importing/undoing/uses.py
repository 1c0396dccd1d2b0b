"""What uses a row: it can't be deleted as long as that stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from statements.bulk import BATCH, batches
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    ImportRun,
    Issuer,
    Measure,
    OldSlug,
    Organisation,
    Source,
    Speaker,
    SpeakerRole,
    Statement,
    Version,
    Wording,
)


@dataclass(frozen=True)
class Use:
    """Rows of a table refer to something by ``column``; what would miss it is ``owner``, found by the path ``by``.

    ``cell`` is the column of its KIND in which an owner that is reference data itself names it.
    """

    table: type[models.Model]
    column: str
    owner: type[models.Model]
    by: str
    cell: str = ""


_MENTION_ADDRESSEES = DemandMention.addressees.through
_DEMAND_ADDRESSEES = Demand.addressees.through

#: All references on the desk. What the record uses is asked of record.use.
USES: dict[type[models.Model], tuple[Use, ...]] = {
    Organisation: (
        Use(Issuer, "organisation", Statement, "statement"),
        Use(CountObservation, "attributed_to", Statement, "statement"),
        Use(_MENTION_ADDRESSEES, "organisation", Statement, "demandmention__statement"),
        Use(_DEMAND_ADDRESSEES, "organisation", Demand, "demand", "addressees"),
        Use(Speaker, "organisation", Speaker, "pk", "organisation"),
        Use(Organisation, "parent", Organisation, "pk", "parent"),
    ),
    Speaker: (Use(SpeakerRole, "speaker", Statement, "statement"),),
    Source: (
        Use(Citation, "source", Statement, "statement"),
        Use(Wording, "source", Statement, "statement"),
        Use(DemandUpdate, "source", DemandUpdate, "pk"),
    ),
    Measure: (
        Use(CountObservation, "measure", Statement, "statement"),
        Use(Measure, "parent", Measure, "pk", "parent"),
    ),
    Demand: (
        Use(DemandMention, "demand", Statement, "statement"),
        Use(DemandUpdate, "demand", DemandUpdate, "pk"),
        Use(Demand, "parent", Demand, "pk", "parent"),
    ),
    Statement: (Use(Statement, "related_statement", Statement, "pk"),),
}

_IN_CONTEXT = {
    "organisations": OldSlug.Kind.ORGANISATION,
    "speakers": OldSlug.Kind.SPEAKER,
    "sources": OldSlug.Kind.SOURCE,
    "demands": OldSlug.Kind.DEMAND,
    "measures": OldSlug.Kind.MEASURE,
}


def users_of(model: type[models.Model], pks: Iterable[int]) -> Iterator[tuple[int, Use, int]]:
    """(number of the row, use, number of its owner) for each use of these rows. A query a use and batch."""
    for batch in batches(sorted(pks)):
        for use in USES[model]:
            rows = use.table._default_manager.filter(**{f"{use.column}__in": batch}).order_by()
            for pk, owner in rows.values_list(f"{use.column}_id", use.by).distinct().iterator(chunk_size=BATCH):
                yield pk, use, owner


def labels_of(model: type[models.Model], pks: Iterable[int]) -> dict[int, str]:
    """What these rows are called. A query a batch."""
    rows = model._default_manager.select_related("demand") if model is DemandUpdate else model._default_manager.all()
    return {pk: str(row) for batch in batches(sorted(pks)) for pk, row in rows.in_bulk(list(batch)).items()}


def with_old_addresses(model: type[models.Model], pks: Iterable[int]) -> set[int]:
    """Those of these rows to which an old slug leads. A query a batch."""
    old = OldSlug.objects.filter(kind=str(model._meta.model_name))
    return {
        pk
        for batch in batches(sorted(pks))
        for pk in old.filter(target_id__in=batch).values_list("target_id", flat=True)
    }


def named_since(run: ImportRun, left_alone: Iterable[int]) -> set[tuple[str, str]]:
    """(kind, slug) of all that is named by versions that others saved since the run began, and by its own versions of
    the statements that are left alone. What an undone run wrote and nobody published does not count.

    Reads those versions, and no others: two queries, and one a batch of what is left alone.
    """
    others = Version.objects.filter(saved_at__gte=run.started_at).exclude(run=run)
    counting = Q(run__isnull=True) | Q(run__undone_at__isnull=True) | Q(public_number__isnull=False)
    querysets: list[Any] = [others.filter(counting)]
    querysets += [Version.objects.filter(run=run, statement__in=batch) for batch in batches(sorted(left_alone))]
    named: set[tuple[str, str]] = set()
    for versions in querysets:
        for document in versions.values_list("document", flat=True).iterator(chunk_size=BATCH):
            context, relation = document.get("context", {}), document.get("content", {}).get("relation")
            named |= {(kind, slug) for name, kind in _IN_CONTEXT.items() for slug in context.get(name, {})}
            if relation:
                named.add((OldSlug.Kind.STATEMENT, relation["statement"]))
    return named
