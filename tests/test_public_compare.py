"""Two published versions side by side, for readers: what changed, and nothing that was never published."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.models import OldSlug, Statement, Version
from tests.factories import make_public_statement, make_statement, publish_again, save_version
from tests.public_walk import walk
from tests.test_public_hostile import MARKUP, check, publish_markup
from tests.test_public_queries import counted_queries
from tests.test_public_reference import text_of

pytestmark = pytest.mark.django_db

COMPARE = "/statements/the-statement/versions/compare/"


def revise(statement: Statement, editor: User, reviewer: User, **fields: Any) -> None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    statement.refresh_from_db()
    publish_again(statement, by=editor, published_by=reviewer)


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    """Published three times."""
    found = make_public_statement(by=editor, published_by=reviewer, title="The statement", summary="They ask for all.")
    found.counts.update(value=1008, quote="")
    revise(found, editor, reviewer, summary="They demand it for all.")
    revise(found, editor, reviewer, place="Riga")
    return found


def test_the_words_that_changed_are_marked_in_signs_and_in_words(statement: Statement, client: Client) -> None:
    response = client.get(f"{COMPARE}?from=1&to=2")
    assert response.status_code == 200
    page = response.content.decode()
    check(page)
    assert re.search(
        r"<del><span class=\"unseen\">removed: </span>ask<span class=\"unseen\"> \(end\)</span></del>", page
    )
    assert re.search(r"<ins><span class=\"unseen\">added: </span>demand it<span", page)
    words = text_of(client, f"{COMPARE}?from=1&to=2")
    assert "From version 1 to version 2" in words
    measure = statement.counts.get().measure.name
    assert f"Count: {measure}, 1,008 changed number removed: 1,007 (end) added: 1,008 (end)" in words
    assert "Riga" not in words


def test_versions_that_are_not_neighbours_are_compared_in_either_direction(
    client: Client, statement: Statement
) -> None:
    assert "nothing added: Riga (end)" in text_of(client, f"{COMPARE}?from=1&to=3")
    assert "removed: Riga (end) nothing" in text_of(client, f"{COMPARE}?from=3&to=1")


def test_it_is_linked_from_the_history_and_the_corrections_and_leads_to_both_versions(
    client: Client, statement: Statement
) -> None:
    link = 'href="/statements/the-statement/versions/compare/?from=1&amp;to=2"'
    assert link in client.get("/statements/the-statement/").content.decode()
    assert link in client.get("/corrections/").content.decode()
    pages = walk(client)
    page = pages[f"{COMPARE}?from=1&to=2"]
    for number in (1, 2):
        assert f'href="/statements/the-statement/versions/{number}/"' in page
    assert f"{COMPARE}?from=2&to=3" in pages


def test_the_reader_chooses_others_in_a_form_without_scripts(client: Client, statement: Statement) -> None:
    page = client.get(f"{COMPARE}?from=1&to=2").content.decode()
    form = re.findall(rf'<form class="choose" action="{COMPARE}">.*?</form>', page, re.DOTALL)[0]
    assert re.findall(r'<option value="(\d)" selected>', form) == ["1", "2"]
    assert form.count("<option") == 6


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("?from=1", 400, "Choose two versions"),
        ("?from=1&to=2&to=3", 400, "Choose two versions"),
        ("?from=first&to=2", 400, "“first” is not the number of a version."),
        ("?from=1&to=%00", 400, "is not the number of a version."),
        ("?from=1&to=1", 400, "Version 1 is the same as itself"),
        ("?from=1&to=4", 404, "There is no version 4 here."),
        ("?from=0&to=1", 404, "There is no version 0 here."),
    ],
)
def test_what_can_not_be_compared_is_answered_with_a_page_that_says_why(
    client: Client, statement: Statement, query: str, status: int, sentence: str
) -> None:
    response = client.get(COMPARE + query)
    assert response.status_code == status
    page = response.content.decode()
    check(page)
    assert sentence in page
    assert re.findall(r'<option value="(\d)" selected>', page) == ["2", "3"], "the newest change is offered"


def test_the_bare_address_shows_the_newest_change(client: Client, statement: Statement) -> None:
    assert "From version 2 to version 3" in text_of(client, COMPARE)


def test_a_statement_with_one_version_says_so(client: Client, editor: User, reviewer: User) -> None:
    make_public_statement(by=editor, published_by=reviewer, title="Once")
    for query in ("", "?from=1&to=2"):
        response = client.get(f"/statements/once/versions/compare/{query}")
        assert response.status_code == 404
        assert "Only one version has been published so far." in response.content.decode()


def test_nothing_that_was_never_published_is_compared(
    client: Client, statement: Statement, editor: User, reviewer: User
) -> None:
    Statement.objects.filter(pk=statement.pk).update(title="secret1x")
    save_version(statement=statement, by=editor)
    for query in ("?from=1&to=3", "?from=3&to=4"):
        assert "secret1x" not in client.get(COMPARE + query).content.decode()
    assert client.get(f"{COMPARE}?from=3&to=4").status_code == 404
    make_statement(by=editor, title="A draft")
    assert client.get("/statements/a-draft/versions/compare/?from=1&to=2").status_code == 404
    assert client.get("/statements/nothing/versions/compare/?from=1&to=2").status_code == 404


def test_a_relation_is_told_while_the_other_statement_is_public(
    client: Client, statement: Statement, editor: User, reviewer: User
) -> None:
    other = make_public_statement(by=editor, published_by=reviewer, title="The other", slug="secret2x")
    revise(statement, editor, reviewer, relation="repeats", related_statement=other)
    assert "relation nothing added: repeats: The other (end)" in text_of(client, f"{COMPARE}?from=3&to=4")
    withdraw(statement=other, by=reviewer, reason="A mistake.")
    page = text_of(client, f"{COMPARE}?from=3&to=4")
    assert "Nothing that readers see differs between the two." in page
    assert "The other" not in page
    assert "secret2x" not in client.get(f"{COMPARE}?from=3&to=4").content.decode()


def test_what_was_withdrawn_answers_410_with_nothing_of_its_words(
    client: Client, statement: Statement, reviewer: User
) -> None:
    withdraw(statement=statement, by=reviewer, reason="It was not theirs.")
    for query in ("?from=1&to=2", "", "?from=1&to=99"):
        response = client.get(COMPARE + query)
        assert response.status_code == 410
        assert "It was not theirs." in response.content.decode()
        assert "They ask" not in response.content.decode()


def test_an_address_that_was_given_up_leads_on_with_what_was_asked(client: Client, statement: Statement) -> None:
    OldSlug.objects.create(kind="statement", slug="former", target_id=statement.pk)
    response = client.get("/statements/former/versions/compare/?from=1&to=2")
    assert response.status_code == 301
    assert response["Location"] == f"{COMPARE}?from=1&to=2"


def test_what_was_erased_is_told_in_a_sentence(client: Client, statement: Statement) -> None:
    tombstone = {"reason": "court", "on": "2026-11-22"}
    second = Version.objects.get(statement=statement, public_number=2)
    second.document |= {"erased": tombstone}
    second.document["content"]["summary"] = "They […]."
    second.save()
    page = text_of(client, f"{COMPARE}?from=1&to=2")
    assert "Words were erased from version 2 on 22 November 2026, for a court" in page
    assert "They removed:" in page
    Version.objects.filter(pk=second.pk).update(document={"schema": 1, "erased": tombstone})
    for query in ("?from=1&to=2", "?from=2&to=3"):
        page = text_of(client, COMPARE + query)
        assert "Version 2 was erased on 22 November 2026, for a court" in page
        assert "nothing can be compared with it." in page
        assert "They" not in page
    history = text_of(client, "/statements/the-statement/")
    assert "the version before was erased" in history


def test_only_the_page_itself_is_for_search_engines(client: Client, statement: Statement) -> None:
    page = client.get(f"{COMPARE}?from=1&to=2").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<link rel="canonical" href="http://localhost:8000/statements/the-statement/">' in page


def test_words_of_the_statement_carry_their_language(
    client: Client, statement: Statement, editor: User, reviewer: User
) -> None:
    statement.wordings.update(language="ar", text="نطالب بالإفراج عن 1007 سجناء، release of all")
    revise(statement, editor, reviewer)
    page = client.get(f"{COMPARE}?from=3&to=4").content.decode()
    assert '<div class="side" lang="ar" dir="rtl">' in page


def test_markup_is_shown_as_it_was_typed(client: Client, editor: User, reviewer: User) -> None:
    publish_markup(editor, reviewer)
    hostile = Statement.objects.get(slug="hostile")
    revise(hostile, editor, reviewer, summary=f"{MARKUP} {MARKUP}", place="")
    hostile.counts.all().delete()
    revise(hostile, editor, reviewer, title="Tame")
    for query in ("?from=1&to=2", "?from=1&to=3", "?from=3&to=1"):
        page = client.get(f"/statements/hostile/versions/compare/{query}").content.decode()
        check(page)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_only_get_and_head_are_answered(client: Client, statement: Statement) -> None:
    assert client.head(f"{COMPARE}?from=1&to=2").status_code == 200
    assert client.post(f"{COMPARE}?from=1&to=2").status_code == 405


@pytest.mark.parametrize("more", [0, 20])
def test_it_takes_two_queries_however_many_versions_there_are(
    client: Client, statement: Statement, editor: User, reviewer: User, more: int
) -> None:
    for number in range(more):
        revise(statement, editor, reviewer, occasion=f"Day {number}")
    with counted_queries() as seen:
        client.get(f"{COMPARE}?from=1&to={more + 3}")
    assert len(seen) == 2
    other = make_public_statement(by=editor, published_by=reviewer)
    revise(statement, editor, reviewer, relation="quotes", related_statement=other)
    with counted_queries() as seen:
        client.get(f"{COMPARE}?from=1&to={more + 4}")
    assert len(seen) == 4
