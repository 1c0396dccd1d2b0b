"""``make_scale_data``: made-up data for measurements that keeps every rule of the site."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models
from django.db.models import Count, F, Q
from django.test import Client

from statements import quotes
from statements.bulk import BATCH
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Entry,
    EntryWords,
    Facet,
    Figure,
    Issuer,
    Link,
    Move,
    Organisation,
    Statement,
    Version,
    Wording,
)
from statements.scale.indexes import made_afterwards
from tests.factories import OrganisationFactory, StatementFactory
from tracker.environment import VARIABLES

MANAGE = Path(__file__).parent.parent / "manage.py"

#: More than two batches.
MANY = 1100


def make(statements: int, **options: Any) -> str:
    """In this process: another one would not see the transaction of a test."""
    said = StringIO()
    call_command("make_scale_data", statements=statements, processes=1, stdout=said, **options)
    return said.getvalue()


def share(rows: models.QuerySet[Any, Any], column: str, of: int) -> float:
    """The largest part of so many statements that one value of a column has."""
    commonest = rows.order_by().values(column).annotate(n=Count("*")).order_by("-n").first()
    assert commonest is not None
    return float(commonest["n"] / of)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    tables: tuple[type[models.Model], ...] = (
        Organisation,
        Statement,
        Wording,
        Citation,
        CountObservation,
        Version,
        Move,
    )
    of_record = (Entry, Link, Figure)
    return {
        model.__name__: sorted(model._default_manager.values_list(*_columns(model)), key=repr)
        for model in (*tables, *of_record)
    }


def _columns(model: type[models.Model]) -> list[str]:
    """Without the numbers that a database gives to rows: its sequences go on after a test."""
    fields = model._meta.concrete_fields
    given = {"organisation_id", "source_id", "target_id", "id", "parent_id", "attributed_to_id", "measure_id"}
    texts = {"search_text"}
    return [field.attname for field in fields if field.attname not in given | texts]


@pytest.mark.django_db
def test_the_data_keeps_every_rule() -> None:
    make(MANY)

    said = StringIO()
    call_command("check_data", stdout=said)
    assert said.getvalue().strip() == "Everything is in order."


@pytest.mark.django_db
def test_the_data_is_shared_out_as_announced() -> None:
    make(4000)

    published = Entry.objects.count()
    assert published / 4000 == pytest.approx(0.9, abs=0.02)
    assert Statement.objects.filter(withdrawn_at__isnull=False).exists()
    assert set(Statement.objects.values_list("step", flat=True)) == {"draft", "in review", "returned", "done"}
    assert share(Issuer.objects, "organisation", 4000) == pytest.approx(0.12, abs=0.02)
    assert share(DemandMention.objects, "demand", 4000) == pytest.approx(0.25, abs=0.03)
    assert share(Link.objects.filter(facet=Facet.MEASURE), "target_id", 4000) == pytest.approx(0.2, abs=0.03)
    for model, number in ((Citation, 1.5), (DemandMention, 2), (CountObservation, 1)):
        assert model._default_manager.count() / 4000 == pytest.approx(number, rel=0.1), model
    lengths = [len(words.split()) for words in Wording.objects.values_list("text", flat=True)]
    assert min(lengths) >= 130
    assert max(lengths) <= 400
    assert set(Statement.objects.values_list("language", flat=True)) == {"en", "ru", "lt", "be"}


@pytest.mark.django_db
def test_the_commonest_word_stands_in_a_fifth_and_most_words_in_few() -> None:
    make(2000)

    texts = [set(words.split()) for words in EntryWords.objects.values_list("search_text", flat=True)]
    stands_in: dict[str, int] = {}
    for words in texts:
        for word in words - {"|"}:
            stands_in[word] = stands_in.get(word, 0) + 1
    assert max(stands_in.values()) / len(texts) == pytest.approx(0.2, abs=0.04)
    assert sum(number <= 5 for number in stands_in.values()) > len(stands_in) / 3


@pytest.mark.django_db
def test_dates_are_as_precise_as_known_and_span_twenty_years() -> None:
    make(MANY)

    dates = list(Statement.objects.values_list("issued_from", "issued_until"))
    assert max(dates)[0].year - min(dates)[0].year >= 20
    assert {min(40, (last - first).days) for first, last in dates} >= {0, 30, 40}
    assert Statement.objects.filter(issued_until=F("issued_from")).count() > MANY * 0.7


@pytest.mark.django_db
def test_statements_say_again_and_are_joined_and_revised() -> None:
    make(MANY)

    assert Entry.objects.filter(says_again__isnull=False).exists()
    assert Link.objects.filter(facet=Facet.JOINED).exists()
    assert Version.objects.filter(revision="correction").exists()
    assert Statement.objects.filter(~Q(step="done"), published_version__isnull=False).exists()
    again = Statement.objects.filter(relation__in=Statement.SAYING_AGAIN).first()
    assert again is not None
    assert again.related_statement is not None
    assert {row.demand_id for row in again.mentions.all()} == {
        row.demand_id for row in again.related_statement.mentions.all()
    }


@pytest.mark.django_db
def test_what_is_quoted_stands_in_the_words() -> None:
    make(200)

    rows = [*DemandMention.objects.exclude(quote=""), *CountObservation.objects.exclude(quote="")]
    assert len(rows) > 300
    for row in rows:
        assert any(quotes.find(row.quote, words.text) for words in row.statement.wordings.all()), row.quote


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_data_and_another_seed_other_data() -> None:
    made = []
    for seed in (7, 7, 8):
        make(60, seed=seed)
        made.append(everything())
        empty()

    assert made[0] == made[1]
    assert all(made[0][name] != made[2][name] for name in made[0])


def empty() -> None:
    connection.check_constraints()  # PostgreSQL does not empty a table while some wait for the end of a transaction
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)


def test_several_processes_make_the_same_data_as_one(tmp_path: Path) -> None:
    empty_one = tmp_path / "empty.sqlite3"
    _run(empty_one, "migrate", "--verbosity", "0")
    dumps = []
    for processes in ("1", "2"):
        path = shutil.copy(empty_one, tmp_path / f"{processes}.sqlite3")
        _run(path, "make_scale_data", "--statements", str(2 * MANY), "--processes", processes)
        with closing(sqlite3.connect(path)) as database:
            dumps.append([line for line in database.iterdump() if not line.startswith(_OF_THE_DATABASE)])

    assert len(dumps[0]) > 40 * MANY
    assert dumps[0] == dumps[1]
    with closing(sqlite3.connect(empty_one)) as database:
        of_the_empty_one = {line for line in database.iterdump() if line.startswith("CREATE INDEX")}
    assert {line for line in dumps[0] if line.startswith("CREATE INDEX")} == of_the_empty_one


def constraints() -> dict[str, Any]:
    """Of every table of ours all indexes and foreign keys, by name, with what they are of."""
    with connection.cursor() as cursor:
        ours = apps.get_app_config("statements").get_models(include_auto_created=True)
        tables = [model._meta.db_table for model in ours]
        return {
            name: about
            for table in tables
            for name, about in connection.introspection.get_constraints(cursor, table).items()
            if about["index"] or about["foreign_key"]
        }


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_all_rows_is_made_again_even_where_the_rows_could_not_be_stored() -> None:
    before = constraints()
    waiting: set[str] = set()

    def store_the_same_twice() -> None:
        with made_afterwards():
            waiting.update(before.keys() - constraints().keys())
            Organisation.objects.bulk_create(OrganisationFactory.build_batch(2, slug="the-same"))

    with pytest.raises(IntegrityError):
        store_the_same_twice()
    assert waiting >= {"link_newest", "todaylink_newest", "facets_newest", "version_published_at"}
    assert not any(before[name]["unique"] for name in waiting)
    foreign_keys = {name for name, about in before.items() if about["foreign_key"]}
    if connection.vendor == "postgresql":
        assert waiting >= {"entrywords_search_vector", "statements_source_found", *foreign_keys}
    else:
        assert not waiting & foreign_keys
    assert constraints() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_foreign_keys_that_waited_hold_again_with_all_that_was_said_of_them() -> None:
    def definitions() -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint ORDER BY oid")
            return sorted(cursor.fetchall())

    before = definitions()
    with made_afterwards():
        assert len(definitions()) < len(before) - 30
        issuer = Issuer.objects.create(statement=StatementFactory(), organisation=OrganisationFactory(), part="issued")
    assert definitions() == before
    with pytest.raises(IntegrityError):
        Issuer.objects.filter(pk=issuer.pk).update(organisation=issuer.organisation_id + 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_foreign_key_that_can_t_be_made_again_is_named_and_keeps_back_no_other() -> None:
    before = constraints()

    def refer_to_nothing() -> None:
        with made_afterwards():
            Issuer.objects.create(statement=StatementFactory(), organisation_id=10**9, part="issued")

    with pytest.raises(IntegrityError) as caught:
        refer_to_nothing()
    (lacking,) = before.keys() - constraints().keys()
    (note,) = caught.value.__notes__
    try:
        assert lacking in note
        assert before[lacking]["columns"] == ["organisation_id"]
    finally:
        Issuer.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(note.removeprefix("Not done: "))
    assert constraints() == before


@pytest.mark.django_db
def test_within_a_transaction_no_index_waits() -> None:
    before = constraints()
    with made_afterwards():
        assert constraints() == before


#: When migrations ran is the same; how indexes of words are cut into pieces is not, nor what is drawn by lot.
_OF_THE_DATABASE = (
    'INSERT INTO "statements_entrywords_search',
    'INSERT INTO "statements_statementwords_found',
    'INSERT INTO "statements_source_found',
    'INSERT INTO "statements_publicchange',
    'INSERT INTO "sqlite_stat',
)


def _run(path: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment["DATABASE_URL"] = f"sqlite:///{path}"
    subprocess.run([sys.executable, MANAGE, *arguments], env=environment, check=True, capture_output=True)


@pytest.mark.django_db
def test_every_published_statement_is_found_by_the_list_and_by_its_words(client: Client) -> None:
    make(40)

    assert _listed(client) == set(Entry.objects.values_list("slug", flat=True))
    for entry in Entry.objects.all():
        assert entry.slug in _listed(client, q=f'"{entry.title}"')
        assert client.get(f"/statements/{entry.slug}/").status_code == 200


def _listed(client: Client, **parameters: str) -> set[str]:
    answer: Any = client.get("/statements.json", parameters)
    return {row["slug"] for row in json.loads(answer.getvalue())["statements"]}


@pytest.mark.django_db
def test_it_refuses_a_database_that_holds_something_else() -> None:
    OrganisationFactory()

    with pytest.raises(CommandError, match=r"holds data already\. Set DATABASE_URL to an empty database"):
        make(20)
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_it_refuses_to_make_data_twice() -> None:
    make(20)

    with pytest.raises(CommandError, match="holds data already"):
        make(20)
    assert Statement.objects.count() == 20


@pytest.mark.django_db
def test_what_a_stopped_run_left_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    from statements.record import index
    from statements.scale import writing

    stored = []

    def full(versions: Any, **rest: Any) -> None:
        if stored:
            raise OSError("No space left on device")
        stored.append(index_write(versions, **rest))

    index_write = index.write
    monkeypatch.setattr(writing.index, "write", full)
    with pytest.raises(OSError, match="No space"):
        make(MANY)
    monkeypatch.undo()

    with pytest.raises(CommandError, match="A run was stopped here after 500 of its 1100 made-up statements"):
        make(20)


@pytest.mark.parametrize("options", [{"statements": 0}, {"statements": 5, "processes": 0}])
def test_numbers_that_make_no_sense_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="Give 1 or more"):
        call_command("make_scale_data", **options)


@pytest.mark.django_db
def test_editors_go_on_after_the_given_ids(editor_client: Client) -> None:
    """On PostgreSQL a sequence does not follow ids that were given to it."""
    make(30)

    statement = Statement.objects.create(
        slug="one-more",
        title="One more",
        kind="speech",
        language="en",
        issued_from="2026-01-01",
        issued_until="2026-01-01",
    )
    assert statement.pk == 31


@pytest.mark.django_db
def test_it_ends_with_one_line_of_numbers() -> None:
    lines = make(30).splitlines()

    assert len(lines) == 1
    assert lines[0].startswith(f"30 statements, {Entry.objects.count()} of them public, in ")


@pytest.mark.django_db
def test_rebuilding_the_record_reads_and_writes_a_batch_at_a_time() -> None:
    make(MANY)
    before = everything()
    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        call_command("rebuild_record", stdout=StringIO())

    # However many statements there are: indexes are found, dropped and made, and rows counted.
    once = re.compile(r"PRAGMA|DROP|CREATE|ANALYZE|SELECT.*\sFROM sqlite_master", re.DOTALL)
    documents = [sql for sql in queries if sql.startswith("SELECT") and '"document"' in sql]
    assert len(documents) == ceil(Entry.objects.count() / BATCH)
    assert not [sql for sql in queries if sql.startswith("SELECT") and '"search_text"' in sql]
    assert len([sql for sql in queries if once.match(sql.strip()) is None]) < 55 * len(documents)
    assert everything() == before
