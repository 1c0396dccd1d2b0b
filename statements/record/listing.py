"""The list of public statements: what readers can ask for, and the one function that turns it into SQL."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Protocol

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value

from statements.dates import PartialDate, overlapping
from statements.models import Counted, Demand, EntryFacets, Facet, Link, OldSlug, TodayFacet, TodayLink
from statements.record.identities import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.reading import (
    beginnings_of_what_lasts_until,
    linked,
    linked_today,
    number_between,
    number_of,
)
from statements.record.search import RANKED, Search, best_first, condition
from statements.record.sitemap import how_many
from statements.record.tally import has_count_as_value
from statements.record.use import found_by

#: Neither key changes when the index is made anew.
NEWEST_FIRST, OLDEST_FIRST = ("-issued_from", "-entry_id"), ("issued_from", "entry_id")
SORTS = {"-issued": NEWEST_FIRST, "issued": OLDEST_FIRST}
NEWEST = "-issued"
#: Only of statements that were searched for.
RELEVANCE = "relevance"

#: So many rows of the order are asked one by one, for pages that end among the first.
_WALKED, _FIRST_PAGES = 5000, 100

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")

#: The parameters whose values are slugs, and of what.
KIND_OF_PARAMETER = {
    "issuer": Kind.ORGANISATION,
    "speaker": Kind.SPEAKER,
    "addressee": Kind.ORGANISATION,
    "demand": Kind.DEMAND,
    "measure": Kind.MEASURE,
}
#: By which link they find a statement.
FACET_OF_PARAMETER = {
    "issuer": Facet.PART,
    "speaker": Facet.SPEAKER,
    "demand": Facet.DEMAND,
    "measure": Facet.MEASURE,
}
#: The same of what reference data say today: of identities, and of words.
TODAY_OF_PARAMETER = {"addressee": TodayFacet.ADDRESSED}
TODAY_OF_WORD = {"country": TodayFacet.COUNTRY, "theme": TodayFacet.THEME}
#: Columns of EntryFacets of which each value is counted beforehand.
COUNTED_OF_COLUMN = {"kind": Counted.KIND, "language": Counted.LANGUAGE, "has_count": Counted.HAS_COUNT}


@dataclass(frozen=True)
class Option:
    """A value that a parameter can have: the slug of a row, and what it is called today."""

    value: str
    pk: int
    label: str


@dataclass(frozen=True)
class Criteria:
    """What readers ask for: every part must hold, any of the values of one part. Ids, values as stored, and searches
    that have their names.
    """

    q: tuple[Search, ...] = ()
    issuer: tuple[int, ...] = ()
    speaker: tuple[int, ...] = ()
    addressee: tuple[int, ...] = ()
    demand: tuple[int, ...] = ()
    measure: tuple[int, ...] = ()
    kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    issued_after: PartialDate | None = None
    issued_before: PartialDate | None = None
    has_count: bool | None = None
    sort: str = NEWEST

    def restricted(self) -> list[str]:
        """The parts that leave something out."""
        names = [part.name for part in fields(self) if part.name != "sort"]
        return [name for name in names if getattr(self, name) not in ((), None)]

    def without(self, *parts: str) -> "Criteria":
        """The same criteria but these parts, in the order of the newest."""
        unrestricted: dict[str, Any] = {part.name: part.default for part in fields(self) if part.name in parts}
        return replace(self, sort=NEWEST, **unrestricted)


def matching(criteria: Criteria, *, one_by_one: bool = False) -> models.QuerySet[EntryFacets]:
    """The public statements that meet all criteria, as narrow rows in no order. ``one_by_one``: each is asked whether
    it is linked, instead of reading all that are; for whoever looks at few.
    """
    rows = EntryFacets.objects.filter(
        overlapping("issued", after=criteria.issued_after, before=criteria.issued_before)
    ).order_by()
    if criteria.q:
        rows = rows.filter(condition(criteria.q))
    linked_by = _is_linked if one_by_one else _linked
    for parameter, facet in FACET_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            rows = rows.filter(linked_by(Link.objects.filter(facet=facet, target_id__in=ids)))
    for parameter, today in TODAY_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            rows = rows.filter(linked_by(TodayLink.objects.filter(facet=today, target_id__in=ids, value="")))
    for parameter, today in TODAY_OF_WORD.items():
        if words := getattr(criteria, parameter):
            rows = rows.filter(linked_by(TodayLink.objects.filter(facet=today, target_id=0, value__in=words)))
    if criteria.kind:
        rows = rows.filter(kind__in=criteria.kind)
    if criteria.language:
        rows = rows.filter(language__in=criteria.language)
    if criteria.has_count is not None:
        rows = rows.filter(has_count=criteria.has_count)
    return rows


def _linked(links: models.QuerySet[Any]) -> Q:
    return Q(pk__in=links.values("entry"))


def _is_linked(links: models.QuerySet[Any]) -> Q:
    return Q(Exists(links.filter(entry=OuterRef("pk"))))


class Identities(Protocol):
    """The numbers of statements, in an order: to be cut into pages, or read one after the other."""

    def __getitem__(self, wanted: slice, /) -> Iterable[int]: ...
    def count(self) -> int: ...
    def iterator(self, chunk_size: int) -> Iterator[int]: ...


def identities(criteria: Criteria) -> Identities:
    """The numbers of the public statements that meet all criteria, in the order that was asked for."""
    if criteria.sort == RELEVANCE:
        return _BestFirst(criteria)
    only = _only(criteria)
    if only is not None and (newest := _links_to(*only)) is not None:
        return newest if criteria.sort == NEWEST else newest.reverse()
    if criteria.issued_after is not None:
        return _SinceADay(criteria, criteria.issued_after.first)
    # Of one value of a column an index has the order.
    if only is None and not criteria.q and criteria.issued_before is None and criteria.restricted():
        return _AmongTheFirst(criteria)
    return matching(criteria).order_by(*SORTS[criteria.sort]).values_list("pk", flat=True)


def _only(criteria: Criteria) -> tuple[str, int | str | bool] | None:
    """The part and its value, where one value of one part is all that was asked for."""
    asked = criteria.restricted()
    if len(asked) != 1 or asked[0] not in _SINGLE:
        return None
    values = getattr(criteria, asked[0])
    if not isinstance(values, tuple):
        return asked[0], values
    return (asked[0], values[0]) if len(values) == 1 else None


def _links_to(parameter: str, value: Any) -> models.QuerySet[Any, int] | None:
    """Its links, which an index sorts, are the list."""
    if (facet := FACET_OF_PARAMETER.get(parameter)) is not None:
        return linked(facet, value)
    if (today := TODAY_OF_PARAMETER.get(parameter)) is not None:
        return linked_today(today, value)
    if (today := TODAY_OF_WORD.get(parameter)) is not None:
        return linked_today(today, value=value)
    return None


_OF_TARGETS: dict[str, str] = {**FACET_OF_PARAMETER, **TODAY_OF_PARAMETER}
_OF_WORDS: dict[str, str] = {**TODAY_OF_WORD, **COUNTED_OF_COLUMN}
_SINGLE = {*_OF_TARGETS, *_OF_WORDS}


def total(criteria: Criteria) -> int:
    """How many public statements meet all criteria. One query; where nothing is left out, or one value or dates are all
    that was asked for, it was counted beforehand.
    """
    asked = criteria.restricted()
    if not asked:
        return how_many(Kind.STATEMENT)[Kind.STATEMENT]
    if set(asked) <= {"issued_after", "issued_before"}:
        return number_between(after=criteria.issued_after, before=criteria.issued_before)
    if (only := _only(criteria)) is not None:
        parameter, value = only
        if parameter in _OF_TARGETS:
            return number_of(_OF_TARGETS[parameter], target_id=int(value))
        word = has_count_as_value(has_count=value) if isinstance(value, bool) else str(value)
        return number_of(_OF_WORDS[parameter], value=word)
    return matching(criteria).count()


def cut(wanted: slice, *, among: models.QuerySet[Any, Any] | None, found: models.QuerySet[Any, Any]) -> list[Any]:
    """These of all that is found: from those among the first where they fill the page. One query, or two."""
    rows = list(among[wanted]) if among is not None else []
    return rows if rows and len(rows) == wanted.stop - wanted.start else list(found[wanted])


class _AmongTheFirst:
    """What several filters find: where they find much, a first page is full among the first rows of the order, each of
    which is asked; else all that they find is read and sorted. One query more where it is not full.
    """

    def __init__(self, criteria: Criteria) -> None:
        order = SORTS[criteria.sort]
        self._found = matching(criteria).order_by(*order).values_list("pk", flat=True)
        last = EntryFacets.objects.order_by(*order).values("issued_from")[_WALKED - 1 : _WALKED]
        until = {"issued_from__gte" if criteria.sort == NEWEST else "issued_from__lte": models.Subquery(last)}
        among = matching(criteria, one_by_one=True).filter(**until)
        self._among = among.order_by(*order).values_list("pk", flat=True)

    def __getitem__(self, wanted: slice) -> list[int]:
        return cut(wanted, among=self._among if wanted.stop <= _FIRST_PAGES else None, found=self._found)

    def count(self) -> int:
        return self._found.count()

    def iterator(self, chunk_size: int) -> Iterator[int]:
        yield from self._found.iterator(chunk_size=chunk_size)


class _SinceADay:
    """Those that begin on that day or later stand in an index in their order. Those that begin before it and may lie
    after it are few: they stand at the other end, and are found by the days on which they begin. One query more.
    """

    def __init__(self, criteria: Criteria, day: datetime.date) -> None:
        self._found = matching(replace(criteria, issued_after=None)).order_by(*SORTS[criteria.sort])
        self._day, self._is_newest_first = day, criteria.sort == NEWEST

    @cached_property
    def _first(self) -> models.QuerySet[EntryFacets, int]:
        return self._later() if self._is_newest_first else self._lasting()

    @cached_property
    def _second(self) -> models.QuerySet[EntryFacets, int]:
        return self._lasting() if self._is_newest_first else self._later()

    def _later(self) -> models.QuerySet[EntryFacets, int]:
        return self._found.filter(issued_from__gte=self._day).values_list("pk", flat=True)

    def _lasting(self) -> models.QuerySet[EntryFacets, int]:
        begin = beginnings_of_what_lasts_until(self._day)
        return self._found.filter(issued_from__in=begin, issued_until__gte=self._day).values_list("pk", flat=True)

    def __getitem__(self, wanted: slice) -> list[int]:
        found = list(self._first[wanted])
        if len(found) < wanted.stop - wanted.start:
            before = wanted.start + len(found) if found else self._first.count()
            found += self._second[max(wanted.start - before, 0) : wanted.stop - before]
        return found

    def count(self) -> int:
        return self._first.count() + self._second.count()

    def iterator(self, chunk_size: int) -> Iterator[int]:
        yield from self._first.iterator(chunk_size=chunk_size)
        yield from self._second.iterator(chunk_size=chunk_size)


class _BestFirst:
    """The newest that were found, the best first, and then the others. What is ranked is found twice, and read once."""

    def __init__(self, criteria: Criteria) -> None:
        found = matching(criteria)
        self._others = found.order_by(*NEWEST_FIRST).values_list("pk", flat=True)
        ranked = EntryFacets.objects.filter(pk__in=found.order_by(*NEWEST_FIRST).values("pk")[:RANKED])
        self._best = best_first(ranked, criteria.q, NEWEST_FIRST).values_list("pk", flat=True)

    def __getitem__(self, wanted: slice) -> list[int]:
        best = self._best[wanted.start : min(wanted.stop, RANKED)] if wanted.start < RANKED else []
        others = self._others[max(wanted.start, RANKED) : wanted.stop] if wanted.stop > RANKED else []
        return [*best, *others]

    def count(self) -> int:
        return self._others.count()

    def iterator(self, chunk_size: int) -> Iterator[int]:
        yield from self._best
        yield from self._others[RANKED:].iterator(chunk_size=chunk_size)


def named(values: Mapping[str, Iterable[str]]) -> dict[str, list[Option]]:
    """Of these slugs, by parameter, those under which something can be found today. One query; none without slugs."""
    rows = []
    for parameter, given in values.items():
        slugs = [slug for slug in given if _SLUG.fullmatch(slug)]
        if slugs:
            columns = (Value(parameter, CharField()), "pk", "slug", _LABELS[KIND_OF_PARAMETER[parameter]])
            rows.append(_named(parameter).filter(slug__in=slugs).order_by().values_list(*columns))
    found: dict[str, list[Option]] = {}
    if rows:
        for parameter, pk, value, label in rows[0].union(*rows[1:], all=True):
            found.setdefault(parameter, []).append(Option(value, pk, label))
    return found


_LABELS = {Kind.ORGANISATION: "name", Kind.SPEAKER: "name", Kind.DEMAND: "title", Kind.MEASURE: "name"}


def _named(parameter: str) -> models.QuerySet[Any]:
    """The rows whose slugs this parameter can have."""
    rows = REFERENCE_MODELS[KIND_OF_PARAMETER[parameter]]._default_manager
    if parameter == "addressee":
        asked = Demand.addressees.through.objects.filter(found_by("demand", Facet.DEMAND), organisation=OuterRef("pk"))
        return rows.filter(found_by("pk", Facet.ADDRESSEE) | Exists(asked))
    return rows.filter(found_by("pk", FACET_OF_PARAMETER[parameter]))


def slugs_given_up(values: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """From (parameter, slug) to the slug of today, for those of these slugs that were given up. One query, and one for
    each kind of which a slug was.
    """
    wanted = Q(pk__in=[])
    for parameter, given in values.items():
        # PostgreSQL refuses to look for some of what else an address may hold, such as NUL.
        slugs = [slug for slug in given if _SLUG.fullmatch(slug)]
        wanted |= Q(kind=KIND_OF_PARAMETER[parameter], slug__in=slugs)
    ids = {(row.kind, row.slug): row.target_id for row in OldSlug.objects.filter(wanted)}
    today: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _slug in ids}:
        targets = [target for (of, _slug), target in ids.items() if of == kind]
        rows = REFERENCE_MODELS[kind]._default_manager.filter(pk__in=targets)
        today.update({(kind, pk): slug for pk, slug in rows.values_list("pk", "slug")})
    return {
        (parameter, slug): today[kind, ids[kind, slug]]
        for parameter, given in values.items()
        for slug in given
        for kind in [KIND_OF_PARAMETER[parameter]]
        if (kind, slug) in ids and (kind, ids[kind, slug]) in today
    }
