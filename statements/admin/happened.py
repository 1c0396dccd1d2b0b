"""What happened to a row meanwhile: marks that differ once something did, and who did what, in words."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.admin.display import moment
from statements.models import DemandUpdate, Move, ReferenceChange, Statement, Version

Marks = dict[str, Any]


@dataclass(frozen=True, order=True)
class Told:
    """A sentence on who did something. ``is_own``: it was whoever reads it."""

    at: datetime.datetime
    words: str
    is_own: bool = False

    def __str__(self) -> str:
        return self.words


#: More than these are not told one by one.
_TOLD = 5


def marks_of(model: type[models.Model], ids: Iterable[int]) -> dict[int, Marks]:
    """What differs as soon as somebody saved one of these rows or took a step with it. One query, however many."""
    rows = model._default_manager.filter(pk__in=list(ids))
    if model is Statement:
        newest = Version.objects.filter(statement=OuterRef("pk")).order_by("-number").values("number")[:1]
        moved = Move.objects.filter(statement=OuterRef("pk")).order_by("-id").values("id")[:1]
        columns = rows.annotate(newest=Subquery(newest), moved=Subquery(moved)).values_list(
            "pk", "newest", "moved", "step", "published_version__public_number", "withdrawn_at"
        )
        return {
            pk: {"version": number, "move": move, "step": step, "public": shown, "withdrawn": _iso(at)}
            for pk, number, move, step, shown, at in columns
        }
    if model is DemandUpdate:
        words = rows.values_list("pk", "published_at", "demand", "date_from", "date_until", "status", "source", "note")
        return {pk: {"published": _iso(at), "words": _digest(said)} for pk, at, *said in words}
    change = ReferenceChange.objects.filter(kind=model._meta.model_name, target_id=OuterRef("pk")).order_by("-id")
    changes = rows.annotate(newest=Subquery(change.values("id")[:1])).values_list("pk", "newest")
    return {pk: {"change": newest} for pk, newest in changes}


def _iso(at: datetime.datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def told_since(row: models.Model, marks: Marks, *, user: Any, at: float | None = None) -> list[Told]:
    """Who changed this row, when and through what, since it had these marks; the newest first.

    ``at`` is when it had them, for what only the admin's log knows. One to three queries.
    """
    if isinstance(row, Statement):
        known = _moves(row, marks, user) + _versions(row, marks, user)
    elif isinstance(row, DemandUpdate):
        known = []
    else:
        known = _changes(row, marks, user)
    found = sorted(known, reverse=True)[:_TOLD] or _logged(row, user, at)
    return found or [Told(timezone.now(), _("Somebody changed it; there is no record of who it was."))]


def _name(name: str, number: int | None, user: Any) -> str:
    if number is not None and number == user.pk:
        return _("You yourself, in another window,")
    return name or _("Somebody whose account is gone")


def _versions(row: Statement, marks: Marks, user: Any) -> list[Told]:
    since = Version.objects.filter(statement=row, number__gt=marks.get("version") or 0).defer("document")
    sentence = _("%(name)s saved version %(number)s on %(at)s (%(through)s)%(why)s.")
    told = []
    for one in since.order_by("-number")[:_TOLD]:
        words = sentence % {
            "name": _name(one.saved_by_name, one.saved_by_id, user),
            "number": one.number,
            "at": moment(one.saved_at),
            "through": one.get_through_display(),
            "why": f": {one.why.rstrip('.')}" if one.why else "",
        }
        told.append(Told(one.saved_at, words, one.saved_by_id == user.pk))
    return told


def _moves(row: Statement, marks: Marks, user: Any) -> list[Told]:
    since = Move.objects.filter(statement=row, id__gt=marks.get("move") or 0)
    sentence = _("%(name)s took a step on %(at)s: %(step)s%(note)s.")
    told = []
    for one in since.order_by("-id")[:_TOLD]:
        words = sentence % {
            "name": _name(one.by_name, one.by_id, user),
            "at": moment(one.at),
            "step": one.get_kind_display(),
            "note": f" ({one.note.rstrip('.')})" if one.note else "",
        }
        told.append(Told(one.at, words, one.by_id == user.pk))
    return told


def _changes(row: models.Model, marks: Marks, user: Any) -> list[Told]:
    of_this = ReferenceChange.objects.filter(kind=row._meta.model_name, target_id=row.pk)
    sentence = _("%(name)s changed it on %(at)s (%(through)s): %(fields)s.")
    told = []
    for one in of_this.filter(id__gt=marks.get("change") or 0).order_by("-id")[:_TOLD]:
        words = sentence % {
            "name": _name(one.saved_by_name, one.saved_by_id, user),
            "at": moment(one.saved_at),
            "through": one.get_through_display(),
            "fields": ", ".join(name.replace("_", " ") for name in one.changes),
        }
        told.append(Told(one.saved_at, words, one.saved_by_id == user.pk))
    return told


def _log(row: models.Model, pk: Any) -> models.QuerySet[LogEntry]:
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=str(pk))
    return entries.select_related("user").order_by("-action_time")


def _logged(row: models.Model, user: Any, at: float | None) -> list[Told]:
    """The log of the admin's forms: of what has no version, such as a desk note."""
    entries = _log(row, row.pk).filter(action_flag=CHANGE)
    if at is not None:
        entries = entries.filter(action_time__gte=datetime.datetime.fromtimestamp(at, tz=datetime.UTC))
    sentence = _("%(name)s saved it on %(at)s (form).")
    told = []
    for one in entries[:_TOLD]:
        words = sentence % {"name": _name(one.user.get_username(), one.user_id, user), "at": moment(one.action_time)}
        told.append(Told(one.action_time, words, one.user_id == user.pk))
    return told


def told_of_deletion(model: type[models.Model], pk: str, *, user: Any) -> str:
    """Who deleted the row that had this number."""
    entry = _log(model(), pk).filter(action_flag=DELETION).first()
    if entry is None:
        return _("It was deleted; there is no record of who did it.")
    return _("%(name)s deleted “%(label)s” on %(at)s.") % {
        "name": _name(entry.user.get_username(), entry.user_id, user),
        "label": entry.object_repr,
        "at": moment(entry.action_time),
    }
