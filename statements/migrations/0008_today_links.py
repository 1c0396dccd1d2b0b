"""Themes, countries and addressees, as they are today, find statements by rows of their own, and are counted; so is
what each organisation's list offers to choose. Filled here, from the rows that are there.
"""

# ruff: noqa: S608  # only names of our own tables are put into SQL
import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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
TODAY = [("theme", "Theme"), ("country", "Country"), ("addressed", "Addressed")]
COUNTED_BEFORE = [
    ("figures", "Figures"),
    ("first said", "First Said"),
    ("kind", "Kind"),
    ("language", "Language"),
    ("has count", "Has Count"),
    ("years", "Years"),
]
COUNTED = [*COUNTED_BEFORE, ("days", "Days"), ("sources", "Sources")]

LINKS = "INSERT INTO statements_todaylink (facet, entry_id, target_id, value, issued_from)"
TALLY = 'INSERT INTO statements_tally ("of", target_id, value, number)'
PART_TALLY = 'INSERT INTO statements_parttally (part_id, "of", target_id, value, number)'
OF_PART = "JOIN statements_link p ON p.facet = 'part' AND p.entry_id ="
DAYS = {
    "sqlite": "issued_from || '/' || issued_until",
    "postgresql": "to_char(issued_from, 'YYYY-MM-DD') || '/' || to_char(issued_until, 'YYYY-MM-DD')",
}
FILL = (
    f"""
    {LINKS} SELECT DISTINCT 'theme', l.entry_id, 0, d.theme, l.issued_from
    FROM statements_link l JOIN statements_demand d ON d.id = l.target_id
    WHERE l.facet = 'demand' AND d.theme <> ''
    """,
    f"""
    {LINKS} SELECT DISTINCT 'country', l.entry_id, 0, o.country, l.issued_from
    FROM statements_link l JOIN statements_organisation o ON o.id = l.target_id
    WHERE l.facet = 'part' AND o.country <> ''
    """,
    f"""
    {LINKS} SELECT 'addressed', entry_id, target_id, '', issued_from FROM statements_link WHERE facet = 'addressee'
    UNION
    SELECT 'addressed', l.entry_id, a.organisation_id, '', l.issued_from
    FROM statements_link l JOIN statements_demand_addressees a ON a.demand_id = l.target_id
    WHERE l.facet = 'demand as addressed'
    """,
    f"{TALLY} SELECT facet, target_id, value, COUNT(*) FROM statements_todaylink GROUP BY facet, target_id, value",
    f"""
    {PART_TALLY} SELECT p.target_id, t.facet, t.target_id, t.value, COUNT(*)
    FROM statements_todaylink t {OF_PART} t.entry_id GROUP BY p.target_id, t.facet, t.target_id, t.value
    """,
    f"""
    {PART_TALLY} SELECT p.target_id, l.facet, l.target_id, '', COUNT(*) FROM statements_link l {OF_PART} l.entry_id
    WHERE l.facet IN ('speaker', 'demand', 'measure') GROUP BY p.target_id, l.facet, l.target_id
    """,
    *(
        f"""
        {PART_TALLY} SELECT p.target_id, '{of}', 0, {value}, COUNT(*)
        FROM statements_entryfacets f {OF_PART} f.entry_id GROUP BY p.target_id, {value}
        """
        for of, value in (
            ("kind", "f.kind"),
            ("language", "f.language"),
            ("has count", "CASE WHEN f.has_count THEN 'true' ELSE 'false' END"),
            ("years", "f.years"),
        )
    ),
)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    days = DAYS[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement)
        cursor.execute(f"{TALLY} SELECT 'days', 0, {days}, COUNT(*) FROM statements_entryfacets GROUP BY {days}")


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""DELETE FROM statements_tally WHERE "of" IN ('theme', 'country', 'addressed', 'days')""")


def check_now(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL alters no table of which rows wait to be checked at the end of the transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def known(field: str, choices: list[tuple[str, str]], model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [value for value, _label in choices]}),
        name=f"{model}_{field}_is_known",
        violation_error_message="This is none of the values that the field can have.",
    )


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
OF = [*FACETS, *TODAY, *COUNTED]


class Migration(migrations.Migration):
    dependencies = [("statements", "0007_desk_indexes")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, check_now),
        migrations.CreateModel(
            name="TodayLink",
            fields=[
                ("id", ID),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.entry",
                    ),
                ),
                ("facet", models.CharField(choices=TODAY, max_length=20)),
                ("target_id", models.BigIntegerField()),
                ("value", models.CharField(max_length=LANGUAGE_LENGTH)),
                ("issued_from", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["facet", "target_id", "value", "-issued_from", "-entry"], name="todaylink_newest"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["entry", "facet", "target_id", "value"], name="todaylink_once"),
                    known("facet", TODAY, "todaylink"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartTally",
            fields=[
                ("id", ID),
                ("part_id", models.BigIntegerField()),
                ("of", models.CharField(choices=OF, max_length=20)),
                ("target_id", models.BigIntegerField()),
                ("value", models.CharField(max_length=LANGUAGE_LENGTH)),
                ("number", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["part_id", "of", "-number"], name="parttally_most"),
                    models.Index(condition=models.Q(number=0), fields=["number"], name="parttally_nothing"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["part_id", "of", "target_id", "value"], name="parttally_once"),
                    known("of", OF, "parttally"),
                ],
            },
        ),
        migrations.RemoveConstraint("tally", "tally_of_is_known"),
        migrations.AlterField("tally", "of", models.CharField(choices=OF, max_length=20)),
        migrations.AlterField("tally", "value", models.CharField(max_length=LANGUAGE_LENGTH)),
        migrations.AddConstraint("tally", known("of", OF, "tally")),
        migrations.RunPython(fill, empty),
        migrations.RunPython(check_now, migrations.RunPython.noop),
    ]
