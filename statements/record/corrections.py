"""What was changed after publication: versions after a statement's first, and withdrawals."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, IntegerField, Q, TextField, Value

from statements.models import Move, Statement, Version


class Kind(models.TextChoices):
    """By what the list is filtered. What was published before the desk asked for the kind of a change has none."""

    CORRECTION = Version.Revision.CORRECTION.value
    MINOR = Version.Revision.MINOR.value
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Correction:
    """A version that took the place of ``before``; or, where that is None, a withdrawal: ``at`` when, ``reason`` why.
    Its ``version`` is then the one that readers saw last, or see now.
    """

    at: datetime.datetime
    version: Version
    before: Version | None
    reason: str

    @property
    def is_withdrawn_still(self) -> bool:
        return self.before is None and self.version.statement.withdrawn_at is not None


def corrections(kind: str = "") -> models.QuerySet[Any, Any]:
    """What identifies each, newest first; ``with_versions`` reads the versions of a page of them.

    Of a statement that is withdrawn there is nothing else: its versions answer 410 now, those that corrected others,
    too. A withdrawal stays when the statement was published again; its reason was public.
    """
    found = []
    if kind != Kind.WITHDRAWAL:
        found.append(_revised(kind))
    if kind in ("", Kind.WITHDRAWAL):
        found += [_withdrawn_now(), _withdrawn_before()]
    first, *others = found
    every = first.union(*others, all=True) if others else first
    return every.order_by("-at", "-of", "-nth")


_COLUMNS = ("at", "of", "nth", "shown", "reason")


def _revised(kind: str) -> models.QuerySet[Any, Any]:
    # Through the narrow index of public numbers: only the few rows found there are read whole.
    later = Version.objects.published().filter(public_number__gt=1).order_by().values("pk")
    revised = Version.objects.filter(pk__in=later, statement__withdrawn_at__isnull=True).order_by()
    revised = revised.filter(revision=kind) if kind else revised
    columns = {"at": F("published_at"), "of": F("statement"), "nth": F("public_number"), "shown": F("pk")}
    return revised.annotate(**columns, reason=Value("", TextField())).values_list(*_COLUMNS)


def _withdrawn_now() -> models.QuerySet[Any, Any]:
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False, published_version__isnull=False).order_by()
    columns = {"at": F("withdrawn_at"), "of": F("pk"), "shown": F("published_version"), "reason": F("withdrawn_reason")}
    return withdrawn.annotate(**columns, nth=Value(0, IntegerField())).values_list(*_COLUMNS)


def _withdrawn_before() -> models.QuerySet[Any, Any]:
    """Of what is public again: while it is withdrawn, it is there once."""
    before = Move.objects.filter(kind=Move.Kind.WITHDRAWN, statement__withdrawn_at__isnull=True).order_by()
    public = before.filter(statement__published_version__isnull=False)
    columns = {"of": F("statement"), "shown": F("statement__published_version"), "reason": F("note")}
    return public.annotate(**columns, nth=Value(0, IntegerField())).values_list(*_COLUMNS)


def with_versions(rows: Iterable[Any]) -> list[Correction]:
    """These rows of ``corrections``, in their order, without the versions of what was withdrawn since they were read.
    One query, which reads two documents a row at most.
    """
    wanted = list(rows)
    condition = Q(pk__in={shown for _at, _of, _nth, shown, _reason in wanted})
    for _at, of, nth, _shown, _reason in wanted:
        if nth:
            condition |= Q(statement=of, public_number=nth - 1)
    versions = Version.objects.filter(condition).select_related("statement__entry").order_by()
    # Of the statement's row no more than readers may know: the rest is the desk's.
    read = versions.only(
        "document",
        "public_number",
        "published_at",
        "four_eyes_waived",
        "revision",
        "revision_note",
        "statement__withdrawn_at",
        "statement__entry__slug",
        "statement__entry__title",
    )
    by_pk = {version.pk: version for version in read}
    by_number = {(version.statement_id, version.public_number): version for version in by_pk.values()}
    return [
        Correction(at, by_pk[shown], by_number[of, nth - 1] if nth else None, reason)
        for at, of, nth, shown, reason in wanted
        if not nth or by_pk[shown].statement.withdrawn_at is None
    ]
