"""Two people who press Save in the same moment, on PostgreSQL, which locks rows: one is first, the other is asked."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from statements.actions.steps import submit
from statements.models import Source, Statement, Version
from statements.text import derive_source_slug
from tests.admin_forms import fields_in, fields_on
from tests.factories import SourceFactory, make_statement, make_user
from tests.test_admin_lists import STATEMENTS
from tests.test_conflicts import page
from tests.test_undo_at_once import somebody_waits

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def client_of(name: str, role: str) -> Client:
    client = Client()
    client.force_login(make_user(name, role))
    return client


def at_once(*requests: Callable[[], Any]) -> list[Any]:
    """The answers, in the order of the requests: each is sent from a thread of its own, all at the same moment."""
    answers: dict[int, Any] = {}
    start = threading.Barrier(len(requests))

    def send(number: int) -> None:
        with closing(connection):
            start.wait()
            answers[number] = requests[number]()

    threads = [threading.Thread(target=send, args=[number]) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(requests))]


@pytest.mark.parametrize("time", range(3))
def test_of_forms_that_are_saved_at_once_one_is_stored_and_the_others_are_asked(time: int) -> None:
    row = make_statement(by=make_user("first", "contributor"))
    clients = [client_of(f"editor{number}", "contributor") for number in range(4)]
    opened = [fields_on(client, page(row)) for client in clients]

    def save(number: int) -> Any:
        return clients[number].post(page(row), opened[number] | {"place": f"Place {number}"})

    answers = at_once(*[lambda number=number: save(number) for number in range(4)])
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409, 409]
    assert Version.objects.filter(statement=row).count() == 2
    row.refresh_from_db()
    loser = next(number for number in range(4) if answers[number].status_code == 409)
    # Threads share what the test client keeps of a page: only its words are surely its own.
    asked = answers[loser].content.decode()
    assert f"{row.place}</ins>" in asked
    assert f"Place {loser}</ins>" in asked
    form = clients[loser].post(page(row), fields_in(answers[loser]) | {"choose:place": "mine"})
    assert clients[loser].post(page(row), fields_in(form)).status_code == 302
    row.refresh_from_db()
    assert row.place == f"Place {loser}"


@pytest.mark.parametrize("time", range(3))
def test_a_save_and_a_bulk_publication_at_once_never_show_readers_what_the_reviewer_had_not_seen(time: int) -> None:
    editor = make_user("first", "contributor")
    row = make_statement(by=editor)
    submit(statement=row, by=editor)
    writing, reviewing = client_of("second", "contributor"), client_of("reviewer", "reviewer")
    form, seen = fields_on(writing, page(row)), fields_on(reviewing, STATEMENTS)
    chosen = {"seen": seen["seen"], "action": "publish_selected", "_selected_action": [row.pk], "index": "0"}
    saved, _published = at_once(
        lambda: writing.post(page(row), form | {"place": "What nobody read"}),
        lambda: reviewing.post(STATEMENTS, chosen),
    )
    versions = Version.objects.filter(statement=row, public_number__isnull=False)
    assert [version.document["content"]["place"] for version in versions] in ([], [""])
    assert saved.status_code in (302, 409)
    assert saved.status_code == 302 or Statement.objects.public().exists()


def test_of_two_sources_of_one_title_that_are_entered_at_once_the_second_is_asked_to_look() -> None:
    """Their slugs are made of the title, and each is free when its form is checked."""
    client, answers = client_of("editor", "contributor"), []
    address = "/admin/statements/source/start/?address=https://example.org/second"
    typed = {"url": "https://example.org/second", "title": "One title", "publisher": "Press", "kind": "news"}

    def send() -> None:
        with closing(connection):
            answers.append(client.post(address, typed))

    second = threading.Thread(target=send)
    with transaction.atomic():
        slug = derive_source_slug(publisher="Press", title="One title", published="", url="https://example.org/second")
        SourceFactory(title="One title", slug=slug)
        second.start()
        while second.is_alive() and not somebody_waits():
            second.join(timeout=0.05)
    second.join()
    assert [answer.status_code for answer in answers] == [200]
    assert "clashes with" in answers[0].content.decode()
    assert Source.objects.get().url != "https://example.org/second"
