"""Whoever has a page as it is now is answered 304 with one query; whoever has an older one gets the page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from statements.actions.publishing import withdraw
from statements.models import OldSlug, PublicChange, Statement
from tests.factories import make_public_statement, make_statement, publish_again
from tests.public_walk import body_of
from tests.test_public_queries import MOST, counted_queries, fill

#: Answered by their content: 304 saves the line, and not the queries.
BY_CONTENT = [address for address in MOST if address.endswith((".bib", ".ris", ".csl.json"))]
BY_CONTENT += [
    *("/statements/the-statement-0.json", "/statements/the-statement-0/versions/1.json"),
    "/corrections.atom",
]
BY_CONTENT += ["/data/schemas/statements.json"]
PAGES = [a for a in MOST if a.partition("?")[0].endswith(("/", ".xml", "robots.txt"))]


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return make_public_statement(by=editor, published_by=reviewer, title="The statement")


ADDRESS = "/statements/the-statement/"


def etag_at(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.headers["ETag"])


def asked_again(client: Client, address: str, etag: str, **how: Any) -> Any:
    return client.get(address, headers={"if-none-match": etag}, **how)


@contextmanager
def in_the_middle(work: Callable[[], object], *, after: int = 2) -> Iterator[None]:
    """Do this after so many queries of a request, as somebody else would who is done by then."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        answer = execute(sql, params, many, context)
        if len(asked) == after:
            work()
        return answer

    with connection.execute_wrapper(note):
        yield
    assert PublicChange._meta.db_table in asked[0]
    assert len(asked) > after


def test_every_address_answers_304_to_whoever_has_it_and_almost_all_with_one_query(
    editor: User, reviewer: User, client: Client
) -> None:
    fill(editor, reviewer, rows=2)
    queries = {}
    for address in MOST:
        response = client.get(address)
        body_of(response)
        etag = response.headers["ETag"]
        for ask in (client.get, client.head):
            with counted_queries() as seen:
                again = ask(address, headers={"if-none-match": etag})
            assert (again.status_code, body_of(again)) == (304, b""), address
            assert (again.headers["ETag"], again.headers["Cache-Control"]) == (etag, "public, no-cache, max-age=0")
            queries[address] = len(seen)
    assert {address: queries[address] for address in MOST if address not in BY_CONTENT} == dict.fromkeys(
        (address for address in MOST if address not in BY_CONTENT), 1
    )
    assert all(queries[address] <= MOST[address] for address in BY_CONTENT)


def test_what_a_page_says_of_itself_is_the_same_to_get_and_head_and_to_staff(
    editor: User, reviewer: User, client: Client
) -> None:
    fill(editor, reviewer, rows=2)
    staff = Client()
    staff.force_login(reviewer)
    etags = set()
    for address in PAGES:
        headers = client.get(address).headers
        assert headers["ETag"].startswith('W/"page-')
        assert headers["Cache-Control"] == "public, no-cache, max-age=0"
        assert "Vary" not in headers
        assert client.head(address).headers["ETag"] == headers["ETag"]
        assert staff.get(address).headers["ETag"] == headers["ETag"]
        etags.add(headers["ETag"])
    assert len(etags) == len(PAGES)


def test_any_of_several_etags_will_do_and_one_of_something_else_will_not(statement: Statement, client: Client) -> None:
    etag = etag_at(client, ADDRESS)
    strong = etag.removeprefix("W/")  # as some proxies make of it: the comparison is a weak one
    for known in (etag, f'"other", {etag}', f'{etag},W/"page-0"', strong, f'"other",{strong}'):
        assert asked_again(client, ADDRESS, known).status_code == 304
    for known in ('"other"', 'W/"page-0"', etag.strip('"'), "nonsense", '"', ""):
        assert asked_again(client, ADDRESS, known).status_code == 200


def test_an_etag_is_of_one_address_of_one_host(statement: Statement, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    etag = etag_at(client, ADDRESS)
    for address in (f"{ADDRESS}?page=1", "/statements/", f"{ADDRESS}versions/1/", "/about/"):
        assert asked_again(client, address, etag).status_code == 200
    assert asked_again(client, ADDRESS, etag).status_code == 304
    assert asked_again(client, ADDRESS, etag, HTTP_HOST="other.example.org").status_code == 200
    assert asked_again(client, ADDRESS, etag, HTTP_HOST="evil.example.org").status_code == 400


def test_nobody_is_answered_304_where_plain_http_is_sent_away(
    statement: Statement, client: Client, settings: Any
) -> None:
    etag = etag_at(client, ADDRESS)
    settings.SECURE_SSL_REDIRECT = True
    secure = client.get(ADDRESS, secure=True).headers["ETag"]
    assert asked_again(Client(), ADDRESS, secure).status_code == 301
    assert asked_again(Client(), ADDRESS, secure, secure=True).status_code == 304
    assert etag != secure


def test_an_asterisk_stands_for_whatever_there_is_and_not_for_what_there_is_not(
    statement: Statement, client: Client, reviewer: User
) -> None:
    response = asked_again(client, ADDRESS, "*")
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag_at(client, ADDRESS)
    assert asked_again(client, "/statements/no-such/", "*").status_code == 404
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert asked_again(client, ADDRESS, "*").status_code == 410


def test_whoever_has_an_older_page_gets_the_new_one(
    statement: Statement, editor: User, reviewer: User, client: Client
) -> None:
    etag = etag_at(client, ADDRESS)
    statement.title = "Another title"
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer, revision="correction", note="It was wrong.")
    again = asked_again(client, ADDRESS, etag)
    assert again.status_code == 200
    assert "Another title" in again.content.decode()
    assert again.headers["ETag"] not in ("", etag)


def test_what_is_moved_missing_or_gone_has_no_etag_and_is_never_304(
    statement: Statement, client: Client, reviewer: User
) -> None:
    issuer = statement.issuers.get().organisation
    OldSlug.objects.create(kind="organisation", slug="old", target_id=issuer.pk)
    etag = etag_at(client, ADDRESS)
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    for address, status in (
        (ADDRESS, 410),
        (f"{ADDRESS}versions/1/", 410),
        ("/statements/no-such/", 404),
        ("/statements/?page=99", 200),
        ("/demands/?page=99", 404),
    ):
        for known in ("", etag, "*"):
            response = asked_again(client, address, known)
            assert response.status_code == (304 if status == 200 and known == "*" else status)
            assert ("ETag" in response.headers) == (status == 200)


def test_an_old_address_leads_on_whatever_the_reader_has(statement: Statement, client: Client) -> None:
    issuer = statement.issuers.get().organisation
    etag = etag_at(client, f"/organisations/{issuer.slug}/")
    OldSlug.objects.create(kind="organisation", slug="old", target_id=issuer.pk)
    for known in ("", etag, "*"):
        response = asked_again(client, "/organisations/old/", known)
        assert response.status_code == 301
        assert "ETag" not in response.headers


def test_a_page_that_is_made_while_somebody_publishes_is_asked_for_again(
    statement: Statement, editor: User, reviewer: User, client: Client
) -> None:
    """It may say more than its ETag, and never less: whoever has it gets the next one, whatever it says."""
    late = make_statement(by=editor, title="Published meanwhile")
    then = etag_at(client, "/statements/")
    with in_the_middle(lambda: publish_again(late, by=editor, published_by=reviewer, revision="")):
        made = client.get("/statements/")
    assert made.headers["ETag"] == then
    again = asked_again(client, "/statements/", made.headers["ETag"])
    assert again.status_code == 200
    assert "Published meanwhile" in again.content.decode()


def test_whatever_is_no_page_is_not_kept_from_its_answer(
    statement: Statement, client: Client, reviewer_client: Client, settings: Any
) -> None:
    etag = etag_at(client, ADDRESS)
    assert client.post(ADDRESS, headers={"if-none-match": etag}).status_code == 405
    assert asked_again(client, "/healthz", '"other"').status_code == 200
    preview = f"/admin/statements/statement/{statement.pk}/preview/"
    shown = asked_again(reviewer_client, preview, etag)
    assert shown.status_code == 200
    assert "ETag" not in shown.headers
    settings.MAINTENANCE = True
    with counted_queries() as seen:
        assert asked_again(client, ADDRESS, etag).status_code == 503
    assert seen == []
