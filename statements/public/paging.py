"""Pages of a long list, without a cookie or a script."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

T = TypeVar("T")

#: A page further back than so many rows costs more than the first one: an index says where a row is, not its number.
MOST_ROWS = 50_000


class Rows(Protocol):
    """What is cut into pages: a queryset, or what reads like one."""

    def __getitem__(self, wanted: slice, /) -> Any: ...
    def count(self) -> int: ...


class _Counted(Paginator):
    """A paginator that was told how many rows there are."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


class Paged(Generic[T]):
    """One page of rows, and the queries that lead to its neighbours. ``is_cut``: there are more pages than ``last``,
    and nobody can open them.
    """

    def __init__(self, rows: Sequence[T], paginator: Paginator, number: int, query: str) -> None:
        self.rows = rows
        self.total = paginator.count
        self.number = number
        self.last = _last(paginator)
        self.is_cut = self.last < paginator.num_pages
        self.per_page = paginator.per_page
        self._query = query.removeprefix("?")

    @property
    def previous_url(self) -> str:
        return self._url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1) if self.number < self.last else ""

    @property
    def own_query(self) -> str:
        """That of this very page; blank for the first one of everything."""
        query = self._url(self.number)
        return query if query != "?" else ""

    def _url(self, number: int) -> str:
        parts = [self._query] if self._query else []
        if number > 1:
            parts.append(f"page={number}")
        return "?" + "&".join(parts)


class NoSuchPage(Exception):
    """Its text is a sentence for the reader."""


def paged(
    rows: Rows,
    given: Sequence[str],
    *,
    size: int,
    query: str = "",
    count: int | None = None,
    read: Callable[[Sequence[Any]], list[Any]] = list,
) -> Paged[Any]:
    """The page that the values of ``page`` ask for; raises NoSuchPage. Two queries, one where the count is known, and
    those of ``read``: from what ``rows`` gives, such as numbers that stand in an index, it makes what is shown.
    """
    wanted = [value for value in given if value.strip()] or ["1"]
    if len(wanted) > 1:
        raise NoSuchPage(_("The page was given more than once."))
    if not (wanted[0].isascii() and wanted[0].isdigit()):
        raise NoSuchPage(_("“%(page)s” is not the number of a page.") % {"page": wanted[0]})
    paginator = _Counted(rows, size, rows.count() if count is None else count)
    try:
        page = paginator.page(wanted[0])
    except InvalidPage:  # also a number with more digits than Python reads
        raise NoSuchPage(
            _("There is no page %(page)s: the last one is %(last)s.") % {"page": wanted[0], "last": _last(paginator)}
        ) from None
    if page.number > _last(paginator):
        sentence = _("There is no page %(page)s: lists end at page %(last)s. Narrow it down, or download all of it.")
        raise NoSuchPage(sentence % {"page": page.number, "last": _last(paginator)})
    return Paged(read(list(page.object_list)), paginator, page.number, query)


def _last(paginator: Paginator) -> int:
    return min(paginator.num_pages, MOST_ROWS // paginator.per_page)


def paged_or_404(
    request: HttpRequest,
    rows: Rows,
    *,
    size: int,
    query: str = "",
    count: int | None = None,
    read: Callable[[Sequence[Any]], list[Any]] = list,
) -> Paged[Any]:
    try:
        return paged(rows, request.GET.getlist("page"), size=size, query=query, count=count, read=read)
    except NoSuchPage as error:
        raise Http404(str(error)) from error
