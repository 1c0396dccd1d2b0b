"""Tags of public pages: dates, figures and languages in words, and what this site is called. None makes a query."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from statements.models import Citation, DemandMention, DemandUpdate, Figure, Organisation, Statement
from statements.models.codes import country_name, language_name
from statements.public.addresses import address_of_many
from statements.public.evidence import text_direction
from statements.public.references import address_of
from statements.public.times import times_in_words
from statements.record import figure_words
from statements.record.names import Named
from statements.record.tables import licence_address

register = template.Library()


@register.simple_tag
def setting(name: str) -> str | bool:
    """One of the settings that readers may know. A tag, and no context: the page of a server error has none."""
    known: dict[str, str | bool] = {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "DATA_LICENCE": settings.DATA_LICENCE,
        "FOUR_EYES": settings.FOUR_EYES,
    }
    return known[name]


register.simple_tag(licence_address)


@register.filter
def number(value: int) -> str:
    return figure_words.number(value)


@register.filter
def figure_text(figure: Figure) -> figure_words.FigureText:
    return figure_words.text_of_figure(figure)


@register.filter
def address(named: Named) -> str:
    return address_of(named)


@register.filter
def statement_address(slug: str) -> str:
    return address_of_many("statement", slug)


@register.filter
def is_web_address(value: str) -> bool:
    return value.lower().startswith(("http://", "https://"))


register.filter("times", times_in_words)
register.filter("language_name", language_name)
register.filter("country_name", country_name)
register.filter("text_direction", text_direction)

_LABELS = {
    "status": DemandUpdate.Status,
    "force": DemandMention.Force,
    "role": Citation.Role,
    "statement_kind": Statement.Kind,
    "organisation_kind": Organisation.Kind,
}


@register.filter
def label(value: str, of: str) -> str:
    """The words for a stored value: ``{{ demand.status|label:"status" }}``."""
    return str(_LABELS[of](value).label)


_NAVIGATION = [
    ("statements:statement_list", gettext_lazy("Statements")),
    ("statements:demand_list", gettext_lazy("Demands")),
    ("statements:measure_list", gettext_lazy("Figures")),
    ("statements:organisation_list", gettext_lazy("Organisations")),
    ("statements:source_list", gettext_lazy("Sources")),
    ("statements:about", gettext_lazy("About")),
]


@register.inclusion_tag("statements/_navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The links in the head of every page; the page of a server error knows no request."""
    path = context["request"].path if "request" in context else ""
    items = [(reverse(name), title) for name, title in _NAVIGATION]
    return {"items": [{"url": url, "title": title, "is_here": path.startswith(url)} for url, title in items]}


@register.filter
def of(mapping: Mapping[int, Any] | str, key: int) -> Any:
    """The value under this key; blank where there is none, or no mapping on this page."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""
