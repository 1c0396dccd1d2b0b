"""Lists of what happened, and of sources, get indexes in their order; what they would count is counted here once."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import statements.models.indexes

COUNT_SOURCES = """
    INSERT INTO statements_tally ("of", target_id, value, number)
    SELECT 'sources', 0, '', COUNT(*) FROM statements_tally WHERE "of" = 'source' HAVING COUNT(*) > 0
"""
#: Each document that was ever published is read once: what only an old one names stands nowhere else.
NAMED_ONCE = {
    "sqlite": """
        INSERT INTO statements_namedonce (part, slug)
        SELECT DISTINCT p.key, o.key FROM statements_version v, json_each(v.document, '$.context') p,
            json_each(
                CASE WHEN p.key IN ('organisations', 'speakers', 'sources', 'demands', 'measures')
                THEN p.value ELSE '{}' END
            ) o
        WHERE v.public_number IS NOT NULL
    """,
    "postgresql": """
        INSERT INTO statements_namedonce (part, slug)
        SELECT DISTINCT p.key, o.key FROM statements_version v, jsonb_each(v.document -> 'context') AS p(key, value),
            jsonb_object_keys(
                CASE WHEN p.key IN ('organisations', 'speakers', 'sources', 'demands', 'measures')
                THEN p.value ELSE '{}' END
            ) AS o(key)
        WHERE v.public_number IS NOT NULL
    """,
}


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(COUNT_SOURCES)
        cursor.execute(NAMED_ONCE[schema_editor.connection.vendor])


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("statements", "Tally")._default_manager.filter(of="sources").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0009_plain_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedOnce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=20)),
                ("slug", models.SlugField(db_index=False, max_length=120)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("part", "slug"), name="named_once")],
            },
        ),
        migrations.AddIndex(
            model_name="source",
            index=statements.models.indexes.NothingLastIndex(fields=["-published_from", "slug"], name="source_newest"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)),
                fields=["-withdrawn_at", "-id"],
                name="statement_withdrawn_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__isnull", False)),
                fields=["published_at"],
                name="version_published_at",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__gt", 1)),
                fields=["-published_at", "-statement", "-public_number"],
                name="version_revised",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("public_number__gt", 1)),
                fields=["revision", "-published_at", "-statement", "-public_number"],
                name="version_revised_as",
            ),
        ),
        migrations.RunPython(fill, empty),
    ]
