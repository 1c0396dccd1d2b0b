"""What a page with many rows shows, to be written in any format: which rows, in which order, and how each is told."""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Demand, Facet, Measure
from statements.public import filters, sorting
from statements.public.filters import PAGE
from statements.public.paging import NoSuchPage, paged
from statements.public.responses import found, moved_or_missing
from statements.public.twins import objects, rows
from statements.public.twins.about import About, filter_in_words, of_page
from statements.public.twins.answers import Refused, refuse, schema_address, unknown_parameters
from statements.public.twins.columns import FIGURES, MENTIONS, STATEMENTS, TwinTable
from statements.public.twins.rows import Row
from statements.public.views import ROWS_A_PAGE, STATEMENTS_A_PAGE
from statements.record import demands, reading
from statements.record.in_full import (
    FigureInFull,
    InFull,
    MadeInFull,
    figures_in_full,
    makings_in_full,
    statements_in_full,
)
from statements.record.listing import total
from statements.record.names import Kind
from statements.record.ordering import Identities, identities

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """The identities of the rows, all or those of one page, and how many there are in all. ``number``, ``last`` and
    ``size`` are those of the page.
    """

    ids: Sequence[Any]
    total: int
    number: int = 0
    last: int = 0
    size: int = 0

    @property
    def page(self) -> dict[str, int] | None:
        return {"number": self.number, "last": self.last, "size": self.size} if self.number else None


def _as_numbers(identities: Iterable[int]) -> Sequence[int]:
    return array("q", identities)


def chosen(
    identities: QuerySet[Any, Any] | Identities,
    given: QueryDict,
    *,
    size: int,
    count: Callable[[], int] | None = None,
    kept_in: Callable[[Iterable[Any]], Sequence[Any]] = _as_numbers,
) -> Chosen:
    """Those of the page that ``page`` asks for, else all: read once, so that a file is consistent in itself, and kept
    as narrow numbers, eight megabytes a million; figures as texts. One query, two for a page. Raises Refused.
    """
    asked = [value for value in given.getlist(PAGE) if value.strip()]
    if not asked:
        ids = kept_in(identities.iterator(chunk_size=2000))
        return Chosen(ids, len(ids))
    try:
        page = paged(identities, asked, size=size, count=count() if count is not None else None)
    except NoSuchPage as error:
        raise Refused([str(error)]) from error
    return Chosen(page.rows, page.total, page.number, page.last, size)


class Collection(ABC, Generic[T]):
    """``table`` has the columns of its rows, ``member`` is the name of its list in JSON, ``schema`` that of its schema;
    ``stem`` are the words of a file's name.
    """

    table: TwinTable
    member: str
    schema: str
    stem: tuple[str, ...]

    def __init__(self, about: About, chosen: Chosen) -> None:
        self.chosen = chosen
        self.about = replace(about, number=chosen.number, last=chosen.last)

    @abstractmethod
    def batches(self) -> Iterator[list[T]]:
        """Read from the database as they are asked for."""

    @abstractmethod
    def rows_of(self, one: T) -> Iterable[Row]: ...

    @abstractmethod
    def object_of(self, one: T) -> dict[str, Any]: ...

    def more(self) -> dict[str, Any]:
        """Further members of the JSON."""
        return {}

    def rows(self) -> Iterator[Iterator[Row]]:
        """With the citation of the file in each, since a CSV file has no other place for it."""
        cite = self.about.cite
        for batch in self.batches():
            yield (row | {"cite": cite} for one in batch for row in self.rows_of(one))

    def objects(self) -> Iterator[Iterator[dict[str, Any]]]:
        for batch in self.batches():
            yield (self.object_of(one) for one in batch)

    def head(self) -> dict[str, Any]:
        """Of the JSON: all but the list."""
        return {
            "$schema": schema_address(self.schema),
            "about": self.about.as_object(),
            **self.more(),
            "total": self.chosen.total,
            "page": self.chosen.page,
        }


class StatementList(Collection[InFull]):
    """The list of statements with its own parameters."""

    table, member, schema, stem = STATEMENTS, "statements", "statements", ("statements",)

    def batches(self) -> Iterator[list[InFull]]:
        return statements_in_full(self.chosen.ids)

    def rows_of(self, one: InFull) -> Iterable[Row]:
        return [rows.statement_row(one)]

    def object_of(self, one: InFull) -> dict[str, Any]:
        return objects.statement_object(one)


class FiguresOfMeasure(Collection[FigureInFull]):
    table, member, schema = FIGURES, "figures", "measure"

    def __init__(self, about: About, chosen: Chosen, measure: Measure) -> None:
        super().__init__(about, chosen)
        self.measure = measure
        self.stem = (measure.slug,)

    def batches(self) -> Iterator[list[FigureInFull]]:
        return figures_in_full(self.chosen.ids)

    def rows_of(self, one: FigureInFull) -> Iterable[Row]:
        return [rows.figure_row(one, self.measure)]

    def object_of(self, one: FigureInFull) -> dict[str, Any]:
        return objects.figure_object(one)

    def more(self) -> dict[str, Any]:
        """One query."""
        return {"measure": objects.measure_object(self.measure, *reading.relatives(self.measure))}


class StatementsOfDemand(Collection[MadeInFull]):
    """``total`` is the number of statements; a statement that words the demand twice has two rows."""

    table, member, schema = MENTIONS, "statements", "demand"

    def __init__(self, about: About, chosen: Chosen, demand: Demand) -> None:
        super().__init__(about, chosen)
        self.demand = demand
        self.stem = (demand.slug,)

    def batches(self) -> Iterator[list[MadeInFull]]:
        return makings_in_full(self.demand, self.chosen.ids)

    def rows_of(self, one: MadeInFull) -> Iterable[Row]:
        return rows.mention_rows(one, self.demand)

    def object_of(self, one: MadeInFull) -> dict[str, Any]:
        return objects.making_object(one)

    def more(self) -> dict[str, Any]:
        """Three queries."""
        demand = self.demand
        addressees = reading.addressees_of_demands([demand.pk]).get(demand.pk, [])
        parent, parts = reading.relatives(demand)
        updates = demands.published_updates(demand)
        return {"demand": objects.demand_object(demand, updates, addressees, parent, parts)}


def asked_of_the_list(request: HttpRequest) -> filters.Asked:
    """As many queries as ``filters.read``. Raises Refused."""
    asked = filters.read(request.GET)
    refuse(problem.label for problem in asked.problems)
    return asked


def about_the_list(request: HttpRequest, asked: filters.Asked) -> About:
    page = reverse("statements:statement_list")
    return of_page(request, what=filter_in_words(asked), page=page, query=asked.query)


def statement_list(request: HttpRequest) -> StatementList:
    asked = asked_of_the_list(request)
    found = chosen(
        identities(asked.criteria), request.GET, size=STATEMENTS_A_PAGE, count=partial(total, asked.criteria)
    )
    return StatementList(about_the_list(request, asked), found)


def asked_of_a_measure(request: HttpRequest, slug: str, form: str) -> tuple[Measure, sorting.Sorted, About]:
    """One query. Raises Refused, Moved or Http404."""
    measure: Measure = found(Kind.MEASURE, slug, f"statements:measure_{form}")
    asked = sorting.read(request.GET)
    refuse(problem.label for problem in asked.problems)
    what = _("all figures of “%(name)s”") % {"name": measure.name}
    page = reverse("statements:measure", args=[measure.slug])
    return measure, asked, of_page(request, what=what, page=page, query=asked.query)


def figures_of_measure(request: HttpRequest, slug: str, form: str) -> FiguresOfMeasure:
    measure, asked, about = asked_of_a_measure(request, slug, form)
    keys = reading.figures_of(measure.pk, sort=asked.sort).values_list("key", flat=True)
    return FiguresOfMeasure(about, chosen(keys, request.GET, size=ROWS_A_PAGE, kept_in=list), measure)


def asked_of_a_demand(request: HttpRequest, slug: str, form: str) -> tuple[Demand, About]:
    """One query. Raises Refused, Moved or Http404."""
    demand = demands.demands_in_use(today=timezone.localdate()).filter(slug=slug).first()
    if demand is None:
        raise moved_or_missing(Kind.DEMAND, slug, f"statements:demand_{form}")
    refuse(unknown_parameters(request.GET, PAGE))
    what = _("all statements that make the demand “%(title)s”") % {"title": demand.title}
    return demand, of_page(request, what=what, page=reverse("statements:demand", args=[demand.slug]))


def statements_of_demand(request: HttpRequest, slug: str, form: str) -> StatementsOfDemand:
    demand, about = asked_of_a_demand(request, slug, form)
    found = chosen(reading.linked(Facet.DEMAND, demand.pk), request.GET, size=STATEMENTS_A_PAGE)
    return StatementsOfDemand(about, found, demand)
