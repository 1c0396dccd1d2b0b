"""What stands in the files: every column, what the file says of itself, and words that could harm a program."""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import withdraw
from statements.models import Demand, Statement, Version
from statements.public.twins.columns import TWIN_TABLES
from statements.public.twins.schemas import SCHEMA_NAMES
from statements.record.document import hash_of
from tests.demonstration import EEAS, LATVIA, load_demonstration
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_public_statement,
    publish_again,
)
from tests.taking_away import csv_rows, fetched, json_of, sheet_rows, valid_json, workbook_of

TEMPTING = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", '=HYPERLINK("http://example.org")']


@pytest.fixture
def rich(editor: User, reviewer: User, settings: Any) -> Statement:
    """One statement with all that its row can hold."""
    settings.SITE_URL, settings.SITE_NAME = "https://tracker.example", "The tracker"
    original = make_public_statement(by=editor, published_by=reviewer, title="The original")
    statement = StatementFactory(
        title="Everything",
        issued="2022-01",
        issued_basis="inferred",
        date_note="A note",
        place="Riga",
        occasion="A day",
        attribution="A spokesperson",
        relation="repeats",
        related_statement=original,
    )
    ministry = OrganisationFactory(name="Ministry | of Bars")
    IssuerFactory(statement=statement, organisation=ministry)
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Friend"), part="joined")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Postman"), part="delivered on behalf")
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Ānna"), attribution="")
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Борис"), attribution="Minister")
    CitationFactory(statement=statement, source=SourceFactory(slug="one", title="Page", publisher="Press"))
    printed = SourceFactory(slug="two", url="", canonical_url=None, title="Report", publisher="Press")
    CitationFactory(statement=statement, source=printed, role="original", locator="page 3")
    demand = DemandFactory(title="Release")
    demand.addressees.add(OrganisationFactory(name="Authorities"))
    DemandMentionFactory(statement=statement, demand=demand, quote="", force="appeal", deadline_from=None, note="Note")
    mention = DemandMentionFactory(statement=statement, demand=DemandFactory(title="Justice"), is_reiterated=True)
    mention.addressees.add(OrganisationFactory(name="Courts"))
    held = MeasureFactory(name="Held")
    CountObservationFactory(statement=statement, measure=held, qualifier="range", value=880, value_to=900, key="range")
    CountObservationFactory(
        statement=statement,
        measure=held,
        qualifier="unquantified",
        value=None,
        wording="many thousands",
        attributed_to=ministry,
        attributed_wording="independent media",
        excludes="those named",
        note="A note",
        key="words",
    )
    DemandUpdateFactory(demand=demand, status="met", note="They were freed.", published_at=timezone.now())
    publish_again(statement, by=editor, published_by=reviewer, revision="")
    return statement


def test_a_row_of_the_list_says_all_that_a_list_can(rich: Statement, client: Client) -> None:
    row = next(row for row in csv_rows(client, "/statements.csv") if row["slug"] == "everything")
    cite = row.pop("cite")
    assert row.pop("published_at").endswith("+00:00")
    assert row == {
        "slug": "everything",
        "title": "Everything",
        "kind": "press statement",
        "language": "en",
        "issued": "2022-01",
        "issued_from": "2022-01-01",
        "issued_until": "2022-01-31",
        "issued_basis": "inferred",
        "date_note": "A note",
        "place": "Riga",
        "occasion": "A day",
        "summary": "What was said, in the editor's words.",
        "issuers": "ministry-of-bars",
        "issuer_names": r"Ministry \| of Bars",
        "joined_by": "friend",
        "joined_by_names": "Friend",
        "delivered_by": "postman",
        "delivered_by_names": "Postman",
        "speakers": "anna | boris",
        "speaker_names": "Ānna | Борис",
        "attributions": " | Minister",
        "attribution": "A spokesperson",
        "demands": "release | justice",
        "demand_titles": "Release | Justice",
        "addressees": "authorities | courts",
        "addressee_names": "Authorities | Courts",
        "measures": "held",
        "figures": "Held: from 880 to 900 | Held: “many thousands”",
        "sources": "one | two",
        "source_names": "Press · Page | Press · Report",
        "source_urls": "https://example.org/one | ",
        "relation": "repeats",
        "related_statement": "the-original",
        "version": "1",
        "url": "https://tracker.example/statements/everything/",
        "version_url": "https://tracker.example/statements/everything/versions/1/",
    }
    assert cite.startswith("The tracker, all statements, as of ")
    assert cite.endswith(", CC-BY-4.0. https://tracker.example/statements/")


def test_a_row_of_a_measure_says_everything_of_its_figure(rich: Statement, client: Client) -> None:
    words, pair = csv_rows(client, "/measures/held.csv?sort=value")[::-1]
    expected = {
        "key": "words",
        "measure": "held",
        "measure_name": "Held",
        "unit": "people",
        "as_of": "2022-01",
        "as_of_from": "2022-01-01",
        "as_of_until": "2022-01-31",
        "as_of_given": "false",
        "qualifier": "unquantified",
        "value": "",
        "wording": "many thousands",
        "figure": "“many thousands”",
        "attributed_to": "ministry-of-bars",
        "attributed_to_name": "Ministry | of Bars",
        "attributed_wording": "independent media",
        "excludes": "those named",
        "quote_language": "en",
        "note": "A note",
        "statement": "everything",
        "issuers": "ministry-of-bars",
        "speaker_names": "Ānna | Борис",
        "sources": "one | two",
        "url": "https://tracker.example/statements/everything/versions/1/#figure-2",
    }
    assert {name: words[name] for name in expected} == expected
    assert (pair["value"], pair["value_to"], pair["figure"]) == ("880", "900", "from 880 to 900")
    page = client.get("/statements/everything/versions/1/").content.decode()
    assert 'id="figure-2"' in page


def test_a_row_of_a_demand_says_how_the_statement_makes_it(rich: Statement, client: Client) -> None:
    (release,) = csv_rows(client, "/demands/release.csv")
    expected = {
        "demand": "release",
        "demand_title": "Release",
        "is_counted": "true",
        "force": "appeal",
        "is_reiterated": "false",
        "addressees": "authorities",
        "addressees_named_here": "false",
        "note": "Note",
        "url": "https://tracker.example/statements/everything/versions/1/#demand-3",
    }
    assert {name: release[name] for name in expected} == expected
    (justice,) = csv_rows(client, "/demands/justice.csv")
    assert (justice["addressees"], justice["addressees_named_here"]) == ("courts", "true")
    assert justice["url"].endswith("#demand-4")
    page = client.get("/statements/everything/versions/1/").content.decode()
    assert 'id="demand-3"' in page
    assert 'id="demand-4"' in page
    (update,) = json_of(client, "/demands/release.json")["demand"]["updates"]
    assert (update["status"], update["note"]) == ("met", "They were freed.")


def test_the_files_have_the_columns_that_are_explained(rich: Statement, client: Client) -> None:
    addresses = ("/statements.csv", "/measures/held.csv", "/demands/release.csv")
    for address, table in zip(addresses, TWIN_TABLES, strict=True):
        assert list(csv_rows(client, address)[0]) == table.column_names
        for column in table.columns:
            for row in csv_rows(client, address):
                assert not column.one_of or row[column.name] in ("", *column.one_of)
    assert list(sheet_rows(client, "/statements.xlsx")[0]) == TWIN_TABLES[0].column_names


def test_a_workbook_keeps_numbers_and_texts_and_says_what_it_is(rich: Statement, client: Client) -> None:
    row = next(row for row in sheet_rows(client, "/statements.xlsx?q=Everything") if row["slug"] == "everything")
    assert row["version"] == 1
    assert row["issued"] == "2022-01"
    assert row["delivered_by"] == "postman"
    about = workbook_of(client, "/statements.xlsx?demand=release").worksheets[1]
    assert about.title == "About this file"
    said = dict(about.iter_rows(values_only=True))
    assert said["What it holds"] == "statements making the demand Release"
    assert said["Page"] == "https://tracker.example/statements/?demand=release"
    assert said["Licence"] == "CC-BY-4.0, https://spdx.org/licenses/CC-BY-4.0.html"
    assert said["How to cite it"].startswith("The tracker, statements making the demand Release, as of ")


def test_json_says_of_itself_what_it_holds_when_and_how_to_cite_it(rich: Statement, client: Client) -> None:
    document = valid_json(client, "/statements.json?demand=release&demand=justice&sort=issued")
    about = document["about"]
    assert about["what"] == "statements making the demand Release or Justice"
    assert about["page"] == "https://tracker.example/statements/?demand=release&demand=justice&sort=issued"
    assert about["file"] == "https://tracker.example/statements.json?demand=release&demand=justice&sort=issued"
    assert (about["licence"], about["site"]) == ("CC-BY-4.0", "The tracker")
    assert about["cite"].startswith(f"The tracker, {about['what']}, as of ")
    assert list(document)[-1] == "complete"
    assert document["complete"] is True


def test_the_metadata_of_a_csv_file_describe_every_column(rich: Statement, client: Client) -> None:
    for address, table in (
        ("/statements.csv?demand=release&page=1", TWIN_TABLES[0]),
        ("/measures/held.csv?sort=value", TWIN_TABLES[1]),
        ("/demands/release.csv", TWIN_TABLES[2]),
    ):
        response, _body = fetched(client, address)
        path, mark, query = address.partition("?")
        described_by = f"{path}-metadata.json{mark}{query}"
        link = f'<https://tracker.example{described_by}>; rel="describedby"; type="application/csvm+json"'
        assert link in response.headers["Link"]
        metadata_response, body = fetched(client, described_by)
        assert metadata_response.headers["Content-Type"] == "application/csvm+json"
        metadata = json.loads(body)
        assert metadata["url"] == f"https://tracker.example{address}"
        columns = metadata["tableSchema"]["columns"]
        assert [column["name"] for column in columns] == table.column_names
        assert all(column["dc:description"] for column in columns)
        assert {c["name"] for c in columns if c.get("separator") == " | "} >= {"issuers", "source_urls"}
        assert metadata["dc:license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0.html"}
        assert metadata["dc:bibliographicCitation"] == csv_rows(client, address)[0]["cite"]


@pytest.mark.parametrize("words", TEMPTING)
def test_no_cell_is_a_formula_and_the_words_come_back(editor: User, reviewer: User, client: Client, words: str) -> None:
    make_public_statement(by=editor, published_by=reviewer, title=words, slug="tempting", summary=words)
    (row,) = csv_rows(client, "/statements.csv")
    assert row["title"] == row["summary"] == f"'{words}"
    (cell,) = (row["title"] for row in sheet_rows(client, "/statements.xlsx"))
    assert cell == words
    page = workbook_of(client, "/statements.xlsx").worksheets[0]
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row} <= {"s", "n"}
    assert valid_json(client, "/statements.json")["statements"][0]["document"]["content"]["title"] == words


def test_controls_line_breaks_and_very_long_words_break_no_file(editor: User, reviewer: User, client: Client) -> None:
    words = 'From a\x0cPDF, "quoted",\r\nwith\rbreaks\x1f'
    make_public_statement(by=editor, published_by=reviewer, title="Odd", summary=words, date_note="x" * 40_000)
    (row,) = csv_rows(client, "/statements.csv")
    assert row["summary"] == words.replace("\rb", "\nb")
    (cells,) = sheet_rows(client, "/statements.xlsx")
    assert cells["summary"] == 'From a PDF, "quoted",\nwith\nbreaks '
    assert len(cells["date_note"]) == 32_767
    assert cells["date_note"].endswith("x […]")
    document = valid_json(client, "/statements.json")["statements"][0]["document"]
    assert document["content"]["summary"] == words


def test_csv_is_marked_as_utf_8_so_that_spreadsheets_read_every_script(rich: Statement, client: Client) -> None:
    _response, body = fetched(client, "/statements.csv")
    assert body.startswith(b"\xef\xbb\xbfslug,title,")
    assert body.count(b"\xef\xbb\xbf") == 1
    assert body.endswith(b"\r\n")
    header = next(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert header[0] == "slug"


def test_a_statement_has_its_document_of_today_its_versions_and_what_names_it(rich: Statement, client: Client) -> None:
    body = valid_json(client, "/statements/everything.json")
    content, context = body["statement"]["document"]["content"], body["statement"]["document"]["context"]
    assert content["title"] == "Everything"
    assert context["organisations"]["courts"]["name"] == "Courts"
    assert [version["version"] for version in body["versions"]] == [1]
    assert body["about"]["cite"].startswith("The tracker, “Everything”, version 1, as of ")
    assert body["about"]["cite"].endswith("https://tracker.example/statements/everything/versions/1/")
    (related,) = valid_json(client, "/statements/the-original.json")["related"]
    assert (related["kind"], related["slug"]) == ("repeats", "everything")


def test_a_version_can_be_checked_against_its_hash(
    rich: Statement, editor: User, reviewer: User, client: Client
) -> None:
    rich.summary = "In other words: “öŽ” — \U0001f600"
    rich.save()
    publish_again(rich, by=editor, published_by=reviewer, revision="correction", note="The words were others.")
    for number in (1, 2):
        address = f"/statements/everything/versions/{number}.json"
        body = valid_json(client, address)
        stored = Version.objects.get(statement=rich, public_number=number)
        assert body["document"] == stored.document
        assert hash_of(body["document"]["content"]) == body["content_hash"] == stored.content_hash
        assert (body["version"], body["current"], body["withheld"]) == (number, 2, [])
        # As the bytes stand in the file they are those that were hashed.
        _response, content = fetched(client, address)
        canonical = json.dumps(stored.document["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert canonical.encode() in content
    assert body["revision"] == "correction"
    assert body["revision_note"] == "The words were others."


def test_a_relation_to_what_is_not_public_is_withheld_and_said_to_be(
    rich: Statement, reviewer: User, client: Client
) -> None:
    withdraw(statement=Statement.objects.get(slug="the-original"), by=reviewer, reason="It was another's.")
    version = valid_json(client, "/statements/everything/versions/1.json")
    assert version["withheld"] == ["relation"]
    assert version["document"]["content"]["relation"] is None
    assert valid_json(client, "/statements/everything.json")["statement"]["document"]["content"]["relation"] is None
    for address in ("/statements.csv", "/statements.json", "/statements/everything.json"):
        _response, content = fetched(client, address)
        assert b"the-original" not in content
    (row,) = csv_rows(client, "/statements.csv")
    assert (row["relation"], row["related_statement"]) == ("", "")


def test_every_schema_can_be_fetched_and_every_json_of_the_demonstration_satisfies_its_own(
    db: None, client: Client
) -> None:
    load_demonstration()
    for name in SCHEMA_NAMES:
        response, body = fetched(client, f"/data/schemas/{name}.json")
        assert response.headers["Content-Type"] == "application/schema+json"
        assert json.loads(body)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert client.get("/data/schemas/nothing.json").status_code == 404
    for statement in (LATVIA, EEAS):
        slug = statement.strip("/").partition("/")[2]
        valid_json(client, f"/statements/{slug}.json")
        valid_json(client, f"/statements/{slug}/versions/1.json")
    for slug in Demand.objects.filter(mentions__isnull=False).values_list("slug", flat=True).distinct()[:12]:
        valid_json(client, f"/demands/{slug}.json")
    valid_json(client, "/measures/political-prisoners-belarus.json")
