"""The record's index: made from published versions, kept by publish and withdraw, remade by rebuild_record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from statements import text
from statements.bulk import BATCH, insert, made
from statements.dates import PartialDate
from statements.models import (
    Demand,
    Entry,
    EntryFacets,
    EntryWords,
    Facet,
    Figure,
    Issuer,
    Link,
    Measure,
    OldSlug,
    Organisation,
    Source,
    Speaker,
    Statement,
    Version,
)
from statements.models.search import INDEX as SEARCH_INDEX
from statements.record import tally, words_index
from statements.record.content_version import readers_see_a_change
from statements.record.document import Document, upgraded
from statements.record.quoted import language_of
from statements.record.searchable import search_text
from statements.record.today import Today

#: From so many new rows on, the database is told how many there are now.
MANY = 1000

REFERENCE_MODELS: dict[str, type[models.Model]] = {
    OldSlug.Kind.ORGANISATION: Organisation,
    OldSlug.Kind.SPEAKER: Speaker,
    OldSlug.Kind.SOURCE: Source,
    OldSlug.Kind.DEMAND: Demand,
    OldSlug.Kind.MEASURE: Measure,
    OldSlug.Kind.STATEMENT: Statement,
}


def named_in(content: Document) -> dict[str, set[str]]:
    """The slugs that a content names, by kind."""
    relation = content["relation"]
    return {
        OldSlug.Kind.ORGANISATION: {row["organisation"] for row in content["issuers"]}
        | {slug for row in content["mentions"] for slug in row["addressees"]}
        | {row["attributed_to"] for row in content["counts"] if row["attributed_to"]},
        OldSlug.Kind.SPEAKER: {row["speaker"] for row in content["speakers"]},
        OldSlug.Kind.SOURCE: {row["source"] for row in content["citations"]}
        | {row["source"] for row in content["wordings"] if row["source"]},
        OldSlug.Kind.DEMAND: {row["demand"] for row in content["mentions"]},
        OldSlug.Kind.MEASURE: {row["measure"] for row in content["counts"]},
        OldSlug.Kind.STATEMENT: {relation["statement"]} if relation else set(),
    }


class Identities:
    """From (kind, slug) to the id of the row, through the table of old slugs where a slug was given up."""

    def __init__(self, contents: Iterable[Document]) -> None:
        """At most two queries a kind, however many contents."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for content in contents:
            for kind, slugs in named_in(content).items():
                wanted[kind] |= slugs
        self._ids: dict[tuple[str, str], int] = {}
        self._given_up: dict[tuple[str, str], int] = {}
        for kind, slugs in wanted.items():
            found = dict(REFERENCE_MODELS[kind]._default_manager.filter(slug__in=slugs).values_list("slug", "pk"))
            missing = slugs - found.keys()
            if missing:
                old = OldSlug.objects.filter(kind=kind, slug__in=missing)
                given_up = dict(old.values_list("slug", "target_id"))
                found.update(given_up)
                self._given_up.update({(kind, slug): pk for slug, pk in given_up.items()})
            self._ids.update({(kind, slug): pk for slug, pk in found.items()})

    def id(self, kind: str, slug: str) -> int:
        return self._ids[kind, slug]

    def of(self, content: Document) -> dict[tuple[str, str], int]:
        """Those of all that one of the contents names."""
        return {(kind, slug): self.id(kind, slug) for kind, slugs in named_in(content).items() for slug in slugs}

    def today(self) -> Today:
        """What the contents say today. A query for each kind of which a slug was given up."""
        ids: dict[str, set[int]] = defaultdict(set)
        for (kind, _slug), pk in self._given_up.items():
            ids[kind].add(pk)
        slugs = {
            (kind, pk): slug
            for kind, pks in ids.items()
            for pk, slug in REFERENCE_MODELS[kind]._default_manager.filter(pk__in=pks).values_list("pk", "slug")
        }
        self._ids.update({(kind, slug): pk for (kind, pk), slug in slugs.items()})
        now = {(kind, old): slugs[kind, pk] for (kind, old), pk in self._given_up.items() if (kind, pk) in slugs}
        return Today(now)


@dataclass
class IndexRows:
    entries: list[Entry] = field(default_factory=list)
    facets: list[EntryFacets] = field(default_factory=list)
    words: list[EntryWords] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def rows_for(versions: Sequence[Version]) -> IndexRows:
    """The index rows of these published versions, unsaved. A fixed number of queries."""
    documents = [upgraded(version.document) for version in versions]
    identities = Identities(document["content"] for document in documents)
    today = identities.today()
    slugs = dict(Statement.objects.filter(pk__in=[v.statement_id for v in versions]).values_list("pk", "slug"))
    rows = IndexRows()
    for version, document in zip(versions, documents, strict=True):
        content = today.content(document["content"])
        entry = _entry(version, content, identities, slug=slugs[version.statement_id])
        links = _links(entry, content, identities)
        rows.entries.append(entry)
        rows.facets.append(_facets(entry, links, has_count=bool(content["counts"])))
        rows.words.append(EntryWords(entry=entry, search_text=search_text(_searched(content), links)))
        rows.links += links
        rows.figures += _figures(entry, content, identities)
    return rows


def _entry(version: Version, content: Document, identities: Identities, *, slug: str) -> Entry:
    relation = content["relation"]
    says_again = relation is not None and relation["kind"] in Statement.SAYING_AGAIN
    words = [wording["text"] for wording in content["wordings"]]
    entry: Entry = made(
        Entry,
        {"version": version},
        statement_id=version.statement_id,
        slug=slug,
        title=content["title"],
        excerpt=text.excerpt(content["summary"] or next(iter(words), "")),
        kind=content["kind"],
        language=content["language"],
        says_again_id=identities.id(OldSlug.Kind.STATEMENT, relation["statement"]) if says_again else None,
        published_at=version.published_at,
    )
    entry.issued = PartialDate.parse(content["issued"])
    return entry


def _searched(content: Document) -> list[str]:
    """The texts of a statement in which readers' words are looked for, the title first."""
    words = [wording["text"] for wording in content["wordings"]]
    # Where there are words, the quotes are among them.
    quotes = [] if words else [row["quote"] for row in (*content["mentions"], *content["counts"])]
    attributions = [content["attribution"], *(row["attribution"] for row in content["speakers"])]
    return [content["title"], content["summary"], content["occasion"], *attributions, *words, *quotes]


def _links(entry: Entry, content: Document, identities: Identities) -> list[Link]:
    kind = OldSlug.Kind
    targets: list[tuple[Facet, str, str]] = []
    for row in content["issuers"]:
        facet = Facet.ISSUER if row["part"] == Issuer.Part.ISSUED else Facet.JOINED
        targets += [(of, kind.ORGANISATION, row["organisation"]) for of in (facet, Facet.PART)]
    targets += [(Facet.SPEAKER, kind.SPEAKER, row["speaker"]) for row in content["speakers"]]
    for row in content["mentions"]:
        targets.append((Facet.DEMAND, kind.DEMAND, row["demand"]))
        if row["addressees"]:
            targets += [(Facet.ADDRESSEE, kind.ORGANISATION, slug) for slug in row["addressees"]]
        else:
            targets.append((Facet.DEMAND_AS_ADDRESSED, kind.DEMAND, row["demand"]))
    for row in content["counts"]:
        targets.append((Facet.MEASURE, kind.MEASURE, row["measure"]))
        if row["attributed_to"]:
            targets.append((Facet.ATTRIBUTED, kind.ORGANISATION, row["attributed_to"]))
    for row in [*content["citations"], *content["wordings"]]:
        if row["source"]:
            targets.append((Facet.SOURCE, kind.SOURCE, row["source"]))
    if content["relation"]:
        targets.append((Facet.RELATED, kind.STATEMENT, content["relation"]["statement"]))
    # Two slugs may lead to one row after a merge: one link each.
    resolved = dict.fromkeys((facet, identities.id(of, slug)) for facet, of, slug in targets)
    return [
        made(Link, {"entry": entry}, facet=facet, target_id=target, issued_from=entry.issued_from)
        for facet, target in resolved
    ]


def _facets(entry: Entry, links: Sequence[Link], *, has_count: bool) -> EntryFacets:
    targets: dict[str, list[int]] = defaultdict(list)
    for link in sorted(links, key=attrgetter("target_id")):
        targets[link.facet].append(link.target_id)
    named = [f"o{target}" for target in targets[Facet.ADDRESSEE]]
    facets: EntryFacets = made(
        EntryFacets,
        {"entry": entry},
        issued_from=entry.issued_from,
        issued_until=entry.issued_until,
        years=f"{entry.issued_from.year:04}-{entry.issued_until.year:04}",
        kind=entry.kind,
        language=entry.language,
        has_count=has_count,
        parts=" ".join(map(str, targets[Facet.PART])),
        speakers=" ".join(map(str, targets[Facet.SPEAKER])),
        demands=" ".join(map(str, targets[Facet.DEMAND])),
        asked=" ".join([*named, *(f"d{target}" for target in targets[Facet.DEMAND_AS_ADDRESSED])]),
        measures=" ".join(map(str, targets[Facet.MEASURE])),
    )
    return facets


def _figures(entry: Entry, content: Document, identities: Identities) -> list[Figure]:
    figures = []
    for row in content["counts"]:
        figure: Figure = made(
            Figure,
            {"entry": entry},
            issued_from=entry.issued_from,
            key=row["key"],
            measure_id=identities.id(OldSlug.Kind.MEASURE, row["measure"]),
            qualifier=row["qualifier"],
            value=row["value"],
            value_to=row["value_to"],
            has_number=row["value"] is not None,
            wording=row["wording"],
            as_of_is_given=row["as_of"] is not None,
            attributed_to_id=identities.id(OldSlug.Kind.ORGANISATION, row["attributed_to"])
            if row["attributed_to"]
            else None,
            attributed_wording=row["attributed_wording"],
            excludes=row["excludes"],
            quote=row["quote"],
            quote_language=language_of(row["quote"], content),
            note=row["note"],
        )
        figure.as_of = PartialDate.parse(row["as_of"]) if row["as_of"] else entry.issued
        figure.since = PartialDate.parse(row["since"]) if row["since"] else None
        figures.append(figure)
    return figures


@transaction.atomic
def write(versions: Sequence[Version], *, are_new: bool = False) -> None:
    """Make the rows of these versions' statements anew. ``are_new``: they have none yet, and whoever writes many
    batches of them calls ``analyse`` in the end.
    """
    rows = rows_for(versions)
    ids = [version.statement_id for version in versions]
    with tally.kept(ids, are_new=are_new):
        if not are_new:
            _delete(ids)
        insert(rows.entries)
        insert(rows.facets)
        insert(rows.words)
        insert(rows.links)
        insert(rows.figures)
    readers_see_a_change()
    if len(versions) >= MANY and not are_new:
        analyse()


def analyse() -> None:
    """Let the database count its rows anew. Until it has, after many came at once, it may plan for the few that there
    were: a page of a demand with 5,000 statements then took minutes on PostgreSQL.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("statements").get_models():
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


@transaction.atomic
def remove(statement_ids: Sequence[int]) -> None:
    with tally.kept(statement_ids):
        _delete(statement_ids)
    readers_see_a_change()


def _delete(statement_ids: Sequence[int]) -> None:
    for model in (Figure, Link, EntryWords, EntryFacets):
        model._default_manager.filter(entry__in=statement_ids).delete()
    _delete_unread(Entry.objects.filter(pk__in=statement_ids))


def _delete_unread(rows: models.QuerySet[Any]) -> None:
    """One query. Of rows that others may refer to, ``delete`` would read each first, and ask for the others."""
    rows._raw_delete(rows.db)


def forget_deleted_words() -> None:
    words_index.forget_deleted(SEARCH_INDEX)


def _differences_of_words() -> Iterator[str]:
    if not words_index.is_of_its_rows(SEARCH_INDEX):
        yield "The index of words is not that of the public statements: rebuild_record makes it anew."
    if not words_index.follows(SEARCH_INDEX):
        yield "The index of words does not follow what is published: its triggers are not there."


@transaction.atomic
def rebuild() -> int:
    """Empty the index and make it anew from the versions that readers see. Returns how many statements it holds."""
    # Its triggers take the words of each row out of the index of words: they must be in there.
    words_index.tell(SEARCH_INDEX, "rebuild")
    tally.lock()
    tally.clear()
    for model in (Figure, Link, EntryWords, EntryFacets, Entry):
        _delete_unread(model._default_manager.all())
    total = 0
    for versions in _shown():
        write(versions, are_new=True)
        total += len(versions)
    readers_see_a_change()
    analyse()
    return total


def _shown() -> Iterator[list[Version]]:
    """The versions that readers see, by their statements, in batches. Two queries each, which read no more than that:
    no cursor is open while rows are written, and nothing is sorted.
    """
    last = 0
    while True:
        next_ones = Statement.objects.public().filter(pk__gt=last).order_by("pk")
        ids = next_ones.values_list("published_version_id", flat=True)[:BATCH]
        versions = list(Version.objects.filter(pk__in=list(ids)).order_by("statement_id"))
        if not versions:
            return
        yield versions
        last = versions[-1].statement_id


def differences() -> list[str]:
    """Sentences on every statement whose index rows are not those that its version gives."""
    found: list[str] = []
    stale = Entry.objects.exclude(version__in=Version.objects.shown()).values_list("slug", flat=True)
    found += _differences_of_words()
    found += tally.differences()
    found += [f"{slug}: the index shows a statement or a version that readers should not see." for slug in stale]
    for versions in _shown():
        found += _differences_of(versions)
    return found


def _differences_of(versions: list[Version]) -> list[str]:
    ids = [version.statement_id for version in versions]
    expected = rows_for(versions)
    stored = IndexRows(
        list(Entry.objects.filter(statement__in=ids)),
        list(EntryFacets.objects.filter(entry__in=ids)),
        list(EntryWords.objects.filter(entry__in=ids)),
        list(Link.objects.filter(entry__in=ids)),
        list(Figure.objects.filter(entry__in=ids)),
    )
    slugs = {entry.statement_id: entry.slug for entry in expected.entries}
    wrong = {_of(row) for row in _symmetric_difference(expected.entries, stored.entries)}
    wrong |= {_of(row) for row in _symmetric_difference(expected.facets, stored.facets)}
    wrong |= {_of(row) for row in _symmetric_difference(expected.words, stored.words)}
    wrong |= {_of(row) for row in _symmetric_difference(expected.links, stored.links)}
    wrong |= {_of(row) for row in _symmetric_difference(expected.figures, stored.figures)}
    return [f"{slugs[pk]}: the index is not what its published version gives." for pk in sorted(wrong)]


_Identity = tuple[tuple[str, Any], ...]


def _values(row: models.Model) -> _Identity:
    return tuple(
        (f.attname, getattr(row, f.attname)) for f in row._meta.concrete_fields if not isinstance(f, models.AutoField)
    )


def _symmetric_difference(left: Sequence[models.Model], right: Sequence[models.Model]) -> set[_Identity]:
    return {_values(row) for row in left} ^ {_values(row) for row in right}


def _of(values: _Identity) -> int:
    identity = dict(values)
    pk: int = identity["statement_id"] if "statement_id" in identity else identity["entry_id"]
    return pk
