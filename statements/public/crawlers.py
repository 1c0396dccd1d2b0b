"""What search engines ask for before anything else: the site's map, and where they need not look."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from statements.public.references import address_of_row
from statements.public.responses import public
from statements.record import sitemap as record

#: The protocol allows 50,000; a page of these is written at once and weighs less than a megabyte.
ADDRESSES_A_PAGE = 5000

#: Pages that are no row of anything.
_ALWAYS_THERE = (
    "home",
    "statement_list",
    "demand_list",
    "measure_list",
    "organisation_list",
    "source_list",
    "about",
    "correction_list",
    "data",
)
XML = "application/xml; charset=utf-8"


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses, or for a large site an index of pages of them. Two queries."""
    fixed = [(settings.SITE_URL + reverse(f"statements:{name}"), None) for name in _ALWAYS_THERE]
    numbers = record.how_many()
    if sum(numbers.values()) + len(fixed) <= ADDRESSES_A_PAGE:
        rows = [*fixed, *((_full(row), row.changed_at) for row in record.all_addresses())]
        return render(request, "statements/sitemap.xml", {"rows": rows}, content_type=XML)
    pages = [
        settings.SITE_URL + reverse("statements:sitemap_page", args=[kind, page])
        for kind, number in numbers.items()
        for page in range(1, -(-number // ADDRESSES_A_PAGE) + 1)
    ]
    return render(request, "statements/sitemap_index.xml", {"pages": pages}, content_type=XML)


@public
def sitemap_page(request: HttpRequest, kind: str, page: int) -> HttpResponse:
    """One query."""
    if kind not in record.KINDS or page < 1:
        raise Http404
    rows = [(_full(row), row.changed_at) for row in record.addresses(kind, page=page, size=ADDRESSES_A_PAGE)]
    if not rows:
        raise Http404
    return render(request, "statements/sitemap.xml", {"rows": rows}, content_type=XML)


@public
def robots(request: HttpRequest) -> HttpResponse:
    """No query."""
    return render(request, "statements/robots.txt", content_type="text/plain; charset=utf-8")


def _full(row: record.Address) -> str:
    return settings.SITE_URL + address_of_row(row.kind, row.slug)
