"""The list of public statements: what readers can ask for, and the one function that turns it into SQL."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value

from statements.dates import PartialDate, overlapping
from statements.models import Counted, Demand, EntryFacets, Facet, Link, OldSlug, Tally, TodayFacet, TodayLink
from statements.record.identities import REFERENCE_MODELS
from statements.record.names import Kind
from statements.record.reading import (
    linked,
    linked_today,
    number_between,
    number_of,
)
from statements.record.search import Search, condition
from statements.record.sitemap import how_many
from statements.record.tally import has_count_as_value
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


def matching(criteria: Criteria, *, one_by_one: bool = False, but: str = "") -> models.QuerySet[EntryFacets]:
    """The public statements that meet all criteria, as narrow rows in no order. ``one_by_one``: each is asked whether
    it is linked, instead of reading all that are; for whoever looks at few. ``but`` is the part that finds the fewest,
    where that is known: what is linked to it is read, and each asked for the other parts.
    """
    rows = EntryFacets.objects.filter(
        overlapping("issued", after=criteria.issued_after, before=criteria.issued_before)
    ).order_by()
    if criteria.q:
        rows = rows.filter(condition(criteria.q, one_by_one=one_by_one))

    def linked_by(parameter: str, links: models.QuerySet[Any]) -> Q:
        each = one_by_one or but not in ("", parameter)
        return Q(Exists(links.filter(entry=OuterRef("pk")))) if each else Q(pk__in=links.values("entry"))

    for parameter, facet in FACET_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            rows = rows.filter(linked_by(parameter, Link.objects.filter(facet=facet, target_id__in=ids)))
    for parameter, today in TODAY_OF_PARAMETER.items():
        if ids := getattr(criteria, parameter):
            rows = rows.filter(linked_by(parameter, TodayLink.objects.filter(facet=today, target_id__in=ids, value="")))
    for parameter, today in TODAY_OF_WORD.items():
        if words := getattr(criteria, parameter):
            rows = rows.filter(
                linked_by(parameter, TodayLink.objects.filter(facet=today, target_id=0, value__in=words))
            )
    if criteria.kind:
        rows = rows.filter(kind__in=criteria.kind)
    if criteria.language:
        rows = rows.filter(language__in=criteria.language)
    if criteria.has_count is not None:
        rows = rows.filter(has_count=criteria.has_count)
    return rows


_OF_TARGETS: dict[str, str] = {**FACET_OF_PARAMETER, **TODAY_OF_PARAMETER}
_OF_WORDS: dict[str, str] = {**TODAY_OF_WORD, **COUNTED_OF_COLUMN}
#: The parts of which it is counted beforehand how many each value finds.
TALLIED = {*_OF_TARGETS, *_OF_WORDS}


def single_value(criteria: Criteria, parameter: str) -> Any:
    """What this part asks for where that is one value, else None."""
    values = getattr(criteria, parameter) if parameter in TALLIED else None
    if isinstance(values, tuple):
        return values[0] if len(values) == 1 else None
    return values


def links_to(parameter: str, value: Any) -> models.QuerySet[Any, int] | None:
    """The numbers of the statements that this value finds, newest first, where links say so: an index has them in that
    order. Of columns the index of the narrow rows has it.
    """
    if (facet := FACET_OF_PARAMETER.get(parameter)) is not None:
        return linked(facet, value)
    if (today := TODAY_OF_PARAMETER.get(parameter)) is not None:
        return linked_today(today, value)
    if (today := TODAY_OF_WORD.get(parameter)) is not None:
        return linked_today(today, value=value)
    return None


def numbers_of(criteria: Criteria) -> dict[str, int]:
    """How many public statements each part finds by itself, and under "" how many there are; where a part has several
    values at least so many as it finds. One query.
    """
    wanted = Q(of=Counted.KIND)
    for parameter, of in _OF_TARGETS.items():
        wanted |= Q(of=of, target_id__in=getattr(criteria, parameter), value="")
    for parameter, of in _OF_WORDS.items():
        wanted |= Q(of=of, target_id=0, value__in=_words(criteria, parameter))
    found = dict.fromkeys(("", *TALLIED), 0)
    for of, value, number in Tally.objects.filter(wanted).order_by().values_list("of", "value", "number"):
        parameter = _PARAMETER_OF_TALLY[of]
        if of == Counted.KIND:
            found[""] += number
            if value not in criteria.kind:
                continue
        found[parameter] += number
    return found


_PARAMETER_OF_TALLY = {of: parameter for parameter, of in (_OF_TARGETS | _OF_WORDS).items()}


def _words(criteria: Criteria, parameter: str) -> tuple[str, ...]:
    """The values of this part as they are counted."""
    values = getattr(criteria, parameter)
    if values is None:
        return ()
    return values if isinstance(values, tuple) else (has_count_as_value(has_count=values),)


def total(criteria: Criteria) -> int:
    """How many public statements meet all criteria. One query; where nothing is left out, or one value or dates are all
    that was asked for, it was counted beforehand.
    """
    asked = criteria.restricted()
    if not asked:
        return how_many(Kind.STATEMENT)[Kind.STATEMENT]
    if set(asked) <= {"issued_after", "issued_before"}:
        return number_between(after=criteria.issued_after, before=criteria.issued_before)
    if len(asked) == 1 and (value := single_value(criteria, asked[0])) is not None:
        if asked[0] in _OF_TARGETS:
            return number_of(_OF_TARGETS[asked[0]], target_id=value)
        return number_of(_OF_WORDS[asked[0]], value=_words(criteria, asked[0])[0])
    return matching(criteria).count()


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
