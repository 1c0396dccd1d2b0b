"""How often and by how many a demand was made, and how it stands: counted as readers are told."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from statements.dates import PartialDate
from statements.models import Counted, Demand, DemandUpdate, DemandVoice, Entry, Facet, Link, OldSlug, Source
from statements.record.document import upgraded
from statements.record.names import Kind, Named
from statements.record.quoted import language_of
from statements.record.reading import OLDEST_FIRST, Listed, in_order, in_use, linked, listed, slugs_of, tallied
from statements.record.today import Today
from statements.record.use import used_by_the_record


def _first_said(demand_id: int) -> Any:
    """Statements that merely repeat or translate a public one that makes this demand are not counted again."""
    return ~Exists(Link.objects.filter(facet=Facet.DEMAND, target_id=demand_id, entry=OuterRef("says_again")))


def demands_in_use(*, today: datetime.date) -> models.QuerySet[Demand, Any]:
    """The demands that readers may see, each with

    ``shown``: how many statements make it; ``times``: the same, but those that say again what another one said;
    ``organisations``: by how many organisations that issued them; ``joined``: how many others joined one of them or
    delivered it for others; ``people``: by how many speakers whom no organisation speaks for;
    ``status``: how it stands today, or None where nobody has said so.
    """
    return in_use(Demand).annotate(
        shown=tallied(Facet.DEMAND),
        times=tallied(Counted.FIRST_SAID),
        organisations=_voices(Facet.ISSUER),
        joined=_voices(Facet.PART) - F("organisations"),
        people=_voices(Facet.SPEAKER),
        status=Subquery(_updates_until(today).filter(demand=OuterRef("pk")).values("status")[:1]),
    )


def _voices(facet: Facet) -> Coalesce:
    of_demand = DemandVoice.objects.filter(demand_id=OuterRef("pk"), facet=facet).order_by()
    # Of rows, not of their numbers, which the index by demand and kind hasn't.
    counted = of_demand.values(one=Value(1)).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def most_often_made() -> models.QuerySet[Demand, int]:
    """The numbers of the demands that readers may see, those made most often first."""
    made_most = in_use(Demand).annotate(times=tallied(Counted.FIRST_SAID)).order_by("-times", "title", "pk")
    return made_most.values_list("pk", flat=True)


def demands(ids: Iterable[int], *, today: datetime.date) -> list[Demand]:
    """These demands as from ``demands_in_use``, in their order. One query."""
    return in_order(demands_in_use(today=today).filter(pk__in=list(ids)), ids)


def _updates_until(day: datetime.date) -> models.QuerySet[DemandUpdate]:
    """Published updates whose last possible day is that day or earlier, the latest first."""
    published = DemandUpdate.objects.published().filter(date_until__lte=day)
    return published.order_by("-date_until", "-date_from", "-pk")


def published_updates(demand: Demand) -> list[DemandUpdate]:
    """The latest first, each with its source. One query."""
    updates = DemandUpdate.objects.published().filter(demand=demand).select_related("source")
    return list(updates.order_by("-date_until", "-date_from", "-pk"))


def updates_resting_on(source: Source) -> list[DemandUpdate]:
    """The published updates, of demands that readers may see, that rest on this source. One query."""
    updates = DemandUpdate.objects.published().filter(source=source).select_related("demand")
    readable = Demand.objects.filter(used_by_the_record(Demand)).values("pk")
    return list(updates.filter(demand__in=readable).order_by("-date_until", "-date_from", "-pk"))


def first_and_last(demand: Demand) -> list[Entry]:
    """The oldest and the newest statement that makes it: one or two. One query."""
    newest_first = linked(Facet.DEMAND, demand.pk)
    first, last = newest_first.reverse()[:1], newest_first[:1]
    # As two numbers, not as sets: PostgreSQL would look for what is in either among all statements.
    return list(Entry.objects.filter(Q(pk=Subquery(first)) | Q(pk=Subquery(last))).order_by(*OLDEST_FIRST))


@dataclass(frozen=True)
class Making:
    """How one statement makes a demand: one of its mentions."""

    quote: str
    language: str
    force: str
    is_reiterated: bool
    addressees: list[Named]
    deadline: PartialDate | None
    locator: str
    note: str


@dataclass(frozen=True)
class Made:
    """A statement that makes a demand. Unless ``is_counted`` it only repeats or translates a public one."""

    statement: Listed
    is_counted: bool
    makings: list[Making]


def statements_making(demand: Demand, ids: Iterable[int]) -> list[Entry]:
    """These statements, which make it, in their order, with their versions and ``is_counted``. One query."""
    rows = Entry.objects.filter(pk__in=list(ids)).select_related("version")
    return in_order(rows.annotate(is_counted=_first_said(demand.pk)), ids)


def made(demand: Demand, entries: Sequence[Any]) -> list[Made]:
    """How each of these statements (from ``statements_making``) makes the demand. Three queries; four where somebody
    whom a statement names was merged since.
    """
    rows = listed(entries, with_figures=False)
    given_up = {(str(Kind.DEMAND), slug): demand.slug for slug in slugs_of(Kind.DEMAND, demand)}
    today = Today({**given_up, **_addressees_today(rows)})
    return [
        Made(row, row.entry.is_counted, list(_makings(row, demand, today)))  # type: ignore[attr-defined]  # an annotation
        for row in rows
    ]


def _addressees_today(rows: Sequence[Listed]) -> dict[tuple[str, str], str]:
    named = {organisation.pk: organisation.slug for row in rows for organisation in row.addressees}
    mentions = [mention for row in rows for mention in upgraded(row.entry.version.document)["content"]["mentions"]]
    given_up = {slug for mention in mentions for slug in mention["addressees"]} - set(named.values())
    old = OldSlug.objects.filter(kind=Kind.ORGANISATION, slug__in=given_up) if given_up else OldSlug.objects.none()
    return {(str(Kind.ORGANISATION), row.slug): named[row.target_id] for row in old if row.target_id in named}


def _makings(row: Listed, demand: Demand, today: Today) -> Iterator[Making]:
    content = today.content(upgraded(row.entry.version.document)["content"])
    addressees = {named.slug: named for named in row.addressees}
    for mention in content["mentions"]:
        if mention["demand"] == demand.slug:
            yield Making(
                quote=mention["quote"],
                language=language_of(mention["quote"], content),
                force=mention["force"],
                is_reiterated=mention["is_reiterated"],
                addressees=[addressees[slug] for slug in mention["addressees"] if slug in addressees],
                deadline=PartialDate.parse(mention["deadline"]) if mention["deadline"] else None,
                locator=mention["locator"],
                note=mention["note"],
            )
