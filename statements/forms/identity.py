"""What a row is known by when nobody said so: slugs and keys, derived and not taken."""

from typing import Any

from django.db import models

from statements import text
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    OldSlug,
    Source,
    SpeakerRole,
    Statement,
    Version,
    Wording,
)
from statements.record.use import named_by_a_published_version

_SLUG_LENGTH = 120

#: The rows whose contents name other rows by slug in a statement's versions.
_NAMING = (Issuer, SpeakerRole, Wording, Citation, DemandMention, CountObservation)

Keyed = Wording | DemandMention | CountObservation


class _StoredKeys:
    """The keys of a table as a container, one query for each question."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def __contains__(self, key: object) -> bool:
        return self.model._default_manager.filter(key=key).exists()


def new_key(row: Keyed) -> str:
    """A key for a row that is about to be stored, from what identifies it, as the import makes it."""
    prefix, parts = _identity(row)
    return text.short_key(prefix, row.statement.slug, *parts, taken=_StoredKeys(type(row)))


def _identity(row: Keyed) -> tuple[str, list[str]]:
    if isinstance(row, Wording):
        return "w", [row.language, row.kind, row.source.slug if row.source else ""]
    if isinstance(row, DemandMention):
        return "m", [row.demand.slug, row.quote, row.locator]
    values: list[Any] = [
        row.measure.slug,
        row.qualifier,
        row.value,
        row.value_to,
        row.wording,
        row.as_of,
        row.since,
        row.attributed_to.slug if row.attributed_to else None,
        row.attributed_wording,
    ]
    return "c", ["" if value is None else str(value) for value in values]


def derived_source_slug(source: Source) -> str:
    """From publisher, title and date; from the address where only that is known."""
    address = source.url.partition("://")[2].removeprefix("www.").partition("?")[0]
    named = source.publisher or source.title
    date = source.published.isoformat() if source.published else ""
    words = [source.publisher, source.title] if named else [address]
    room = text.SLUG_LENGTH - len(date)
    return "-".join(filter(None, (text.slugify(" ".join(words), max_length=room), text.slugify(date))))


def is_old_slug(row: models.Model, slug: str) -> bool:
    """Whether this slug was given out before and leads to another row than this one."""
    kind = OldSlug.Kind(str(row._meta.model_name))
    return OldSlug.objects.filter(kind=kind, slug=slug).exclude(target_id=row.pk or 0).exists()


def free_slug(row: models.Model, wanted: str) -> str:
    """``wanted``, or the first of wanted-2, wanted-3, ... that no other row has or had. "" where nothing is wanted."""
    others = type(row)._default_manager.exclude(pk=row.pk)
    number, slug = 1, wanted
    while slug and (others.filter(slug=slug).exists() or is_old_slug(row, slug)):
        number += 1
        ending = f"-{number}"
        slug = wanted[: _SLUG_LENGTH - len(ending)].rstrip("-") + ending
    return slug


def slug_is_fixed(row: models.Model) -> bool:
    """Whether the slug of this stored row must stay: versions name rows by it. A few queries."""
    if isinstance(row, Statement):
        named = row.related_from.exists()
        return named or Version.objects.published().filter(statement=row).exists()
    for relation in row._meta.related_objects:
        model = relation.related_model
        if model in _NAMING and model._default_manager.filter(**{relation.field.name: row}).exists():
            return True
    return named_by_a_published_version(row)
