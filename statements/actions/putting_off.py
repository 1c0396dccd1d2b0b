"""Putting off an item of a list on the desk's front page, and taking that back."""

import datetime
from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.models import PutOff

#: Who works through a list may put off what stands in it.
PERMISSIONS: Mapping[str, str] = {
    PutOff.Queue.REVIEW: "statements.publish_statement",
    PutOff.Queue.RETURNED: "statements.change_statement",
    PutOff.Queue.DRAFTS: "statements.change_statement",
    PutOff.Queue.SCHEDULED: "statements.publish_statement",
    PutOff.Queue.UPDATES: "statements.publish_demandupdate",
    PutOff.Queue.WORDS: "statements.change_statement",
    PutOff.Queue.QUOTES: "statements.change_statement",
    PutOff.Queue.DATES: "statements.change_statement",
    PutOff.Queue.RIVALS: "statements.change_statement",
    PutOff.Queue.STALE: "statements.add_demandupdate",
}


def may_put_off(user: User | AnonymousUser | AbstractBaseUser, queue: str) -> bool:
    return queue in PERMISSIONS and user.has_perm(PERMISSIONS[queue])  # type: ignore[union-attr]  # all who log in do


@transaction.atomic
def put_off(*, queue: str, item: str, until: datetime.date, reason: str, by: User) -> PutOff:
    """Leave an item out of its list, for everybody, until a day comes. Other lists that it stands in keep it."""
    reasons = [] if may_put_off(by, queue) else [_("You may not put off what stands in this list.")]
    if until <= timezone.localdate():
        reasons.append(_("Choose a day that is still to come: on that day it is back in the list."))
    if not reason.strip():
        reasons.append(_("Say why it can wait, so that colleagues know."))
    values = {"until": until, "reason": reason.strip(), "at": timezone.now(), "by": by, "by_name": by.get_username()}
    if reasons:
        raise Refusal(reasons)
    row, is_new = PutOff.objects.select_for_update(of=("self",)).get_or_create(queue=queue, item=item, defaults=values)
    if is_new:
        return row
    if row.until > timezone.localdate():
        told = {"name": row.by_name, "day": row.until.isoformat()}
        raise Refusal([_("%(name)s put it off until %(day)s already: take that back first.") % told])
    # Its day came, and it still stands in the list: what was written then is over.
    PutOff.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return row


@transaction.atomic
def take_back(*, put_off: PutOff, by: User) -> None:
    """The item is back in its list at once."""
    if not may_put_off(by, put_off.queue):
        raise Refusal([_("You may not take this back: it is not your list.")])
    PutOff.objects.filter(pk=put_off.pk).delete()
