"""The list of public statements: what readers can ask for, and the one function that turns it into SQL."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import CharField, F, IntegerField, Q, Value
from django.db.models.functions import Cast

from statements import text
from statements.dates import PartialDate, overlapping
from statements.models import (
    PARTS_IN_IT,
    Demand,
    Entry,
    Facet,
    Link,
    Measure,
    OldSlug,
    Organisation,
    OrganisationName,
    Speaker,
    SpeakerName,
)
from statements.record.names import Kind
from statements.record.reading import NEWEST_FIRST, OLDEST_FIRST, public_entries

SORTS = {"-issued": NEWEST_FIRST, "issued": OLDEST_FIRST}
NEWEST = "-issued"

#: Each word is three more conditions, and SQLite takes no expression deeper than a thousand.
MOST_WORDS = 20

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")

#: The parameters whose values are slugs, and of what.
KIND_OF_PARAMETER = {
    "issuer": Kind.ORGANISATION,
    "speaker": Kind.SPEAKER,
    "addressee": Kind.ORGANISATION,
    "demand": Kind.DEMAND,
    "measure": Kind.MEASURE,
}


@dataclass(frozen=True)
class Option:
    """A value that a parameter can have. ``pk`` where it is the slug of a row, ``label`` where it has a name."""

    value: str
    pk: int | None = None
    label: str = ""


@dataclass(frozen=True)
class Criteria:
    """What readers ask for: every part must hold, any of the values of one part. Ids, and values as stored."""

    q: tuple[str, ...] = ()
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


def matching(criteria: Criteria) -> models.QuerySet[Entry]:
    """The public statements that meet all criteria, sorted."""
    entries = public_entries().filter(overlapping("issued", after=criteria.issued_after, before=criteria.issued_before))
    if criteria.q:
        entries = entries.filter(reduce(or_, (_words(q) for q in criteria.q)))
    for facets, ids in (
        (PARTS_IN_IT, criteria.issuer),
        ((Facet.SPEAKER,), criteria.speaker),
        ((Facet.DEMAND,), criteria.demand),
        ((Facet.MEASURE,), criteria.measure),
    ):
        if ids:
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
    return entries.order_by(*SORTS[criteria.sort])


def _linked(facets: Sequence[Facet], targets: Any) -> Q:
    return Q(pk__in=Link.objects.filter(facet__in=facets, target_id__in=targets).values("entry"))


def _words(q: str) -> Q:
    """Every word in the statement's own words, or in a name of one who issued it or speaks in it."""
    condition = Q()
    for word in text.fold(q).split():
        condition &= (
            Q(search_text__contains=word)
            | _linked(PARTS_IN_IT, OrganisationName.objects.filter(folded__contains=word).values("owner"))
            | _linked([Facet.SPEAKER], SpeakerName.objects.filter(folded__contains=word).values("owner"))
        )
    return condition


def options() -> dict[str, list[Option]]:
    """The values of every parameter under which something can be found today. One query."""
    found: dict[str, list[Option]] = {}
    first, *others = _options()
    for parameter, pk, value, label in first.union(*others):
        found.setdefault(parameter, []).append(Option(value, pk, label))
    return found


def _options() -> Iterable[models.QuerySet[Any, Any]]:
    def linked(*facets: Facet) -> models.QuerySet[Link, Any]:
        return Link.objects.filter(facet__in=facets).order_by().values("target_id")

    def rows(parameter: str, found: models.QuerySet[Any, Any], label: str) -> models.QuerySet[Any, Any]:
        columns = (Value(parameter, CharField()), F("pk"), F("slug"), F(label))
        return found.order_by().values_list(*columns)

    def values(parameter: str, found: models.QuerySet[Any, Any], column: str) -> models.QuerySet[Any, Any]:
        nothing = Cast(Value(None), IntegerField())
        columns = (Value(parameter, CharField()), nothing, F(column), Value("", CharField()))
        return found.order_by().exclude(**{column: ""}).values_list(*columns).distinct()

    issuers = Organisation.objects.filter(pk__in=linked(*PARTS_IN_IT))
    demands = Demand.objects.filter(pk__in=linked(Facet.DEMAND))
    asked = Demand.addressees.through.objects.filter(demand__in=linked(Facet.DEMAND))
    addressees = Organisation.objects.filter(Q(pk__in=linked(Facet.ADDRESSEE)) | Q(pk__in=asked.values("organisation")))
    yield rows("issuer", issuers, "name")
    yield rows("speaker", Speaker.objects.filter(pk__in=linked(Facet.SPEAKER)), "name")
    yield rows("addressee", addressees, "name")
    yield rows("demand", demands, "title")
    yield rows("measure", Measure.objects.filter(pk__in=linked(Facet.MEASURE)), "name")
    yield values("kind", Entry.objects.all(), "kind")
    yield values("language", Entry.objects.all(), "language")
    yield values("country", issuers, "country")
    yield values("theme", demands, "theme")


def slugs_given_up(values: dict[str, list[str]]) -> dict[tuple[str, str], int]:
    """From (parameter, slug) to the id that it led to, for those of these slugs that were given up. One query."""
    wanted = Q(pk__in=[])
    for parameter, given in values.items():
        # PostgreSQL refuses to look for some of what else an address may hold, such as NUL.
        slugs = [slug for slug in given if _SLUG.fullmatch(slug)]
        wanted |= Q(kind=KIND_OF_PARAMETER[parameter], slug__in=slugs)
    ids = {(row.kind, row.slug): row.target_id for row in OldSlug.objects.filter(wanted)}
    return {
        (parameter, slug): ids[KIND_OF_PARAMETER[parameter], slug]
        for parameter, slugs in values.items()
        for slug in slugs
        if (KIND_OF_PARAMETER[parameter], slug) in ids
    }
