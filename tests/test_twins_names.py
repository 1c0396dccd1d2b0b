"""Names in files that are written batch by batch: those of today, the same from beginning to end, asked for once."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.models import Organisation, Source, Statement
from tests import factories as f
from tests.factories import make_public_statement, save_version
from tests.merging import merged
from tests.taking_away import csv_rows, fetched, valid_json

pytestmark = pytest.mark.django_db

MANY = 4


@pytest.fixture(autouse=True)
def each_statement_is_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statements.record.in_full.BATCH", 1)


@pytest.fixture
def ministry(db: None) -> Organisation:
    return f.OrganisationFactory(name="Ministry", slug="ministry")


@pytest.fixture
def report(db: None) -> Source:
    return f.SourceFactory(title="Report", slug="report")


@pytest.fixture
def statements(ministry: Organisation, report: Source, editor: User, reviewer: User) -> list[Statement]:
    """Each is joined by the ministry and stands in the report, too."""
    found = []
    for number in range(MANY):
        statement = f.StatementFactory(issued=f"202{number}")
        f.IssuerFactory(statement=statement, organisation=ministry)
        f.CitationFactory(statement=statement, source=report)
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        publish(statement=statement, by=reviewer)
        found.append(statement)
    return found


def test_what_was_merged_has_its_name_of_today_in_every_batch(
    statements: list[Statement], ministry: Organisation, report: Source, client: Client, reviewer: User
) -> None:
    merged(f.OrganisationFactory(name="Government", slug="government"), ministry, by=reviewer)
    merged(f.SourceFactory(title="Book", slug="book"), report, by=reviewer)
    for row in csv_rows(client, "/statements.csv"):
        assert (row["issuers"], row["issuer_names"]) == ("government", "Government")
        assert (row["sources"], row["source_names"].rpartition(" ")[2]) == ("book", "Book")
    for one in valid_json(client, "/statements.json")["statements"]:
        assert one["document"]["content"]["issuers"][0]["organisation"] == "government"
        assert one["document"]["context"]["organisations"].keys() == {"government"}
        assert one["document"]["context"]["sources"].keys() == {"book"}


def test_a_row_that_is_renamed_while_a_file_is_written_has_one_name_in_it(
    statements: list[Statement], ministry: Organisation, client: Client
) -> None:
    response: Any = client.get("/statements.json")
    pieces = iter(response.streaming_content)
    received = next(pieces) + next(pieces)
    Organisation.objects.filter(pk=ministry.pk).update(name="Government")
    received += b"".join(pieces)
    documents = [one["document"] for one in json.loads(received)["statements"]]
    assert len(documents) == MANY
    assert {document["context"]["organisations"]["ministry"]["name"] for document in documents} == {"Ministry"}
    assert b"Government" in fetched(client, "/statements.json")[1]


def test_whom_another_demand_is_addressed_to_has_no_other_name_either(
    ministry: Organisation, client: Client, editor: User, reviewer: User
) -> None:
    for number in range(2):
        statement = make_public_statement(by=editor, published_by=reviewer, issued=f"202{number}")
        statement.mentions.get().demand.addressees.add(ministry)
    response: Any = client.get("/statements.json")
    pieces = iter(response.streaming_content)
    received = next(pieces) + next(pieces)
    Organisation.objects.filter(pk=ministry.pk).update(name="Government")
    received += b"".join(pieces)
    contexts = [one["document"]["context"] for one in json.loads(received)["statements"]]
    assert [context["organisations"]["ministry"]["name"] for context in contexts] == ["Ministry", "Ministry"]


@pytest.mark.parametrize("most_held", [0, 5_000])
def test_more_names_than_are_held_give_the_same_file(
    statements: list[Statement],
    ministry: Organisation,
    client: Client,
    editor: User,
    reviewer: User,
    monkeypatch: pytest.MonkeyPatch,
    most_held: int,
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    merged(f.OrganisationFactory(name="Government", slug="government"), ministry, by=reviewer)
    monkeypatch.setattr("statements.record.in_full.BATCH", 200)
    at_once = fetched(client, "/statements.csv")[1], valid_json(client, "/statements.json")["statements"]
    monkeypatch.setattr("statements.record.in_full.BATCH", 1)
    monkeypatch.setattr("statements.record.in_full._MOST_HELD", most_held)
    assert (fetched(client, "/statements.csv")[1], valid_json(client, "/statements.json")["statements"]) == at_once


def test_what_many_statements_name_is_asked_for_once(statements: list[Statement], client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        fetched(client, "/statements.csv")
    asked = [query["sql"] for query in queries]
    assert len([sql for sql in asked if 'FROM "statements_organisation"' in sql]) == 1
    assert len([sql for sql in asked if 'FROM "statements_source"' in sql]) == MANY
