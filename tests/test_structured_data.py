"""What pages say to machines in the words of schema.org: read by the processor of JSON-LD, true, and nothing more."""

import json
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Statement
from tests.demonstration import EEAS, LATVIA, PAGES, load_demonstration
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    make_public_statement,
    publish_again,
    save_version,
)
from tests.json_ld import SCHEMA, Node, block_of, expanded, nodes, triples
from tests.public_walk import body_of
from tests.test_public_hostile import MARKUP, publish_markup

THING = {"name", "alternateName", "url", "description", "sameAs", "mainEntityOfPage"}
WORK = {
    *THING,
    *("author", "publisher", "datePublished", "temporal", "inLanguage", "genre", "version", "license", "creator"),
    *("isBasedOn", "mentions", "isPartOf", "sdPublisher", "sdLicense", "creditText", "isAccessibleForFree"),
    *("spatialCoverage", "mainEntity"),
}
PAGE = {*WORK, "breadcrumb"}
ORGANISATION = {*THING, "parentOrganization", "subOrganization", "publishingPrinciples", "correctionsPolicy"}
#: Which properties schema.org (release 30.0) knows of which type, as far as they are used here.
KNOWN = {
    "WebSite": {*WORK, "potentialAction"},
    "WebPage": PAGE,
    "AboutPage": PAGE,
    "CollectionPage": PAGE,
    "BreadcrumbList": {"itemListElement", "numberOfItems"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "ListItem": {*THING, "position", "item"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "CreativeWork": WORK,
    "Dataset": {*WORK, "distribution", "variableMeasured", "includedInDataCatalog"},
    "DataCatalog": WORK,
    "DataDownload": {*WORK, "contentUrl", "encodingFormat"},
    "Organization": ORGANISATION,
    "GovernmentOrganization": ORGANISATION,
    "NGO": ORGANISATION,
    "NewsMediaOrganization": ORGANISATION,
    "Person": {*THING, "affiliation"},
    "DefinedTerm": {*THING, "inDefinedTermSet", "subjectOf"},
    "DefinedTermSet": WORK,
    "StatisticalVariable": THING,
    "Observation": {*THING, "variableMeasured", "observationDate", "value", "minValue", "maxValue", "unitText"},
    "Place": THING,
}


class Canonical(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.address = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "canonical":
            self.address = given.get("href") or ""


def all_addresses(client: Client) -> list[str]:
    """As search engines are told them, without the host."""
    found = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  # ours
    return [str(row.text).removeprefix("http://localhost:8000") for row in found.iter() if row.tag.endswith("}loc")]


def described(client: Client, address: str) -> Node:
    response = client.get(address)
    assert response.status_code == 200
    return block_of(response.content.decode())


def test_every_page_has_one_description_of_what_is_at_its_canonical_address(db: None, client: Client) -> None:
    load_demonstration()
    addresses = {*PAGES, *all_addresses(client)}
    assert len(addresses) > 250
    for address in addresses:
        page = client.get(address).content.decode()
        node = block_of(page)
        assert node["url"] == Canonical(page).address, address
        assert node["name"], address
        for part in nodes(expanded(node)):
            for kind in part.get("@type", []):
                properties = {name.removeprefix(SCHEMA) for name in part if not name.startswith("@")}
                assert properties <= KNOWN[kind.removeprefix(SCHEMA)], (address, kind)


def test_a_processor_makes_triples_of_the_two_seeds(db: None, client: Client) -> None:
    load_demonstration()
    for address in (LATVIA, EEAS):
        permanent = f"http://localhost:8000{address}versions/1/"
        quads = triples(described(client, address))
        assert f'<{permanent}> <{SCHEMA}version> "1"' in quads
        assert f"<{permanent}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SCHEMA}CreativeWork>" in quads


@pytest.mark.parametrize(
    ("issued", "said"),
    [
        ("2022-01-27", {"datePublished": "2022-01-27"}),
        ("2022-01", {"temporal": "2022-01"}),
        ("2022", {"temporal": "2022"}),
        ("2020-08/2021-01", {"temporal": "2020-08/2021-01"}),
    ],
)
def test_a_date_is_a_day_only_where_the_day_is_known(
    editor: User, reviewer: User, client: Client, issued: str, said: dict[str, str]
) -> None:
    make_public_statement(by=editor, published_by=reviewer, slug="one", issued=issued, language="und")
    node = described(client, "/statements/one/")
    assert {name: node[name] for name in ("datePublished", "temporal", "dateCreated") if name in node} == said
    assert "inLanguage" not in node
    (figure,) = (part for part in node["mentions"] if part["@type"] == "Observation")
    assert figure.get("observationDate") == said.get("datePublished")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"qualifier": "exact", "value": 1007}, {"value": 1007}),
        ({"qualifier": "about", "value": 1007}, {"value": "about 1,007"}),
        ({"qualifier": "nearly", "value": 1007}, {"value": "nearly 1,007"}),
        ({"qualifier": "at least", "value": 1007}, {"minValue": 1007}),
        ({"qualifier": "more than", "value": 1007}, {"minValue": 1007}),
        ({"qualifier": "up to", "value": 1007}, {"maxValue": 1007}),
        ({"qualifier": "fewer than", "value": 1007}, {"maxValue": 1007}),
        ({"qualifier": "range", "value": 10, "value_to": 20}, {"minValue": 10, "maxValue": 20}),
        ({"qualifier": "unquantified", "value": None, "wording": "many"}, {"value": "“many”"}),
        ({"qualifier": "exact", "value": 0}, {"value": 0}),
    ],
)
def test_a_figure_claims_no_more_than_was_said(
    editor: User, reviewer: User, client: Client, fields: dict[str, Any], said: dict[str, Any]
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one")
    statement.counts.all().delete()
    CountObservationFactory(statement=statement, measure=MeasureFactory(name="Held"), **fields)
    publish_again(statement, by=editor, published_by=reviewer)
    node = described(client, "/statements/one/")
    (figure,) = (part for part in node["mentions"] if part["@type"] == "Observation")
    assert {name: figure[name] for name in ("value", "minValue", "maxValue") if name in figure} == said
    assert figure["url"] == "http://localhost:8000/statements/one/versions/2/#figure-1"
    assert figure["unitText"] == "people"


def test_a_statement_is_the_work_of_those_who_spoke_and_not_of_this_site(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one", title="One")
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Anna"))
    month = {"published_from": "2021-11-01", "published_until": "2021-11-30"}
    CitationFactory(statement=statement, source=SourceFactory(title="A source", author="B. and C.", **month))
    publish_again(statement, by=editor, published_by=reviewer)
    node = described(client, "/statements/one/")
    assert [(one["@type"], one["name"]) for one in node["author"]] == [("Person", "Anna")]
    assert [one["@type"] for one in node["publisher"]] == ["Organization"]
    assert "license" not in node, "that of the data is not that of the words"
    assert node["sdLicense"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    source = next(one for one in node["isBasedOn"] if one["name"] == "A source")
    assert source["temporal"] == "2021-11"
    assert "datePublished" not in source
    of_source = described(client, source["url"].removeprefix("http://localhost:8000"))
    assert of_source["creditText"] == "B. and C."
    assert of_source["sameAs"].startswith("https://example.org/")


def test_an_old_version_is_described_by_the_names_of_its_day(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one")
    organisation = statement.issuers.get().organisation
    before = organisation.name
    organisation.name = "Its new name"
    organisation.save()
    statement.summary = "In other words."
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer)
    old, new = described(client, "/statements/one/versions/1/"), described(client, "/statements/one/")
    assert (old["version"], old["author"][0]["name"]) == (1, before)
    assert (new["version"], new["author"][0]["name"]) == (2, "Its new name")
    assert old["@id"].endswith("/statements/one/versions/1/")
    assert old["url"] == old["@id"], "what is cited"
    assert new["url"].endswith("/statements/one/")
    comparison = described(client, "/statements/one/versions/compare/?from=1&to=2")
    assert (comparison["@type"], comparison["url"]) == ("WebPage", new["url"])


def test_nothing_unpublished_is_described(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one")
    Statement.objects.filter(pk=statement.pk).update(title="secret", summary="secret")
    CountObservationFactory(statement=statement, measure=MeasureFactory(name="secret"))
    organisation = statement.issuers.get().organisation
    organisation.parent = OrganisationFactory(name="secret")
    organisation.save()
    save_version(statement=statement, by=editor)
    for address in all_addresses(client):
        assert "secret" not in json.dumps(described(client, address)), address


def test_the_first_page_tells_how_it_is_searched_and_data_sets_what_search_engines_ask_for(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    home = described(client, "/")
    assert home["@type"] == "WebSite"
    template = home["potentialAction"]["target"]["urlTemplate"]
    assert client.get(template.replace("{search_term_string}", "a")).status_code == 200
    for address in ("/data/", f"/measures/{statement.counts.get().measure.slug}/"):
        node = described(client, address)
        assert node["@type"] == "Dataset"
        assert 50 <= len(node["description"]) <= 5000
        assert {"name", "license", "creator", "distribution"} <= node.keys()
        for download in node["distribution"]:
            assert body_of(client.get(download["contentUrl"].removeprefix("http://localhost:8000")))


def test_a_list_tells_the_addresses_of_its_page_and_a_part_of_it_none(
    editor: User, reviewer: User, client: Client
) -> None:
    for number in range(27):
        make_public_statement(by=editor, published_by=reviewer, slug=f"s{number:02}")
    first, second = described(client, "/statements/"), described(client, "/statements/?page=2")
    assert first["mainEntity"]["numberOfItems"] == 27
    assert len(first["mainEntity"]["itemListElement"]) == 25
    assert [item["position"] for item in second["mainEntity"]["itemListElement"]] == [26, 27]
    assert second["url"] == "http://localhost:8000/statements/?page=2"
    for query in ("?q=release", "?kind=press+statement", "?colour=red", "?page=99"):
        page = client.get(f"/statements/{query}").content.decode()
        assert "mainEntity" not in block_of(page), query
        assert block_of(page)["url"] == Canonical(page).address, query


def test_markup_stays_words_and_ends_no_script(editor: User, reviewer: User, client: Client) -> None:
    publish_markup(editor, reviewer)
    for address, name in (("/statements/hostile/", "name"), ("/organisations/o/", "name"), ("/demands/d/", "name")):
        page = client.get(address).content.decode()
        assert block_of(page)[name] == MARKUP
        assert "</script><" not in page.replace("</script>\n", "")


def test_a_page_of_an_error_is_not_described(db: None, client: Client) -> None:
    response = client.get("/statements/nothing/")
    assert response.status_code == 404
    assert "ld+json" not in response.content.decode()
