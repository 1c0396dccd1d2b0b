"""The addresses that search engines should know: public statements, and the reference data that the record uses."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import CharField, Count, DateTimeField, F, Value
from django.db.models.functions import Cast

from statements.models import Entry
from statements.record.index import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.use import used_by_the_record

KINDS = (Kind.STATEMENT, Kind.ORGANISATION, Kind.SPEAKER, Kind.DEMAND, Kind.MEASURE, Kind.SOURCE)


@dataclass(frozen=True)
class Address:
    """``changed_at`` is known of statements only: what else a page shows depends on too much."""

    kind: str
    slug: str
    changed_at: datetime.datetime | None


def how_many() -> dict[str, int]:
    """How many there are of each kind. One query."""
    first, *others = (
        _public(kind).order_by().values(of=Value(kind, CharField())).annotate(n=Count("pk")).values_list("of", "n")
        for kind in KINDS
    )
    found = dict(first.union(*others, all=True))
    return {kind: found.get(kind, 0) for kind in KINDS}


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
