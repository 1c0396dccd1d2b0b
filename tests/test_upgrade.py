"""A desk with data is brought to the release with the index of words, and back."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from statements.actions.publishing import publish_all
from statements.actions.steps import submit
from statements.models import DemandPeriod, DemandVoice, EntryFacets, NamedOnce, Tally
from statements.record import index, tally
from statements.record.check import offences
from statements.record.sitemap import how_many
from statements.record.use import named_by_a_published_version
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    IssuerFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    publish_again,
    save_version,
)


def _found(client: Client, q: str) -> bool:
    return "One statement" in client.get("/statements/", {"q": q}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_stored_statements_are_found_after_the_upgrade(
    editor: User, reviewer: User, client: Client, editor_client: Client
) -> None:
    made = make_public_statement(
        by=editor, published_by=reviewer, title="Lukašenka and others", issued="2020-08/2021-01"
    )
    IssuerFactory(statement=made, organisation=OrganisationFactory(name="The office", names=[("Служба", "ru")]))
    publish_again(made, by=editor, published_by=reviewer)
    call_command("migrate", "statements", "0003", verbosity=0)
    call_command("migrate", "statements", verbosity=0)
    for q in ("LUKASENKA", "Служба", "-nothing"):
        assert _found(client, q), q
    assert EntryFacets.objects.get().years == "2020-2021"
    assert tally.differences() == []
    for q in ("lukas", "ОФИС", "слу"):
        listed = editor_client.get("/admin/statements/statement/", {"q": q}).context["cl"].result_list
        assert [row.pk for row in listed] == ([] if q == "ОФИС" else [made.pk]), q
    index.rebuild()
    assert list(offences()) == []
    assert _found(client, '"lukasenka and"')


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_counts_what_readers_see_already(editor: User, reviewer: User) -> None:
    demand = DemandFactory(title="Release")
    first = StatementFactory(title="First", issued="2020-08")
    made = [first, StatementFactory(title="Again", issued="2020-08-09", relation="repeats", related_statement=first)]
    made.append(StatementFactory(title="Another", issued="2020-12-30/2021-01-02"))
    for statement in made:
        for part in ("issued", "joined"):
            IssuerFactory(statement=statement, part=part)
        SpeakerRoleFactory(statement=statement)
        CitationFactory(statement=statement)
        WordingFactory(statement=statement)
        DemandMentionFactory(statement=statement, demand=demand, quote="release of all")
        CountObservationFactory(statement=statement, quote="1007")
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    spoken = StatementFactory(title="Spoken", issued="2022")
    SpeakerRoleFactory(statement=spoken)
    CitationFactory(statement=spoken)
    mention = DemandMentionFactory(statement=spoken, demand=demand, quote="")
    mention.addressees.add(OrganisationFactory(), OrganisationFactory())
    save_version(statement=spoken, by=editor)
    submit(statement=spoken, by=editor)
    publish_all(statements=[*made, spoken], by=reviewer)
    before = _counted()
    assert all(before)
    call_command("migrate", "statements", "0004", verbosity=0)
    call_command("migrate", "statements", verbosity=0)
    assert _counted() == before
    assert index.differences() == []


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_remembers_what_only_an_earlier_version_names(editor: User, reviewer: User, client: Client) -> None:
    made = make_public_statement(by=editor, published_by=reviewer)
    first = made.issuers.get().organisation
    made.issuers.update(organisation=OrganisationFactory())
    publish_again(made, by=editor, published_by=reviewer)
    SourceFactory(published_from=None, published_until=None)
    call_command("migrate", "statements", "0007", verbosity=0)
    assert "statements_namedonce" not in connection.introspection.table_names()
    call_command("migrate", "statements", verbosity=0)
    assert named_by_a_published_version(first)
    assert not named_by_a_published_version(OrganisationFactory())
    assert how_many("source") == {"source": 1}
    assert index.differences() == []


def _counted() -> list[list[tuple[object, ...]]]:
    return [
        sorted(Tally.objects.values_list("of", "target_id", "value", "number")),
        sorted(DemandVoice.objects.values_list("demand_id", "facet", "target_id", "number")),
        sorted(DemandPeriod.objects.values_list("demand_id", "first", "last", "number")),
        sorted(EntryFacets.objects.values_list()),
        sorted(NamedOnce.objects.values_list("part", "slug")),
    ]
