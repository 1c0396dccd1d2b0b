"""The public data set as a data package: what the standard's validator says, and what it costs."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from statements.models import Organisation, Source
from statements.record import package_rows
from statements.record.tables import PACKAGE, TABLES
from tests.demonstration import load_demonstration
from tests.factories import (
    CitationFactory,
    DemandUpdateFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    make_public_statement,
    make_statement,
    publish_again,
    save_version,
)
from tests.packages import NAMES, public_files, tables_of, validated, write
from tests.test_public_queries import counted_queries, fill

#: Formulas, line breaks of every kind, quotation marks, the mark of lists, bidirectional marks, other scripts.
HOSTILE = '=HYPERLINK("x")\r\nb,"c"\rd\n\u2028e\x85f | g\\|h \u202eabc\u202c مرحبا \u200f שלום […] \U0001f54a'
STARTS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'x", '"x"', ",", "|", "\\|", "#", " ", "\ufeffx")


@pytest.fixture
def demonstration(db: None) -> dict[str, bytes]:
    load_demonstration()
    return public_files()


def test_the_validator_of_the_standard_finds_no_mistake_in_the_demonstration(
    demonstration: dict[str, bytes], tmp_path: Path
) -> None:
    rows = validated(write(demonstration, tmp_path))
    assert rows == {name: len(found) for name, found in tables_of(demonstration).items()}
    assert rows["statements"] == rows["changes"] == 77


def test_it_finds_none_where_nothing_was_published(db: None, tmp_path: Path) -> None:
    assert set(validated(write(public_files(), tmp_path)).values()) == {0}


def test_it_finds_none_in_hostile_cells_and_reads_them_as_they_were_written(
    editor: User, reviewer: User, tmp_path: Path
) -> None:
    statement = make_statement(by=editor, title=HOSTILE, slug="-1", summary=HOSTILE, place=STARTS[0])
    words = statement.wordings.get()
    words.text = f"{HOSTILE} We ask for the release of all 1007 political prisoners. {HOSTILE}"
    words.save()
    for number, start in enumerate(STARTS):
        names = [(f"{start} [by]", ""), (f"{start}y", "be")]
        speaker = SpeakerFactory(slug=f"-{number}", name=f"{start}x", description=start, names=names)
        speaker.handles.create(network="x", handle=f"{start}|{speaker.pk}")
        SpeakerRoleFactory(statement=statement, speaker=speaker, attribution=start)
    organisation = OrganisationFactory(slug="-o-_", name=HOSTILE[:100], short_name="-", names=[(HOSTILE[:90], "ar")])
    Organisation.objects.filter(pk=organisation.pk).update(website="HTTPS://example.org/=1?a='b'&c=|")
    source = Source.objects.create(slug="printed", title="=1", publisher="-", kind="report", language="")
    CitationFactory(statement=statement, source=source, locator=HOSTILE[:50])
    demand = statement.mentions.get().demand
    demand.addressees.add(organisation)
    DemandUpdateFactory(demand=demand, source=source, note=HOSTILE, published_at=timezone.now())
    publish_again(statement, by=editor, published_by=reviewer, revision="")
    files = public_files()
    validated(write(files, tmp_path))
    rows = tables_of(files)
    (row,) = rows["statements"]
    assert (row["slug"], row["place"]) == ("'-1", "'=1+1")
    # As everywhere: a return that stands alone is a line's end, and the database holds words in NFC.
    assert row["summary"] == "'" + HOSTILE.replace("\rd", "\nd")
    assert {found["statement"] for found in rows["statement_speakers"]} == {"'-1"}
    assert rows["wordings"][0]["text"].count("[…]") == 2
    assert [found["attribution"] for found in rows["statement_speakers"]][:2] == ["'=1+1", "'+1"]


def test_the_description_says_all_that_a_column_is(demonstration: dict[str, bytes]) -> None:
    package = json.loads(demonstration[PACKAGE])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    fields = {
        (resource["name"], field["name"]): field
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert list(fields) == [(table.name, column.name) for table in TABLES for column in table.columns]
    assert all(field["description"] and field["title"] and field["type"] for field in fields.values())
    assert fields["statements", "slug"]["constraints"] == {
        "required": True,
        "unique": True,
        "pattern": "^'?[-a-zA-Z0-9_]+$",
    }
    assert fields["counts", "value"]["type"] == "integer"
    assert fields["counts", "value"]["constraints"] == {"minimum": 0}
    assert "range" in fields["counts", "qualifier"]["constraints"]["enum"]
    assert fields["sources", "accessed_on"]["type"] == "date"
    keys = {
        (resource["name"], key["fields"][0]): key["reference"]
        for resource in package["resources"]
        for key in resource["schema"].get("foreignKeys", [])
    }
    assert keys["counts", "measure"] == {"resource": "measures", "fields": ["slug"]}
    assert keys["measures", "parent"] == {"fields": ["slug"]}, "within a table the standard leaves its name out"


def test_the_description_says_whose_data_it_is_and_how_to_cite_it(db: None, settings: Any) -> None:
    settings.SITE_NAME, settings.SITE_URL = "Who said what", "https://tracker.example"
    settings.CONTACT_EMAIL, settings.DATA_LICENCE = "data@tracker.example", "CC0-1.0"
    package = json.loads(public_files()[PACKAGE])
    day = timezone.localdate()
    assert package["version"] == day.isoformat()
    assert package["created"].startswith(day.isoformat())
    assert package["licenses"] == [{"name": "CC0-1.0", "path": "https://spdx.org/licenses/CC0-1.0.html"}]
    assert package["homepage"] == package["id"] == "https://tracker.example/data/"
    (publisher,) = package["contributors"]
    assert (publisher["title"], publisher["email"]) == ("Who said what", "data@tracker.example")
    assert package["citation"].startswith("Who said what, the whole data set, as of ")
    assert package["citation"].endswith(", CC0-1.0. https://tracker.example/data/")
    assert package["citation"] in package["description"]


def test_sizes_and_checksums_are_those_of_the_files(demonstration: dict[str, bytes]) -> None:
    resources = json.loads(demonstration[PACKAGE])["resources"]
    assert [resource["path"] for resource in resources] == NAMES
    for resource in resources:
        content = demonstration[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert resource["rows"] == len(list(csv.reader(io.StringIO(content.decode(), newline="")))) - 1


def test_rows_stand_in_the_order_of_their_slugs_letter_by_letter_on_every_database(
    editor: User, reviewer: User
) -> None:
    slugs = ["b", "a-b", "ab", "B", "a_c", "a-a", "0"]
    for slug in slugs:
        make_public_statement(by=editor, published_by=reviewer, slug=slug)
    for organisation, slug in zip(Organisation.objects.order_by("pk"), slugs, strict=True):
        organisation.slug = slug
        organisation.save()
    rows = tables_of(public_files())
    for name in ("statements", "organisations"):
        assert [row["slug"] for row in rows[name]] == sorted(slugs), name


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_the_same_rows_come_out_however_many_are_read_at_once(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    fill(editor, reviewer, rows=3)
    expected = public_files()
    monkeypatch.setattr(package_rows, "AT_ONCE", at_once)
    found = public_files()
    assert {name: found[name] for name in NAMES} == {name: expected[name] for name in NAMES}


def test_queries_do_not_grow_with_the_rows_of_a_batch(editor: User, reviewer: User) -> None:
    counts = []
    for _round in range(2):
        for _number in range(3):
            statement = make_public_statement(by=editor, published_by=reviewer)
            SpeakerRoleFactory(statement=statement)
            save_version(statement=statement, by=editor)
            publish_again(statement, by=editor, published_by=reviewer)
        with counted_queries() as seen:
            public_files()
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 50
