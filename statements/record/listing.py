"""The list of public statements: what readers can ask for, and the one function that turns it into SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import models
from django.db.models import CharField, Q, Value

from statements.dates import PartialDate, overlapping
from statements.models import (
    PARTS_IN_IT,
    Demand,
    Entry,
    Facet,
    Link,
    OldSlug,
    Organisation,
)
from statements.record.index import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.reading import NEWEST_FIRST, OLDEST_FIRST, public_entries
from statements.record.search import Search, best_first, condition

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
#: By which links they find a statement. An addressee is found through demands, too.
FACETS_OF_PARAMETER: dict[str, tuple[Facet, ...]] = {
    "issuer": PARTS_IN_IT,
    "speaker": (Facet.SPEAKER,),
    "demand": (Facet.DEMAND,),
    "measure": (Facet.MEASURE,),
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


def matching(criteria: Criteria) -> models.QuerySet[Entry]:
    """The public statements that meet all criteria, sorted."""
    entries = public_entries().filter(overlapping("issued", after=criteria.issued_after, before=criteria.issued_before))
    if criteria.q:
        entries = entries.filter(condition(criteria.q))
    for parameter, facets in FACETS_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            entries = entries.filter(_linked(facets, ids))
    if criteria.addressee:
        of_demands = Demand.addressees.through.objects.filter(organisation__in=criteria.addressee).values("demand")
        entries = entries.filter(
            _linked([Facet.ADDRESSEE], criteria.addressee) | _linked([Facet.DEMAND_AS_ADDRESSED], of_demands)
        )
    if criteria.country:
        entries = entries.filter(
            _linked(PARTS_IN_IT, Organisation.objects.filter(country__in=criteria.country).values("pk"))
        )
    if criteria.theme:
        entries = entries.filter(_linked([Facet.DEMAND], Demand.objects.filter(theme__in=criteria.theme).values("pk")))
    if criteria.kind:
        entries = entries.filter(kind__in=criteria.kind)
    if criteria.language:
        entries = entries.filter(language__in=criteria.language)
    if criteria.has_count is not None:
        entries = entries.filter(has_count=criteria.has_count)
    if criteria.sort == RELEVANCE:
        return best_first(entries, criteria.q, NEWEST_FIRST)
    return entries.order_by(*SORTS[criteria.sort])


def _linked(facets: Sequence[Facet], targets: Any) -> Q:
    return Q(pk__in=Link.objects.filter(facet__in=facets, target_id__in=targets).values("entry"))


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
        asked = Demand.addressees.through.objects.filter(demand__in=_linked_to(Facet.DEMAND)).values("organisation")
        return rows.filter(Q(pk__in=_linked_to(Facet.ADDRESSEE)) | Q(pk__in=asked))
    return rows.filter(pk__in=_linked_to(*FACETS_OF_PARAMETER[parameter]))


def _linked_to(*facets: Facet) -> models.QuerySet[Link, Any]:
    return Link.objects.filter(facet__in=facets).order_by().values("target_id")


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
