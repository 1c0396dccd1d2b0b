"""How files are answered: exact headers, ETags, other sites, old addresses, and plain words for what went wrong."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.models import OldSlug, Organisation, Statement, Version
from statements.public.twins import collections
from tests.erasing import NAME, erased, statement_with_the_name
from tests.factories import make_public_statement, make_statement, publish_again
from tests.public_walk import body_of
from tests.taking_away import csv_rows, fetched, schema_errors

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_LIST = ("/statements.csv", "/statements.json", "/statements.xlsx", "/statements.atom")


@pytest.fixture
def public(editor: User, reviewer: User) -> Statement:
    """Its measure and its demand are known as "held" and "release", its issuer as "ministry"."""
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    for row, slug in (
        (statement.counts.get().measure, "held"),
        (statement.mentions.get().demand, "release"),
        (statement.issuers.get().organisation, "ministry"),
    ):
        OldSlug.objects.create(kind=row._meta.model_name, slug=f"old-{slug}", target_id=row.pk)
        row.slug = slug
        row.save()
    return statement


EVERY = (
    *OF_LIST,
    "/statements.csv-metadata.json",
    "/statements/the-statement.json",
    "/statements/the-statement/versions/1.json",
    "/measures/held.csv",
    "/measures/held.csv-metadata.json",
    "/measures/held.json",
    "/measures/held.atom",
    "/demands/release.csv",
    "/demands/release.csv-metadata.json",
    "/demands/release.json",
    "/demands/release.atom",
    "/organisations/ministry.atom",
    "/corrections.atom",
    "/data/schemas/statements.json",
)


def media_type_of(address: str) -> str:
    if address.startswith("/data/schemas/"):
        return "application/schema+json"
    if address.endswith("metadata.json"):
        return "application/csvm+json"
    return {
        "csv": "text/csv; charset=utf-8; header=present",
        "json": "application/json",
        "xlsx": XLSX,
        "atom": "application/atom+xml; charset=utf-8",
    }[address.rpartition(".")[2]]


@pytest.mark.parametrize("address", EVERY)
def test_a_file_has_its_exact_type_an_etag_and_may_be_read_from_other_sites(
    public: Statement, client: Client, address: str
) -> None:
    response, body = fetched(client, address)
    assert response.status_code == 200
    assert body
    headers = response.headers
    assert headers["Content-Type"] == media_type_of(address)
    assert headers["ETag"].startswith('W/"')
    assert headers["Cache-Control"] == "public, no-cache, max-age=0"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert '<https://spdx.org/licenses/CC-BY-4.0.html>; rel="license"' in headers["Link"]
    assert headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    is_download = media_type_of(address) == XLSX or headers["Content-Type"].startswith("text/csv")
    assert headers.get("Content-Disposition", "").startswith("attachment") == is_download


@pytest.mark.parametrize("address", EVERY)
def test_whoever_has_it_is_answered_304_until_something_changes(
    public: Statement, editor: User, reviewer: User, client: Client, address: str
) -> None:
    etag = fetched(client, address)[0].headers["ETag"]
    for asked in (etag, f'"other", {etag}'):
        response, body = fetched(client, address, if_none_match=asked)
        assert (response.status_code, body) == (304, b"")
        assert response.headers["ETag"] == etag
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"] == "public, no-cache, max-age=0"
    assert fetched(client, address, if_none_match='"other"')[0].status_code == 200
    public.summary = "In other words."
    public.save()
    publish_again(public, by=editor, published_by=reviewer, revision="correction", note="It was wrong.")
    if not address.startswith("/data/schemas/"):  # they are what they were
        assert fetched(client, address, if_none_match=etag)[0].status_code == 200


def test_the_etag_of_one_address_is_no_answer_at_another(public: Statement, client: Client) -> None:
    etag = client.get("/statements.json").headers["ETag"]
    for address in ("/statements.csv", "/statements.json?page=1", "/statements.json?colour=red", "/demands/no.json"):
        assert fetched(client, address, if_none_match=etag)[0].status_code != 304
        assert fetched(client, address, if_none_match="*")[0].status_code != 304


@pytest.mark.parametrize("address", EVERY)
def test_head_says_the_same_without_writing_it(
    public: Statement, client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _body = fetched(client, address)
    for name in ("statements_in_full", "figures_in_full", "makings_in_full"):
        monkeypatch.setattr(collections, name, None)
    response = client.head(address)
    assert response.status_code == 200
    assert body_of(response) == b""
    same = {name: value for name, value in whole.headers.items() if name != "Content-Length"}
    assert {name: value for name, value in response.headers.items() if name != "Content-Length"} == same
    if "Content-Length" in response.headers:
        assert response.headers["Content-Length"] == whole.headers["Content-Length"]


def test_only_get_and_head_are_answered(public: Statement, client: Client) -> None:
    for address in EVERY:
        assert client.post(address).status_code == 405
        assert client.options(address).status_code == 405


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "This list has no parameter “colour”."),
        ("issuer=nobody", "Nothing here has “nobody” for “Issued or joined by”."),
        ("issued_after=soon", "“soon” is not a date"),
        ("has_count=yes", "“yes” is none of true, false."),
        ("page=2", "There is no page 2: the last one is 1."),
        ("page=0", "There is no page 0"),
        ("page=x", "“x” is not the number of a page."),
        ("page=1&page=1", "The page was given more than once."),
        ("%00=1", "This list has no parameter"),
    ],
)
def test_what_the_list_can_not_answer_is_named_in_every_format(
    public: Statement, client: Client, query: str, sentence: str
) -> None:
    for address in OF_LIST:
        response, body = fetched(client, f"{address}?{query}")
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert sentence in body.decode()
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" not in response.headers


def test_every_problem_is_named(public: Statement, client: Client) -> None:
    _response, body = fetched(client, "/statements.csv?colour=red&issuer=nobody&kind=tweet")
    assert len(body.decode().splitlines()) == 3


@pytest.mark.parametrize("address", [address for address in EVERY if address not in OF_LIST])
def test_an_unknown_parameter_is_named_at_every_other_address(public: Statement, client: Client, address: str) -> None:
    response, body = fetched(client, f"{address}?colour=red")
    assert response.status_code == 400
    assert "has no parameter “colour”." in body.decode()
    assert fetched(client, f"{address}?colour=")[0].status_code == 200, "it says nothing"


@pytest.mark.parametrize("folder", ["measures/held", "demands/release"])
def test_a_page_or_an_order_that_is_not_there_is_named(public: Statement, client: Client, folder: str) -> None:
    for form in ("csv", "json", "atom"):
        response, body = fetched(client, f"/{folder}.{form}?page=7")
        assert (response.status_code, body.decode()) == (400, "There is no page 7: the last one is 1.")
        response, body = fetched(client, f"/{folder}.{form}?sort=colour")
        assert response.status_code == 400
        assert "“colour” is none of" in body.decode() or "no parameter “sort”" in body.decode()


@pytest.mark.parametrize(
    "address", [address for address in EVERY if any(part in address for part in ("held", "release", "ministry"))]
)
def test_an_old_address_leads_to_the_same_format_with_the_same_query(
    public: Statement, client: Client, address: str
) -> None:
    folder, _slash, name = address.rpartition("/")
    response = client.get(f"{folder}/old-{name}?page=1")
    assert (response.status_code, response.headers["Location"]) == (301, f"{address}?page=1")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{folder}/old-{name}").headers["Location"] == address


def test_an_old_address_of_a_statement_leads_to_its_json(public: Statement, client: Client) -> None:
    OldSlug.objects.create(kind="statement", slug="before", target_id=public.pk)
    for ending in (".json", "/versions/1.json"):
        response = client.get(f"/statements/before{ending}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/statements/the-statement{ending}")


def test_what_does_not_exist_answers_404_in_plain_words(public: Statement, client: Client) -> None:
    for address in EVERY:
        folder, _slash, name = address.rpartition("/")
        if folder and "corrections" not in address:
            missing = f"{folder}/99.json" if "versions" in folder else f"{folder}/nothing.{name.partition('.')[2]}"
            response, body = fetched(client, missing)
            assert response.status_code == 404, missing
            assert body.decode() == "There is nothing at this address."


def test_what_was_withdrawn_answers_410_with_title_date_and_reason(
    public: Statement, reviewer: User, client: Client
) -> None:
    withdraw(statement=public, by=reviewer, reason="The source retracted it.")
    public.refresh_from_db()
    assert public.withdrawn_at is not None
    for address in ("/statements/the-statement.json", "/statements/the-statement/versions/1.json"):
        response, body = fetched(client, address)
        assert (response.status_code, response.headers["Content-Type"]) == (410, "application/json")
        said = json.loads(body)
        assert schema_errors(client, said) == []
        assert {name: value for name, value in said.items() if name != "$schema"} == {
            "state": "withdrawn",
            "title": "The statement",
            "on": public.withdrawn_at.date().isoformat(),
            "reason": "The source retracted it.",
        }
        assert "ETag" not in response.headers
    for address in ("/measures/held.json", "/demands/release.csv", "/organisations/ministry.atom"):
        assert client.get(address).status_code == 404, "nothing that readers see names it any more"


def test_a_version_that_was_erased_answers_410_with_day_and_kind_of_reason(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    first = Version.objects.get(statement=statement, public_number=1)
    erased(statement, by=administrator, version=first.number)
    response, body = fetched(client, "/statements/on-a-prisoner/versions/1.json")
    assert response.status_code == 410
    said = json.loads(body)
    assert schema_errors(client, said) == []
    assert (said["state"], said["title"], said["reason"]) == ("erased", None, "the safety of a person")
    versions = json.loads(fetched(client, "/statements/on-a-prisoner.json")[1])["versions"]
    assert [version["is_erased"] for version in versions] == [True, False]


def test_where_words_were_erased_the_document_says_so_and_the_hash_stays(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    before = json.loads(fetched(client, "/statements/on-a-prisoner/versions/1.json")[1])["content_hash"]
    erased(statement, by=administrator, words=NAME)
    for address in ("/statements/on-a-prisoner/versions/1.json", "/statements/on-a-prisoner.json", *OF_LIST):
        _response, body = fetched(client, address)
        assert NAME.encode() not in body, address
    said = json.loads(fetched(client, "/statements/on-a-prisoner/versions/1.json")[1])
    assert schema_errors(client, said) == []
    assert said["document"]["erased"]["reason"] == "safety"
    assert said["content_hash"] == before


def test_a_file_that_breaks_off_does_not_look_like_a_whole_one(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_public_statement(by=editor, published_by=reviewer, issued=f"202{number}")
    monkeypatch.setattr("statements.record.in_full.BATCH", 1)

    def breaks(self: Any, one: Any) -> Any:
        if one.entry.pk == Statement.objects.order_by("pk")[0].pk:
            raise OSError("the database is gone")
        return {"slug": one.entry.slug}

    monkeypatch.setattr(collections.StatementList, "object_of", breaks)
    response = client.get("/statements.json")
    pieces, received = iter(response.streaming_content), []
    with pytest.raises(OSError, match="the database is gone"):  # which reaches the server: it cuts the connection
        received.extend(pieces)
    assert b'"total":3' in b"".join(received)
    assert b"complete" not in b"".join(received)
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(b"".join(received))


def test_what_is_withdrawn_while_a_file_is_written_is_left_out_and_the_file_says_how_many_it_has(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = [make_public_statement(by=editor, published_by=reviewer, issued=f"202{number}") for number in range(3)]
    monkeypatch.setattr("statements.record.in_full.BATCH", 1)
    response = client.get("/statements.json")
    pieces = iter(response.streaming_content)
    received = next(pieces) + next(pieces)
    withdraw(statement=statements[1], by=reviewer, reason="A mistake.")
    received += b"".join(pieces)
    document = json.loads(received)
    assert [one["slug"] for one in document["statements"]] == [statements[2].slug, statements[0].slug]
    assert (document["total"], document["written"], document["complete"]) == (3, 2, True)


def test_what_is_published_anew_while_a_file_is_written_is_in_it(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    held = statement.counts.get().measure
    response = client.get(f"/measures/{held.slug}.csv")
    pieces = iter(response.streaming_content)
    received = next(pieces)
    statement.summary = "In other words."
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer)
    received += b"".join(pieces)
    assert b"1007 political prisoners" in received
    assert b"/versions/2/#figure-1" in received


def test_a_draft_changes_nothing(public: Statement, editor: User, client: Client) -> None:
    before = csv_rows(client, "/statements.csv")
    make_statement(by=editor, title="A draft")
    Organisation.objects.create(slug="unused", name="Unused", kind="NGO")
    assert csv_rows(client, "/statements.csv") == before
