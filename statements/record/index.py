"""The record's index: made from published versions, kept by publish and withdraw, remade by rebuild_record."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from statements import set_aside, text
from statements.bulk import BATCH, insert, made
from statements.dates import PartialDate
from statements.models import (
    Entry,
    EntryFacets,
    EntryWords,
    Facet,
    Figure,
    Issuer,
    Link,
    OldSlug,
    Statement,
    TodayLink,
    Version,
)
from statements.models.search import INDEX as SEARCH_INDEX
from statements.record import named, tally, today_links, words_index
from statements.record.content_version import readers_see_a_change
from statements.record.document import Document, upgraded
from statements.record.identities import Identities, Known
from statements.record.quoted import language_of
from statements.record.searchable import search_text

#: From so many new rows on, the database is told how many there are now.
MANY = 1000


@dataclass
class IndexRows:
    entries: list[Entry] = field(default_factory=list)
    facets: list[EntryFacets] = field(default_factory=list)
    words: list[EntryWords] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    #: All that the documents name, also what is found by nothing: whom a demand was addressed to on that day.
    names: set[tuple[str, str]] = field(default_factory=set)


def rows_for(versions: Sequence[Version], *, known: Known | None = None) -> IndexRows:
    """The index rows of these published versions, unsaved. A fixed number of queries; none where all that they name,
    and their own statements, are among the ``known`` ones.
    """
    documents = [upgraded(version.document) for version in versions]
    identities = Identities((document["content"] for document in documents), known=known)
    today = identities.today()
    slugs = _slugs({version.statement_id for version in versions}, known or {})
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
        rows.names |= named.named_in(document)
    return rows


def _slugs(statement_ids: set[int], known: Known) -> dict[int, str]:
    slugs = {pk: slug for (kind, slug), pk in known.items() if kind == OldSlug.Kind.STATEMENT and pk in statement_ids}
    if unknown := statement_ids - slugs.keys():
        slugs.update(Statement.objects.filter(pk__among=unknown).values_list("pk", "slug"))
    return slugs


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
def write(
    versions: Sequence[Version],
    *,
    are_new: bool = False,
    rows: IndexRows | None = None,
    add: Callable[[tally.Numbers], object] | None = None,
) -> None:
    """Make the rows of these versions' statements anew. ``are_new``: they have none yet, and whoever writes many
    batches of them calls ``analyse`` in the end. ``rows`` are those of ``rows_for``, where it was asked before; ``add``
    is that of ``tally.kept``.
    """
    rows = rows or rows_for(versions)
    ids = [version.statement_id for version in versions]
    with tally.kept(ids, are_new=are_new, add=add):
        if not are_new:
            _delete(ids)
        insert(rows.entries)
        insert(rows.facets)
        insert(rows.words)
        insert(rows.links)
        insert(rows.figures)
        today_links.write(ids)
        named.note(rows.names)
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
    for model in (Figure, TodayLink, Link, EntryWords, EntryFacets):
        model._default_manager.filter(entry__among=statement_ids).delete()
    _delete_unread(Entry.objects.filter(pk__among=statement_ids))


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


_MODELS = (Figure, TodayLink, Link, EntryWords, EntryFacets, Entry)


@transaction.atomic
def rebuild() -> int:
    """Empty the index and make it anew from the versions that readers see. Returns how many statements it holds."""
    tally.lock()
    tally.clear()
    total = 0
    with _searched_again_afterwards():
        for model in _MODELS:
            _delete_unread(model._default_manager.all())
        with tally.together() as add:
            for versions in _shown():
                write(versions, are_new=True, add=add)
                total += len(versions)
    named.note_all()
    readers_see_a_change()
    analyse()
    return total


@contextmanager
def _searched_again_afterwards() -> Iterator[None]:
    """Around what stores all rows of the index. On SQLite the indexes by which readers find them, and that of words,
    are made when all are there; others read meanwhile what was there before. On PostgreSQL they would have to wait.
    """
    if connection.vendor != "sqlite":
        yield
        return
    tables = [model._meta.db_table for model in _MODELS]
    # Meanwhile it is asked what belongs to a statement, and what says it again.
    read_by = [model._meta.db_table for model in (Statement, Entry)]
    waiting = [*set_aside.triggers(EntryWords._meta.db_table), *set_aside.indexes(tables, referring_to=read_by)]
    for one in waiting:
        set_aside.run(one.drop)
    yield
    words_index.tell(SEARCH_INDEX, "rebuild")
    for one in reversed(waiting):
        set_aside.run(one.make)


def _shown() -> Iterator[list[Version]]:
    """The versions that readers see, by their statements, in batches. Two queries each, which read no more than that:
    no cursor is open while rows are written, and nothing is sorted.
    """
    last = 0
    while True:
        next_ones = Statement.objects.public().filter(pk__gt=last).order_by("pk")
        ids = next_ones.values_list("published_version_id", flat=True)[:BATCH]
        versions = list(Version.objects.filter(pk__among=list(ids)).order_by("statement_id"))
        if not versions:
            return
        yield versions
        last = versions[-1].statement_id


def differences() -> list[str]:
    """Sentences on every statement whose index rows are not those that its version gives."""
    found: list[str] = []
    stale = Entry.objects.exclude(version__in=Version.objects.shown()).values_list("slug", flat=True)
    found += _differences_of_words()
    found += today_links.differences()
    found += tally.differences()
    found += named.differences()
    found += [f"{slug}: the index shows a statement or a version that readers should not see." for slug in stale]
    for versions in _shown():
        found += _differences_of(versions)
    return found


def _differences_of(versions: list[Version]) -> list[str]:
    ids = [version.statement_id for version in versions]
    expected = rows_for(versions)
    stored = IndexRows(
        list(Entry.objects.filter(statement__among=ids)),
        list(EntryFacets.objects.filter(entry__among=ids)),
        list(EntryWords.objects.filter(entry__among=ids)),
        list(Link.objects.filter(entry__among=ids)),
        list(Figure.objects.filter(entry__among=ids)),
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
