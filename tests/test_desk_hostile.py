"""What nobody should type, press or send: the desk answers with a sentence, and what others rely on stays."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.importing.desk_export import desk_files
from statements.models import Demand, DemandMention, Organisation, Statement
from tests.admin_forms import errors_of, fields_on
from tests.factories import (
    DemandFactory,
    DemandUpdateFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    make_public_statement,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


def page(row: Any) -> str:
    return f"/admin/statements/{row._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize(
    "query",
    ["organisation/?kind=a%00b", "organisation/?country__exact=%00", "statement/?language=%00", "version/?through=%00"],
)
def test_a_list_leaves_out_a_filter_that_no_database_can_read(administrator_client: Client, query: str) -> None:
    response = administrator_client.get(f"/admin/statements/{query}")
    assert response.status_code == 302
    assert administrator_client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("chosen", ["a", "1\0", "x" * 5000, "9" * 40, "-1"])
def test_an_action_on_what_is_no_row_does_nothing(administrator_client: Client, chosen: str) -> None:
    for model, action in (("statement", "publish_selected"), ("demandupdate", "withdraw_selected")):
        sent = {"action": action, "_selected_action": [chosen], "index": 0}
        response = administrator_client.post(f"/admin/statements/{model}/", sent, follow=True)
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("model", "field"), [("issuer", "organisation"), ("citation", "source"), ("demandupdate", "published_by")]
)
def test_an_autocomplete_is_asked_for_what_no_database_can_look_for(
    administrator_client: Client, model: str, field: str
) -> None:
    asked = {"app_label": "statements", "model_name": model, "field_name": field, "term": "a\0b"}
    assert administrator_client.get("/admin/autocomplete/", asked).json()["results"] == []


@pytest.mark.parametrize("number", ["a", "\0", "9" * 30, "9" * 5000, "-1", "  "])
def test_a_reference_that_is_no_number_is_refused_at_its_field(
    editor: User, editor_client: Client, number: str
) -> None:
    statement = make_statement(by=editor)
    fields = fields_on(editor_client, page(statement))
    fields |= {"related_statement": number, "mentions-0-addressees": [number], "citations-0-source": number}
    response = editor_client.post(page(statement), fields)
    assert {"citations-0-source", "mentions-0-addressees"} <= set(errors_of(response))
    linked = editor_client.get("/admin/statements/statement/add/", {"related_statement": number})
    assert linked.status_code == 200


def test_statements_that_relate_in_a_circle_are_refused_on_the_page(editor: User, editor_client: Client) -> None:
    first, second = make_statement(by=editor), make_statement(by=editor)
    for statement, related, refused in ((first, second, False), (second, first, True)):
        fields = fields_on(editor_client, page(statement))
        response = editor_client.post(
            page(statement), fields | {"relation": "repeats", "related_statement": related.pk}
        )
        assert (response.status_code == 200) is refused
    assert "is itself related to this one" in errors_of(response)["related_statement"][0]


def test_a_circle_that_is_stored_already_keeps_nobody_waiting(editor_client: Client) -> None:
    """Two people who save at the same moment can make one; check_data reports it."""
    first, second, third = DemandFactory(), DemandFactory(), DemandFactory()
    Demand.objects.filter(pk=first.pk).update(parent=second)
    Demand.objects.filter(pk=second.pk).update(parent=first)
    fields = fields_on(editor_client, page(third))
    assert editor_client.post(page(third), fields | {"parent": first.pk}).status_code == 302


def test_the_slug_of_what_readers_see_stays_however_they_come_to_see_it(
    editor: User, reviewer: User, reviewer_client: Client
) -> None:
    make_public_statement(by=editor, published_by=reviewer)
    asked = OrganisationFactory(slug="asked", name="Asked")
    Demand.objects.get().addressees.add(asked)
    fields = fields_on(reviewer_client, page(asked))
    assert reviewer_client.post(page(asked), fields | {"slug": "other", "short_name": "A"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.slug, asked.short_name) == ("asked", "A")


def test_who_is_asked_is_not_deleted(editor: User, reviewer_client: Client) -> None:
    make_statement(by=editor)
    for addressees in (Demand.objects.get().addressees, DemandMention.objects.get().addressees):
        asked = OrganisationFactory()
        addressees.add(asked)
        delete = page(asked).replace("/change/", "/delete/")
        assert "demand: " in reviewer_client.get(delete).content.decode()
        reviewer_client.post(delete, {"post": "yes"})
        assert Organisation.objects.filter(pk=asked.pk).exists()


def test_line_breaks_within_one_line_become_spaces(editor_client: Client) -> None:
    add = "/admin/statements/organisation/add/"
    fields = fields_on(editor_client, add) | {"name": "One\rtwo\r\nthree\nfour", "kind": "NGO"}
    assert editor_client.post(add, fields).status_code == 302
    assert Organisation.objects.get().name == "One two three four"
    assert b"\r" not in desk_files()["organisations.csv"]


def test_what_was_changed_after_its_withdrawal_is_reviewed_before_readers_see_it(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=statement, by=reviewer, reason="The date was wrong.")
    fields = fields_on(editor_client, page(statement)) | {"summary": "Half a sen"}
    assert editor_client.post(page(statement), fields).status_code == 302
    chosen = {"action": "publish_selected", "_selected_action": [statement.pk], "index": 0, "revision": "minor fix"}
    response = reviewer_client.post("/admin/statements/statement/", chosen, follow=True)
    assert "has not been submitted for review" in response.content.decode()
    statement.refresh_from_db()
    assert not statement.is_public
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer, revision="correction", note="Half a sentence was missing.")
    assert Statement.objects.public().get().summary == "Half a sen"


@pytest.mark.parametrize(
    ("make", "changed"),
    [
        (OrganisationFactory, {"short_name": "First"}),
        (SpeakerFactory, {"description": "First"}),
        (SourceFactory, {"published": "2021"}),
        (DemandFactory, {"description": "First"}),
        (MeasureFactory, {"definition": "First"}),
        (DemandUpdateFactory, {"note": "First"}),
        (lambda: make_statement(by=make_user("somebody")), {"desk_note": "First"}),
    ],
)
def test_an_old_form_does_not_take_back_what_somebody_else_saved(
    editor_client: Client, reviewer_client: Client, make: Any, changed: dict[str, str]
) -> None:
    row = make()
    fields = fields_on(editor_client, page(row))
    theirs = fields_on(reviewer_client, page(row)) | changed
    assert reviewer_client.post(page(row), theirs).status_code == 302
    response = editor_client.post(page(row), fields)
    assert response.status_code == 409
    assert "Somebody else changed this while you had it open" in response.content.decode()
    row.refresh_from_db()
    name, value = next(iter(changed.items()))
    assert str(getattr(row, name)) == value
    assert editor_client.post(page(row), fields_on(editor_client, page(row))).status_code == 302


@pytest.mark.parametrize("prefix", ["names", "addressees"])
def test_an_old_form_does_not_take_back_a_list_either(editor_client: Client, prefix: str) -> None:
    asked = OrganisationFactory(names=[("МИД", "ru")])
    row: Any = asked if prefix == "names" else DemandFactory()
    fields = fields_on(editor_client, page(row))
    changed = {"names-0-language": "be"} if prefix == "names" else {"addressees": [asked.pk]}
    assert editor_client.post(page(row), fields | changed).status_code == 302
    response = editor_client.post(page(row), fields | {"parent": ""})
    assert response.status_code == 409
    [[line]] = [group.lines for group in response.context["groups"]]
    assert line.label == ("Language" if prefix == "names" else "Addressees")
    assert "МИД" in response.content.decode() or str(asked) in response.content.decode()
