"""Undoing a run while somebody else is at work: nobody's work is lost in silence. On PostgreSQL, which locks rows."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from statements.importing.undo import Undone, undo_run
from statements.models import ImportRun, Issuer, Organisation, Statement
from statements.record.check import offences
from tests.factories import make_statement, make_user, save_version
from tests.undoing import REASON, left_alone, run_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def importer() -> User:
    return make_user("importer", "importer")


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def undone_during(work: Callable[[], object], run: ImportRun, *, by: User, found: list[Undone]) -> None:
    """Ask for the undo in the middle of a transaction. It is done by the end of that, or waits for it."""

    def undo() -> None:
        with closing(connection):
            found.append(undo_run(run=run, by=by, reason=REASON))

    thread = threading.Thread(target=undo)
    with transaction.atomic():
        work()
        thread.start()
        while thread.is_alive() and not somebody_waits():
            thread.join(timeout=0.05)
    thread.join()


@pytest.fixture
def found() -> list[Undone]:
    return []


def test_whoever_begins_to_use_what_goes_meanwhile_is_told(importer: User, found: list[Undone]) -> None:
    """References are checked when a transaction ends: the one that ends last is refused, and the desk is whole."""
    editor = make_user("editor", "contributor")
    statement = make_statement(by=editor, title="Other")
    run = run_of({"organisations": "slug,name,kind\norg,Org,NGO\n"}, by=importer)

    def work() -> None:
        Issuer.objects.create(statement=statement, organisation=Organisation.objects.get(slug="org"), position=1)
        save_version(statement=statement, by=editor)

    with pytest.raises(IntegrityError):
        undone_during(work, run, by=importer, found=found)
    assert [item.label for item in found[0].removed] == ["Org"]
    assert statement.issuers.count() == 1
    assert list(offences()) == []


def test_what_somebody_saves_meanwhile_stays(importer: User, found: list[Undone]) -> None:
    editor = make_user("editor", "contributor")
    make_statement(by=editor, title="S")
    run = run_of({"statements": "slug,summary\ns,From the file.\n"}, by=importer)

    def work() -> None:
        statement = Statement.objects.select_for_update().get(slug="s")
        Statement.objects.filter(pk=statement.pk).update(summary="Mended.")
        save_version(statement=statement, by=editor)

    undone_during(work, run, by=importer, found=found)
    assert left_alone(found[0]) == {"S": "It was changed since, by editor."}
    assert list(offences()) == []
    assert Statement.objects.get(slug="s").summary == "Mended."
