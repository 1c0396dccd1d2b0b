"""A page and all its twins hold the same rows, in the same order, and say the same total."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Statement
from tests.demonstration import load_demonstration
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    MeasureFactory,
    make_public_statement,
    make_statement,
    publish_again,
)
from tests.taking_away import csv_rows, feed_of, json_of, sheet_rows, valid_json

FILTERS = [
    "",
    "has_count=true",
    "has_count=false&sort=issued",
    "issuer=viasna",
    "issuer=viasna&issuer=eeas&issued_after=2021",
    "theme=release&issued_before=2022-06",
    "language=lt&kind=report",
    "demand=release-all-political-prisoners&country=LV",
    "addressee=belarusian-authorities&sort=issued",
    "measure=political-prisoners-belarus",
    "kind=resolution&language=eo",
]


def shown(client: Client, address: str) -> list[str]:
    """The slugs of the statements that a page lists, in order."""
    page = client.get(address).content.decode()
    return re.findall(r'<h3><a href="/statements/([^"/]+)/">', page)


def slugs_on_all_pages(client: Client, address: str) -> list[str]:
    found: list[str] = []
    number = 1
    while here := shown(client, f"{address}&page={number}"):
        found += here
        number += 1
    return found


def test_list_json_csv_workbook_and_feed_agree_for_many_filters(db: None, client: Client) -> None:
    load_demonstration()
    for query in FILTERS:
        expected = slugs_on_all_pages(client, f"/statements/?{query}")
        document = valid_json(client, f"/statements.json?{query}")
        assert [one["slug"] for one in document["statements"]] == expected, query
        assert document["total"] == document["written"] == len(expected)
        assert [row["slug"] for row in csv_rows(client, f"/statements.csv?{query}")] == expected, query
        assert [row["slug"] for row in sheet_rows(client, f"/statements.xlsx?{query}")] == expected, query
        feed = feed_of(client, f"/statements.atom?{query}")
        assert int(feed.feed.opensearch_totalresults) == len(expected), query
        assert len(feed.entries) == min(len(expected), 50)
    assert len(expected) == 0, "nothing is an answer, too"


def test_a_page_of_the_list_is_exactly_that_page(db: None, client: Client) -> None:
    load_demonstration()
    for page, rows in ((1, 25), (2, 25), (4, 2)):
        expected = shown(client, f"/statements/?page={page}")
        assert len(expected) == rows
        document = valid_json(client, f"/statements.json?page={page}")
        assert [one["slug"] for one in document["statements"]] == expected
        assert document["total"] == 77
        assert document["page"] == {"number": page, "last": 4, "size": 25}
        assert document["about"]["what"] == f"all statements, page {page} of 4"
        assert [row["slug"] for row in csv_rows(client, f"/statements.csv?page={page}")] == expected
        assert [row["slug"] for row in sheet_rows(client, f"/statements.xlsx?page={page}")] == expected


def numbers_in_the_table(client: Client, address: str) -> list[int]:
    page = client.get(address).content.decode()
    table = page[page.index('<table class="figures"') :]
    return [int(value.replace(",", "")) for value in re.findall(r'<span class="figure"><b>([\d,]+)</b>', table)]


@pytest.fixture
def many(editor: User, reviewer: User) -> list[Statement]:
    """120 figures of one measure and 60 mentions of one demand, in 30 statements."""
    measure, demand = MeasureFactory(name="Held"), DemandFactory(title="Release")
    statements = []
    for number in range(30):
        statement = make_statement(by=editor, title=f"Statement {number}", issued=f"20{number + 10}-01")
        for value in range(4):
            CountObservationFactory(statement=statement, measure=measure, value=100 * number + value)
        DemandMentionFactory(statement=statement, demand=demand, quote="release of all")
        DemandMentionFactory(statement=statement, demand=demand, quote="political prisoners")
        publish_again(statement, by=editor, published_by=reviewer, revision="")
        statements.append(statement)
    return statements


@pytest.mark.parametrize("sort", ["", "-as_of", "as_of", "-value", "value"])
def test_the_figures_of_a_measure_are_those_of_its_table_in_its_order(
    many: list[Statement], client: Client, sort: str
) -> None:
    query = f"sort={sort}" if sort else ""
    values = [
        value for page in (1, 2) for value in numbers_in_the_table(client, f"/measures/held/?{query}&page={page}")
    ]
    document = valid_json(client, f"/measures/held.json?{query}")
    found = [figure["value"] for figure in document["figures"]]
    assert len(found) == document["total"] == document["written"] == 120
    assert found == values
    assert [int(row["value"]) for row in csv_rows(client, f"/measures/held.csv?{query}")] == found
    if "value" in sort:
        assert found == sorted(found, reverse=sort.startswith("-"))
    second = valid_json(client, f"/measures/held.json?{query}&page=2")
    assert [figure["value"] for figure in second["figures"]] == found[100:]
    assert (second["total"], second["page"]["size"]) == (120, 100)
    feed = feed_of(client, f"/measures/held.atom?{query}")
    assert int(feed.feed.opensearch_totalresults) == 120


def test_the_statements_of_a_demand_are_those_of_its_page_each_with_all_its_mentions(
    many: list[Statement], client: Client
) -> None:
    expected = [slug for page in (1, 2) for slug in shown(client, f"/demands/release/?page={page}")]
    document = valid_json(client, "/demands/release.json")
    assert [one["statement"]["slug"] for one in document["statements"]] == expected
    assert document["total"] == document["written"] == document["demand"]["shown"] == 30
    rows = csv_rows(client, "/demands/release.csv")
    assert list(dict.fromkeys(row["statement"] for row in rows)) == expected
    assert len(rows) == 60
    assert [row["quote"] for row in rows][:2] == ["release of all", "political prisoners"]
    second = json_of(client, "/demands/release.json?page=2")
    assert [one["statement"]["slug"] for one in second["statements"]] == expected[25:]
    assert int(feed_of(client, "/demands/release.atom").feed.opensearch_totalresults) == 30


def test_the_feed_of_an_organisation_has_what_its_page_lists(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
    make_public_statement(by=editor, published_by=reviewer)
    slug = statement.issuers.get().organisation.slug
    assert shown(client, f"/organisations/{slug}/") == ["the-statement"]
    feed = feed_of(client, f"/organisations/{slug}.atom")
    assert [entry.title for entry in feed.entries] == ["The statement"]


def test_an_empty_site_has_files_without_rows(db: None, client: Client) -> None:
    assert csv_rows(client, "/statements.csv") == []
    assert sheet_rows(client, "/statements.xlsx") == []
    assert valid_json(client, "/statements.json")["statements"] == []
    feed = feed_of(client, "/statements.atom")
    assert feed.entries == []
    assert feed.feed.updated == "2026-01-01T00:00:00+00:00", "it doesn't change by being read"
