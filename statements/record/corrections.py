"""What was changed after publication: versions after a statement's first, and statements that were withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, IntegerField, Q, Value

from statements.models import Statement, Version


@dataclass(frozen=True)
class Correction:
    """A version that took the place of ``before``; or, where ``before`` is None, the one that was withdrawn last."""

    version: Version
    before: Version | None


def corrections() -> models.QuerySet[Any, Any]:
    """What identifies each, newest first; ``with_versions`` reads the versions of a page of them.

    A statement that was withdrawn is there once: its versions answer 410 now, those that corrected others, too.
    """
    # Through the narrow index of public numbers: only the few rows found there are read whole.
    later = Version.objects.published().filter(public_number__gt=1).order_by().values("pk")
    revised = Version.objects.filter(pk__in=later, statement__withdrawn_at__isnull=True).order_by()
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False, published_version__isnull=False).order_by()
    columns = ("at", "of", "nth", "shown")
    return (
        revised.annotate(at=F("published_at"), of=F("statement"), nth=F("public_number"), shown=F("pk"))
        .values_list(*columns)
        .union(
            withdrawn.annotate(
                at=F("withdrawn_at"), of=F("pk"), nth=Value(0, IntegerField()), shown=F("published_version")
            ).values_list(*columns),
            all=True,
        )
        .order_by("-at", "-of", "-nth")
    )


def with_versions(rows: Iterable[Any]) -> list[Correction]:
    """These rows of ``corrections``, in their order. One query, which reads two documents a row at most."""
    wanted = [(of, nth, shown) for _at, of, nth, shown in rows]
    condition = Q(pk__in=[shown for _of, _nth, shown in wanted])
    for of, nth, _shown in wanted:
        if nth:
            condition |= Q(statement=of, public_number=nth - 1)
    versions = Version.objects.filter(condition).select_related("statement__entry").order_by()
    # Of the statement's row no more than readers may know: the rest is the desk's.
    read = versions.only(
        "document",
        "public_number",
        "published_at",
        "four_eyes_waived",
        "statement__withdrawn_at",
        "statement__withdrawn_reason",
        "statement__entry__slug",
        "statement__entry__title",
    )
    by_pk = {version.pk: version for version in read}
    by_number = {(version.statement_id, version.public_number): version for version in by_pk.values()}
    return [Correction(by_pk[shown], by_number[of, nth - 1] if nth else None) for of, nth, shown in wanted]
