"""The list of what was changed after publication, and of what was withdrawn."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models.signals import post_init
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.models import Statement, Version
from statements.public.views import CORRECTIONS_A_PAGE
from tests.factories import make_public_statement, make_statement, publish_again, save_version
from tests.public_walk import walk
from tests.test_public_hostile import MARKUP, check
from tests.test_public_queries import counted_queries
from tests.test_public_reference import text_of

ADDRESS = "/corrections/"


def correct(statement: Statement, editor: User, reviewer: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(statement, name, value)
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer)


def published_on(statement: Statement, number: int, day: str) -> None:
    at = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    Version.objects.filter(statement=statement, public_number=number).update(published_at=at)


def test_it_says_that_nothing_was_corrected_yet_and_how_to_report_a_mistake(
    editor: User, reviewer: User, client: Client, settings: Any
) -> None:
    settings.CONTACT_EMAIL = "mistakes@tracker.example"
    make_public_statement(by=editor, published_by=reviewer, title="First versions are no corrections")
    words = text_of(client, ADDRESS)
    assert "No published statement has been changed or withdrawn yet" in words
    assert "First versions" not in words
    assert 'href="mailto:mistakes@tracker.example"' in client.get(ADDRESS).content.decode()


def test_a_later_version_is_listed_with_its_day_what_changed_and_the_versions_before_and_after(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    statement.counts.update(value=1008, quote="")
    correct(statement, editor, reviewer, summary="In other words.")
    published_on(statement, 1, "2022-01-27")
    published_on(statement, 2, "2022-03-05")
    words = text_of(client, ADDRESS)
    assert "One change after publication" in words
    assert "5 March 2022 · minor fix The statement changed: summary, one figure" in words
    assert "Version 2 in place of version 1 of 27 January 2022" in words
    page = client.get(ADDRESS).content.decode()
    for path in ("", "versions/1/", "versions/2/"):
        assert f'href="/statements/the-statement/{path}"' in page
    history = text_of(client, "/statements/the-statement/")
    assert "changed: summary, one figure" in history, "it is worded as the statement's own history is"


def test_changes_are_listed_newest_first_under_the_title_of_today(editor: User, reviewer: User, client: Client) -> None:
    first = make_public_statement(by=editor, published_by=reviewer, title="One")
    second = make_public_statement(by=editor, published_by=reviewer, title="Two")
    correct(first, editor, reviewer, place="Riga")
    correct(second, editor, reviewer, occasion="The day")
    correct(first, editor, reviewer, title="One, renamed", kind="speech")
    words = text_of(client, ADDRESS)
    assert "3 changes after publication" in words
    assert re.findall(r"· minor fix (.+?) changed: (.+?) Version (\d)", words) == [
        ("One, renamed", "title, kind", "3"),
        ("Two", "place and occasion", "2"),
        ("One, renamed", "place and occasion", "2"),
    ]


def test_what_was_withdrawn_is_listed_once_with_its_reason_and_nothing_of_its_words(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Gone", summary="formerly public")
    correct(statement, editor, reviewer, place="formerly a place")
    withdraw(statement=statement, by=reviewer, reason="It endangers\nsomebody.")
    Statement.objects.update(withdrawn_at=datetime.datetime(2022, 4, 1, tzinfo=datetime.UTC), title="On the desk")
    words = text_of(client, ADDRESS)
    assert "One change after publication 1 April 2022 · withdrawn, with all its versions Gone It endangers" in words
    assert "somebody." in words
    assert "· minor fix" not in words
    assert "formerly" not in words
    assert "On the desk" not in words
    assert "/statements/gone/" not in client.get(ADDRESS).content.decode(), "there is nothing left to open"


def test_a_withdrawal_stays_on_the_list_with_its_reason_when_the_statement_is_published_again(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Back")
    correct(statement, editor, reviewer, place="Riga")
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    publish(statement=statement, by=reviewer)
    words = text_of(client, ADDRESS)
    assert "withdrawn, and published again later Back A mistake." in words
    assert "Back changed: place and occasion Version 2" in words
    withdraw(statement=statement, by=reviewer, reason="Another one.")
    words = text_of(client, ADDRESS)
    assert "One change after publication" in words, "while it is withdrawn, it is there once"
    assert "Another one." in words


def test_a_correction_says_what_was_wrong_and_what_was_published_before_it_was_asked_is_a_new_version(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    correct(statement, editor, reviewer, place="Riga")
    Version.objects.filter(public_number=2).update(revision="")
    statement.place = "Vilnius"
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer, revision="correction", note="It was said in\nVilnius.")
    words = text_of(client, ADDRESS)
    assert "· correction The statement It was said in Vilnius. changed: place and occasion Version 3" in words
    assert "· new version The statement changed: place and occasion Version 2" in words


def test_the_list_is_filtered_by_kind_and_says_when_it_does_not_know_one(
    editor: User, reviewer: User, client: Client
) -> None:
    fixed = make_public_statement(by=editor, published_by=reviewer, title="Fixed")
    correct(fixed, editor, reviewer, place="Riga")
    corrected = make_public_statement(by=editor, published_by=reviewer, title="Corrected")
    corrected.place = "Riga"
    corrected.save()
    publish_again(corrected, by=editor, published_by=reviewer, revision="correction", note="It was Riga.")
    gone = make_public_statement(by=editor, published_by=reviewer, title="Withdrawn")
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    titles = {"minor+fix": "Fixed", "correction": "Corrected", "withdrawal": "Withdrawn"}
    for kind, title in titles.items():
        page = client.get(f"{ADDRESS}?kind={kind}").content.decode()
        assert re.findall(r"<h3>.*?<bdi>(.+?)</bdi>", page) == [title]
        assert f'/corrections.atom?kind={kind}"' in page
    assert len(re.findall(r"<h3>", client.get(ADDRESS).content.decode())) == 3
    for wrong, sentence in (
        ("kind=other", "“other” is none of correction, minor fix, withdrawal"),
        ("kind=correction&kind=withdrawal", "given more than once"),
        ("colour=red", "no parameter “colour”"),
    ):
        words = text_of(client, f"{ADDRESS}?{wrong}")
        assert sentence in words
        assert "Fixed" not in words


def test_a_version_that_one_person_made_alone_says_so(
    editor: User, reviewer: User, client: Client, settings: Any
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    settings.FOUR_EYES = False
    correct(statement, reviewer, reviewer, place="Riga")
    assert "Entered and published by one person alone." in text_of(client, ADDRESS)


def test_unpublished_changes_and_drafts_are_not_listed(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    make_statement(by=editor, title="Draft")
    statement.title = "Changed on the desk"
    statement.save()
    save_version(statement=statement, by=editor)
    words = text_of(client, ADDRESS)
    assert "No published statement has been changed" in words
    assert "Draft" not in words


@contextmanager
def documents_read() -> Iterator[list[int]]:
    """The versions that are loaded with their document, by id."""
    read: list[int] = []

    def note(instance: Version, **_given: Any) -> None:
        if "document" in instance.__dict__:
            read.append(instance.pk)

    post_init.connect(note, sender=Version)
    try:
        yield read
    finally:
        post_init.disconnect(note, sender=Version)


@pytest.mark.parametrize("more", [0, 20])
def test_a_page_reads_the_documents_of_its_rows_and_of_those_before_them_in_four_queries(
    editor: User, reviewer: User, client: Client, more: int
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Often corrected")
    for number in range(CORRECTIONS_A_PAGE + 5 + more):
        correct(statement, editor, reviewer, summary=f"In other words: {number}.")
    gone = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    with counted_queries() as seen, documents_read() as read:
        page = client.get(ADDRESS).content.decode()
    assert len(seen) == 4
    # The one that was withdrawn, 24 versions, and the one before the last of them.
    assert len(read) == CORRECTIONS_A_PAGE + 1
    assert page.count("<h3") == CORRECTIONS_A_PAGE
    with counted_queries() as seen, documents_read() as read:
        client.get(f"{ADDRESS}?page=2")
    assert len(seen) == 4
    assert len(read) <= 2 * CORRECTIONS_A_PAGE


def test_a_long_list_has_pages(editor: User, reviewer: User, client: Client) -> None:
    for _number in range(CORRECTIONS_A_PAGE + 1):
        gone = make_public_statement(by=editor, published_by=reviewer)
        withdraw(statement=gone, by=reviewer, reason="A mistake.")
    assert "Page 1 of 2" in text_of(client, ADDRESS)
    assert "Page 2 of 2" in text_of(client, f"{ADDRESS}?page=2")
    assert "A mistake." in text_of(client, f"{ADDRESS}?page=2")
    assert client.get(f"{ADDRESS}?page=3").status_code == 404


def test_markup_in_titles_and_reasons_is_shown_as_it_was_typed(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="hostile")
    correct(statement, editor, reviewer, title=MARKUP)
    gone = make_public_statement(by=editor, published_by=reviewer, title=MARKUP, slug="gone")
    withdraw(statement=gone, by=reviewer, reason=MARKUP)
    page = client.get(ADDRESS).content.decode()
    check(page)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


def test_every_version_that_it_links_can_be_opened(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    correct(statement, editor, reviewer, place="Riga")
    gone = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    assert ADDRESS in walk(client), "it is reached from the first page"


def test_the_day_is_that_of_publication_and_not_of_today(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    correct(statement, editor, reviewer, place="Riga")
    published_on(statement, 1, "1999-01-01")
    published_on(statement, 2, "1999-12-31")
    assert str(timezone.localdate().year) not in text_of(client, ADDRESS).partition("Corrections")[2]
