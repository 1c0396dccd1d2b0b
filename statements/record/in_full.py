"""Public statements in full, many at once: what each says today, with the names of today. For files that readers take
away: a batch costs the same few queries however many it holds, and nothing else is kept in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q

from statements.bulk import batches
from statements.models import Demand, Entry, Figure, OldSlug
from statements.record.demands import statements_making
from statements.record.document import ERASED, Document, addressees_of, context_of, upgraded
from statements.record.index import REFERENCE_MODELS, named_in
from statements.record.names import Kind
from statements.record.quoted import language_of
from statements.record.reading import entries_with_versions
from statements.record.today import PARTS, Today

#: Statements of a batch: their documents are in memory together, and one may hold the words of a long report.
BATCH = 200

_PART_OF_KIND = {kind: part for part, kind in PARTS.items()}


@dataclass(frozen=True)
class InFull:
    """A public statement (``entry``, with its version). ``content`` by the slugs of today, without a relation to what
    readers can't open; ``context`` has the names of today for all of them.
    """

    entry: Entry
    content: Document
    context: Document

    @property
    def document(self) -> Document:
        """Of the shape in schema.json."""
        stored = self.entry.version.document
        erased = {ERASED: stored[ERASED]} if ERASED in stored else {}
        return {"schema": stored["schema"], **erased, "content": self.content, "context": self.context}

    def number(self, name: str, key: str) -> int | None:
        """The place from 1 on of the row with this key in a list of the version as it was: its page counts by it."""
        rows = upgraded(self.entry.version.document)["content"][name]
        return next((number for number, row in enumerate(rows, 1) if row["key"] == key), None)

    def addressees(self, mention: Document) -> list[str]:
        """Slugs of whom a mention asks: those whom it names, else those of its demand."""
        found: list[str] = mention["addressees"] or self.context["demands"][mention["demand"]]["addressees"]
        return found


@dataclass(frozen=True)
class FigureInFull:
    """A published figure and the statement that quotes it. ``attributed_to`` is the slug of an organisation, which the
    statement's context names; ``number`` its place in the version.
    """

    figure: Figure
    statement: InFull
    attributed_to: str
    number: int | None


@dataclass(frozen=True)
class MadeInFull:
    """A statement that makes a demand, and its mentions of it, each with its place in the version. Unless
    ``is_counted`` it only repeats or translates a public one.
    """

    statement: InFull
    is_counted: bool
    mentions: list[tuple[int | None, Document]]

    def language(self, mention: Document) -> str:
        return language_of(mention["quote"], self.statement.content)


def statements_in_full(ids: Sequence[int]) -> Iterator[list[InFull]]:
    """In the order of these ids, in batches of at most BATCH. At most nine queries a batch.

    What was withdrawn since the ids were read is left out.
    """
    for batch in batches(ids, BATCH):
        yield in_full(entries_with_versions(batch))


def figures_in_full(keys: Sequence[str]) -> Iterator[list[FigureInFull]]:
    """In the order of these keys, in batches. Figures are known by their keys: their ids change with each version."""
    for batch in batches(keys, BATCH):
        rows = Figure.objects.filter(key__in=list(batch)).select_related("entry__version")
        found = {figure.key: figure for figure in rows}
        figures = [found[key] for key in batch if key in found]
        entries = {figure.entry_id: figure.entry for figure in figures}
        of_statements = {one.entry.pk: one for one in in_full(list(entries.values()))}
        yield [_figure_in_full(figure, of_statements[figure.entry_id]) for figure in figures]


def makings_in_full(demand: Demand, ids: Sequence[int]) -> Iterator[list[MadeInFull]]:
    """The statements with these ids, which make this demand, in their order, in batches."""
    for batch in batches(ids, BATCH):
        yield [_made_in_full(one, demand.slug) for one in in_full(statements_making(demand, batch))]


def _figure_in_full(figure: Figure, statement: InFull) -> FigureInFull:
    row = next((row for row in statement.content["counts"] if row["key"] == figure.key), None)
    attributed_to = row["attributed_to"] if row is not None and row["attributed_to"] else ""
    return FigureInFull(figure, statement, attributed_to, statement.number("counts", figure.key))


def _made_in_full(statement: InFull, demand: str) -> MadeInFull:
    mentions = [row for row in statement.content["mentions"] if row["demand"] == demand]
    numbered = [(statement.number("mentions", row["key"]), row) for row in mentions]
    return MadeInFull(statement, statement.entry.is_counted, numbered)  # type: ignore[attr-defined]  # an annotation


def in_full(entries: Sequence[Entry]) -> list[InFull]:
    """These entries (with their versions), in their order. At most eight queries."""
    documents = [upgraded(entry.version.document) for entry in entries]
    rows = _Rows(document["content"] for document in documents)
    return [rows.in_full(entry, document) for entry, document in zip(entries, documents, strict=True)]


class _Rows:
    """The rows of today that contents name, by kind and any slug."""

    def __init__(self, contents: Iterable[Document]) -> None:
        """At most eight queries, however many contents."""
        wanted: dict[str, set[str]] = {kind: set() for kind in REFERENCE_MODELS}
        for content in contents:
            for kind, slugs in named_in(content).items():
                wanted[kind] |= slugs
        old = _given_up(wanted)
        self._rows: dict[tuple[str, str], Any] = {}
        for kind, slugs in wanted.items():
            targets = {slug: target for (of, slug), target in old.items() if of == kind}
            condition = Q(slug__in=slugs) | Q(pk__in=set(targets.values()))
            found = list(_of_kind(kind).filter(condition)) if slugs else []
            by_pk = {row.pk: row for row in found}
            self._rows |= {(kind, slug): by_pk[pk] for slug, pk in targets.items() if pk in by_pk}
            self._rows |= {(kind, row.slug): row for row in found}
        self._today = Today({key: row.slug for key, row in self._rows.items()})

    def in_full(self, entry: Entry, document: Document) -> InFull:
        content = self._today.content(document["content"])
        relation = content["relation"]
        if relation is not None and (Kind.STATEMENT, relation["statement"]) not in self._rows:
            content = {**content, "relation": None}
        return InFull(entry, content, self._context(content, document["context"], entry.slug))

    def _context(self, content: Document, of_that_day: Document, slug: str) -> Document:
        """Of what was merged while the rows were read, the names of the version's own day."""
        named = named_in(content)
        found = {
            kind: [self._rows[kind, slug] for slug in sorted(slugs) if (kind, slug) in self._rows]
            for kind, slugs in named.items()
        }
        demands = found[Kind.DEMAND]
        today = context_of(
            slug=slug,
            organisations=[*found[Kind.ORGANISATION], *(row for demand in demands for row in addressees_of(demand))],
            speakers=found[Kind.SPEAKER],
            sources=found[Kind.SOURCE],
            demands=demands,
            measures=found[Kind.MEASURE],
        )
        for kind, slugs in named.items():
            part = _PART_OF_KIND.get(kind)
            if part is not None:
                lacking = (slugs - today[part].keys()) & of_that_day[part].keys()
                today[part] |= {slug: of_that_day[part][slug] for slug in lacking}
        return today


def _given_up(wanted: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    condition = reduce(or_, (Q(kind=kind, slug__in=slugs) for kind, slugs in wanted.items() if slugs), Q(pk__in=[]))
    return {(row.kind, row.slug): row.target_id for row in OldSlug.objects.filter(condition)}


def _of_kind(kind: str) -> models.QuerySet[Any]:
    """Of statements those that readers can open."""
    if kind == Kind.STATEMENT:
        return Entry.objects.only("slug", "title")
    rows = REFERENCE_MODELS[kind]._default_manager.order_by()
    return rows.prefetch_related("addressees") if kind == Kind.DEMAND else rows
