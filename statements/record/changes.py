"""What happened to statements in public, one event after the other: what readers of an older copy of the data need.

Nothing that was not public is an event: no draft, no step on the desk, no scheduled publication. Of a statement that is
withdrawn there is what /corrections/ tells and nothing else: that, when and why.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from statements.models import Erasure, Move, Statement, Version

_BATCH = 1000


class Change(models.TextChoices):
    PUBLISHED = "published", _("published for the first time")
    MINOR = Version.Revision.MINOR.value, _("a new version with a minor fix")
    CORRECTION = Version.Revision.CORRECTION.value, _("a new version with a correction")
    # Before the desk asked what a change is.
    NEW_VERSION = "new version", _("a new version")
    WITHDRAWN = "withdrawn", _("withdrawn with all its versions")
    AGAIN = "published again", _("published again as it was, after it had been withdrawn")
    ERASED = "erased", _("words, or all, of a version erased for good")


def change_rows(since: datetime.datetime | None = None) -> Iterator[dict[str, Any]]:
    """The rows of the table of changes, the oldest first; ``since``: of that moment and later. One query."""
    parts = [part.filter(at__gte=since) if since else part for part in _parts()]
    columns = [part.values_list(*_COLUMNS) for part in parts]
    events = columns[0].union(*columns[1:], all=True).order_by("at", "of", "happened", "nth")
    for at, pk, slug, what, number, note in events.iterator(chunk_size=_BATCH):
        yield {
            "key": _key(at, pk, what, number),
            "time": at.isoformat(timespec="seconds"),
            "statement": slug,
            "what": what,
            **_versions(what, number),
            "note": note,
        }


def _versions(what: str, number: int) -> dict[str, int | None]:
    """Of a withdrawal and an erasure nothing comes after; of the first publication nothing was before."""
    if what in (Change.WITHDRAWN, Change.ERASED):
        return {"from_version": number or None, "to_version": None}
    return {"from_version": number - 1 or None if what != Change.AGAIN else number, "to_version": number}


def _key(at: datetime.datetime, pk: int, what: str, number: int) -> str:
    if what in (Change.WITHDRAWN, Change.AGAIN, Change.ERASED):
        return f"{pk}-{what.replace(' ', '-')}-{number}-{at:%Y%m%dT%H%M%S%f}"
    return f"{pk}-{number}"


#: ``nth`` is the number of the version: the new one, that which was erased or shown again; 0 of a withdrawal.
_COLUMNS = ("at", "of", "slug_of", "happened", "nth", "told")


def _parts() -> list[models.QuerySet[Any, Any]]:
    return [_new_versions(), _withdrawn_now(), _withdrawn_before(), _shown_again(), _erased()]


def _public(path: str) -> Q:
    return Q(**{f"{path}__published_version__isnull": False, f"{path}__withdrawn_at__isnull": True})


def _text(words: str) -> Value:
    return Value(words, TextField())


def _new_versions() -> models.QuerySet[Any, Any]:
    versions = Version.objects.published().filter(_public("statement")).order_by()
    happened = Case(
        When(public_number=1, then=Value(Change.PUBLISHED.value)),
        When(revision="", then=Value(Change.NEW_VERSION.value)),
        default=F("revision"),
        output_field=CharField(),
    )
    return versions.annotate(
        at=F("published_at"),
        of=F("statement"),
        slug_of=F("statement__slug"),
        happened=happened,
        nth=F("public_number"),
        told=F("revision_note"),
    )


def _withdrawn_now() -> models.QuerySet[Any, Any]:
    """A slug is words, too: where all was erased, it is not told."""
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False, published_version__isnull=False).order_by()
    slug = Case(
        When(published_version__document__has_key="content", then=F("slug")),
        default=_text(""),
        output_field=CharField(),
    )
    return withdrawn.annotate(
        at=F("withdrawn_at"),
        of=F("pk"),
        slug_of=slug,
        happened=Value(Change.WITHDRAWN.value, CharField()),
        nth=Value(0, IntegerField()),
        told=F("withdrawn_reason"),
    )


def _withdrawn_before() -> models.QuerySet[Any, Any]:
    moves = Move.objects.filter(_public("statement"), kind=Move.Kind.WITHDRAWN).order_by()
    return moves.annotate(
        of=F("statement_id"),
        slug_of=F("statement__slug"),
        happened=Value(Change.WITHDRAWN.value, CharField()),
        nth=Value(0, IntegerField()),
        told=F("note"),
    )


def _shown_again() -> models.QuerySet[Any, Any]:
    """Where a new version was published after a withdrawal, that is the event."""
    withdrawals = Move.objects.filter(kind=Move.Kind.WITHDRAWN)
    between = withdrawals.filter(
        statement=OuterRef("statement"), at__gt=OuterRef("version__published_at"), at__lt=OuterRef("at")
    )
    # The few that were ever withdrawn are looked up, not every publication there was.
    moves = Move.objects.filter(
        _public("statement"), Exists(between), kind=Move.Kind.PUBLISHED, statement__in=withdrawals.values("statement")
    )
    return moves.order_by().annotate(
        of=F("statement_id"),
        slug_of=F("statement__slug"),
        happened=Value(Change.AGAIN.value, CharField()),
        nth=F("version__public_number"),
        told=_text(""),
    )


def _erased() -> models.QuerySet[Any, Any]:
    """Only what was erased when readers could have read it: a later version that says the same takes the tombstone
    along. The kind of reason stands at the version's address.
    """
    erasures = Erasure.objects.filter(_public("version__statement"), version__published_at__lte=F("at")).order_by()
    return erasures.annotate(
        of=F("version__statement"),
        slug_of=F("version__statement__slug"),
        happened=Value(Change.ERASED.value, CharField()),
        nth=F("version__public_number"),
        told=F("reason"),
    )
