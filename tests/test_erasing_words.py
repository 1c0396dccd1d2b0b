"""Words that stand where nobody looks at first, or in another form than they were typed in: they go as well."""

import hashlib
import unicodedata
from pathlib import Path

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.erasing import Target, erase, preview
from statements.models import Erasure, ReferenceChange, Statement
from tests import factories as f
from tests.admin_forms import fields_on
from tests.erasing import NAME, erased, everything, statement_with_the_name
from tests.runs import ORGANISATIONS, take_in

CYRILLIC = "Андрей Иванов"
TAKEN_APART = unicodedata.normalize("NFD", CYRILLIC)


def test_letters_that_the_log_of_the_desk_keeps_as_numbers_are_found(
    editor: User, editor_client: Client, administrator: User
) -> None:
    statement = f.make_statement(by=editor)
    address = f"/admin/statements/statement/{statement.pk}/change/"
    typed = {"speaker_roles-0-speaker": f.SpeakerFactory().pk, "speaker_roles-0-attribution": CYRILLIC}
    assert editor_client.post(address, fields_on(editor_client, address) | typed).status_code == 302
    assert CYRILLIC in LogEntry.objects.get().get_change_message()
    erased(statement, by=administrator, words=CYRILLIC)
    assert "[…]" in LogEntry.objects.get().get_change_message()
    assert CYRILLIC not in LogEntry.objects.get().get_change_message()


def test_a_letter_in_two_parts_is_the_same_letter(editor: User, administrator: User) -> None:
    assert TAKEN_APART != CYRILLIC
    statement = f.make_statement(by=editor, title=f"On {CYRILLIC}", desk_note=f"Ask {TAKEN_APART}, й.")
    erased(statement, by=administrator, words=TAKEN_APART)
    statement = Statement.objects.get()
    assert (statement.title, statement.desk_note) == ("On […]", "Ask […], й.")
    assert Erasure.objects.get().erased_hash == hashlib.sha256(CYRILLIC.encode()).hexdigest(), "as the version had it"


def test_a_text_without_the_words_keeps_its_form(editor: User, administrator: User) -> None:
    note = unicodedata.normalize("NFD", "Ещё один")
    statement = f.make_statement(by=editor, title=f"On {CYRILLIC}", desk_note=note)
    shown = erased(statement, by=administrator, words=CYRILLIC)
    assert Statement.objects.get().desk_note == note
    assert "The desk note and the reason of the withdrawal" not in {place.label for place in shown.places}


def test_changes_are_discarded_also_where_words_were_erased_from_what_readers_see(
    editor: User, editor_client: Client, reviewer: User, administrator: User
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    erased(statement, by=administrator, words=NAME)
    statement.refresh_from_db()
    statement.place = "Riga"
    statement.save()
    f.save_version(statement=statement, by=editor)
    address = f"/admin/statements/statement/{statement.pk}/discard/"
    assert editor_client.post(address, fields_on(editor_client, address)).status_code == 302
    statement.refresh_from_db()
    assert (statement.place, statement.title, statement.step) == ("", "On […]", "done")
    latest = statement.versions.latest("number")
    assert latest.erasures.exists(), "what was erased is lacking in it, too"
    assert latest.document == statement.published_version.document


def test_what_a_named_row_was_called_is_erased_from_its_record_once_it_was_changed(
    editor: User, reviewer_client: Client, administrator: User
) -> None:
    statement = f.make_statement(by=editor, title=f"On {NAME}")
    organisation = statement.issuers.get().organisation
    other = f.OrganisationFactory(description=f"Unnamed, with {NAME}.")
    for row in (organisation, other):
        address = f"/admin/statements/organisation/{row.pk}/change/"
        for description in (f"Founded by {NAME}.", ""):
            typed = fields_on(reviewer_client, address) | {"description": description}
            assert reviewer_client.post(address, typed).status_code == 302
    erased(statement, by=administrator, words=NAME)
    changes = ReferenceChange.objects.order_by("pk").values_list("target_id", "changes")
    assert dict(changes)[organisation.pk] == {"description": ["Founded by […].", ""]}
    assert dict(changes)[other.pk] == {"description": [f"Founded by {NAME}.", ""]}, "it is no part of the statement"


def test_words_of_a_statement_that_has_no_version_are_erased_from_its_notes(administrator: User) -> None:
    statement = f.StatementFactory(desk_note=f"Ask {NAME}.")
    target = Target(words=NAME)
    shown = preview(statement=statement, target=target, by=administrator)
    erase(statement=statement, target=target, reason="safety", by=administrator, digest=shown.digest)
    assert Statement.objects.get().desk_note == "Ask […]."


def test_files_of_imports_that_nobody_looks_into_are_said(
    editor: User, importer: User, administrator: User, uploads_folder: Path
) -> None:
    statement = f.make_statement(by=editor, title=f"On {NAME}")
    take_in(ORGANISATIONS, by=importer)
    shown = preview(statement=statement, target=Target(words=NAME), by=administrator)
    assert any("Uploaded files of other imports are kept" in sentence for sentence in shown.beyond)


def test_what_a_named_person_was_called_is_erased_from_the_log(
    editor: User, reviewer_client: Client, administrator: User
) -> None:
    statement = f.make_statement(by=editor, title=f"On {NAME}")
    speaker = f.SpeakerFactory(name=NAME)
    f.SpeakerRoleFactory(statement=statement, speaker=speaker)
    f.save_version(statement=statement, by=editor)
    address = f"/admin/statements/speaker/{speaker.pk}/change/"
    for typed in ({"description": "Held in Minsk."}, {"name": "I. P."}):
        assert reviewer_client.post(address, fields_on(reviewer_client, address) | typed).status_code == 302
    assert NAME in {entry.object_repr for entry in LogEntry.objects.all()}
    erased(statement, by=administrator, words=NAME)
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {"[…]", "I. P."}
    assert NAME not in everything()
