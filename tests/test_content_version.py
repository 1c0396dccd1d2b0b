"""The content version: another one after each change, for everybody at the moment of the change, and nobody waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

from statements.models import PublicChange
from statements.record.content_version import content_version, readers_see_a_change
from tests.test_public_queries import counted_queries


def test_each_change_makes_another_that_was_never_there(db: None) -> None:
    seen = {content_version()}
    for _number in range(50):
        readers_see_a_change()
        seen.add(content_version())
    assert len(seen) == 51
    assert PublicChange.objects.count() == 1


def test_none_comes_back_after_a_backup_was_restored(db: None) -> None:
    """What was changed since the backup is changed in another way then, and must not be taken for the first."""
    readers_see_a_change()
    backup, versions = list(PublicChange.objects.values()), [content_version()]
    for _attempt in range(2):
        PublicChange.objects.all().delete()
        PublicChange.objects.bulk_create(PublicChange(**row) for row in backup)
        assert content_version() == versions[0]
        readers_see_a_change()
        versions.append(content_version())
    assert len(set(versions)) == 3


def test_what_is_rolled_back_leaves_it_as_it_was(db: None) -> None:
    readers_see_a_change()
    then = content_version()
    with transaction.atomic():
        readers_see_a_change()
        assert content_version() != then
        transaction.set_rollback(True)
    assert content_version() == then


def test_a_change_takes_two_queries_and_asking_takes_one(db: None) -> None:
    readers_see_a_change()
    with counted_queries() as seen:
        readers_see_a_change()
    assert len(seen) == 2
    with counted_queries() as seen:
        content_version()
    assert len(seen) == 1


def in_another_connection(work: Callable[[], object]) -> None:
    """Raises OperationalError where it waits for longer than two seconds for what this connection holds."""

    def run() -> None:
        with closing(connection):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            work()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(run).result()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_those_who_publish_at_the_same_time_do_not_wait_for_each_other_and_each_is_noticed() -> None:
    seen: list[str] = []

    def look() -> None:
        seen.append(content_version())

    readers_see_a_change()
    in_another_connection(look)
    with transaction.atomic():
        readers_see_a_change()
        in_another_connection(look)
        assert len(set(seen)) == 1  # nobody sees what is not yet there
        for _number in range(120):  # however many overtake the first
            in_another_connection(readers_see_a_change)
        in_another_connection(look)
    in_another_connection(look)
    assert len(set(seen)) == 3
    assert PublicChange.objects.count() == 2


def break_the_connection() -> None:
    """As a server does that is restarted: whoever keeps the connection finds out with the next query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()

    def end_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])

    in_another_connection(end_it)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_kept_and_broke_is_replaced() -> None:
    then = content_version()
    break_the_connection()
    assert content_version() == then


def _asked_in_a_transaction_that_broke() -> None:
    with transaction.atomic():
        readers_see_a_change()
        break_the_connection()
        content_version()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_in_a_transaction_is_an_error() -> None:
    """It is not replaced there: what the transaction wrote would be lost in silence."""
    with pytest.raises(OperationalError):
        _asked_in_a_transaction_that_broke()
    assert not PublicChange.objects.exists()
