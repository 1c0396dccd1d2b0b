"""The page about the whole data set says what the export writes."""

import csv
import io
import re
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.importing.kinds import kind_named
from statements.importing.public_export import public_files
from statements.record.tables import PACKAGE, TABLES
from tests.demonstration import load_demonstration
from tests.factories import DemandUpdateFactory, make_public_statement, make_statement
from tests.test_public_hostile import check
from tests.test_public_queries import counted_queries
from tests.test_public_reference import text_of

ADDRESS = "/data/"


def amounts(client: Client, address: str) -> dict[str, int]:
    page = client.get(address).content.decode()
    found = re.findall(r"<div><dt>([^<]+)</dt><dd>([\d,]+)</dd></div>", page)
    return {label: int(number.replace(",", "")) for label, number in found}


def test_it_says_how_much_there_is_as_the_files_have_it(db: None, client: Client) -> None:
    load_demonstration()
    rows = {name: len(list(csv.reader(io.StringIO(data.decode())))) - 1 for name, data in public_files().items()}
    assert amounts(client, ADDRESS) == {
        "Statements": rows["statements.csv"],
        "Figures": rows["counts.csv"],
        "Things that are counted": rows["measures.csv"],
        "Demands": rows["demands.csv"],
        "Organisations": rows["organisations.csv"],
        "Speakers": rows["speakers.csv"],
        "Sources": rows["sources.csv"],
    }


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


def test_every_file_and_every_column_of_the_export_is_explained(db: None, client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    check(page)
    sections = re.findall(r'<h3 id="\w+"><code>(.+?)</code></h3>(.*?)</section>', page, re.DOTALL)
    explained = {name: re.findall(r"<dt><code>(\w+)</code></dt><dd>\S", section) for name, section in sections}
    files = public_files()
    assert explained == {
        name: data.decode().splitlines()[0].split(",") for name, data in files.items() if name != PACKAGE
    }
    assert PACKAGE in page


def test_a_column_says_what_it_refers_to_or_which_values_it_has(db: None, client: Client) -> None:
    page = unescape(client.get(ADDRESS).content.decode())
    counts = page[page.index('id="counts"') :]
    assert 'Its slug in <a href="#measures">measures.csv</a>' in counts
    assert "One of: exact, about, nearly, at least, more than, up to, fewer than, range, unquantified." in counts
    assert "(a whole number)" in counts
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_public_columns_of_reference_data_are_those_that_the_desk_exports() -> None:
    """A column added to a KIND is public when it is added here, too: this test is where somebody decides."""
    for table in TABLES:
        if (table.key == ("slug",) and table.name != "statements") or table.name == "demand_updates":
            exported = [column.name for column in kind_named(table.name).exported_columns()]
            assert table.column_names == exported, table.name


def test_it_names_the_licence_how_to_cite_and_whom_to_ask(db: None, client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = "data@tracker.example"
    settings.DATA_LICENCE = "CC0-1.0"
    settings.SITE_NAME = "Who said what"
    settings.SITE_URL = "https://tracker.example"
    page = client.get(ADDRESS).content.decode()
    assert 'href="mailto:data@tracker.example"' in page
    assert 'href="https://spdx.org/licenses/CC0-1.0.html"' in page
    words = text_of(client, ADDRESS)
    assert re.search(
        r"Who said what, the whole data set as of \d+ \w+ \d{4}, CC0-1.0. https://tracker.example/data/", words
    )
    assert "The files are not on this site." in words
    assert "urn:statement-tracker:version:1" in words


def test_it_costs_two_queries_however_much_there_is(editor: User, reviewer: User, client: Client) -> None:
    for _number in range(2):
        make_public_statement(by=editor, published_by=reviewer)
        with counted_queries() as seen:
            client.get(ADDRESS)
        assert len(seen) == 2
