"""The cases of the benchmark that pages answer: what each asks, under which bound, and beside what it is measured.

A case does its work within the stopwatch that it is given, and returns the number of bytes that came of it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, QueryDict
from django.template.loader import get_template
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import resolve

from statements.public import filters, views
from statements.record.facets import Facets, facets, facets_as_of
from statements.record.listing import Criteria, total
from tests.bench import questions
from tests.bench.bounds import FIRST_PAGE, FLOOR
from tests.bench.questions import Found
from tests.bench.work import Stopwatch
from tests.databases import AS_A_SITE

LIST_TEMPLATE = "statements/statement_list.html"

Run = Callable[[Stopwatch], int]


class Unexpected(Exception):
    """An address did not answer as it must; then nothing that was measured says anything."""


@dataclass(frozen=True)
class Case:
    """``row`` is the key of its bound. ``is_page``: its queries can be explained."""

    name: str
    row: str
    run: Run
    beside: str = FLOOR
    is_page: bool = True


def request_of(address: str, user: User | None = None) -> HttpRequest:
    request = RequestFactory(SERVER_NAME=AS_A_SITE["ALLOWED_HOSTS"]).get(address, secure=True)
    request.user = user or AnonymousUser()
    return request


def pieces(address: str, user: User | None = None) -> Iterator[bytes]:
    """An answer by the view itself, without the middleware: the floor has none either. Raises Unexpected."""
    request = request_of(address, user)
    match = resolve(request.path_info)
    response = match.func(request, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200:
        raise Unexpected(f"{address} answers {response.status_code}")
    with closing(response):
        yield from response.streaming_content if response.streaming else [response.content]


def answer(address: str, user: User | None = None) -> bytes:
    return b"".join(pieces(address, user))


class Remembered:
    """Facets that were counted once and are given from memory from then on."""

    def __init__(self) -> None:
        self._known: dict[Criteria, Facets] = {}

    def __call__(self, _version: str, criteria: Criteria) -> Facets:
        if criteria not in self._known:
            self._known[criteria] = facets(criteria)
        return self._known[criteria]

    def in_place(self) -> AbstractContextManager[Any]:
        return patch.object(views, "facets_as_of", self)


def page(address: str, *, memory: Remembered | None = None, user: User | None = None) -> Run:
    def run(watch: Stopwatch) -> int:
        with memory.in_place() if memory is not None else nullcontext(), watch:
            return len(answer(address, user))

    return run


def floor() -> Run:
    """The list's own template with 25 rows, rendered from objects in memory. Raises Unexpected where it asks anything
    of the database.
    """
    context, request = _context_of_the_list()
    template = get_template(LIST_TEMPLATE)

    def refuse(_execute: Any, sql: str, *_more: Any) -> Any:
        raise Unexpected(f"The template asks the database: {sql}")

    def run(watch: Stopwatch) -> int:
        with connection.execute_wrapper(refuse), watch:
            return len(template.render(context, request).encode())

    return run


def _context_of_the_list() -> tuple[dict[str, Any], HttpRequest]:
    rendered: list[dict[str, Any]] = []

    def note(template: Any, context: Any, **_more: Any) -> None:
        if template.name == LIST_TEMPLATE:
            rendered.append(context.flatten())

    request = request_of("/statements/")
    setup_test_environment()
    template_rendered.connect(note)
    try:
        views.statement_list(request)
    finally:
        template_rendered.disconnect(note)
        teardown_test_environment()
    return rendered[0], request


def criteria_of(query: str) -> Criteria:
    return filters.read(QueryDict(query)).criteria


def pages(found: Found) -> Iterator[Case]:
    """Those of readers. Of the list what finds and shows its rows, the facets given from memory; and facets apart."""
    memory = Remembered()

    def of_list(row: str, asked: Iterator[questions.Question]) -> Iterator[Case]:
        for name, query in asked:
            yield Case(name, row, page(_address(query), memory=memory))

    yield from of_list("one filter", questions.single(found))
    yield from of_list("filters", questions.combined(found))
    yield from _deep(found, memory)
    yield from _total(found, memory)
    yield from of_list("search", questions.searches(found))
    yield from of_list("rank", questions.ranked(found))
    issuer = f"issuer={found.values['issuer'].common}"
    yield Case("everything", "whole", _without_cache(page("/statements/")))
    yield Case("one common issuer", "whole", _without_cache(page(_address(issuer))))
    yield Case("everything", "facets", _facets(facets, ""))
    yield Case("one common issuer", "facets of one", _facets(facets, issuer))
    yield Case("everything", "facets again", _facets(_CACHED, ""))
    yield Case("one common issuer", "facets again", _facets(_CACHED, issuer))
    for name, address in questions.others(found):
        yield Case(name, _ROWS.get(name, "other"), page(address))


#: Of other pages those that have a bound of their own.
_ROWS = {
    "a statement": "statement",
    "one of demands": "behind",
    "one of measures": "behind",
    "the first part of the sitemap": "sitemap",
}


def _address(query: str) -> str:
    return f"/statements/?{query}" if query else "/statements/"


def _deep(found: Found, memory: Remembered) -> Iterator[Case]:
    last = f"page={found.deep_page}"
    yield Case(f"page {found.deep_page:,}", "deep", page(_address(last), memory=memory), beside=FIRST_PAGE)
    oldest = page(_address(f"sort=issued&{last}"), memory=memory)
    yield Case(f"page {found.deep_page:,}, oldest first", "deep", oldest, beside="no filter, oldest first")


def _total(found: Found, memory: Remembered) -> Iterator[Case]:
    """The page, and its total counted as the list counts it."""
    for name, query in (("no filter", ""), ("demand, common", f"demand={found.values['demand'].common}")):
        shown, criteria = page(_address(query), memory=memory), criteria_of(query)

        def run(watch: Stopwatch, shown: Run = shown, criteria: Criteria = criteria) -> int:
            size = shown(watch)
            with watch:
                total(criteria)
            return size

        yield Case(name, "total", run, beside=f"{name}, newest first")


def _without_cache(asked: Run) -> Run:
    def run(watch: Stopwatch) -> int:
        caches["default"].clear()
        return asked(watch)

    return run


#: As pages ask for them: at a content version that does not change here.
_CACHED = partial(facets_as_of, "of the benchmark")


def _facets(counted: Callable[[Criteria], Facets], query: str) -> Run:
    criteria = criteria_of(query)

    def run(watch: Stopwatch) -> int:
        if counted is _CACHED:
            counted(criteria)  # another case may have emptied the cache
        with watch:
            counted(criteria)
        return 0

    return run


def desk(found: Found, by: User) -> Iterator[Case]:
    """Of the admin: lists, searches and autocompletes, as this user sees them."""
    for name in ("statement", "organisation", "speaker", "source", "demand", "measure"):
        yield Case(f"list of {name}s", "desk", page(f"/admin/statements/{name}/", user=by))
    for name in ("statement", "source"):
        for which, word in found.words.items():
            yield Case(f"search of {name}s, {which} word", "desk", page(f"/admin/statements/{name}/?q={word}", user=by))
    for model, field, slug in (
        ("issuer", "organisation", found.most["organisations"]),
        ("speakerrole", "speaker", found.most["speakers"]),
        ("citation", "source", found.most["sources"]),
        ("demandmention", "demand", found.most["demands"]),
        ("statement", "related_statement", found.statement),
    ):
        asked = f"app_label=statements&model_name={model}&field_name={field}"
        for term in (slug[:3], slug.split("-")[0]):
            run = page(f"/admin/autocomplete/?{asked}&term={term}", user=by)
            yield Case(f"autocomplete of {field}, {len(term)} letters", "desk", run)
