"""A version's document as headings and rows, for the desk's page on it."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.record.document import Document


@dataclass(frozen=True)
class Section:
    """A heading and tables of (name, value) below it: one for the statement itself, one for each row of a list."""

    heading: str | Promise
    tables: list[list[tuple[str, str]]]


_HEADINGS: dict[str, str | Promise] = {
    "issuers": gettext_lazy("Issuers"),
    "speakers": gettext_lazy("Speakers"),
    "citations": gettext_lazy("Sources"),
    "wordings": gettext_lazy("Wordings"),
    "mentions": gettext_lazy("Demands"),
    "counts": gettext_lazy("Counts"),
}

#: Field of a row -> the part of the context that has the name which the slug in it stood for on that day.
_NAMED: dict[str, tuple[str, str]] = {
    "organisation": ("organisations", "name"),
    "attributed_to": ("organisations", "name"),
    "speaker": ("speakers", "name"),
    "source": ("sources", "title"),
    "demand": ("demands", "title"),
    "measure": ("measures", "name"),
}


def sections_of(document: Document) -> list[Section]:
    """Only what was filled in. Nothing is looked up: an old version is shown with the names of its day."""
    content, context = document["content"], document["context"]
    sections = [Section(_("Statement"), [_rows(content, context)])]
    for name, heading in _HEADINGS.items():
        if content[name]:
            sections.append(Section(heading, [_rows(row, context) for row in content[name]]))
    return sections


def _rows(values: Document, context: Document) -> list[tuple[str, str]]:
    shown = ((name, _shown(name, value, context)) for name, value in values.items() if name not in _HEADINGS)
    return [(name.replace("_", " "), value) for name, value in shown if value]


def _shown(name: str, value: Any, context: Document) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return _("yes")
    if name == "relation":
        return f"{value['kind']}: {value['statement']}"
    if name == "addressees":
        return ", ".join(_name_of("organisation", slug, context) for slug in value)
    return _name_of(name, value, context) if name in _NAMED else str(value)


def _name_of(field: str, slug: str, context: Document) -> str:
    part, column = _NAMED[field]
    name: str = context[part].get(slug, {}).get(column) or ""
    return f"{name} ({slug})" if name else slug
