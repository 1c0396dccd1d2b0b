"""The desk's front page: what waits for whoever opens it, and what the data needs. At most 60 queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.admin.changelist import said
from statements.admin.desk import rivals
from statements.admin.desk.lists import LATER
from statements.admin.desk.queues import NEEDS, PARAMETER, WAITING, Queue
from statements.models import PutOff

#: Beyond it a list is only said to be longer: nobody counts on.
MOST = 10_000
#: So many of what waits stand on the page itself.
SHOWN = 5


@dataclass(frozen=True)
class Item:
    title: str
    address: str
    told: str | SafeString


@dataclass(frozen=True)
class Line:
    """A list with how many stand in it. ``later`` leads to what is put off in it, where something is."""

    label: str | Promise
    explains: str | Promise
    number: int
    address: str
    put_off: int = 0
    later: str = ""
    items: Sequence[Item] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        return self.number > len(self.items)

    @property
    def count(self) -> str:
        return said(self.number, MOST)

    @property
    def put_off_count(self) -> str:
        return _("%(number)s put off") % {"number": said(self.put_off, MOST)}


@dataclass(frozen=True)
class FrontPage:
    """``has_role`` is False for a colleague whom nobody has given anything to do yet."""

    waiting: list[Line]
    needs: list[Line]
    has_role: bool

    @property
    def nothing_waits(self) -> bool:
        return not any(line.number or line.put_off for line in self.waiting)


def front_page(request: HttpRequest) -> dict[str, Any]:
    """What the template of the front page gets: ``desk``."""
    user = cast(User, request.user)
    later = set(PutOff.objects.active().order_by().values_list("queue", flat=True).distinct())
    waiting = [_line(*pair, user, later, shows_items=True) for pair in WAITING if user.has_perm(pair[1].sees)]
    needs = [_line(*pair, user, later) for pair in NEEDS if user.has_perm(pair[1].sees)]
    if user.has_perm(rivals.SEES):
        needs.append(_rivals())
    has_role = bool(waiting or needs or user.get_all_permissions())
    return {"desk": FrontPage(waiting, needs, has_role)}


def _line(
    model: type[models.Model], queue: Queue, user: User, later: Collection[str], *, shows_items: bool = False
) -> Line:
    """One query; one more where something is put off in this list (``later`` has its name), and one with items."""
    rows: Any = model._default_manager.all()
    waiting: Any = queue.waiting(rows, user)
    number = waiting.count_to(MOST)
    put_off = cast(Any, queue.put_off(rows, user)).count_to(MOST) if queue.name in later else 0
    name = model._meta.model_name
    address = f"{reverse(f'admin:statements_{name}_changelist')}?{PARAMETER}={queue.name.replace(' ', '+')}"
    items = []
    if shows_items and number:
        shown = queue.with_told(waiting).order_by(*(queue.order or ("pk",)))[:SHOWN]
        items = [
            Item(
                str(row),
                reverse(f"admin:statements_{name}_change", args=[quote(row.pk)]),
                queue.tells(row) if queue.tells else "",
            )
            for row in shown
        ]
    return Line(queue.label, queue.explains, number, address, put_off, f"{address}&{LATER}=yes", items)


def _rivals() -> Line:
    address = reverse("admin:statements_measure_rivals")
    waiting, put_off = rivals.days()
    return Line(
        PutOff.Queue.RIVALS.label.capitalize(),
        _("Published figures of one measure and day that differ. All stand; one may have been read wrongly."),
        len(waiting),
        address,
        len(put_off),
        f"{address}?{LATER}=yes",
    )


# The project's site knows no application: this one tells it what its front page says.
cast(Any, admin.site).front_page = front_page
