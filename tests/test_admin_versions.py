"""The versions of a statement on the desk and the changes of reference data: read, compared, gone back to."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.steps import submit
from statements.admin.versions import VERSIONS_A_PAGE
from statements.models import Organisation, ReferenceChange, Statement, Version
from tests.admin_forms import errors_of, fields_in, fields_on
from tests.factories import (
    IssuerFactory,
    OrganisationFactory,
    make_public_statement,
    make_statement,
    make_user,
    save_version,
)
from tests.test_public_hostile import MARKUP, check
from tests.test_public_queries import counted_queries

pytestmark = pytest.mark.django_db


def address(statement: Statement, ending: str = "versions/") -> str:
    return f"/admin/statements/statement/{statement.pk}/{ending}"


def change(statement: Statement, by: User, **fields: Any) -> None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    save_version(statement=statement, by=by)


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    """Published as version 1, changed by two people since."""
    found = make_public_statement(by=editor, published_by=reviewer, title="The statement", summary="They ask.")
    change(found, editor, summary="They ask for release.")
    change(found, make_user("colleague", "contributor"), place="Riga")
    return found


# --- To read ---


def test_the_list_says_who_when_why_and_what_readers_see(editor_client: Client, statement: Statement) -> None:
    Version.objects.filter(statement=statement, number=2).update(why="The page says so.")
    page = words(editor_client.get(address(statement)))
    for expected in ("Version 3", "colleague", "The page says so.", "form", "published as number 1", "reviewer"):
        assert expected in page
    assert "readers see it now" in page
    assert page.count("Restore …") == 2, "the latest is what the desk says already"


def test_any_two_chosen_in_the_list_are_compared(editor_client: Client, statement: Statement) -> None:
    page = editor_client.get(address(statement)).content.decode()
    assert f'action="{address(statement, "compare/")}"' in page
    chosen = fields_on(editor_client, address(statement))
    assert (chosen["from"], chosen["to"]) == ("2", "3"), "the newest change is chosen to begin with"
    response = editor_client.get(address(statement, "compare/"), {"from": "1", "to": "3"})
    assert response.status_code == 200
    page = words(response)
    assert "colleague" in page
    assert "They ask added: for release (end) ." in page
    assert "place nothing added: Riga (end)" in page


def test_a_comparison_the_other_way_round_is_its_mirror(editor_client: Client, statement: Statement) -> None:
    page = words(editor_client.get(address(statement, "compare/"), {"from": "3", "to": "1"}))
    assert "They ask removed: for release (end) ." in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Choose two versions"),
        ("?from=1", "Choose two versions"),
        ("?from=1&from=2&to=3", "Choose two versions"),
        ("?from=one&to=2", "“one” is not the number of a version."),
        ("?from=1&to=2%00", "is not the number of a version."),
        ("?from=1&to=99", "There is no version 99 here."),
        ("?from=2&to=2", "Version 2 is the same as itself"),
    ],
)
def test_numbers_that_name_no_two_versions_are_answered_with_a_sentence(
    editor_client: Client, statement: Statement, query: str, sentence: str
) -> None:
    response = editor_client.get(address(statement, f"compare/{query}"))
    assert response.status_code == 400
    assert sentence in words(response)


def test_a_version_of_another_statement_is_none_of_this_one(
    editor_client: Client, statement: Statement, editor: User
) -> None:
    other = make_statement(by=editor)
    response = editor_client.get(address(other, "compare/"), {"from": "1", "to": "3"})
    assert "There is no version 3 here." in words(response)


def test_what_was_erased_is_told_in_a_sentence(editor_client: Client, statement: Statement) -> None:
    tombstone = {"reason": "safety", "on": "2026-11-22"}
    first = Version.objects.get(statement=statement, number=1)
    first.document = {"schema": 1, "erased": tombstone}
    first.save()
    page = words(editor_client.get(address(statement, "compare/"), {"from": "1", "to": "2"}))
    assert "Version 1 was erased on 22 November 2026, for the safety of a person: nothing can be compared" in page
    page = words(editor_client.get(f"/admin/statements/version/{first.pk}/change/"))
    assert "What this version said was erased." in page
    second = Version.objects.get(statement=statement, number=2)
    second.document |= {"erased": tombstone}
    second.document["content"]["summary"] = "They […]."
    second.save()
    page = words(editor_client.get(address(statement, "compare/"), {"from": "2", "to": "3"}))
    assert "Words were erased from version 2 on 22 November 2026" in page
    assert "[…]" in page


def test_markup_in_what_differs_is_shown_as_it_was_typed(
    editor_client: Client, statement: Statement, editor: User
) -> None:
    change(statement, editor, title=MARKUP, summary=f"They {MARKUP} ask.")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name=MARKUP, slug="o"))
    save_version(statement=statement, by=editor)
    for page in ("versions/", "compare/?from=1&to=5"):
        content = editor_client.get(address(statement, page)).content.decode()
        assert "<script>alert" not in content
        assert "<b onclick" not in content
    check(re.findall(r'<table class="comparison".*?</table>', content, re.DOTALL)[0])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


@pytest.mark.parametrize("more", [1, 120])
def test_the_list_takes_the_same_queries_for_many_versions_and_has_pages(
    editor_client: Client, editor: User, more: int
) -> None:
    statement = make_statement(by=editor)
    for number in range(more):
        change(statement, editor, summary=f"In other words: {number}.")
    editor_client.get(address(statement))
    with counted_queries() as seen:
        page = editor_client.get(address(statement)).content.decode()
    assert len(seen) <= 9
    assert page.count("Compare from version") == min(more + 1, VERSIONS_A_PAGE)
    with counted_queries() as seen:
        assert editor_client.get(address(statement, f"compare/?from=1&to={more + 1}")).status_code == 200
    assert len(seen) <= 9
    if more > VERSIONS_A_PAGE:
        assert "Older versions" in page
        assert 'type="number"' in page, "two of different pages are chosen by their numbers"
        assert "Version 1" in words(editor_client.get(address(statement, "versions/?page=3")))


def test_the_history_of_a_statement_is_its_versions(editor_client: Client, statement: Statement) -> None:
    response = editor_client.get(address(statement, "history/"))
    assert response["Location"] == address(statement)
    page = editor_client.get(address(statement, "change/")).content.decode()
    assert f'href="{address(statement)}"' in page
    assert f'href="{address(statement, "history/")}"' not in page


# --- To go back ---


def restore(client: Client, statement: Statement, number: int, **answer: Any) -> Any:
    page = address(statement, f"restore/{number}/")
    return client.post(page, fields_on(client, page) | answer)


def test_restoring_makes_a_new_version_that_says_why(editor_client: Client, editor: User, statement: Statement) -> None:
    page = editor_client.get(address(statement, "restore/2/"))
    assert "See what would change on the desk" in page.content.decode()
    assert f"{address(statement, 'compare/')}?from=3&amp;to=2" in page.content.decode()
    response = restore(editor_client, statement, 2, why="Riga was wrong.")
    assert response.status_code == 302
    assert response["Location"] == address(statement, "change/")
    statement.refresh_from_db()
    assert (statement.place, statement.summary) == ("", "They ask for release.")
    made = statement.versions.latest("number")
    assert (made.number, made.saved_by, made.why) == (4, editor, "Version 2 restored: Riga was wrong.")
    assert made.public_number is None, "readers see it when a second person publishes it"


def test_restoring_needs_a_reason_and_says_everything_that_speaks_against_it(
    editor_client: Client, editor: User, statement: Statement
) -> None:
    response = restore(editor_client, statement, 1, why=" ")
    assert response.status_code == 200
    assert statement.versions.count() == 3
    named = [OrganisationFactory(name=name) for name in ("One office", "Another office")]
    rows = [IssuerFactory(statement=statement, organisation=row) for row in named]
    save_version(statement=statement, by=editor)
    for row in rows:
        row.delete()
    save_version(statement=statement, by=editor)
    Organisation.objects.filter(pk__in=[row.pk for row in named]).delete()
    page = words(restore(editor_client, statement, 4, why="They signed it."))
    assert "One office" in page
    assert "Another office" in page
    assert page.count("which no longer exists") == 2
    assert "They signed it." in page, "what was typed stays"


def test_nothing_is_restored_over_what_somebody_saved_meanwhile(
    editor_client: Client, reviewer: User, statement: Statement
) -> None:
    opened = fields_on(editor_client, address(statement, "restore/1/"))
    change(statement, reviewer, occasion="A day")
    response = editor_client.post(address(statement, "restore/1/"), opened | {"why": "Back."})
    assert "reviewer saved this statement after you had opened this page." in words(response)
    statement.refresh_from_db()
    assert statement.occasion == "A day"
    assert editor_client.post(address(statement, "restore/1/"), fields_in(response)).status_code == 302
    statement.refresh_from_db()
    assert statement.occasion == "", "asked once more, it was confirmed"


def test_a_version_that_does_not_exist_is_not_restored(editor_client: Client, statement: Statement) -> None:
    for number in (0, 99):
        assert editor_client.get(address(statement, f"restore/{number}/")).status_code == 404


def test_the_page_says_what_readers_will_see_changed_and_discards_it(
    editor_client: Client, statement: Statement
) -> None:
    page = editor_client.get(address(statement, "change/")).content.decode()
    assert f'href="{address(statement, "compare/")}?from=1&amp;to=3"' in page
    assert "See what readers will see changed" in page
    discard = address(statement, "discard/")
    assert f'href="{discard}"' in page
    response = editor_client.post(discard, fields_on(editor_client, discard))
    assert response.status_code == 302
    statement.refresh_from_db()
    assert (statement.summary, statement.place, statement.step) == ("They ask.", "", "done")
    made = statement.versions.latest("number")
    assert made.why == "What was changed after publication was discarded."
    assert made.content_hash == statement.published_version.content_hash  # type: ignore[union-attr]
    page = editor_client.get(address(statement, "change/")).content.decode()
    assert "The desk holds the same." in page
    assert discard not in page, "there is nothing left to discard"
    assert "exactly this already" in words(editor_client.post(discard, fields_on(editor_client, discard)))


def test_what_readers_never_saw_can_not_be_discarded(editor_client: Client, editor: User) -> None:
    draft = make_statement(by=editor)
    assert address(draft, "discard/") not in editor_client.get(address(draft, "change/")).content.decode()
    page = address(draft, "discard/")
    assert "Readers do not see it" in words(editor_client.post(page, fields_on(editor_client, page)))


def test_discarding_takes_what_waits_for_review_out_of_it(
    editor_client: Client, editor: User, statement: Statement
) -> None:
    submit(statement=statement, by=editor)
    page = address(statement, "discard/")
    assert editor_client.post(page, fields_on(editor_client, page) | {"why": "No."}).status_code == 302
    statement.refresh_from_db()
    assert statement.step == "done"
    assert statement.versions.latest("number").why == "No."


def test_only_those_who_may_see_and_change_statements_go_back(statement: Statement) -> None:
    looker = make_user("looker")
    client = Client()
    client.force_login(looker)
    for page in ("versions/", "compare/?from=1&to=2", "restore/1/", "discard/", "history/"):
        assert client.get(address(statement, page)).status_code == 403, page
        assert client.post(address(statement, page), {"why": "x"}).status_code == 403, page
        assert Client().get(address(statement, page)).status_code == 302, "to the login"
    assert statement.versions.count() == 3


@pytest.mark.parametrize("object_id", ["0", "999999", "x", "1%00"])
def test_pages_of_a_statement_that_does_not_exist_answer_404(editor_client: Client, object_id: str) -> None:
    for page in ("versions/", "compare/?from=1&to=2", "restore/1/", "discard/", "history/"):
        assert editor_client.get(f"/admin/statements/statement/{object_id}/{page}").status_code == 404


# --- Reference data ---


def test_the_history_of_an_organisation_lists_its_changes_with_old_and_new_values(
    reviewer_client: Client, reviewer: User
) -> None:
    organisation, other = OrganisationFactory(name="Minstry of Example"), OrganisationFactory(name="Other")
    for row in (organisation, other):
        page = f"/admin/statements/organisation/{row.pk}/change/"
        fields = fields_on(reviewer_client, page) | {"name": f"{row.name} of today", "_save": "Save"}
        response = reviewer_client.post(page, fields)
        assert response.status_code == 302, errors_of(response)
        reviewer_client.get(page)  # says what was saved
    history = f"/admin/statements/organisation/{organisation.pk}/history/"
    response = reviewer_client.get(history, follow=True)
    assert response.status_code == 200
    page = words(response)
    assert "name: Minstry of Example → Minstry of Example of today" in page
    assert "reviewer" in page
    assert "Other of today" not in page
    recorded = ReferenceChange.objects.get(target_id=organisation.pk, kind="organisation")
    page = words(reviewer_client.get(f"/admin/statements/referencechange/{recorded.pk}/change/"))
    assert "name Minstry of Example Minstry of Example added: of today (end)" in page


def test_a_change_of_what_is_no_longer_known_is_still_shown(reviewer_client: Client) -> None:
    recorded = ReferenceChange.objects.create(
        kind="planet",
        target_id=1,
        label="Mars",
        changes={"position": [None, 4], "colour": ["red", ""]},
        saved_at="2022-01-01T00:00Z",
        through="form",
    )
    for page in ("", f"{recorded.pk}/change/"):
        response = reviewer_client.get(f"/admin/statements/referencechange/{page}")
        assert response.status_code == 200
        assert "colour" in words(response)


def test_the_history_of_a_row_that_does_not_exist_answers_404(reviewer_client: Client) -> None:
    assert reviewer_client.get("/admin/statements/source/999/history/").status_code == 404
