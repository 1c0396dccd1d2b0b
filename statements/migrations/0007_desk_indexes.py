"""What the desk asks of all statements at once is kept and indexed: words that find them, what each needs, each order.

No list of the desk looks at all rows any more. On SQLite the tables of statements and changes are written anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.apps.registry import Apps

from statements import text
from statements.bulk import update

BATCH = 500
#: Table, column with words, and the number of its rows.
INDEXED = (
    ("statements_statementwords", "words", "statement_id"),
    ("statements_source", "folded", "id"),
    ("statements_referencechange", "folded", "id"),
)
# As those of 0004: beside the table, words only.
SQLITE = (
    """
    CREATE VIRTUAL TABLE "{table}_found" USING fts5(
        {column}, content="{table}", content_rowid="{key}", detail=none, columnsize=0, prefix='1 2',
        tokenize="ascii tokenchars '_'"
    )
    """,
    """INSERT INTO "{table}_found" ("{table}_found") VALUES ('rebuild')""",
    """
    CREATE TRIGGER "{table}_found_insert" AFTER INSERT ON "{table}" BEGIN
        INSERT INTO "{table}_found" (rowid, {column}) VALUES (new.{key}, new.{column});
    END
    """,
    """
    CREATE TRIGGER "{table}_found_delete" AFTER DELETE ON "{table}" BEGIN
        INSERT INTO "{table}_found" ("{table}_found", rowid, {column}) VALUES ('delete', old.{key}, old.{column});
    END
    """,
    """
    CREATE TRIGGER "{table}_found_update" AFTER UPDATE OF {key}, {column} ON "{table}"
    WHEN old.{key} IS NOT new.{key} OR old.{column} IS NOT new.{column} BEGIN
        INSERT INTO "{table}_found" ("{table}_found", rowid, {column}) VALUES ('delete', old.{key}, old.{column});
        INSERT INTO "{table}_found" (rowid, {column}) VALUES (new.{key}, new.{column});
    END
    """,
)
SQLITE_BACK = (
    *(f'DROP TRIGGER "{{table}}_found_{event}"' for event in ("insert", "delete", "update")),
    'DROP TABLE "{table}_found"',
)
POSTGRESQL = (
    """
    ALTER TABLE "{table}" ADD COLUMN "folded_vector" tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array("{column}", ' '), ''))
    ) STORED
    """,
    'CREATE INDEX "{table}_found" ON "{table}" USING gin ("folded_vector")',
)
POSTGRESQL_BACK = ('ALTER TABLE "{table}" DROP COLUMN "folded_vector"',)

#: What a statement needs, as it stands when this is run. {part} takes its {year} or {day} out of a day.
WORDS = "EXISTS (SELECT 1 FROM statements_wording w WHERE w.statement_id = statements_statement.id)"
MENTIONS = "EXISTS (SELECT 1 FROM statements_demandmention m WHERE m.statement_id = statements_statement.id{quoted})"
COUNTS = "EXISTS (SELECT 1 FROM statements_countobservation c WHERE c.statement_id = statements_statement.id{quoted})"
QUOTED = " AND quote <> ''"
DATES = """
    EXISTS (
        SELECT 1 FROM statements_countobservation c
        WHERE c.statement_id = statements_statement.id AND c.as_of_from > statements_statement.issued_until
    ) OR date_note = '' AND EXISTS (
        SELECT 1 FROM statements_citation c JOIN statements_source s ON s.id = c.source_id
        WHERE c.statement_id = statements_statement.id AND (
            s.published_until < issued_from OR (
                issued_basis = 'printed' AND s.published_from > issued_until
                AND {part}(issued_until{year} < {part}(s.published_from{year} AND (
                    c.role IN ('original', 'reprint') OR (
                        s.published_until = s.published_from AND issued_until = issued_from
                        AND {part}(s.published_from{day} = {part}(issued_from{day}
                    )
                )
            )
        )
    )
"""
IN_A_DAY = {
    "sqlite": {"part": "SUBSTR", "year": ", 1, 4)", "day": ", 6, 5)"},
    "postgresql": {"part": "TO_CHAR", "year": ", 'YYYY')", "day": ", 'MM-DD')"},
}
NEEDS = {
    "lacks_words": f"NOT {WORDS}",
    "lacks_sources": (
        "NOT EXISTS (SELECT 1 FROM statements_citation c WHERE c.statement_id = statements_statement.id)"
    ),
    "lacks_content": f"NOT {MENTIONS.format(quoted='')} AND NOT {COUNTS.format(quoted='')}",
    "has_unchecked_quotes": (f"NOT {WORDS} AND ({MENTIONS.format(quoted=QUOTED)} OR {COUNTS.format(quoted=QUOTED)})"),
    "has_contradicting_dates": DATES,
}


def batches(rows: Any) -> Iterator[Sequence[Any]]:
    remaining = rows.order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def words_of(*texts: str) -> str:
    return " " + " | ".join(filter(None, (" ".join(text.words(one)) for one in texts)))


def fill_folded(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for rows in batches(apps.get_model("statements", "Source")._default_manager.all()):
        for row in rows:
            row.folded = words_of(row.title, row.publisher, row.author, row.slug, row.url.partition("://")[2])
        update(rows, ["folded"])
    for rows in batches(apps.get_model("statements", "ReferenceChange")._default_manager.only("label")):
        for row in rows:
            row.folded = words_of(row.label)
        update(rows, ["folded"])


def fold_titles_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards: as 0004 had them."""
    for name, columns in (("Source", ("title", "publisher", "author")), ("Statement", ("title",))):
        for rows in batches(apps.get_model("statements", name)._default_manager.all()):
            for row in rows:
                row.folded = "".join(f" {text.fold(getattr(row, column))}" for column in columns)
            update(rows, ["folded"])


def fill_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    made_by = (("Issuer", "organisation_id", "_o{}"), ("SpeakerRole", "speaker_id", "_s{}"))
    words = apps.get_model("statements", "StatementWords")
    for rows in batches(apps.get_model("statements", "Statement")._default_manager.only("title", "slug")):
        marks = defaultdict(set)
        for name, column, mark in made_by:
            of_these = apps.get_model("statements", name)._default_manager.filter(statement__in=[r.pk for r in rows])
            for pk, maker in of_these.values_list("statement_id", column):
                marks[pk].add(mark.format(maker))
        words._default_manager.bulk_create(
            [
                words(pk=row.pk, words=f"{words_of(row.title, row.slug)} | {' '.join(sorted(marks[row.pk]))} ")
                for row in rows
            ]
        )


def fill_needs(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        for column, condition in NEEDS.items():
            of_day = condition.format(**IN_A_DAY[schema_editor.connection.vendor])
            cursor.execute(f"UPDATE statements_statement SET {column} = TRUE WHERE {of_day}")  # noqa: S608  # our own


def make_indexes_of_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop_indexes_of_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, Sequence[str]]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for table, column, key in INDEXED:
            for statement in statements[schema_editor.connection.vendor]:
                cursor.execute(statement.format(table=table, column=column, key=key))


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0006_narrow_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementWords",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_words",
                        serialize=False,
                        to="statements.statement",
                    ),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="statement",
            name="statement_step",
        ),
        migrations.RunPython(migrations.RunPython.noop, fold_titles_again),
        migrations.RemoveField(
            model_name="statement",
            name="folded",
        ),
        migrations.AddField(
            model_name="referencechange",
            name="folded",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="statement",
            name="has_contradicting_dates",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="statement",
            name="has_unchecked_quotes",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="statement",
            name="lacks_content",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="statement",
            name="lacks_sources",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="statement",
            name="lacks_words",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="demand",
            index=models.Index(fields=["title", "id"], name="demand_title"),
        ),
        migrations.AddIndex(
            model_name="demandmention",
            index=models.Index(fields=["demand", "statement"], name="mention_of_demand"),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["-started_at", "-id"], name="run_newest"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["name", "id"], name="organisation_name"),
        ),
        migrations.AddIndex(
            model_name="referencechange",
            index=models.Index(fields=["-saved_at", "-id"], name="change_newest"),
        ),
        migrations.AddIndex(
            model_name="referencechange",
            index=models.Index(fields=["kind", "-saved_at", "-id"], name="change_kind_newest"),
        ),
        migrations.AddIndex(
            model_name="referencechange",
            index=models.Index(fields=["through", "-saved_at", "-id"], name="change_through_newest"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["kind", "slug"], name="source_kind"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["language", "slug"], name="source_language"),
        ),
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(fields=["name", "id"], name="speaker_name"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["step", "-issued_from", "-id"], name="statement_step_newest"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["kind", "-issued_from", "-id"], name="statement_kind_newest"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["language", "-issued_from", "-id"], name="statement_language_newest"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("published_version__isnull", False), ("withdrawn_at__isnull", True)),
                fields=["-issued_from", "-id"],
                name="statement_of_public",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["step", "published_version"], name="statement_revised"),
        ),
        migrations.AddIndex(
            model_name="issuer",
            index=models.Index(fields=["organisation", "statement"], name="issuer_of_organisation"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)),
                fields=["-issued_from", "-id"],
                name="statement_of_withdrawn",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("published_version__isnull", True)),
                fields=["-issued_from", "-id"],
                name="statement_of_unpublished",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("lacks_words", True)), fields=["-issued_from", "-id"], name="statement_of_words"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("lacks_sources", True)), fields=["-issued_from", "-id"], name="statement_of_sources"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("lacks_content", True)), fields=["-issued_from", "-id"], name="statement_of_content"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("has_unchecked_quotes", True)),
                fields=["-issued_from", "-id"],
                name="statement_of_quotes",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("has_contradicting_dates", True)),
                fields=["-issued_from", "-id"],
                name="statement_of_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["-saved_at", "-id"], name="version_newest"),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["through", "-saved_at", "-id"], name="version_through_newest"),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__isnull", True)),
                fields=["-saved_at", "-id"],
                name="version_not_published",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__isnull", False)),
                fields=["-saved_at", "-id"],
                name="version_published",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__isnull", True)),
                fields=["saved_by", "statement", "number"],
                name="version_of_author",
            ),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(
                fields=["-as_of_from", "-measure", "as_of_until", "qualifier", "value", "value_to"],
                name="figure_of_day",
            ),
        ),
        migrations.RunPython(fill_folded, migrations.RunPython.noop),
        migrations.RunPython(make_indexes_of_words, drop_indexes_of_words),
        migrations.RunPython(fill_words, migrations.RunPython.noop),
        migrations.RunPython(fill_needs, migrations.RunPython.noop),
    ]
