"""Room for indexes while very many rows are stored, and which of them are made when all rows are there.

Of those that stay, some are read meanwhile: by them what belongs to a statement is found, and SQLite looks by those of
all foreign keys whether a new row is one that others wait for. On PostgreSQL foreign keys wait, too.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.apps import apps
from django.db import connection

from statements.models import Entry, Statement
from statements.set_aside import SetAside, foreign_keys, indexes, run

#: By database: how a setting of a connection is read and written, and those under which much is written at once. Of
#: SQLite in kilobytes (negative) and in pages of four of them.
_SETTINGS: dict[str, tuple[str, str, dict[str, object]]] = {
    "sqlite": (
        "PRAGMA {}",
        "PRAGMA {} = {}",
        {"cache_size": -250_000, "wal_autocheckpoint": 50_000, "synchronous": 0, "threads": 2},
    ),
    "postgresql": (
        "SHOW {}",
        "SET {} = '{}'",
        {"synchronous_commit": "off", "work_mem": "64MB", "maintenance_work_mem": "512MB"},
    ),
}
#: Tables of PostgreSQL by whose rows others are looked for while they are stored.
_READ_BY = {model._meta.db_table for model in (Statement, Entry)}


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """Each statement puts rows in the middle of some indexes. With SQLite's usual cache of 2 MB their pages are
    written again and again; PostgreSQL packs long texts by the way that takes it a third of the time, where it knows
    that. What a machine that stops meanwhile would leave is of no use: nothing waits for the disk.

    Around a transaction; within one it does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    read, write, roomy = _SETTINGS[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
            if (True,) in cursor.fetchall():
                roomy = roomy | {"default_toast_compression": "lz4"}
        before = {}
        for name in roomy:
            cursor.execute(read.format(name))
            before[name] = cursor.fetchone()[0]
        for name, value in roomy.items():
            cursor.execute(write.format(name, value))
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(write.format(name, value))


@contextmanager
def made_afterwards() -> Iterator[None]:
    """Around what stores very many rows; within a transaction it does nothing, since what is stored there must be read
    there, too. Indexes and foreign keys are made again whatever happens, but when the process is killed. Raises
    IntegrityError where a row refers to nothing: that foreign key is not there then.
    """
    if connection.in_atomic_block:
        yield
        return
    tables = _tables()
    referred_to = connection.introspection.table_names() if connection.vendor == "sqlite" else _READ_BY
    dropped: list[SetAside] = []
    try:
        for one in [*foreign_keys(tables), *indexes(tables, referring_to=referred_to)]:
            run(one.drop)
            dropped.append(one)
        yield
    finally:
        with room_for_indexes(), ExitStack() as again:
            # The last first; one that fails keeps none of the others back.
            for one in dropped:
                again.callback(run, one.make)


def _tables() -> list[str]:
    models = apps.get_app_config("statements").get_models(include_auto_created=True)
    return [model._meta.db_table for model in models]
