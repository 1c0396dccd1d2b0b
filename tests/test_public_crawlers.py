"""What search engines and chats are told: one address for each page, what is on it, and where all of them are."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.public import crawlers
from tests.factories import (
    IssuerFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    make_public_statement,
    make_statement,
    save_version,
)
from tests.test_public_queries import counted_queries

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314  # written by this site
    return [element.text or "" for element in root.iter(f"{SPACE}loc")]


def head_of(client: Client, address: str) -> dict[str, str]:
    """The canonical address, and every meta element by its name."""
    page = client.get(address).content.decode()
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert len(canonical) <= 1
    return found | {"canonical": canonical[0] if canonical else ""}


def test_the_sitemap_names_every_page_that_readers_can_open_and_no_other(
    editor: User, reviewer: User, client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    public = make_public_statement(by=editor, published_by=reviewer, title="Public")
    draft = make_statement(by=editor, title="Draft")
    gone = make_public_statement(by=editor, published_by=reviewer, title="Gone")
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    with counted_queries() as seen:
        found = locations(client, "/sitemap.xml")
    assert len(seen) == 3
    paths = [location.removeprefix("https://tracker.example.org") for location in found]
    assert len(paths) == len(set(paths)) == 9 + 5
    for path in paths:
        assert client.get(path).status_code == 200, path
    assert f"/statements/{public.slug}/" in paths
    for statement in (draft, gone):
        assert f"/organisations/{statement.issuers.get().organisation.slug}/" not in paths
    assert "<lastmod>" in client.get("/sitemap.xml").content.decode()


def test_a_large_sitemap_is_an_index_of_pages(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(3):
        make_public_statement(by=editor, published_by=reviewer)
    every = set(locations(client, "/sitemap.xml"))
    monkeypatch.setattr(crawlers, "ADDRESSES_A_PAGE", 2)
    with counted_queries() as seen:
        pages = [location.removeprefix("http://localhost:8000") for location in locations(client, "/sitemap.xml")]
    assert len(seen) == 2
    assert pages[:2] == ["/sitemap-statement-1.xml", "/sitemap-statement-2.xml"]
    assert "/sitemap-speaker-1.xml" not in pages
    with counted_queries() as seen:
        found = {location for page in pages for location in locations(client, page)}
    assert len(seen) == 2 * len(pages)
    assert every - found == {
        f"http://localhost:8000{path}"
        for path in (
            "/",
            "/statements/",
            "/demands/",
            "/measures/",
            "/organisations/",
            "/sources/",
            "/about/",
            "/corrections/",
            "/data/",
        )
    }
    for address in ("/sitemap-statement-3.xml", "/sitemap-statement-0.xml", "/sitemap-user-1.xml"):
        assert client.get(address).status_code == 404


def test_robots_are_kept_from_the_desk_and_told_where_the_sitemap_is(db: None, client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "",
        "Sitemap: https://tracker.example.org/sitemap.xml",
    ]


def test_what_a_phone_passes_on_is_the_page_that_is_read(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One")
    measure = statement.counts.get().measure
    site = "http://localhost:8000"
    for address, canonical, is_indexed in (
        ("/statements/?kind=speech", "/statements/?kind=speech", False),
        ("/statements/?colour=red", "/statements/?colour=red", False),
        ("/statements/?q=&sort=issued", "/statements/?sort=issued", False),
        ("/statements/?page=9", "/statements/", False),
        ("/statements/", "/statements/", True),
        ("/statements/one/", "/statements/one/", True),
        ("/statements/one/versions/1/", "/statements/one/versions/1/", False),
        (f"/measures/{measure.slug}/?sort=value", f"/measures/{measure.slug}/", False),
        (f"/measures/{measure.slug}/?sort=x", f"/measures/{measure.slug}/", False),
        (f"/measures/{measure.slug}/", f"/measures/{measure.slug}/", True),
    ):
        head = head_of(client, address)
        assert head["canonical"] == head["og:url"] == site + canonical, address
        assert ("noindex" in head.get("robots", "")) != is_indexed, address


def test_a_further_page_of_a_list_is_a_page_of_its_own(editor: User, reviewer: User, client: Client) -> None:
    for _number in range(26):
        make_public_statement(by=editor, published_by=reviewer)
    assert head_of(client, "/statements/?page=2")["canonical"] == "http://localhost:8000/statements/?page=2"
    assert head_of(client, "/statements/?page=1")["canonical"] == "http://localhost:8000/statements/"
    filtered = head_of(client, "/statements/?kind=press+statement&page=2&has_count=true")
    own = "http://localhost:8000/statements/?kind=press+statement&amp;has_count=true&amp;page=2"
    assert filtered["canonical"] == filtered["og:url"] == own


def test_a_filtered_list_that_is_passed_on_says_what_was_asked_for(
    editor: User, reviewer: User, client: Client
) -> None:
    make_public_statement(by=editor, published_by=reviewer, kind="speech")
    title = "One statement of the kind speech"
    head = head_of(client, "/statements/?kind=speech")
    assert head["og:title"] == title
    assert head["description"] == f"{title}: who said them, when, in which words, with which figures."
    assert head["og:description"] == head["description"]
    nothing = head_of(client, "/statements/?q=%22elephant%22")
    assert nothing["og:title"] == nothing["description"]
    assert nothing["og:title"].startswith("No statement with the words")
    everything = head_of(client, "/statements/")
    assert everything["og:title"] == "Statements"
    assert everything["description"].startswith("All statements, newest first")


def test_what_was_withdrawn_and_what_is_missing_are_not_to_be_indexed(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One")
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    for address in ("/statements/one/", "/statements/one/versions/1/", "/nothing/"):
        head = head_of(client, address)
        assert head["robots"] == "noindex"
        assert head["canonical"] == ""


def test_a_chat_shows_who_said_it_when_and_what(editor: User, reviewer: User, client: Client) -> None:
    make_public_statement(
        by=editor, published_by=reviewer, title="One “title”", slug="one", summary="They ask.\n\nFor release."
    )
    head = head_of(client, "/statements/one/")
    assert head["og:title"] == "One “title”"
    assert head["og:type"] == "article"
    assert head["og:site_name"] == "Statement tracker"
    assert re.fullmatch(r"Organisation \d+, 27 January 2022: They ask. For release.", head["description"])
    assert head["og:description"] == head["description"]


def test_many_authors_with_long_names_leave_room_for_what_they_said(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_statement(by=editor, slug="one", summary="They ask for release.", issued="2021-11")
    for number in range(5):
        IssuerFactory(statement=statement, organisation=OrganisationFactory(name=f"Office {number} " + "of it " * 30))
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Anna"))
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    description = head_of(client, "/statements/one/")["description"]
    assert description.startswith("Anna, Organisation ")
    assert description.endswith("November 2021: They ask for release.")
    assert len(description) <= 200
