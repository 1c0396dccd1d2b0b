"""What was published last, of all that something finds: the order of feeds.

No index has both, what something finds and when that was published. So those that were published last are walked
through, and each is asked whether it is found; what finds few, or nothing that is new, is read and sorted.
"""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from statements.models import Entry, Facet, Figure, Link
from statements.record.listing import FACET_OF_PARAMETER, Criteria, matching
from statements.record.ordering import cut

#: So many of the last published are walked through; where no more is found at all, that is sorted.
NEWEST = 2000

Rows = models.QuerySet[Any, Any]


class LastPublished:
    """Identities, to be cut into pages: one query for a page, two where the last NEWEST are not enough for it."""

    def __init__(self, among: Rows, found: Rows, *, number: int) -> None:
        """``found``: all, of which there are this ``number``; ``among``: the newest of these, in the same order."""
        self._among, self._found, self._number = among, found, number

    def __getitem__(self, wanted: slice) -> list[Any]:
        return cut(wanted, among=self._among if self._number > NEWEST >= wanted.stop else None, found=self._found)

    def count(self) -> int:
        return self._number


def statements_last_published(criteria: Criteria, *, number: int) -> LastPublished:
    """The numbers of those that meet the criteria."""
    asked = criteria.restricted()
    facet = FACET_OF_PARAMETER.get(asked[0]) if len(asked) == 1 else None
    if facet is not None and len(targets := getattr(criteria, asked[0])) == 1:
        return linked_last_published(facet, targets[0], number=number)
    each = matching(criteria, one_by_one=True).filter(pk=OuterRef("pk"))
    found = _in_order(matching(criteria).values("pk"))
    return LastPublished(_newest().filter(Exists(each)), found, number=number)


def linked_last_published(facet: Facet, target_id: int, *, number: int) -> LastPublished:
    """The numbers of those that are found by one target."""
    links = Link.objects.filter(facet=facet, target_id=target_id)
    return LastPublished(_newest_linked(links), _in_order(links.values("entry")), number=number)


def figures_last_published(measure_id: int, *, number: int) -> LastPublished:
    """The keys of the figures of a measure."""
    figures = Figure.objects.filter(measure=measure_id)
    keys = figures.order_by("-entry__published_at", "-entry_id", "id").values_list("key", flat=True)
    # Each of these statements has one figure at least.
    links = Link.objects.filter(facet=Facet.MEASURE, target_id=measure_id)
    return LastPublished(keys.filter(entry__in=_newest_linked(links)[:NEWEST]), keys, number=number)


def _newest_linked(links: models.QuerySet[Link]) -> Rows:
    """Each of the newest is looked up: asked for as a set, all links would be read first."""
    return _newest().filter(Exists(links.filter(entry=OuterRef("pk"))))


def _newest() -> Rows:
    """The last NEWEST that were published, the last first; none where there are fewer in all."""
    last = Entry.objects.order_by("-published_at", "-pk").values("published_at")
    return _in_order().filter(published_at__gte=models.Subquery(last[NEWEST - 1 : NEWEST]))


def _in_order(found: Rows | None = None) -> Rows:
    entries = Entry.objects.order_by("-published_at", "-pk").values_list("pk", flat=True)
    return entries if found is None else entries.filter(pk__in=found)
