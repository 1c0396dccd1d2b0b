"""Pages that are kept in memory for the next reader are those that would be made now, and everybody's."""

import gzip
import threading
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client

from statements.actions.publishing import withdraw
from statements.models import Statement
from statements.public import early
from statements.record.content_version import readers_see_a_change
from tests.admin_forms import fields_on
from tests.factories import make_public_statement, make_statement, make_user, publish_again
from tests.test_conditional_requests import ADDRESS, PAGES, asked_again, in_the_middle
from tests.test_public_queries import MOST, counted_queries, fill

KEPT = 1


@pytest.fixture(autouse=True)
def _kept_pages(settings: Any) -> None:
    keep(settings, 500)


def keep(settings: Any, number: int) -> None:
    settings.CACHE_PAGES = number
    settings.CACHES = {**settings.CACHES, "pages": {**settings.CACHES["pages"], "OPTIONS": {"MAX_ENTRIES": number}}}
    caches["pages"].clear()


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return make_public_statement(by=editor, published_by=reviewer, title="The statement")


def queries_of(client: Client, address: str, **how: Any) -> int:
    with counted_queries() as seen:
        client.get(address, **how)
    return len(seen)


def test_every_page_is_answered_from_memory_with_one_query_and_is_the_same(
    editor: User, reviewer: User, client: Client
) -> None:
    fill(editor, reviewer, rows=2)
    for address in PAGES:
        assert queries_of(client, address) == MOST[address], address
        caches["pages"].clear()
        made = client.get(address)
        with counted_queries() as seen:
            kept = client.get(address)
        assert len(seen) == KEPT
        assert (kept.status_code, kept.content) == (200, made.content)
        assert list(kept.items()) == list(made.items())
        assert kept.headers["Content-Security-Policy"]
        assert int(kept.headers["Content-Length"]) == len(kept.content)


@pytest.mark.parametrize("accepted", ["gzip, deflate, br, zstd", "br;q=1.0, GZIP;q=0.05", "gzip;q=1.000"])
def test_whoever_takes_gzip_is_sent_what_is_kept_as_it_is(statement: Statement, client: Client, accepted: str) -> None:
    made = client.get(ADDRESS)
    with counted_queries() as seen:
        kept = client.get(ADDRESS, headers={"Accept-Encoding": accepted})
    assert len(seen) == KEPT
    assert gzip.decompress(kept.content) == made.content
    assert kept.headers["Content-Encoding"] == "gzip"
    assert int(kept.headers["Content-Length"]) == len(kept.content) < len(made.content) / 2
    assert [kept.headers[name] for name in ("ETag", "Vary")] == [made.headers[name] for name in ("ETag", "Vary")]
    assert "Accept-Encoding" in made.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, br", "x-gzip-not"])
def test_nobody_is_sent_what_he_cannot_unpack(statement: Statement, client: Client, accepted: str) -> None:
    made = client.get(ADDRESS)
    kept = client.get(ADDRESS, headers={"Accept-Encoding": accepted})
    assert kept.content == made.content
    assert "Content-Encoding" not in kept.headers


def test_none_is_kept_unless_the_operator_says_so(statement: Statement, client: Client, settings: Any) -> None:
    keep(settings, 0)
    assert [queries_of(client, ADDRESS) for _time in range(2)] == [7, 7]


def test_whoever_has_what_is_kept_is_answered_304(statement: Statement, client: Client) -> None:
    etag = client.get(ADDRESS).headers["ETag"]
    for known in (etag, "*"):
        again = asked_again(client, ADDRESS, known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert asked_again(client, ADDRESS, '"other"').status_code == 200


def test_what_is_published_or_withdrawn_is_seen_at_once(
    statement: Statement, client: Client, editor: User, reviewer: User
) -> None:
    for _time in range(2):
        assert "In other words." not in client.get(ADDRESS).content.decode()
    statement.summary = "In other words."
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer, revision="correction", note="It was wrong.")
    for _time in range(2):
        assert "In other words." in client.get(ADDRESS).content.decode()
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    for _time in range(2):
        assert client.get(ADDRESS).status_code == 410


def test_a_name_that_is_changed_at_the_desk_is_seen_at_once(
    statement: Statement, client: Client, reviewer_client: Client
) -> None:
    organisation = statement.issuers.get().organisation
    page = f"/organisations/{organisation.slug}/"
    client.get(page)
    address = f"/admin/statements/organisation/{organisation.pk}/change/"
    reviewer_client.post(address, fields_on(reviewer_client, address) | {"name": "The ministry, renamed"})
    assert "The ministry, renamed" in client.get(page).content.decode()


@pytest.mark.parametrize("address", ["/statements/", "/"])
def test_what_was_read_before_somebody_published_is_not_shown_afterwards(
    statement: Statement, client: Client, editor: User, reviewer: User, address: str
) -> None:
    """A publication between reading for a page and keeping it, after whichever query: with a plain cache, what is kept
    would be too old.
    """
    for after in range(1, queries_of(client, address) + 1):
        for cache in caches.all():
            cache.clear()
        late = make_statement(by=editor, title=f"Published after query {after}")
        with in_the_middle(partial(publish_again, late, by=editor, published_by=reviewer, revision=""), after=after):
            made = client.get(address).content.decode()
        assert late.title in client.get(address).content.decode()
    assert late.title not in made


def test_what_is_withdrawn_while_its_page_is_made_is_gone_for_the_next_reader(
    statement: Statement, client: Client, reviewer: User
) -> None:
    with in_the_middle(lambda: withdraw(statement=statement, by=reviewer, reason="A mistake.")):
        client.get(ADDRESS)
    assert client.get(ADDRESS).status_code == 410


@pytest.mark.parametrize(
    ("address", "how"),
    [
        (ADDRESS, {"HTTP_COOKIE": "theme=dark"}),
        ("/statements.json", {}),
        ("/statements/the-statement.json", {}),
        ("/statements/no-such/", {}),
        ("/statements/the-statement/versions/compare/?from=1&to=7", {}),
        ("/healthz", {}),
    ],
)
def test_what_is_not_everybodys_page_is_not_kept(
    statement: Statement, client: Client, address: str, how: dict[str, str]
) -> None:
    first = queries_of(client, address, **how)
    assert queries_of(client, address, **how) == first
    assert caches["pages"].get_many(list(caches["pages"]._cache)) == {}  # type: ignore[attr-defined]


def test_neither_head_nor_somebody_with_a_cookie_takes_or_leaves_anything(
    statement: Statement, client: Client, reviewer_client: Client
) -> None:
    client.head(ADDRESS)
    reviewer_client.get(ADDRESS)
    assert queries_of(client, ADDRESS) == MOST["/statements/the-statement-0/"]
    assert queries_of(client, ADDRESS) == KEPT
    assert queries_of(reviewer_client, ADDRESS) > KEPT
    assert client.head(ADDRESS).content == b""
    assert client.post(ADDRESS).status_code == 405


def test_a_long_page_is_made_each_time(statement: Statement, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "LONGEST", len(client.get(ADDRESS).content) - 1)
    caches["pages"].clear()
    assert queries_of(client, ADDRESS) == queries_of(client, ADDRESS)


def test_another_host_is_refused_though_the_page_is_kept(statement: Statement, client: Client) -> None:
    client.get(ADDRESS)
    assert client.get(ADDRESS, HTTP_HOST="evil.example.org").status_code == 400


def test_plain_http_is_sent_away_though_the_page_is_kept(statement: Statement, client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for _time in range(2):
        assert client.get(ADDRESS, secure=True).status_code == 200
        assert client.get(ADDRESS).status_code == 301


def test_no_more_pages_are_kept_than_the_operator_said(statement: Statement, client: Client, settings: Any) -> None:
    keep(settings, 10)
    addresses = [f"/statements/?q=word{number}" for number in range(40)]
    for address in addresses:
        client.get(address)
    kept = [address for address in reversed(addresses) if queries_of(client, address) == KEPT]
    assert 0 < len(kept) <= 10


def test_the_desk_is_never_kept(statement: Statement, reviewer_client: Client, client: Client) -> None:
    address = f"/admin/statements/statement/{statement.pk}/preview/"
    assert reviewer_client.get(address).status_code == 200
    assert client.get(address).status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_does_not_leave_an_old_page_to_others() -> None:
    """Two connections: one has read for its page, another publishes, and only then the page is kept."""
    editor, reviewer = make_user("editor", "contributor"), make_user("reviewer", "reviewer")
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    has_read, may_go_on = threading.Event(), threading.Event()
    made: list[str] = []

    def read_slowly() -> None:
        asked: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            answer = execute(sql, params, many, context)
            asked.append(sql)
            if len(asked) == MOST["/statements/the-statement-0/"]:
                has_read.set()
                may_go_on.wait(20)
            return answer

        with closing(connection), connection.execute_wrapper(note):
            made.append(Client().get(ADDRESS).content.decode())

    thread = threading.Thread(target=read_slowly)
    thread.start()
    assert has_read.wait(20)
    statement.summary = "In other words."
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer, revision="correction", note="It was wrong.")
    assert "In other words." in Client().get(ADDRESS).content.decode()
    may_go_on.set()
    thread.join()
    assert "In other words." not in made[0]
    assert "In other words." in Client().get(ADDRESS).content.decode()
    readers_see_a_change()
    assert "In other words." in Client().get(ADDRESS).content.decode()
