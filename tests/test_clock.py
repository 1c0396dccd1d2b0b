"""What the running site does every minute, and what it must never do to a page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import Statement
from tests.factories import make_public_statement
from tests.test_public_queries import counted_queries
from tests.test_schedule import let_it_be_due, scheduled
from tracker.clock import Clock, tick, with_clock

DONE: list[str] = []


def work() -> None:
    DONE.append("work")


def fail() -> None:
    DONE.append("fail")
    raise LookupError


@pytest.fixture(autouse=True)
def nothing_is_done() -> Iterator[None]:
    DONE.clear()
    yield
    DONE.clear()


@pytest.mark.django_db(transaction=True)
def test_the_site_publishes_what_is_due(editor: User, reviewer: User) -> None:
    statement = scheduled(editor=editor, reviewer=reviewer)
    let_it_be_due(statement)
    tick()
    assert Statement.objects.public().get() == statement


def test_what_fails_is_logged_and_keeps_nothing_else_from_being_done(settings: Any, caplog: Any) -> None:
    settings.EVERY_MINUTE = ["tests.test_clock.fail", "tests.test_clock.missing", "tests.test_clock.work"]
    tick()
    assert DONE == ["fail", "work"]
    assert ["failed" in record.getMessage() for record in caplog.records] == [True, True]


def test_nothing_is_done_while_somebody_works_on_the_database(settings: Any) -> None:
    settings.EVERY_MINUTE, settings.MAINTENANCE = ["tests.test_clock.work"], True
    tick()
    assert DONE == []


def test_the_first_request_starts_one_thread_and_every_later_one_none(settings: Any) -> None:
    settings.EVERY_MINUTE = ["tests.test_clock.work"]
    clock, threads = Clock(), []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        threads.append(clock.thread)
        return [b"page"]

    answer = with_clock(application, clock)
    assert clock.thread is None, "loading the application starts nothing: a server may fork afterwards"
    for _number in range(3):
        assert list(answer({}, None)) == [b"page"]
    clock.stopped.set()
    assert clock.thread is not None
    assert threads == [clock.thread] * 3
    assert clock.thread.daemon, "it keeps no process from ending"
    clock.thread.join()
    assert DONE == ["work"]


def test_it_goes_on_until_it_is_stopped(settings: Any) -> None:
    settings.EVERY_MINUTE = ["tests.test_clock.fail"]
    clock = Clock(interval=0.001)
    clock.start()
    while len(DONE) < 3:
        clock.stopped.wait(0.001)
    clock.stopped.set()
    assert clock.thread is not None
    clock.thread.join()


def test_no_page_costs_a_query_more(editor: User, reviewer: User, client: Client) -> None:
    make_public_statement(by=editor, published_by=reviewer, title="The statement")
    with counted_queries() as before:
        client.get("/statements/the-statement/")
    let_it_be_due(scheduled(editor=editor, reviewer=reviewer))
    with counted_queries() as after:
        client.get("/statements/the-statement/")
    assert len(after) == len(before)
    assert Statement.objects.public().count() == 1, "tests have no clock"
