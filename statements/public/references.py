"""What a document's identities are called on a page: today's names, or for an old version those of its day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from statements.dates import PartialDate
from statements.models import Source
from statements.models.codes import language_name
from statements.public.addresses import address_of_many
from statements.record.document import Document
from statements.record.identities import named_in
from statements.record.names import Kind, Named, names_by_slug
from statements.record.reading import addressees_of_demands
from statements.record.today import Today

_KIND_OF_CONTEXT = {
    "organisations": Kind.ORGANISATION,
    "speakers": Kind.SPEAKER,
    "sources": Kind.SOURCE,
    "demands": Kind.DEMAND,
    "measures": Kind.MEASURE,
}


@dataclass(frozen=True)
class Reference:
    """A name, and the page of what it names; ``url`` is blank where readers can open none."""

    name: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class ShownSource:
    """A source as a page shows it. ``url`` is its page here, ``address`` where it stands; either may be blank."""

    title: str
    publisher: str
    author: str
    kind: str
    language: str
    published: PartialDate | None
    accessed_on: PartialDate | None
    address: str
    url: str

    @property
    def kind_label(self) -> str:
        return str(Source.Kind(self.kind).label)

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def name(self) -> str:
        return self.title or self.address or self.publisher


def address_of_row(kind: str, slug: str) -> str:
    """The page of a row is called like its kind."""
    return address_of_many(Kind(kind).value, slug)


def address_of(named: Named) -> str:
    return address_of_row(named.kind, named.slug)


def reference_to(named: Named) -> Reference:
    return Reference(named.name, address_of(named), named.detail)


def shown_source(source: Source) -> ShownSource:
    return ShownSource(
        title=source.title,
        publisher=source.publisher,
        author=source.author,
        kind=source.kind,
        language=source.language,
        published=source.published,
        accessed_on=_day(source.accessed_on),
        address=_web_address(source.url),
        url=address_of_row(Kind.SOURCE, source.slug),
    )


def _day(day: datetime.date | None) -> PartialDate | None:
    return PartialDate(day, day) if day is not None else None


def _web_address(url: str) -> str:
    """Only what a browser fetches becomes a link: an imported address could run a script."""
    return url if url.lower().startswith(("http://", "https://")) else ""


class References:
    """The names of all that one document refers to. Four queries; two for names ``as_it_was``.

    ``content`` is the document's, as it was or by the slugs of today: what was merged stands in it once.
    """

    def __init__(self, document: Document, *, as_it_was: bool) -> None:
        self._context = document["context"]
        self._as_it_was = as_it_was
        self._names = names_by_slug(_all_named_in(document))
        self.content = document["content"] if as_it_was else self._today().content(document["content"])
        self._sources = self._sources_of_today()
        demands = [self._names.by_slug(Kind.DEMAND, slug) for slug in self._context["demands"]]
        ids = [named.pk for named in demands if named is not None]
        self._addressees = {} if as_it_was else addressees_of_demands(ids)

    def _today(self) -> Today:
        found = (
            ((kind, slug), self._names.by_slug(kind, slug))
            for name, kind in _KIND_OF_CONTEXT.items()
            for slug in self._context[name]
        )
        return Today({old: named.slug for old, named in found if named is not None})

    def organisation(self, slug: str) -> Reference:
        return self._reference(Kind.ORGANISATION, slug, "organisations", "name", "short_name")

    def speaker(self, slug: str) -> Reference:
        return self._reference(Kind.SPEAKER, slug, "speakers", "name")

    def demand(self, slug: str) -> Reference:
        return self._reference(Kind.DEMAND, slug, "demands", "title")

    def measure(self, slug: str) -> Reference:
        return self._reference(Kind.MEASURE, slug, "measures", "name", "unit")

    def public_statement(self, slug: str) -> Reference | None:
        """None while readers can't open it. With its title of today: that in the context was the desk's."""
        named = self._names.by_slug(Kind.STATEMENT, slug)
        return reference_to(named) if named is not None else None

    def addressees_of(self, demand_slug: str) -> list[Reference]:
        """Whom the demand itself is addressed to."""
        if self._as_it_was:
            return self._addressees_of_that_day(demand_slug)
        named = self._names.by_slug(Kind.DEMAND, demand_slug)
        if named is None:  # in a preview: nothing that readers see makes this demand yet
            return sorted(self._addressees_of_that_day(demand_slug), key=lambda named: named.name)
        return [reference_to(row) for row in self._addressees.get(named.pk, [])]

    def _addressees_of_that_day(self, demand_slug: str) -> list[Reference]:
        return [self.organisation(slug) for slug in self._context["demands"][demand_slug]["addressees"]]

    def source(self, slug: str) -> ShownSource:
        named = self._names.by_slug(Kind.SOURCE, slug)
        today = self._sources.get(named.pk) if named is not None else None
        if today is not None and not self._as_it_was:
            return shown_source(today)
        of_that_day = self._context["sources"][slug]
        return ShownSource(
            title=of_that_day["title"],
            publisher=of_that_day["publisher"],
            author=of_that_day["author"],
            kind=of_that_day["kind"],
            language=of_that_day["language"],
            published=PartialDate.parse(of_that_day["published"]) if of_that_day["published"] else None,
            accessed_on=PartialDate.parse(of_that_day["accessed_on"]) if of_that_day["accessed_on"] else None,
            address=_web_address(of_that_day["url"]),
            url=address_of(named) if named is not None else "",
        )

    def _reference(self, kind: str, slug: str, names: str, name: str, detail: str = "") -> Reference:
        named = self._names.by_slug(kind, slug)
        if named is not None and not self._as_it_was:
            return reference_to(named)
        of_that_day = self._context[names][slug]
        url = address_of(named) if named is not None else ""
        return Reference(of_that_day[name], url, of_that_day[detail] if detail else "")

    def _sources_of_today(self) -> dict[int, Source]:
        if self._as_it_was:
            return {}
        named = [self._names.by_slug(Kind.SOURCE, slug) for slug in self._context["sources"]]
        return Source.objects.in_bulk([row.pk for row in named if row is not None])


def _all_named_in(document: Document) -> dict[str, Iterable[str]]:
    """The slugs in content and context: those whom a demand is addressed to stand in the context only."""
    named: dict[str, Iterable[str]] = {**named_in(document["content"])}
    named[Kind.ORGANISATION] = set(document["context"]["organisations"])
    return named
