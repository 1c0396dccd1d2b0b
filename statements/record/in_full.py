"""Public statements in full, many at once: what each says today, with the names of today. For files that readers take
away: a batch costs the same few queries however many it holds, and of all others only names are kept in memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from statements.bulk import batches, read
from statements.models import Demand, Entry, Figure, OldSlug
from statements.record.demands import statements_making
from statements.record.document import ERASED, Called, Document, addressees_of, called, context_of, upgraded
from statements.record.identities import REFERENCE_MODELS, named_in
from statements.record.names import Kind
from statements.record.quoted import language_of
from statements.record.reading import entries_with_versions
from statements.record.today import PARTS, Today

#: Statements of a batch: their documents are in memory together, and one may hold the words of a long report.
BATCH = 200

#: What statement after statement names, and how many of a kind are held while a file is written: some ten MB together.
_HELD = frozenset([Kind.ORGANISATION, Kind.SPEAKER, Kind.DEMAND, Kind.MEASURE])
_MOST_HELD = 5_000


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
    """In the order of these ids, in batches of at most BATCH. At most nine queries a batch, and mostly three
    after the first.

    What was withdrawn since the ids were read is left out.
    """
    names = NamesOfToday()
    for batch in batches(ids, BATCH):
        yield names.in_full(entries_with_versions(batch))


def figures_in_full(keys: Sequence[str]) -> Iterator[list[FigureInFull]]:
    """In the order of these keys, in batches. Figures are known by their keys: their ids change with each version."""
    names = NamesOfToday()
    for batch in batches(keys, BATCH):
        rows = Figure.objects.filter(key__among=batch).select_related("entry__version")
        found = {figure.key: figure for figure in rows}
        figures = [found[key] for key in batch if key in found]
        entries = {figure.entry_id: figure.entry for figure in figures}
        of_statements = {one.entry.pk: one for one in names.in_full(list(entries.values()))}
        yield [_figure_in_full(figure, of_statements[figure.entry_id]) for figure in figures]


def makings_in_full(demand: Demand, ids: Sequence[int]) -> Iterator[list[MadeInFull]]:
    """The statements with these ids, which make this demand, in their order, in batches."""
    names = NamesOfToday()
    for batch in batches(ids, BATCH):
        yield [_made_in_full(one, demand.slug) for one in names.in_full(statements_making(demand, batch))]


def _figure_in_full(figure: Figure, statement: InFull) -> FigureInFull:
    row = next((row for row in statement.content["counts"] if row["key"] == figure.key), None)
    attributed_to = row["attributed_to"] if row is not None and row["attributed_to"] else ""
    return FigureInFull(figure, statement, attributed_to, statement.number("counts", figure.key))


def _made_in_full(statement: InFull, demand: str) -> MadeInFull:
    mentions = [row for row in statement.content["mentions"] if row["demand"] == demand]
    numbered = [(statement.number("mentions", row["key"]), row) for row in mentions]
    return MadeInFull(statement, statement.entry.is_counted, numbered)  # type: ignore[attr-defined]  # an annotation


class NamesOfToday:
    """What the rows of today that contents name are called, by kind and any slug. Those of the kinds in _HELD are held:
    whoever is renamed while a file is written has one name in it, unless it names more than _MOST_HELD.
    """

    def __init__(self) -> None:
        self._called: dict[str, dict[str, Called]] = {kind: {} for kind in PARTS.values()}
        self._asked: dict[str, list[Called]] = {}
        self._given_up: dict[tuple[str, str], str] = {}
        self._statements: set[str] = set()

    def in_full(self, entries: Sequence[Entry]) -> list[InFull]:
        """These entries (with their versions), in their order. At most eight queries."""
        documents = [upgraded(entry.version.document) for entry in entries]
        named = [named_in(document["content"]) for document in documents]
        together = {str(kind): set().union(*(slugs[kind] for slugs in named)) for kind in REFERENCE_MODELS}
        self._ask(together)
        today = Today({(kind, old): now for (kind, old), now in self._given_up.items() if old in together[kind]})
        return [self._in_full(*one, today) for one in zip(entries, documents, named, strict=True)]

    def _ask(self, named: Mapping[str, set[str]]) -> None:
        """At most eight queries, however many; fewer where most is known already."""
        for kind, of_kind in self._called.items():
            if kind not in _HELD or len(of_kind) > _MOST_HELD:
                of_kind.clear()
        self._asked = {slug: asked for slug, asked in self._asked.items() if slug in self._called[Kind.DEMAND]}
        self._given_up = {one: slug for one, slug in self._given_up.items() if slug in self._called.get(one[0], ())}
        wanted = {kind: {slug for slug in slugs if not self._knows(kind, slug)} for kind, slugs in named.items()}
        old = _given_up(wanted)
        pks = {kind: {pk for (of, _slug), pk in old.items() if of == kind} for kind in wanted}
        rows: dict[str, list[Any]] = {Kind.DEMAND: _of_kind(Kind.DEMAND, wanted[Kind.DEMAND], pks[Kind.DEMAND])}
        asked = _asked(rows[Kind.DEMAND])
        pks[Kind.ORGANISATION].update(*asked.values())
        rows |= {kind: _of_kind(kind, wanted[kind], pks[kind]) for kind in wanted if kind != Kind.DEMAND}
        by_pk: dict[tuple[str, int], Any] = {(kind, row.pk): row for kind, of_kind in rows.items() for row in of_kind}
        for row in rows[Kind.DEMAND]:
            others = ((Kind.ORGANISATION, pk) for pk in asked.get(row.pk, []))
            row.planned_addressees = [by_pk[other] for other in others if other in by_pk]
        by_slug = {(kind, row.slug) for (kind, _pk), row in by_pk.items()}
        given_up = {one: by_pk[one[0], pk].slug for one, pk in old.items() if (one[0], pk) in by_pk}
        self._given_up |= {one: slug for one, slug in given_up.items() if one not in by_slug}
        self._statements = {row.slug for row in rows[Kind.STATEMENT]}
        for kind, of_kind in self._called.items():
            for row in rows[kind]:
                of_kind.setdefault(row.slug, called(row))
        organisations = self._called[Kind.ORGANISATION]
        for row in rows[Kind.DEMAND]:
            self._asked.setdefault(row.slug, [organisations[other.slug] for other in addressees_of(row)])

    def _knows(self, kind: str, slug: str) -> bool:
        return slug in self._called.get(kind, ()) or (kind, slug) in self._given_up

    def _in_full(self, entry: Entry, document: Document, named: Mapping[str, set[str]], today: Today) -> InFull:
        content = today.content(document["content"])
        if content is not document["content"]:
            named = named_in(content)
        relation = content["relation"]
        if relation is not None and relation["statement"] not in self._statements:
            content = {**content, "relation": None}
        return InFull(entry, content, self._context(named, document["context"], entry.slug))

    def _context(self, named: Mapping[str, set[str]], of_that_day: Document, slug: str) -> Document:
        """Of what was merged while the rows were read, the names of the version's own day."""
        found = {
            kind: [of_kind[slug] for slug in sorted(named[kind]) if slug in of_kind]
            for kind, of_kind in self._called.items()
        }
        asked = (one for demand, _called in found[Kind.DEMAND] for one in self._asked[demand])
        today = context_of(
            slug=slug,
            organisations=[*found[Kind.ORGANISATION], *asked],
            speakers=found[Kind.SPEAKER],
            sources=found[Kind.SOURCE],
            demands=found[Kind.DEMAND],
            measures=found[Kind.MEASURE],
        )
        for part, kind in PARTS.items():
            if len(found[kind]) < len(named[kind]):
                lacking = (named[kind] - today[part].keys()) & of_that_day[part].keys()
                today[part] |= {slug: of_that_day[part][slug] for slug in lacking}
        return today


def _given_up(wanted: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    condition = reduce(or_, (Q(kind=kind, slug__among=slugs) for kind, slugs in wanted.items() if slugs), Q(pk__in=[]))
    rows = OldSlug.objects.filter(condition).values_list("kind", "slug", "target_id")
    return {(kind, slug): target for kind, slug, target in rows}


def _of_kind(kind: str, slugs: set[str], pks: set[int]) -> list[Any]:
    """Of statements those that readers can open. One query, or none."""
    model = Entry if kind == Kind.STATEMENT else REFERENCE_MODELS[kind]
    wanted = Q(slug__among=slugs) | Q(pk__among=pks)
    return read(model._default_manager.filter(wanted).order_by()) if slugs or pks else []


def _asked(demands: Sequence[Demand]) -> dict[int, list[int]]:
    """The numbers of the organisations that each of these demands addresses today, by name. One query, or none."""
    found: dict[int, list[int]] = {}
    through = Demand.addressees.through._default_manager.filter(demand__among=[row.pk for row in demands])
    in_order = through.order_by("organisation__name", "organisation").values_list("demand", "organisation")
    for demand, organisation in in_order if demands else []:
        found.setdefault(demand, []).append(organisation)
    return found
