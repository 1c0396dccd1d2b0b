"""The addresses that search engines should know: public statements, and the reference data that the record uses."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.db.models import CharField, Count, DateTimeField, F, Q, Sum, Value
from django.db.models.functions import Cast

from statements.models import Counted, DemandUpdate, Entry, Facet, Tally
from statements.record.identities import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.use import found_by, used_by_the_record

KINDS = (Kind.STATEMENT, Kind.ORGANISATION, Kind.SPEAKER, Kind.DEMAND, Kind.MEASURE, Kind.SOURCE)


@dataclass(frozen=True)
class Address:
    """``changed_at`` is known of statements only: what else a page shows depends on too much."""

    kind: str
    slug: str
    changed_at: datetime.datetime | None


def how_many(*kinds: str) -> dict[str, int]:
    """How many there are of each of these kinds, or of every kind. One query."""
    wanted = kinds or KINDS
    first, *others = (
        rows.order_by().values(what=Value(kind, CharField())).annotate(n=number).values_list("what", "n")
        for kind in wanted
        for rows, number in _counted(kind)
    )
    found: Counter[str] = Counter()
    for kind, number in first.union(*others, all=True):
        found[kind] += number or 0
    return {kind: found[kind] for kind in wanted}


def _counted(kind: str) -> list[tuple[models.QuerySet, models.Aggregate]]:
    """What is to be added up. Of statements and sources, which grow, what is counted already."""
    if kind == Kind.STATEMENT:
        return [(Tally.objects.filter(of=Counted.KIND), Sum("number"))]
    if kind == Kind.SOURCE:
        # Those on which only an update rests are found by no statement.
        other = DemandUpdate.objects.published().filter(
            ~found_by("source", Facet.SOURCE) & Q(found_by("demand", Facet.DEMAND))
        )
        return [
            (Tally.objects.filter(of=Counted.SOURCES), Sum("number")),
            (other, Count("source", distinct=True)),
        ]
    return [(_public(kind), Count("pk"))]


def all_addresses() -> list[Address]:
    """Of every kind: for a small site. One query."""
    first, *others = (_rows(kind).order_by() for kind in KINDS)
    return sorted(
        (Address(*row) for row in first.union(*others, all=True)), key=lambda a: (KINDS.index(a.kind), a.slug)
    )


def addresses(kind: str, *, page: int, size: int) -> list[Address]:
    """One page of a kind, the oldest rows first, so that what is added changes the last page only. One query."""
    return [Address(*row) for row in _rows(kind).order_by("pk")[(page - 1) * size : page * size]]


def _public(kind: str) -> models.QuerySet:
    if kind == Kind.STATEMENT:
        return Entry.objects.all()
    model = REFERENCE_MODELS[kind]
    return model._default_manager.filter(used_by_the_record(model))


def _rows(kind: str) -> models.QuerySet:
    changed = F("published_at") if kind == Kind.STATEMENT else Cast(Value(None), DateTimeField())
    return _public(kind).values_list(Value(kind, CharField()), F("slug"), changed)
