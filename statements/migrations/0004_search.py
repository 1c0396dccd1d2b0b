"""An index of words for the readers' search, and folded words for the desk's.

Rows of the record's index that are there already get what can be made of them: ``rebuild_record`` makes them anew from
their versions.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import statements.models.search
from statements import text

BATCH = 500
#: PostgreSQL takes at most a megabyte of different words of one row.
MOST_CHARACTERS = 200_000
#: The facets of those who made a statement, and the marks by which their names find it.
MARKS = {"issuer": "_o{}", "joined": "_o{}", "speaker": "_s{}"}
FOLDED = {
    "Statement": ("title",),
    "Demand": ("title",),
    "Measure": ("name", "place"),
    "Source": ("title", "publisher", "author"),
}


def batches(rows: Any) -> Iterator[Sequence[Any]]:
    remaining = rows.order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def fill_entries(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries, links = apps.get_model("statements", "Entry")._default_manager, apps.get_model("statements", "Link")
    for batch in batches(entries.all()):
        marks: dict[int, set[str]] = {entry.pk: set() for entry in batch}
        for link in links._default_manager.filter(entry__in=list(marks), facet__in=MARKS):
            marks[link.entry_id].add(MARKS[link.facet].format(link.target_id))
        for entry in batch:
            entry.year_from, entry.year_until = entry.issued_from.year, entry.issued_until.year
            title, words = (" ".join(text.words(one)) for one in (entry.title, entry.search_text[:MOST_CHARACTERS]))
            entry.search_text = f" {title} | {words} | {' '.join(sorted(marks[entry.pk]))} "
        entries.bulk_update(batch, ["year_from", "year_until", "search_text"])


def fill_folded(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, columns in FOLDED.items():
        rows = apps.get_model("statements", name)._default_manager
        for batch in batches(rows.all()):
            for row in batch:
                row.folded = "".join(f" {text.fold(getattr(row, column))}" for column in columns)
            rows.bulk_update(batch, ["folded"])


# Beside the table, not in it: rows of the index hold words only, no places and no texts (`detail=none`, `content=`).
# The tokenizer takes every character beyond ASCII as a part of a word, and our column is folded already.
SQLITE = (
    """
    CREATE VIRTUAL TABLE "statements_entry_search" USING fts5(
        search_text, content="statements_entry", content_rowid="statement_id", detail=none, columnsize=0,
        tokenize="ascii tokenchars '_'"
    )
    """,
    """INSERT INTO "statements_entry_search" ("statements_entry_search") VALUES ('rebuild')""",
    """
    CREATE TRIGGER "statements_entry_search_insert" AFTER INSERT ON "statements_entry" BEGIN
        INSERT INTO "statements_entry_search" (rowid, search_text) VALUES (new.statement_id, new.search_text);
    END
    """,
    """
    CREATE TRIGGER "statements_entry_search_delete" AFTER DELETE ON "statements_entry" BEGIN
        INSERT INTO "statements_entry_search" ("statements_entry_search", rowid, search_text)
            VALUES ('delete', old.statement_id, old.search_text);
    END
    """,
    """
    CREATE TRIGGER "statements_entry_search_update" AFTER UPDATE OF statement_id, search_text ON "statements_entry" BEGIN
        INSERT INTO "statements_entry_search" ("statements_entry_search", rowid, search_text)
            VALUES ('delete', old.statement_id, old.search_text);
        INSERT INTO "statements_entry_search" (rowid, search_text) VALUES (new.statement_id, new.search_text);
    END
    """,
)
SQLITE_BACK = (
    *(f'DROP TRIGGER "statements_entry_search_{event}"' for event in ("insert", "delete", "update")),
    'DROP TABLE "statements_entry_search"',
)
POSTGRESQL = (
    """
    ALTER TABLE "statements_entry" ADD COLUMN "search_vector" tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array("search_text", ' '), ''))
    ) STORED
    """,
    'CREATE INDEX "entry_search_vector" ON "statements_entry" USING gin ("search_vector")',
)
POSTGRESQL_BACK = ('ALTER TABLE "statements_entry" DROP COLUMN "search_vector"',)


def make_index_of_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop_index_of_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, Sequence[str]]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements[schema_editor.connection.vendor]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("statements", "0003_editors_desk")]

    operations = [
        migrations.AddField(
            "demand", "folded", models.TextField(default="", editable=False, verbose_name="folded words")
        ),
        migrations.AddField(
            "measure", "folded", models.TextField(default="", editable=False, verbose_name="folded words")
        ),
        migrations.AddField(
            "source", "folded", models.TextField(default="", editable=False, verbose_name="folded words")
        ),
        migrations.AddField(
            "statement", "folded", models.TextField(default="", editable=False, verbose_name="folded words")
        ),
        migrations.AddField("entry", "year_from", models.PositiveSmallIntegerField(default=0), preserve_default=False),
        migrations.AddField("entry", "year_until", models.PositiveSmallIntegerField(default=0), preserve_default=False),
        migrations.AlterField("entry", "search_text", statements.models.search.SearchText()),
        migrations.AddIndex("entry", models.Index(fields=["-published_at", "-statement"], name="entry_last_published")),
        migrations.RunPython(fill_folded, migrations.RunPython.noop),
        migrations.RunPython(fill_entries, migrations.RunPython.noop),
        migrations.RunPython(make_index_of_words, drop_index_of_words),
    ]
