"""What charts read: figures with those who said them, and statements by their dates. Each says what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, OuterRef, Subquery, When

from statements.dates import PartialDate
from statements.models import Counted, Demand, DemandPeriod, Facet, Figure, Link, Organisation, Speaker
from statements.record.names import Kind, Named
from statements.record.reading import FIGURE_SORTS, tallied

#: More marks than these can't be told apart, and would make the page heavy.
FIGURES_ON_A_CHART = 200

#: Who said a figure: those who issued the statement, or else those who speak in it, or else those who joined it.
_VOICES = (Facet.ISSUER, Facet.SPEAKER, Facet.JOINED)
_COLUMNS = (
    "key",
    "qualifier",
    "value",
    "value_to",
    "wording",
    "as_of_from",
    "as_of_until",
    "since_from",
    "since_until",
    "entry__slug",
    "entry__title",
)


@dataclass(frozen=True)
class ChartedFigure:
    """A published figure with its entry, of which only slug and title are loaded; ``who`` said it, in the statement's
    order.
    """

    figure: Figure
    who: list[Named] = field(default_factory=list)


@dataclass(frozen=True)
class ChartedFigures:
    """The newest figures of a measure, the newest first, and how many there are in all."""

    rows: list[ChartedFigure]
    total: int


def figures_for_chart(measure_id: int) -> ChartedFigures:
    """At most FIGURES_ON_A_CHART. Two queries, one where there are none."""
    newest_first = FIGURE_SORTS["-as_of"]
    newest = Figure.objects.filter(measure=measure_id).order_by(*newest_first).values("pk")[:FIGURES_ON_A_CHART]
    figures: list[Any] = list(
        Figure.objects.filter(pk__in=newest)
        .select_related("entry")
        .only(*_COLUMNS)
        .annotate(total=tallied(Counted.FIGURES, "measure"))
        .order_by(*newest_first)
    )
    voices = _voices({figure.entry_id for figure in figures})
    rows = [ChartedFigure(figure, voices.get(figure.entry_id, [])) for figure in figures]
    return ChartedFigures(rows, figures[0].total if figures else 0)


def _voices(entry_ids: Iterable[int]) -> dict[int, list[Named]]:
    """By whom each of these statements was made. One query, none without statements."""
    links = Link.objects.filter(entry__in=set(entry_ids), facet__in=_VOICES).order_by("entry", "id")
    named = links.annotate(
        slug=_of_the_target("slug"),
        name=_of_the_target("name"),
        short=Case(When(facet=Facet.SPEAKER, then=models.Value("")), default=_column(Organisation, "short_name")),
    )
    found: dict[int, dict[str, list[Named]]] = {}
    for entry, facet, pk, slug, name, short in named.values_list(
        "entry", "facet", "target_id", "slug", "name", "short"
    ):
        kind = Kind.SPEAKER if facet == Facet.SPEAKER else Kind.ORGANISATION
        found.setdefault(entry, {}).setdefault(facet, []).append(Named(kind, pk, slug, name, short))
    return {entry: next(by[facet] for facet in _VOICES if facet in by) for entry, by in found.items()}


def _of_the_target(column: str) -> Case:
    return Case(When(facet=Facet.SPEAKER, then=_column(Speaker, column)), default=_column(Organisation, column))


def _column(model: type[models.Model], column: str) -> Subquery:
    return Subquery(model._default_manager.filter(pk=OuterRef("target_id")).order_by().values(column))


def statements_by_date(demand: Demand) -> list[tuple[PartialDate, int]]:
    """How many of the counted statements that make a demand were issued when, the oldest first: in which month, or
    between which days where these lie in several. One query.
    """
    dated = DemandPeriod.objects.filter(demand_id=demand.pk).order_by("first", "last")
    return [(PartialDate(first, last), number) for first, last, number in dated.values_list("first", "last", "number")]
