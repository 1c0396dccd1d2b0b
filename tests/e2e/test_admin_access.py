"""Every kind of page that editors use, as somebody sees it who has poor eyes, a narrow screen, or no mouse."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from statements.actions.putting_off import put_off
from statements.actions.scheduling import schedule
from statements.actions.steps import return_to_editor, submit
from statements.importing import runs
from statements.models import Demand, ReferenceChange, Statement
from tests.e2e.conftest import PASSWORD, Person
from tests.e2e.test_access import NARROW, WIDE, Eyes, needs_axe
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    DemandUpdateFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
    publish_again,
    save_version,
)
from tests.runs import take_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), needs_axe]

DESK = "/admin/statements"
STATUS = "return performance.getEntriesByType('navigation')[0].responseStatus"
STATEMENTS = (
    "slug,title,kind,language,issued,issuers,source_urls,summary,step\n"
    "one,One,press statement,en,2022-01-27,organisation,https://example.org/1,What was said.,draft\n"
    "two,Two,press statement,en,2022-01-28,organisation,https://example.org/2,What was said.,in review\n"
)


class Desk(Eyes):
    """The desk through the eyes of somebody who works there."""

    asked = {
        "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        "dark": ["color-contrast", "link-in-text-block"],  # nothing else changes with the scheme
    }

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.found: list[str] = []

    def looks_here(self, what: str) -> None:
        """At the page as it stands now, which may have been typed in or be the answer to a form."""
        for width in (NARROW, WIDE):
            self.sees(width=width, scheme="light")
            needed = self.browser.execute_script("return document.documentElement.scrollWidth")
            if needed > width:
                self.found.append(f"{what} at {width}: it scrolls sideways, to {needed}")
            self.found += self.complaints_of_axe(f"{what} at {width}")

    def looks_at(self, *addresses: str) -> None:
        for address in addresses:
            self.person.opens(address)
            answered = self.browser.execute_script(STATUS)
            assert answered == 200, f"{address} answers {answered}"
            self.looks_here(address)


def page(row: Any, ending: str = "change/") -> str:
    return f"{DESK}/{row._meta.model_name}/{row.pk}/{ending}"


@pytest.fixture
def desk(person: Person) -> Desk:
    return Desk(person)


@pytest.fixture
def editor() -> User:
    return make_user("editor", "contributor", password=PASSWORD)


@pytest.fixture
def reviewer() -> User:
    return make_user("reviewer", "reviewer", password=PASSWORD)


def whole(*, by: User, **fields: Any) -> Statement:
    """All six lists of its form have a row."""
    statement = make_statement(by=by, **fields)
    SpeakerRoleFactory(statement=statement)
    statement.mentions.get().addressees.add(OrganisationFactory())
    save_version(statement=statement, by=by)
    return statement


def revised(*, by: User, published_by: User) -> Statement:
    """Readers see it; what the desk says differs, and waits for a reviewer."""
    statement = make_public_statement(by=by, published_by=published_by, title="Revised")
    Statement.objects.filter(pk=statement.pk).update(summary="They ask for more.", place="Riga")
    save_version(statement=statement, by=by)
    submit(statement=statement, by=by)
    return statement


def rivals(*, by: User, published_by: User) -> str:
    """The address of two figures that contradict each other."""
    statement = make_statement(by=by, title="Rival")
    count = statement.counts.get()
    CountObservationFactory(statement=statement, measure=count.measure, value=1)
    publish_again(statement, by=by, published_by=published_by, revision="")
    return f"{DESK}/measure/{count.measure.pk}/rivals/2022-01-27/"


def test_entering_and_correcting_can_be_done_by_everybody(desk: Desk, editor: User, reviewer: User) -> None:
    statement = whole(by=editor)
    source = statement.citations.get().source
    desk.person.logs_in("editor")
    desk.looks_at(
        f"{DESK}/statement/add/",
        page(statement),
        f"{DESK}/source/start/",
        f"{DESK}/source/start/?source={source.pk}",
        f"{DESK}/source/start/?address=https://example.org/unknown",
        f"{DESK}/statement/add/?source={source.pk}",
        f"{DESK}/source/add/?_popup=1",
    )
    desk.person.opens(page(statement))
    for prefix in ("issuers", "speaker_roles", "citations", "wordings", "mentions", "counts"):
        desk.person.adds_another(prefix)
    desk.person.find("#id_issuers-1-organisation + .select2 .select2-selection").click()
    desk.person.find(".select2-results__option--highlighted")
    desk.looks_here("form with an open autocomplete")
    desk.person.types("#id_issued", "soon")
    desk.person.types("#id_counts-0-quote", "9999 prisoners")
    desk.person.presses("Save")
    desk.person.find(".errornote")
    desk.looks_here("form with errors")

    desk.person.opens(page(statement))
    desk.person.types("#id_title", "Mine")
    Statement.objects.filter(pk=statement.pk).update(title="Theirs")
    save_version(statement=statement, by=reviewer)
    desk.person.presses("Save")
    desk.person.find(".conflict-line")
    desk.looks_here("conflict")

    gone = StatementFactory()
    desk.person.opens(page(gone))
    gone.delete()
    desk.person.presses("Save")
    desk.person.find(".desk-document")
    desk.looks_here("deleted meanwhile")
    assert desk.found == []


def test_an_autocomplete_is_called_as_its_field_is_and_says_what_is_chosen(desk: Desk, editor: User) -> None:
    statement = whole(by=editor)
    other = OrganisationFactory(name="Latvian Foreign Ministry")
    person = desk.person
    person.logs_in("editor")
    person.opens(page(statement))
    box = "#id_{}-organisation + .select2 .select2-selection"
    issuer = statement.issuers.get().organisation
    assert person.find(box.format("issuers-0")).accessible_name == f"Organisation: {issuer}"
    for _row in range(2):
        person.adds_another("issuers")
    assert person.find(box.format("issuers-3")).accessible_name == "Organisation"
    person.looks_up("id_issuers-3-organisation", "Latvian", "Latvian Foreign Ministry")
    for place in (1, 1):
        person.find(f"#issuers-{place} .inline-deletelink").click()
    assert person.find(box.format("issuers-1")).accessible_name == f"Organisation: {other} (NGO)"
    assert person.find("#id_issuers-1-part").accessible_name == "Part"
    assert person.find("#id_issuers-0-DELETE").accessible_name == "Delete"
    addressees = person.find("#id_mentions-0-addressees + .select2 .select2-selection").accessible_name
    assert addressees.startswith("Addressees named here: Organisation")
    assert person.complaints_of_the_browser() == []


def test_the_desk_and_its_lists_can_be_read_by_everybody(desk: Desk, editor: User, reviewer: User) -> None:
    returned = make_statement(by=editor, title="Returned")
    submit(statement=returned, by=editor)
    return_to_editor(statement=returned, by=reviewer, note="Look at the date.")
    bare, other = StatementFactory(title="Bare"), StatementFactory(title="Other")
    until = timezone.localdate() + datetime.timedelta(days=9)
    later = put_off(queue="words", item=str(bare.pk), until=until, reason="Later.", by=editor)
    public = revised(by=editor, published_by=reviewer)
    rival_day = rivals(by=editor, published_by=reviewer)
    Demand.objects.update(theme="release")
    DemandUpdateFactory(saved_by=editor)
    SpeakerFactory()
    ReferenceChange.objects.create(
        kind="source", target_id=1, label="x", changes={"title": ["a", "b"]}, saved_at=timezone.now(), through="form"
    )
    names = ["statement", "organisation", "speaker", "source", "demand", "demandupdate", "measure"]
    desk.person.logs_in("editor")
    desk.looks_at(
        "/admin/",
        f"{DESK}/",
        *(f"{DESK}/{name}/" for name in (*names, "version", "referencechange", "putoff")),
        f"{DESK}/statement/?step__exact=returned&q=x",
        f"{DESK}/putoff/put-off/words/{other.pk}/",
        page(later, "take-back/"),
        f"{DESK}/measure/rivals/",
        rival_day,
        page(returned),
        page(public),
        page(public, "versions/"),
        page(public, "compare/?from=1&to=2"),
        page(public, "preview/"),
        page(public, "restore/1/"),
        page(public, "discard/"),
        page(public.versions.latest("pk")),
        page(ReferenceChange.objects.latest("pk")),
        page(bare, "delete/"),
        "/admin/password_change/",
    )
    assert desk.found == []


def test_reviewing_can_be_done_by_everybody(desk: Desk, editor: User, reviewer: User) -> None:
    waiting = make_statement(by=editor, title="Waiting")
    submit(statement=waiting, by=editor)
    public = revised(by=editor, published_by=make_user("second", "reviewer"))
    scheduled = make_statement(by=editor, title="Scheduled")
    submit(statement=scheduled, by=editor)
    schedule(statement=scheduled, by=reviewer, publish_at=timezone.now() + datetime.timedelta(days=1))
    update = DemandUpdateFactory(saved_by=editor)
    desk.person.logs_in("reviewer")
    desk.looks_at(
        "/admin/",
        page(waiting),
        page(waiting, "return/"),
        page(waiting, "schedule/"),
        page(public, "publish/"),
        page(public, "withdraw/"),
        page(scheduled),
        page(scheduled, "unschedule/"),
        page(update),
        page(update, "publish/"),
    )
    desk.person.opens(f"{DESK}/statement/?step__exact=in+review")
    desk.person.find("#action-toggle").click()
    desk.person.chooses("select[name=action]", "schedule_selected")
    desk.person.presses("Go")
    desk.person.find("#id_publish_at_0, #id_publish_at").submit()
    desk.person.find(".errorlist")
    desk.looks_here("question about several, with errors")
    assert desk.found == []


def test_what_statements_refer_to_can_be_edited_and_merged_by_everybody(desk: Desk, reviewer: User) -> None:
    desk.person.logs_in("reviewer")
    factories: list[Any] = [OrganisationFactory, SpeakerFactory, SourceFactory, DemandFactory, MeasureFactory]
    for make in factories:
        row, other = make(), make()
        desk.looks_at(f"{DESK}/{row._meta.model_name}/add/", page(row))
        desk.looks_at(page(row, f"merge/?other={other.pk}&stays=this"))
    desk.looks_at(page(row, "merge/"), page(row, "history/"))
    assert desk.found == []


@pytest.mark.usefixtures("uploads_folder")
def test_importing_can_be_done_by_everybody(desk: Desk) -> None:
    importer = make_user("importer", "importer", password=PASSWORD)
    OrganisationFactory(name="Organisation", slug="organisation")
    wrong = take_in(STATEMENTS.replace("2022-01-28", "soon"), by=importer, kind="statements")
    looked_at = take_in(STATEMENTS, by=importer, kind="statements")
    run = take_in(STATEMENTS, by=importer, kind="statements")
    desk.person.logs_in("importer")
    desk.looks_at(page(wrong), page(looked_at))
    run = runs.confirm(run=run, digest=run.digest, by=importer)
    desk.looks_at(
        "/admin/",
        f"{DESK}/importrun/",
        f"{DESK}/importrun/import/",
        f"{DESK}/importrun/import/kinds/",
        f"{DESK}/importrun/import/kinds/counts/",
        page(run),
        page(run, "undo/"),
    )
    assert desk.found == []


def test_administration_and_logging_in_can_be_done_by_everybody(desk: Desk, editor: User) -> None:
    statement = make_statement(by=editor)
    make_user("administrator", "administrator", password=PASSWORD)
    desk.looks_at("/admin/login/")
    desk.person.logs_in("administrator")
    desk.looks_at("/admin/", page(statement, "erase/"))
    desk.person.types("#id_words", "1007")
    desk.person.presses("Show where it stands")
    desk.person.find("#id_confirmation")
    desk.looks_here("erase preview")
    desk.looks_at("/admin/auth/user/", "/admin/auth/user/add/")
    desk.person.logs_out()
    desk.person.opens("/admin/login/")
    desk.person.types("#id_username", "nobody")
    desk.person.types("#id_password", "wrong")
    desk.person.leaves_by("Log in")
    desk.looks_here("login refused")
    assert desk.found == []
