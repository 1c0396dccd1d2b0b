"""The history of imports: a page for each run, what it brought, publishing and undoing it, and who may see what."""

from typing import Any

import pytest
from django.test import Client

from statements.importing import runs
from statements.models import ImportRun, Organisation, Statement, Version
from tests.factories import (
    IssuerFactory,
    OrganisationFactory,
    SourceFactory,
    StatementFactory,
    make_user,
    save_version,
)
from tests.importing import imported
from tests.runs import grow_old, take_in

LIST = "/admin/statements/importrun/"

STATEMENTS = (
    "slug,title,kind,language,issued,issuers,source_urls,summary,step\n"
    "draft,A draft,press statement,en,2022-01-27,ministry,https://example.org/1,What was said.,draft\n"
    "waiting,Another waits,press statement,en,2022-01-28,ministry,https://example.org/2,What was said.,in review\n"
)

#: Every address of a run, and what may be done there: "GET" shows, "POST" does.
PAGES = ("change", "undo", "file", "rejected/0", "others/0")
STEPS = ("read", "again", "choose", "confirm", "discard", "submit", "publish", "undo")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.fixture
def ministry(db: None) -> Organisation:
    return OrganisationFactory(name="Ministry", slug="ministry")


@pytest.fixture
def applied(importer: Any, ministry: Organisation) -> ImportRun:
    run = take_in(STATEMENTS, by=importer, kind="statements")
    assert run.state == "previewed", run.report
    return runs.confirm(run=run, digest=run.digest, by=importer)


def address(run: ImportRun, name: str = "change") -> str:
    return f"{LIST}{run.pk}/{name}/"


def page_of(client: Client, run: ImportRun, parameters: str = "") -> str:
    response = client.get(f"{address(run)}{parameters}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def press(client: Client, run: ImportRun, name: str, **values: str) -> str:
    """The text of the page that the button leads to, with what is said on top."""
    response = client.post(address(run, name), values, follow=True)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_the_page_of_a_run_tells_what_was_imported_by_whom_and_what_became_of_it(
    importer_client: Client, applied: ImportRun
) -> None:
    page = page_of(importer_client, applied)
    for words in (
        "2 rows read: 2 new",
        "Everything was written.",
        "statements.csv",
        applied.sha256,
        "<dt>Brought in by</dt><dd>importer</dd>",
        "1 statement: draft",
        "1 statement: in review",
        "A draft",
        "Another waits",
    ):
        assert words in page, words
    assert f'href="{address(applied, "file")}"' in page
    assert f'href="/admin/statements/statement/{Statement.objects.get(slug="draft").pk}/change/"' in page


def test_what_a_run_brought_is_submitted_and_published_by_another(
    importer_client: Client, reviewer_client: Client, applied: ImportRun
) -> None:
    assert "Publish what waits" not in page_of(importer_client, applied), "an importer publishes nothing"
    page = press(importer_client, applied, "submit")
    assert "importer: 1 statement waits for a reviewer now." in page
    assert "2 statements: in review" in page
    assert "Publish what waits for review" in page_of(reviewer_client, applied)
    assert "You may not publish statements." in press(importer_client, applied, "publish")
    assert not Statement.objects.public().exists()
    page = press(reviewer_client, applied, "publish")
    assert "reviewer: Readers see 2 statements now." in page
    assert "2 statements: done" in page
    assert Statement.objects.public().count() == 2
    assert "Publish what waits" not in page_of(reviewer_client, applied)


def test_who_imported_does_not_publish_and_is_told_so(
    administrator_client: Client, administrator: Any, ministry: Organisation
) -> None:
    run = take_in(STATEMENTS, by=administrator, kind="statements")
    run = runs.confirm(run=run, digest=run.digest, by=administrator)
    page = page_of(administrator_client, run)
    assert "You brought it in yourself: a second person publishes it." in page
    assert "Publish what waits" not in page
    page = press(administrator_client, run, "publish")
    assert "Another waits: You entered or changed it yourself" in page, "every refusal is listed"
    assert not Statement.objects.public().exists()


def test_what_is_refused_is_listed_and_the_rest_is_published(reviewer_client: Client, applied: ImportRun) -> None:
    bare = StatementFactory(title="Bare", step="in review")
    save_version(statement=bare, by=make_user("editor", "contributor"))
    Statement.objects.filter(pk=bare.pk).update(step="in review")
    applied.statements.add(bare)
    page = press(reviewer_client, applied, "publish")
    assert "Readers see 1 statement now." in page
    assert "Bare: It has no source" in page or "Bare: " in page
    assert Statement.objects.public().get().slug == "waiting"


def test_a_run_is_undone_after_a_look_at_what_that_would_do(importer_client: Client, applied: ImportRun) -> None:
    IssuerFactory(statement=Statement.objects.get(slug="draft"), organisation=OrganisationFactory())
    save_version(statement=Statement.objects.get(slug="draft"), by=make_user("colleague", "contributor"))
    assert f'href="{address(applied, "undo")}"' in page_of(importer_client, applied)
    page = importer_client.get(address(applied, "undo")).content.decode()
    assert "statements: Another waits" in page
    assert "statements: A draft – <em>It was changed since, by colleague.</em>" in page
    assert Statement.objects.count() == 2, "only a look"
    page = press(importer_client, applied, "undo", reason=" ")
    assert "This field is required." in page
    page = press(importer_client, applied, "undo", reason="The wrong file.")
    assert "by importer: The wrong file." in page
    assert "A draft: It was changed since, by colleague." in page
    assert list(Statement.objects.values_list("slug", flat=True)) == ["draft"]
    assert "Undo this import" not in page
    assert "Submit 1" not in page
    assert "undone already" in press(importer_client, applied, "undo", reason="Once more.")
    assert "written, undone later" in importer_client.get(LIST).content.decode()


def test_a_colleague_who_only_imports_undoes_nothing_of_others(applied: ImportRun) -> None:
    client = Client()
    client.force_login(make_user("colleague", "importer"))
    assert "Importer made this import" in press(client, applied, "undo", reason="Mine is better.")
    assert Statement.objects.count() == 2


def test_many_statements_are_listed_a_page_at_a_time(importer_client: Client, applied: ImportRun) -> None:
    applied.statements.add(*(StatementFactory(title=f"Further {number}.") for number in range(150)))
    page = page_of(importer_client, applied)
    assert "Further 97.<" in page
    assert "Further 98.<" not in page
    assert "Page 1 of 2" in page
    assert "Further 149.<" in page_of(importer_client, applied, "?statements=2")


def test_a_run_of_the_command_has_its_page_without_a_file(importer_client: Client, importer: Any) -> None:
    imported("organisations", "slug,name,kind\na,A,NGO\n", by=importer)
    run = ImportRun.objects.get()
    page = page_of(importer_client, run)
    assert "1 row read: 1 new" in page
    assert "organisations, new or changed: 1" in page
    assert importer_client.get(address(run, "file")).status_code == 404
    assert importer_client.get(address(run, "rejected/0")).status_code == 404


@pytest.mark.parametrize("state", ["planning", "writing"])
def test_a_run_that_was_killed_says_so_in_the_list_and_on_its_page(
    importer_client: Client, importer: Any, state: str
) -> None:
    run = take_in("slug,name,kind\na,A,NGO\n", by=importer)
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    runs.progress.begin(runs.progress_path(run))
    assert "stopped" not in importer_client.get(LIST).context["cl"].result_list[0].get_state_display()
    grow_old(run)
    assert "stopped, nothing was written" in importer_client.get(LIST).content.decode()
    page = page_of(importer_client, run)
    assert "It was stopped before its end, and nothing was written." in page
    assert "Read it again" in page
    assert "Confirm: write all of this" in press(importer_client, run, "again")


def test_a_step_with_much_to_do_shows_how_far_it_is_and_says_when_it_was_killed(
    importer_client: Client, applied: ImportRun
) -> None:
    with runs.Work(runs.progress_path(applied)) as work:
        work.begin(runs.Phase.SUBMITTING, total=2)
        work.advance(1)
        work._tell()
        page = page_of(importer_client, applied)
        assert "Submitted: 1 of 2 statements." in page
        assert "Submit 1 statement" not in page
        assert "just now" in press(importer_client, applied, "submit")
    runs.progress.begin(runs.progress_path(applied))
    grow_old(applied)
    page = page_of(importer_client, applied)
    assert "The last step was ended before it was done." in page
    assert "1 statement waits for a reviewer now." in press(importer_client, applied, "submit")


def test_the_list_is_filtered_by_state_kind_user_and_undoing(importer_client: Client, applied: ImportRun) -> None:
    other = ImportRun.objects.create(
        kind="sources", file_name="x.csv", state="refused", started_at=applied.started_at, user_name="somebody"
    )
    for parameter, found in (
        ("state__exact=applied", applied),
        ("kind=sources", other),
        ("user_name=importer", applied),
        ("q=x.csv", other),
    ):
        assert list(importer_client.get(f"{LIST}?{parameter}").context["cl"].result_list) == [found], parameter
    assert importer_client.get(f"{LIST}?undone=yes").context["cl"].result_count == 0
    assert importer_client.get(f"{LIST}?undone=no").context["cl"].result_count == 2


def test_a_run_that_is_not_there_is_said_and_no_error(importer_client: Client) -> None:
    for name in PAGES:
        response = importer_client.get(f"{LIST}999/{name}/", follow=True)
        assert response.status_code in (200, 404), name
    assert "There is no such import." in importer_client.get(f"{LIST}999/change/", follow=True).content.decode()
    assert importer_client.get(f"{LIST}abc/change/", follow=True).status_code == 200


MAY_IMPORT = {"importer", "administrator"}
MAY_LOOK = {*MAY_IMPORT, "reviewer"}


@pytest.mark.parametrize("role", ["", "contributor", "reviewer", "importer", "administrator"])
def test_every_address_of_a_run_answers_each_role_as_it_may(role: str, applied: ImportRun) -> None:
    client = Client()
    client.force_login(make_user("somebody", *filter(None, [role])))
    assert client.get(LIST).status_code == (200 if role in MAY_LOOK else 403)
    for name in PAGES:
        response = client.get(address(applied, name))
        list(response)  # a file is closed when it was read
        may = role in (MAY_LOOK if name == "change" else MAY_IMPORT)
        assert (response.status_code != 403) is may, name
    versions = Version.objects.count()
    for name in STEPS:
        status = client.post(address(applied, name), {"reason": ""}).status_code
        may = role in (MAY_LOOK if name in ("submit", "publish") else MAY_IMPORT)
        assert (status != 403) is may, name
    assert Version.objects.count() == versions
    assert Statement.objects.public().exists() is (role in ("reviewer", "administrator"))


def test_nobody_without_a_login_sees_anything_of_a_run(applied: ImportRun) -> None:
    for name in (*PAGES, *STEPS):
        for ask in (Client().get, Client().post):
            response = ask(address(applied, name))
            assert response.status_code == 302
            assert "/admin/login/" in response.headers["Location"]
    assert Client().get(f"/media/{applied.file.name}").status_code == 404
    assert Client().get("/statements/waiting/").status_code == 404
    assert not Statement.objects.public().exists()


def test_a_reviewer_sees_the_rows_and_no_file(reviewer_client: Client, applied: ImportRun) -> None:
    SourceFactory()
    page = page_of(reviewer_client, applied)
    assert "Another waits" in page
    for name in ("file", "undo", "confirm", "discard"):
        assert address(applied, name) not in page
