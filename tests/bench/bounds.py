"""What each kind of case may cost, at the largest size and beside what it is measured with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """``most`` is in times of what the case is measured beside, ``least`` a part of it; ``grows`` in times of its own
    ratio at the smallest size; ``linear`` in times of its own seconds for ten times the rows. ``queries``, ``bytes``
    and ``read`` hold at any size: rows that PostgreSQL reads for all queries together, or SQLite's steps by ten.
    """

    title: str
    most: float | None = None
    least: float | None = None
    grows: float | None = None
    linear: float | None = None
    queries: int | None = None
    bytes: int | None = None
    read: int | None = None
    unit: str = "x"

    @property
    def words(self) -> str:
        """As the table says it."""
        parts = [
            f"at most {self.most:g} {self.unit}" if self.most is not None else "",
            f"at least {self.least:.0%}" if self.least is not None else "",
            f"growth {self.grows:g} x" if self.grows is not None else "",
            f"{self.linear:g} x for ten times the rows" if self.linear is not None else "",
        ]
        return ", ".join(part for part in parts if part) or "none"


FLOOR = "floor"
FIRST_PAGE = "no filter, newest first"
EMPTY_VIEW = "an empty view"

#: Of a list's page: 25 statements with all that stands beside them.
_LIST = 220_000

BOUNDS = {
    FLOOR: Bound("the list's template, rendered from memory"),
    "one filter": Bound("list, one filter, any order", most=2.5, grows=1.3, queries=8, bytes=_LIST, read=12_000),
    "filters": Bound("list, several filters", most=10, queries=8, bytes=_LIST, read=40_000),
    "deep": Bound("list, a deep page", most=1.5, queries=8, bytes=_LIST),
    "total": Bound("list, showing the total", most=1.3),
    "whole": Bound("list with its facets, the whole page", queries=12, bytes=_LIST),
    "facets": Bound("facets, no filter", most=60, queries=4),
    "facets of one": Bound("facets, one common issuer", most=10, queries=4),
    "facets again": Bound("facets, cached", most=0.3),
    "search": Bound("search, newest first", most=10, queries=9, bytes=_LIST),
    "rank": Bound("search by rank", most=50, queries=9, bytes=_LIST),
    "statement": Bound("a statement with everything on it", most=1.0, queries=7, bytes=120_000, read=4_000),
    "behind": Bound("a demand's and a measure's page", most=5, queries=12, bytes=500_000, read=20_000),
    "other": Bound("other pages", queries=13, bytes=400_000),
    "sitemap": Bound("a part of the sitemap", queries=2, bytes=1_500_000),
    "writing": Bound("saving or publishing a statement", grows=1.5, queries=120),
    "304 on PostgreSQL": Bound("304 answers under Gunicorn", least=0.4),
    "304 on SQLite": Bound("304 answers under Gunicorn", least=0.2),
    "cached": Bound("cached pages under Gunicorn", least=0.75),
    "plain": Bound("pages without a cache under Gunicorn"),
    "copy": Bound("COPY of what a whole file is made of"),
    "files": Bound("whole files, rows a second to COPY TO", least=0.3),
    "memory": Bound("whole files, MB more", most=64, unit="MB"),
    "desk": Bound("admin: lists and autocompletes", most=10, grows=1.3, queries=40, bytes=500_000),
    "rebuild": Bound("rebuild_record", linear=12),
}
