"""The public pages. What they show is read in ``record``; how it is worded stands beside this module."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from statements.models import Entry, Facet, Figure, Organisation
from statements.public import filters, sorting
from statements.public.charts.demand import demand_chart
from statements.public.charts.measure import measure_chart
from statements.public.citing.blocks import cite_demand, cite_version
from statements.public.comparing import NoSuchVersion, comparison_of, title_of
from statements.public.conditional import content_version_of
from statements.public.corrections import in_words
from statements.public.corrections import read as read_asked
from statements.public.facets import groups, orders, ways_out, years
from statements.public.figures import basis_in_words, days_of_figures
from statements.public.found import found_in
from statements.public.paging import NoSuchPage, Paged, paged, paged_or_404
from statements.public.references import shown_source
from statements.public.responses import Moved, current_of, found, found_versions, moved_or_missing, numbered, public
from statements.public.statement import StatementPage
from statements.record import demands, reading, stated
from statements.record.charted import figures_for_chart, statements_by_date
from statements.record.corrections import Corrections, with_versions
from statements.record.facets import facets_as_of
from statements.record.listing import RELEVANCE
from statements.record.names import Kind
from statements.record.ordering import identities
from statements.record.search import RANKED, number_of_words
from statements.record.sitemap import how_many

STATEMENTS_A_PAGE = 25
CORRECTIONS_A_PAGE = 25
ROWS_A_PAGE = 100
NEWEST_ON_THE_HOME_PAGE = 8
DEMANDS_ON_THE_HOME_PAGE = 6


@public
def home(request: HttpRequest) -> HttpResponse:
    """Eleven queries."""
    leading = reading.newest_figure_of_the_leading_measure()
    today = timezone.localdate()
    entries = list(reading.public_entries()[:NEWEST_ON_THE_HOME_PAGE])
    entries_and_leading = [*entries, leading.entry] if leading is not None else entries
    rows = {row.entry.pk: row for row in reading.listed(entries_and_leading)}
    context = {
        "leading": reading.figure_among(rows[leading.entry_id].figures, leading) if leading is not None else None,
        "chart": measure_chart(leading.measure, figures_for_chart(leading.measure_id)) if leading is not None else None,
        "newest": [rows[entry.pk] for entry in entries],
        "demands": demands.demands(demands.most_often_made()[:DEMANDS_ON_THE_HOME_PAGE], today=today),
        "amounts": reading.how_much_is_here(),
    }
    return render(request, "statements/home.html", context)


@public
def statement_list(request: HttpRequest) -> HttpResponse:
    """Seven queries where nothing or one organisation is asked for, else two more; those of the facets fewer where
    somebody asked this process the same before. One more each for slugs and for several filters, two for words; up to
    two where these, or several values of one filter, are not found among the first rows; where a slug is none of
    today's up to four.
    """
    asked = filters.read(request.GET)
    own_query = asked.query if asked.query != "?" else ""
    context: dict[str, Any] = {"asked": asked, "problems": list(asked.problems), "page": None, "own_query": own_query}
    if not asked.problems:
        try:
            context |= _found_statements(request, asked)
        except NoSuchPage as error:
            context["problems"].append(filters.Value(str(error), asked.query))
    return render(request, "statements/statement_list.html", context)


def _found_statements(request: HttpRequest, asked: filters.Asked) -> dict[str, Any]:
    counted = facets_as_of(content_version_of(request), asked.criteria)
    page = paged(
        identities(asked.criteria, number=counted.total),
        request.GET.getlist(filters.PAGE),
        size=STATEMENTS_A_PAGE,
        query=asked.query,
        count=counted.total,
        read=reading.entries_with_versions if asked.criteria.q else reading.entries,
    )
    rows = reading.listed(page.rows)
    return {
        "page": page,
        "own_query": page.own_query,
        "rows": rows,
        "found": found_in(rows, asked.criteria.q) if asked.criteria.q else {},
        "groups": groups(asked, counted),
        "years": years(asked, counted),
        "ways_out": ways_out(asked, counted) if not page.total else [],
        "has_several_words": any(number_of_words([search]) > 1 for search in asked.criteria.q),
        "orders": orders(asked),
        "ranked": RANKED if asked.criteria.sort == RELEVANCE and counted.total > RANKED else 0,
    }


@public
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Six queries."""
    versions = found_versions(slug, address="statements:statement")
    newest = current_of(versions)
    page = StatementPage(versions, newest, as_it_was=False)
    return render(request, "statements/statement.html", {"page": page, **cite_version(newest)})


@public
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Three queries."""
    versions = found_versions(slug, address="statements:version", rest=(number,))
    shown = numbered(versions, number)
    page = StatementPage(versions, shown, as_it_was=True)
    return render(request, "statements/statement.html", {"page": page, **cite_version(shown)})


@public
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """One query; three where one of the two relates to another statement. The page says what can't be compared."""
    try:
        versions = found_versions(slug, address="statements:compare")
    except Moved as moved:
        raise Moved(f"{moved.url}?{request.GET.urlencode()}") from moved
    status, compared, problem = 200, None, ""
    try:
        compared = comparison_of(versions, request.GET.getlist("from"), request.GET.getlist("to"))
    except NoSuchVersion as error:
        status, problem = 404, str(error)
    except ValueError as error:
        status, problem = 400, str(error)
    context = {
        "slug": versions[0].statement.slug,
        "url": reverse("statements:statement", args=[versions[0].statement.slug]),
        "title": title_of(versions),
        "versions": versions,
        "compared": compared,
        "problem": problem,
    }
    return render(request, "statements/comparison.html", context, status=status)


@public
def organisation_list(request: HttpRequest) -> HttpResponse:
    rows = reading.with_statement_count(reading.in_use(Organisation), Facet.PART).order_by("name", "pk")
    return render(request, "statements/organisation_list.html", {"page": paged_or_404(request, rows, size=ROWS_A_PAGE)})


@public
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Eleven queries."""
    today = timezone.localdate()
    rows = reading.with_statement_count(reading.in_use(Organisation), Facet.ADDRESSEE)
    row = rows.annotate(said=reading.tallied(Facet.PART)).filter(slug=slug).first()
    if row is None:
        raise moved_or_missing(Kind.ORGANISATION, slug, "statements:organisation")
    parent, parts = reading.relatives(row)
    page = paged_or_404(
        request,
        reading.linked(Facet.PART, row.pk),
        size=STATEMENTS_A_PAGE,
        count=row.said,
        read=reading.entries,
    )
    context = {
        "organisation": row,
        "names": reading.other_names(row),
        "parent": parent,
        "parts": parts,
        "page": page,
        "rows": reading.listed(page.rows),
        "asked_of_it": demands.demands(demands.most_often_made().filter(addressees=row)[:ROWS_A_PAGE], today=today),
        "figures": reading.figures_newest_first().filter(attributed_to=row).select_related("measure")[:ROWS_A_PAGE],
    }
    return render(request, "statements/organisation.html", context)


@public
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    """Eleven queries."""
    row = found(Kind.SPEAKER, slug, "statements:speaker")
    page = _page_of_statements(request, Facet.SPEAKER, row.pk)
    context = {
        "speaker": row,
        "names": reading.other_names(row),
        "handles": row.handles.all(),
        "organisation": reading.in_use(Organisation).filter(pk=row.organisation_id).first(),
        "page": page,
        "rows": reading.listed(page.rows),
        "attributions": reading.attributions(row, page.rows),
    }
    return render(request, "statements/speaker.html", context)


def _page_of_statements(request: HttpRequest, facet: Facet, target_id: int) -> Paged[Entry]:
    """The newest first, with their versions. Three queries."""
    return paged_or_404(
        request,
        reading.linked(facet, target_id),
        size=STATEMENTS_A_PAGE,
        count=reading.number_of(facet, target_id),
        read=reading.entries_with_versions,
    )


@public
def demand_list(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    today = timezone.localdate()
    page = paged_or_404(
        request, demands.most_often_made(), size=ROWS_A_PAGE, read=lambda ids: demands.demands(ids, today=today)
    )
    return render(request, "statements/demand_list.html", {"page": page})


@public
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """Eleven queries."""
    today = timezone.localdate()
    row = demands.demands_in_use(today=today).filter(slug=slug).first()
    if row is None:
        raise moved_or_missing(Kind.DEMAND, slug, "statements:demand")
    parent, parts = reading.relatives(row)
    updates = demands.published_updates(row)
    page = paged_or_404(
        request,
        reading.linked(Facet.DEMAND, row.pk),
        size=STATEMENTS_A_PAGE,
        count=row.shown,
        read=lambda ids: demands.statements_making(row, ids),
    )
    context = {
        "demand": row,
        "updates": updates,
        "chart": demand_chart(row, statements_by_date(row), updates, today=today),
        "addressees": reading.addressees_of_demands([row.pk]).get(row.pk, []),
        "parent": parent,
        "parts": parts,
        "first_and_last": demands.first_and_last(row),
        "page": page,
        "rows": demands.made(row, page.rows),
        "said_again": row.shown - row.times,
        "cite": cite_demand(row, on=stated.today()),
    }
    return render(request, "statements/demand.html", context)


@public
def measure_list(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    page = paged_or_404(request, reading.measures_in_use(), size=ROWS_A_PAGE)
    context = {"page": page, "rows": reading.with_newest_figure(page.rows)}
    return render(request, "statements/measure_list.html", context)


@public
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """Eight queries."""
    row = found(Kind.MEASURE, slug, "statements:measure")
    parent, parts = reading.relatives(row)
    asked = sorting.read(request.GET)
    chart = figures_for_chart(row.pk)
    page = paged_or_404(
        request,
        reading.figures_of(row.pk, sort=asked.sort) if not asked.problems else Figure.objects.none(),
        size=ROWS_A_PAGE,
        query=asked.query,
        count=chart.total if not asked.problems else 0,
        read=reading.figures,
    )
    context = {
        "measure": row,
        "basis": basis_in_words(row.basis),
        "parent": parent,
        "parts": parts,
        "asked": asked,
        "page": page,
        "chart": measure_chart(row, chart),
        "days": days_of_figures(reading.listed_figures(page.rows), sort=asked.sort),
    }
    return render(request, "statements/measure.html", context)


@public
def source_list(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    newest = reading.newest_sources()
    page = paged_or_404(request, newest, size=ROWS_A_PAGE, count=how_many(Kind.SOURCE)[Kind.SOURCE])
    return render(request, "statements/source_list.html", {"page": page})


@public
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """Nine queries."""
    row = found(Kind.SOURCE, slug, "statements:source")
    page = _page_of_statements(request, Facet.SOURCE, row.pk)
    context = {
        "shown": shown_source(row),
        "page": page,
        "rows": reading.listed(page.rows),
        "citations": reading.citations(row, page.rows),
        "updates": demands.updates_resting_on(row),
    }
    return render(request, "statements/source.html", context)


@public
def about(request: HttpRequest) -> HttpResponse:
    """No query."""
    return render(request, "statements/about.html")


@public
def correction_list(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    asked = read_asked(request.GET)
    none = 0 if asked.problems else None
    page = paged_or_404(request, Corrections(asked.kind), size=CORRECTIONS_A_PAGE, query=asked.query, count=none)
    context = {"asked": asked, "page": page, "rows": in_words(with_versions(page.rows))}
    return render(request, "statements/correction_list.html", context)
