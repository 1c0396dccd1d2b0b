"""Pages that are not about one thing: the first page, lists, and what this site says of itself."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.public.structured import site
from statements.public.structured.site import Context, Node, address, canonical, item_list, publisher, web_page
from statements.record.tables import licence_address


def home(_context: Context) -> Node:
    return site.whole_site()


def statement_list(context: Context) -> Node:
    """The addresses of the whole list's rows only: search engines are asked to leave out the parts of it."""
    is_whole = context["page"] is not None and not context["asked"].is_restricted
    rows = [row.entry for row in context["rows"]] if is_whole else []
    return _list(context, site.statements(), "statement", rows)


def demand_list(context: Context) -> Node:
    return _list(context, site.demands(), "demand", context["page"].rows)


def measure_list(context: Context) -> Node:
    return _list(context, site.measures(), "measure", context["page"].rows)


def organisation_list(context: Context) -> Node:
    return _list(context, site.organisations(), "organisation", context["page"].rows)


def source_list(context: Context) -> Node:
    return _list(context, site.sources(), "source", context["page"].rows)


def _list(context: Context, title: tuple[str, str], of: str, rows: Iterable[Any]) -> Node:
    page = context["page"]
    described = web_page(canonical(context), title[0], kind="CollectionPage")
    urls = [address(of, row.slug) for row in rows]
    if not urls:
        return described
    before = (page.number - 1) * page.per_page
    return {**described, "mainEntity": item_list(urls, total=page.total, before=before)}


def about(context: Context) -> Node:
    return web_page(canonical(context), _("About"), kind="AboutPage")


def correction_list(context: Context) -> Node:
    return web_page(canonical(context), _("Corrections"))


def comparison(context: Context) -> Node:
    """Search engines are sent on to the statement."""
    return web_page(canonical(context, context["url"]), context["title"], above=[site.statements()])


def data(context: Context) -> Node:
    url = canonical(context)
    name = _("%(site)s: the whole data set") % {"site": settings.SITE_NAME}
    return {
        "@type": "Dataset",
        "name": name,
        "url": url,
        "description": _(
            "Public statements with their sources, the demands made in them and the figures quoted in them, as tables "
            "of comma-separated values that one file describes to machines."
        ),
        "license": licence_address(),
        "creator": publisher(),
        "isAccessibleForFree": True,
        "distribution": [site.download(reverse("statements:data_package"), "application/zip")],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": settings.SITE_NAME, "url": url},
        **site.described_on(url, _("Data")),
    }
