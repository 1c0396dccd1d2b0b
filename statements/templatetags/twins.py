"""Links to what can be taken away from a page: in its head for programs, on it for people. No query."""

from typing import Any

from django import template

from statements.public.twins.formats import twins_of

register = template.Library()


@register.inclusion_tag("statements/_alternates.html")
def alternates(page: str, *args: Any, query: str = "", title: str = "") -> dict[str, Any]:
    """``{% alternates "measure" measure.slug query=asked.query title=measure.name %}``"""
    return {"twins": twins_of(page, *args, query=query), "title": title}


@register.inclusion_tag("statements/_twins.html")
def twins(page: str, *args: Any, query: str = "") -> dict[str, Any]:
    return {"twins": twins_of(page, *args, query=query)}
