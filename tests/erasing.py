"""Erasing in tests: what the preview shows, done as it was shown, with a look at whether the desk holds together."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from statements.actions.erasing import Preview, Target, erase, preview
from statements.models import Statement
from statements.record.check import offences
from tests import factories as f

NAME = "Ivan Petrov"
WORDS = f"We ask for the release of all 1007 political prisoners, {NAME} among them."


def erased(statement: Statement, *, by: User, reason: str = "safety", **target: Any) -> Preview:
    wanted = Target(**target)
    shown = preview(statement=statement, target=wanted, by=by)
    done = erase(statement=statement, target=wanted, reason=reason, by=by, digest=shown.digest)
    assert list(offences()) == []
    return done


def everything() -> str:
    """All that the database holds, as text, but for what log in sessions hold."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names of our own tables
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def statement_with_the_name(*, editor: User, reviewer: User) -> Statement:
    """Published, corrected, and changed once more, with a name in it that puts somebody in danger."""
    statement = f.make_statement(by=editor, title=f"On {NAME}", slug="on-a-prisoner")
    statement.wordings.update(text=WORDS)
    statement.mentions.update(note=f"He is {NAME}.", quote=f"prisoners, {NAME} among")
    f.publish_again(statement, by=editor, published_by=reviewer, revision="")
    statement.summary = f"The ministry names {NAME}."
    statement.save()
    f.publish_again(statement, by=editor, published_by=reviewer, revision="correction", note=f"He is called {NAME}.")
    return statement
