"""Stored rows of reference data and demand updates, with the lists that their columns read and write."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from statements.models import Demand, DemandUpdate, Measure, Name, Organisation, Source, Speaker

_JOINED: dict[type[models.Model], list[str]] = {
    Organisation: ["parent"],
    Speaker: ["organisation"],
    Source: [],
    Measure: ["parent"],
    Demand: ["parent"],
    DemandUpdate: ["demand", "source"],
}
_FETCHED: dict[type[models.Model], list[str]] = {
    Organisation: ["names"],
    Speaker: ["names", "handles"],
    Demand: ["addressees"],
}


def stored_rows(model: type[models.Model], pks: Sequence[int] | None = None) -> list[Any]:
    """All rows or these, in the order in which they were made. At most three queries.

    The lists stand in attributes that begin with ``planned_``: see columns.Column.
    """
    rows = model._default_manager.order_by("pk")
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    if _JOINED[model]:
        rows = rows.select_related(*_JOINED[model])
    found: list[Any] = list(rows.prefetch_related(*_FETCHED.get(model, [])))
    for row in found:
        if model in (Organisation, Speaker):
            others = (name for name in row.names.all() if name.kind == Name.Kind.OTHER)
            row.planned_aliases = [(name.name, name.language) for name in others]
        if model is Speaker:
            row.planned_handles = [(handle.network, handle.handle) for handle in row.handles.all()]
        if model is Demand:
            row.planned_addressees = list(row.addressees.all())
    return found
