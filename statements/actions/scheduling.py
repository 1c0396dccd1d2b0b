"""Publishing at a time: a reviewer approves now, and the site or a command publishes when it is due.

What is due is tried once. When it is refused, the reasons stand in ``Schedule.refused`` until somebody publishes it,
schedules it anew, takes it off the schedule or changes it: it never appears by itself at a time that nobody chose.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.moves import Kind, latest_version_ids, locked, reasons_against, record, take_off_schedule
from statements.actions.publishing import (
    publish_all,
    reasons_against_answer,
    reasons_against_publishing,
    revised_among,
)
from statements.actions.refusal import Refusal
from statements.models import Schedule, Statement

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """What became of a statement whose time had come. It was published where there are no ``reasons``."""

    title: str
    reasons: list[str] = field(default_factory=list)


@transaction.atomic
def schedule(*, statement: Statement, by: User, publish_at: datetime, revision: str = "", note: str = "") -> Schedule:
    """Approve a statement now and let readers see it at a time; what is scheduled gets the new time.

    Refused for the same reasons as ``publish``, and when the time has passed. ``revision`` as there.
    """
    locked(statement)
    reasons = [
        *reasons_against_publishing(statement=statement, by=by),
        *reasons_against_answer(statement=statement, revision=revision, note=note),
    ]
    if publish_at <= timezone.now():
        reasons.append(_("This time has passed: choose one in the future."))
    if reasons:
        raise Refusal(reasons)
    is_revision = bool(revised_among([statement.pk]))
    version = latest_version_ids([statement.pk])[statement.pk]
    Statement.objects.filter(pk=statement.pk).update(step=Statement.Step.SCHEDULED)
    made, _is_new = Schedule.objects.update_or_create(
        statement=statement,
        defaults={
            "version_id": version,
            "publish_at": publish_at,
            "by": by,
            "by_name": by.get_username(),
            "revision": revision if is_revision else "",
            "revision_note": note.strip() if is_revision else "",
            "refused": "",
            "refused_at": None,
        },
    )
    record(
        Kind.SCHEDULED,
        statement_ids=[statement.pk],
        by=by,
        note=_("For %(time)s UTC.") % {"time": f"{publish_at:%Y-%m-%d %H:%M}"},
        versions={statement.pk: version},
    )
    statement.refresh_from_db()
    return made


@transaction.atomic
def unschedule(*, statement: Statement, by: User, note: str = "") -> None:
    """Take a statement off the schedule: it waits for a reviewer again."""
    stored = locked(statement)
    reasons = reasons_against(Kind.UNSCHEDULED, statement=stored, by=by)
    if reasons:
        raise Refusal(reasons)
    take_off_schedule(statement_ids=[stored.pk], by=by, note=note.strip())
    statement.refresh_from_db()


def publish_due() -> Iterator[Due]:
    """Publish what is due, each in a transaction of its own, and say what became of it. One indexed query when nothing
    is. Safe to run twice, and twice at once: a statement that somebody works on just now is left for the next time.
    """
    due = Schedule.objects.filter(publish_at__lte=timezone.now(), refused_at__isnull=True)
    for pk in list(due.order_by("publish_at", "pk").values_list("statement_id", flat=True)):
        try:
            came = _publish_one(pk)
        except OperationalError as error:
            # The database is busy or gone: that is no reason against the statement, and the next time may do.
            logger.warning("Statement %d could not be published at its time yet: %s", pk, error)
            return
        except Exception:
            logger.exception("Statement %d could not be published at its time.", pk)
            came = _note_failure(pk)
        if came is not None:
            yield came


def publish_all_due() -> None:
    """What the running site does every minute: ``publish_due`` with a line of the log on each."""
    for due in publish_due():
        if due.reasons:
            logger.warning("Not published at its time: %s: %s", due.title, " ".join(due.reasons))
        else:
            logger.info("Published at its time: %s", due.title)


@transaction.atomic
def _publish_one(pk: int) -> Due | None:
    """None where it is no longer due, or somebody works on it."""
    found = _due(pk)
    if found is None:
        return None
    reasons = []
    if found.version_id != latest_version_ids([pk]).get(pk):
        reasons.append(_("It was changed after it had been approved."))
    try:
        # With a savepoint: what was refused leaves nothing but the reasons.
        with transaction.atomic():
            _publish(found)
            if reasons:
                raise Refusal([])
    except Refusal as refusal:
        reasons += refusal.reasons
    if reasons:
        _refuse(found, reasons)
    return Due(found.statement.title, reasons)


def _publish(found: Schedule) -> None:
    # An account that is gone has no permission, as one that is closed.
    by = found.by or User(username=found.by_name, is_active=False)
    publish_all(statements=[found.statement], by=by, revision=found.revision, note=found.revision_note, scheduled=True)


def _due(pk: int) -> Schedule | None:
    """Its statement is locked before it is read: whoever changes either holds that lock."""
    can_skip = connection.features.has_select_for_update_skip_locked
    rows = Statement.objects.select_for_update(of=("self",), skip_locked=can_skip)
    if not rows.filter(pk=pk, step=Statement.Step.SCHEDULED).values_list("pk"):
        return None
    due = Schedule.objects.filter(statement=pk, publish_at__lte=timezone.now(), refused_at__isnull=True)
    return due.select_related("statement", "by").first()


def _refuse(found: Schedule, reasons: list[str]) -> None:
    found.refused, found.refused_at = "\n".join(reasons), timezone.now()
    found.save(update_fields=["refused", "refused_at"])


@transaction.atomic
def _note_failure(pk: int) -> Due | None:
    found = _due(pk)
    if found is None:
        return None
    reasons = [_("It failed in a way that was not foreseen. Publish it by hand, or tell whoever runs this site.")]
    _refuse(found, reasons)
    return Due(found.statement.title, reasons)
