"""What is read in a snapshot is of one state, and nobody waits for it. Two processes, with a database of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from statements.record.snapshot import snapshot
from tests.databases import Database

#: Where tests make databases on PostgreSQL; blank with SQLite: the plugin tests.postgres sees to that.
SERVER = os.environ.get("DATABASE_URL", "")

READ = """
import django
django.setup()
from django.db import connection, transaction
from statements.models import Organisation
from statements.record.snapshot import snapshot
def read():
    print(sorted(Organisation.objects.values_list("slug", flat=True)), flush=True)
with snapshot():
    read()
    input()
    read()
read()
with transaction.atomic():
    Organisation.objects.create(slug="after", name="After", kind="NGO")
read()
print(getattr(connection, "transaction_mode", "IMMEDIATE"))
"""
WRITE = """
import django
django.setup()
from django.db import transaction
from statements.models import Organisation
with transaction.atomic():
    Organisation.objects.create(slug="meanwhile", name="Meanwhile", kind="NGO")
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.make(server=SERVER, folder=tmp_path)
    made.manage("migrate", "--verbosity=0")
    yield made
    made.drop(server=SERVER)


def test_others_write_meanwhile_and_it_goes_on_reading_what_was_there(database: Database) -> None:
    reader = database.start("-c", READ)
    assert reader.stdin is not None
    assert reader.stdout is not None
    first = reader.stdout.readline()
    database.run("-c", WRITE)  # it would wait for twenty seconds, and fail, if the reader had locked the database
    said, errors = reader.communicate("\n")
    assert errors == ""
    assert [first.strip(), *said.splitlines()] == [
        "[]",
        "[]",
        "['meanwhile']",
        "['after', 'meanwhile']",
        "IMMEDIATE",
    ]


def test_inside_of_a_transaction_that_ones_rules_hold(db: None) -> None:
    with snapshot(), snapshot():
        pass
