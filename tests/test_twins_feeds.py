"""Feeds of statements and figures: found by autodiscovery, in pages, with identities that stay."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.models import Organisation, Statement, Version
from statements.public.twins import feeds
from statements.record import published
from tests.factories import CountObservationFactory, MeasureFactory, make_public_statement, publish_again
from tests.merging import merged
from tests.taking_away import feed_of, fetched


@pytest.fixture
def public(editor: User, reviewer: User, settings: Any) -> Statement:
    settings.SITE_URL, settings.SITE_NAME = "https://tracker.example:8443", "The tracker"
    return make_public_statement(by=editor, published_by=reviewer, title="The statement")


def test_a_feed_says_what_it_holds_its_licence_and_who_wrote_it(public: Statement, client: Client) -> None:
    feed = feed_of(client, "/statements.atom?kind=press+statement").feed
    assert feed.title == "The tracker: statements of the kind press statement"
    today = timezone.localdate()
    assert feed.subtitle.startswith("statements of the kind press statement, as of ")
    assert str(today.year) in feed.subtitle
    assert feed.rights.startswith("CC-BY-4.0, https://spdx.org/licenses/CC-BY-4.0.html. The tracker, statements of")
    assert feed.generator_detail.name == "The tracker"
    assert feed.author == "The tracker"
    assert feed.language == "en-gb"
    assert feed.id == "tag:tracker.example,2026-01-01:statements.atom?kind=press+statement"
    links = {link.rel: link.href for link in feed.links}
    assert links["alternate"] == "https://tracker.example:8443/statements/?kind=press+statement"
    assert links["self"] == links["first"] == links["last"]
    assert links["self"] == "https://tracker.example:8443/statements.atom?kind=press+statement"


def test_an_entry_leads_to_its_version_and_says_who_what_and_where_it_stands(public: Statement, client: Client) -> None:
    (entry,) = feed_of(client, "/statements.atom").entries
    assert entry.title == "The statement"
    assert entry.link == "https://tracker.example:8443/statements/the-statement/versions/1/"
    assert entry.id == f"tag:tracker.example,2026-01-01:statements/{public.pk}"
    version = Version.objects.get(public_number=1)
    assert version.published_at is not None
    assert entry.updated == version.published_at.isoformat()
    assert entry.author == public.issuers.get().organisation.name
    assert "What was said, in the editor's words." in unescape(entry.summary)
    assert "27 January 2022" in entry.summary
    assert "Figures: " in entry.summary
    assert "Sources: Example Press" in entry.summary


def test_an_entry_keeps_its_identity_and_says_when_it_was_published_anew(
    public: Statement, editor: User, reviewer: User, client: Client
) -> None:
    (before,) = feed_of(client, "/statements.atom").entries
    public.title = "Another title"
    public.save()
    publish_again(public, by=editor, published_by=reviewer, revision="correction", note="It is called so.")
    (after,) = feed_of(client, "/statements.atom").entries
    assert after.id == before.id
    assert after.title == "Another title"
    assert after.updated_parsed >= before.updated_parsed
    assert after.updated != before.updated
    assert after.link.endswith("/versions/2/")


def test_a_feed_begins_with_what_was_published_last_and_pages_lead_to_the_rest(
    editor: User, reviewer: User, client: Client
) -> None:
    for number in range(52):
        make_public_statement(by=editor, published_by=reviewer, title=f"Number {number}", issued=f"{2060 - number}")
    first, second = feed_of(client, "/statements.atom"), feed_of(client, "/statements.atom?page=2")
    titles = [entry.title for entry in [*first.entries, *second.entries]]
    assert titles == [f"Number {number}" for number in range(51, -1, -1)]
    assert (len(first.entries), len(second.entries)) == (50, 2)
    for feed, start in ((first, 1), (second, 51)):
        numbers = feed.feed
        assert numbers.opensearch_totalresults == "52"
        assert (numbers.opensearch_startindex, numbers.opensearch_itemsperpage) == (str(start), "50")
    links = {link.rel: link.href.removeprefix("http://localhost:8000") for link in first.feed.links}
    assert (links["next"], links["last"], links["first"]) == (
        "/statements.atom?page=2",
        "/statements.atom?page=2",
        "/statements.atom",
    )
    assert "previous" not in links
    links = {link.rel: link.href.removeprefix("http://localhost:8000") for link in second.feed.links}
    assert links["previous"] == links["first"] == "/statements.atom"
    assert "next" not in links
    assert first.feed.id == second.feed.id
    in_order = feed_of(client, "/statements.atom?sort=issued")
    assert [entry.title for entry in in_order.entries] == [f"Number {number}" for number in range(51, 1, -1)]
    assert any(link.rel == "next" and link.href.endswith("?sort=issued&page=2") for link in in_order.feed.links)


def test_a_feed_has_what_was_published_last_whether_it_finds_much_or_little_and_new_or_old(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "NEWEST", 4)
    monkeypatch.setattr(feeds, "ENTRIES_A_PAGE", 2)
    kinds = ["speech"] * 5 + ["report", "speech", "report", "report"]
    made = [
        make_public_statement(by=editor, published_by=reviewer, title=f"S {n}", kind=kind, issued=f"20{29 - n}")
        for n, kind in enumerate(kinds)
    ]
    row = {name: getattr(made[0], name).get() for name in ("issuers", "mentions", "counts")}
    for statement in made[1:]:
        statement.issuers.update(organisation=row["issuers"].organisation)
        statement.mentions.update(demand=row["mentions"].demand)
        statement.counts.update(measure=row["counts"].measure)
        publish_again(statement, by=editor, published_by=reviewer)

    def titles(address: str, page: int) -> list[str]:
        sign = "&" if "?" in address else "?"
        return [entry.title for entry in feed_of(client, f"{address}{sign}page={page}").entries]

    for query, numbers in (("kind=speech", "643210"), ("kind=report", "875"), ("kind=speech&kind=report", "876543210")):
        newest = [f"S {number}" for number in numbers]
        for page in range(1, len(newest) // 2 + 1):
            assert titles(f"/statements.atom?{query}", page) == newest[2 * page - 2 : 2 * page], (query, page)
    newest = [f"S {number}" for number in "876543210"]
    issuer, demand = row["issuers"].organisation.slug, row["mentions"].demand.slug
    for address in (f"/statements.atom?issuer={issuer}", f"/organisations/{issuer}.atom", f"/demands/{demand}.atom"):
        assert [titles(address, page) for page in (1, 2, 5)] == [newest[:2], newest[2:4], newest[8:]], address
    figures = f"/measures/{row['counts'].measure.slug}.atom"
    links = [entry.link for page in range(1, 6) for entry in feed_of(client, f"{figures}?page={page}").entries]
    assert [link.partition("/statements/s-")[2][:1] for link in links] == list("876543210")


def test_the_entries_of_a_measure_are_its_figures(
    public: Statement, editor: User, reviewer: User, client: Client
) -> None:
    measure = MeasureFactory(name="Held")
    CountObservationFactory(
        statement=public, measure=measure, qualifier="more than", value=1880, quote="1007", as_of_from=None, key="held"
    )
    publish_again(public, by=editor, published_by=reviewer)
    (entry,) = feed_of(client, "/measures/held.atom").entries
    issuer = public.issuers.get().organisation.name
    assert entry.title == f"Held: more than 1,880 ({issuer})"
    assert entry.id == "tag:tracker.example,2026-01-01:figures/held"
    assert entry.link == "https://tracker.example:8443/statements/the-statement/versions/2/#figure-2"
    assert "<blockquote><p>1007</p></blockquote>" in re.sub(r"<blockquote[^>]*>", "<blockquote>", entry.summary)
    assert "As of: 27 January 2022" in entry.summary


def test_the_entries_of_a_demand_are_statements_with_the_words_that_make_it(public: Statement, client: Client) -> None:
    slug = public.mentions.get().demand.slug
    (entry,) = feed_of(client, f"/demands/{slug}.atom").entries
    assert entry.id == f"tag:tracker.example,2026-01-01:statements/{public.pk}"
    assert "release of all" in entry.summary


def test_what_is_withdrawn_leaves_the_feed_and_comes_back_as_the_same(
    public: Statement, reviewer: User, client: Client
) -> None:
    (before,) = feed_of(client, "/statements.atom").entries
    withdraw(statement=public, by=reviewer, reason="A mistake.")
    assert feed_of(client, "/statements.atom").entries == []
    publish(statement=public, by=reviewer)
    (after,) = feed_of(client, "/statements.atom").entries
    assert after.id == before.id


def test_the_feed_of_a_merged_organisation_goes_on_at_the_others(
    public: Statement, editor: User, reviewer: User, client: Client
) -> None:
    other = make_public_statement(by=editor, published_by=reviewer)
    survivor, gone = other.issuers.get().organisation, public.issuers.get().organisation
    old = gone.slug
    merged(survivor, gone, by=reviewer)
    assert client.get(f"/organisations/{old}.atom").headers["Location"] == f"/organisations/{survivor.slug}.atom"
    feed = feed_of(client, f"/organisations/{survivor.slug}.atom")
    assert {entry.author for entry in feed.entries} == {Organisation.objects.get(pk=survivor.pk).name}
    assert len(feed.entries) == 2


def test_characters_that_xml_can_not_hold_do_not_break_a_feed(editor: User, reviewer: User, client: Client) -> None:
    odd = "From a\x0cPDF\x1f <b>&amp; \U0001f600 ￿"
    statement = make_public_statement(by=editor, published_by=reviewer, title=odd, slug="odd", summary=odd)
    measure, demand = statement.counts.get().measure, statement.mentions.get().demand
    for row, field in ((measure, "name"), (demand, "title"), (statement.issuers.get().organisation, "name")):
        setattr(row, field, odd)
        row.save()
    organisation = statement.issuers.get().organisation.slug
    for address in (
        "/statements.atom",
        f"/measures/{measure.slug}.atom",
        f"/demands/{demand.slug}.atom",
        f"/organisations/{organisation}.atom",
    ):
        (entry,) = feed_of(client, address).entries
        assert "From a PDF" in entry.title, address
    title = feed_of(client, "/statements.atom").entries[0].title_detail.value
    assert unescape(title).strip() == "From a PDF  <b>& \U0001f600"


def test_every_page_that_has_twins_leads_to_them_in_its_head_and_in_words(public: Statement, client: Client) -> None:
    measure, demand = public.counts.get().measure.slug, public.mentions.get().demand.slug
    organisation = public.issuers.get().organisation.slug
    expected = {
        "/statements/": ["/statements.csv", "/statements.xlsx", "/statements.json", "/statements.atom"],
        "/statements/?language=en&page=1": [
            f"/statements.{form}?language=en" for form in ("csv", "xlsx", "json", "atom")
        ],
        "/statements/the-statement/": ["/statements/the-statement.json"],
        "/statements/the-statement/versions/1/": ["/statements/the-statement/versions/1.json"],
        f"/measures/{measure}/?sort=value": [
            f"/measures/{measure}.{form}?sort=value" for form in ("csv", "json", "atom")
        ],
        f"/demands/{demand}/": [f"/demands/{demand}.{form}" for form in ("csv", "json", "atom")],
        f"/organisations/{organisation}/": [f"/organisations/{organisation}.atom"],
        "/corrections/": ["/corrections.atom"],
    }
    for address, twins in expected.items():
        page = client.get(address).content.decode()
        head, body = page.split("</head>")
        in_head = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)" title="([^"]+)">', head)
        assert [unescape(url) for _type, url, _title in in_head] == twins, address
        for media_type, url, title in in_head:
            assert f'href="{url}"' in body, address
            assert title.strip(" ()")
            response, _body = fetched(client, unescape(url))
            assert response.status_code == 200
            assert response.headers["Content-Type"].partition(";")[0] == media_type


def test_a_list_that_shows_nothing_because_of_a_mistake_leads_to_no_file(public: Statement, client: Client) -> None:
    for address in ("/statements/?colour=red", f"/measures/{public.counts.get().measure.slug}/?sort=colour"):
        assert 'rel="alternate" type="text/csv"' not in client.get(address).content.decode()
