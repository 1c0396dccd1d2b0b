"""The admin's import page: upload, preview, confirm; what is said is what happened."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from statements.models import ImportRun, Organisation
from tests.factories import OrganisationFactory, make_user

PAGE = "/admin/statements/importrun/import/"
GOOD = "slug,name,kind,country\nmfa-latvia,Ministry of Foreign Affairs of Latvia,government,LV\nviasna,Viasna,NGO,\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(client: Client, content: str, kind: str = "organisations") -> Any:
    file = SimpleUploadedFile("organisations.csv", content.encode())
    return client.post(PAGE, {"resource": kind, "import_file": file}, follow=True)


def digest_on(response: Any) -> str:
    found = re.search(r'name="digest" value="(\w+)"', response.content.decode())
    assert found, "the preview offers to confirm"
    return found[1]


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_shown_confirmed_written_and_deleted(importer_client: Client, uploads: Path) -> None:
    OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    response = upload(importer_client, GOOD)
    page = response.content.decode()
    assert "2 rows read: 1 new, 1 changed, 0 unchanged, 0 rejected." in page
    assert "Ministry of Foreign Affairs of Latvia" in page
    assert "group" in page, "the old value"
    assert Organisation.objects.count() == 1
    run = ImportRun.objects.get()
    assert run.state == "previewed"
    assert len(files_in(uploads)) == 1
    address = response.request["PATH_INFO"]
    response = importer_client.post(address, {"digest": digest_on(response), "_confirm": "1"}, follow=True)
    assert "2 rows read: 1 new, 1 changed" in said(response)
    assert "Everything was written." in said(response)
    assert Organisation.objects.count() == 2
    run.refresh_from_db()
    assert (run.state, run.user_name, run.file.name) == ("applied", "importer", "")
    assert files_in(uploads) == []

    response = importer_client.post(address, {"digest": "x", "_confirm": "1"}, follow=True)
    assert "confirmed already" in said(response)
    assert "written." not in said(response).replace("written a second", "")


def test_a_bad_file_is_refused_with_every_mistake_and_nothing_is_kept(importer_client: Client, uploads: Path) -> None:
    bad = "slug,name,kind,country\na,A,government,Latvia\nb,B,club,\nc,,NGO,\n"
    response = upload(importer_client, bad)
    page = response.content.decode()
    assert response.status_code == 200
    assert "3 rejected" in page
    for column in ("country", "kind", "name"):
        assert f"<td>{column}</td>" in page
    assert "Confirm" not in page
    assert ImportRun.objects.get().state == "refused"
    assert files_in(uploads) == []
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("content", ["", "\x00\x01", "no,such,columns\n1,2,3\n", "slug,name\n\n"])
def test_a_file_that_is_none_is_a_sentence(importer_client: Client, content: str) -> None:
    response = upload(importer_client, content)
    assert response.status_code == 200
    assert "Confirm" not in response.content.decode()
    assert not Organisation.objects.exists()


def test_a_kind_must_be_chosen(importer_client: Client) -> None:
    response = upload(importer_client, GOOD, kind="rumours")
    assert response.status_code == 200
    assert not ImportRun.objects.exists()


def test_what_changed_since_the_preview_is_shown_before_it_is_written(importer_client: Client) -> None:
    response = upload(importer_client, GOOD)
    address, digest = response.request["PATH_INFO"], digest_on(response)
    OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    response = importer_client.post(address, {"digest": digest, "_confirm": "1"}, follow=True)
    assert "The desk has changed since you saw this preview" in said(response)
    assert Organisation.objects.count() == 1
    assert digest_on(response) != digest
    response = importer_client.post(address, {"digest": digest_on(response), "_confirm": "1"}, follow=True)
    assert "Everything was written." in said(response)


def test_nobody_confirms_what_somebody_else_uploaded(importer_client: Client, administrator_client: Client) -> None:
    response = upload(importer_client, GOOD)
    address, digest = response.request["PATH_INFO"], digest_on(response)
    response = administrator_client.post(address, {"digest": digest, "_confirm": "1"}, follow=True)
    assert "only they can confirm it" in said(response)
    assert not Organisation.objects.exists()


def test_a_file_can_be_discarded(importer_client: Client, uploads: Path) -> None:
    response = upload(importer_client, GOOD)
    response = importer_client.post(response.request["PATH_INFO"], {"_discard": "1"}, follow=True)
    assert "Nothing was written." in said(response)
    assert files_in(uploads) == []
    assert not Organisation.objects.exists()


def test_an_upload_that_is_gone_is_a_sentence(importer_client: Client, uploads: Path) -> None:
    response = upload(importer_client, GOOD)
    files_in(uploads)[0].unlink()
    response = importer_client.post(response.request["PATH_INFO"], {"digest": "x"}, follow=True)
    assert "upload it again" in said(response)


def test_a_long_file_is_shown_in_part_and_counted_whole(importer_client: Client) -> None:
    rows = "".join(f"o{number},Organisation {number},NGO\n" for number in range(250))
    page = upload(importer_client, f"slug,name,kind\n{rows}").content.decode()
    assert "250 rows read: 250 new" in page
    assert "and 50 rows more" in page
    assert "Organisation 249" not in page


@pytest.mark.parametrize("role", ["contributor", "reviewer"])
def test_only_importers_import(role: str) -> None:
    client = Client()
    client.force_login(make_user("somebody", role))
    assert client.get(PAGE).status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert "Import a file" not in client.get("/admin/").content.decode()


def test_the_desk_offers_the_import_to_importers(importer_client: Client) -> None:
    assert PAGE in importer_client.get("/admin/").content.decode()
    assert PAGE in importer_client.get("/admin/statements/importrun/").content.decode()
