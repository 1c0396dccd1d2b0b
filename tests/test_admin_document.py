"""A statement with everything that one can have, entered by form: its document is what was typed, nothing less."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from statements.importing.apply import apply_plan
from statements.importing.directory import Directory
from statements.importing.kinds import kind_named
from statements.importing.plan import plan_files
from statements.models import (
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Measure,
    Organisation,
    ReferenceChange,
    Source,
    Speaker,
    Statement,
    Version,
    Wording,
)
from statements.record.check import offences
from statements.text import short_key
from tests.admin_forms import errors_of, fields_on, rows
from tests.factories import DemandFactory, MeasureFactory, OrganisationFactory, SourceFactory, SpeakerFactory
from tests.importing import files_of

ADD = "/admin/statements/statement/add/"
LATVIAN = "Mēs prasām nekavējoties atbrīvot visus politieslodzītos.\n\n[…]\n\nVairāk nekā 880 cilvēku ir apcietināti."
ENGLISH = "We demand the immediate release of all political prisoners.\n\nMore than 880 people are detained."

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed() -> dict[str, Any]:
    ministry, parliament = OrganisationFactory(name="Ministry"), OrganisationFactory(name="Parliament")
    minister, speaker = SpeakerFactory(name="Minister"), SpeakerFactory(name="Speaker of Parliament")
    sources = [SourceFactory(slug=f"s{number}") for number in range(3)]
    asked = OrganisationFactory(name="Authorities")
    other = Statement.objects.create(
        slug="earlier",
        title="Earlier",
        kind="speech",
        language="lv",
        issued_from="2021-11-21",
        issued_until="2021-11-21",
    )
    return {
        "title": "Kopīgs paziņojums",
        "kind": "joint statement",
        "language": "lv",
        "issued": "2021-11-20/2021-11-21",
        "issued_basis": "inferred",
        "date_note": "Printed without a day.\r\nThe address has one.",
        "attribution": "",
        "place": "Rīga",
        "occasion": "Day of Solidarity",
        "summary": "Two of them ask for the release of all.",
        "desk_note": "Checked by telephone.",
        "relation": "repeats",
        "related_statement": other.pk,
        "slug": "",
        "why": "First entered.",
        **rows(
            "issuers",
            {"organisation": ministry.pk, "part": "issued", "order": "2"},
            {"organisation": parliament.pk, "part": "joined", "order": "1"},
        ),
        **rows(
            "speaker_roles",
            {"speaker": minister.pk, "attribution": "ārlietu ministrs"},
            {"speaker": speaker.pk, "attribution": "Saeimas priekšsēdētāja"},
        ),
        **rows(
            "citations",
            {"source": sources[0].pk, "role": "original", "locator": "1. lpp."},
            {"source": sources[1].pk, "role": "translation"},
            {"source": sources[2].pk, "role": "report", "locator": "minute 12"},
        ),
        **rows(
            "wordings",
            {
                "language": "lv",
                "kind": "original",
                "text": LATVIAN.replace("\n", "\r\n"),
                "is_excerpt": "on",
                "source": sources[0].pk,
            },
            {
                "language": "en",
                "kind": "official translation",
                "text": ENGLISH.replace("\n", "\r\n"),
                "source": sources[1].pk,
            },
        ),
        **rows(
            "mentions",
            {
                "demand": DemandFactory(slug="release-all").pk,
                "quote": "atbrīvot visus politieslodzītos",
                "force": "demand",
                "is_reiterated": "on",
                "addressees": [asked.pk],
                "deadline": "2021-12",
                "locator": "paragraph 1",
                "note": "A note.",
            },
            {"demand": DemandFactory(slug="stop-violence").pk, "force": "implied"},
        ),
        **rows(
            "counts",
            {
                "measure": MeasureFactory(slug="prisoners").pk,
                "qualifier": "more than",
                "value": "880",
                "as_of": "2021-11",
                "since": "2020-08-09",
                "attributed_to": asked.pk,
                "attributed_wording": "independent media",
                "excludes": "those released",
                "quote": "More than 880 people",
                "note": "A note.",
            },
            {
                "measure": MeasureFactory(slug="fled").pk,
                "qualifier": "range",
                "value": "10",
                "value_to": "20",
                "wording": "ten to twenty",
            },
        ),
    }


def test_what_is_typed_is_what_the_document_holds(editor_client: Client, typed: dict[str, Any]) -> None:
    response = editor_client.post(ADD, typed | {"_save": "Save"})
    assert response.status_code == 302, errors_of(response)
    version = Version.objects.get()
    content = version.document["content"]
    keys = {name: [row.pop("key") for row in content[name]] for name in ("wordings", "mentions", "counts")}
    assert content == {
        "title": "Kopīgs paziņojums",
        "kind": "joint statement",
        "language": "lv",
        "issued": "2021-11-20/2021-11-21",
        "issued_basis": "inferred",
        "date_note": "Printed without a day.\nThe address has one.",
        "attribution": "",
        "place": "Rīga",
        "occasion": "Day of Solidarity",
        "summary": "Two of them ask for the release of all.",
        "relation": {"kind": "repeats", "statement": "earlier"},
        "issuers": [
            {"organisation": "parliament", "part": "joined"},
            {"organisation": "ministry", "part": "issued"},
        ],
        "speakers": [
            {"speaker": "minister", "attribution": "ārlietu ministrs"},
            {"speaker": "speaker-of-parliament", "attribution": "Saeimas priekšsēdētāja"},
        ],
        "citations": [
            {"source": "s0", "role": "original", "locator": "1. lpp."},
            {"source": "s1", "role": "translation", "locator": ""},
            {"source": "s2", "role": "report", "locator": "minute 12"},
        ],
        "wordings": [
            {"language": "lv", "kind": "original", "text": LATVIAN, "is_excerpt": True, "source": "s0"},
            {"language": "en", "kind": "official translation", "text": ENGLISH, "is_excerpt": False, "source": "s1"},
        ],
        "mentions": [
            {
                "demand": "release-all",
                "quote": "atbrīvot visus politieslodzītos",
                "force": "demand",
                "is_reiterated": True,
                "addressees": ["authorities"],
                "deadline": "2021-12",
                "locator": "paragraph 1",
                "note": "A note.",
            },
            {
                "demand": "stop-violence",
                "quote": "",
                "force": "implied",
                "is_reiterated": False,
                "addressees": [],
                "deadline": None,
                "locator": "",
                "note": "",
            },
        ],
        "counts": [
            {
                "measure": "prisoners",
                "qualifier": "more than",
                "value": 880,
                "value_to": None,
                "wording": "",
                "as_of": "2021-11",
                "since": "2020-08-09",
                "attributed_to": "authorities",
                "attributed_wording": "independent media",
                "excludes": "those released",
                "quote": "More than 880 people",
                "note": "A note.",
            },
            {
                "measure": "fled",
                "qualifier": "range",
                "value": 10,
                "value_to": 20,
                "wording": "ten to twenty",
                "as_of": None,
                "since": None,
                "attributed_to": None,
                "attributed_wording": "",
                "excludes": "",
                "quote": "",
                "note": "",
            },
        ],
    }
    assert all(len(set(made)) == len(made) for made in keys.values())
    assert version.why == "First entered."
    statement = Statement.objects.get(pk=version.statement_id)
    assert statement.slug == "ministry-kopigs-pazinojums-2021-11-20-2021-11-21"
    assert statement.desk_note == "Checked by telephone."
    assert "telephone" not in str(version.document)


def test_opening_and_saving_a_statement_changes_nothing(editor_client: Client, typed: dict[str, Any]) -> None:
    editor_client.post(ADD, typed)
    statement = Statement.objects.get(title="Kopīgs paziņojums")
    page = f"/admin/statements/statement/{statement.pk}/change/"
    fields = fields_on(editor_client, page)
    assert fields["issued"] == "2021-11-20/2021-11-21"
    assert fields["counts-0-as_of"] == "2021-11"
    for _time in range(2):
        response = editor_client.post(page, fields_on(editor_client, page))
        assert response.status_code == 302, errors_of(response)
    documents = [version.document["content"] for version in Version.objects.filter(statement=statement)]
    for document in documents:
        assert {name: document[name] for name in document if document[name] != documents[0][name]} == {}
    assert len(documents) == 1
    assert [line for line in offences() if "earlier" not in line] == []


def test_the_order_of_issuers_is_the_editors(editor_client: Client, typed: dict[str, Any]) -> None:
    editor_client.post(ADD, typed)
    statement = Statement.objects.get(title="Kopīgs paziņojums")
    page = f"/admin/statements/statement/{statement.pk}/change/"
    fields = fields_on(editor_client, page) | {"issuers-1-order": "1"}
    assert editor_client.post(page, fields).status_code == 302
    assert [row.organisation.slug for row in statement.issuers.all()] == ["ministry", "parliament"]


@pytest.mark.parametrize(
    ("model", "kind"), [(Wording, "wordings"), (DemandMention, "mentions"), (CountObservation, "counts")]
)
def test_a_row_entered_by_form_has_the_key_that_an_import_would_give_it(
    editor_client: Client, importer: Any, typed: dict[str, Any], model: Any, kind: str
) -> None:
    editor_client.post(ADD, typed)
    columns = kind_named(kind)(Directory(user=importer), importer)
    for row in model.objects.all():
        assert row.key == short_key(kind[0], *columns.identity_of(row))  # type: ignore[attr-defined]


def test_a_second_row_that_is_known_by_the_same_gets_a_key_of_its_own(
    editor_client: Client, typed: dict[str, Any]
) -> None:
    figure = {name.removeprefix("counts-0-"): value for name, value in typed.items() if name.startswith("counts-0-")}
    plain = {name: value for name, value in typed.items() if not name.startswith("counts-")}
    response = editor_client.post(ADD, plain | rows("counts", figure, figure | {"quote": "", "excludes": ""}))
    assert response.status_code == 302, errors_of(response)
    first, second = CountObservation.objects.values_list("key", flat=True)
    assert first != second


def test_what_was_imported_opens_and_saves_without_a_change(
    importer: Any, editor_client: Client, facts_dir: Path
) -> None:
    files = files_of(facts_dir)
    apply_plan(plan_files(files, user=importer), user=importer)
    before = Version.objects.count()
    for model in (Statement, Organisation, Speaker, Source, Demand, Measure, DemandUpdate):
        for row in model._default_manager.order_by("pk")[:8]:
            page = f"/admin/statements/{model._meta.model_name}/{row.pk}/change/"
            response = editor_client.post(page, fields_on(editor_client, page))
            assert response.status_code == 302, (page, errors_of(response))
    assert Version.objects.count() == before
    assert not ReferenceChange.objects.filter(through="form").exists()
    assert not DemandUpdate.objects.exclude(saved_by=importer).exists()
