"""What this site and its pages are, in the words of schema.org: the parts that every page's description is made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.record.tables import licence_address

#: A description of something: a type, and properties that schema.org knows of that type.
Node = dict[str, Any]
#: That of a page's template.
Context = Mapping[str, Any]
#: Describes a page from its context.
Builder = Callable[[Context], Node]

CONTEXT = "https://schema.org"
#: Of a list so many addresses are told: whoever wants all of them reads the site's map.
MOST_ITEMS = 25


def full(path: str) -> str:
    return settings.SITE_URL + path


def address(name: str, *args: str) -> str:
    return full(reverse(f"statements:{name}", args=args))


def canonical(context: Context, path: str = "") -> str:
    """The page's own address, as ``_meta.html`` says it."""
    number = getattr(context.get("page"), "number", 1)
    query = context.get("own_query") or (f"?page={number}" if number > 1 else "")
    return full(path or context["request"].path) + query


def without_blanks(node: Node) -> Node:
    """A property without a value is not said at all."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


def site() -> Node:
    return {"@type": "WebSite", "@id": full("/#site"), "name": settings.SITE_NAME, "url": full("/")}


def publisher() -> Node:
    return {"@type": "Organization", "@id": full("/#publisher"), "name": settings.SITE_NAME, "url": full("/")}


def publisher_named(name: str) -> Node:
    return {"@type": "Organization", "name": name} if name else {}


def whole_site() -> Node:
    template = address("statement_list") + "?q={search_term_string}"
    return {
        **site(),
        "inLanguage": get_language(),
        "publisher": {
            **publisher(),
            "publishingPrinciples": address("about"),
            "correctionsPolicy": address("correction_list"),
        },
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": template},
            "query-input": "required name=search_term_string",
        },
    }


def web_page(url: str, name: str, *, above: Sequence[tuple[str, str]] = (), kind: str = "WebPage") -> Node:
    """``above`` are the pages that lead to it, with their names, from the first page on."""
    steps = [(settings.SITE_NAME, full("/")), *above, (name, url)]
    crumbs = [
        {"@type": "ListItem", "position": position, "name": title, "item": step}
        for position, (title, step) in enumerate(steps, 1)
    ]
    return {
        "@type": kind,
        "url": url,
        "name": name,
        "inLanguage": get_language(),
        "isPartOf": site(),
        "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": crumbs},
    }


def described_on(url: str, name: str, *above: tuple[str, str]) -> Node:
    """For the thing that a page is about: where it is described."""
    page = web_page(url, name, above=above)
    return {"mainEntityOfPage": {"@id": url, **{key: page[key] for key in ("@type", "isPartOf", "breadcrumb")}}}


def our_description() -> Node:
    """Of works that are somebody else's: not they, but what is said of them here has our licence."""
    return {"sdPublisher": publisher(), "sdLicense": licence_address()}


def dated(date: PartialDate | None, name: str = "datePublished") -> Node:
    """The day, where it is known; a month, a year or an interval is said as such, and never becomes its first day."""
    if date is None:
        return {}
    return {name if date.is_day else "temporal": date.isoformat()}


def download(url: str, media_type: str) -> Node:
    return {"@type": "DataDownload", "contentUrl": full(url), "encodingFormat": media_type}


def item_list(urls: Sequence[str], *, total: int, before: int = 0) -> Node:
    """``before`` is how many stand on the pages before this one."""
    items = [
        {"@type": "ListItem", "position": before + position, "url": url}
        for position, url in enumerate(urls[:MOST_ITEMS], 1)
    ]
    return {"@type": "ItemList", "numberOfItems": total, "itemListElement": items}


def statements() -> tuple[str, str]:
    return _("Statements"), address("statement_list")


def demands() -> tuple[str, str]:
    return _("Demands"), address("demand_list")


def measures() -> tuple[str, str]:
    return _("Figures"), address("measure_list")


def organisations() -> tuple[str, str]:
    return _("Organisations"), address("organisation_list")


def sources() -> tuple[str, str]:
    return _("Sources"), address("source_list")
