"""The list of public statements: what readers can ask for, and the one function that turns it into SQL."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value

from statements.dates import PartialDate, overlapping
from statements.models import Demand, EntryFacets, Facet, Link, OldSlug, Organisation
from statements.record.index import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.reading import linked, number_of
from statements.record.search import RANKED, Search, best_first, condition
from statements.record.sitemap import how_many
from statements.record.use import found_by

#: Neither key changes when the index is made anew.
NEWEST_FIRST, OLDEST_FIRST = ("-issued_from", "-entry_id"), ("issued_from", "entry_id")
SORTS = {"-issued": NEWEST_FIRST, "issued": OLDEST_FIRST}
NEWEST = "-issued"
#: Only of statements that were searched for.
RELEVANCE = "relevance"

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")

#: The parameters whose values are slugs, and of what.
KIND_OF_PARAMETER = {
    "issuer": Kind.ORGANISATION,
    "speaker": Kind.SPEAKER,
    "addressee": Kind.ORGANISATION,
    "demand": Kind.DEMAND,
    "measure": Kind.MEASURE,
}
#: By which link they find a statement. An addressee is found through demands, too.
FACET_OF_PARAMETER = {
    "issuer": Facet.PART,
    "speaker": Facet.SPEAKER,
    "demand": Facet.DEMAND,
    "measure": Facet.MEASURE,
}


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


def matching(criteria: Criteria) -> models.QuerySet[EntryFacets]:
    """The public statements that meet all criteria, as narrow rows in no order."""
    rows = EntryFacets.objects.filter(
        overlapping("issued", after=criteria.issued_after, before=criteria.issued_before)
    ).order_by()
    if criteria.q:
        rows = rows.filter(condition(criteria.q))
    for parameter, facet in FACET_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            rows = rows.filter(_linked(facet, ids))
    if criteria.addressee:
        of_demands = Demand.addressees.through.objects.filter(organisation__in=criteria.addressee).values("demand")
        rows = rows.filter(
            _linked(Facet.ADDRESSEE, criteria.addressee) | _linked(Facet.DEMAND_AS_ADDRESSED, of_demands)
        )
    if criteria.country:
        of_it = Organisation.objects.filter(country__in=criteria.country).values("pk")
        rows = rows.filter(_linked(Facet.PART, of_it))
    if criteria.theme:
        rows = rows.filter(_linked(Facet.DEMAND, Demand.objects.filter(theme__in=criteria.theme).values("pk")))
    if criteria.kind:
        rows = rows.filter(kind__in=criteria.kind)
    if criteria.language:
        rows = rows.filter(language__in=criteria.language)
    if criteria.has_count is not None:
        rows = rows.filter(has_count=criteria.has_count)
    return rows


def _linked(facet: Facet, targets: Any) -> Q:
    return Q(pk__in=Link.objects.filter(facet=facet, target_id__in=targets).values("entry"))


class Identities(Protocol):
    """The numbers of statements, in an order: to be cut into pages, or read one after the other."""

    def __getitem__(self, wanted: slice, /) -> Iterable[int]: ...
    def count(self) -> int: ...
    def iterator(self, chunk_size: int) -> Iterator[int]: ...


def identities(criteria: Criteria) -> Identities:
    """The numbers of the public statements that meet all criteria, in the order that was asked for."""
    if criteria.sort == RELEVANCE:
        return _BestFirst(criteria)
    if (only := _only_link(criteria)) is not None:
        newest = linked(*only)
        return newest if criteria.sort == NEWEST else newest.reverse()
    return matching(criteria).order_by(*SORTS[criteria.sort]).values_list("pk", flat=True)


def _only_link(criteria: Criteria) -> tuple[Facet, int] | None:
    """Where one target is all that was asked for: its links, which an index sorts, are the list."""
    asked = criteria.restricted()
    facet = FACET_OF_PARAMETER.get(asked[0]) if len(asked) == 1 else None
    targets: tuple[int, ...] = getattr(criteria, asked[0]) if facet is not None else ()
    return (facet, targets[0]) if facet is not None and len(targets) == 1 else None


def total(criteria: Criteria) -> int:
    """How many public statements meet all criteria. One query; where nothing is left out, or one target is all that was
    asked for, it was counted beforehand.
    """
    if not criteria.restricted():
        return how_many(Kind.STATEMENT)[Kind.STATEMENT]
    if (only := _only_link(criteria)) is not None:
        return number_of(*only)
    return matching(criteria).count()


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
