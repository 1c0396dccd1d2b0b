"""The numbers of the statements that a list finds, in its order: to be cut into pages, or read one after the other.

An index has the order of all statements, and of those of each single value. So of several filters the one that finds
the fewest is walked through in its order, and each statement is asked whether it meets the others, until the page is
full. What has no such list, several values or words, is asked of the first rows where these are likely to fill the
page; else all that is found is read and sorted.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from statements.dates import overlapping
from statements.models import EntryFacets
from statements.record.listing import (
    NEWEST,
    NEWEST_FIRST,
    RELEVANCE,
    SORTS,
    TALLIED,
    Criteria,
    links_to,
    matching,
    numbers_of,
    single_value,
)
from statements.record.reading import beginnings_of_what_lasts_until
from statements.record.search import RANKED, best_first, looks_for_few_words

#: So many rows of the order are asked one by one where a page is likely to be full among them.
_WALKED = 5000
#: Such a page may need twice the rows that it would if what is found were spread evenly.
_UNEVEN = 2
#: Pages that end later are not looked for among the first rows, unless it is known how much is found.
_FIRST_PAGES = 100

Rows = models.QuerySet[Any, Any]


class Identities(Protocol):
    """The numbers of statements, in an order: to be cut into pages, or read one after the other."""

    def __getitem__(self, wanted: slice, /) -> Iterable[int]: ...
    def count(self) -> int: ...
    def iterator(self, chunk_size: int) -> Iterator[int]: ...


def identities(criteria: Criteria, *, number: int | None = None) -> Identities:
    """The numbers of the public statements that meet all criteria, in the order that was asked for. ``number`` is how
    many there are, where that is known. A page costs one query; one more with several filters, two with words, and one
    where it is not full among the first rows.
    """
    if criteria.sort == RELEVANCE:
        return _BestFirst(criteria)
    if criteria.issued_after is not None:
        return _SinceADay(criteria, criteria.issued_after.first, number=number)
    return _InOrder(criteria, number=number)


def cut(wanted: slice, *, among: Rows | None, found: Rows) -> list[Any]:
    """These of all that is found: from those among the first where they fill the page. One query, or two."""
    rows = list(among[wanted]) if among is not None else []
    return rows if rows and len(rows) == wanted.stop - wanted.start else list(found[wanted])


class _InOrder:
    """Those that begin on a day or later; all of them without one."""

    def __init__(self, criteria: Criteria, *, since: datetime.date | None = None, number: int | None = None) -> None:
        self._criteria = replace(criteria, issued_after=None, issued_before=None)
        begins = overlapping("issued", before=criteria.issued_before)
        self._days = begins if since is None else begins & Q(issued_from__gte=since)
        self._number = number

    @cached_property
    def _parts(self) -> list[str]:
        return [name for name in self._criteria.restricted() if name in TALLIED]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return numbers_of(self._criteria)

    @cached_property
    def _smallest(self) -> str:
        """The part that finds the fewest, "" without any."""
        if len(self._parts) < 2:
            return "".join(self._parts)
        return min(self._parts, key=self._numbers.__getitem__)

    @property
    def _read(self) -> str:
        """The part of which all is read where all that is found is."""
        return "q" if self._criteria.q else self._smallest

    @cached_property
    def _list(self) -> str:
        """The part whose list is walked through, "" for that of all statements."""
        return self._smallest if single_value(self._criteria, self._smallest) is not None else ""

    @property
    def _links(self) -> Rows | None:
        """The list, where links are."""
        return links_to(self._list, single_value(self._criteria, self._list))

    def _is_soon_full(self, wanted: slice) -> bool:
        """Whether this page is likely to be full among the first rows of the list."""
        if self._number is None:
            return False
        return wanted.stop * self._numbers[self._list] * _UNEVEN <= _WALKED * self._number

    def _in_order(self, rows: Rows) -> Rows:
        """Links, or narrow rows."""
        return rows.filter(self._days).order_by(*SORTS[self._criteria.sort]).values_list("entry_id", flat=True)

    def _walk(self, wanted: slice | None = None) -> Rows:
        """The list in its order, each row asked for all else, for this page."""
        links, others = self._links, self._criteria.without(self._list)
        if links is None:
            return self._in_order(matching(self._criteria, one_by_one=True))
        if not others.restricted():
            return self._in_order(links)
        each = matching(others, one_by_one=True).filter(pk=OuterRef("entry_id"))
        # What must equal a number is asked row by row. Of what only must exist PostgreSQL, which guesses that several
        # filters find next to nothing, reads all.
        is_short = wanted is not None and self._is_soon_full(wanted)
        asked = Q(entry_id=models.Subquery(each.values("pk")[:1])) if is_short else Q(Exists(each))
        return self._in_order(links.filter(asked))

    def _among_the_first(self) -> Rows:
        rows = self._links
        if rows is None:
            others = (part for part in self._criteria.restricted() if part != self._list)
            rows = matching(self._criteria.without(*others))
        last = self._in_order(rows).values("issued_from")[_WALKED - 1 : _WALKED]
        end = "issued_from__gte" if self._criteria.sort == NEWEST else "issued_from__lte"
        return self._walk().filter(**{end: models.Subquery(last)})

    def _found(self) -> Rows:
        """All that is found, sorted."""
        rows = self._in_order(matching(self._criteria, but=self._read))
        if not self._criteria.q:
            return rows
        # PostgreSQL guesses how many have a word. Left to choose, it reads the texts of all, one by one, in the order
        # of their dates; no index has this order.
        first = Coalesce(F("issued_from"), F("issued_until"))
        is_newest_first = self._criteria.sort == NEWEST
        return rows.order_by(first.desc() if is_newest_first else first, SORTS[self._criteria.sort][1])

    @property
    def _is_a_list(self) -> bool:
        """Whether a walk through it, to the end if need be, costs no more than to read all that is found."""
        return not self._criteria.q and bool(self._list or not self._parts)

    def __getitem__(self, wanted: slice) -> list[int]:
        if self._is_a_list:
            return list(self._walk(wanted)[wanted])
        if not self._criteria.q:
            among = self._among_the_first() if wanted.stop <= _FIRST_PAGES else None
            return cut(wanted, among=among, found=self._found())
        if not looks_for_few_words(self._criteria.q):
            return list(self._found()[wanted])
        if self._numbers[self._list] <= _WALKED:
            return list(self._walk()[wanted])
        return cut(wanted, among=self._among_the_first() if self._is_soon_full(wanted) else None, found=self._found())

    def count(self) -> int:
        return matching(self._criteria, but=self._read).filter(self._days).count()

    def iterator(self, chunk_size: int) -> Iterator[int]:
        rows = self._walk() if self._is_a_list else self._found()
        yield from rows.iterator(chunk_size=chunk_size)


class _SinceADay:
    """Those that begin on that day or later stand in an index in their order. Those that begin before it and may lie
    after it are few: they stand at the other end, and are found by the days on which they begin. One query more.
    """

    def __init__(self, criteria: Criteria, day: datetime.date, *, number: int | None) -> None:
        self._later = _InOrder(criteria, since=day, number=number)
        self._criteria, self._day = replace(criteria, issued_after=None), day
        self._is_newest_first = criteria.sort == NEWEST

    @cached_property
    def _lasting(self) -> Rows:
        begin = beginnings_of_what_lasts_until(self._day)
        rows = matching(self._criteria, one_by_one=True).filter(issued_from__in=begin, issued_until__gte=self._day)
        return rows.order_by(*SORTS[self._criteria.sort]).values_list("pk", flat=True)

    @property
    def _first(self) -> Identities:
        return self._later if self._is_newest_first else self._lasting

    @property
    def _second(self) -> Identities:
        return self._lasting if self._is_newest_first else self._later

    def __getitem__(self, wanted: slice) -> list[int]:
        found = list(self._first[wanted])
        if len(found) < wanted.stop - wanted.start:
            before = wanted.start + len(found) if found or not wanted.start else self._first.count()
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
