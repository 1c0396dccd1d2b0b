"""Restoring a version: the desk says again what it said, with all that hung on it, and that makes a new version."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from statements.actions.publishing import withdraw
from statements.actions.refusal import Refusal
from statements.actions.restoring import restore, restore_all
from statements.actions.steps import submit
from statements.importing.desk_export import desk_files
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    OldSlug,
    SpeakerRole,
    Statement,
    Through,
    Version,
    Wording,
)
from statements.record.check import offences
from statements.record.document import build, content_hash, load
from tests import factories as f
from tests.factories import make_public_statement, make_statement, make_user, save_version
from tests.importing import import_folder

WHY = "The ministry's page says so."


def restored(version: Version, *, by: User) -> Version:
    return restore(version=version, by=by, why=WHY, through=Through.FORM)


def reasons(version: Version, *, by: User) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        restored(version, by=by)
    return refusal.value.reasons


def version(statement: Statement, number: int = 1) -> Version:
    return statement.versions.get(number=number)


def desk_hash(statement: Statement) -> str:
    return content_hash(build(load([statement.pk])[statement.pk]))


def full_statement(*, by: User) -> Statement:
    """Two of everything that hangs on a statement, in an order of their own, with every field filled."""
    target = make_statement(by=by)
    statement = f.StatementFactory(
        title="Full",
        date_note="Inferred.",
        attribution="Spokesperson",
        place="Riga",
        occasion="A day",
        issued="2022-01",
    )
    Statement.objects.filter(pk=statement.pk).update(
        relation="quotes", related_statement=target, issued_basis="inferred"
    )
    for position, part in enumerate(("joined", "issued")):
        f.IssuerFactory(statement=statement, part=part, position=position)
        f.SpeakerRoleFactory(statement=statement, attribution=f"Office {part}", position=position)
    for role, kind in (("report", "original"), ("archive", "as reported")):
        source = f.SourceFactory()
        f.CitationFactory(statement=statement, source=source, role=role, locator="page 3")
        f.WordingFactory(statement=statement, source=source, kind=kind, text=f"We, {role}, count 12 and 13 of them.")
    for place in ("headline", "end"):
        mention = f.DemandMentionFactory(statement=statement, force="appeal", is_reiterated=True, locator=place)
        mention.addressees.set([f.OrganisationFactory(), f.OrganisationFactory()])
    f.CountObservationFactory(statement=statement, qualifier="range", value=12, value_to=13, quote="12 and 13")
    f.CountObservationFactory(
        statement=statement, qualifier="unquantified", value=None, wording="many", attributed_to=f.OrganisationFactory()
    )
    save_version(statement=statement, by=by)
    return statement


def wreck(statement: Statement, *, by: User) -> None:
    """Change every field, delete the first row of each list, and add another."""
    statement.refresh_from_db()
    for name, value in {"title": "T", "place": "P", "summary": "S", "relation": "", "related_statement": None}.items():
        setattr(statement, name, value)
    statement.issued_until = statement.issued_from
    statement.save()
    for model in (Issuer, SpeakerRole, Wording, Citation, DemandMention, CountObservation):
        first, second = model.objects.filter(statement=statement)
        first.delete()
        for field in ("part", "attribution", "text", "locator", "note"):
            if hasattr(second, field):
                setattr(second, field, {"part": "joined"}.get(field, "Changed 12 and 13"))
        second.save()
    statement.mentions.get().addressees.clear()
    f.IssuerFactory(statement=statement)
    f.SpeakerRoleFactory(statement=statement)
    f.WordingFactory(statement=statement)
    f.CitationFactory(statement=statement)
    f.DemandMentionFactory(statement=statement)
    f.CountObservationFactory(statement=statement)
    save_version(statement=statement, by=by)


def test_everything_that_a_version_holds_comes_back(editor: User, reviewer: User) -> None:
    statement = full_statement(by=editor)
    first, files = version(statement), desk_files()
    wreck(statement, by=editor)
    assert statement.versions.count() == 2
    made = restored(first, by=reviewer)
    assert (made.number, made.why, made.saved_by, made.through) == (3, WHY, reviewer, "form")
    assert made.content_hash == first.content_hash == desk_hash(statement)
    after = desk_files()
    changed = {name for name, content in files.items() if after[name] != content}
    assert changed == {"organisations.csv", "speakers.csv", "sources.csv", "demands.csv", "measures.csv"}  # wreck's own
    assert list(offences()) == []


def test_rows_that_are_there_are_changed_in_place(editor: User) -> None:
    statement = make_statement(by=editor)
    count = statement.counts.get()
    CountObservation.objects.filter(pk=count.pk).update(value=880, quote="")
    save_version(statement=statement, by=editor)
    restored(version(statement), by=editor)
    again = statement.counts.get()
    assert (again.pk, again.key, again.value, again.quote) == (count.pk, count.key, 1007, "1007 political prisoners")


def test_the_order_of_rows_comes_back(editor: User) -> None:
    statement = make_statement(by=editor)
    for text in ("Second.", "Third."):
        f.WordingFactory(statement=statement, language="lv", text=text)
    save_version(statement=statement, by=editor)
    second = version(statement, 2)
    statement.wordings.get(text="Second.").delete()
    save_version(statement=statement, by=editor)
    restored(second, by=editor)
    assert [row.text for row in statement.wordings.all()][1:] == ["Second.", "Third."]


def test_what_readers_see_stays_and_the_statement_is_a_draft_again(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=statement.pk).update(summary="Corrected.")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    shown = statement.published_version
    restored(version(statement), by=editor)
    statement.refresh_from_db()
    assert (statement.published_version, statement.step) == (shown, "done")
    restored(version(statement, 2), by=editor)
    statement.refresh_from_db()
    assert (statement.published_version, statement.step) == (shown, "draft")


def test_what_was_withdrawn_is_not_done_by_being_restored(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    Statement.objects.filter(pk=statement.pk).update(summary="Corrected.")
    save_version(statement=statement, by=editor)
    withdraw(statement=statement, by=reviewer, reason="It was a mistake.")
    restored(version(statement), by=editor)
    statement.refresh_from_db()
    assert (statement.step, statement.is_public) == ("draft", False)


def test_desk_note_and_step_stay(editor: User) -> None:
    statement = make_statement(by=editor)
    Statement.objects.filter(pk=statement.pk).update(summary="Other.", desk_note="Ask Riga.", step="returned")
    save_version(statement=statement, by=editor)
    restored(version(statement), by=editor)
    statement.refresh_from_db()
    assert (statement.desk_note, statement.step, statement.summary) == (
        "Ask Riga.",
        "returned",
        "What was said, in the editor's words.",
    )


def test_restoring_what_the_desk_says_already_is_refused(editor: User) -> None:
    statement = make_statement(by=editor)
    assert reasons(version(statement), by=editor) == [
        "The desk says exactly this already: there is nothing to restore."
    ]


def test_somebody_who_may_not_change_statements_is_refused(editor: User) -> None:
    statement = make_statement(by=editor)
    wreck_summary(statement, by=editor)
    assert reasons(version(statement), by=make_user("guest")) == ["You may not change statements."]
    assert statement.versions.count() == 2


def wreck_summary(statement: Statement, *, by: User, summary: str = "Other words.") -> None:
    Statement.objects.filter(pk=statement.pk).update(summary=summary)
    save_version(statement=statement, by=by)


def merge(model_kind: str, gone: Any, survivor: Any) -> None:
    OldSlug.objects.create(kind=model_kind, slug=gone.slug, target_id=survivor.pk)
    gone.delete()


def test_an_organisation_that_was_merged_comes_back_as_the_one_that_is_left(editor: User) -> None:
    statement = make_statement(by=editor)
    gone, survivor = f.OrganisationFactory(), f.OrganisationFactory()
    for organisation in (gone, survivor):
        f.IssuerFactory(statement=statement, organisation=organisation, part="joined")
    statement.mentions.get().addressees.set([gone, survivor])
    save_version(statement=statement, by=editor)
    statement.issuers.filter(part="joined").delete()
    statement.mentions.get().addressees.clear()
    save_version(statement=statement, by=editor)
    merge("organisation", gone, survivor)
    made = restored(version(statement, 2), by=editor)
    assert made.content_hash != version(statement, 2).content_hash
    assert made.content_hash == desk_hash(statement)
    assert [row.organisation for row in statement.issuers.filter(part="joined")] == [survivor]
    assert list(statement.mentions.get().addressees.all()) == [survivor]


def test_what_no_longer_exists_is_named_with_everything_else_that_is_wrong(editor: User) -> None:
    statement = f.StatementFactory(title="S")
    speaker = f.SpeakerFactory(name="Jane Roe")
    role = f.SpeakerRoleFactory(statement=statement, speaker=speaker)
    demand = f.DemandFactory(title="Release all")
    mention = f.DemandMentionFactory(statement=statement, demand=demand)
    save_version(statement=statement, by=editor)
    f.IssuerFactory(statement=statement)
    role.delete()
    mention.delete()
    save_version(statement=statement, by=editor)
    speaker.delete()
    demand.delete()
    assert reasons(version(statement), by=editor) == [
        "It names the speaker “Jane Roe” (jane-roe), which no longer exists.",
        "It names the demand “Release all” (release-all), which no longer exists.",
    ]
    assert statement.versions.count() == 2


def test_an_old_slug_that_leads_nowhere_is_no_database_error(editor: User) -> None:
    statement = f.IssuerFactory().statement
    speaker = f.SpeakerFactory(name="Jane Roe")
    role = f.SpeakerRoleFactory(statement=statement, speaker=speaker)
    save_version(statement=statement, by=editor)
    role.delete()
    save_version(statement=statement, by=editor)
    OldSlug.objects.create(kind="speaker", slug="jane-roe", target_id=speaker.pk)
    speaker.delete()
    assert "no longer exists" in reasons(version(statement), by=editor)[0]


def test_a_version_that_breaks_a_rule_of_today_is_refused_with_every_reason(editor: User) -> None:
    statement = f.StatementFactory(title="S")
    f.WordingFactory(statement=statement, text="Nothing of that kind.")
    f.CountObservationFactory(statement=statement, quote="1007 prisoners")
    save_version(statement=statement, by=editor)
    wreck_summary(statement, by=editor)
    who, quote = reasons(version(statement), by=editor)
    assert who == "Say who made it: at least one issuer or one speaker."
    assert "not in the wording" in quote


def test_a_row_that_breaks_a_constraint_of_today_is_refused(editor: User) -> None:
    statement = make_statement(by=editor)
    wreck_summary(statement, by=editor)
    first = version(statement)
    first.document["content"]["language"] = "Latvian"
    Version.objects.filter(pk=first.pk).update(document=first.document, content_hash=content_hash(first.document))
    assert "BCP 47" in reasons(version(statement), by=editor)[0]


def test_a_version_from_which_words_were_erased_does_not_come_back(editor: User) -> None:
    statement = make_statement(by=editor)
    wreck_summary(statement, by=editor)
    first = version(statement)
    first.document["content"]["summary"] = ""
    Version.objects.filter(pk=first.pk).update(document=first.document)
    assert reasons(version(statement), by=editor) == ["Something was erased from this version, so it can't come back."]


def test_a_relation_that_would_lead_in_a_circle_is_refused(editor: User) -> None:
    one, other = make_statement(by=editor, title="One"), make_statement(by=editor, title="Other")
    Statement.objects.filter(pk=one.pk).update(relation="repeats", related_statement=other)
    save_version(statement=one, by=editor)
    Statement.objects.filter(pk=one.pk).update(relation="", related_statement=None)
    save_version(statement=one, by=editor)
    Statement.objects.filter(pk=other.pk).update(relation="repeats", related_statement=one)
    save_version(statement=other, by=editor)
    assert "leads back to it" in reasons(version(one, 2), by=editor)[0]
    restore_all(versions=[version(one, 2), version(other)], by=editor, why=WHY, through=Through.FORM)
    assert Statement.objects.get(pk=one.pk).related_statement == other
    assert list(offences()) == []


def test_a_row_that_moved_to_another_statement_comes_back_only_together_with_it(editor: User) -> None:
    one, other = make_statement(by=editor, title="One"), make_statement(by=editor, title="Other")
    count = one.counts.get()
    CountObservation.objects.filter(pk=count.pk).update(statement=other, excludes="Moved.")
    for statement in (one, other):
        save_version(statement=statement, by=editor)
    assert f"It holds {count.key}" in reasons(version(one), by=editor)[0]
    restore_all(versions=[version(other), version(one)], by=editor, why=WHY, through=Through.FORM)
    assert one.counts.get().key == count.key
    assert other.counts.get().key != count.key
    assert list(offences()) == []


def test_of_many_all_are_restored_or_none(editor: User) -> None:
    good, bad = make_statement(by=editor, title="Good"), make_statement(by=editor, title="Bad")
    speaker = f.SpeakerFactory(name="Jane Roe")
    role = f.SpeakerRoleFactory(statement=bad, speaker=speaker)
    save_version(statement=bad, by=editor)
    role.delete()
    for statement in (good, bad):
        wreck_summary(statement, by=editor)
    speaker.delete()
    with pytest.raises(Refusal) as refusal:
        restore_all(versions=[version(good), version(bad, 2)], by=editor, why=WHY, through=Through.FORM)
    assert refusal.value.reasons == ["Bad: It names the speaker “Jane Roe” (jane-roe), which no longer exists."]
    assert Statement.objects.get(pk=good.pk).summary == "Other words."


def test_texts_in_another_unicode_form_stay_as_they_are_stored(editor: User) -> None:
    decomposed = "Mu\u0304su va\u0304rdi"
    statement = make_statement(by=editor, place=decomposed)
    wreck_summary(statement, by=editor)
    restored(version(statement), by=editor)
    statement.refresh_from_db()
    assert statement.place == decomposed


def test_all_of_the_facts_can_be_restored_after_everything_was_taken_from_them(
    editor: User, importer: User, facts_dir: Any
) -> None:
    import_folder(facts_dir, by=importer)
    files = desk_files()
    firsts = list(Version.objects.all())
    for model in (Wording, Citation, DemandMention, CountObservation, SpeakerRole):
        model.objects.all().delete()
    Statement.objects.update(relation="", related_statement=None, summary="Gone.", place="", attribution="")
    for statement in Statement.objects.all():
        save_version(statement=statement, by=editor)
    restore_all(versions=firsts, by=editor, why=WHY, through=Through.COMMAND)
    assert desk_files() == files
    assert list(offences()) == []


@contextmanager
def counted_queries() -> Any:
    count = [0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield count


def test_restoring_many_takes_queries_by_the_batch(editor: User) -> None:
    assert editor.has_perm("statements.change_statement")  # its own queries are asked once
    counts = []
    for number in (5, 50):
        statements = [make_statement(by=editor) for _each in range(number)]
        firsts = [version(statement) for statement in statements]
        for statement in statements:
            statement.counts.all().delete()
            statement.mentions.all().delete()
            statement.wordings.update(text="Other words.")
            wreck_summary(statement, by=editor)
        with counted_queries() as queries:
            assert restore_all(versions=firsts, by=editor, why=WHY, through=Through.FORM) == number
        counts.append(queries[0])
    assert counts[0] == counts[1] < 60
