"""The content version: another one as soon as anything that readers may see is another.

Whatever changes what readers may see calls ``readers_see_a_change`` in its transaction. That writes a new mark, drawn
by lot, into a row of a small table; all marks together are the content version. So it is one query of one narrow row,
or of a few; no content version ever comes back, not after a backup was restored, either, since no mark is drawn twice;
and it is there for others at the very moment at which the change itself is.

One row for all would make those who publish at the same time wait for each other, and with the other rows that they
hold, for ever. So each transaction takes a row that no other holds at that moment, and makes one where there is none:
nobody waits. A journal of numbered rows, of which the newest are read, would miss whoever took a number and was stored
only after many others; here no row is ever left out.
"""

import secrets

from django.db import InterfaceError, OperationalError, connection, transaction

from statements.models import PublicChange

_QUERY = f'SELECT mark FROM "{PublicChange._meta.db_table}" ORDER BY id'  # noqa: S608  # a name of our own


def content_version() -> str:
    """Of all that readers may see now. One query, past the ORM: each public page asks it, and often nothing else.

    What is read after it is of this content version or of a later one. What is made from that may be kept under it: it
    is never older than it says, and nobody asks for this content version any more once there is a later one.
    """
    is_kept = connection.connection is not None and not connection.in_atomic_block
    if is_kept:
        # As often as not this is all that a request asks, and it tells as well as Django's own query before the first
        # whether the connection that was kept still works.
        connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return _marks()
    except (InterfaceError, OperationalError):
        if not is_kept:
            raise
        connection.close()
        return _marks()


def _marks() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_QUERY)
        return "-".join(mark for (mark,) in cursor.fetchall())


@transaction.atomic(savepoint=False)
def readers_see_a_change() -> None:
    """From the end of this transaction on the content version is another. Two queries; none of them waits.

    Outside of a transaction call it after the change, or what is made in between would be kept as the new one.
    """
    free = PublicChange.objects.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True).first()
    mark = secrets.token_hex(16)
    if free is None:
        PublicChange.objects.create(mark=mark)
    else:
        PublicChange.objects.filter(pk=free).update(mark=mark)
