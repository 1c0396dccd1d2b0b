"""The feed of corrections: valid Atom whose identities stay, and nothing of the desk in it."""

import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish, withdraw
from statements.models import Statement, Version
from statements.public.corrections import in_words
from statements.record.corrections import Corrections, with_versions
from tests.factories import make_public_statement, make_statement, publish_again, save_version
from tests.test_public_queries import counted_queries

ADDRESS = "/corrections.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"{ADDRESS}{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  # our own


def entries(root: ElementTree.Element) -> list[dict[str, str]]:
    found = []
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        texts = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "updated", "summary")}
        found.append(texts | {"link": link.attrib["href"]})
    return found


def correct(statement: Statement, editor: User, reviewer: User, *, note: str, **fields: Any) -> None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    statement.refresh_from_db()
    publish_again(statement, by=editor, published_by=reviewer, revision="correction", note=note)


def test_each_correction_is_an_entry_with_its_note_its_time_and_the_address_of_its_version(
    editor: User, reviewer: User, client: Client, settings: Any
) -> None:
    settings.SITE_URL, settings.SITE_NAME = "https://tracker.example:8443", "The tracker"
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    correct(statement, editor, reviewer, place="Riga", note="It was said in Riga & not <Vilnius>.")
    at = datetime.datetime(2022, 3, 5, 12, tzinfo=datetime.UTC)
    Version.objects.filter(public_number=2).update(published_at=at)
    root = feed(client)
    assert root.findtext(f"{ATOM}title") == "The tracker: what was corrected"
    assert root.findtext(f"{ATOM}updated") == "2022-03-05T12:00:00+00:00"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The tracker"
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://tracker.example:8443/corrections/",
        "self": "https://tracker.example:8443/corrections.atom",
    }
    (entry,) = entries(root)
    assert entry["title"] == "The statement: correction"
    assert entry["link"] == "https://tracker.example:8443/statements/the-statement/versions/2/"
    assert entry["updated"] == "2022-03-05T12:00:00+00:00"
    assert entry["id"] == f"tag:tracker.example,2022-03-05:corrections/{statement.pk}/2"
    assert "<p>It was said in Riga &amp; not &lt;Vilnius&gt;.</p>" in entry["summary"]
    assert "Changed: place and occasion." in entry["summary"]


def test_an_entry_keeps_its_identity_when_its_statement_is_renamed_or_moves(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Before")
    correct(statement, editor, reviewer, place="Riga", note="It was Riga.")
    (before,) = entries(feed(client))
    correct(statement, editor, reviewer, title="After", note="It has another title.")
    newest, after = entries(feed(client))
    assert after["id"] == before["id"]
    assert newest["id"] != after["id"]
    assert after["title"].startswith("After:")


def test_withdrawals_are_entries_also_when_the_statement_is_public_again(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    withdraw(statement=statement, by=reviewer, reason="The source retracted it.")
    (gone,) = entries(feed(client))
    assert gone["title"] == "The statement: withdrawn, with all its versions"
    assert "The source retracted it." in gone["summary"]
    publish(statement=statement, by=reviewer)
    (back,) = entries(feed(client))
    assert back["id"] == gone["id"]
    assert back["title"] == "The statement: withdrawn, and published again later"


def test_it_has_the_kinds_of_the_page_and_refuses_what_it_does_not_know(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    correct(statement, editor, reviewer, place="Riga", note="It was Riga.")
    gone = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    assert len(entries(feed(client))) == 2
    assert len(entries(feed(client, "?kind=correction"))) == 1
    assert feed(client).findtext(f"{ATOM}id") != feed(client, "?kind=correction").findtext(f"{ATOM}id")
    for query in ("?kind=other", "?page=2", "?colour=red"):
        response = client.get(f"{ADDRESS}{query}")
        assert response.status_code == 400
        assert response.headers["Content-Type"].startswith("text/plain")


def test_nothing_of_the_desk_is_in_it(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, desk_note="secret note")
    correct(statement, editor, reviewer, place="Riga", note="It was Riga.")
    Statement.objects.filter(pk=statement.pk).update(title="secret title")
    save_version(statement=Statement.objects.get(), by=editor)
    make_statement(by=editor, title="secret draft")
    words = client.get(ADDRESS).content.decode()
    for word in ("secret", "editor", "reviewer"):
        assert word not in words


@pytest.mark.parametrize("rows", [1, 8])
def test_it_costs_two_queries_however_many_entries(editor: User, reviewer: User, client: Client, rows: int) -> None:
    for _number in range(rows):
        statement = make_public_statement(by=editor, published_by=reviewer)
        correct(statement, editor, reviewer, place="Riga", note="It was Riga.")
        withdraw(statement=make_public_statement(by=editor, published_by=reviewer), by=reviewer, reason="A mistake.")
    with counted_queries() as seen:
        root = feed(client)
    assert len(seen) == 2
    assert len(entries(root)) == 2 * rows


def test_an_empty_feed_is_one(client: Client, db: None) -> None:
    assert entries(feed(client)) == []
    assert feed(client).findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00", "it doesn't change by being read"


def test_a_version_that_was_erased_breaks_neither_the_feed_nor_the_list(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    correct(statement, editor, reviewer, place="Riga", note="It was Riga.")
    correct(statement, editor, reviewer, place="Vilnius", note="It was Vilnius.")
    erased = Version.objects.get(public_number=2)
    document = {name: value for name, value in erased.document.items() if name not in ("content", "context")}
    Version.objects.filter(pk=erased.pk).update(
        document=document | {"erased": {"reason": "safety", "on": "2022-03-05"}}
    )
    assert [entry["title"] for entry in entries(feed(client))] == ["The statement: correction"] * 2
    assert client.get("/corrections/").status_code == 200
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    Version.objects.update(document=document | {"erased": {"reason": "safety", "on": "2022-03-05"}})
    (entry,) = entries(feed(client))
    assert entry["title"].startswith("A statement that was erased")
    assert client.get("/corrections/").status_code == 200


def test_characters_that_xml_cannot_hold_do_not_break_the_feed(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="From a\x0cPDF")
    correct(statement, editor, reviewer, place="Riga", note="It was said\x0bin Riga.\x1f")
    (entry,) = entries(feed(client))
    assert entry["title"] == "From a PDF: correction"
    assert "It was said in Riga." in entry["summary"]
    withdraw(statement=statement, by=reviewer, reason="It was\x1eanother day.")
    assert "It was another day." in entries(feed(client))[0]["summary"]


def test_what_is_withdrawn_while_the_feed_is_read_is_left_out_of_it(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    correct(statement, editor, reviewer, place="Riga", note="It was said in Riga.")
    rows = Corrections()[:10]
    withdraw(statement=statement, by=reviewer, reason="It was another day.")
    assert in_words(with_versions(rows)) == []
    rows = Corrections()[:10]
    publish(statement=statement, by=reviewer)
    assert [row.title for row in in_words(with_versions(rows))] == [Statement.objects.get().title]
