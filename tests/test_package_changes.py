"""What happened in public, as a table: enough to bring an older copy up to date, and nothing that was not public."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.actions.scheduling import schedule
from statements.actions.steps import return_to_editor, submit
from statements.models import Erasure, Move, Statement, Version
from statements.record.changes import Change, change_rows
from tests.erasing import erased
from tests.factories import make_public_statement, make_statement, publish_again, save_version
from tests.test_public_queries import counted_queries

Event = tuple[str, str, int | None, int | None, str]


def events(since: datetime.datetime | None = None) -> list[Event]:
    rows = list(change_rows(since))
    assert len({row["key"] for row in rows}) == len(rows)
    assert {row["what"] for row in rows} <= set(Change.values)
    times = [row["time"] for row in rows]
    assert times == sorted(times)
    return [(row["statement"], row["what"], row["from_version"], row["to_version"], row["note"]) for row in rows]


def change(statement: Statement, editor: User, reviewer: User, summary: str, **how: Any) -> None:
    statement.summary = summary
    statement.save()
    publish_again(statement, by=editor, published_by=reviewer, **how)


@pytest.fixture
def statement(editor: User, reviewer: User) -> Statement:
    return make_public_statement(by=editor, published_by=reviewer, slug="s")


def test_every_published_version_is_told_with_what_it_was_and_its_note(
    statement: Statement, editor: User, reviewer: User
) -> None:
    change(statement, editor, reviewer, "A comma.")
    change(statement, editor, reviewer, "A figure.", revision="correction", note="It was 1007.")
    assert events() == [
        ("s", "published", None, 1, ""),
        ("s", "minor fix", 1, 2, ""),
        ("s", "correction", 2, 3, "It was 1007."),
    ]


def test_a_version_from_before_the_desk_asked_what_a_change_is_is_a_new_version(
    statement: Statement, editor: User, reviewer: User
) -> None:
    change(statement, editor, reviewer, "A comma.")
    Version.objects.update(revision="")
    assert events()[1] == ("s", "new version", 1, 2, "")


def test_of_what_is_withdrawn_only_that_is_told(statement: Statement, editor: User, reviewer: User) -> None:
    change(statement, editor, reviewer, "A figure.", revision="correction", note="It was 1007.")
    withdraw(statement=statement, by=reviewer, reason="It was not theirs.")
    assert events() == [("s", "withdrawn", None, None, "It was not theirs.")]


def test_what_is_published_again_as_it_was_has_its_past_again(
    statement: Statement, editor: User, reviewer: User
) -> None:
    withdraw(statement=statement, by=reviewer, reason="We doubted it.")
    publish(statement=statement, by=reviewer)
    withdraw(statement=statement, by=reviewer, reason="Once more.")
    assert [event[1] for event in events()] == ["withdrawn"]
    publish(statement=statement, by=reviewer)
    assert events() == [
        ("s", "published", None, 1, ""),
        ("s", "withdrawn", None, None, "We doubted it."),
        ("s", "published again", 1, 1, ""),
        ("s", "withdrawn", None, None, "Once more."),
        ("s", "published again", 1, 1, ""),
    ]


def test_a_new_version_after_a_withdrawal_is_told_as_that(statement: Statement, editor: User, reviewer: User) -> None:
    withdraw(statement=statement, by=reviewer, reason="It was wrong.")
    change(statement, editor, reviewer, "Right.", revision="correction", note="It was wrong.")
    assert [event[1] for event in events()] == ["published", "withdrawn", "correction"]


def test_an_erasure_is_told_with_the_kind_of_its_reason_while_readers_see_the_statement(
    statement: Statement, editor: User, reviewer: User, administrator: User
) -> None:
    change(statement, editor, reviewer, "In other words.")
    erased(statement, by=administrator, version=1, reason="court")
    erased(statement, by=administrator, words="In other words", reason="rights")
    assert [event for event in events() if event[1] == "erased"] == [
        ("s", "erased", 1, None, "court"),
        ("s", "erased", 2, None, "rights"),
    ]
    withdraw(statement=statement, by=reviewer, reason="It was not theirs.")
    assert [event[1] for event in events()] == ["withdrawn"]


def test_a_later_version_that_takes_a_tombstone_along_was_not_erased_itself(
    statement: Statement, editor: User, reviewer: User, administrator: User
) -> None:
    save_version(statement=statement, by=editor)
    erased(statement, by=administrator, words="in the editor's words")
    first = Erasure.objects.get()
    change(statement, editor, reviewer, "Another summary.")
    Erasure.objects.create(
        version=statement.versions.get(public_number=2),
        what=first.what,
        reason=first.reason,
        erased_hash=first.erased_hash,
        at=first.at,
    )
    assert [(event[1], event[2]) for event in events() if event[1] == "erased"] == [("erased", 1)]


def test_the_slug_of_what_was_withdrawn_and_erased_is_told_to_nobody(
    statement: Statement, reviewer: User, administrator: User
) -> None:
    withdraw(statement=statement, by=reviewer, reason="A court decided.")
    erased(statement, by=administrator, version=1, reason="court")
    assert events() == [("", "withdrawn", None, None, "A court decided.")]


def test_what_was_not_public_is_no_event(statement: Statement, editor: User, reviewer: User) -> None:
    make_statement(by=editor, title="A draft")
    returned = make_statement(by=editor, title="Returned")
    submit(statement=returned, by=editor)
    return_to_editor(statement=returned, by=reviewer, note="Why?")
    waiting = make_statement(by=editor, title="Scheduled")
    submit(statement=waiting, by=editor)
    schedule(statement=waiting, by=reviewer, publish_at=timezone.now() + datetime.timedelta(hours=1))
    statement.summary = "Only on the desk."
    statement.save()
    save_version(statement=statement, by=editor)
    assert Move.objects.count() > 5
    assert events() == [("s", "published", None, 1, "")]


def test_since_a_moment_means_that_moment_and_later(statement: Statement, editor: User, reviewer: User) -> None:
    change(statement, editor, reviewer, "A comma.")
    withdraw(statement=statement, by=reviewer, reason="We doubted it.")
    publish(statement=statement, by=reviewer)
    second = Version.objects.get(public_number=2).published_at
    assert second is not None
    assert [event[1] for event in events(second)] == ["minor fix", "withdrawn", "published again"]
    assert [event[1] for event in events(second + datetime.timedelta(microseconds=1))] == [
        "withdrawn",
        "published again",
    ]
    assert events(timezone.now()) == []


def test_keys_stay_as_long_as_an_event_is_told(statement: Statement, editor: User, reviewer: User) -> None:
    withdraw(statement=statement, by=reviewer, reason="We doubted it.")
    (key,) = [row["key"] for row in change_rows()]
    publish(statement=statement, by=reviewer)
    change(statement, editor, reviewer, "A comma.")
    keys = [row["key"] for row in change_rows()]
    assert keys[1] == key
    assert keys[0] == f"{statement.pk}-1"
    assert keys[3] == f"{statement.pk}-2"


def test_it_costs_one_query(statement: Statement, editor: User, reviewer: User) -> None:
    change(statement, editor, reviewer, "A comma.")
    make_public_statement(by=editor, published_by=reviewer)
    with counted_queries() as seen:
        assert len(events()) == 3
    assert len(seen) == 1
