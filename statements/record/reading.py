"""What readers' pages read: public statements and figures with the names of today. Each function says what it costs."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, Exists, F, Q, Sum
from django.db.models.functions import Coalesce, Substr

from statements.bulk import read
from statements.dates import PartialDate
from statements.models import (
    Counted,
    Demand,
    DemandUpdate,
    Entry,
    Facet,
    Figure,
    Link,
    Measure,
    Name,
    OldSlug,
    Source,
    Speaker,
    Statement,
    Tally,
    TodayFacet,
    TodayLink,
    Version,
)
from statements.record.document import Document, upgraded
from statements.record.identities import REFERENCE_MODELS
from statements.record.names import Kind, Named, Names, names_of
from statements.record.sitemap import how_many
from statements.record.today import Today
from statements.record.use import found_by, used_by_the_record

R = TypeVar("R", bound=models.Model)

#: Newest first, and always the same: neither key changes when the index is made anew. By the number of the statement:
#: its name alone would order by the desk's table.
NEWEST_FIRST = ("-issued_from", "-statement_id")
OLDEST_FIRST = ("issued_from", "statement_id")

_NEWEST_FIGURE_FIRST = ("-as_of_from", "-as_of_until", "-issued_from", "-entry_id", "id")
_OLDEST_FIGURE_FIRST = ("as_of_from", "as_of_until", "issued_from", "entry_id", "id")
#: The orders of a table of figures. Those without a number are neither more nor less: they come last.
FIGURE_SORTS: dict[str, tuple[Any, ...]] = {
    "-as_of": _NEWEST_FIGURE_FIRST,
    "as_of": _OLDEST_FIGURE_FIRST,
    "-value": ("-has_number", "-value", *_NEWEST_FIGURE_FIRST),
    "value": ("-has_number", "value", *_NEWEST_FIGURE_FIRST),
}
NEWEST_SOURCE_FIRST = (F("published_from").desc(nulls_last=True), "slug")

_KIND_OF_FACET: dict[str, Kind] = {
    Facet.ISSUER: Kind.ORGANISATION,
    Facet.SPEAKER: Kind.SPEAKER,
    Facet.ADDRESSEE: Kind.ORGANISATION,
    Facet.DEMAND: Kind.DEMAND,
    Facet.SOURCE: Kind.SOURCE,
}
_LIST_OF_FACET: dict[str, str] = {
    Facet.ISSUER: "issuers",
    Facet.SPEAKER: "speakers",
    Facet.ADDRESSEE: "addressees",
    Facet.DEMAND: "demands",
    Facet.SOURCE: "sources",
}


@dataclass
class Listed:
    """A public statement with what lists show of it. ``addressees`` are those that its own words name."""

    entry: Entry
    issuers: list[Named] = field(default_factory=list)
    speakers: list[Named] = field(default_factory=list)
    addressees: list[Named] = field(default_factory=list)
    demands: list[Named] = field(default_factory=list)
    sources: list[Named] = field(default_factory=list)
    figures: list["ListedFigure"] = field(default_factory=list)


@dataclass
class ListedFigure:
    """A published figure, what it counts, whom its speaker names as its source, and where it stands."""

    figure: Figure
    statement: Listed
    measure: Named
    attributed_to: Named | None = None


def public_entries() -> models.QuerySet[Entry]:
    """Public statements, newest first."""
    return Entry.objects.order_by(*NEWEST_FIRST)


def linked(facet: Facet, target_id: int) -> models.QuerySet[Link, int]:
    """The numbers of the public statements that are found by this target, newest first: in the order of an index."""
    links = Link.objects.filter(facet=facet, target_id=target_id)
    return links.order_by("-issued_from", "-entry_id").values_list("entry_id", flat=True)


def linked_today(facet: TodayFacet, target_id: int = 0, value: str = "") -> models.QuerySet[TodayLink, int]:
    """The same of what reference data say today."""
    links = TodayLink.objects.filter(facet=facet, target_id=target_id, value=value)
    return links.order_by("-issued_from", "-entry_id").values_list("entry_id", flat=True)


def entries(ids: Iterable[int]) -> list[Entry]:
    """These public statements, in their order. One query."""
    return in_order(read(Entry.objects.filter(pk__among=list(ids))), ids)


def entries_with_versions(ids: Iterable[int]) -> list[Entry]:
    """The same, each with its version. One query."""
    return in_order(read(Entry.objects.filter(pk__among=list(ids)), "version"), ids)


def in_order(rows: Iterable[R], ids: Iterable[int]) -> list[R]:
    """The rows in the order of these identities; what was withdrawn since they were read is left out. One query."""
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]


def listed(entries: Sequence[Entry], *, with_figures: bool = True) -> list[Listed]:
    """These statements with all that lists show of them, in their order. Three queries, two without the figures."""
    rows = {entry.pk: Listed(entry) for entry in entries}
    figures = list(Figure.objects.filter(entry__among=rows).order_by("entry", "id")) if with_figures else []
    names = _fill(rows, figures)
    for figure in figures:
        rows[figure.entry_id].figures.append(_listed_figure(figure, rows[figure.entry_id], names))
    return list(rows.values())


def listed_figures(figures: Sequence[Figure]) -> list[ListedFigure]:
    """These figures (with their entries selected), in their order, each with its statement, of which is known who made
    it and in which sources it stands. Two queries.
    """
    rows = {figure.entry_id: Listed(figure.entry) for figure in figures}
    names = _fill(rows, figures, of=(Facet.ISSUER, Facet.SPEAKER, Facet.SOURCE))
    return [_listed_figure(figure, rows[figure.entry_id], names) for figure in figures]


def _fill(rows: Mapping[int, Listed], figures: Iterable[Figure], *, of: Iterable[str] = _KIND_OF_FACET) -> Names:
    """Give each row what it links to under these facets; returns the names of all that rows and figures name."""
    found = Link.objects.filter(entry__among=rows, facet__in=list(of)).order_by("entry", "id")
    links = list(found.values_list("entry_id", "facet", "target_id"))
    ids: dict[str, set[int]] = {kind: set() for kind in (*_KIND_OF_FACET.values(), Kind.MEASURE)}
    for _entry, facet, target in links:
        ids[_KIND_OF_FACET[facet]].add(target)
    for figure in figures:
        ids[Kind.MEASURE].add(figure.measure_id)
        if figure.attributed_to_id is not None:
            ids[Kind.ORGANISATION].add(figure.attributed_to_id)
    names = names_of(ids)
    for entry, facet, target in links:
        named = names.get(_KIND_OF_FACET[facet], target)
        if named is not None:
            getattr(rows[entry], _LIST_OF_FACET[facet]).append(named)
    return names


def _listed_figure(figure: Figure, statement: Listed, names: Names) -> ListedFigure:
    measure = names.get(Kind.MEASURE, figure.measure_id)
    if measure is None:
        raise LookupError(f"Figure {figure.key} counts what no statement links to: the index needs to be rebuilt.")
    return ListedFigure(figure, statement, measure, names.get(Kind.ORGANISATION, figure.attributed_to_id))


def figures_newest_first() -> models.QuerySet[Figure]:
    """Published figures with their statements; those of one day in an order that outlives a rebuilt index."""
    figures = Figure.objects.select_related("entry")
    return figures.order_by(*_NEWEST_FIGURE_FIRST)


def figures_of(measure_id: int, *, sort: str) -> models.QuerySet[Figure, int]:
    """The numbers of those of a measure, in one of FIGURE_SORTS."""
    return Figure.objects.filter(measure=measure_id).order_by(*FIGURE_SORTS[sort]).values_list("pk", flat=True)


def figures(ids: Iterable[int]) -> list[Figure]:
    """These figures with their entries, in their order. One query."""
    return in_order(Figure.objects.filter(pk__among=list(ids)).select_related("entry"), ids)


def tallied(of: str, column: str = "pk") -> Coalesce:
    """How many public statements, or figures, there are of what this column names: 0 where it is nowhere."""
    number = Tally.objects.filter(of=of, target_id=models.OuterRef(column)).values("number")[:1]
    return Coalesce(models.Subquery(number, output_field=models.IntegerField()), models.Value(0))


def newest_figure_of_the_leading_measure() -> Figure | None:
    """Of the measure with the smallest position among those in use. One query."""
    leading = in_use(Measure).order_by(F("position").asc(nulls_last=True), "name", "pk").values("pk")[:1]
    return figures_newest_first().select_related("measure").filter(measure=models.Subquery(leading)).first()


def figure_among(figures: Iterable[ListedFigure], wanted: Figure) -> ListedFigure:
    return next(row for row in figures if row.figure.pk == wanted.pk)


def measures_in_use() -> models.QuerySet[Measure, Any]:
    """The measures that readers may see, the leading one first, each with ``figures``: how many, and ``newest_id``."""
    newest = Figure.objects.filter(measure=models.OuterRef("pk")).order_by(*_NEWEST_FIGURE_FIRST).values("pk")[:1]
    measures = in_use(Measure).annotate(figures=tallied(Counted.FIGURES), newest_id=models.Subquery(newest))
    return measures.order_by(F("position").asc(nulls_last=True), "name", "pk")


def with_newest_figure(measures: Iterable[Any]) -> list[tuple[Measure, Figure | None]]:
    """These measures (from ``measures_in_use``), each with its newest figure. One query."""
    rows = list(measures)
    figures = Figure.objects.select_related("entry").in_bulk([m.newest_id for m in rows])
    return [(measure, figures.get(measure.newest_id)) for measure in rows]


def other_names(owner: Any) -> list[Name]:
    """The names of an organisation or a speaker that are not its name here, by language. One query."""
    return list(owner.names.filter(kind=Name.Kind.OTHER).order_by("language", "name"))


def attributions(speaker: Speaker, entries: Iterable[Entry]) -> dict[int, str]:
    """As what this person speaks in each of these statements (with their versions), as printed. One query."""
    today = _today(Kind.SPEAKER, speaker)
    return {
        entry.pk: row["attribution"]
        for entry in entries
        for row in today.content(upgraded(entry.version.document)["content"])["speakers"]
        if row["speaker"] == speaker.slug
    }


def citations(source: Source, entries: Iterable[Entry]) -> dict[int, list[Document]]:
    """How each of these statements (with their versions) cites this source: role and locator. One query."""
    today = _today(Kind.SOURCE, source)
    contents = {entry.pk: today.content(upgraded(entry.version.document)["content"]) for entry in entries}
    return {
        pk: [row for row in content["citations"] if row["source"] == source.slug] for pk, content in contents.items()
    }


def _today(kind: str, row: Any) -> Today:
    return Today({(kind, slug): row.slug for slug in slugs_of(kind, row)})


def in_use(model: type[models.Model]) -> models.QuerySet[Any, Any]:
    """The rows of reference data that readers may see."""
    return model._default_manager.filter(used_by_the_record(model))


def newest_sources() -> models.QuerySet[Source, Any]:
    """The sources that readers may see, each with ``statements``, newest first and those without a date last: in the
    order of an index, along which each is looked up. Their numbers are asked for, since PostgreSQL would read all that
    statements rest on to answer whether there is any.
    """
    rests = DemandUpdate.objects.published().filter(found_by("demand", Facet.DEMAND), source=models.OuterRef("pk"))
    sources = with_statement_count(Source.objects.all(), Facet.SOURCE)
    return sources.filter(Q(statements__gt=0) | Q(Exists(rests))).order_by(*NEWEST_SOURCE_FIRST)


def find(kind: str, slug: str) -> models.Model | None:
    """The row of reference data with this slug, if readers may see it. One query."""
    return in_use(REFERENCE_MODELS[kind]).filter(slug=slug).first()


def slugs_of(kind: str, row: models.Model) -> set[str]:
    """All slugs under which documents name this row: that of today, and those given up. One query."""
    old = OldSlug.objects.filter(kind=kind, target_id=row.pk)
    return {row.slug, *old.values_list("slug", flat=True)}  # type: ignore[attr-defined]  # of models with a slug


def with_statement_count(rows: models.QuerySet[Any, Any], facet: Facet) -> models.QuerySet[Any, Any]:
    """Each with ``statements``: how many public statements are found by it under this facet."""
    return rows.annotate(statements=tallied(facet))


def moved_to(kind: str, slug: str) -> str | None:
    """The slug of today where this one was given up and readers may see what it leads to. At most two queries."""
    old = OldSlug.objects.filter(kind=kind, slug=slug).first()
    if old is None:
        return None
    if kind == Kind.STATEMENT:
        rows: models.QuerySet[Any, Any] = Statement.objects.filter(published_version__isnull=False)
    else:
        rows = in_use(REFERENCE_MODELS[kind])
    return rows.filter(pk=old.target_id).values_list("slug", flat=True).first()


def published_versions(slug: str) -> list[Version]:
    """All versions of a statement that readers could open once, in order; none where there is no such statement.

    One query. Of ``version.statement`` only what is loaded with it is the record's: its slug, the version that readers
    see and the withdrawal. All else on that row is the desk's.
    """
    versions = Version.objects.published().filter(statement__slug=slug).select_related("statement")
    return list(
        versions.order_by("public_number").only(
            "document",
            "content_hash",
            "public_number",
            "published_at",
            "four_eyes_waived",
            "revision",
            "revision_note",
            "statement__slug",
            "statement__published_version",
            "statement__withdrawn_at",
            "statement__withdrawn_reason",
        )
    )


def number_of(of: str, target_id: int = 0, value: str = "") -> int:
    """How many public statements are found by this target under a facet, or what else is counted. One query."""
    rows = Tally.objects.filter(of=of, target_id=target_id, value=value)
    return rows.values_list("number", flat=True).first() or 0


def number_between(*, after: PartialDate | None, before: PartialDate | None) -> int:
    """How many public statements may lie on or after the one date begins and on or before the other ends. One query,
    which adds up what was counted of each day.
    """
    rows = _days()
    if before is not None:
        rows = rows.filter(first__lte=before.last.isoformat())
    if after is not None:
        rows = rows.filter(last__gte=after.first.isoformat())
    found: int | None = rows.aggregate(n=Sum("number"))["n"]
    return found or 0


def beginnings_of_what_lasts_until(day: datetime.date) -> list[datetime.date]:
    """The days before this one on which public statements begin to lie that may lie on it or later. One query."""
    # What begins so with another day is less, and an index finds it; the same day with more after it is greater.
    rows = _days().filter(value__lt=day.isoformat(), last__gte=day.isoformat())
    return [datetime.date.fromisoformat(first) for first in rows.values_list("first", flat=True).distinct()]


def _days() -> models.QuerySet[Any, Any]:
    """What is counted of dates, each with its ``first`` and ``last`` day, in ISO 8601."""
    rows = Tally.objects.filter(of=Counted.DAYS, target_id=0).order_by()
    return rows.annotate(first=Substr("value", 1, 10), last=Substr("value", 12))


def related_to(statement_id: int, *, most: int | None = None) -> list[Entry]:
    """The public statements that quote, repeat, correct or translate this one, all or the newest of them, newest first,
    with their versions. One query.
    """
    links = linked(Facet.RELATED, statement_id)[:most]
    return list(public_entries().filter(pk__in=links).select_related("version"))


def addressees_of_demands(demand_ids: Iterable[int]) -> dict[int, list[Named]]:
    """Whom each of these demands is addressed to today, by name. One query."""
    found: dict[int, list[Named]] = {}
    rows = Demand.addressees.through.objects.filter(demand__among=list(demand_ids)).order_by("organisation__name", "pk")
    for demand, pk, slug, name, short in rows.values_list(
        "demand", "organisation", "organisation__slug", "organisation__name", "organisation__short_name"
    ):
        found.setdefault(demand, []).append(Named(Kind.ORGANISATION, pk, slug, name, short))
    return found


def relatives(row: models.Model) -> tuple[models.Model | None, list[models.Model]]:
    """What it is a part of, and its parts, as far as readers may see them: of models that have a parent. One query."""
    parent_id = row.parent_id  # type: ignore[attr-defined]
    rows = list(in_use(type(row)).filter(Q(parent=row.pk) | Q(pk=parent_id)))
    parent = next((other for other in rows if other.pk == parent_id), None)
    return parent, [other for other in rows if other.pk != parent_id]


def how_much_is_here() -> dict[str, int]:
    """How many statements, figures and rows of reference data readers may see, and ``issuers``: how many of the
    organisations issued a statement. Two queries.
    """
    counts = Tally.objects.filter(of__in=[Counted.FIGURES, Facet.ISSUER]).aggregate(
        figures=Sum("number", filter=Q(of=Counted.FIGURES)), issuers=Count("pk", filter=Q(of=Facet.ISSUER))
    )
    rows = how_many()
    return {
        "statements": rows[Kind.STATEMENT],
        "figures": counts["figures"] or 0,
        "organisations": rows[Kind.ORGANISATION],
        "issuers": counts["issuers"],
        "speakers": rows[Kind.SPEAKER],
        "demands": rows[Kind.DEMAND],
        "measures": rows[Kind.MEASURE],
        "sources": rows[Kind.SOURCE],
    }
