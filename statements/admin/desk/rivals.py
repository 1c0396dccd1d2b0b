"""Figures of one measure and day that disagree: the days, and what stands side by side on each.

All figures stand; an editor looks whether one was read wrongly, or counts something else.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.actions.putting_off import may_put_off
from statements.admin.desk.lists import LATER, put_off_link, put_off_note
from statements.models import Figure, Measure, PutOff
from statements.models.desk import ITEM_PARTS
from statements.record.reading import figures as read_figures
from statements.record.reading import figures_of, listed_figures

SEES = "statements.view_statement"
#: Days whose figures disagree are read up to here; a desk that has more of them has other cares.
MOST = 10_000
PER_PAGE = 50
#: Figures of one day that are shown side by side.
SIDE_BY_SIDE = 200


@dataclass(frozen=True)
class Day:
    """A measure and a day for which readers see figures that differ."""

    measure_id: int
    day: datetime.date
    figures: int = 0

    @property
    def item(self) -> str:
        return f"{self.measure_id}{ITEM_PARTS}{self.day.isoformat()}"

    @property
    def address(self) -> str:
        return address_of(self.item)


def days() -> tuple[list[Day], list[Day]]:
    """The newest first: those that wait, at most MOST + 1, and those that are put off. Two queries."""
    put_off = set(_put_off().values_list("item", flat=True))
    rows = Figure.objects.rival_days()[: MOST + 1 + len(put_off)]
    found = [Day(measure, day, figures) for day, measure, figures in rows]
    if not put_off:
        return found, []
    return [day for day in found if day.item not in put_off], [day for day in found if day.item in put_off]


def _put_off() -> Any:
    return PutOff.objects.active().filter(queue=PutOff.Queue.RIVALS)


def address_of(item: str) -> str:
    measure, _parts, day = item.partition(ITEM_PARTS)
    return reverse("admin:statements_measure_rivals_day", args=[measure, day])


def label_of(item: str) -> str | None:
    """What a day is called where it is put off; None where its figures don't disagree. Two queries."""
    measure, _parts, text = item.partition(ITEM_PARTS)
    day = _day_from(text)
    if day is None or not re.fullmatch(r"[1-9][0-9]{0,17}", measure):
        return None
    if not Figure.objects.filter(measure=int(measure), as_of_from=day).rival_days().exists():
        return None
    return _title(str(Measure.objects.get(pk=int(measure))), day)


def _title(measure: str, day: datetime.date) -> str:
    return _("%(measure)s, %(day)s") % {"measure": measure, "day": date_format(day, "j F Y")}


def _day_from(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def said(figure: Figure) -> str:
    """A figure as the desk lists it: exactly 880; range 325-535; “many thousands”."""
    if figure.value is None:
        return f"“{figure.wording}”"
    number = str(figure.value) if figure.value_to is None else f"{figure.value}-{figure.value_to}"
    return f"{figure.get_qualifier_display()} {number}"


class RivalPages:
    """The list of days, and a page for each. Part of the measures' admin."""

    def __init__(self, of: admin.ModelAdmin[Any]) -> None:
        self.opts, self.site = of.opts, of.admin_site

    def urls(self) -> list[URLPattern]:
        wrap = self.site.admin_view
        return [
            path("rivals/", wrap(self.list_view), name="statements_measure_rivals"),
            path("<int:measure>/rivals/<str:day>/", wrap(self.day_view), name="statements_measure_rivals_day"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """Five queries, however many days."""
        _require_permission(request)
        later = request.GET.get(LATER) == "yes"
        waiting, put_off = days()
        paginator = Paginator(put_off if later else waiting, PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        title = _("Rival figures that are put off") if later else _("Rival figures")
        rows = _rows(page, later=later, user=request.user)
        return self._page(request, "rivals", title=title, page=page, rows=rows, later=later)

    def day_view(self, request: HttpRequest, measure: int, day: str) -> HttpResponse:
        """Those that agree, too: they are what the others are compared with."""
        _require_permission(request)
        counted = Measure.objects.filter(pk=measure).first() if measure < 2**63 else None
        wanted = _day_from(day)
        if counted is None or wanted is None:
            raise Http404
        of_day = figures_of(counted.pk, sort="-value").filter(as_of_from=wanted, as_of_until=wanted)
        figures = listed_figures(read_figures(of_day[: SIDE_BY_SIDE + 1]))
        if not figures:
            raise Http404
        item = Day(counted.pk, wanted).item
        put_off = _put_off().filter(item=item).first()
        return self._page(
            request,
            "rival_day",
            title=_title(str(counted), wanted),
            measure=counted,
            rows=[(said(row.figure), row) for row in figures[:SIDE_BY_SIDE]],
            is_cut=len(figures) > SIDE_BY_SIDE,
            later_cell=_later_cell(item, str(counted), put_off, request.user),
        )

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        everywhere = {**self.site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/statements/desk/{name}.html", everywhere | context)


def _require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(SEES):
        raise PermissionDenied


@dataclass(frozen=True)
class Row:
    day: Day
    measure: str
    said: list[str]
    later: SafeString | str


def _rows(page: Page[Day], *, later: bool, user: Any) -> list[Row]:
    """What the list says of these days. Three queries."""
    shown = list(page)
    measures = Measure.objects.in_bulk({day.measure_id for day in shown})
    of_days = Figure.objects.filter(measure__in=measures, as_of_from__in={day.day for day in shown})
    figures: dict[tuple[int, datetime.date], dict[str, None]] = {}
    for figure in of_days.filter(as_of_until__in={day.day for day in shown}).order_by("value", "pk"):
        if figure.as_of_until == figure.as_of_from:
            figures.setdefault((figure.measure_id, figure.as_of_from), {})[said(figure)] = None
    put_off = {row.item: row for row in _put_off()} if later else {}
    return [
        Row(
            day,
            str(measures[day.measure_id]),
            list(figures[day.measure_id, day.day]),
            _later_cell(day.item, str(measures[day.measure_id]), put_off.get(day.item), user),
        )
        for day in shown
    ]


def _later_cell(item: str, label: str, put_off: PutOff | None, user: Any) -> SafeString | str:
    if not may_put_off(user, PutOff.Queue.RIVALS):
        return ""
    if put_off is None:
        return put_off_link(PutOff.Queue.RIVALS, item, label)
    return put_off_note(put_off.pk, put_off.until, put_off.by_name, put_off.reason)
