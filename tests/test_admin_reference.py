"""What statements refer to, on the desk: found in any script, and guarded once readers see it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Demand, DemandUpdate, Measure, Organisation, ReferenceChange, Source, Statement
from statements.record import index
from statements.record.check import offences
from tests.admin_forms import errors_of, fields_on
from tests.factories import (
    DemandFactory,
    DemandUpdateFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    make_public_statement,
    make_statement,
)

AUTOCOMPLETE = "/admin/autocomplete/"


def found(client: Client, term: str, model: str, field: str) -> list[str]:
    query = {"term": term, "app_label": "statements", "model_name": model, "field_name": field}
    response = client.get(AUTOCOMPLETE, query)
    assert response.status_code == 200
    return [result["text"] for result in response.json()["results"]]


@pytest.mark.parametrize("term", ["Ціханоўская", "цiханоўская", "Tsikhanouskaya", "svetlana TICHANOWSKAJA", "@tsihan"])
def test_a_speaker_is_found_by_any_name_in_any_script(editor_client: Client, term: str) -> None:
    names = [("Святлана Ціханоўская", "be"), ("Цiханоўская", "be"), ("Svetlana Tichanowskaja", "de")]
    speaker = SpeakerFactory(name="Sviatlana Tsikhanouskaya", names=names)
    speaker.handles.create(network="x", handle="@Tsihanouskaya")
    SpeakerFactory(name="Somebody Else")
    assert found(editor_client, term, "speakerrole", "speaker") == ["Sviatlana Tsikhanouskaya"]


def test_an_organisation_is_found_once_by_names_that_share_a_word(editor_client: Client) -> None:
    OrganisationFactory(name="Ministry", names=[("МИД Латвии", "ru"), ("МИД ЛР", "ru")])
    assert found(editor_client, "мид", "issuer", "organisation") == ["Ministry (NGO)"]
    assert found(editor_client, "—", "issuer", "organisation") == []


def test_a_source_is_found_by_a_pasted_address(editor_client: Client) -> None:
    SourceFactory(slug="one", title="One")
    SourceFactory(slug="two", title="Two")
    pasted = "HTTPS://example.org/one?utm_source=mail#top"
    assert found(editor_client, pasted, "citation", "source") == ["Example Press · One (2022-01-28)"]
    assert found(editor_client, "two", "citation", "source") == ["Example Press · Two (2022-01-28)"]


def test_a_statement_is_found_by_its_public_address_and_by_who_made_it(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor, title="Заявление МИД Латвии")
    make_statement(by=editor, title="Another")
    issuer = statement.issuers.get().organisation
    for term in (f"https://example.org/statements/{statement.slug}/", "заявление латвии", issuer.name):
        assert found(editor_client, term, "statement", "related_statement") == [f"{statement.title} (2022-01-27)"]


def test_demands_and_measures_are_found_by_their_words(editor_client: Client, editor: User) -> None:
    make_statement(by=editor)
    demand, measure = Demand.objects.get(), Measure.objects.get()
    assert found(editor_client, demand.title.upper(), "demandmention", "demand") == [demand.title]
    assert found(editor_client, measure.name.lower(), "countobservation", "measure") == [
        f"{measure.name} (stock, people)"
    ]


def test_two_of_one_name_can_be_told_apart(editor_client: Client) -> None:
    OrganisationFactory(name="МИД", slug="mid-lv", country="LV", kind="government")
    OrganisationFactory(name="МИД", slug="mid-by", country="BY", kind="government")
    labels = found(editor_client, "мид", "issuer", "organisation")
    assert sorted(labels) == ["МИД (BY, government)", "МИД (LV, government)"]


REFERENCE = ["organisation", "source", "demand", "measure"]


def page_of(row: Any) -> str:
    return f"/admin/statements/{row._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize("model", REFERENCE)
def test_what_readers_see_is_read_only_for_an_editor_with_the_reason(
    editor_client: Client, editor: User, reviewer: User, model: str
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    row: Any = {"organisation": Organisation, "source": Source, "demand": Demand, "measure": Measure}[
        model
    ].objects.get()  # type: ignore[attr-defined]
    page = editor_client.get(page_of(row)).content.decode()
    assert "only a reviewer may change it" in page
    assert 'name="_save"' not in page
    assert editor_client.post(page_of(row), {"name": "Other"}).status_code == 403
    assert editor_client.post(page_of(row).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_what_was_once_published_is_not_deleted_even_by_a_reviewer(
    reviewer_client: Client, editor: User, reviewer: User
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    source = Source.objects.get()
    statement.citations.all().delete()
    statement.wordings.all().delete()
    assert reviewer_client.post(page_of(source).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert reviewer_client.post(page_of(statement).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_a_reviewers_change_is_recorded_and_leaves_the_record_as_it_is(
    reviewer_client: Client, editor: User, reviewer: User
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    organisation = Organisation.objects.get()
    old = organisation.name
    fields = fields_on(reviewer_client, page_of(organisation))
    fields |= {"name": "New name", "country": "LV", "names-TOTAL_FORMS": "1", "names-0-name": "Новае імя"}
    fields |= {"names-0-language": "be", "why": "Renamed in May."}
    response = reviewer_client.post(page_of(organisation), fields)
    assert response.status_code == 302, errors_of(response)
    change = ReferenceChange.objects.get()
    assert (change.why, change.through) == ("Renamed in May.", "form")
    assert change.changes == {"name": [old, "New name"], "country": ["", "LV"], "aliases": ["", "Новае імя [be]"]}
    assert (change.saved_by_name, change.kind) == ("reviewer", "organisation")
    assert list(offences()) == []
    assert index.differences() == []
    page = f"/admin/statements/referencechange/{change.pk}/change/"
    assert "Новае імя [be]" in reviewer_client.get(page).content.decode()


def test_a_new_row_is_recorded_with_all_that_it_says(editor_client: Client) -> None:
    fields = fields_on(editor_client, "/admin/statements/measure/add/")
    assert "why" not in fields
    fields |= {"name": "Prisoners", "unit": "people", "basis": "stock"}
    response = editor_client.post("/admin/statements/measure/add/", fields)
    assert response.status_code == 302, errors_of(response)
    change = ReferenceChange.objects.get()
    assert change.changes["name"] == ["", "Prisoners"]
    assert (change.kind, change.saved_by_name) == ("measure", "editor")


def test_saving_without_a_change_records_nothing(editor_client: Client) -> None:
    organisation = OrganisationFactory(description="Two\nlines")
    fields = fields_on(editor_client, page_of(organisation))
    assert editor_client.post(page_of(organisation), fields).status_code == 302
    assert not ReferenceChange.objects.exists()


def test_an_unused_row_is_deleted_and_a_used_one_is_kept(editor_client: Client, editor: User) -> None:
    unused = SourceFactory()
    assert editor_client.post(page_of(unused).replace("change", "delete"), {"post": "yes"}).status_code == 302
    make_statement(by=editor)
    used = Source.objects.get()
    assert editor_client.post(page_of(used).replace("change", "delete"), {"post": "yes"}).status_code in (200, 403)
    assert Source.objects.get() == used


def test_a_source_is_added_in_a_popup_from_its_address_alone(editor_client: Client) -> None:
    response = editor_client.post("/admin/statements/source/add/?_popup=1", {"url": "https://mfa.lv/1", "_popup": "1"})
    assert response.status_code == 200
    assert "popup_response" in response.content.decode()
    assert Source.objects.get().url == "https://mfa.lv/1"


def test_an_update_is_published_by_somebody_else_and_read_only_until_withdrawn(
    editor_client: Client, reviewer_client: Client, editor: User
) -> None:
    update = DemandUpdateFactory(saved_by=editor, saved_by_name="editor")
    publish = page_of(update).replace("change", "publish")
    assert editor_client.post(publish).status_code == 403
    assert reviewer_client.get(publish).status_code == 200
    assert reviewer_client.post(publish).status_code == 302
    update.refresh_from_db()
    assert update.published_by_name == "reviewer"
    assert "withdraw it first" in reviewer_client.get(page_of(update)).content.decode()
    assert reviewer_client.post(page_of(update), {"status": "met"}).status_code == 403
    response = reviewer_client.post(publish)
    assert "It is public already." in response.content.decode()
    assert reviewer_client.post(page_of(update).replace("change", "withdraw")).status_code == 302
    update.refresh_from_db()
    assert update.published_at is None


def test_a_reviewer_who_changed_an_update_does_not_publish_it(reviewer_client: Client, editor: User) -> None:
    update = DemandUpdateFactory(saved_by=editor, saved_by_name="editor")
    fields = fields_on(reviewer_client, page_of(update))
    assert reviewer_client.post(page_of(update), fields).status_code == 302
    update.refresh_from_db()
    assert update.saved_by_name == "editor", "saving what was not changed makes nobody its author"
    assert reviewer_client.post(page_of(update), fields | {"status": "met"}).status_code == 302
    address = "/admin/statements/demandupdate/"
    chosen = {"action": "publish_selected", "_selected_action": [update.pk]}
    page = reviewer_client.post(address, chosen, follow=True).content.decode()
    assert "You entered or changed it yourself" in page
    assert not DemandUpdate.objects.published().exists()


def test_who_entered_an_update_does_not_publish_it_after_another_changed_a_word(
    editor_client: Client, reviewer: User, reviewer_client: Client
) -> None:
    source = SourceFactory()
    fields = {"demand": DemandFactory().pk, "source": source.pk, "date": "2022-03", "status": "open", "note": "A"}
    address = "/admin/statements/demandupdate/"
    assert reviewer_client.post(f"{address}add/", fields).status_code == 302
    update = DemandUpdate.objects.get()
    changed = fields_on(editor_client, page_of(update)) | {"note": "B"}
    assert editor_client.post(page_of(update), changed).status_code == 302
    chosen = {"action": "publish_selected", "_selected_action": [update.pk]}
    page = reviewer_client.post(address, chosen, follow=True).content.decode()
    assert "You entered or changed it yourself" in page
    update.refresh_from_db()
    assert (update.saved_by_name, update.published_at) == ("editor", None)


def test_a_draft_is_deleted_with_its_versions(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor)
    address = page_of(statement).replace("change", "delete")
    assert editor_client.get(address).status_code == 200
    assert editor_client.post(address, {"post": "yes"}).status_code == 302
    assert not Statement.objects.exists()


def test_a_draft_that_another_statement_names_is_kept(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor)
    make_statement(by=editor, relation="repeats", related_statement=statement)
    editor_client.post(page_of(statement).replace("change", "delete"), {"post": "yes"})
    assert Statement.objects.count() == 2
