"""What readers' pages count is counted beforehand, and what they sort by stands in one narrow row.

The words of a search move to a table of their own. All that is new is filled here, from the rows that are there.
"""

# ruff: noqa: S608  # only names of our own tables are put into SQL
from collections.abc import Sequence

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import statements.models.search
from statements.models.codes import LANGUAGE_LENGTH

FACETS = [
    ("part", "Part"),
    ("issuer", "Issuer"),
    ("joined", "Joined"),
    ("speaker", "Speaker"),
    ("addressee", "Addressee"),
    ("demand", "Demand"),
    ("demand as addressed", "Demand As Addressed"),
    ("measure", "Measure"),
    ("source", "Source"),
    ("attributed", "Attributed"),
    ("related", "Related"),
]
COUNTED = [
    ("figures", "Figures"),
    ("first said", "First Said"),
    ("kind", "Kind"),
    ("language", "Language"),
    ("has count", "Has Count"),
    ("years", "Years"),
]


def index_of_words(table: str, key: str, index: str) -> dict[str, Sequence[str]]:
    """As 0004 made it for another table, which also says why it is so."""
    into = f'INSERT INTO "{index}" (rowid, search_text) VALUES (new.{key}, new.search_text);'
    out = f'INSERT INTO "{index}" ("{index}", rowid, search_text) VALUES (\'delete\', old.{key}, old.search_text);'
    return {
        "sqlite": (
            (
                f'CREATE VIRTUAL TABLE "{index}" USING fts5(search_text, content="{table}", content_rowid="{key}", '
                "detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")"
            ),
            f'INSERT INTO "{index}" ("{index}") VALUES (\'rebuild\')',
            f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" BEGIN {into} END',
            f'CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" BEGIN {out} END',
            f'CREATE TRIGGER "{index}_update" AFTER UPDATE OF {key}, search_text ON "{table}" BEGIN {out} {into} END',
        ),
        "postgresql": (
            (
                f'ALTER TABLE "{table}" ADD COLUMN "search_vector" tsvector GENERATED ALWAYS AS '
                "(array_to_tsvector(array_remove(string_to_array(\"search_text\", ' '), ''))) STORED"
            ),
            f'CREATE INDEX "{index.removeprefix("statements_")}_vector" ON "{table}" USING gin ("search_vector")',
        ),
    }


def no_index_of_words(table: str, index: str) -> dict[str, Sequence[str]]:
    triggers = tuple(f'DROP TRIGGER "{index}_{event}"' for event in ("insert", "delete", "update"))
    return {
        "sqlite": (*triggers, f'DROP TABLE "{index}"'),
        "postgresql": (f'ALTER TABLE "{table}" DROP COLUMN "search_vector"',),
    }


OLD = index_of_words("statements_entry", "statement_id", "statements_entry_search")
NEW = index_of_words("statements_entrywords", "entry_id", "statements_entrywords_search")
NOT_OLD = no_index_of_words("statements_entry", "statements_entry_search")
NOT_NEW = no_index_of_words("statements_entrywords", "statements_entrywords_search")

FIRST_SAID = """
    FROM statements_link l JOIN statements_entry e ON e.statement_id = l.entry_id
    WHERE l.facet = 'demand' AND NOT EXISTS (
        SELECT 1 FROM statements_link o
        WHERE o.entry_id = e.says_again_id AND o.facet = 'demand' AND o.target_id = l.target_id)
"""
ONE_MONTH = {
    "sqlite": (
        (
            "CASE WHEN substr(e.issued_from, 1, 7) = substr(e.issued_until, 1, 7)"
            " THEN date(e.issued_from, 'start of month') ELSE e.issued_from END"
        ),
        (
            "CASE WHEN substr(e.issued_from, 1, 7) = substr(e.issued_until, 1, 7)"
            " THEN date(e.issued_from, 'start of month', '+1 month', '-1 day') ELSE e.issued_until END"
        ),
    ),
    "postgresql": (
        (
            "CASE WHEN date_trunc('month', e.issued_from) = date_trunc('month', e.issued_until)"
            " THEN date_trunc('month', e.issued_from)::date ELSE e.issued_from END"
        ),
        (
            "CASE WHEN date_trunc('month', e.issued_from) = date_trunc('month', e.issued_until)"
            " THEN (date_trunc('month', e.issued_from) + interval '1 month - 1 day')::date ELSE e.issued_until END"
        ),
    ),
}
YEARS = "substr(CAST(10000 + year_from AS VARCHAR(5)), 2) || '-' || substr(CAST(10000 + year_until AS VARCHAR(5)), 2)"
#: The targets of a facet as one text, with spaces between them.
LISTED = {
    "sqlite": (
        "COALESCE((SELECT group_concat(t, ' ') FROM (SELECT '{mark}' || target_id AS t FROM statements_link"
        " WHERE entry_id = e.statement_id AND facet = '{facet}' ORDER BY target_id)), '')"
    ),
    "postgresql": (
        "COALESCE((SELECT string_agg('{mark}' || target_id, ' ' ORDER BY target_id) FROM statements_link"
        " WHERE entry_id = e.statement_id AND facet = '{facet}'), '')"
    ),
}
TALLY = 'INSERT INTO statements_tally ("of", target_id, value, number)'
FILL = (
    """
    INSERT INTO statements_link (entry_id, facet, target_id, issued_from)
    SELECT DISTINCT entry_id, 'part', target_id, issued_from FROM statements_link WHERE facet IN ('issuer', 'joined')
    """,
    f"{TALLY} SELECT facet, target_id, '', COUNT(*) FROM statements_link GROUP BY facet, target_id",
    f"{TALLY} SELECT 'figures', measure_id, '', COUNT(*) FROM statements_figure GROUP BY measure_id",
    f"{TALLY} SELECT 'first said', l.target_id, '', COUNT(*) {FIRST_SAID} GROUP BY l.target_id",
    f"{TALLY} SELECT 'kind', 0, kind, COUNT(*) FROM statements_entry GROUP BY kind",
    f"{TALLY} SELECT 'language', 0, language, COUNT(*) FROM statements_entry GROUP BY language",
    f"""
    {TALLY} SELECT 'has count', 0, CASE WHEN has_count THEN 'true' ELSE 'false' END, COUNT(*)
    FROM statements_entry GROUP BY has_count
    """,
    f"{TALLY} SELECT 'years', 0, {YEARS}, COUNT(*) FROM statements_entry GROUP BY year_from, year_until",
    f"""
    INSERT INTO statements_demandvoice (demand_id, facet, target_id, number)
    SELECT said.demand, v.facet, v.target_id, COUNT(*)
    FROM (SELECT l.target_id AS demand, l.entry_id {FIRST_SAID}) AS said
    JOIN statements_link v ON v.entry_id = said.entry_id
    WHERE v.facet IN ('issuer', 'part') OR (v.facet = 'speaker' AND NOT EXISTS (
        SELECT 1 FROM statements_link i WHERE i.entry_id = said.entry_id AND i.facet = 'issuer'))
    GROUP BY said.demand, v.facet, v.target_id
    """,
)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    first, last = ONE_MONTH[schema_editor.connection.vendor]
    periods = f"""
        INSERT INTO statements_demandperiod (demand_id, "first", "last", number)
        SELECT l.target_id, {first}, {last}, COUNT(*) {FIRST_SAID} GROUP BY 1, 2, 3
    """  # names of our own
    listed = LISTED[schema_editor.connection.vendor]
    parts, speakers, demands, measures = (
        listed.format(mark="", facet=facet) for facet in ("part", "speaker", "demand", "measure")
    )
    asked = [listed.format(mark="o", facet="addressee"), listed.format(mark="d", facet="demand as addressed")]
    facets = f"""
        INSERT INTO statements_entryfacets (entry_id, issued_from, issued_until, years, kind, language, has_count,
            parts, speakers, demands, asked, measures)
        SELECT e.statement_id, e.issued_from, e.issued_until, {YEARS}, e.kind, e.language, e.has_count,
            {parts}, {speakers}, {demands}, trim({" || ' ' || ".join(asked)}), {measures}
        FROM statements_entry e
    """
    with schema_editor.connection.cursor() as cursor:
        for statement in (*FILL, periods, facets):
            cursor.execute(statement)


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM statements_link WHERE facet = 'part'")


def by_vendor(statements: dict[str, Sequence[str]]):  # type: ignore[no-untyped-def]  # what RunPython takes
    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        with schema_editor.connection.cursor() as cursor:
            for statement in statements[schema_editor.connection.vendor]:
                cursor.execute(statement)

    return run


def check_now(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL alters no table of which rows wait to be checked at the end of the transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def known(field: str, choices: Sequence[tuple[str, str]], model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [value for value, _label in choices]}),
        name=f"{model}_{field}_is_known",
        violation_error_message="This is none of the values that the field can have.",
    )


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
NEWEST_FIGURE = ["-as_of_from", "-as_of_until", "-issued_from", "-entry", "id"]


class Migration(migrations.Migration):
    dependencies = [("statements", "0005_public_changes")]

    operations = [
        migrations.RunPython(by_vendor(NOT_OLD), by_vendor(OLD)),
        migrations.RunPython(check_now, check_now),
        migrations.CreateModel(
            name="EntryWords",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="statements.entry",
                    ),
                ),
                ("search_text", statements.models.search.SearchText()),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO statements_entrywords (entry_id, search_text) SELECT statement_id, search_text"
            " FROM statements_entry",
            "UPDATE statements_entry SET search_text ="
            " (SELECT w.search_text FROM statements_entrywords w WHERE w.entry_id = statement_id)",
        ),
        migrations.RunPython(check_now, check_now),
        migrations.AlterField("entry", "search_text", statements.models.search.SearchText(default="")),
        migrations.RemoveField("entry", "search_text"),
        migrations.RunPython(by_vendor(NEW), by_vendor(NOT_NEW)),
        migrations.AlterField("entry", "kind", models.CharField(max_length=20)),
        migrations.AlterField("entry", "language", models.CharField(max_length=LANGUAGE_LENGTH)),
        migrations.RemoveConstraint("link", "link_facet_is_known"),
        migrations.AlterField("link", "facet", models.CharField(choices=FACETS, max_length=20)),
        migrations.AlterField(
            "link",
            "entry",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="statements.entry",
            ),
        ),
        migrations.AddConstraint("link", known("facet", FACETS, "link")),
        migrations.AddField("figure", "issued_from", models.DateField(default="0001-01-01"), preserve_default=False),
        migrations.AddField("figure", "has_number", models.BooleanField(default=False), preserve_default=False),
        migrations.RunSQL(
            "UPDATE statements_figure SET has_number = (value IS NOT NULL), issued_from ="
            " (SELECT e.issued_from FROM statements_entry e WHERE e.statement_id = entry_id)",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(check_now, check_now),
        migrations.RemoveIndex("figure", "figure_newest"),
        migrations.AlterField(
            "figure",
            "measure",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="statements.measure",
            ),
        ),
        migrations.AlterField(
            "figure",
            "attributed_to",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="statements.organisation",
            ),
        ),
        migrations.AddIndex("figure", models.Index(fields=["measure", *NEWEST_FIGURE], name="figure_newest")),
        migrations.AddIndex("figure", models.Index(fields=["measure", "has_number", "value"], name="figure_highest")),
        migrations.AddIndex("figure", models.Index(fields=["measure", "-has_number", "value"], name="figure_lowest")),
        migrations.AddIndex(
            "figure",
            models.Index(
                condition=models.Q(attributed_to__isnull=False),
                fields=["attributed_to", *NEWEST_FIGURE],
                name="figure_attributed_newest",
            ),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", ID),
                ("of", models.CharField(choices=[*FACETS, *COUNTED], max_length=20)),
                ("target_id", models.BigIntegerField()),
                ("value", models.CharField(max_length=20)),
                ("number", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["of", "-number"], name="tally_most"),
                    models.Index(condition=models.Q(number=0), fields=["number"], name="tally_nothing"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["of", "target_id", "value"], name="tally_once"),
                    known("of", [*FACETS, *COUNTED], "tally"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandVoice",
            fields=[
                ("id", ID),
                ("demand_id", models.BigIntegerField()),
                ("facet", models.CharField(choices=FACETS, max_length=20)),
                ("target_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(number=0), fields=["number"], name="demandvoice_nothing")],
                "constraints": [
                    models.UniqueConstraint(fields=["demand_id", "facet", "target_id"], name="demandvoice_once"),
                    known("facet", FACETS, "demandvoice"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandPeriod",
            fields=[
                ("id", ID),
                ("demand_id", models.BigIntegerField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("number", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(number=0), fields=["number"], name="demandperiod_nothing")],
                "constraints": [
                    models.UniqueConstraint(fields=["demand_id", "first", "last"], name="demandperiod_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryFacets",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facets",
                        serialize=False,
                        to="statements.entry",
                    ),
                ),
                ("issued_from", models.DateField()),
                ("issued_until", models.DateField()),
                ("years", models.CharField(max_length=9)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=LANGUAGE_LENGTH)),
                ("has_count", models.BooleanField()),
                ("parts", models.TextField()),
                ("speakers", models.TextField()),
                ("demands", models.TextField()),
                ("asked", models.TextField()),
                ("measures", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-issued_from", "-entry"], name="facets_newest"),
                    models.Index(fields=["issued_until"], name="facets_until"),
                    models.Index(fields=["kind", "-issued_from", "-entry"], name="facets_kind_newest"),
                    models.Index(fields=["language", "-issued_from", "-entry"], name="facets_language_newest"),
                    models.Index(fields=["has_count", "-issued_from", "-entry"], name="facets_has_count_newest"),
                ],
            },
        ),
        migrations.RunPython(fill, empty),
        migrations.RunPython(check_now, check_now),
        migrations.RemoveIndex("entry", "entry_until"),
        migrations.RunPython(check_now, check_now),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            """
            UPDATE statements_entry SET
                has_count = (SELECT f.has_count FROM statements_entryfacets f WHERE f.entry_id = statement_id),
                year_from = (SELECT CAST(substr(f.years, 1, 4) AS integer)
                    FROM statements_entryfacets f WHERE f.entry_id = statement_id),
                year_until = (SELECT CAST(substr(f.years, 6, 4) AS integer)
                    FROM statements_entryfacets f WHERE f.entry_id = statement_id)
            """,
        ),
        migrations.AlterField("entry", "year_from", models.PositiveSmallIntegerField(default=0)),
        migrations.AlterField("entry", "year_until", models.PositiveSmallIntegerField(default=0)),
        migrations.AlterField("entry", "has_count", models.BooleanField(default=False)),
        migrations.RemoveField("entry", "year_from"),
        migrations.RemoveField("entry", "year_until"),
        migrations.RemoveField("entry", "has_count"),
    ]
