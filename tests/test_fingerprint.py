"""The ETag of files changes with whatever changes them, by whatever way that is written, and with nothing else."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.actions.scheduling import publish_all_due
from statements.actions.steps import return_to_editor, submit
from statements.actions.updates import publish_update, withdraw_update
from statements.models import DemandUpdate, OldSlug, PublicChange, Schedule, Source, Statement, Version
from statements.record.fingerprint import fingerprint, made_of
from tests.admin_forms import errors_of, fields_on
from tests.erasing import NAME, erased, statement_with_the_name
from tests.factories import (
    DemandUpdateFactory,
    OrganisationFactory,
    SpeakerFactory,
    make_public_statement,
    make_statement,
    make_user,
    publish_again,
    save_version,
)
from tests.importing import imported
from tests.merging import merged
from tests.taking_away import fetched
from tests.test_public_queries import counted_queries
from tests.test_schedule import scheduled
from tests.undoing import run_of, undone


class Desk:
    """A public statement with all that is named in it, and those who work on it."""

    def __init__(self, editor: User, reviewer: User, administrator: User) -> None:
        self.editor, self.reviewer, self.administrator = editor, reviewer, administrator
        self.importer = make_user("both", "importer", "reviewer")
        self.statement = make_public_statement(by=editor, published_by=reviewer, title="The statement")
        self.organisation = self.statement.issuers.get().organisation
        self.demand = self.statement.mentions.get().demand
        self.source = self.statement.citations.get().source
        self.measure = self.statement.counts.get().measure
        self.speaker = SpeakerFactory(name="The speaker")
        self.client = Client()
        self.client.force_login(reviewer)

    def posted(self, row: Any, **typed: str) -> None:
        address = f"/admin/statements/{row._meta.model_name}/{row.pk}/change/"
        response = self.client.post(address, fields_on(self.client, address) | typed)
        assert response.status_code == 302, errors_of(response)


@pytest.fixture
def desk(editor: User, reviewer: User, administrator: User) -> Desk:
    return Desk(editor, reviewer, administrator)


def publishing(desk: Desk) -> None:
    statement = make_statement(by=desk.editor)
    submit(statement=statement, by=desk.editor)
    publish(statement=statement, by=desk.reviewer)


def correcting(desk: Desk) -> None:
    desk.statement.summary = "In other words."
    desk.statement.save()
    publish_again(desk.statement, by=desk.editor, published_by=desk.reviewer, revision="correction", note="Wrong.")


def withdrawing(desk: Desk) -> None:
    withdraw(statement=desk.statement, by=desk.reviewer, reason="A mistake.")


def publishing_what_was_withdrawn(desk: Desk) -> None:
    publish(statement=desk.statement, by=desk.reviewer)


def a_schedule_that_comes_due(desk: Desk) -> None:
    Schedule.objects.update(publish_at=timezone.now() - datetime.timedelta(minutes=1))
    publish_all_due()


def a_form_of_an_organisation(desk: Desk) -> None:
    desk.posted(desk.organisation, name="New name")


def a_name_in_another_script(desk: Desk) -> None:
    desk.posted(desk.organisation, **{"names-TOTAL_FORMS": "1", "names-0-name": "Новае імя", "names-0-language": "be"})


def a_handle_of_a_speaker(desk: Desk) -> None:
    typed = {"handles-TOTAL_FORMS": "1", "handles-0-network": "x", "handles-0-handle": "new_handle"}
    desk.posted(desk.speaker, **typed)


def the_parent_of_an_organisation(desk: Desk) -> None:
    desk.posted(desk.organisation, parent=str(OrganisationFactory().pk))


def a_form_of_a_measure(desk: Desk) -> None:
    desk.posted(desk.measure, definition="Who is counted, in other words.")


def making_the_index_anew(desk: Desk) -> None:
    call_command("rebuild_record")


def making_an_empty_index_anew(desk: Desk) -> None:
    call_command("rebuild_record")


def a_form_of_a_source(desk: Desk) -> None:
    desk.posted(desk.source, title="New title")


def addressees_of_a_demand(desk: Desk) -> None:
    desk.posted(desk.demand, addressees=[str(OrganisationFactory().pk)])  # type: ignore[arg-type]  # a list of ids


def an_import(desk: Desk) -> None:
    imported("sources", f"slug,title\n{desk.source.slug},Imported title\n", by=desk.importer)


def undoing_an_import(desk: Desk) -> None:
    undone(desk.run, by=desk.importer)  # type: ignore[attr-defined]  # of the state before


def merging(desk: Desk) -> None:
    other = make_public_statement(by=desk.editor, published_by=desk.reviewer).issuers.get().organisation
    merged(other, desk.organisation, by=desk.reviewer)


def an_update_that_is_published(desk: Desk) -> None:
    publish_update(update=DemandUpdate.objects.get(), by=desk.reviewer)


def an_update_that_is_withdrawn(desk: Desk) -> None:
    withdraw_update(update=DemandUpdate.objects.get(), by=desk.reviewer)


def an_erasure_of_words(desk: Desk) -> None:
    erased(Statement.objects.get(slug="on-a-prisoner"), by=desk.administrator, words=NAME)


def an_erasure_of_a_version(desk: Desk) -> None:
    statement = Statement.objects.get(slug="on-a-prisoner")
    erased(statement, by=desk.administrator, version=Version.objects.get(statement=statement, public_number=1).number)


def an_erasure_of_words_that_only_a_note_to_readers_has(desk: Desk) -> None:
    erased(desk.statement, by=desk.administrator, words="Wrong")


def _withdrawn(desk: Desk) -> None:
    withdrawing(desk)


def _scheduled(desk: Desk) -> None:
    scheduled(editor=desk.editor, reviewer=desk.reviewer)


def _with_a_run(desk: Desk) -> None:
    desk.run = run_of({"sources": f"slug,title\n{desk.source.slug},Imported title\n"}, by=desk.importer)  # type: ignore[attr-defined]


def _with_an_update(desk: Desk) -> None:
    DemandUpdateFactory(demand=desk.demand, source=desk.source, saved_by=desk.editor)


def _with_a_public_update(desk: Desk) -> None:
    DemandUpdateFactory(demand=desk.demand, source=desk.source, published_at=timezone.now())


def _with_a_name(desk: Desk) -> None:
    statement_with_the_name(editor=desk.editor, reviewer=desk.reviewer)


def _nothing(desk: Desk) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "write"),
    [
        (_nothing, publishing),
        (_nothing, correcting),
        (_nothing, withdrawing),
        (_withdrawn, publishing_what_was_withdrawn),
        (_scheduled, a_schedule_that_comes_due),
        (_nothing, a_form_of_an_organisation),
        (_nothing, a_name_in_another_script),
        (_nothing, a_handle_of_a_speaker),
        (_nothing, the_parent_of_an_organisation),
        (_nothing, a_form_of_a_measure),
        (_nothing, making_the_index_anew),
        (_withdrawn, making_an_empty_index_anew),
        (_nothing, a_form_of_a_source),
        (_nothing, addressees_of_a_demand),
        (_nothing, an_import),
        (_with_a_run, undoing_an_import),
        (_nothing, merging),
        (_with_an_update, an_update_that_is_published),
        (_with_a_public_update, an_update_that_is_withdrawn),
        (_with_a_name, an_erasure_of_words),
        (_with_a_name, an_erasure_of_a_version),
        (correcting, an_erasure_of_words_that_only_a_note_to_readers_has),
    ],
    ids=lambda step: step.__name__.removeprefix("_"),
)
def test_it_is_another_after_whatever_readers_may_notice(
    desk: Desk, before: Callable[[Desk], None], write: Callable[[Desk], None]
) -> None:
    before(desk)
    then = fingerprint()
    etag = fetched(Client(), "/statements.json")[0].headers["ETag"]
    write(desk)
    assert fingerprint() != then
    assert fetched(Client(), "/statements.json", if_none_match=etag)[0].status_code == 200


def test_it_stays_while_nobody_publishes_anything(desk: Desk) -> None:
    update = DemandUpdateFactory(demand=desk.demand, source=desk.source, saved_by=desk.editor)
    then = fingerprint()
    statement = make_statement(by=desk.editor)
    submit(statement=statement, by=desk.editor)
    return_to_editor(statement=statement, by=desk.reviewer, note="The year is wrong.")
    desk.statement.summary = "Not published."
    desk.statement.save()
    save_version(statement=desk.statement, by=desk.editor)
    desk.posted(statement, title="Another title", desk_note="For colleagues.")
    desk.posted(update, note="Entered, and not published.")
    imported("statements", f"slug,desk_note\n{desk.statement.slug},For colleagues.\n", by=desk.importer)
    day, source = update.date, desk.source.slug
    updates = f"demand,date,status,source,note\n{desk.demand.slug},{day},met,{source},Imported.\n"
    imported("demand_updates", updates, by=desk.importer)
    Source.objects.create(slug="new", title="New", publisher="Press", kind="news")
    for address in ("/", "/statements/", "/statements.csv"):
        fetched(Client(), address)
    assert fingerprint() == then


def test_it_is_another_on_another_day_and_with_another_name_or_licence(
    desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {fingerprint()}
    settings.SITE_NAME = "Another name"
    seen.add(fingerprint())
    settings.DATA_LICENCE = "CC0-1.0"
    seen.add(fingerprint())
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr("statements.record.fingerprint.timezone.localdate", lambda: tomorrow)
    seen.add(fingerprint())
    assert len(seen) == 4


def test_it_costs_one_query_however_much_there_is(desk: Desk) -> None:
    OldSlug.objects.create(kind="organisation", slug="old", target_id=desk.organisation.pk)
    for _number in range(2):
        publishing(desk)
        with counted_queries() as seen:
            fingerprint()
        assert len(seen) == 1
    assert PublicChange.objects.count() == 1


def test_all_that_pages_are_made_of_is_part_of_it(desk: Desk, client: Client) -> None:
    withdrawing(desk)
    publishing(desk)
    shown = make_public_statement(by=desk.editor, published_by=desk.reviewer)
    versions = f"/statements/{shown.slug}/versions"
    addresses = [*("/", "/statements/", "/demands/", "/measures/", "/organisations/", "/sources/", "/corrections/")]
    addresses += ["/about/", "/data/", "/sitemap.xml", "/robots.txt", f"/statements/{shown.slug}/", f"{versions}/1/"]
    used = {Path(template.origin.name) for address in addresses for template in client.get(address).templates}
    assert len(used) > 30
    assert used <= made_of()
    folder = Path(settings.BASE_DIR) / "statements"
    assert {folder / "static" / "statements" / "site.css", folder / "templatetags" / "record.py"} <= made_of()
    assert not [path for path in made_of() if "admin" in path.parts or "importing" in path.parts]
