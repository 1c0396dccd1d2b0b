"""The whole data set from the site: one ZIP or a table at a time, of this moment, and nothing that is not public."""

import datetime
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import withdraw
from statements.models import Statement, Version
from statements.public import data
from statements.record import package
from statements.record.tables import PACKAGE, TABLES
from tests.demonstration import load_demonstration
from tests.erasing import erased
from tests.factories import make_public_statement, make_statement, publish_again
from tests.packages import NAMES, public_files, tables_of, validated, write
from tests.public_walk import body_of
from tests.test_public_leaks import FORMERLY_PUBLIC, SECRET, desk
from tests.test_public_queries import counted_queries

ZIP = "/data/package.zip"
ADDRESSES = [ZIP, f"/data/{PACKAGE}", *(f"/data/{name}" for name in NAMES)]

__all__ = ["desk"]


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return body_of(response)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_what_the_command_writes_and_its_description_comes_last(
    db: None, client: Client, tmp_path: Path
) -> None:
    load_demonstration()
    files = unpacked(fetched(client, ZIP))
    assert list(files) == [*NAMES, PACKAGE]
    call_command("export_data", str(tmp_path / "export"), verbosity=0)
    for name in NAMES:
        assert files[name] == (tmp_path / "export" / name).read_bytes(), name
    for resource in json.loads(files[PACKAGE])["resources"]:
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[resource['path']]).hexdigest()}"
    assert validated(write(files, tmp_path / "unpacked"))["statements"] == 77


def test_each_table_has_its_own_address_and_says_the_same(db: None, client: Client) -> None:
    load_demonstration()
    files = public_files()
    for name in NAMES:
        response = client.get(f"/data/{name}")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert int(response.headers["Content-Length"]) == len(files[name])
        assert 'datapackage.json>; rel="describedby"' in response.headers["Link"]
        assert body_of(response) == files[name]


def test_the_live_description_has_all_but_what_changes(db: None, client: Client, tmp_path: Path) -> None:
    load_demonstration()
    content = fetched(client, f"/data/{PACKAGE}")
    live, written = json.loads(content), json.loads(public_files()[PACKAGE])
    assert "created" not in live
    for resource in written["resources"]:
        for name in ("bytes", "hash", "rows"):
            del resource[name]
    assert live["resources"] == written["resources"]
    assert validated(write({name: fetched(client, f"/data/{name}") for name in [*NAMES, PACKAGE]}, tmp_path))


def test_it_is_a_download_with_a_name_a_length_and_nothing_kept_on_the_way(db: None, client: Client) -> None:
    response = client.get(ZIP)
    day = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="public-statements-{day}.zip"'
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "public, no-cache, max-age=0"
    length = int(response.headers["Content-Length"])
    assert len(body_of(response)) == length


def test_the_same_record_at_the_same_moment_gives_the_same_bytes(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    at = datetime.datetime(2026, 11, 22, 10, 20, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr(package.timezone, "now", lambda: at)
    archives = []
    for _number in range(2):
        output = io.BytesIO()
        data.write_zip(output)
        archives.append(output.getvalue())
    assert archives[0] == archives[1]
    with zipfile.ZipFile(io.BytesIO(archives[0])) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 22, 10, 20, 30)}
        assert {member.external_attr >> 16 for member in archive.infolist()} == {0o100644}


@pytest.mark.parametrize("address", ADDRESSES)
def test_while_nothing_changed_the_answer_is_304(editor: User, reviewer: User, client: Client, address: str) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    first = client.get(address)
    body_of(first)
    etag = first.headers["ETag"]
    with counted_queries() as seen:
        again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, len(seen)) == (304, 1)
    statement.summary = "In other words."
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer)
    other = client.get(address, headers={"If-None-Match": etag})
    assert other.status_code == 200
    assert body_of(other)


def test_what_is_withdrawn_or_erased_is_gone_from_the_next_download(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    kept = make_public_statement(by=editor, published_by=reviewer, title="Kept", summary="Ivan Petrov is named.")
    gone = make_public_statement(by=editor, published_by=reviewer, title="Gone", slug="gone")
    first = unpacked(fetched(client, ZIP))
    assert b"Ivan Petrov" in first["statements.csv"]
    withdraw(statement=gone, by=reviewer, reason="A mistake.")
    erased(kept, by=administrator, words="Ivan Petrov")
    files = unpacked(fetched(client, ZIP))
    assert [row["title"] for row in tables_of(files)["statements"]] == ["Kept"]
    everything = b"".join(files.values())
    assert b"Ivan Petrov" not in everything
    changes = [(row["statement"], row["what"], row["note"]) for row in tables_of(files)["changes"]]
    assert changes[1:] == [("gone", "withdrawn", "A mistake."), (kept.slug, "erased", "safety")]
    for address in ADDRESSES[1:]:
        assert b"Ivan Petrov" not in fetched(client, address)


def test_no_file_has_a_word_that_was_not_published(desk: Statement, client: Client, tmp_path: Path) -> None:
    call_command("export_data", str(tmp_path), verbosity=0)
    call_command("export_data", str(tmp_path), verbosity=0)
    files = {address: fetched(client, address) for address in ADDRESSES}
    files |= {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    files |= unpacked(files[ZIP])
    for name, content in files.items():
        assert not SECRET.search(content.decode(errors="replace")), name
        assert FORMERLY_PUBLIC.encode() not in content, name
        assert b"99999999" not in content, name
    assert files["changes.csv"].count(b"the-withdrawn-one") == 1


# Changes since a day or a time


@pytest.fixture
def versions(editor: User, reviewer: User) -> None:
    """Three events, on three days."""
    statement = make_public_statement(by=editor, published_by=reviewer, slug="s")
    for number in (2, 3):
        statement.summary = f"In other words: {number}."
        statement.save()
        publish_again(statement, by=editor, published_by=reviewer)
    for number in (1, 2, 3):
        at = datetime.datetime(2026, 10, number, 12, tzinfo=datetime.UTC)
        Version.objects.filter(public_number=number).update(published_at=at)


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("", ["1", "2", "3"]),
        ("2026-10-01", ["1", "2", "3"]),
        ("2026-10-02", ["2", "3"]),
        ("2026-10-02T12:00:00Z", ["2", "3"]),
        ("2026-10-02T12:00:00.000001Z", ["3"]),
        ("2026-10-02T14:00:01%2B02:00", ["3"]),
        ("2026-10-02T14:00:00+02:00", ["2", "3"]),  # as it stands in a file: + is a blank in an address
        ("2026-10-02T12:00", ["2", "3"]),
        ("2030-01-01", []),
    ],
)
def test_changes_are_those_since_a_day_or_a_time(versions: None, client: Client, since: str, found: list[str]) -> None:
    rows = tables_of({"changes.csv": fetched(client, f"/data/changes.csv?since={since}")})["changes"]
    assert [row["to_version"] for row in rows] == found


NO_MOMENTS = (
    ["2026", "2026-10", "2026-10-01/2026-10-02", "2026-13-01", "20261001", "2026-W40-1", "yesterday", "’", "\x00"],
    ["T", "2026-10-01T", "2026-10-01T25:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)


@pytest.mark.parametrize("since", [since for moments in NO_MOMENTS for since in moments])
def test_what_is_neither_a_day_nor_a_time_is_said_so(db: None, client: Client, since: str) -> None:
    response = client.get("/data/changes.csv", {"since": since})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "is neither a day nor a time. Write 2026-10-01" in response.content.decode()


def test_parameters_that_an_address_does_not_have_are_named(db: None, client: Client) -> None:
    for address in ADDRESSES:
        response = client.get(address, {"colour": "red"})
        assert response.status_code == 400, address
        assert response.content.decode() == "This address has no parameter “colour”."
    twice = client.get("/data/changes.csv?since=2026-10-01&since=2026-10-02&colour=red")
    assert twice.content.decode().splitlines() == [
        "This address has no parameter “colour”.",
        "“since” was given more than once.",
    ]
    assert client.get("/data/counts.csv?since=2026-10-01").status_code == 400


def test_what_is_no_table_is_not_there(db: None, client: Client) -> None:
    for name in ("nothing", "changed_since_previous", "desk-export"):
        assert client.get(f"/data/{name}.csv").status_code == 404
    assert client.post(ZIP).status_code == 405
    assert client.head(ZIP).status_code == 200


def test_queries_do_not_grow_with_rows(editor: User, reviewer: User, client: Client) -> None:
    counts = []
    for _round in range(2):
        for _number in range(2):
            make_public_statement(by=editor, published_by=reviewer)
        with counted_queries() as seen:
            fetched(client, ZIP)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_failure_is_an_error_and_not_half_a_file(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    make_statement(by=editor)
    Version.objects.filter(public_number=1).update(document={"schema": 99})
    client.raise_request_exception = False
    for address in (ZIP, "/data/statements.csv"):
        assert client.get(address).status_code == 500
    assert len(TABLES) == 14
