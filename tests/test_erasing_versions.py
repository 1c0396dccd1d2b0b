"""Erasing versions as a whole: what readers and the desk see in their place."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.erasing import Target, preview
from statements.actions.publishing import withdraw
from statements.actions.refusal import Refusal
from statements.models import PutOff, Statement, Through, Version
from tests import factories as f
from tests.erasing import NAME, WORDS, erased, everything, statement_with_the_name


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return statement_with_the_name(editor=editor, reviewer=reviewer)


def test_a_whole_version_that_readers_could_open_answers_410_from_then_on(
    statement: Statement, administrator: User, client: Client
) -> None:
    before = Version.objects.get(number=2).content_hash
    erased(statement, by=administrator, version=2, reason="court")
    version = Version.objects.get(number=2)
    assert version.document.keys() == {"schema", "erased"}
    assert version.content_hash == before
    response = client.get(f"/statements/{statement.slug}/versions/1/")
    assert response.status_code == 410
    page = response.content.decode()
    assert "a court" in page
    assert f"/statements/{statement.slug}/" in page
    assert client.get(f"/statements/{statement.slug}/").status_code == 200
    assert client.get("/corrections/").status_code == 200
    assert client.get(f"/statements/{statement.slug}/versions/compare/?from=1&to=2").status_code < 500


def test_of_the_version_that_the_desk_says_only_who_and_when_is_left(
    statement: Statement, administrator: User, reviewer: User, client: Client, administrator_client: Client
) -> None:
    withdraw(statement=statement, by=reviewer, reason="A court asked for it.")
    for number in (1, 2, 3):
        erased(statement, by=administrator, version=number)
    assert WORDS not in everything()
    assert NAME not in everything()
    latest = Version.objects.latest("number")
    assert (latest.number, latest.through) == (4, Through.ERASURE)
    statement.refresh_from_db()
    assert statement.title == "[…]"
    assert statement.issuers.count() == 1
    assert not statement.wordings.exists()
    for address in (f"/statements/{statement.slug}/", f"/statements/{statement.slug}/versions/1/"):
        assert client.get(address).status_code == 410
    assert client.get("/corrections/").status_code == 200
    for version in Version.objects.all():
        assert administrator_client.get(f"/admin/statements/version/{version.pk}/change/").status_code == 200
    assert administrator_client.get(f"/admin/statements/statement/{statement.pk}/change/").status_code == 200


def test_versions_that_say_exactly_the_same_go_together(editor: User, administrator: User) -> None:
    statement = f.make_statement(by=editor)
    for title in ("Another", statement.title):
        statement.title = title
        statement.save()
        f.save_version(statement=statement, by=editor)
    done = erased(statement, by=administrator, version=1)
    assert [one.version.number for one in done.versions] == [1, 3]
    with pytest.raises(Refusal, match="was erased already"):
        preview(statement=statement, target=Target(version=3), by=administrator)


def test_a_word_of_an_erased_version_stays_where_it_is_somebody_elses(editor: User, administrator: User) -> None:
    statement = f.make_statement(by=editor, place="Riga", summary="What Ivan Ivanov wrote to us.")
    for item, reason in (("1", "The ministry in Riga will answer."), ("2", "What Ivan Ivanov wrote to us.")):
        PutOff.objects.create(queue="words", item=item, until="2099-01-01", reason=reason, at=timezone.now())
    statement.place, statement.summary = "Vilnius", ""
    statement.save()
    f.save_version(statement=statement, by=editor)
    erased(statement, by=administrator, version=1)
    reasons = PutOff.objects.order_by("item").values_list("reason", flat=True)
    assert list(reasons) == ["The ministry in Riga will answer.", "[…]"]
