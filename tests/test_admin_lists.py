"""The desk's lists and pages: what they show, to whom, and in how many queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from statements.actions.steps import submit
from statements.models import ImportRun, ReferenceChange, Statement, Version
from tests.factories import (
    DemandUpdateFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
    save_version,
)

STATEMENTS = "/admin/statements/statement/"
MODELS = [
    "statement",
    "organisation",
    "speaker",
    "source",
    "demand",
    "demandupdate",
    "measure",
    "version",
    "referencechange",
    "importrun",
]


@contextmanager
def counting() -> Iterator[list[str]]:
    queries: list[str] = []

    def note(execute: Any, sql: str, *args: Any) -> Any:
        queries.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        yield queries


def fill(editor: User, reviewer: User, number: int) -> None:
    for index in range(number):
        public = index % 5 == 0
        make = partial(make_public_statement, published_by=reviewer) if public else make_statement
        statement = make(by=editor)
        SpeakerRoleFactory(statement=statement)
        save_version(statement=statement, by=editor)
        DemandUpdateFactory(saved_by=editor)
        ReferenceChange.objects.create(
            kind="source",
            target_id=1,
            label="x",
            changes={"title": ["", "x"]},
            saved_at="2022-01-01T00:00Z",
            through="form",
        )
        ImportRun.objects.create(kind="sources", file_name="x.csv", state="refused", started_at="2022-01-01T00:00Z")


def test_no_list_takes_more_queries_for_more_rows(administrator_client: Client, editor: User, reviewer: User) -> None:
    counts: list[dict[str, int]] = []
    for more in (10, 30):
        fill(editor, reviewer, more)
        taken = {}
        for model in MODELS:
            with counting() as queries:
                assert administrator_client.get(f"/admin/statements/{model}/").status_code == 200
            taken[model] = len(queries)
        counts.append(taken)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 20, counts[1]


def test_a_statements_page_takes_no_more_queries_for_more_rows(editor_client: Client, editor: User) -> None:
    taken = []
    for more in (2, 8):
        statement = make_statement(by=editor)
        for _row in range(more):
            other = make_statement(by=editor)
            for rows in (other.citations, other.mentions, other.counts, other.issuers):
                rows.update(statement=statement)
        with counting() as queries:
            assert editor_client.get(f"{STATEMENTS}{statement.pk}/change/").status_code == 200
        taken.append(len(queries))
    shown = 6 * 5  # six rows more, each of four kinds, with their five references: the value of each is looked up once
    assert taken[1] - taken[0] <= shown


def test_the_list_says_what_is_public_and_what_is_missing(editor_client: Client, editor: User, reviewer: User) -> None:
    public = make_public_statement(by=editor, published_by=reviewer, title="Public")
    changed = make_public_statement(by=editor, published_by=reviewer, title="Changed")
    Statement.objects.filter(pk=changed.pk).update(place="Riga")
    save_version(statement=changed, by=editor)
    StatementFactory(title="Bare", issued="2022-01")
    page = editor_client.get(STATEMENTS).content.decode()
    for words in ("published, changed since", "not public", "who made it, source, words", "January 2022"):
        assert words in page
    for parameter, titles in (
        ("public=published", {"Public", "Changed"}),
        ("public=changed", {"Changed"}),
        ("public=withdrawn", set()),
        ("public=no", {"Bare"}),
        ("missing=source", {"Bare"}),
        ("missing=words", {"Bare"}),
        ("missing=demand+or+count", {"Bare"}),
        ("language=en", {"Public", "Changed", "Bare"}),
        ("step__exact=draft&kind__exact=press+statement", {"Changed", "Bare"}),
        ("step__exact=done", {"Public"}),
        (f"issuers__organisation__id__exact={public.issuers.get().organisation_id}", {"Public"}),
        ("q=bare", {"Bare"}),
    ):
        response = editor_client.get(f"{STATEMENTS}?{parameter}")
        assert {row.title for row in response.context["cl"].result_list} == titles, parameter


def test_bulk_steps_do_all_or_none_and_say_every_reason(
    editor_client: Client, reviewer_client: Client, editor: User, reviewer: User
) -> None:
    first, second = make_statement(by=editor, title="First"), make_statement(by=editor, title="Second")
    submit(statement=first, by=editor)

    def act(client: Client, action: str, **more: str) -> str:
        chosen = {"action": action, "_selected_action": [first.pk, second.pk]} | more
        return client.post(STATEMENTS, chosen, follow=True).content.decode()

    assert "First: It waits for a reviewer already." in act(editor_client, "submit_selected")
    assert "Second: It has not been submitted for review." in act(reviewer_client, "publish_selected")
    assert not Statement.objects.public().exists()
    assert 'value="publish_selected"' not in editor_client.get(STATEMENTS).content.decode()
    act(editor_client, "publish_selected")
    assert not Statement.objects.public().exists()
    submit(statement=second, by=editor)
    assert "Readers see 2 statements now." in act(reviewer_client, "publish_selected")
    assert "Withdraw these statements?" in act(reviewer_client, "withdraw_selected")
    assert Statement.objects.public().count() == 2
    assert "This field is required." in act(reviewer_client, "withdraw_selected", reason=" ")
    assert "2 statements were withdrawn." in act(reviewer_client, "withdraw_selected", reason="An error.")
    assert not Statement.objects.public().exists()


def test_the_page_of_a_published_statement_says_what_readers_see_and_who_changed_it(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    page = f"{STATEMENTS}{statement.pk}/change/"
    assert "The desk holds the same." in editor_client.get(page).content.decode()
    Statement.objects.filter(pk=statement.pk).update(place="Riga")
    save_version(statement=statement, by=make_user("colleague", "contributor"))
    shown = editor_client.get(page).content.decode()
    assert f'href="/statements/{statement.slug}/"' in shown
    assert "Changed since by: colleague." in shown


def test_versions_are_read_and_not_changed(editor_client: Client, editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="A title of that day")
    version = Version.objects.get(statement=statement)
    listed = editor_client.get(f"/admin/statements/version/?statement__id__exact={statement.pk}")
    assert listed.status_code == 200
    page = editor_client.get(f"/admin/statements/version/{version.pk}/change/").content.decode()
    assert "A title of that day" in page
    assert "1007 political prisoners" in page
    assert editor_client.post(f"/admin/statements/version/{version.pk}/change/", {"why": "x"}).status_code == 403


STEP_PAGES = ("take-up", "return", "publish", "schedule", "unschedule", "withdraw")


def own_addresses(version: Version, statement: Statement) -> list[str]:
    """Every address of the app's admin pages, with a row where one is asked for."""
    found = []
    for model in MODELS:
        base = f"/admin/statements/{model}/"
        pk = {"statement": statement.pk, "version": version.pk}.get(model, 1)
        found += [base, f"{base}add/", f"{base}{pk}/change/", f"{base}{pk}/history/", f"{base}{pk}/delete/"]
    return [
        *found,
        *(f"{STATEMENTS}{statement.pk}/{name}/" for name in STEP_PAGES),
        "/admin/statements/importrun/import/",
        "/admin/statements/demandupdate/1/publish/",
        "/admin/statements/demandupdate/1/withdraw/",
        "/admin/",
        "/admin/statements/",
    ]


def test_nobody_sees_the_desk_without_a_login_or_without_a_role(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    addresses = own_addresses(Version.objects.get(), statement)
    stranger = Client()
    stranger.force_login(make_user("stranger"))
    for address in addresses:
        anonymous = Client().get(address)
        assert (anonymous.status_code, "/admin/login/" in anonymous.headers.get("Location", "")) == (302, True), address
        if address != "/admin/":
            assert stranger.get(address).status_code in (302, 403, 404), address
            assert stranger.post(address, {"post": "yes"}).status_code in (302, 403, 404), address
    assert Statement.objects.public().count() == 1


@pytest.mark.parametrize("role", ["contributor", "importer", "reviewer", "administrator"])
def test_every_page_answers_every_role_and_never_with_an_error(role: str, editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    fill(editor, reviewer, 1)
    client = Client()
    client.force_login(make_user("somebody", role))
    publishes, imports = role in ("reviewer", "administrator"), role in ("importer", "administrator")
    for address in own_addresses(Version.objects.order_by("pk")[0], statement):
        status = client.get(address).status_code
        assert status in (200, 302, 403, 404), address
        if address.endswith(("/publish/", "/return/", "/schedule/", "/unschedule/", "/withdraw/")):
            assert (status == 403) is not publishes, address
        if "importrun/import/" in address:
            assert (status == 403) is not imports, address
        if address.endswith("/add/"):
            history = ("version", "referencechange", "importrun")
            assert status == (403 if any(model in address for model in history) else 200), address


def test_every_form_field_that_refers_to_a_row_is_an_autocomplete(editor_client: Client) -> None:
    for model in ("statement", "organisation", "speaker", "source", "demand", "demandupdate", "measure"):
        response = editor_client.get(f"/admin/statements/{model}/add/")
        forms = [response.context["adminform"].form]
        forms += [inline.formset.empty_form for inline in response.context["inline_admin_formsets"]]
        for form in forms:
            for name, field in form.fields.items():
                if hasattr(field, "queryset") and name not in ("statement", "owner", "speaker", "id"):
                    widget = getattr(field.widget, "widget", field.widget)
                    assert type(widget).__name__.startswith("Autocomplete"), f"{model}.{name}"


def test_no_page_of_the_desk_has_inline_styles_or_scripts(administrator_client: Client, editor: User) -> None:
    statement = make_statement(by=editor)
    for address in own_addresses(Version.objects.get(), statement):
        response = administrator_client.get(address)
        page = response.content.decode() if response.status_code == 200 else ""
        assert ' style="' not in page, address
        assert "unsafe-inline" not in response.headers.get("Content-Security-Policy", ""), address


def test_the_login_page_is_there() -> None:
    assert get_resolver().resolve("/admin/login/").url_name == "login"
