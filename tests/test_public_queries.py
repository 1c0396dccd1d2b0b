"""A public page costs the same number of queries however much is on it."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish_all, withdraw
from statements.actions.steps import submit
from statements.models import Demand, Measure, Organisation, Source, Speaker, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    publish_again,
    save_version,
)
from tests.public_walk import body_of

#: One of them is that for the content version; a few small files are known by what they say, and do without.
MOST = {
    "/": 12,
    "/statements/": 8,
    "/statements/?issuer=the-organisation&demand=the-demand&q=release": 12,
    "/statements/the-statement-0/": 7,
    "/statements/the-statement-0/versions/1/": 4,
    "/statements/the-statement-0/versions/compare/?from=1&to=2": 2,
    "/statements/the-statement-0/versions/1.bib": 1,
    "/statements/the-statement-0/versions/1.ris": 1,
    "/statements/the-statement-0/versions/1.csl.json": 1,
    "/statements.csv": 11,
    "/statements.csv?issuer=the-organisation&demand=the-demand&page=1": 14,
    "/statements.csv-metadata.json": 2,
    "/statements.json": 11,
    "/statements.xlsx": 11,
    "/statements.atom": 12,
    "/statements/the-statement-0.json": 10,
    "/statements/the-statement-0/versions/1.json": 1,
    "/organisations/the-organisation.atom": 13,
    "/demands/the-demand.csv": 12,
    "/demands/the-demand.csv-metadata.json": 3,
    "/demands/the-demand.json": 15,
    "/demands/the-demand.atom": 13,
    "/measures/the-measure.csv": 12,
    "/measures/the-measure.csv-metadata.json": 3,
    "/measures/the-measure.json": 13,
    "/measures/the-measure.atom": 13,
    "/data/schemas/statements.json": 0,
    "/organisations/": 3,
    "/organisations/the-organisation/": 12,
    "/speakers/the-speaker/": 12,
    "/demands/": 4,
    "/demands/the-demand.bib": 1,
    "/demands/the-demand.ris": 1,
    "/demands/the-demand.csl.json": 1,
    "/demands/the-demand/": 12,
    "/demands/the-demand.svg": 4,
    "/demands/the-demand/chart.csv": 4,
    "/demands/the-demand/chart.csv-metadata.json": 4,
    "/measures/": 4,
    "/measures/the-measure/": 9,
    "/measures/the-measure.svg": 4,
    "/sources/": 3,
    "/sources/the-source/": 10,
    "/measures/the-measure/?sort=-value": 9,
    "/about/": 1,
    "/corrections/": 4,
    "/corrections/?kind=minor+fix": 4,
    "/corrections.atom": 2,
    "/data/": 11,
    "/data/package.zip": 29,
    "/data/datapackage.json": 1,
    "/data/changes.csv": 2,
    "/data/counts.csv": 10,
    "/sitemap.xml": 3,
    "/sitemap-statement-1.xml": 2,
    "/robots.txt": 1,
}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """By a wrapper: Django's own log of queries forgets those beyond 9,000."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def fill(editor: User, reviewer: User, *, rows: int) -> None:
    """``rows`` statements by one organisation and one speaker that make one demand and quote one measure.

    On the first of them hang as many issuers, speakers, sources, wordings, demands and counts.
    """
    parent = OrganisationFactory(name="The parent")
    organisation = OrganisationFactory(name="The organisation", parent=parent, names=[("Организация", "ru")])
    speaker = SpeakerFactory(name="The speaker", organisation=organisation)
    source = SourceFactory(slug="the-source")
    demand, measure = DemandFactory(title="The demand"), MeasureFactory(name="The measure", position=1)
    demand.addressees.add(organisation, parent)
    first: Statement | None = None
    made = []
    for number in range(rows):
        relation = {"relation": "repeats", "related_statement": first} if first is not None else {}
        statement = StatementFactory(title=f"The statement {number}", **relation)
        first = first or statement
        IssuerFactory(statement=statement, organisation=organisation)
        SpeakerRoleFactory(statement=statement, speaker=speaker)
        CitationFactory(statement=statement, source=source)
        WordingFactory(statement=statement, source=source)
        mention = DemandMentionFactory(statement=statement, demand=demand, quote="release of all")
        mention.addressees.add(parent)
        CountObservationFactory(statement=statement, measure=measure, attributed_to=organisation, quote="1007")
        made.append(statement)
    for number in range(rows):
        IssuerFactory(statement=first)
        SpeakerRoleFactory(statement=first)
        CitationFactory(statement=first)
        WordingFactory(statement=first, language="lv", text=f"Atbrīvot {number}")
        DemandMentionFactory(statement=first)
        CountObservationFactory(statement=first, value=number)
        DemandFactory(title=f"Part {number}", parent=demand)
        DemandUpdateFactory(
            demand=demand, published_at=timezone.now(), source=source, date_from=datetime.date(1990 + number, 1, 1)
        )
    for statement in made:
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=made, by=reviewer)
    _correct(made, editor, reviewer)


def _correct(statements: list[Statement], editor: User, reviewer: User) -> None:
    """Each gets a second version; as many others are withdrawn."""
    for statement in statements:
        statement.summary = "In other words."
        statement.save()
        publish_again(statement, by=editor, published_by=reviewer)
        gone = make_public_statement(by=editor, published_by=reviewer)
        withdraw(statement=gone, by=reviewer, reason="A mistake.")


@pytest.mark.parametrize("rows", [3, 30])
def test_every_page_keeps_to_its_number_of_queries(editor: User, reviewer: User, client: Client, rows: int) -> None:
    fill(editor, reviewer, rows=rows)
    counts = {}
    for address in MOST:
        with counted_queries() as seen:
            response = client.get(address)
            body_of(response)  # a file may be read from the database while it is sent
        assert response.status_code == 200, address
        counts[address] = len(seen)
    assert counts == MOST


def test_there_is_a_limit_for_every_kind_of_page(db: None) -> None:
    """A page added later is measured, too: each address of the site has one above."""
    from statements.urls import urlpatterns

    assert len(urlpatterns) == len({address.partition("?")[0] for address in MOST})


def test_an_address_that_was_given_up_costs_few_queries(editor: User, reviewer: User, client: Client) -> None:
    fill(editor, reviewer, rows=1)
    for model, folder in (
        (Organisation, "organisations"),
        (Speaker, "speakers"),
        (Source, "sources"),
        (Demand, "demands"),
        (Measure, "measures"),
        (Statement, "statements"),
    ):
        with counted_queries() as seen:
            assert client.get(f"/{folder}/no-such-{model._meta.model_name}/").status_code == 404
        assert len(seen) <= 3


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/statements/",
        "/statements/?q=release",
        "/statements.atom",
        "/demands/the-demand/",
        "/measures/the-measure/",
    ],
)
def test_lists_are_not_ordered_by_what_stands_on_the_desk(
    editor: User, reviewer: User, client: Client, address: str
) -> None:
    """By a statement instead of its number, Django would order by the desk's date, unpublished as it may be."""
    fill(editor, reviewer, rows=2)
    with counted_queries() as seen:
        body_of(client.get(address))
    assert seen
    assert [sql for sql in seen if '"statements_statement"' in sql] == []
