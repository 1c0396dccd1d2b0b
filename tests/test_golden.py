"""Versions of the two seed documents' statements, kept as files: a change of the document's shape shows here.

When a change is meant, the schema's number rises, ``upgraded`` learns to read the old one, and these files stay:
what is stored for years must stay readable.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from statements.models import Statement
from statements.record.document import build, canonical_bytes, json_schema, load, upgraded
from statements.record.problems import problems

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


@pytest.fixture
def documents(importer: User, facts_dir: Path, uploads_folder: Path) -> dict[str, Any]:
    call_command("import_csv", "all", str(facts_dir), user=importer.username)
    slugs = dict(Statement.objects.values_list("slug", "pk"))
    return {path.stem: build(load([slugs[path.stem]])[slugs[path.stem]]) for path in GOLDEN}


def test_the_statements_of_both_seeds_have_the_documents_that_are_kept(documents: dict[str, Any]) -> None:
    assert len(documents) == 6
    for path in GOLDEN:
        assert documents[path.stem] == json.loads(path.read_text(encoding="utf-8")), path.stem


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_kept_document_can_still_be_read_and_published(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(upgraded(document), json_schema())
    assert problems(upgraded(document), publishing=True) == []


def test_the_bytes_that_are_hashed_do_not_change() -> None:
    """SHA-256 is taken over these: another order, spacing or escaping would make every stored hash wrong."""
    assert canonical_bytes({"b": [1, None], "a": "Cies\u030cs “é”"}) == '{"a":"Cieš\u0073 “é”","b":[1,null]}'.encode()


def test_the_seeds_are_there_with_every_figure(documents: dict[str, Any]) -> None:
    figures = {
        (slug, count["qualifier"], count["value"])
        for slug, document in documents.items()
        for count in document["content"]["counts"]
    }
    assert figures == {
        ("eeas-thousandth-political-prisoner", "exact", 1000),
        ("eeas-thousandth-political-prisoner", "more than", 40),
        ("eeas-thousandth-political-prisoner", "unquantified", None),
        ("stano-post-thousandth-political-prisoner", "exact", 1000),
        ("liubakova-post-1007-political-prisoners", "exact", 1007),
        ("latvia-day-of-solidarity-2021", "more than", 880),
    }
    latvia = documents["latvia-day-of-solidarity-2021"]["content"]
    assert len(latvia["mentions"]) == 4
    assert latvia["issued"] == "2021-11-27"
    assert "28.01.2021" in documents["eeas-thousandth-political-prisoner"]["content"]["date_note"]
