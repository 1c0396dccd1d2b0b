"""What an editor reads when a form is refused: every rule that a form can break, at its own field, and never a 500."""

from typing import Any

import pytest
from django.test import Client

from statements.models import (
    CountObservation,
    DemandUpdate,
    Issuer,
    OldSlug,
    Organisation,
    OrganisationName,
    Source,
    Statement,
)
from tests.admin_forms import errors_of, fields_on, rows
from tests.factories import (
    DemandFactory,
    DemandUpdateFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    make_statement,
)

ADD = "/admin/statements/statement/add/"
LISTS = ("issuers", "speaker_roles", "citations", "wordings", "mentions", "counts")


@pytest.fixture
def plain(db: None) -> dict[str, Any]:
    """The least that can be saved."""
    fields = {"title": "T", "kind": "speech", "language": "en", "issued": "2022", "issued_basis": "printed"}
    for prefix in LISTS:
        fields |= rows(prefix)
    return fields | rows("issuers", {"organisation": OrganisationFactory().pk, "part": "issued"})


def refused(client: Client, address: str, fields: dict[str, Any]) -> dict[str, list[str]]:
    response = client.post(address, fields)
    assert response.status_code == 200, "a refused form is shown again"
    return errors_of(response)


def everything(errors: dict[str, list[str]]) -> str:
    return " ".join(one for sentences in errors.values() for one in sentences)


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"issued": "27.01.2022"}, "issued", "is not a date this site reads"),
        ({"issued": "2022-02-30"}, "issued", "is not a day of the calendar"),
        ({"issued": "2022-02/2022-01"}, "issued", "ends before it begins"),
        ({"issued": ""}, "issued", "required"),
        ({"title": "  "}, "title", "required"),
        ({"title": "x" * 301}, "title", "at most 300"),
        ({"language": "english"}, "language", "is not a language tag"),
        ({"kind": "rumour"}, "kind", "not one of the available choices"),
        ({"relation": "repeats"}, "related_statement", "A relation needs both"),
        ({"slug": "Not a slug"}, "slug", "valid"),
    ],
)
def test_a_statement_is_refused_at_the_field_that_is_wrong(
    editor_client: Client, plain: dict[str, Any], fields: dict[str, str], place: str, words: str
) -> None:
    errors = refused(editor_client, ADD, plain | fields)
    assert words in " ".join(errors[place])
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("count", "place", "words"),
    [
        ({"qualifier": "range", "value": "30"}, "qualifier", "A range needs two numbers"),
        ({"qualifier": "range", "value": "30", "value_to": "20"}, "qualifier", "A range needs two numbers"),
        ({"qualifier": "exact", "value": "30", "value_to": "40"}, "qualifier", "A range needs two numbers"),
        ({"qualifier": "unquantified"}, "qualifier", "needs the words as printed"),
        ({"qualifier": "exact"}, "qualifier", "A figure needs its number"),
        ({"qualifier": "exact", "value": "-1"}, "value", "greater than or equal to 0"),
        ({"qualifier": "exact", "value": "9" * 30}, "value", "less than or equal to"),
        ({"qualifier": "exact", "value": "7", "as_of": "January"}, "as_of", "is not a date this site reads"),
        ({"qualifier": "exact", "value": "7", "since": "2022-13"}, "since", "is not a day of the calendar"),
        ({"qualifier": "exact", "value": "7", "wording": "x" * 301}, "wording", "at most 300"),
        ({"qualifier": "exact", "value": "7", "quote": "…"}, "quote", "at least one letter or digit"),
        ({"qualifier": "", "value": "7"}, "qualifier", "required"),
    ],
)
def test_a_count_is_refused_in_its_row(
    editor_client: Client, plain: dict[str, Any], count: dict[str, str], place: str, words: str
) -> None:
    errors = refused(editor_client, ADD, plain | rows("counts", {"measure": MeasureFactory().pk} | count))
    assert words in " ".join(errors[f"counts-0-{place}"])
    assert not CountObservation.objects.exists()


def test_a_statement_of_nobody_is_refused(editor_client: Client, plain: dict[str, Any]) -> None:
    errors = refused(editor_client, ADD, plain | rows("issuers"))
    assert any("Say who made it" in one for one in errors[""])


@pytest.mark.parametrize(
    ("prefix", "field", "words"),
    [
        ("issuers", "organisation", "This organisation is named twice: give it one part."),
        ("speaker_roles", "speaker", "This speaker is named already."),
        ("citations", "source", "This source is cited in this role already."),
    ],
)
def test_a_row_that_is_entered_twice_is_refused_with_its_own_sentence(
    editor_client: Client, plain: dict[str, Any], prefix: str, field: str, words: str
) -> None:
    factory = {"issuers": OrganisationFactory, "speaker_roles": SpeakerFactory, "citations": SourceFactory}[prefix]
    row = {field: factory().pk, "part": "issued", "role": "report"}
    errors = refused(editor_client, ADD, plain | rows(prefix, row, row))
    assert words in everything(errors)


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("counts", "This figure is entered twice"), ("mentions", "This demand is entered twice")],
)
def test_a_figure_or_a_demand_that_is_entered_twice_is_refused(
    editor_client: Client, plain: dict[str, Any], prefix: str, words: str
) -> None:
    row = {"qualifier": "exact", "value": "7", "force": "demand"}
    row |= {"measure": str(MeasureFactory().pk), "demand": str(DemandFactory().pk)}
    errors = refused(editor_client, ADD, plain | rows(prefix, row, row))
    assert words in everything(errors)


def test_one_organisation_with_two_parts_is_refused_at_the_issuers(
    editor_client: Client, plain: dict[str, Any]
) -> None:
    same = OrganisationFactory().pk
    two = rows("issuers", {"organisation": same, "part": "issued"}, {"organisation": same, "part": "joined"})
    assert "is named twice" in refused(editor_client, ADD, plain | two)["issuers"][0]


def test_a_row_that_somebody_else_stored_meanwhile_is_a_sentence(
    editor_client: Client, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = make_statement(by=editor)
    page = f"/admin/statements/statement/{statement.pk}/change/"
    other = OrganisationFactory()
    fields = fields_on(editor_client, page)
    fields |= {"issuers-TOTAL_FORMS": "2", "issuers-1-organisation": other.pk, "issuers-1-part": "issued"}
    Issuer.objects.create(statement=statement, organisation=other, part="issued", position=9)
    del fields["opened_state"]  # or the row would be found to be there already, before the database says so
    errors = refused(editor_client, page, fields)
    assert "This organisation is named twice: give it one part." in errors[""]


def test_who_opened_the_form_before_somebody_else_saved_it_is_told(
    editor_client: Client, reviewer_client: Client, editor: Any
) -> None:
    statement = make_statement(by=editor)
    page = f"/admin/statements/statement/{statement.pk}/change/"
    opened = fields_on(editor_client, page)
    theirs = fields_on(reviewer_client, page) | {"place": "Riga"}
    assert reviewer_client.post(page, theirs).status_code == 302
    response = editor_client.post(page, opened | {"place": "Vilnius"})
    assert response.status_code == 409
    assert "Somebody else changed this while you had it open" in response.content.decode()
    assert "reviewer saved version 2 on" in response.content.decode()
    statement.refresh_from_db()
    assert statement.place == "Riga"


def test_a_deleted_row_goes_and_its_quote_is_not_asked_for(editor_client: Client, editor: Any) -> None:
    statement = make_statement(by=editor)
    page = f"/admin/statements/statement/{statement.pk}/change/"
    fields = fields_on(editor_client, page) | {"counts-0-DELETE": "on"}
    response = editor_client.post(page, fields)
    assert response.status_code == 302, errors_of(response)
    assert not statement.counts.exists()
    assert statement.versions.count() == 2


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"country": "Belarus"}, "country", "at most 2"),
        ({"country": "XX"}, "country", "is not a country's code"),
        ({"country": "by"}, "country", "is not a country's code"),
        ({"wikidata_id": "458"}, "wikidata_id", "A Wikidata id is a Q and a number"),
        ({"website": "no address"}, "website", "valid URL"),
        ({"name": ""}, "name", "required"),
        ({"kind": ""}, "kind", "required"),
        ({"slug": "given-out"}, "slug", "given out before"),
        ({"slug": "taken"}, "slug", "already exists"),
    ],
)
def test_an_organisation_is_refused_at_the_field_that_is_wrong(
    editor_client: Client, fields: dict[str, str], place: str, words: str
) -> None:
    OldSlug.objects.create(kind="organisation", slug="given-out", target_id=99)
    OrganisationFactory(name="Taken")
    given = {"name": "Ministry", "kind": "government"} | rows("names") | fields
    errors = refused(editor_client, "/admin/statements/organisation/add/", given)
    assert words in " ".join(errors[place])


def test_an_organisation_is_not_a_part_of_itself_nor_of_its_parts(editor_client: Client) -> None:
    above = OrganisationFactory()
    below = OrganisationFactory(parent=above)
    page = f"/admin/statements/organisation/{above.pk}/change/"
    for parent, words in ((above, "not a part of itself"), (below, "itself a part of this one")):
        errors = refused(editor_client, page, fields_on(editor_client, page) | {"parent": parent.pk})
        assert words in errors["parent"][0]


def test_an_organisations_names_are_stored_folded_and_mirrored(editor_client: Client) -> None:
    names = rows("names", {"name": "Ārlietu ministrija", "language": "lv"})
    given = {"name": "Ministry of Foreign Affairs", "short_name": "MFA", "kind": "government"} | names
    response = editor_client.post("/admin/statements/organisation/add/", given)
    assert response.status_code == 302, errors_of(response)
    organisation = Organisation.objects.get()
    assert organisation.slug == "ministry-of-foreign-affairs"
    assert set(OrganisationName.objects.values_list("kind", "folded")) == {
        ("main", "ministry of foreign affairs"),
        ("short", "mfa"),
        ("other", "arlietu ministrija"),
    }


def test_two_organisations_of_one_name_get_two_slugs(editor_client: Client) -> None:
    for _time in range(2):
        editor_client.post("/admin/statements/organisation/add/", {"name": "МИД", "kind": "government"} | rows("names"))
    assert sorted(Organisation.objects.values_list("slug", flat=True)) == ["mid", "mid-2"]


def test_a_name_without_a_letter_is_refused(editor_client: Client) -> None:
    given = {"name": "Ministry", "kind": "government"} | rows("names", {"name": "—", "language": ""})
    errors = refused(editor_client, "/admin/statements/organisation/add/", given)
    assert "at least one letter" in errors["names-0-name"][0]


def test_a_pasted_address_alone_makes_a_source(editor_client: Client) -> None:
    given = {"url": "HTTPS://WWW.Example.org/News/1?utm_source=x#top"}
    response = editor_client.post("/admin/statements/source/add/", given)
    assert response.status_code == 302, errors_of(response)
    source = Source.objects.get()
    assert source.canonical_url == "https://www.example.org/News/1"
    assert (source.kind, source.slug) == ("news", "example-org-news-1")


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({}, "url", "A source without an address needs a title and a publisher"),
        ({"title": "A report"}, "url", "A source without an address needs a title and a publisher"),
        ({"url": "example.org"}, "url", "An address begins with http"),
        ({"url": "ftp://example.org/1"}, "url", "An address begins with http"),
        ({"url": "https://example.org/known?fbclid=1"}, "url", "A source with this address exists already"),
        ({"url": "https://example.org/" + "x" * 2000}, "url", "at most 2000"),
        ({"url": "https://example.org/2", "published": "soon"}, "published", "is not a date this site reads"),
        ({"url": "https://example.org/2", "language": "elvish"}, "language", "is not a language tag"),
    ],
)
def test_a_source_is_refused_at_the_field_that_is_wrong(
    editor_client: Client, fields: dict[str, str], place: str, words: str
) -> None:
    known = SourceFactory(slug="known")
    response = editor_client.post("/admin/statements/source/add/", fields)
    assert response.status_code == 200
    errors = errors_of(response)
    assert words in " ".join(errors[place])
    if "known" in fields.get("url", ""):
        assert f'href="/admin/statements/source/{known.pk}/change/"' in response.content.decode()


def test_a_handle_that_is_another_speakers_is_refused(editor_client: Client) -> None:
    SpeakerFactory().handles.create(network="x", handle="@one")
    given = {"name": "Two"} | rows("names") | rows("handles", {"network": "x", "handle": "@one"})
    errors = refused(editor_client, "/admin/statements/speaker/add/", given)
    assert "This handle belongs to a speaker already." in everything(errors)


def test_an_update_of_a_demand_is_refused_where_it_clashes_or_has_no_date(editor_client: Client) -> None:
    update = DemandUpdateFactory()
    given = {"demand": update.demand_id, "status": "met", "source": update.source_id, "date": "2022-03-01"}
    address = "/admin/statements/demandupdate/add/"
    errors = refused(editor_client, address, given)
    assert "has an update of this date from this source already" in everything(errors)
    assert "required" in refused(editor_client, address, given | {"date": ""})["date"][0]
    response = editor_client.post(address, given | {"date": "2022-04"})
    assert response.status_code == 302, errors_of(response)
    assert DemandUpdate.objects.get(saved_by_name="editor").date.isoformat() == "2022-04"  # type: ignore[union-attr]


def test_a_slug_that_versions_name_stays_as_it_is(editor_client: Client, editor: Any) -> None:
    statement = make_statement(by=editor)
    organisation = Organisation.objects.get()
    page = f"/admin/statements/organisation/{organisation.pk}/change/"
    fields = fields_on(editor_client, page) | {"slug": "another", "name": "Another name"}
    response = editor_client.post(page, fields)
    assert response.status_code == 302, errors_of(response)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.slug) == ("Another name", statement.issuers.get().organisation.slug)
    assert organisation.slug != "another"


def test_the_top_of_a_refused_form_leads_to_what_is_wrong(editor_client: Client, plain: dict[str, Any]) -> None:
    counts = rows("counts", {"measure": "", "qualifier": "exact", "value": "5"})
    page = editor_client.post(ADD, plain | counts | {"title": ""}).content.decode()
    for place, label in (("id_title", "Title"), ("counts-0", "Count #1")):
        assert f'<li><a href="#{place}">{label}</a></li>' in page
        assert f'id="{place}"' in page
    assert 'href="#id_issued"' not in page
