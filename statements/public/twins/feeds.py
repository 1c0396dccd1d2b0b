"""Feeds of statements and of figures: what is new of a filtered list, a demand, a measure, an organisation.

Newest published first, since whoever follows a feed reads its first page only: a statement of 2020 that is published
today stands there first, and not on the page of 2020. Whoever asks for an order gets that of the page.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.models import Counted, Facet, Organisation
from statements.public.atom import ALWAYS, Feed, FeedPage, identity, in_xml
from statements.public.filters import PAGE
from statements.public.paging import NoSuchPage, Paged, Rows, paged
from statements.public.responses import found
from statements.public.sorting import SORT
from statements.public.twins.about import About, of_page
from statements.public.twins.addresses import address_of_figure, address_of_mention, address_of_version
from statements.public.twins.answers import Answer, Refused, refuse, unknown_parameters
from statements.public.twins.collections import (
    about_the_list,
    asked_of_a_demand,
    asked_of_a_measure,
    asked_of_the_list,
)
from statements.public.twins.formats import ATOM, MEDIA_TYPES
from statements.public.twins.rows import figures_in_words, name_of, source_name
from statements.record import reading
from statements.record.figure_words import text_of_figure
from statements.record.in_full import (
    FigureInFull,
    InFull,
    MadeInFull,
    figures_in_full,
    makings_in_full,
    statements_in_full,
)
from statements.record.listing import total
from statements.record.names import Kind
from statements.record.ordering import identities
from statements.record.published import figures_last_published, linked_last_published, statements_last_published
from statements.record.tables import licence_address

ENTRIES_A_PAGE = 50


def of_the_list(request: HttpRequest) -> Answer:
    asked = asked_of_the_list(request)
    number = total(asked.criteria)
    newest = statements_last_published(asked.criteria, number=number)
    page = _page(request, identities(asked.criteria, number=number) if _is_sorted(request) else newest, count=number)
    return _answer(request, about_the_list(request, asked), page, asked.query, _statements_of(page))


def of_an_organisation(request: HttpRequest, slug: str) -> Answer:
    organisation: Organisation = found(Kind.ORGANISATION, slug, "statements:organisation_atom")
    refuse(unknown_parameters(request.GET, PAGE))
    page = _page_linked(request, Facet.PART, organisation.pk)
    what = _("statements issued or joined by %(name)s") % {"name": organisation.name}
    about = of_page(request, what=what, page=reverse("statements:organisation", args=[organisation.slug]))
    return _answer(request, about, page, "?", _statements_of(page))


def of_a_demand(request: HttpRequest, slug: str) -> Answer:
    demand, about = asked_of_a_demand(request, slug, ATOM)
    page = _page_linked(request, Facet.DEMAND, demand.pk)

    def add(feed: Feed) -> None:
        for batch in makings_in_full(demand, page.rows):
            for made in batch:
                _add_statement(feed, made.statement, _made(made))

    return _answer(request, about, page, "?", add)


def of_a_measure(request: HttpRequest, slug: str) -> Answer:
    measure, asked, about = asked_of_a_measure(request, slug, ATOM)
    figures = reading.figures_of(measure.pk, sort=asked.sort).values_list("key", flat=True)
    number = reading.number_of(Counted.FIGURES, measure.pk)
    newest = figures_last_published(measure.pk, number=number)
    page = _page(request, figures if _is_sorted(request) else newest, count=number)

    def add(feed: Feed) -> None:
        for batch in figures_in_full(page.rows):
            for one in batch:
                _add_figure(feed, one, measure.name)

    return _answer(request, about, page, asked.query, add)


def _is_sorted(request: HttpRequest) -> bool:
    return bool(request.GET.get(SORT, "").strip())


def _page_linked(request: HttpRequest, facet: Facet, target_id: int) -> Paged[Any]:
    """Those that were published last come first. Two queries, and one more where they are many and none is new."""
    number = reading.number_of(facet, target_id)
    return _page(request, linked_last_published(facet, target_id, number=number), count=number)


def _page(request: HttpRequest, identities: Rows, *, count: int) -> Paged[Any]:
    """The identities of one page. One query. Raises Refused."""
    try:
        return paged(identities, request.GET.getlist(PAGE), size=ENTRIES_A_PAGE, count=count)
    except NoSuchPage as error:
        raise Refused([str(error)]) from error


def _statements_of(page: Paged[Any]) -> Callable[[Feed], None]:
    def add(feed: Feed) -> None:
        for batch in statements_in_full(page.rows):
            for one in batch:
                _add_statement(feed, one, _summary(one))

    return add


def _answer(request: HttpRequest, about: About, page: Paged[Any], query: str, add: Callable[[Feed], None]) -> Answer:
    """``query`` is that of the list without the number of a page: a feed's identity."""
    path = settings.SITE_URL + request.path
    links = _links(path, query.removeprefix("?"), page)

    def pieces() -> Iterator[bytes]:
        feed = Feed(
            title=in_xml(f"{settings.SITE_NAME}: {about.what}"),
            link=about.page,
            description=None,
            subtitle=in_xml(_("%(what)s, as of %(date)s") % {"what": about.what, "date": about.on.display()}),
            author_name=settings.SITE_NAME,
            language=get_language(),
            feed_url=links["self"],
            feed_guid=identity(ALWAYS, request.path.strip("/") + query.removesuffix("?")),
            feed_copyright=in_xml(f"{settings.DATA_LICENCE}, {licence_address()}. {about.cite}"),
            page=FeedPage(
                total=page.total,
                first=(page.number - 1) * page.per_page + 1,
                size=page.per_page,
                links={relation: address for relation, address in links.items() if relation != "self"},
            ),
        )
        add(feed)
        yield feed.writeString("utf-8").encode()

    return Answer(MEDIA_TYPES[ATOM], pieces=pieces, page=about.page, total=page.total)


def _links(path: str, query: str, page: Paged[Any]) -> dict[str, str]:
    """RFC 5005, section 3, and the feed's own address."""

    def address(number: int) -> str:
        parts = [part for part in (query, f"{PAGE}={number}" if number > 1 else "") if part]
        return path + ("?" + "&".join(parts) if parts else "")

    links = {"self": address(page.number), "first": address(1), "last": address(page.last)}
    if page.number > 1:
        links["previous"] = address(page.number - 1)
    if page.number < page.last:
        links["next"] = address(page.number + 1)
    return links


def _add_statement(feed: Feed, one: InFull, summary: SafeString) -> None:
    published = one.entry.version.published_at
    feed.add_item(
        title=in_xml(one.content["title"]),
        link=address_of_version(one),
        description=in_xml(summary),
        unique_id=identity(ALWAYS, f"statements/{one.entry.pk}"),
        updateddate=published,
        author_name=in_xml(_said_by(one)) or None,
    )


def _add_figure(feed: Feed, one: FigureInFull, measure: str) -> None:
    figure, statement = one.figure, one.statement
    who, address = _said_by(statement), address_of_figure(statement, one.number)
    words = {"figure": text_of_figure(figure), "measure": measure, "who": who}
    according = [name_of(statement, "organisations", one.attributed_to)] if one.attributed_to else []
    according += [figure.attributed_wording] if figure.attributed_wording else []
    facts = [
        (_("As of"), figure.as_of.display() if figure.as_of else ""),
        (_("Since"), figure.since.display() if figure.since else ""),
        (_("According to"), ", ".join(according)),
        (_("As worded"), figure.wording),
        (_("Not in the figure"), figure.excludes),
        (_("Note"), figure.note),
        (_("Statement"), statement.content["title"]),
        *_sources(statement),
    ]
    feed.add_item(
        title=in_xml(_("%(measure)s: %(figure)s (%(who)s)") % words),
        link=address,
        description=in_xml(_quote(figure.quote, figure.quote_language, address) + _facts(facts)),
        unique_id=identity(ALWAYS, f"figures/{figure.key}"),
        updateddate=statement.entry.version.published_at,
        author_name=in_xml(who) or None,
    )


def _summary(one: InFull) -> SafeString:
    demanded = dict.fromkeys(name_of(one, "demands", row["demand"], "title") for row in one.content["mentions"])
    return _about_a_statement(one) + _facts(
        [(_("Demands"), "; ".join(demanded)), (_("Figures"), "; ".join(figures_in_words(one))), *_sources(one)]
    )


def _made(made: MadeInFull) -> SafeString:
    one = made.statement
    quotes = [
        _quote(mention["quote"], made.language(mention), address_of_mention(one, number))
        for number, mention in made.mentions
    ]
    again = [] if made.is_counted else [(_("Not counted"), _("it repeats or translates another statement"))]
    return _about_a_statement(one) + _joined(quotes) + _facts([*again, *_sources(one)])


def _about_a_statement(one: InFull) -> SafeString:
    date = PartialDate.parse(one.content["issued"]).display()
    first = ", ".join(part for part in (_said_by(one), date) if part)
    return format_html("<p>{}</p>", first) + _facts([("", one.content["summary"])])


def _said_by(one: InFull) -> str:
    """Who speaks, then who issued it."""
    people = [name_of(one, "speakers", row["speaker"]) for row in one.content["speakers"]]
    organisations = [name_of(one, "organisations", row["organisation"]) for row in one.content["issuers"]]
    return ", ".join([*people, *organisations])


def _sources(one: InFull) -> list[tuple[str, str]]:
    slugs = dict.fromkeys(row["source"] for row in one.content["citations"])
    names = [source_name(one.context["sources"].get(slug, {})) or slug for slug in slugs]
    return [(_("Sources"), "; ".join(names))]


def _quote(words: str, language: str, address: str) -> SafeString:
    if not words:
        return SafeString("")
    return format_html('<blockquote lang="{}" cite="{}"><p>{}</p></blockquote>', language, address, words)


def _facts(facts: Iterable[tuple[str, str]]) -> SafeString:
    said = [(f"{label}: " if label else "", words) for label, words in facts if words]
    return format_html_join("", "<p>{}{}</p>", said)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
