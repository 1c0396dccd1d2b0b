"""The one door: who may show what to readers, and why not."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError

from statements.actions.publishing import publish, publish_all, withdraw
from statements.actions.refusal import Refusal
from statements.actions.steps import return_to_editor, submit
from statements.actions.updates import publish_update, withdraw_update
from statements.models import Entry, Figure, Link, Statement, Version
from statements.record.check import offences
from tests import factories as f
from tests.factories import make_public_statement, make_statement, make_user, save_version


def refused(action: Any, **arguments: Any) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        action(**arguments)
    return refusal.value.reasons


def change(statement: Statement, *, by: User, **fields: Any) -> Version | None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    statement.refresh_from_db()
    return save_version(statement=statement, by=by)


def test_a_statement_goes_from_its_editor_through_a_reviewer_to_the_readers(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    assert statement.step == "in review"
    version = publish(statement=statement, by=reviewer)
    assert (version.number, version.public_number) == (1, 1)
    assert (version.saved_by, version.published_by) == (editor, reviewer)
    assert statement.is_public
    assert Entry.objects.get(statement=statement).version == version


def test_an_editor_may_not_publish(editor: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    assert "You may not publish statements." in refused(publish, statement=statement, by=editor)
    assert not Entry.objects.exists()


def test_nobody_publishes_what_they_changed_themselves(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    change(statement, by=reviewer, summary="With a comma, mended.")
    reasons = refused(publish, statement=statement, by=reviewer)
    assert reasons == ["You entered or changed it yourself: a second person publishes it."]


def test_one_who_changed_it_earlier_may_not_publish_either(editor: User, reviewer: User) -> None:
    """A writes, B mends a comma, A may not publish."""
    other = make_user("other", "reviewer")
    statement = make_statement(by=reviewer)
    change(statement, by=other, summary="Mended.")
    submit(statement=statement, by=editor)
    assert refused(publish, statement=statement, by=reviewer)
    assert refused(publish, statement=statement, by=other)
    third = make_user("third", "reviewer")
    publish(statement=statement, by=third)
    assert statement.is_public


def test_who_published_it_once_may_change_it_later_and_then_not_publish(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    change(statement, by=reviewer, summary="Revised.")
    submit(statement=statement, by=reviewer)
    assert refused(publish, statement=statement, by=reviewer)
    other = make_user("other", "reviewer")
    assert publish(statement=statement, by=other, revision="minor fix").public_number == 2


def test_a_desk_of_one_may_waive_the_second_person_and_the_version_says_so(reviewer: User, settings: Any) -> None:
    settings.FOUR_EYES = False
    statement = make_public_statement(by=reviewer, published_by=reviewer)
    assert statement.published_version is not None
    assert statement.published_version.four_eyes_waived


def test_with_two_people_nothing_is_waived_even_where_it_might_be(editor: User, reviewer: User, settings: Any) -> None:
    settings.FOUR_EYES = False
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert statement.published_version is not None
    assert not statement.published_version.four_eyes_waived


def test_every_reason_is_given_at_once(editor: User) -> None:
    statement = f.StatementFactory(summary="")
    save_version(statement=statement, by=editor)
    assert refused(publish, statement=statement, by=editor) == [
        "You may not publish statements.",
        "It has not been submitted for review.",
        "You entered or changed it yourself: a second person publishes it.",
        "Say who made it: at least one issuer or one speaker.",
        "It has no source. Name at least one in which readers can check it.",
        "It has neither a summary nor words: readers would see a title only.",
    ]


def test_publishing_without_a_source_is_refused_with_the_reason(editor: User, reviewer: User) -> None:
    statement = f.IssuerFactory().statement
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    assert refused(publish, statement=statement, by=reviewer) == [
        "It has no source. Name at least one in which readers can check it."
    ]


def test_words_taken_from_a_source_that_is_not_cited_are_not_published(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    statement.wordings.update(source=f.SourceFactory())
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    assert "not among the sources" in refused(publish, statement=statement, by=reviewer)[0]


def test_a_change_that_made_no_version_is_not_published(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    Statement.objects.filter(pk=statement.pk).update(title="Changed behind the desk's back")
    assert refused(publish, statement=statement, by=reviewer) == [
        "It was changed without a version: open it, check it and save it once."
    ]


def test_of_many_all_are_published_or_none(editor: User, reviewer: User) -> None:
    good, bad = make_statement(by=editor), make_statement(by=editor, title="The bad one")
    submit(statement=good, by=editor)
    assert refused(publish_all, statements=[good, bad], by=reviewer) == [
        "The bad one: It has not been submitted for review."
    ]
    assert not Entry.objects.exists()


def test_publishing_ten_takes_as_many_queries_as_publishing_three(
    editor: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    statements = [make_statement(by=editor) for _ in range(13)]
    for statement in statements:
        submit(statement=statement, by=editor)
    for some in (statements[:3], statements[3:]):
        # Each statement is read again at the end, for the caller.
        with django_assert_max_num_queries(64 + len(some)):
            publish_all(statements=some, by=reviewer)


def test_a_revision_stays_on_the_desk_until_it_is_published(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    title = statement.title
    change(statement, by=editor, title="A new title")
    assert Entry.objects.get(statement=statement).title == title
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer, revision="minor fix")
    assert Entry.objects.get(statement=statement).title == "A new title"
    assert [v.public_number for v in statement.versions.order_by("number")] == [1, 2]
    assert statement.versions.get(public_number=1).document["content"]["title"] == title


def test_a_published_statement_is_done_until_somebody_changes_it(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert statement.step == "done"
    Statement.objects.filter(pk=statement.pk).update(desk_note="Nothing that readers see.")
    assert save_version(statement=statement, by=editor) is None
    statement.refresh_from_db()
    assert statement.step == "done"
    change(statement, by=editor, summary="Revised.")
    statement.refresh_from_db()
    assert statement.step == "draft"


def test_a_statement_that_was_deleted_meanwhile_is_a_reason_and_no_error(editor: User, reviewer: User) -> None:
    gone, here = make_statement(by=editor, title="Gone"), make_statement(by=editor, title="Here")
    submit(statement=here, by=editor)
    Statement.objects.get(pk=gone.pk).delete()
    assert refused(publish_all, statements=[gone, here], by=reviewer) == ["Gone: It was deleted in the meantime."]


def test_what_readers_see_already_is_neither_submitted_nor_published_again(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert refused(submit, statement=statement, by=editor) == [
        "Readers see it exactly as it is: there is nothing new to review."
    ]
    assert refused(publish, statement=statement, by=reviewer) == [
        "Readers see it exactly as it is: there is nothing to publish."
    ]


def test_a_change_that_was_taken_back_is_nothing_to_publish(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    title = statement.title
    change(statement, by=editor, title="Another")
    change(statement, by=editor, title=title)
    assert refused(publish, statement=statement, by=reviewer) == [
        "Readers see it exactly as it is: there is nothing to publish."
    ]


def test_a_statement_is_returned_and_submitted_again(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    assert refused(return_to_editor, statement=statement, by=reviewer) == [
        "It is not in review, so there is nothing to return."
    ]
    submit(statement=statement, by=editor)
    assert refused(submit, statement=statement, by=editor) == ["It waits for a reviewer already."]
    assert refused(return_to_editor, statement=statement, by=editor) == ["You may not return statements."]
    return_to_editor(statement=statement, by=reviewer)
    assert statement.step == "returned"
    submit(statement=statement, by=editor)
    assert statement.step == "in review"


def test_withdrawing_needs_a_reason_and_takes_it_from_readers(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert refused(withdraw, statement=statement, by=reviewer, reason=" ") == [
        "Readers are told why: write the reason."
    ]
    assert refused(withdraw, statement=statement, by=editor, reason="x") == ["You may not withdraw statements."]
    withdraw(statement=statement, by=reviewer, reason="The source retracted it.")
    assert not statement.is_public
    assert (Entry.objects.count(), Link.objects.count(), Figure.objects.count()) == (0, 0, 0)
    assert refused(withdraw, statement=statement, by=reviewer, reason="x") == [
        "It is not public, so there is nothing to withdraw."
    ]


def test_what_was_withdrawn_can_be_published_again_as_the_same_version(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    withdraw(statement=statement, by=reviewer, reason="By mistake.")
    version = publish(statement=statement, by=reviewer)
    assert version.public_number == 1
    assert statement.is_public
    assert statement.withdrawn_reason == ""


def test_a_statement_that_was_published_cannot_be_deleted_and_a_draft_can(editor: User, reviewer: User) -> None:
    public = make_public_statement(by=editor, published_by=reviewer)
    draft = make_statement(by=editor)
    with pytest.raises(ProtectedError):
        public.delete()
    draft.delete()
    assert list(Statement.objects.all()) == [public]


def test_versions_outlive_the_accounts_of_who_made_them(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    editor.delete()
    reviewer.delete()
    version = statement.versions.get()
    assert (version.saved_by, version.saved_by_name) == (None, "editor")
    assert (version.published_by, version.published_by_name) == (None, "reviewer")


def test_a_save_that_changes_nothing_makes_no_version(editor: User) -> None:
    statement = make_statement(by=editor)
    assert save_version(statement=statement, by=editor) is None
    Statement.objects.filter(pk=statement.pk).update(desk_note="Ask them again.")
    assert save_version(statement=statement, by=editor) is None
    assert statement.versions.count() == 1


def test_an_update_of_a_demand_is_published_by_a_second_person(reviewer: User, editor: User) -> None:
    update = f.DemandUpdateFactory(saved_by=reviewer)
    assert refused(publish_update, update=update, by=editor) == ["You may not publish updates of demands."]
    assert refused(publish_update, update=update, by=reviewer) == [
        "You entered or changed it yourself: a second person publishes it."
    ]
    other = make_user("other", "reviewer")
    publish_update(update=update, by=other)
    assert update.published_by_name == "other"
    assert refused(publish_update, update=update, by=other) == ["It is public already."]
    withdraw_update(update=update, by=other)
    assert update.published_at is None
    assert refused(withdraw_update, update=update, by=other) == ["It is not public, so there is nothing to withdraw."]


def test_a_desk_of_one_may_publish_its_own_update(reviewer: User, settings: Any) -> None:
    settings.FOUR_EYES = False
    update = f.DemandUpdateFactory(saved_by=reviewer)
    publish_update(update=update, by=reviewer)
    assert update.four_eyes_waived


def test_versions_and_their_authors_names_outlive_the_accounts(editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    before = list(Version.objects.values_list("number", "content_hash", "saved_by_name", "published_by_name"))
    assert before[0][2:] == ("editor", "reviewer")
    editor.delete()
    reviewer.delete()
    assert list(Version.objects.values_list("number", "content_hash", "saved_by_name", "published_by_name")) == before
    assert {move.by_name for move in statement.moves.all()} == {"editor", "reviewer"}
    assert list(offences()) == []
