"""The table of a measure's figures sorts by links, and says so; what it cannot sort by is reported."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish_all
from statements.actions.steps import submit
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    IssuerFactory,
    MeasureFactory,
    StatementFactory,
    save_version,
)

ADDRESS = "/measures/held/"


@pytest.fixture
def held(editor: User, reviewer: User) -> None:
    """Two figures of 2022 and three of 2021, one of them without a number."""
    measure = MeasureFactory(name="Held")
    statements = []
    for issued, values in (("2021-11-27", [880, None, 885]), ("2022-01-27", [1007, 300])):
        statement = StatementFactory(issued=issued)
        IssuerFactory(statement=statement)
        CitationFactory(statement=statement)
        for value in values:
            words = {"qualifier": "unquantified", "wording": "many"} if value is None else {}
            CountObservationFactory(statement=statement, measure=measure, value=value, **words)
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        statements.append(statement)
    publish_all(statements=statements, by=reviewer)


def page_of(client: Client, query: str = "") -> str:
    response = client.get(ADDRESS + query)
    assert response.status_code == 200
    return response.content.decode()


def figures(page: str) -> list[str]:
    """What the table shows, in order."""
    table = page.partition('<tbody role="rowgroup"')[2]
    return re.findall(r'<span class="figure">(?:<b>|<q[^>]*>)([^<]+)', table)


@pytest.mark.parametrize(
    ("query", "shown", "days"),
    [
        ("", ["1,007", "300", "880", "many", "885"], 2),
        ("?sort=-as_of", ["1,007", "300", "880", "many", "885"], 2),
        ("?sort=as_of", ["880", "many", "885", "1,007", "300"], 2),
        ("?sort=-value", ["1,007", "885", "880", "300", "many"], 5),
        ("?sort=value", ["300", "880", "885", "1,007", "many"], 5),
        ("?sort=&page=", ["1,007", "300", "880", "many", "885"], 2),
    ],
)
def test_figures_are_sorted_as_asked_and_those_of_a_day_stand_together_in_the_order_of_days(
    held: None, client: Client, query: str, shown: list[str], days: int
) -> None:
    page = page_of(client, query)
    assert figures(page) == shown
    assert page.count('<tbody role="rowgroup"') == days
    assert page.count('<tbody role="rowgroup" class="differ">') == (2 if days == 2 else 0)


def test_the_head_of_a_column_says_how_it_is_sorted_and_turns_it_round(held: None, client: Client) -> None:
    for query, heads in (
        ("", ('aria-sort="descending"><a href="?sort=as_of">As of', 'scope="col"><a href="?sort=-value">Figure')),
        ("?sort=as_of", ('aria-sort="ascending"><a href="?">As of', '<a href="?sort=-value">Figure')),
        ("?sort=-value", ('<a href="?">As of', 'aria-sort="descending"><a href="?sort=value">Figure')),
        ("?sort=value", ('<a href="?">As of', 'aria-sort="ascending"><a href="?sort=-value">Figure')),
    ):
        page = page_of(client, query)
        for head in heads:
            assert head in page, (query, head)
        assert page.count("aria-sort") == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?sort=colour", "Order: “colour” is none of -as_of, as_of, -value, value."),
        ("?sort=value&sort=as_of", "The order was given more than once."),
        ("?colour=red", "This table has no parameter “colour”."),
        ("?sort=%3Cscript%3E", "Order: “&lt;script&gt;” is none of"),
        ("?sort=%00", "Order: “"),
    ],
)
def test_what_it_cannot_sort_by_is_reported_and_shows_nothing(
    held: None, client: Client, query: str, sentence: str
) -> None:
    page = page_of(client, query)
    assert sentence in page
    assert "so nothing is shown" in page
    assert figures(page) == []
    assert '<a href="?">Leave it out</a>' in page


def test_further_pages_keep_the_order(held: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statements.public.views.ROWS_A_PAGE", 2)
    page = page_of(client, "?sort=value")
    assert figures(page) == ["300", "880"]
    assert 'href="?sort=value&amp;page=2" rel="next"' in page
    assert figures(page_of(client, "?sort=value&page=2")) == ["885", "1,007"]
    assert 'href="?page=2" rel="next"' in page_of(client)
    assert client.get(f"{ADDRESS}?page=9").status_code == 404
