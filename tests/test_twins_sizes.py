"""Files cost the same for each batch, are written while they are read, and hold no more than a batch in memory."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client

from statements.models import Statement
from statements.public.twins import collections
from statements.record import in_full
from statements.record.in_full import BATCH, InFull
from statements.record.listing import Criteria, matching
from tests.demonstration import load_demonstration
from tests.factories import make_public_statement, publish_again
from tests.taking_away import csv_rows, feed_of, fetched, json_of
from tests.test_public_queries import counted_queries
from tests.test_public_sizes import multiply

#: Queries of each batch after the first: for the statements, their sources, and slugs of these that were given up.
EACH = 3


@pytest.fixture
def many(editor: User, reviewer: User) -> Statement:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="first")
    multiply(statement, 3 * BATCH + 50)
    return statement


def addresses(statement: Statement) -> dict[str, str]:
    measure, demand = statement.counts.get().measure.slug, statement.mentions.get().demand.slug
    return {
        "/statements.csv": "statements",
        "/statements.json": "statements",
        f"/measures/{measure}.csv": "figures",
        f"/measures/{measure}.json": "figures",
        f"/demands/{demand}.csv": "statements",
        f"/demands/{demand}.json": "statements",
    }


def test_the_number_of_queries_grows_with_batches_only(many: Statement, client: Client) -> None:
    per_batch = {}
    for address in addresses(many):
        spent = []
        for query in ("?page=1", ""):
            with counted_queries() as seen:
                response, _body = fetched(client, f"{address}{query}")
            assert response.status_code == 200
            spent.append(len(seen))
        one_page, all_of_them = spent
        # A page is one batch and is counted first; all of them are four batches.
        per_batch[address] = (all_of_them - (one_page - 1)) / 3
        with counted_queries() as seen:
            fetched(client, address, if_none_match=response.headers["ETag"])
        assert len(seen) == 1
    assert set(per_batch.values()) == {EACH}, per_batch


def test_all_rows_are_there_once_and_in_order(many: Statement, client: Client) -> None:
    total = 3 * BATCH + 51
    for address, member in addresses(many).items():
        if address.endswith(".json"):
            document = json_of(client, address)
            assert document["total"] == document["written"] == len(document[member]) == total
        else:
            rows = csv_rows(client, address)
            assert len(rows) == total
            assert len({row.get("key") or row["slug"] for row in rows}) == total
            dates = [row["issued_from"] for row in rows]
            assert dates == sorted(dates, reverse=True)
    assert feed_of(client, "/statements.atom").feed.opensearch_totalresults == str(total)


def test_a_file_is_written_batch_by_batch_while_it_is_read(
    many: Statement, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    known: list[weakref.ref[InFull]] = []
    most_alive = 0
    original = in_full.NamesOfToday.in_full

    def noted(names: in_full.NamesOfToday, entries: Any) -> list[InFull]:
        nonlocal most_alive
        gc.collect()
        most_alive = max(most_alive, sum(1 for one in known if one() is not None))
        found = original(names, entries)
        read.append(len(found))
        known.extend(weakref.ref(one) for one in found)
        return found

    monkeypatch.setattr(in_full.NamesOfToday, "in_full", noted)
    for address in addresses(many):
        read.clear()
        known.clear()
        most_alive = 0
        response = client.get(address)
        assert response.streaming
        assert read == []
        pieces: Iterator[bytes] = iter(response.streaming_content)
        next(pieces)
        assert read == [], "the beginning needs no row"
        next(pieces)
        assert read == [BATCH]
        assert sum(1 for _piece in pieces) in (3, 4)
        assert read == [BATCH, BATCH, BATCH, 51]
        assert most_alive <= BATCH, address


def test_the_identities_of_a_list_are_kept_as_narrow_numbers(many: Statement, client: Client) -> None:
    chosen = collections.chosen(matching(Criteria()).values_list("pk", flat=True), QueryDict(), size=25)
    assert chosen.total == 3 * BATCH + 51
    assert getattr(chosen.ids, "itemsize", 0) == 8


def test_the_json_of_a_statement_costs_the_same_with_many_versions(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="first")
    counts = []
    for number in range(2, 5):
        with counted_queries() as seen:
            assert len(json_of(client, "/statements/first.json")["versions"]) == number - 1
        counts.append(len(seen))
        statement.summary = f"In other words: {number}."
        statement.save()
        publish_again(statement, by=editor, published_by=reviewer)
    assert len(set(counts)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_outside_of_any_transaction_as_a_server_does(client: Client) -> None:
    """On PostgreSQL identities that are read piece by piece need a transaction, or a cursor that outlives it."""
    load_demonstration()
    assert len(csv_rows(client, "/statements.csv")) == 77
    assert len(json_of(client, "/measures/political-prisoners-belarus.json")["figures"]) == 47
