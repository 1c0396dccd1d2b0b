"""The preview: what would be published, by the code that shows it to readers, and for nobody but staff."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.models import Organisation, Statement, Version
from tests.factories import (
    CountObservationFactory,
    OrganisationFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
    save_version,
)
from tests.public_walk import walk, without_citation
from tests.test_public_hostile import check, publish_markup
from tests.test_public_queries import counted_queries

pytestmark = pytest.mark.django_db


def address(statement: Statement) -> str:
    return f"/admin/statements/statement/{statement.pk}/preview/"


def shown(page: str) -> str:
    """Without the addresses of pages that come with publication, and without the bar."""
    without_bar = re.sub(r"<aside.*?</aside>\n?", "", without_citation(page), flags=re.DOTALL)
    without_robots = without_bar.replace('<meta name="robots" content="noindex, nofollow, noarchive">', "")
    without_links = re.sub(
        r'<a href="/(organisations|demands|measures|sources|speakers)/[^"]*">|</a>', "", without_robots
    )
    return " ".join(without_links.replace(' aria-current="true"', "").split())


def test_a_draft_is_previewed_as_readers_will_see_it(
    editor_client: Client, editor: User, reviewer: User, client: Client
) -> None:
    statement = make_statement(by=editor, title="The draft")
    statement.mentions.get().demand.addressees.add(OrganisationFactory(name="Z"), OrganisationFactory(name="A"))
    CountObservationFactory(statement=statement, attributed_to=OrganisationFactory(name="Its source"))
    save_version(statement=statement, by=editor)
    before = editor_client.get(address(statement)).content.decode()
    assert "Preview: readers do not see this." in before
    assert without_citation(before) == before
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    after = client.get(f"/statements/{statement.slug}/").content.decode()
    navigation = re.compile(r'<nav aria-label="[^"]*">.*?</nav>', re.DOTALL)
    assert shown(navigation.sub("", before)) == shown(navigation.sub("", after))


def test_a_revision_is_previewed_beside_what_readers_see(
    editor_client: Client, editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Published")
    Statement.objects.filter(pk=statement.pk).update(title="Revised")
    save_version(statement=statement, by=editor)
    page = editor_client.get(address(statement)).content.decode()
    assert ">Revised</h1>" in page
    assert "It is version 2 of the desk, as it would look if it were published now, as number 2." in page
    assert "changed: title" in page
    assert "Revised" not in client.get(f"/statements/{statement.slug}/").content.decode()
    statement.refresh_from_db()
    assert statement.published_version == Version.objects.get(statement=statement, number=1)
    assert Version.objects.published().count() == 1, "nothing was written"


def test_names_are_those_that_publishing_would_write(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor)
    Organisation.objects.filter(issued__statement=statement).update(name="Renamed since")
    assert "Renamed since" in editor_client.get(address(statement)).content.decode()


def test_what_was_withdrawn_and_what_readers_see_already_are_previewed_too(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="Here")
    assert ">Here</h1>" in editor_client.get(address(statement)).content.decode()
    withdraw(statement=statement, by=reviewer, reason="A mistake.")
    assert ">Here</h1>" in editor_client.get(address(statement)).content.decode()


def test_nobody_keeps_it_and_no_search_engine_lists_it(editor_client: Client, editor: User) -> None:
    response = editor_client.get(address(make_statement(by=editor)))
    kept = {part.strip() for part in response["Cache-Control"].split(",")}
    assert kept >= {"no-store", "private"}
    assert not kept & {"public"}
    assert response["X-Robots-Tag"] == "noindex"
    page = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    check(page)


def test_only_staff_who_may_see_statements_see_it(editor: User) -> None:
    statement = make_statement(by=editor, title="Not public")
    assert Client().get(address(statement)).status_code == 302, "to the login"
    staff = make_user("staff")
    client = Client()
    client.force_login(staff)
    response = client.get(address(statement))
    assert response.status_code == 403
    assert "Not public" not in response.content.decode()
    staff.user_permissions.add(Permission.objects.get(codename="view_statement"))
    client.force_login(User.objects.get(pk=staff.pk))
    assert client.get(address(statement)).status_code == 200


def test_no_public_page_leads_to_a_preview(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    pages = walk(client)
    assert f"/statements/{statement.slug}/" in pages
    assert not any("preview" in page.lower() for page in pages.values())


@pytest.mark.parametrize("object_id", ["0", "999999", "x", "1%00"])
def test_a_statement_that_does_not_exist_has_none(editor_client: Client, object_id: str) -> None:
    assert editor_client.get(f"/admin/statements/statement/{object_id}/preview/").status_code == 404


def test_where_there_is_nothing_to_show_a_sentence_says_so(editor_client: Client, editor: User) -> None:
    without_version, erased = StatementFactory(), make_statement(by=editor)
    Version.objects.filter(statement=erased).update(
        document={"schema": 1, "erased": {"reason": "court", "on": "2026-11-22"}}
    )
    for statement in (without_version, erased):
        response = editor_client.get(address(statement), follow=True)
        assert response.redirect_chain[-1][0] == f"/admin/statements/statement/{statement.pk}/change/"
        assert "There is nothing to preview" in response.content.decode()


def test_a_revision_is_previewed_when_an_earlier_version_was_erased(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Version.objects.filter(statement=statement).update(
        document={"schema": 1, "erased": {"reason": "court", "on": "2026-11-22"}}
    )
    Statement.objects.filter(pk=statement.pk).update(title="Revised")
    save_version(statement=statement, by=editor)
    page = editor_client.get(address(statement)).content.decode()
    assert ">Revised</h1>" in page
    assert "the version before was erased" in page


def test_markup_is_shown_as_it_was_typed(editor_client: Client, editor: User, reviewer: User) -> None:
    publish_markup(editor, reviewer)
    page = editor_client.get(address(Statement.objects.get(slug="hostile"))).content.decode()
    check(page)
    assert "<script>alert" not in page


def test_it_takes_the_same_queries_however_much_hangs_on_the_statement(editor_client: Client, editor: User) -> None:
    taken = []
    for rows in (1, 30):
        statement = make_statement(by=editor)
        for number in range(rows):
            CountObservationFactory(statement=statement, value=number, attributed_to=OrganisationFactory())
        save_version(statement=statement, by=editor)
        with counted_queries() as seen:
            assert editor_client.get(address(statement)).status_code == 200
        taken.append(len(seen))
    assert taken[0] == taken[1] <= 24


def test_the_form_leads_to_it(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor)
    page: Any = editor_client.get(f"/admin/statements/statement/{statement.pk}/change/").content.decode()
    assert f'href="{address(statement)}"' in page
