"""The lists of the desk and its autocompletes cost the same however much is stored.

They are counted up to MOST rows, and are no longer: further on, a search or a filter leads to what somebody wants.
Which rows stand on a page is asked first, of an index; what is shown of them afterwards, of these rows alone.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.http import HttpRequest

from statements.models.counting import count_to
from statements.models.finding import MOST_FOUND

if TYPE_CHECKING:
    from statements.admin.base import DeskAdmin

#: Of a row, in an address or a form: no database has room for longer ones.
NUMBER = re.compile(r"[0-9]{1,18}")

#: The longest list. A search finds so many, too.
MOST = MOST_FOUND

Rows = models.QuerySet[Any, Any]


def more_than(number: int, rows: Rows) -> bool:
    """Whether there are more rows than that. Reads so many and one at most."""
    return count_to(number, rows) > number


def said(number: int, most: int) -> str:
    """A number that was counted no further than to ``most`` + 1: 10,000+."""
    return f"{most:,}+" if number > most else f"{number:,}"


class DeskPaginator(Paginator):
    """Of a queryset, or of a list with one more than MOST where there are more. ``count`` is at most MOST; ``is_cut``
    says whether there is more.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else count_to(MOST, rows)

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        return self._counted > MOST


class DeskChangeList(ChangeList):
    """``is_cut``: there are more rows than the list has. ``is_search_cut``: the search found more than it looks at."""

    is_cut = False
    is_search_cut = False

    def get_filters(self, request: HttpRequest) -> Any:
        """PostgreSQL raises on a NUL: a parameter with one is answered like any other that can't be read."""
        if any("\0" in value for values in self.filter_params.values() for value in values):
            raise IncorrectLookupParameters
        return super().get_filters(request)

    def get_ordering_field(self, field_name: Any) -> Any:
        """Only by what its heading offers: for anything else no index is there."""
        offered = self.sortable_by
        return super().get_ordering_field(field_name) if offered is None or field_name in offered else None

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """As it is without, where something else is asked for."""
        ordering: list[Any] = super().get_ordering(request, queryset)
        if ORDER_VAR in self.params and ordering == ["-pk"]:
            del self.params[ORDER_VAR]
            ordering = super().get_ordering(request, queryset)
        return ordering

    def _get_deterministic_ordering(self, ordering: Any) -> list[Any]:
        """Equals in the same direction: an index is read from one end or from the other."""
        ordered: list[Any] = super()._get_deterministic_ordering(ordering)  # type: ignore[misc]  # not in the stubs
        first, last = ordered[0], ordered[-1]
        is_upwards = isinstance(first, str) and not first.startswith("-")
        return [*ordered[:-1], "pk"] if len(ordered) > 1 and last == "-pk" and is_upwards else ordered

    def apply_select_related(self, qs: Any) -> Any:
        """What the list shows is joined to the rows of a page, not to all."""
        return qs

    def get_results(self, request: HttpRequest) -> None:
        """Three queries: how many there are, which stand on this page, and these rows. Two of a search: what it costs
        to find its rows is the most of it, so that all of them are read at once.
        """
        model_admin: DeskAdmin = self.model_admin  # type: ignore[assignment]
        rows: Any = self.queryset.values_list("pk", flat=True)
        rows = list(rows[: MOST + 1]) if self.query else rows
        paginator: Any = model_admin.get_paginator(request, rows, self.list_per_page)
        self.result_count = paginator.count
        self.is_cut = paginator.is_cut
        self.is_search_cut = bool(self.query) and not self.is_cut and self._search_is_cut(request)
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        try:
            page = rows if self.show_all and self.can_show_all else paginator.page(self.page_num).object_list
        except InvalidPage as error:
            raise IncorrectLookupParameters from error
        numbers = list(page[: self.list_max_show_all])
        shown: Any = model_admin.rows_shown(request, self.root_queryset.filter(pk__in=numbers)).order_by()
        if not shown.query.select_related:
            shown = super().apply_select_related(shown)
        by_number = {row.pk: row for row in shown}
        # What was deleted between the two queries is gone.
        self.result_list = [by_number[pk] for pk in numbers if pk in by_number]
        self.show_full_result_count = False
        self.full_result_count = None
        self.show_admin_actions = True
        self.paginator = paginator

    @property
    def said_count(self) -> str:
        return said(MOST + 1 if self.is_cut else self.result_count, MOST)

    @property
    def said_most(self) -> str:
        return f"{MOST:,}"

    def _search_is_cut(self, request: HttpRequest) -> bool:
        """A search looks at the last MOST rows that it finds: a filter beside it says nothing of the others."""
        if not self.has_active_filters:
            return False
        found, _may_have_duplicates = self.model_admin.get_search_results(request, self.root_queryset, self.query)
        return more_than(MOST, found)
