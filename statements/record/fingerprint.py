"""A fingerprint of all that readers may see: another one as soon as anything of it may be another."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import CharField, Count, Max, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language

from statements.models import DemandUpdate, Erasure, Link, Move, OldSlug, ReferenceChange

#: Of tables to which rows are only added, the newest are looked at: whoever is stored late, with a smaller number than
#: the newest, is still among so many.
_NEWEST = 100

_PACKAGE = Path(__file__).parent.parent


def fingerprint() -> str:
    """64 hexadecimal digits. One query, which reads a few hundred narrow rows however much there is.

    Publishing and withdrawing take a step; every change of reference data that was public, by form, import, undo or
    merge, is recorded; a merge gives a slug up; an erasure leaves its tombstone; an update of a demand is changed only
    while it is not public. The day is part of it, since files and the status of a demand name it; so are the settings
    that files name, and this program itself, which may word and order them otherwise after an upgrade.
    """
    parts: list[object] = [
        sorted(_state()),
        timezone.localdate().isoformat(),
        get_language(),
        settings.SITE_NAME,
        settings.SITE_URL,
        settings.DATA_LICENCE,
        settings.CONTACT_EMAIL,
        _program(),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _state() -> list[tuple[str, ...]]:
    seen_by_readers = (Move.Kind.PUBLISHED, Move.Kind.WITHDRAWN)
    first, *others = (
        _newest("steps", Move.objects.filter(kind__in=seen_by_readers)),
        _newest("changes", ReferenceChange.objects.all()),
        _newest("old slugs", OldSlug.objects.all()),
        _newest("erasures", Erasure.objects.all()),
        _newest("index", Link.objects.all()),  # it was made anew
        _summed("updates", DemandUpdate.objects.published(), Max("published_at")),
    )
    return list(first.union(*others, all=True))


def _newest(name: str, rows: QuerySet) -> QuerySet:
    newest = rows.order_by("-pk").values("pk")[:_NEWEST]
    return _summed(name, rows.model._default_manager.filter(pk__in=newest), Max("pk"))


def _summed(name: str, rows: QuerySet, latest: models.Aggregate) -> QuerySet:
    """A row of texts, since columns of a union have one type each."""
    summed = rows.order_by().values(of=Value(name, CharField()))
    columns = {"number": Count("pk"), "total": Sum("pk"), "latest": latest}
    return summed.annotate(**{key: Cast(value, CharField()) for key, value in columns.items()}).values_list(
        "of", *columns
    )


@lru_cache(maxsize=1)
def _program() -> str:
    """Of the code, the schema and the drawings from which files are made."""
    files = [*_PACKAGE.glob("*.py"), *(path for name in ("models", "record", "public") for path in _sources(name))]
    files += (_PACKAGE.parent / "templates" / "statements" / "charts").rglob("*.svg")
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(path.relative_to(_PACKAGE.parent).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def _sources(name: str) -> list[Path]:
    return [path for path in (_PACKAGE / name).rglob("*") if path.suffix in (".py", ".json")]
