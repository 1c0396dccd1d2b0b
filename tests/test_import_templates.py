"""Templates: an empty file of each KIND, which says what its columns take and whose example imports."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import conditional_escape
from openpyxl import load_workbook

from statements.importing import KINDS, report
from statements.importing.apply import apply_plan
from statements.importing.incoming import Incoming
from statements.importing.kinds import all_kinds, kind_named
from statements.importing.plan import Plan, plan_files
from statements.importing.templates import TEMPLATES, example_row, explained

pytestmark = pytest.mark.django_db


def template(kind: str, ending: str) -> bytes:
    output = io.BytesIO()
    TEMPLATES[ending](output, kind_named(kind))
    return output.getvalue()


def plan_of(kind: str, ending: str, by: User) -> Plan:
    return plan_files([Incoming(kind, f"{kind}.{ending}", template(kind, ending))], user=by)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_examples_import_one_after_the_other_and_the_second_time_change_nothing(
    importer: User, ending: str
) -> None:
    for kind in KINDS:
        plan = plan_of(kind, ending, importer)
        assert plan.is_clean, report.as_text(plan, written=False)
        assert plan.counts["new"] == 1, kind
        assert not list(plan.warned()), kind
        apply_plan(plan, user=importer)
    for kind in KINDS:
        plan = plan_of(kind, ending, importer)
        assert plan.is_clean, report.as_text(plan, written=False)
        assert plan.counts["unchanged"] == 1, report.as_text(plan, written=False)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_examples_are_one_run_too(importer: User, ending: str) -> None:
    files = [Incoming(kind, f"{kind}.{ending}", template(kind, ending)) for kind in KINDS]
    plan = plan_files(files, user=importer)
    assert plan.is_clean, report.as_text(plan, written=False)
    assert plan.counts["new"] == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_have_the_columns_of_the_import_and_one_row(kind: str) -> None:
    columns = list(kind_named(kind).columns())
    header, *rows = csv.reader(io.StringIO(template(kind, "csv").decode("utf-8-sig")))
    assert header == columns
    assert len(rows) == 1
    filled, explaining = load_workbook(io.BytesIO(template(kind, "xlsx")))
    assert [cell.value for cell in filled[1]] == columns
    assert [cell.value or "" for cell in filled[2]] == rows[0]
    assert [row[0].value for row in explaining.iter_rows(min_row=2)] == columns


@pytest.mark.parametrize("kind", KINDS)
def test_required_columns_are_marked_and_filled(kind: str) -> None:
    filled, explaining = load_workbook(io.BytesIO(template(kind, "xlsx")))
    required = kind_named(kind).required()
    assert [cell.value for cell in filled[1] if cell.font.bold] == required
    assert [row[0].value for row in explaining.iter_rows(min_row=2) if row[1].value] == required
    assert all(column.example for column in explained(kind_named(kind)) if column.is_required)


def test_every_column_says_what_it_takes_and_choices_are_listed() -> None:
    for kind in all_kinds():
        for column in explained(kind):
            assert column.takes.endswith("."), (kind.kind_name, column.name)
    takes = {column.name: column.takes for column in explained(kind_named("counts"))}
    assert takes["qualifier"] == (
        "One of: exact, about, nearly, at least, more than, up to, fewer than, range, unquantified."
    )
    assert takes["attributed_to"] == "The organisation, by slug, name or alias."
    assert takes["as_of"] == "A date as precise as it is known: 2022-01-27, 2022-01, 2022 or 2022-01-20/2022-01-27."
    assert takes["excludes"] == "Text. At most 300 characters."
    assert takes["note"] == "Text."
    takes = {column.name: column.takes for column in explained(kind_named("statements"))}
    assert takes["issuers"] == "A list of organisations, separated by |, each by slug, name or alias."
    assert takes["source_urls"] == "A list of addresses on the web, separated by |."


def test_the_desk_lists_the_kinds_in_their_order_with_their_files(importer_client: Client) -> None:
    page = importer_client.get("/admin/statements/importrun/import/kinds/").content.decode()
    found = [page.index(f'href="/admin/statements/importrun/import/kinds/{kind}/"') for kind in KINDS]
    assert found == sorted(found)
    assert "Figures that statements quote, each as printed." in page
    for kind in KINDS:
        assert f"/admin/statements/importrun/import/kinds/{kind}.xlsx" in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_kind_tells_every_column(importer_client: Client, kind: str) -> None:
    response = importer_client.get(f"/admin/statements/importrun/import/kinds/{kind}/")
    page = response.content.decode()
    for column in explained(kind_named(kind)):
        assert column.name in page
        assert conditional_escape(column.takes) in page
        assert conditional_escape(column.example) in page
    assert page.count("<td>required</td>") == len(kind_named(kind).required())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_downloaded_is_the_template(importer_client: Client, ending: str) -> None:
    response = importer_client.get(f"/admin/statements/importrun/import/kinds/counts.{ending}")
    assert response.headers["Content-Disposition"] == f'attachment; filename="counts.{ending}"'
    assert response.headers["Content-Type"].startswith({"csv": "text/csv", "xlsx": "application/vnd"}[ending])
    if ending == "csv":
        assert response.content == template("counts", "csv")
    else:
        assert load_workbook(io.BytesIO(response.content)).sheetnames[0] == "counts"


@pytest.mark.parametrize("address", ["rumours/", "rumours.csv", "counts.pdf", "all/"])
def test_there_is_no_page_and_no_file_of_what_is_no_kind(importer_client: Client, address: str) -> None:
    assert importer_client.get(f"/admin/statements/importrun/import/kinds/{address}").status_code == 404


@pytest.mark.parametrize("address", ["", "counts/", "counts.csv", "rumours/"])
def test_only_importers_see_them(reviewer_client: Client, address: str) -> None:
    assert reviewer_client.get(f"/admin/statements/importrun/import/kinds/{address}").status_code == 403


def test_the_page_names_what_a_column_is_also_known_as(importer_client: Client) -> None:
    page = importer_client.get("/admin/statements/importrun/import/kinds/statements/").content.decode()
    assert "also date issued, issue date, issued on, date, " in page
    assert "дата" in page


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_column_is_also_known_as_is_understood(importer: User, kind: str) -> None:
    row = example_row(kind_named(kind))
    for column in explained(kind_named(kind)):
        for word in column.synonyms:
            header = ",".join(word if name == column.name else name for name in row)
            content = f"{header}\n{',' * (len(row) - 1)}x\n".encode()
            plan = plan_files([Incoming(kind, f"{kind}.csv", content)], user=importer)
            assert not plan.files[0].own_errors, word
