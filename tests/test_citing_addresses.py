"""The addresses of citations: permanent for a version and its figures, of the day for a demand."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import withdraw
from statements.models import CountObservation, OldSlug, Statement
from tests.erasing import erased, statement_with_the_name
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    make_public_statement,
    make_statement,
    publish_again,
    save_version,
)
from tests.merging import merged
from tests.public_walk import body_of

TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


def text_of(client: Client, address: str, **parameters: Any) -> str:
    response = client.get(address, parameters)
    body = body_of(response).decode()
    assert response.status_code == 200, body
    return body


def item_of(client: Client, address: str, **parameters: Any) -> dict[str, Any]:
    (item,) = json.loads(text_of(client, address, **parameters))
    assert isinstance(item, dict)
    return item


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    """Published twice: a minister of the one ministry says that more than 880 are held."""
    statement = make_public_statement(by=editor, published_by=reviewer, title="Riga", slug="riga", issued="2021-11")
    statement.issuers.all().delete()
    statement.counts.all().delete()
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="The ministry"))
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Anna Berziņa-Kalniņa"))
    CountObservationFactory(
        statement=statement,
        key="c880",
        measure=MeasureFactory(name="Held"),
        qualifier="more than",
        value=880,
        attributed_to=OrganisationFactory(name="Viasna"),
    )
    publish_again(statement, by=editor, published_by=reviewer)
    return statement


def test_each_format_is_a_download_of_its_type_with_a_name_that_tells_what_it_is(
    statement: Statement, client: Client
) -> None:
    day = timezone.localdate().isoformat()
    for extension, content_type in TYPES.items():
        response = client.get(f"/statements/riga/versions/2.{extension}")
        assert response.headers["Content-Type"] == content_type
        assert response.headers["Content-Disposition"] == f'attachment; filename="riga-version-2-{day}.{extension}"'
        assert '<http://localhost:8000/statements/riga/versions/2/>; rel="cite-as"' in response.headers["Link"]
        assert "2021" in body_of(response).decode()
        response = client.get(f"/demands/{statement.mentions.get().demand.slug}.{extension}")
        assert response.headers["Content-Type"] == content_type
        assert f"-{day}.{extension}" in response.headers["Content-Disposition"]


def test_a_version_is_cited_with_who_spoke_who_issued_and_as_much_of_the_date_as_is_known(
    statement: Statement, client: Client
) -> None:
    item = item_of(client, "/statements/riga/versions/2.csl.json")
    assert item["author"] == [{"literal": "Anna Berziņa-Kalniņa"}]
    assert item["publisher"] == "The ministry"
    assert item["issued"] == {"date-parts": [[2021, 11]]}
    assert item["URL"] == "http://localhost:8000/statements/riga/versions/2/"
    assert (item["id"], item["version"], item["genre"]) == ("riga-v2", "2", "press statement")
    assert "accessed" not in item, "what is at the address stays as it is"


def test_where_nobody_is_named_the_issuers_are_the_authors(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="joint")
    statement.issuers.all().delete()
    for name, part in (("Delivers", "delivered on behalf"), ("Joins", "joined"), ("Issues", "issued")):
        IssuerFactory(statement=statement, organisation=OrganisationFactory(name=name), part=part)
    publish_again(statement, by=editor, published_by=reviewer)
    item = item_of(client, "/statements/joint/versions/2.csl.json")
    assert item["author"] == [{"literal": name} for name in ("Issues", "Joins", "Delivers")]
    assert "publisher" not in item


def test_the_citation_of_a_version_stays_as_it_was(
    statement: Statement, editor: User, reviewer: User, client: Client
) -> None:
    before = {extension: text_of(client, f"/statements/riga/versions/2.{extension}") for extension in TYPES}
    statement.refresh_from_db()
    statement.title = "Another title"
    statement.save()
    for organisation in statement.issuers.values_list("organisation", flat=True):
        OrganisationFactory._meta.model.objects.filter(pk=organisation).update(name="Its new name")
    publish_again(statement, by=editor, published_by=reviewer)
    after = {extension: text_of(client, f"/statements/riga/versions/2.{extension}") for extension in TYPES}
    assert after == before
    assert "Its new name" in text_of(client, "/statements/riga/versions/3.bib")


def test_what_was_not_published_is_in_no_citation(statement: Statement, editor: User, client: Client) -> None:
    statement.refresh_from_db()
    statement.title = "secret"
    statement.save()
    save_version(statement=statement, by=editor)
    make_statement(by=editor, slug="draft", title="secret")
    for extension in TYPES:
        assert "secret" not in text_of(client, f"/statements/riga/versions/2.{extension}")
        for address in ("riga/versions/3", "riga/versions/0", "draft/versions/1", "nothing/versions/1"):
            assert client.get(f"/statements/{address}.{extension}").status_code == 404, address


# --- Figures --------------------------------------------------------------------------------------------------------


def test_a_figure_is_cited_in_words_with_its_place_on_the_page_of_the_version(
    statement: Statement, client: Client
) -> None:
    item = item_of(client, "/statements/riga/versions/2.csl.json", figure="c880")
    assert item["title"] == "Held (people): more than 880, as of November 2021, according to Viasna. In: Riga"
    assert item["URL"] == "http://localhost:8000/statements/riga/versions/2/#figure-1"
    assert item["id"] == "riga-v2-figure-1"
    assert '<li id="figure-1">' in client.get("/statements/riga/versions/2/").content.decode()
    response = client.get("/statements/riga/versions/2.ris?figure=c880")
    assert "riga-version-2-figure-1-" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"qualifier": "exact", "value": 1007}, "1,007, as of 27 January 2022"),
        ({"qualifier": "range", "value": 10, "value_to": 20}, "from 10 to 20, as of 27 January 2022"),
        ({"qualifier": "unquantified", "value": None, "wording": "many"}, "“many”, as of 27 January 2022"),
        (
            {"as_of_from": "2021-11-01", "as_of_until": "2021-11-30", "since_from": "2020-01-01"},
            "1,007, as of November 2021, since 2020",
        ),
        (
            {"excludes": "those\nfreed", "attributed_wording": "independent media"},
            "1,007, as of 27 January 2022, without those freed, according to “independent media”",
        ),
    ],
)
def test_a_figure_in_words_leaves_nothing_out(
    editor: User, reviewer: User, client: Client, fields: dict[str, Any], words: str
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one", title="One")
    statement.counts.all().delete()
    if "since_from" in fields:
        fields = {**fields, "since_until": "2020-12-31"}
    CountObservationFactory(statement=statement, key="k 1&é", measure=MeasureFactory(name="Held"), **fields)
    publish_again(statement, by=editor, published_by=reviewer)
    item = item_of(client, "/statements/one/versions/2.csl.json", figure="k 1&é")
    assert item["title"] == f"Held (people): {words}. In: One"


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("?figure=nothing", 404, "There is nothing at this address."),
        ("?figure=", 400, "The figure was left blank"),
        ("?figure=c880&figure=c880", 400, "more than once"),
        ("?colour=red", 400, "no parameter “colour”"),
        ("?figure=c880&colour=red", 400, "no parameter “colour”"),
    ],
)
def test_what_can_not_be_cited_is_told_in_a_sentence(
    statement: Statement, client: Client, query: str, status: int, sentence: str
) -> None:
    for extension in TYPES:
        response = client.get(f"/statements/riga/versions/2.{extension}{query}")
        assert response.status_code == status
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert sentence in response.content.decode()


def test_the_place_of_a_figure_stays_where_two_figures_became_one(editor: User, reviewer: User, client: Client) -> None:
    """Two measures were one: today's page shows the figure of both once, the version's page still has two."""
    statement = make_public_statement(by=editor, published_by=reviewer, slug="one")
    statement.counts.all().delete()
    kept, dropped = MeasureFactory(name="Held"), MeasureFactory(name="Imprisoned")
    for key, measure, value in (("a", kept, 5), ("b", dropped, 5), ("c", kept, 9)):
        CountObservationFactory(statement=statement, key=key, measure=measure, value=value)
    publish_again(statement, by=editor, published_by=reviewer)
    merged(kept, dropped, by=reviewer)
    today = client.get("/statements/one/").content.decode()
    that_day = client.get("/statements/one/versions/2/").content.decode()
    assert today.count('<li id="figure-') == 2
    assert that_day.count('<li id="figure-') == 3
    assert item_of(client, "/statements/one/versions/2.csl.json", figure="c")["URL"].endswith("/2/#figure-3")
    assert '<li id="figure-3">' in today
    assert '<li id="figure-3">' in that_day
    assert "figure=b" not in today


# --- Addresses that were given up, and what is gone -----------------------------------------------------------------


def test_an_address_that_was_given_up_leads_to_the_same_format_and_figure(statement: Statement, client: Client) -> None:
    demand = statement.mentions.get().demand
    OldSlug.objects.create(kind="statement", slug="before", target_id=statement.pk)
    OldSlug.objects.create(kind="demand", slug="before", target_id=demand.pk)
    for extension in TYPES:
        for before, after in (
            (f"/statements/before/versions/2.{extension}", f"/statements/riga/versions/2.{extension}"),
            (
                f"/statements/before/versions/2.{extension}?figure=c880",
                f"/statements/riga/versions/2.{extension}?figure=c880",
            ),
            (f"/demands/before.{extension}", f"/demands/{demand.slug}.{extension}"),
        ):
            response = client.get(before)
            assert (response.status_code, response.headers["Location"]) == (301, after)


def test_what_was_withdrawn_or_erased_has_no_citation(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    address = f"/statements/{statement.slug}/versions"
    assert "Ivan Petrov" in text_of(client, f"{address}/1.bib")
    erased(statement, by=administrator, version=2, reason="court")
    assert client.get(f"{address}/1.bib").status_code == 410
    assert client.get(f"{address}/2.bib").status_code == 200
    withdraw(statement=statement, by=reviewer, reason="It endangers somebody.")
    for extension in TYPES:
        response = client.get(f"{address}/2.{extension}")
        assert response.status_code == 410
        assert "It endangers somebody." in response.content.decode()


def test_words_that_were_erased_are_in_no_citation_any_more(
    editor: User, reviewer: User, administrator: User, client: Client
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    erased(statement, by=administrator, words="Ivan Petrov")
    for extension in TYPES:
        text = text_of(client, f"/statements/{statement.slug}/versions/1.{extension}")
        assert "Petrov" not in text
        assert "[…]" in text


def test_a_citation_is_only_read_and_not_sent_again_while_it_is_the_same(statement: Statement, client: Client) -> None:
    address = "/statements/riga/versions/2.bib"
    assert client.post(address).status_code == 405
    response = client.head(address)
    assert (response.status_code, body_of(response)) == (200, b"")
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


# --- Demands --------------------------------------------------------------------------------------------------------


def test_a_demand_is_cited_as_of_the_day_with_how_often_and_by_how_many_it_was_made(
    editor: User, reviewer: User, client: Client
) -> None:
    first = make_public_statement(by=editor, published_by=reviewer)
    demand = first.mentions.get().demand
    second = make_statement(by=editor)
    second.mentions.update(demand=demand)
    publish_again(second, by=editor, published_by=reviewer, revision="")
    item = item_of(client, f"/demands/{demand.slug}.csl.json")
    today = timezone.localdate()
    assert item["title"] == demand.title
    assert item["author"] == [{"literal": "Statement tracker"}]
    assert item["accessed"] == item["issued"] == {"date-parts": [[today.year, today.month, today.day]]}
    assert item["note"] == "made in 2 statements by 2 organisations"
    assert item["URL"] == f"http://localhost:8000/demands/{demand.slug}/"
    assert f"urldate = {{{today}}}" in text_of(client, f"/demands/{demand.slug}.bib")


def test_a_demand_that_readers_may_not_know_has_no_citation(db: None, client: Client) -> None:
    demand = DemandFactory()
    for extension in TYPES:
        assert client.get(f"/demands/{demand.slug}.{extension}").status_code == 404
        response = client.get(f"/demands/{demand.slug}.{extension}?figure=c880")
        assert response.status_code == 400
        assert "no parameter “figure”" in response.content.decode()


def test_keys_of_figures_are_those_of_the_published_version(statement: Statement, editor: User, client: Client) -> None:
    new = CountObservationFactory(statement=statement, value=99_999)
    save_version(statement=statement, by=editor)
    assert CountObservation.objects.filter(statement=statement).count() == 2
    assert client.get(f"/statements/riga/versions/2.bib?figure={new.key}").status_code == 404
    assert new.key not in client.get("/statements/riga/").content.decode()
