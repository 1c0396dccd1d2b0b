"""From an empty form to a public statement and away again, as an editor and a reviewer do it."""

from typing import Any

import pytest
from django.test import Client

from statements.models import Statement, Version
from tests.admin_forms import errors_of, fields_on, rows
from tests.factories import DemandFactory, MeasureFactory, OrganisationFactory, SourceFactory

ADD = "/admin/statements/statement/add/"
WORDS = "We ask for the release of all 1007 political prisoners,\nand for the end of all violence."


def page_of(statement: Statement) -> str:
    return f"/admin/statements/statement/{statement.pk}/change/"


@pytest.fixture
def typed(db: None) -> dict[str, Any]:
    """A statement with two sources, two demands and a count."""
    first, second = SourceFactory(), SourceFactory()
    return {
        "title": "Ministry on the day of solidarity",
        "kind": "press statement",
        "language": "en",
        "issued": "2022-01-27",
        "issued_basis": "printed",
        "summary": "The ministry asks for their release.",
        **rows("issuers", {"organisation": OrganisationFactory(name="Ministry of Example").pk, "part": "issued"}),
        **rows("speaker_roles"),
        **rows("citations", {"source": first.pk, "role": "original"}, {"source": second.pk, "role": "report"}),
        **rows("wordings", {"language": "en", "kind": "original", "text": WORDS.replace("\n", "\r\n")}),
        **rows(
            "mentions",
            {"demand": DemandFactory().pk, "quote": "release of all", "force": "demand"},
            {"demand": DemandFactory().pk, "quote": "end of all violence", "force": "appeal", "deadline": "2022-02"},
        ),
        **rows(
            "counts",
            {
                "measure": MeasureFactory().pk,
                "qualifier": "exact",
                "value": "1007",
                "quote": "1007 political prisoners",
            },
        ),
    }


def test_an_editor_enters_and_submits_a_statement_and_a_reviewer_publishes_and_withdraws_it(
    editor_client: Client, reviewer_client: Client, typed: dict[str, Any]
) -> None:
    response = editor_client.post(ADD, typed | {"_save": "Save"})
    assert response.status_code == 302, errors_of(response)
    statement = Statement.objects.get()
    assert statement.slug == "ministry-of-example-ministry-on-the-day-of-solidarity-2022-01-27"
    version = Version.objects.get()
    assert version.saved_by_name == "editor"
    assert [row["text"] for row in version.document["content"]["wordings"]] == [WORDS]

    page = editor_client.get(page_of(statement)).content.decode()
    assert "Save and submit" in page
    assert "Approve and publish" not in page
    response = editor_client.post(
        page_of(statement), fields_on(editor_client, page_of(statement)) | {"_step": "submit"}
    )
    assert response.status_code == 302, errors_of(response)
    statement.refresh_from_db()
    assert statement.step == "in review"
    assert Version.objects.count() == 1, "submitting what was not changed makes no version"

    response = editor_client.post(
        page_of(statement), fields_on(editor_client, page_of(statement)) | {"_step": "publish"}
    )
    assert "You may not publish statements." in errors_of(response)[""]

    fields = fields_on(reviewer_client, page_of(statement))
    response = reviewer_client.post(page_of(statement), fields | {"_step": "publish"})
    assert response.status_code == 302, errors_of(response)
    statement.refresh_from_db()
    assert statement.is_public
    assert "Readers see" in reviewer_client.get(page_of(statement)).content.decode()

    withdraw = f"/admin/statements/statement/{statement.pk}/withdraw/"
    refused = editor_client.post(withdraw, {"reason": "No."})
    assert refused.status_code == 403
    assert 'href="/admin/"' in refused.content.decode(), "the way back to the desk"
    response = reviewer_client.post(withdraw, {"reason": " "})
    assert response.status_code == 200
    assert reviewer_client.post(withdraw, {"reason": "The ministry withdrew it."}).status_code == 302
    statement.refresh_from_db()
    assert not statement.is_public
    assert statement.withdrawn_reason == "The ministry withdrew it."


def test_a_quote_that_is_not_in_the_words_is_refused_with_the_nearest_passage_at_its_own_row(
    editor_client: Client, typed: dict[str, Any]
) -> None:
    typed["mentions-1-quote"] = "end of any violence"
    typed["counts-0-quote"] = "1000 political prisoners"
    response = editor_client.post(ADD, typed | {"_save": "Save"})
    errors = errors_of(response)
    assert "end of all violence" in errors["mentions-1-quote"][0]
    assert "1007 political prisoners" in errors["counts-0-quote"][0]
    assert "mentions-0-quote" not in errors
    assert not Statement.objects.exists(), "nothing is stored"
    assert "end of any violence" in response.content.decode(), "what was typed stays"


def test_publishing_without_a_source_is_refused_with_the_reason_and_nothing_is_saved(
    editor_client: Client, reviewer_client: Client, typed: dict[str, Any]
) -> None:
    response = editor_client.post(ADD, typed | rows("citations") | {"_step": "submit"})
    assert response.status_code == 302, errors_of(response)
    statement = Statement.objects.get()
    fields = fields_on(reviewer_client, page_of(statement)) | {"_step": "publish", "place": "Riga"}
    response = reviewer_client.post(page_of(statement), fields)
    reasons = errors_of(response)[""]
    assert any("It has no source" in reason for reason in reasons)
    assert any("You entered or changed it yourself" in reason for reason in reasons), "every reason at once"
    statement.refresh_from_db()
    assert statement.place == ""
    assert not statement.is_public
