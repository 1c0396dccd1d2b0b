"""A desk with data is brought to the release with the index of words, and back."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from statements.models import Entry, Statement
from statements.record import index
from tests.factories import IssuerFactory, OrganisationFactory, make_public_statement, publish_again


def _found(client: Client, q: str) -> bool:
    return "One statement" in client.get("/statements/", {"q": q}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_stored_statements_are_found_after_the_upgrade(editor: User, reviewer: User, client: Client) -> None:
    made = make_public_statement(
        by=editor, published_by=reviewer, title="Lukašenka and others", issued="2020-08/2021-01"
    )
    IssuerFactory(statement=made, organisation=OrganisationFactory(name="The office", names=[("Служба", "ru")]))
    publish_again(made, by=editor, published_by=reviewer)
    call_command("migrate", "statements", "0003", verbosity=0)
    call_command("migrate", "statements", verbosity=0)
    for q in ("LUKASENKA", "Служба", "-nothing"):
        assert _found(client, q), q
    entry = Entry.objects.get()
    assert (entry.year_from, entry.year_until) == (2020, 2021)
    assert Statement.objects.get().folded == " lukasenka and others"
    index.rebuild()
    assert index.differences() == []
    assert _found(client, '"lukasenka and"')
