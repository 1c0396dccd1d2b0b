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
    SpeakerRole,
    Statement,
    Version,
    Wording,
)
from statements.record.use import in_public_use, named_by_a_published_version

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


def is_old_slug(row: models.Model, slug: str) -> bool:
    """Whether this slug was given out before and leads to another row than this one."""
    kind = OldSlug.Kind(str(row._meta.model_name))
    return OldSlug.objects.filter(kind=kind, slug=slug).exclude(target_id=row.pk or 0).exists()


class _TakenSlugs:
    """The slugs that another row has or had, as a container, two queries for each question."""

    def __init__(self, row: models.Model) -> None:
        self.row = row
        self.others = type(row)._default_manager.exclude(pk=row.pk)

    def __contains__(self, slug: object) -> bool:
        return self.others.filter(slug=slug).exists() or is_old_slug(self.row, str(slug))


def free_slug(row: models.Model, wanted: str) -> str:
    """``wanted``, or the first of wanted-2, wanted-3, ... that no other row has or had. "" where nothing is wanted."""
    return text.free_slug(wanted, taken=_TakenSlugs(row))


def slug_is_fixed(row: models.Model) -> bool:
    """Whether the slug of this stored row must stay: versions and readers name rows by it. A few queries."""
    if isinstance(row, Statement):
        named = row.related_from.exists()
        return named or Version.objects.published().filter(statement=row).exists()
    for relation in row._meta.related_objects:
        model = relation.related_model
        if model in _NAMING and model._default_manager.filter(**{relation.field.name: row}).exists():
            return True
    # Versions are looked through for what nobody sees.
    return row.pk in in_public_use(type(row), [row.pk]) or named_by_a_published_version(row)


def leads_back(row: models.Model, target: Any, reference: str) -> bool:
    """Whether ``target``, through others by their ``reference``, leads back to this row: a query a step.

    A row that names itself is refused by its own rule, with its own sentence.
    """
    if target is None or row.pk is None or target.pk == row.pk:
        return False
    seen: set[int] = set()
    while target is not None and target.pk not in seen:
        seen.add(target.pk)
        target = getattr(target, reference)
    return row.pk in seen
