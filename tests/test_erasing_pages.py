"""The pages on which an administrator erases something."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Erasure, Statement, Version
from tests import factories as f
from tests.admin_forms import fields_in

WORDS = "all 1007 political prisoners"


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return f.make_public_statement(by=editor, published_by=reviewer, title="On a prisoner")


def page_of(statement: Statement) -> str:
    return f"/admin/statements/statement/{statement.pk}/erase/"


def asked(client: Client, statement: Statement, **target: Any) -> Any:
    return client.post(page_of(statement), fields_in(client.get(page_of(statement))) | target)


def confirmed(client: Client, statement: Statement, shown: Any, **given: Any) -> Any:
    fields = fields_in(shown) | {"reason": "safety", "confirmation": statement.slug} | given
    return client.post(page_of(statement), fields)


def test_an_administrator_finds_looks_and_confirms(administrator_client: Client, statement: Statement) -> None:
    change = f"/admin/statements/statement/{statement.pk}/change/"
    assert f'href="{page_of(statement)}"' in administrator_client.get(change).content.decode()
    shown = asked(administrator_client, statement, words=WORDS)
    page = shown.content.decode()
    assert "Version 1: words (wording): 1" in page
    assert "Readers see it now" in page
    assert "Backups" in page
    assert "no-store" in shown["Cache-Control"]
    response = confirmed(administrator_client, statement, shown)
    assert response.status_code == 302
    assert "It was erased from one version." in administrator_client.get(change).content.decode()
    assert WORDS not in str(Version.objects.get().document)
    assert Erasure.objects.get().by_name == "administrator"
    assert not LogEntry.objects.filter(change_message__contains=WORDS).exists()


def test_a_wording_is_chosen_from_a_list(administrator_client: Client, statement: Statement) -> None:
    shown = asked(administrator_client, statement, wording=statement.wordings.get().key)
    assert confirmed(administrator_client, statement, shown, reason="rights").status_code == 302
    assert statement.wordings.get().text == "[…]"


def test_a_whole_version_is_chosen_from_a_list(
    administrator_client: Client, statement: Statement, editor: User, reviewer: User
) -> None:
    statement.place = "Riga"
    statement.save()
    f.publish_again(statement, by=editor, published_by=reviewer)
    shown = asked(administrator_client, statement, version="1")
    assert "Version 1: all of it" in shown.content.decode()
    assert confirmed(administrator_client, statement, shown, reason="court").status_code == 302
    erased = Version.objects.get(number=1)
    assert erased.document.keys() == {"schema", "erased"}
    note = administrator_client.get(f"/admin/statements/version/{erased.pk}/change/").content.decode()
    assert "by administrator, for a court&#x27;s decision: the whole version." in note
    assert erased.content_hash in note
    page = administrator_client.get(page_of(statement)).content.decode()
    assert 'value="1"' not in page, "it is not offered again"


def test_the_list_of_versions_says_what_was_erased_and_offers_to_restore_only_what_is_left(
    administrator_client: Client, statement: Statement, editor: User, reviewer: User
) -> None:
    statement.place = "Riga"
    statement.save()
    f.publish_again(statement, by=editor, published_by=reviewer)
    versions = page_of(statement).replace("erase", "versions")
    restore = page_of(statement).replace("erase", "restore/1")
    compared = f"{page_of(statement).replace('erase', 'compare')}?from=1&to=2"
    for address in (versions, compared):
        assert restore in administrator_client.get(address).content.decode()
    confirmed(administrator_client, statement, asked(administrator_client, statement, version="1"), reason="court")
    page = administrator_client.get(versions).content.decode()
    assert "all of it was erased on" in page
    assert "for a court&#x27;s decision" in page
    for address in (versions, compared):
        assert restore not in administrator_client.get(address).content.decode()


def test_what_readers_see_now_does_not_go_as_a_whole(administrator_client: Client, statement: Statement) -> None:
    page = asked(administrator_client, statement, version="1").content.decode()
    assert "Withdraw the statement" in page
    assert "Erase for good" not in page


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ({}, "Say one thing that is to be erased"),
        ({"words": "prisoners", "version": "1"}, "Say one thing that is to be erased"),
        ({"words": "not in there"}, "These words stand nowhere in this statement"),
        ({"version": "99"}, "Select a valid choice"),
        ({"wording": "none"}, "Select a valid choice"),
    ],
)
def test_what_can_not_be_erased_is_told(
    target: dict[str, str], sentence: str, administrator_client: Client, statement: Statement
) -> None:
    assert sentence in asked(administrator_client, statement, **target).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"confirmation": "yes"}, "This is not the slug: nothing was erased."),
        ({"confirmation": ""}, "This field is required."),
        ({"reason": ""}, "This field is required."),
        ({"reason": "spite"}, "Select a valid choice"),
    ],
)
def test_an_unclear_confirmation_erases_nothing(
    given: dict[str, str], sentence: str, administrator_client: Client, statement: Statement
) -> None:
    shown = asked(administrator_client, statement, words=WORDS)
    assert sentence in confirmed(administrator_client, statement, shown, **given).content.decode()
    assert not Erasure.objects.exists()


def test_what_changed_in_between_is_shown_anew(
    administrator_client: Client, statement: Statement, editor: User
) -> None:
    shown = asked(administrator_client, statement, words=WORDS)
    statement.occasion = WORDS
    statement.save()
    f.save_version(statement=statement, by=editor)
    again = confirmed(administrator_client, statement, shown)
    assert "Something changed after you had looked at it." in again.content.decode()
    assert not Erasure.objects.exists()
    assert confirmed(administrator_client, statement, again).status_code == 302


def test_nobody_else_erases(
    editor_client: Client, reviewer_client: Client, importer_client: Client, statement: Statement
) -> None:
    for client in (editor_client, reviewer_client, importer_client):
        assert client.get(page_of(statement)).status_code == 403
        assert client.post(page_of(statement), {"words": WORDS}).status_code == 403
        change = client.get(f"/admin/statements/statement/{statement.pk}/change/").content.decode()
        assert page_of(statement) not in change
    assert Client().get(page_of(statement)).status_code == 302


def test_what_is_to_be_erased_stands_in_no_address(administrator_client: Client, statement: Statement) -> None:
    page = administrator_client.get(f"{page_of(statement)}?words={WORDS}").content.decode()
    assert "Erase for good" not in page
    assert administrator_client.get("/admin/statements/statement/99999999/erase/").status_code == 404
