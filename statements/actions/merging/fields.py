"""What a merge makes of the two rows' own fields and names: nothing blank stays blank, and no name is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from statements.models import Name, Organisation, Source, Speaker
from statements.models.derived import fill_folded, mirrored_names, names_of
from statements.models.names import folded_name

#: What a field is called that stands in two columns.
_PAIRS = {"published"}
_OWN = {"id", "slug", "canonical_url", "folded"}


@dataclass(frozen=True)
class Field:
    """A field in which the two differ. It is ``filled`` from the other where the survivor has nothing there; else the
    survivor's value stays.
    """

    name: str
    label: str
    value: Any
    other: Any

    @property
    def filled(self) -> bool:
        return self.value in (None, "")


def cells_of(row: models.Model) -> dict[str, str]:
    """Field -> value as a text, for all that is stored of this row itself. No query where its parent is loaded."""
    return {name: cell(value) for name, _label, value in _values(row)} | {"slug": row.slug}  # type: ignore[attr-defined]


def differing(survivor: models.Model, other: models.Model) -> list[Field]:
    """The fields in which the other says something that the survivor doesn't."""
    others = {name: value for name, _label, value in _values(other)}
    return [
        Field(name, label, value, others[name])
        for name, label, value in _values(survivor)
        if others[name] not in (None, "", value)
    ]


def fill(survivor: Any, fields: list[Field]) -> None:
    """Give the survivor the values that it lacks. Doesn't store it."""
    for field in fields:
        if field.filled:
            setattr(survivor, field.name, field.other)


def names_taken(survivor: Organisation | Speaker, other: Organisation | Speaker) -> list[Name]:
    """The names of the other that the filled survivor lacks, as unsaved rows of its own. Two queries."""
    rows = [*mirrored_names(survivor), *survivor.names.filter(kind=Name.Kind.OTHER)]
    known = {(row.name, row.language) for row in rows}
    taken: list[Name] = []
    for row in other.names.all():
        # A name without a language says no more than the same name in some language.
        there = {name for name, _language in known} if not row.language else set()
        if (row.name, row.language) not in known and row.name not in there:
            known.add((row.name, row.language))
            taken.append(
                names_of(survivor)(
                    owner=survivor,
                    kind=Name.Kind.OTHER,
                    name=row.name,
                    language=row.language,
                    folded=folded_name(row.name),
                )
            )
    return taken


def _values(row: models.Model) -> Iterator[tuple[str, str, Any]]:
    for field in row._meta.concrete_fields:
        name = field.name.removesuffix("_from")
        if field.name in _OWN or field.name.removesuffix("_until") in _PAIRS:
            continue
        label = name if name in _PAIRS else field.verbose_name
        yield name, str(capfirst(str(label))), getattr(row, name)


def cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value.slug) if hasattr(value, "slug") else str(value)


def store(survivor: Any, other: Any, fields: list[Field]) -> None:
    """The survivor with what it took. Only after the other is gone: a source's address may be one source's only."""
    if isinstance(survivor, Source) and any(field.name == "url" and field.filled for field in fields):
        survivor.canonical_url = other.canonical_url
    fill_folded(survivor)
    survivor.save()
