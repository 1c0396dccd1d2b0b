"""A version's document as headings and rows, for the desk's page on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from statements.models import Statement
from statements.record.compare import related_slugs
from statements.record.described import LISTS, Described, fields_of, label
from statements.record.document import Document


@dataclass(frozen=True)
class Section:
    """A heading and tables of (name, value) below it: one for the statement itself, one for each row of a list."""

    heading: str
    tables: list[list[tuple[str, str]]]


def titles_for(documents: Iterable[Document]) -> dict[str, str]:
    """By slug, the titles of the statements that these relate to; the slug of one that is gone. One query at most."""
    slugs = related_slugs(documents)
    known = Statement.objects.filter(slug__in=slugs).values_list("slug", "title") if slugs else []
    return {slug: slug for slug in slugs} | dict(known)


def sections_of(document: Document) -> list[Section]:
    """Only what was filled in, with the names of the document's day and the slugs that they stood for."""
    described = Described(document, statements=titles_for([document]))
    sections = [Section(_("Statement"), [_rows("", Statement, described, described.content)])]
    for name, of_list in LISTS.items():
        if described.content[name]:
            tables = [_rows(name, of_list.model, described, row) for row in described.content[name]]
            sections.append(Section(of_list.heading, tables))
    return sections


def _rows(list_name: str, model: type[models.Model], described: Described, row: Document) -> list[tuple[str, str]]:
    filled_in = [name for name in fields_of(list_name) if row[name] is not False]
    shown = [(label(model, name), described.value(model, name, row[name], with_slugs=True)) for name in filled_in]
    return [(name, value) for name, value in shown if value]
