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


#: What identifies each, whichever table it stands in.
_COLUMNS = ("at", "of", "nth", "shown", "reason")

Rows = models.QuerySet[Any, Any]


@dataclass(frozen=True)
class _Part:
    """Rows in the order of their index, and where each of _COLUMNS stands in them."""

    rows: Rows
    columns: dict[str, Any]

    def newest(self, most: int) -> Rows:
        newest = self.rows.model._default_manager.filter(pk__in=self.rows.values("pk")[:most]).order_by()
        return newest.annotate(**self.columns).values_list(*_COLUMNS)


class Corrections:
    """What identifies each change of a kind, or of every kind, newest first: to be cut into pages, of which
    ``with_versions`` reads the versions. Of each kind no more is read than if there were no other.

    Of a statement that is withdrawn there is nothing else: its versions answer 410 now, those that corrected others,
    too. A withdrawal stays when the statement was published again; its reason was public.
    """

    def __init__(self, kind: str = "") -> None:
        self._parts = [_revised(kind)] if kind != Kind.WITHDRAWAL else []
        if kind in ("", Kind.WITHDRAWAL):
            self._parts += [_withdrawn_now(), _withdrawn_before()]

    def __getitem__(self, wanted: slice) -> list[Any]:
        """One query."""
        newest = _united(part.newest(wanted.stop) for part in self._parts)
        return list(newest.order_by("-at", "-of", "-nth")[wanted])

    def count(self) -> int:
        """One query, which reads no more than indexes of the few that were changed or withdrawn."""
        return _united(part.rows.order_by().values("pk") for part in self._parts).count()


def _united(parts: Iterable[Rows]) -> Rows:
    first, *others = parts
    return first.union(*others, all=True) if others else first


def _revised(kind: str) -> _Part:
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False).order_by().values("pk")
    revised = Version.objects.filter(~Q(statement__in=withdrawn), public_number__gt=1)
    revised = revised.filter(revision=kind) if kind else revised
    columns = {"at": F("published_at"), "of": F("statement"), "nth": F("public_number"), "shown": F("pk")}
    return _Part(
        revised.order_by("-published_at", "-statement_id", "-public_number"),
        columns | {"reason": Value("", TextField())},
    )


def _withdrawn_now() -> _Part:
    """Nothing else was ever withdrawn than what was published."""
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")
    columns = {"at": F("withdrawn_at"), "of": F("pk"), "shown": F("published_version"), "reason": F("withdrawn_reason")}
    return _Part(withdrawn, columns | {"nth": Value(0, IntegerField())})


def _withdrawn_before() -> _Part:
    """Of what is public again: while it is withdrawn, it is there once."""
    before = Move.objects.filter(kind=Move.Kind.WITHDRAWN, statement__withdrawn_at__isnull=True)
    public = before.filter(statement__published_version__isnull=False).order_by("-at", "-statement_id")
    columns = {"of": F("statement"), "shown": F("statement__published_version"), "reason": F("note")}
    return _Part(public, columns | {"nth": Value(0, IntegerField())})


def with_versions(rows: Iterable[Any]) -> list[Correction]:
    """These rows of ``Corrections``, in their order, without the versions of what was withdrawn since they were read.
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
