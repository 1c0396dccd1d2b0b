"""The page about the data explains every file, parameter and column, with examples that lead somewhere."""

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.importing.kinds import kind_named
from statements.public.charts.table import CHART_OF_A_DEMAND
from statements.public.filters import LABELS, PAGE, REPEATABLE
from statements.public.twins.columns import TWIN_TABLES
from statements.public.twins.schemas import SCHEMA_NAMES
from statements.record.tables import CHANGED, PACKAGE, TABLES
from tests.demonstration import load_demonstration
from tests.factories import DemandUpdateFactory, make_public_statement, make_statement
from tests.packages import public_files, tables_of
from tests.public_walk import body_of
from tests.test_public_hostile import check
from tests.test_public_queries import counted_queries
from tests.test_public_reference import text_of

ADDRESS = "/data/"


def page_of(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def amounts(client: Client, address: str) -> dict[str, int]:
    page = client.get(address).content.decode()
    found = re.findall(r"<div><dt>([^<]+)</dt><dd>([\d,]+)</dd></div>", page)
    return {label: int(number.replace(",", "")) for label, number in found}


def examples(page: str) -> list[str]:
    """The addresses of files that it leads to, and those that it would have a script fetch."""
    links = re.findall(r'<a href="([^"]+)" rel="nofollow"', page)
    fetched = re.findall(r"curl .*?&quot;(.+?)&quot;", page)
    return [unescape(link) for link in [*links, *fetched]]


# What it holds


def test_it_says_how_much_there_is_as_the_files_have_it(db: None, client: Client) -> None:
    load_demonstration()
    rows = {name: len(found) for name, found in tables_of(public_files()).items()}
    assert amounts(client, ADDRESS) == {
        "Statements": rows["statements"],
        "Figures": rows["counts"],
        "Things that are counted": rows["measures"],
        "Demands": rows["demands"],
        "Organisations": rows["organisations"],
        "Speakers": rows["speakers"],
        "Sources": rows["sources"],
    }
    said = re.findall(
        r'<h3 id="(\w+)"><a [^>]*><code>[^<]*</code></a> <span class="quiet">([\d,]+) rows?<', page_of(client)
    )
    assert len(said) == 7
    assert {name: int(number) for name, number in said}.items() <= rows.items()


def test_it_counts_what_readers_see_as_the_home_page_does(editor: User, reviewer: User, client: Client) -> None:
    public = make_public_statement(by=editor, published_by=reviewer)
    gone = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    make_statement(by=editor)
    demand = public.mentions.get().demand
    DemandUpdateFactory(demand=demand)  # of a source that no reader sees
    DemandUpdateFactory(demand=demand, status="met", published_at=public.published_version.published_at)
    assert set(amounts(client, ADDRESS).items()) == {
        ("Statements", 1),
        ("Figures", 1),
        ("Things that are counted", 1),
        ("Demands", 1),
        ("Organisations", 1),
        ("Speakers", 0),
        ("Sources", 2),
    }
    home = amounts(client, "/")
    assert home["Sources"] == 2
    assert home["Organisations that issued them"] == 1


def test_it_names_the_licence_how_to_cite_and_whom_to_ask(db: None, client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = "data@tracker.example"
    settings.DATA_LICENCE = "CC0-1.0"
    settings.SITE_NAME = "Who said what"
    settings.SITE_URL = "https://tracker.example"
    page = page_of(client)
    assert 'href="mailto:data@tracker.example"' in page
    assert 'href="https://spdx.org/licenses/CC0-1.0.html"' in page
    words = text_of(client, ADDRESS)
    assert re.search(
        r"Who said what, the whole data set, as of \d+ \w+ \d{4}, CC0-1.0. https://tracker.example/data/", words
    )
    assert "urn:statement-tracker:version:1" in words


def test_it_costs_few_queries_however_much_there_is(editor: User, reviewer: User, client: Client) -> None:
    for _number in range(2):
        make_public_statement(by=editor, published_by=reviewer)
        with counted_queries() as seen:
            client.get(ADDRESS)
        assert len(seen) == 10


# Columns


def test_every_file_and_every_column_is_explained(db: None, client: Client) -> None:
    page = page_of(client)
    check(page)
    sections = re.findall(r"<h3 id=\"[\w-]+\">(?:<a [^>]*>)?<code>(.+?)</code>(.*?)</section>", page, re.DOTALL)
    explained = {name: re.findall(r"<dt><code>(\w+)</code></dt><dd>\S", section) for name, section in sections}
    of_pages = {f"/{table.file_name}": table.column_names for table in (*TWIN_TABLES, CHART_OF_A_DEMAND)}
    of_the_package = {
        name: data.decode().splitlines()[0].split(",") for name, data in public_files().items() if name != PACKAGE
    }
    assert explained == {**of_pages, **of_the_package, CHANGED.file_name: CHANGED.column_names}
    for name, section in sections:
        assert f'{len(explained[name])} columns<span class="unseen"> of {name.lstrip("/")}</span>' in section
    assert PACKAGE in page


def test_a_column_says_what_it_refers_to_or_which_values_it_has(db: None, client: Client) -> None:
    page = unescape(page_of(client))
    counts = page[page.index('id="counts"') :]
    assert 'Its slug in <a href="#measures">measures.csv</a>' in counts
    assert "One of: exact, about, nearly, at least, more than, up to, fewer than, range, unquantified." in counts
    assert "(a whole number)" in counts
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_public_columns_of_reference_data_are_those_that_the_desk_exports() -> None:
    """A column added to a KIND is public when it is added here, too: this test is where somebody decides."""
    for table in TABLES:
        if (table.key == ("slug",) and table.name != "statements") or table.name == "demand_updates":
            exported = [column.name for column in kind_named(table.name).exported_columns()]
            assert table.column_names == exported, table.name


# Addresses, parameters, examples


def test_every_example_of_the_page_leads_to_something_in_the_demonstration(
    db: None, client: Client, settings: Any
) -> None:
    load_demonstration()
    found = examples(page_of(client))
    assert len(found) > 65
    assert sum(address.startswith(settings.SITE_URL) for address in found) == 1, "one as a script would fetch it"
    for address in found:
        path = address.removeprefix(settings.SITE_URL)
        response = client.get(path)
        assert response.status_code == 200, address
        content = body_of(response)
        assert content, address
        assert response.headers["Access-Control-Allow-Origin"] == "*", address
        assert response.headers["ETag"], address
        if urlsplit(path).path.endswith(".csv"):
            assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))) > 1, address


def test_every_parameter_of_the_list_has_an_example_that_narrows_it_or_orders_it(db: None, client: Client) -> None:
    load_demonstration()
    page = page_of(client)
    explained = page[page.index('id="parameters"') : page.index("Of other addresses")]
    rows = dict(re.findall(r"<div><dt><code>(\w+)</code></dt><dd>(.*?)</dd></div>", explained, re.DOTALL))
    assert list(rows) == [*LABELS, PAGE]
    for name, row in rows.items():
        queries = [dict(parse_qsl(urlsplit(address).query)) for address in examples(row)]
        assert queries, name
        assert all(name in query for query in queries), name
    several = re.search(r"mean any of their values: ([\w, ]+)\.", explained)
    assert several is not None
    assert several[1].split(", ") == ["q", *REPEATABLE]


def test_every_address_with_a_format_is_told(db: None, client: Client) -> None:
    from statements.urls import urlpatterns

    load_demonstration()
    told = {urlsplit(address).path for address in examples(page_of(client))}
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if route.startswith(("sitemap", "robots")) or not re.search(r"\.\w+$", route):
            continue
        form = re.compile(re.sub(r"<\w+:\w+>", "[^/]+", re.escape(route).replace("\\", "").replace(".", r"\.")))
        assert any(form.fullmatch(path[1:]) for path in told), route
    assert {f"/data/schemas/{name}.json" for name in SCHEMA_NAMES} <= told


def test_without_a_public_statement_addresses_are_told_and_lead_nowhere(db: None, client: Client) -> None:
    page = page_of(client)
    check(page)
    assert "<code>/measures/SLUG.csv</code>" in page
    assert "<code>/statements/SLUG/versions/N.json</code>" in page
    assert "an example" not in page
    for address in examples(page):
        response = client.get(address.removeprefix("http://localhost:8000"))
        assert response.status_code == 200, address
        assert body_of(response), address


@pytest.mark.parametrize("asked", ["", "?page=2"])
def test_the_page_itself_shows_the_same_whatever_is_asked_of_it(db: None, client: Client, asked: str) -> None:
    assert client.get(f"{ADDRESS}{asked}").status_code == 200
