"""Rows that say what is stored are recognised early, and nothing comes out otherwise than without that."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.importing import KINDS
from statements.importing.bundles import Statements
from statements.importing.desk_export import desk_files
from statements.importing.drafts import RowResult
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.importing.reading import Row
from statements.importing.scratch import Batch
from statements.importing.unchanged import Recognising
from tests.desks import TEXTS, Desk, undone
from tests.importing import imported, planned

Rows = list[dict[str, str]]

STATEMENT_KINDS = ("statements", "citations", "wordings", "mentions", "counts")
#: What somebody may write into any cell: what is read as something else, with a notice, or not at all.
_ODD = [
    "",
    " ",
    "[clear]",
    "2099-01-01",
    "27.01.2022",
    "more than 880",
    "1 007",
    "DRAFT",
    "en",
    "English",
    "true",
    "x | y",
]


def rows_in(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def file_of(kind: str, header: list[str], rows: Rows) -> Incoming:
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return Incoming(kind, f"{kind}.csv", output.getvalue().encode())


def spoilt(kind: str, rows: Rows, chance: Random) -> tuple[list[str], Rows]:
    """The header and the rows of a file in which somebody has worked: cells, rows and columns changed by chance."""
    header = list(rows[0])
    rows = [dict(row) for row in rows]
    for _change in range(chance.randint(0, 4)):
        row, name = chance.choice(rows), chance.choice(header)
        cells = [*_ODD, f" {row[name]} ", row[name].upper(), chance.choice(rows)[name], row[name] + "x"]
        row[name] = chance.choice(cells)
    if chance.random() < 0.2:
        rows.append(dict(chance.choice(rows)))
    if chance.random() < 0.2:
        chance.shuffle(rows)
    if chance.random() < 0.3 and "key" in header:
        header.remove("key")
    if chance.random() < 0.3:
        header.remove(chance.choice(header))
    return header, rows


def short_forms(files: dict[str, Rows], chance: Random) -> None:
    """Let rows of statements say words and addresses, which stand in other files of an export."""
    addresses = {row["slug"]: row["url"] for row in files["sources"]}
    for row in files["statements"]:
        words = [one for one in files["wordings"] if one["statement"] == row["slug"] and not one["source"]]
        one = chance.choice(words) if words else {}
        for name in ("text", "language", "kind", "is_excerpt"):
            row["text" if name == "text" else f"text_{name}"] = one.get(name, "")
        cited = [addresses[one["source"]] for one in files["citations"] if one["statement"] == row["slug"]]
        row["source_urls"] = " | ".join(filter(None, cited)) if chance.random() < 0.7 else ""


@contextmanager
def all_planned_in_full() -> Iterator[None]:
    def nothing(_self: Recognising, batch: Batch) -> tuple[list[RowResult], dict[int, list[Row]]]:
        return [], {index: [row for _slug, row in rows] for index, rows in batch.items()}

    with patch.object(Recognising, "recognise", nothing):
        yield


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, min_size=2, max_size=4), chance=st.randoms(use_true_random=True))
def test_a_file_gives_the_plan_that_it_gives_when_every_row_is_planned_in_full(
    importer: User, texts: list[str], chance: Random
) -> None:
    with undone():
        Desk(texts, chance)
        exported = {kind: rows_in(desk_files()[f"{kind}.csv"]) for kind in KINDS}
        if chance.random() < 0.5:
            short_forms(exported, chance)
        chosen = chance.sample(STATEMENT_KINDS, chance.randint(1, len(STATEMENT_KINDS)))
        files = [file_of(kind, *spoilt(kind, exported[kind], chance)) for kind in chosen if exported[kind]]
        quick = plan_files(files, user=importer)
        with all_planned_in_full():
            full = plan_files(files, user=importer)
        assert list(quick.results()) == list(full.results())
        assert (quick.counts, quick.digest, quick.to_write) == (full.counts, full.digest, full.to_write)


def test_an_export_that_comes_back_is_recognised_whole(importer: User) -> None:
    Desk(["Words, “quoted”", "and more"], Random(7))
    files = [Incoming(kind, kind, desk_files()[f"{kind}.csv"]) for kind in STATEMENT_KINDS]
    with patch.object(Statements, "load", side_effect=AssertionError("a statement was loaded in full")):
        found = plan_files(files, user=importer)
    assert found.counts["unchanged"] == found.counts["read"] > 0


def test_a_date_in_the_future_is_noticed_each_time(importer: User) -> None:
    text = "title,kind,language,issued,issuers,slug\nA,speech,en,2099,Ministry,a\n"
    imported("organisations", "name,kind\nMinistry,government\n", by=importer)
    imported("statements", text, by=importer)
    again = planned("statements", text, by=importer)
    assert again.counts["unchanged"] == 1
    assert [notice.column for result in again.warned() for notice in result.notices] == ["issued"]
