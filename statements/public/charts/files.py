"""The charts as files: SVG that carries all that it needs, and what the chart of a demand shows as CSV."""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Demand
from statements.public import sorting
from statements.public.atom import in_xml
from statements.public.charts.demand import DemandChart, demand_chart
from statements.public.charts.drawing import Chart
from statements.public.charts.measure import measure_chart
from statements.public.charts.sheet import PLOT_WIDTH, sheet
from statements.public.charts.style import STYLE, STYLE_HASH
from statements.public.charts.table import CHART_OF_A_DEMAND, rows_of
from statements.public.responses import found
from statements.public.twins.about import About
from statements.public.twins.answers import Answer, answered, file_name, refuse, unknown_parameters
from statements.public.twins.formats import CSV, CSV_METADATA_TYPE
from statements.public.twins.rows import Row
from statements.public.twins.tables import csv_answer, described
from statements.record.charted import figures_for_chart, statements_by_date
from statements.record.demands import published_updates
from statements.record.names import Kind
from statements.record.tables import licence_address

View = Callable[..., HttpResponseBase]

SVG = "svg"
_MEDIA_TYPE = "image/svg+xml; charset=utf-8"


def _in_its_style(view: View) -> View:
    """The site's policy, and this one style. Also with 304: from there a browser takes the policy of what it has."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with_style = csp_update({"style-src": [STYLE_HASH]})
        return with_style(lambda asked: view(asked, *args, **kwargs))(request)

    return wrapped


@_in_its_style
@answered(SVG)
def measure_svg(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The chart of the page, which is the same in every order of its table. Four queries."""
    refuse(unknown_parameters(request.GET, sorting.SORT))
    refuse([problem.label for problem in sorting.read(request.GET).problems])
    measure = found(Kind.MEASURE, slug, "statements:measure_svg")
    chart = measure_chart(measure, figures_for_chart(measure.pk), site=settings.SITE_URL, width=PLOT_WIDTH)
    return _svg(request, chart, measure.slug)


@_in_its_style
@answered(SVG)
def demand_svg(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Four queries."""
    demand, chart = _demand(request, slug, "statements:demand_svg")
    return _svg(request, chart, demand.slug)


@answered(CSV)
def demand_chart_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every bar, and every change of how the demand stood. Four queries."""
    demand, chart = _demand(request, slug, "statements:demand_chart_csv")
    about, rows = _of_a_demand(request, chart)
    answer = csv_answer(about, CHART_OF_A_DEMAND, lambda: [rows], total=len(rows), stem=(demand.slug, "chart"))
    return answer.response(request)


@answered(CSV)
def demand_chart_csv_metadata(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Four queries."""
    _demand_of_today, chart = _demand(request, slug, "statements:demand_chart_csv_metadata")
    about, rows = _of_a_demand(request, chart)
    written = json.dumps(described(about, CHART_OF_A_DEMAND, total=len(rows)), ensure_ascii=False) + "\n"
    return Answer(CSV_METADATA_TYPE, pieces=lambda: iter([written.encode()]), page=about.page).response(request)


def _of_a_demand(request: HttpRequest, chart: DemandChart | None) -> tuple[About, list[Row]]:
    if chart is None:
        raise Http404
    about = _about(request, _("the chart of “%(title)s”") % {"title": chart.title}, chart)
    return about, rows_of(chart, about)


def _demand(request: HttpRequest, slug: str, address: str) -> tuple[Demand, DemandChart | None]:
    refuse(unknown_parameters(request.GET))
    demand = found(Kind.DEMAND, slug, address)
    dated, updates = statements_by_date(demand), published_updates(demand)
    today = timezone.localdate()
    return demand, demand_chart(demand, dated, updates, today=today, site=settings.SITE_URL, width=PLOT_WIDTH)


def _about(request: HttpRequest, what: str, chart: Chart) -> About:
    return About(what=what, page=chart.page, file=settings.SITE_URL + request.path)


def _svg(request: HttpRequest, chart: Chart | None, slug: str) -> HttpResponseBase:
    if chart is None:
        raise Http404
    about = _about(request, _("the chart of “%(title)s”") % {"title": chart.title}, chart)
    licence = _("Licence: %(licence)s") % {"licence": settings.DATA_LICENCE}
    notes = [(about.cite, chart.page), (licence, licence_address())]
    context = {"sheet": sheet(chart, notes), "about": about, "style": STYLE}

    def pieces() -> Iterator[bytes]:
        yield in_xml(render_to_string("statements/charts/file.svg", context)).encode()

    response = Answer(_MEDIA_TYPE, pieces=pieces, page=chart.page).response(request)
    # To be looked at; who saves it finds a name that says what it is, and of which day.
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(slug, extension=SVG)}"'
    return response
