"""Twenty people at work on the same ten statements: every version is accounted for. On PostgreSQL, which locks rows."""

import datetime
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from statements.actions.publishing import publish, publish_all, withdraw
from statements.actions.refusal import Refusal
from statements.actions.scheduling import publish_due, schedule, unschedule
from statements.actions.steps import return_to_editor, submit, take_up
from statements.models import Move, Schedule, Statement, Version
from statements.record.check import offences
from tests.factories import make_statement, make_user, save_version

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

THREADS, STATEMENTS, USERS, ROUNDS = 20, 10, 6, 25
MINOR = {"revision": "minor fix"}

Action = Callable[[Statement, User, str], object]


def save(statement: Statement, by: User, words: str) -> None:
    """As the form does: the row is locked before anything is read."""
    with transaction.atomic():
        stored = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        Statement.objects.filter(pk=stored.pk).update(place=words)
        assert save_version(statement=stored, by=by) is not None


def schedule_at_once(statement: Statement, by: User, _words: str) -> None:
    at = timezone.now() + datetime.timedelta(seconds=2)
    schedule(statement=statement, by=by, publish_at=at, **MINOR)


ACTIONS: dict[str, Action] = {
    "saved": save,
    "submitted": lambda statement, by, _words: submit(statement=statement, by=by),
    "published": lambda statement, by, _words: publish(statement=statement, by=by, **MINOR),
    "withdrawn": lambda statement, by, words: withdraw(statement=statement, by=by, reason=words),
    "returned": lambda statement, by, words: return_to_editor(statement=statement, by=by, note=words),
    "taken up": lambda statement, by, _words: take_up(statement=statement, by=by),
    "scheduled": schedule_at_once,
    "unscheduled": lambda statement, by, _words: unschedule(statement=statement, by=by),
}
#: What people do most often is done most often.
WEIGHTS = {"saved": 4, "submitted": 6, "published": 6, "withdrawn": 2, "scheduled": 2}


class Desk:
    """What was done, and what must never happen."""

    def __init__(self) -> None:
        self.done: Counter[tuple[int, str]] = Counter()
        self.errors: list[BaseException] = []
        self._lock = threading.Lock()

    def note(self, pk: int, what: str) -> None:
        with self._lock:
            self.done[pk, what] += 1

    def work(self, number: int, statements: list[Statement], users: list[User]) -> None:
        choose = random.Random(number)
        names, weights = list(ACTIONS), [WEIGHTS.get(name, 1) for name in ACTIONS]
        with self._kept():
            for turn in range(ROUNDS):
                statement, by = choose.choice(statements), choose.choice(users)
                (name,) = choose.choices(names, weights)
                try:
                    ACTIONS[name](Statement(pk=statement.pk), by, f"{number}-{turn}")
                except Refusal:
                    continue
                self.note(statement.pk, name)

    def publish_what_is_due(self, is_over: threading.Event) -> None:
        with self._kept():
            while not is_over.wait(0.05):
                list(publish_due())

    @contextmanager
    def _kept(self) -> Iterator[None]:
        with closing(connection):
            try:
                yield
            except BaseException as error:  # noqa: BLE001  # the test fails with it, in its own thread
                self.errors.append(error)


def run(desk: Desk, statements: list[Statement], users: list[User]) -> None:
    """The clock of two processes runs beside them."""
    is_over = threading.Event()
    clocks = [threading.Thread(target=desk.publish_what_is_due, args=[is_over]) for _number in range(2)]
    people = [threading.Thread(target=desk.work, args=[number, statements, users]) for number in range(THREADS)]
    for thread in [*clocks, *people]:
        thread.start()
    for thread in people:
        thread.join()
    is_over.set()
    for thread in clocks:
        thread.join()


def test_every_version_is_accounted_for_and_none_was_published_by_one_of_its_authors() -> None:
    users = [make_user(f"user{number}", "reviewer") for number in range(USERS)]
    statements = [make_statement(by=users[0]) for _number in range(STATEMENTS)]
    desk = Desk()
    run(desk, statements, users)
    assert desk.errors == []
    for statement in statements:
        versions = list(Version.objects.filter(statement=statement).order_by("number"))
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert len(versions) == 1 + desk.done[statement.pk, "saved"]
        published = [version.public_number for version in versions if version.public_number is not None]
        assert published == list(range(1, len(published) + 1))
        assert_no_author_published(versions)
    assert_moves_match(desk)
    for statement in Statement.objects.all():
        assert (statement.step == "scheduled") is Schedule.objects.filter(statement=statement).exists()
    assert list(offences()) == []
    kinds = {what for _pk, what in desk.done}
    assert kinds >= {"saved", "submitted", "published", "withdrawn"}, "it was about all of them"


def assert_no_author_published(versions: list[Version]) -> None:
    authors: set[Any] = set()
    for version in versions:
        authors.add(version.saved_by_id)
        if version.public_number is not None:
            assert version.published_by_id not in authors
            authors = set()


def assert_moves_match(desk: Desk) -> None:
    kept = Counter(Move.objects.values_list("statement", "kind"))
    for (pk, what), count in desk.done.items():
        if what in ("submitted", "withdrawn", "returned", "taken up", "scheduled"):
            assert kept[pk, what] == count, what
        elif what in ("published", "unscheduled"):
            # Also by the clock, and by whatever changed what was scheduled.
            assert kept[pk, what] >= count, what
    for move in Move.objects.filter(kind=Move.Kind.PUBLISHED).select_related("version"):
        assert move.version is not None
        assert move.version.public_number is not None


def test_those_who_publish_several_at_once_in_opposite_orders_wait_for_each_other() -> None:
    editor = make_user("editor", "contributor")
    reviewers = [make_user(f"reviewer{number}", "reviewer") for number in range(2)]
    statements = [make_statement(by=editor) for _number in range(STATEMENTS)]
    for statement in statements:
        submit(statement=statement, by=editor)
    came: list[str] = []

    def publish_them(by: User, rows: list[Statement]) -> None:
        with closing(connection):
            try:
                publish_all(statements=rows, by=by)
                came.append("published")
            except Refusal:
                came.append("refused")

    orders = [list(statements), list(reversed(statements))]
    threads = [
        threading.Thread(target=publish_them, args=[by, rows]) for by, rows in zip(reviewers, orders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["published", "refused"]
    assert Move.objects.filter(kind=Move.Kind.PUBLISHED).count() == STATEMENTS
    assert list(offences()) == []


def test_two_clocks_publish_what_is_due_once() -> None:
    editor, reviewer = make_user("editor", "contributor"), make_user("reviewer", "reviewer")
    statements = [make_statement(by=editor) for _number in range(STATEMENTS)]
    for statement in statements:
        submit(statement=statement, by=editor)
        schedule(statement=statement, by=reviewer, publish_at=timezone.now() + datetime.timedelta(hours=1))
    Schedule.objects.update(publish_at=timezone.now() - datetime.timedelta(minutes=1))
    published: list[str] = []

    def tick() -> None:
        with closing(connection):
            published.extend(due.title for due in publish_due() if not due.reasons)

    threads = [threading.Thread(target=tick) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What one has locked just now the other leaves alone: all of it is published, by one or the other.
    assert sorted(published) == sorted(statement.title for statement in statements)
    assert Move.objects.filter(kind=Move.Kind.PUBLISHED).count() == STATEMENTS
    assert list(offences()) == []
