"""The cases of the benchmark that write: saving and publishing one statement, and making the index anew."""

from collections.abc import Callable, Iterator

from django.contrib.auth.models import User
from django.db import connection, transaction

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.actions.versions import save_versions
from statements.models import Entry, Statement, Through, Version
from statements.record.document import load
from tests.bench.bounds import FLOOR
from tests.bench.cases import Case, Run
from tests.bench.work import Stopwatch

#: Statements from all over the data: those of one day might lie on one page of a table.
_STATEMENTS = 50


def writing() -> Iterator[Case]:
    """Nothing of it stays: each is undone with its transaction."""
    entries = Entry.objects.order_by("pk").values_list("pk", flat=True)
    first, last = entries[0], entries.reverse()[0]
    numbers = [first + (last - first) * part // _STATEMENTS for part in range(_STATEMENTS)]
    ids = iter([entries.filter(pk__gte=number)[0] for number in numbers] * 1000)
    yield Case("saving", "writing", _undone(_save, ids), beside=FLOOR, is_page=False)
    yield Case("publishing", "writing", _undone(_publish, ids), beside=FLOOR, is_page=False)


def _undone(write: Callable[[Statement, Stopwatch], None], ids: Iterator[int]) -> Run:
    def run(watch: Stopwatch) -> int:
        with transaction.atomic():
            write(Statement.objects.get(pk=next(ids)), watch)
            transaction.set_rollback(True)
        return 0

    return run


def _save(statement: Statement, watch: Stopwatch) -> None:
    editor = User.objects.create_superuser("who saves")
    statement.summary += " Changed."
    with watch:
        statement.save()
        _version_of(statement, editor)
        _check()


def _publish(statement: Statement, watch: Stopwatch) -> None:
    editor, reviewer = (User.objects.create_superuser(name) for name in ("who saves", "who publishes"))
    statement.summary += " Changed."
    statement.save()
    _version_of(statement, editor)
    submit(statement=statement, by=editor)
    with watch:
        publish(statement=statement, by=reviewer, revision=Version.Revision.MINOR)
        _check()


def _version_of(statement: Statement, by: User) -> None:
    save_versions(bundles=load([statement.pk]).values(), by=by, through=Through.FORM)


def _check() -> None:
    """What PostgreSQL would check with the commit, which never comes."""
    if connection.vendor == "postgresql":
        connection.check_constraints()
