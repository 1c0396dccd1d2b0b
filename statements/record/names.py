"""What identities are called today, and where they lead: all kinds in one query, however many rows a page names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import CharField, F, Q, Value

from statements.models import Demand, Entry, Measure, OldSlug, Organisation, Source, Speaker
from statements.record.use import used_by_the_record

Kind = OldSlug.Kind


@dataclass(frozen=True)
class Named:
    """A row that readers may see, as it is called today. ``detail``: an organisation's short name, a measure's unit,
    a source's publisher.
    """

    kind: str
    pk: int
    slug: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class _Columns:
    model: type[models.Model]
    name: str
    detail: str = ""


_COLUMNS: dict[str, _Columns] = {
    Kind.ORGANISATION: _Columns(Organisation, "name", "short_name"),
    Kind.SPEAKER: _Columns(Speaker, "name"),
    Kind.SOURCE: _Columns(Source, "title", "publisher"),
    Kind.DEMAND: _Columns(Demand, "title"),
    Kind.MEASURE: _Columns(Measure, "name", "unit"),
    Kind.STATEMENT: _Columns(Entry, "title"),
}


_OLD = ("kind", "slug", "target_id")


class Names:
    """Named rows by kind and id, and by kind and a slug of today or of before."""

    def __init__(self, rows: Iterable[Named], old_slugs: Mapping[tuple[str, str], int] | None = None) -> None:
        self._by_id = {(row.kind, row.pk): row for row in rows}
        self._by_slug = {(row.kind, row.slug): row for row in self._by_id.values()}
        for (kind, slug), pk in (old_slugs or {}).items():
            if (kind, pk) in self._by_id:
                self._by_slug.setdefault((kind, slug), self._by_id[kind, pk])

    def get(self, kind: str, pk: int | None) -> Named | None:
        return self._by_id.get((kind, pk)) if pk is not None else None

    def by_slug(self, kind: str, slug: str | None) -> Named | None:
        return self._by_slug.get((kind, slug)) if slug else None


def names_of(ids: Mapping[str, Iterable[int]]) -> Names:
    """The names of these rows, which the index names, by kind. One query."""
    return Names(_union(_rows(kind).filter(pk__among=wanted) for kind, wanted in ids.items() if wanted))


def names_by_slug(slugs: Mapping[str, Iterable[str]]) -> Names:
    """The names of the rows that these slugs lead to, through the table of old slugs. Two queries."""
    wanted = {kind: set(of_kind) for kind, of_kind in slugs.items() if of_kind}
    old = reduce(or_, (Q(kind=kind, slug__among=of_kind) for kind, of_kind in wanted.items()), Q(pk__in=[]))
    given_up = {(kind, slug): pk for kind, slug, pk in OldSlug.objects.filter(old).values_list(*_OLD)}
    ids = {kind: {pk for (of, _slug), pk in given_up.items() if of == kind} for kind in wanted}
    rows = _union(
        _seen_by_readers(kind).filter(Q(slug__among=of_kind) | Q(pk__among=ids[kind]))
        for kind, of_kind in wanted.items()
    )
    return Names(rows, given_up)


# Querysets that nobody evaluates: to put conditions together takes longer than to narrow down what was put together.


@cache
def _rows(kind: str) -> models.QuerySet[Any, Any]:
    columns = _COLUMNS[kind]
    rows = columns.model._default_manager.order_by()
    detail = F(columns.detail) if columns.detail else Value("", CharField())
    return rows.values_list(Value(kind, CharField()), F("pk"), F("slug"), F(columns.name), detail, named=False)


@cache
def _seen_by_readers(kind: str) -> models.QuerySet[Any, Any]:
    model = _COLUMNS[kind].model
    return _rows(kind).filter(used_by_the_record(model)) if model is not Entry else _rows(kind)


def _union(parts: Iterable[models.QuerySet[Any, Any]]) -> list[Named]:
    queries = list(parts)
    if not queries:
        return []
    rows = queries[0].union(*queries[1:], all=True)
    return [Named(*row) for row in rows]
