"""Bringing in a file through the admin: upload, preview, confirm; what is said is what happened."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from statements.importing import KINDS, runs, uploads
from statements.models import ImportRun, Organisation, Statement
from tests.admin_forms import fields_in
from tests.factories import IssuerFactory, OrganisationFactory, StatementFactory
from tests.runs import AT_ONCE, ORGANISATIONS, QUEUED, organisations, wait_for_tasks
from tests.test_admin_lists import counting

PAGE = "/admin/statements/importrun/import/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


def upload(client: Client, content: str | bytes, kind: str = "organisations", **more: str) -> Any:
    """The page of the run, or the form again."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("organisations.csv", data)
    return client.post(PAGE, {"resource": kind, "import_file": file, **more}, follow=True)


def step(client: Client, name: str, **values: str) -> Any:
    """What the page of the newest run says after one of its buttons was pressed."""
    return client.post(f"/admin/statements/importrun/{newest().pk}/{name}/", values, follow=True)


def newest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def digest_on(response: Any) -> str:
    found = re.search(r'name="digest" value="(\w+)"', response.content.decode())
    assert found, "the preview offers to confirm"
    return found[1]


def page_at(client: Client, parameters: str = "") -> str:
    response = client.get(f"/admin/statements/importrun/{newest().pk}/change/{parameters}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_file_is_shown_confirmed_and_written(importer_client: Client) -> None:
    OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    response = upload(importer_client, ORGANISATIONS)
    page = response.content.decode()
    assert "2 rows read: 1 new, 1 changed, 0 unchanged, 0 rejected." in page
    assert "Nothing has been written yet." in page
    assert "Ministry of Foreign Affairs of Latvia" in page
    assert "<del>group</del> → <ins>NGO</ins>" in page
    assert Organisation.objects.count() == 1
    assert newest().state == "previewed"
    response = step(importer_client, "confirm", digest=digest_on(response))
    page = response.content.decode()
    assert "2 rows read: 1 new, 1 changed" in page
    assert "Everything was written." in page
    assert 'name="digest"' not in page
    assert Organisation.objects.count() == 2
    response = step(importer_client, "confirm", digest="x")
    assert "confirmed already" in said(response)
    assert Organisation.objects.count() == 2


def test_a_bad_file_is_refused_with_every_mistake(importer_client: Client) -> None:
    bad = "slug,name,kind,country\na,A,government,Nowhere\nb,B,club,\nc,,NGO,\n"
    page = upload(importer_client, bad).content.decode()
    assert "3 rejected" in page
    for column in ("country", "kind", "name"):
        assert f"<strong>{column}</strong>" in page
    assert "Confirm" not in page
    assert newest().state == "refused"
    assert not Organisation.objects.exists()
    response = step(importer_client, "confirm", digest=newest().digest)
    assert "This file was refused" in said(response)


@pytest.mark.parametrize("content", ["", "\x00\x01", "no,such,columns\n1,2,3\n", "slug,name\n\n", b"\xff\xfe\xfa\x00"])
def test_a_file_that_is_none_is_a_sentence(importer_client: Client, content: str | bytes) -> None:
    response = upload(importer_client, content)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Confirm" not in page
    assert "desk-report" in page or "errorlist" in page
    assert not Organisation.objects.exists()


def test_a_kind_and_a_file_must_be_chosen(importer_client: Client) -> None:
    assert "errorlist" in upload(importer_client, ORGANISATIONS, kind="rumours").content.decode()
    assert "This field is required." in importer_client.post(PAGE, {"resource": "sources"}).content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_not_even_kept(
    importer_client: Client, settings: Any, uploads_folder: Path
) -> None:
    settings.IMPORT_MAX_BYTES = 50
    page = upload(importer_client, ORGANISATIONS).content.decode()
    assert "The file has 0.1 MB, and at most 0.1 MB are read. Split it." in page
    assert not ImportRun.objects.exists()
    assert not list(uploads_folder.iterdir())


def test_the_upload_offers_every_kind_and_leads_to_their_templates(importer_client: Client) -> None:
    page = importer_client.get(PAGE).content.decode()
    for kind in (*KINDS, "all"):
        assert f'<option value="{kind}">' in page
    assert 'href="/admin/statements/importrun/import/kinds/"' in page


def test_what_changed_since_the_preview_is_shown_before_it_is_written(importer_client: Client) -> None:
    digest = digest_on(upload(importer_client, ORGANISATIONS))
    OrganisationFactory(name="Viasna", slug="viasna", kind="group")
    response = step(importer_client, "confirm", digest=digest)
    assert "The desk has changed since you saw this preview. Nothing was written." in response.content.decode()
    assert Organisation.objects.count() == 1
    assert digest_on(response) != digest
    assert "not the newest plan" in said(step(importer_client, "confirm", digest=digest))
    response = step(importer_client, "confirm", digest=digest_on(response))
    assert "Everything was written." in response.content.decode()


def test_nobody_confirms_what_somebody_else_uploaded(importer_client: Client, administrator_client: Client) -> None:
    digest = digest_on(upload(importer_client, ORGANISATIONS))
    page = page_at(administrator_client)
    assert "importer uploaded this file: only they can confirm it." in page
    assert "Confirm: write" not in page
    for name in ("confirm", "discard", "again"):
        assert "only they can" in said(step(administrator_client, name, digest=digest))
    assert not Organisation.objects.exists()
    assert newest().state == "previewed"


def test_a_file_can_be_discarded(importer_client: Client, uploads_folder: Path) -> None:
    upload(importer_client, ORGANISATIONS)
    assert "The file was discarded. Nothing was written." in step(importer_client, "discard").content.decode()
    assert not [path for path in uploads_folder.rglob("*") if path.is_file()]
    assert not Organisation.objects.exists()
    assert "discarded" in said(step(importer_client, "confirm", digest=newest().digest))


def test_a_step_that_is_only_asked_for_does_nothing(importer_client: Client) -> None:
    upload(importer_client, ORGANISATIONS)
    for name in ("read", "again", "choose", "confirm", "discard", "submit", "publish"):
        response = importer_client.get(f"/admin/statements/importrun/{newest().pk}/{name}/")
        assert (response.status_code, response.headers["Location"]) == (
            302,
            f"/admin/statements/importrun/{newest().pk}/change/",
        )
    assert newest().state == "previewed"


def test_the_same_file_again_has_nothing_to_write(importer_client: Client) -> None:
    step(importer_client, "confirm", digest=digest_on(upload(importer_client, ORGANISATIONS)))
    page = upload(importer_client, ORGANISATIONS).content.decode()
    assert "2 rows read: 0 new, 0 changed, 2 unchanged" in page
    assert "there is nothing to write" in page
    assert "Confirm: write" not in page


def test_an_upload_that_is_gone_is_stopped_and_not_an_error(importer_client: Client) -> None:
    digest = digest_on(upload(importer_client, ORGANISATIONS))
    Path(newest().file.path).unlink()
    response = step(importer_client, "confirm", digest=digest)
    assert response.status_code == 200
    assert "The uploaded file is gone: upload it again." in response.content.decode()
    assert importer_client.get(f"/admin/statements/importrun/{newest().pk}/file/").status_code == 404


def test_a_long_file_is_shown_a_page_at_a_time_and_counted_whole(importer_client: Client) -> None:
    page = upload(importer_client, organisations(250)).content.decode()
    assert "250 rows read: 250 new" in page
    assert "Organisation 99<" in page
    assert "Organisation 100<" not in page
    assert "Page 1 of 3" in page
    last = page_at(importer_client, "?outcome=new&page=3")
    assert "Organisation 249<" in last
    assert "Organisation 199<" not in last
    for odd in (
        "?page=99",
        "?page=-1",
        "?page=²",
        "?page=x",
        "?outcome=colour",
        "?row=0",
        "?row=9999",
        "?statements=x",
    ):
        assert "250 rows read" in page_at(importer_client, odd)


def test_rows_are_shown_by_outcome_with_each_count(importer_client: Client) -> None:
    OrganisationFactory(name="Same", slug="same", kind="NGO")
    OrganisationFactory(name="Other", slug="other", kind="NGO")
    rows = "new,New,NGO\nsame,Same,NGO\nother,Another,NGO\nnew,New,NGO\nbad,Bad,club\n"
    upload(importer_client, f"slug,name,kind\n{rows}")
    expected = {
        "new": "New",
        "changed": "Another",
        "unchanged": "Same",
        "duplicate": "new · New · NGO",
        "rejected": "Bad",
    }
    for outcome, label in expected.items():
        page = page_at(importer_client, f"?outcome={outcome}")
        assert re.findall(r"<td>\d+</td>\s*<td>([^<]*)</td>", page) == [label], outcome
    assert len(re.findall(r"<td>\d+</td>\s*<td>", page_at(importer_client, "?outcome="))) == 5
    assert "is left out" in page_at(importer_client, "?outcome=warned")
    assert len(re.findall(r"<td>\d+</td>\s*<td>", page_at(importer_client))) == 1, "the rejected are shown first"


def test_a_long_row_is_cut_among_others_and_whole_on_its_own(importer_client: Client) -> None:
    upload(importer_client, f"slug,name,kind,description\na,A,NGO,{'words ' * 40}the end\n")
    page = page_at(importer_client)
    assert "the end" not in page
    [address] = re.findall(r'href="[^"]+(\?outcome=&amp;row=1)#rows"', page)
    assert "the end" in page_at(importer_client, address.replace("&amp;", "&"))


def test_the_page_of_ten_thousand_rows_weighs_no_more_and_takes_no_more_queries(
    importer_client: Client, settings: Any
) -> None:
    settings.TASKS = AT_ONCE
    taken = []
    for count in (10, 10_000):
        described = "".join(f"o{n},Organisation {n},NGO,Ведомство «Пример» {'слова ' * 60}\n" for n in range(count))
        upload(importer_client, f"slug,name,kind,description\n{described}")
        with counting() as queries:
            response = importer_client.get(f"/admin/statements/importrun/{newest().pk}/change/?outcome=new&page=2")
        taken.append(len(queries))
        assert response.status_code == 200
        assert len(response.content) < 300_000
    assert f"{count} rows read" in response.content.decode()
    assert taken[0] == taken[1]


def test_names_that_nobody_has_are_created_when_that_was_ticked(importer_client: Client) -> None:
    content = "name,kind,parent\nNew,NGO,Unknown to all\n"
    assert "No organisation is known as “Unknown to all”" in upload(importer_client, content).content.decode().replace(
        "&quot;", '"'
    )
    response = upload(importer_client, content, create_missing="on")
    assert "by name: Unknown to all" in response.content.decode()
    step(importer_client, "confirm", digest=digest_on(response))
    assert Organisation.objects.count() == 2


@pytest.fixture
def stored(db: None) -> Statement:
    statement = StatementFactory(title="Ministry on the day of solidarity", slug="stored", issued="2022-01-27")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Ministry", slug="ministry"))
    return statement


ALIKE = (
    "slug,title,kind,language,issued,issuers,source_urls\n"
    "one,Ministry on the Day of Solidarity,press statement,en,2022-01-27,ministry,https://example.org/1\n"
    "two,Ministry: on the day of solidarity!,press statement,en,2022-01-27,ministry,https://example.org/2\n"
)


def test_a_row_that_looks_like_a_stored_statement_leads_to_it_and_is_asked_about(
    importer_client: Client, stored: Statement
) -> None:
    response = upload(importer_client, ALIKE, kind="statements")
    page = response.content.decode()
    assert f'href="/admin/statements/statement/{stored.pk}/change/"' in page
    assert "2 rows read: 2 new" in page
    fields = fields_in(response)
    assert {"alike", "choice-0-2", "choice-0-3"} <= set(fields)
    response = step(importer_client, "choose", alike="skip", **{"choice-0-3": "add source"})
    page = response.content.decode()
    assert "1 duplicate" in page
    assert fields_in(response)["alike"] == "skip"
    assert fields_in(response)["choice-0-3"] == "add source"
    step(importer_client, "confirm", digest=digest_on(response))
    assert Statement.objects.count() == 1
    assert [citation.source.url for citation in stored.citations.all()] == ["https://example.org/2"]


@pytest.mark.parametrize(
    "posted", [{"alike": "marry"}, {}, {"alike": "skip", "choice-9-2": ""}, {"alike": "skip", "choice-0-2": "marry"}]
)
def test_choices_that_are_none_change_nothing(
    importer_client: Client, stored: Statement, posted: dict[str, str]
) -> None:
    upload(importer_client, ALIKE, kind="statements")
    response = step(importer_client, "choose", **posted)
    assert "not understood" in said(response)
    assert newest().options["choices"] == {}


def test_a_long_import_shows_how_far_it_is_and_the_page_looks_again(importer_client: Client, settings: Any) -> None:
    settings.TASKS = QUEUED
    response = upload(importer_client, organisations(uploads.LONG_ROWS + 1))
    assert response.headers["Refresh"] == "2"
    page = response.content.decode()
    assert "It waits until a worker takes it." in page
    assert "Confirm" not in page
    with runs.Work(runs.progress_path(newest())) as work:
        work.begin(runs.Phase.READING, total=2001)
        work.advance(900)
        work._tell()
        page = page_at(importer_client)
    assert "Read and checked: 900 of at most 2001 rows." in page
    assert "a second" in page
    assert '<progress value="900" max="2001"' in page
    runs.plan_run.call(newest().pk)
    response = importer_client.get(f"/admin/statements/importrun/{newest().pk}/change/")
    assert "Refresh" not in response.headers
    assert "2001 rows read: 2001 new" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_long_import_goes_on_when_nobody_looks(importer_client: Client) -> None:
    upload(importer_client, organisations(uploads.LONG_ROWS + 1))
    wait_for_tasks()
    page = page_at(importer_client)
    assert "2001 rows read: 2001 new" in page
    assert "Confirm: write all of this" in page


def test_rejected_rows_and_the_others_come_back_as_files(importer_client: Client) -> None:
    upload(importer_client, "slug,name,kind\na,A,club\nb,B,NGO\n")
    page = page_at(importer_client)
    base = f"/admin/statements/importrun/{newest().pk}"
    assert f'href="{base}/rejected/0/"' in page
    rejected = importer_client.get(f"{base}/rejected/0/")
    assert rejected.headers["Content-Disposition"] == 'attachment; filename="organisations-rejected.csv"'
    text = b"".join(rejected.streaming_content).decode()
    assert text.startswith("slug,name,kind,problem,suggestion\na,A,club,")
    others = importer_client.get(f"{base}/others/0/")
    assert b"".join(others.streaming_content).decode() == "slug,name,kind\nb,B,NGO\n"
    assert importer_client.get(f"{base}/rejected/1/").status_code == 404
    mended = text.replace("club", "NGO")
    assert "1 row read: 1 new" in upload(importer_client, mended).content.decode()


def test_the_file_comes_back_as_it_was_uploaded(importer_client: Client) -> None:
    upload(importer_client, ORGANISATIONS)
    response = importer_client.get(f"/admin/statements/importrun/{newest().pk}/file/")
    assert BytesIO(b"".join(response.streaming_content)).getvalue() == ORGANISATIONS.encode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="organisations.csv"'


def test_the_desk_offers_the_import_to_importers(importer_client: Client, editor_client: Client) -> None:
    assert PAGE in importer_client.get("/admin/").content.decode()
    assert PAGE in importer_client.get("/admin/statements/importrun/").content.decode()
    assert PAGE not in editor_client.get("/admin/").content.decode()
