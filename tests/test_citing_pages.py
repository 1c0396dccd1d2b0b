"""Pages say how they are cited: a line to copy, files, and meta tags for reference managers."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.models import Statement
from statements.public.citing.citation import of_version
from statements.public.citing.words import as_text
from tests.demonstration import LATVIA, load_demonstration
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    IssuerFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    publish_again,
)
from tests.test_public_hostile import MARKUP, publish_markup


class Head(HTMLParser):
    """The meta tags by name, in order, and the links by relation."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "name" in given:
            self.meta.setdefault(given["name"], []).append(given["content"])
        if tag == "link":
            self.links.setdefault(given["rel"], []).append(given["href"])


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def blocks(page: str) -> list[str]:
    return re.findall(r'<details class="cite">.*?</details>', page, re.DOTALL)


def line_of(block: str) -> str:
    found = re.search(r"<p>(.*?)</p>", block, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def test_a_statement_and_its_figures_say_how_they_are_cited_and_where_the_files_are(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One", slug="one")
    CountObservationFactory(statement=statement, value=5)
    publish_again(statement, by=editor, published_by=reviewer)
    page = page_of(client, "/statements/one/")
    of_statement, *of_figures = blocks(page)
    assert len(of_figures) == 2
    issuer = statement.issuers.get().organisation.name
    today = f"{timezone.localdate():%-d %B %Y}"
    assert line_of(of_statement) == (
        f"{issuer}: “One” (press statement). 27 January 2022. Statement tracker, version 2 of {today}. "
        "http://localhost:8000/statements/one/versions/2/"
    )
    assert line_of(of_figures[1]).endswith("http://localhost:8000/statements/one/versions/2/#figure-2")
    for block in (of_statement, *of_figures):
        files = [unescape(address) for address in re.findall(r'href="([^"]*)" type="[^"]*"', block)]
        assert [re.sub(r"\?.*", "", address).rpartition("/2.")[2] for address in files] == ["bib", "ris", "csl.json"]
        assert {client.get(address).status_code for address in files} == {200}


def test_a_version_says_how_it_is_cited_itself_and_the_newest_the_same_as_todays_page(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One", slug="one")
    statement.title = "Two"
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer)
    first, second, today = (
        blocks(page_of(client, f"/statements/one/{ending}")) for ending in ("versions/1/", "versions/2/", "")
    )
    assert "“One”" in line_of(first[0])
    assert "/versions/1/" in line_of(first[0])
    assert second == today
    assert line_of(today[0]) == as_text(of_version(statement.versions.get(public_number=2)))


def test_a_demand_says_how_it_is_cited_as_of_today(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    demand = statement.mentions.get().demand
    (block,) = blocks(page_of(client, f"/demands/{demand.slug}/"))
    assert line_of(block) == (
        f"Statement tracker: “{demand.title}” (demand), made in one statement by one organisation, as of "
        f"{timezone.localdate():%-d %B %Y}. http://localhost:8000/demands/{demand.slug}/"
    )


def test_there_is_one_way_to_cite_on_every_page_of_a_statement(db: None, client: Client) -> None:
    load_demonstration()
    page = page_of(client, LATVIA)
    assert len(blocks(page)) == 2
    assert page.count("Cite this statement") == 1
    assert "How to cite" not in page


# --- Meta tags ------------------------------------------------------------------------------------------------------


def test_a_reference_manager_finds_who_what_when_and_the_permanent_address(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(
        by=editor, published_by=reviewer, title="One", slug="one", issued="2022-01", language="lv"
    )
    for name in ("Anna", "Berta"):
        SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name=name))
    publish_again(statement, by=editor, published_by=reviewer)
    for address, number in (("/statements/one/", 2), ("/statements/one/versions/2/", 2)):
        head = Head(page_of(client, address))
        assert {name: values for name, values in head.meta.items() if name.startswith(("citation", "DC", "z:"))} == {
            "citation_title": ["One"],
            "citation_author": ["Anna", "Berta"],
            "citation_publication_date": ["2022/01"],
            "citation_online_date": [f"{timezone.localdate():%Y/%m/%d}"],
            "citation_publisher": [statement.issuers.get().organisation.name],
            "citation_language": ["lv"],
            "citation_public_url": [f"http://localhost:8000/statements/one/versions/{number}/"],
            "DC.type": ["press statement"],
            "z:itemType": ["webpage"],
        }
        assert head.links["cite-as"] == head.meta["citation_public_url"]
        own = head.meta["citation_public_url"] if "versions" in address else ["http://localhost:8000/statements/one/"]
        assert head.links["canonical"] == own
        assert len(head.links["describedby"]) == 3


def test_an_organisation_is_an_author_whose_name_is_not_cut(editor: User, reviewer: User, client: Client) -> None:
    """Zotero takes the last word for a last name, unless a comma says that all of it is one."""
    statement = StatementFactory(slug="one")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Ministry of Foreign Affairs of Latvia"))
    CitationFactory(statement=statement)
    publish_again(statement, by=editor, published_by=reviewer, revision="")
    head = Head(page_of(client, "/statements/one/"))
    assert head.meta["citation_author"] == ["Ministry of Foreign Affairs of Latvia,"]
    assert head.meta["citation_publisher"] == ["Statement tracker"]


@pytest.mark.parametrize(
    ("issued", "name", "value"),
    [
        ("2022-01-27", "citation_publication_date", "2022/01/27"),
        ("2022", "citation_publication_date", "2022"),
        ("2020-08/2021-01", "DC.date", "2020-08/2021-01"),
        ("2022-01-20/2022-01-27", "DC.date", "2022-01-20/2022-01-27"),
    ],
)
def test_a_date_in_the_head_is_as_precise_as_it_is_known(
    editor: User, reviewer: User, client: Client, issued: str, name: str, value: str
) -> None:
    make_public_statement(by=editor, published_by=reviewer, slug="one", issued=issued, language="und")
    head = Head(page_of(client, "/statements/one/"))
    dates = {key: values for key, values in head.meta.items() if key in ("citation_publication_date", "DC.date")}
    assert dates == {name: [value]}
    assert "citation_language" not in head.meta


def test_markup_in_a_title_stays_words_in_the_head(editor: User, reviewer: User, client: Client) -> None:
    publish_markup(editor, reviewer)
    head = Head(page_of(client, "/statements/hostile/"))
    assert head.meta["citation_title"] == [MARKUP]
    assert head.meta["citation_author"] == [MARKUP]


# --- Where there is nothing permanent yet ---------------------------------------------------------------------------


def test_a_preview_claims_no_permanent_address(editor_client: Client, editor: User, reviewer: User) -> None:
    draft = make_statement(by=editor)
    public = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=public.pk).update(title="Revised")
    for statement in (draft, public):
        page = page_of(editor_client, f"/admin/statements/statement/{statement.pk}/preview/")
        assert blocks(page) == []
        assert "citation_" not in page
        assert "ld+json" not in page
        assert not {"cite-as", "describedby"} & Head(page).links.keys()
