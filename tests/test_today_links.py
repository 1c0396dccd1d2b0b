"""Lists by theme, country and addressee say what reference data say today, whatever way that was changed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Demand, Organisation, Statement, Tally, TodayLink
from statements.record import index
from tests.admin_forms import errors_of, fields_on
from tests.factories import (
    DemandFactory,
    DemandMentionFactory,
    IssuerFactory,
    OrganisationFactory,
    make_public_statement,
    make_user,
    publish_again,
)
from tests.importing import imported
from tests.merging import merged
from tests.test_public_list import found as titles
from tests.undoing import run_of, undone


@pytest.fixture
def importer(db: None) -> User:
    return make_user("both", "importer", "reviewer")


@pytest.fixture
def statements(editor: User, reviewer: User) -> list[Statement]:
    """Two of the ministry and one of the office; each demands release of the court, the last one also an inquiry."""
    court = OrganisationFactory(name="Court", slug="court", country="BY")
    release = DemandFactory(title="Release", slug="release", theme="release")
    release.addressees.add(court)
    inquiry = DemandFactory(title="Inquiry", slug="inquiry", theme="justice")
    ministry = OrganisationFactory(name="Ministry", slug="ministry", country="LV")
    office = OrganisationFactory(name="Office", slug="office", country="")
    made = []
    for number, issuer in enumerate((ministry, ministry, office)):
        statement = make_public_statement(by=editor, published_by=reviewer, title=f"Statement {number}")
        statement.issuers.all().delete()
        statement.mentions.all().delete()
        IssuerFactory(statement=statement, organisation=issuer)
        DemandMentionFactory(statement=statement, demand=release, quote="release of all")
        if issuer is office:
            DemandMentionFactory(statement=statement, demand=inquiry, quote="release of all").addressees.add(ministry)
        publish_again(statement, by=editor, published_by=reviewer)
        made.append(statement)
    return made


def found(client: Client, query: str) -> int:
    """How many the list says, which are as many as it shows."""
    rows = len(titles(client, query))
    assert index.differences() == []
    assert int(client.get(f"/statements.json?{query}").headers.get("X-Total-Count", "0")) == rows
    return rows


def posted(client: Client, row: Any, **typed: Any) -> None:
    address = f"/admin/statements/{row._meta.model_name}/{row.pk}/change/"
    response = client.post(address, fields_on(client, address) | typed)
    assert response.status_code == 302, errors_of(response)


def numbers(client: Client) -> dict[str, int]:
    asked = ("theme=release", "theme=justice", "country=LV", "country=EE", "addressee=court", "addressee=office")
    return {query: number for query in asked if (number := found(client, query))}


def test_what_is_published_is_found_by_what_its_demands_and_organisations_say(
    statements: list[Statement], client: Client
) -> None:
    assert numbers(client) == {"theme=release": 3, "theme=justice": 1, "country=LV": 2, "addressee=court": 3}
    assert found(client, "addressee=ministry") == 1, "an addressee of the statement's own"


def test_lists_follow_a_demand_that_a_reviewer_changes(
    statements: list[Statement], client: Client, reviewer_client: Client
) -> None:
    release, office = Demand.objects.get(slug="release"), Organisation.objects.get(slug="office")
    posted(reviewer_client, release, theme="justice")
    assert numbers(client) == {"theme=justice": 3, "country=LV": 2, "addressee=court": 3}
    posted(reviewer_client, release, theme="", addressees=[str(office.pk)])
    assert numbers(client) == {"theme=justice": 1, "country=LV": 2, "addressee=office": 3}
    assert found(client, "addressee=ministry") == 1
    posted(reviewer_client, release, addressees=[])
    assert numbers(client) == {"theme=justice": 1, "country=LV": 2}


def test_lists_follow_a_country_that_a_reviewer_changes(
    statements: list[Statement], client: Client, reviewer_client: Client
) -> None:
    posted(reviewer_client, Organisation.objects.get(slug="office"), country="EE")
    assert numbers(client)["country=EE"] == 1
    posted(reviewer_client, Organisation.objects.get(slug="ministry"), country="EE")
    assert numbers(client)["country=EE"] == 3
    posted(reviewer_client, Organisation.objects.get(slug="ministry"), country="")
    assert numbers(client)["country=EE"] == 1


def test_what_says_nothing_else_writes_no_link_anew(statements: list[Statement], reviewer_client: Client) -> None:
    before = set(TodayLink.objects.values_list("pk", flat=True))
    posted(reviewer_client, Demand.objects.get(slug="release"), title="Release of all")
    posted(reviewer_client, Organisation.objects.get(slug="ministry"), name="Ministry of Foreign Affairs")
    assert set(TodayLink.objects.values_list("pk", flat=True)) == before


def test_lists_follow_an_import_and_its_undoing(statements: list[Statement], client: Client, importer: User) -> None:
    before = numbers(client)
    files = {
        "organisations": "slug,name,country,kind\noffice,Office,EE,government\nnew,New one,EE,government\n",
        "demands": "slug,title,theme,addressees\nrelease,Release,repression,office\ninquiry,Inquiry,release,new\n",
    }
    run = run_of(files, by=importer)
    assert numbers(client) == {"theme=release": 1, "country=LV": 2, "country=EE": 1, "addressee=office": 3}
    undone(run, by=importer)
    assert numbers(client) == before


def test_an_import_that_changes_no_theme_leaves_the_links_as_they_are(
    statements: list[Statement], importer: User
) -> None:
    before = set(TodayLink.objects.values_list("pk", flat=True))
    imported("demands", "slug,title,theme\nrelease,In other words,release\n", by=importer)
    assert set(TodayLink.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("first_survives", [True, False])
def test_lists_follow_a_merge_of_demands(
    statements: list[Statement], client: Client, administrator: User, first_survives: bool
) -> None:
    release, inquiry = Demand.objects.get(slug="release"), Demand.objects.get(slug="inquiry")
    inquiry.addressees.add(Organisation.objects.get(slug="office"))
    merged(*((release, inquiry) if first_survives else (inquiry, release)), by=administrator)
    after = numbers(client)
    assert after["theme=release" if first_survives else "theme=justice"] == 3
    # The third names whom it addresses itself in one of the two mentions, which are one now.
    assert (
        after["addressee=court"]
        == after["addressee=office"]
        == Tally.objects.get(of="addressed", target_id=Organisation.objects.get(slug="court").pk).number
    )


def test_lists_follow_a_merge_of_organisations(
    statements: list[Statement], client: Client, administrator: User
) -> None:
    court, office, ministry = (Organisation.objects.get(slug=slug) for slug in ("court", "office", "ministry"))
    merged(office, court, by=administrator)
    assert numbers(client) == {"theme=release": 3, "theme=justice": 1, "country=LV": 2, "addressee=office": 3} | {
        "addressee=court": 3
    }, "an old address of the court leads to the office"
    merged(ministry, office, by=administrator)
    assert found(client, "country=LV") == 3
    assert found(client, "addressee=ministry") == 3


def test_a_language_with_a_long_tag_is_counted(editor: User, reviewer: User, client: Client) -> None:
    make_public_statement(by=editor, published_by=reviewer, language="sl-Latn-IT-rozaj-biske-1994")
    assert found(client, "language=sl-Latn-IT-rozaj-biske-1994") == 1
