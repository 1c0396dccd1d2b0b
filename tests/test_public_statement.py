"""The page of a statement, and of each version that readers could ever open."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.models import OldSlug, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandMentionFactory,
    IssuerFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    make_statement,
    save_version,
)


@pytest.fixture
def publish_again(editor: User, reviewer: User):  # type: ignore[no-untyped-def]
    def again(statement: Statement) -> None:
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        publish(statement=statement, by=reviewer, revision="minor fix")

    return again


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_quotation_and_its_passage_lead_to_each_other(editor: User, reviewer: User, client: Client) -> None:
    make_public_statement(by=editor, published_by=reviewer, title="One")
    page = page_of(client, "/statements/one/")
    assert '<li id="figure-1">' in page
    assert '<a href="#words-1-1">Found in the full text of the original (English)</a>' in page
    assert '<mark id="words-1-1">1007 political prisoners</mark><sup><a href="#figure-1"' in page
    assert '<mark id="words-1-2">release of all</mark><sup><a href="#demand-2"' in page


def test_passages_that_overlap_are_marked_and_the_words_stay_whole(
    editor: User, client: Client, publish_again: object
) -> None:
    statement = make_statement(by=editor, title="One")
    DemandMentionFactory(statement=statement, quote="release of all 1007 political")
    DemandMentionFactory(statement=statement, quote="all 1007 political prisoners")
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    words = re.search(r'<div class="words"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert words is not None
    without_notes = re.sub(r"<sup>.*?</sup>", "", words[1])
    assert re.sub(r"<[^>]+>", "", without_notes) == "We ask for the release of all 1007 political prisoners."
    assert without_notes.count("<mark") == 5
    for number in (1, 2, 3, 4):
        assert page.count(f'id="words-1-{number}"') == 1
        assert f'href="#words-1-{number}"' in page


def test_a_page_says_in_what_kind_of_words_a_quotation_was_found(
    editor: User, client: Client, publish_again: object
) -> None:
    statement = StatementFactory(title="One", language="lv")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    WordingFactory(statement=statement, language="lv", text="Atbrīvot visus […] tūlīt", is_excerpt=True)
    WordingFactory(statement=statement, kind="official translation", text="Free everybody")
    WordingFactory(statement=statement, kind="as reported", language="ru", text="Освободить всех")
    for quote in ("Atbrīvot visus", "Free everybody", "Освободить всех"):
        DemandMentionFactory(statement=statement, quote=quote)
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    assert "Found in an excerpt of the original (Latvian)" in page
    assert "Found in a translation (official translation, English)" in page
    assert "Found in the full text, as reported (Russian)" in page
    assert '<blockquote lang="lv" dir="ltr"><p>Atbrīvot visus</p>' in page
    assert '<blockquote lang="ru" dir="ltr"><p>Освободить всех</p>' in page
    assert '<div class="words" lang="lv" dir="ltr">' in page


def test_without_words_a_page_says_that_the_quotation_is_not_checked(
    editor: User, client: Client, publish_again: object
) -> None:
    statement = make_statement(by=editor, title="One")
    statement.wordings.all().delete()
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    assert page.count("Not checked: the words of this statement are not on file here.") == 2
    assert "<mark" not in page


def test_a_figure_shows_its_qualifier_its_day_and_whom_it_is_attributed_to(
    editor: User, client: Client, publish_again: object
) -> None:
    statement = make_statement(by=editor, title="One")
    statement.counts.all().delete()
    CountObservationFactory(
        statement=statement,
        qualifier="more than",
        value=12880,
        as_of_from="2021-11-01",
        as_of_until="2021-11-30",
        since_from="2020-01-01",
        since_until="2020-12-31",
        attributed_to=OrganisationFactory(name="Viasna"),
        excludes="those freed",
    )
    CountObservationFactory(statement=statement, qualifier="unquantified", value=None, wording="many thousands")
    CountObservationFactory(
        statement=statement, qualifier="range", value=1000, value_to=2000, attributed_wording="independent media"
    )
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    assert '<span class="qualifier">more than</span> <b>12,880</b>' in page
    assert '<q class="no-number" lang="en" dir="auto">many thousands</q>' in page
    assert '<span class="qualifier">from</span> <b>1,000 to 2,000</b>' in page
    assert "<dd>November 2021</dd>" in page
    assert "<dd>2020</dd>" in page
    assert "those freed" in page
    assert "independent media" in page
    assert '<a href="/organisations/viasna/"><bdi>Viasna</bdi></a>' in page


def test_readers_see_the_published_version_until_the_next_one(
    editor: User, reviewer: User, client: Client, publish_again: object
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One", summary="As it was.")
    statement.summary = "As it is."
    statement.save()
    save_version(statement=statement, by=editor)
    assert "As it was." in page_of(client, "/statements/one/")
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    assert "As it is." in page
    assert "changed: summary" in page
    assert '<link rel="canonical" href="http://localhost:8000/statements/one/">' in page


def test_an_old_version_shows_the_names_of_its_day_and_says_that_it_is_old(
    editor: User, reviewer: User, client: Client, publish_again: object
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One")
    organisation = statement.issuers.get().organisation
    organisation.name = "Its new name"
    organisation.save()
    statement.counts.update(value=1000)
    CountObservationFactory(statement=statement, value=7)
    publish_again(statement)  # type: ignore[operator]
    old, current = page_of(client, "/statements/one/versions/1/"), page_of(client, "/statements/one/versions/2/")
    assert "It is not the current one." in old
    assert "Its new name" not in old
    assert "1,007" in old
    assert '<link rel="canonical" href="http://localhost:8000/statements/one/versions/1/">' in old
    assert '<meta name="robots" content="noindex, follow">' in old, "who searches shall find the current one"
    assert "noindex" not in page_of(client, "/statements/one/")
    assert "It is the current one." in current
    assert "Its new name" in current
    assert "changed: 2 figures" in current
    assert client.get("/statements/one/versions/3/").status_code == 404
    assert client.get("/statements/one/versions/0/").status_code == 404


def test_a_relation_is_shown_both_ways_while_both_are_public(
    editor: User, reviewer: User, client: Client, publish_again: object
) -> None:
    first = make_public_statement(by=editor, published_by=reviewer, title="One")
    second = make_public_statement(
        by=editor, published_by=reviewer, title="Two", relation="quotes", related_statement=first
    )
    assert 'It quotes <a href="/statements/one/"><bdi>One</bdi></a>' in page_of(client, "/statements/two/")
    assert 'It is quoted by <a href="/statements/two/"><bdi>Two</bdi></a>' in page_of(client, "/statements/one/")
    withdraw(statement=second, by=reviewer, reason="A mistake.")
    assert "Two" not in page_of(client, "/statements/one/")
    publish_again(second)  # type: ignore[operator]
    withdraw(statement=first, by=reviewer, reason="A mistake.")
    assert "One" not in page_of(client, "/statements/two/")


def test_what_was_withdrawn_answers_410_with_title_date_and_reason(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One", summary="Some words.")
    withdraw(statement=statement, by=reviewer, reason="It endangers somebody.")
    statement.refresh_from_db()
    assert statement.withdrawn_at is not None
    for address in ("/statements/one/", "/statements/one/versions/1/"):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 410
        assert "<h1>One</h1>" in page
        assert "It endangers somebody." in page
        assert str(statement.withdrawn_at.year) in page
        assert "Some words." not in page


def test_an_address_that_was_given_up_leads_on_for_good(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One")
    organisation = statement.issuers.get().organisation
    OldSlug.objects.create(kind="statement", slug="before", target_id=statement.pk)
    OldSlug.objects.create(kind="organisation", slug="before", target_id=organisation.pk)
    for before, after in (
        ("/statements/before/", "/statements/one/"),
        ("/statements/before/versions/1/", "/statements/one/versions/1/"),
        ("/organisations/before/", f"/organisations/{organisation.slug}/"),
    ):
        response = client.get(before)
        assert (response.status_code, response.headers["Location"]) == (301, after)


def test_an_old_address_of_what_is_not_public_says_nothing(editor: User, client: Client) -> None:
    draft = make_statement(by=editor, title="Draft")
    OldSlug.objects.create(kind="statement", slug="before", target_id=draft.pk)
    OldSlug.objects.create(kind="organisation", slug="before", target_id=draft.issuers.get().organisation.pk)
    assert client.get("/statements/before/").status_code == 404
    assert client.get("/organisations/before/").status_code == 404


def test_a_statement_with_two_issuers_two_speakers_three_sources_and_two_languages_is_shown_whole(
    editor: User, client: Client, publish_again: object
) -> None:
    statement = StatementFactory(title="One", language="lv", issued="2021-11", date_note="Why November.")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="First ministry"))
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Second ministry"), part="joined")
    for name, attribution in (("Anna", "Foreign Minister"), ("Berta", "Prime Minister")):
        SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name=name), attribution=attribution)
    original = SourceFactory(title="The ministry's page", url="https://example.lv/a?b=1&c=2")
    CitationFactory(statement=statement, source=original, role="original", locator="page 3")
    CitationFactory(statement=statement, source=SourceFactory(title="A reprint"), role="reprint")
    CitationFactory(statement=statement, source=SourceFactory(title="A book", url="", canonical_url=None))
    WordingFactory(statement=statement, language="lv", text="Vairāk nekā 880 ieslodzīto", source=original)
    WordingFactory(statement=statement, kind="official translation", text="More than 880 prisoners")
    CountObservationFactory(statement=statement, qualifier="more than", value=880, quote="nekā 880")
    DemandMentionFactory(statement=statement, quote="880 prisoners")
    publish_again(statement)  # type: ignore[operator]
    page = page_of(client, "/statements/one/")
    for words in (
        "Issued by <a",
        "Joined by <a",
        '<bdi>Anna</bdi></a>, <span class="quiet"><bdi>Foreign Minister</bdi>',
        '<bdi>Berta</bdi></a>, <span class="quiet"><bdi>Prime Minister</bdi>',
        'href="https://example.lv/a?b=1&amp;c=2" rel="noopener nofollow external"',
        "Printed; it has no address on the web.",
        "<bdi>page 3</bdi>",
        "Why November.",
        "Found in the full text of the original (Latvian)",
        "Found in a translation (official translation, English)",
        "Taken from <a",
    ):
        assert words in page, words
    assert "1 November 2021" not in page


def test_pages_are_read_and_nothing_else(editor: User, reviewer: User, client: Client) -> None:
    make_public_statement(by=editor, published_by=reviewer, title="One")
    for address in ("/", "/statements/", "/statements/one/", "/demands/", "/about/"):
        assert client.head(address).status_code == 200
        assert client.head(address).content == b""
        assert client.post(address).status_code == 405
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
