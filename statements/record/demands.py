"""How often and by how many a demand was made, and how it stands: counted as readers are told."""

import datetime
from collections.abc import Iterator, Sequence
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
from statements.models import PARTS_IN_IT, Demand, DemandUpdate, Entry, Facet, Link, OldSlug, Source
from statements.record.document import upgraded
from statements.record.names import Kind, Named
from statements.record.quoted import language_of
from statements.record.reading import OLDEST_FIRST, Listed, entries_linked, listed, public_entries, slugs_of
from statements.record.today import Today
from statements.record.use import used_by_the_record


def _first_said(demand: Any, says_again: str) -> Any:
    """Statements that merely repeat or translate a public one that makes this demand are not counted again."""
    return ~Exists(Link.objects.filter(facet=Facet.DEMAND, target_id=demand, entry=OuterRef(says_again)))


def demands_in_use(*, today: datetime.date) -> models.QuerySet[Demand, Any]:
    """The demands that readers may see, those made most often first, each with

    ``shown``: how many statements make it; ``times``: the same, but those that say again what another one said;
    ``organisations``: by how many organisations that issued them; ``joined``: how many others joined one of them or
    delivered it for others; ``people``: by how many speakers whom no organisation speaks for;
    ``status``: how it stands today, or None where nobody has said so.
    """
    making = Link.objects.filter(
        _first_said(OuterRef("target_id"), "entry__says_again"), facet=Facet.DEMAND, target_id=OuterRef("pk")
    ).order_by()
    voices = _voices(OuterRef("pk"))
    issued = Link.objects.filter(entry=OuterRef("entry"), facet=Facet.ISSUER)
    return (
        Demand.objects.filter(used_by_the_record(Demand))
        .annotate(
            shown=_number(Link.objects.filter(facet=Facet.DEMAND, target_id=OuterRef("pk")).order_by(), "entry"),
            times=_number(making, "entry"),
            organisations=_number(voices.filter(facet=Facet.ISSUER), "target_id"),
            # All who have a part less those who issued one. Asked as "not among the issuers", PostgreSQL would compare
            # each with each.
            joined=_number(voices.filter(facet__in=PARTS_IN_IT), "target_id") - F("organisations"),
            people=_number(voices.filter(~Exists(issued), facet=Facet.SPEAKER), "target_id"),
            status=Subquery(_updates_until(today).filter(demand=OuterRef("pk")).values("status")[:1]),
        )
        .order_by("-times", "title", "pk")
    )


def _voices(demand: OuterRef) -> models.QuerySet[Link]:
    """All links of the counted statements that make this demand."""
    links = Link.objects.filter(entry__links__facet=Facet.DEMAND, entry__links__target_id=demand)
    return links.filter(_first_said(OuterRef(demand), "entry__says_again")).order_by()


def _number(links: models.QuerySet[Link], column: str) -> Coalesce:
    counted = links.values(one=Value(1)).annotate(n=Count(column, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


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
    making = Entry.objects.filter(links__facet=Facet.DEMAND, links__target_id=demand.pk)
    first = making.order_by(*OLDEST_FIRST).values("pk")[:1]
    last = making.order_by("-issued_from", "-statement_id").values("pk")[:1]
    return list(public_entries().filter(Q(pk=Subquery(first)) | Q(pk=Subquery(last))).order_by(*OLDEST_FIRST))


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


def counted_statements(demand: Demand) -> models.QuerySet[Entry, Any]:
    """Those that make it, but those that merely say again what a public one of them said."""
    making = Entry.objects.filter(links__facet=Facet.DEMAND, links__target_id=demand.pk)
    return making.filter(_first_said(demand.pk, "says_again"))


def statements_making(demand: Demand) -> models.QuerySet[Entry, Any]:
    """Newest first, with their versions and ``is_counted``."""
    entries = entries_linked([Facet.DEMAND], demand.pk).select_related("version")
    return entries.annotate(is_counted=_first_said(demand.pk, "says_again"))


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
