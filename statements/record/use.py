"""Which reference data the record uses: that is what readers see of it, and no more."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from statements.models import (
    Demand,
    DemandUpdate,
    Facet,
    Measure,
    NamedOnce,
    OldSlug,
    Organisation,
    Source,
    Speaker,
    Statement,
    Tally,
    Version,
)

_FACETS: dict[type[models.Model], tuple[Facet, ...]] = {
    Organisation: (Facet.PART, Facet.ADDRESSEE, Facet.ATTRIBUTED),
    Speaker: (Facet.SPEAKER,),
    Source: (Facet.SOURCE,),
    Demand: (Facet.DEMAND,),
    Measure: (Facet.MEASURE,),
}


def used_by_the_record(model: type[models.Model]) -> Q:
    """The condition on rows of ``model`` that readers may see.

    An organisation also when a demand that readers see is addressed to it; a source also when a published update of
    such a demand rests on it. What is only the parent of a row, or a person's organisation, is not thereby public.
    """
    condition = Q(found_by("pk", *_FACETS[model]))
    is_made = found_by("demand", Facet.DEMAND)
    if model is Organisation:
        condition |= Q(Exists(Demand.addressees.through.objects.filter(is_made, organisation=OuterRef("pk"))))
    if model is Source:
        condition |= Q(Exists(DemandUpdate.objects.published().filter(is_made, source=OuterRef("pk"))))
    return condition


def found_by(column: str, *facets: Facet) -> Exists:
    """Whether public statements are found by what this column names."""
    return Exists(Tally.objects.filter(of__in=facets, target_id=OuterRef(column)))


def in_public_use(model: type[models.Model], ids: Iterable[int]) -> set[int]:
    """Those of these rows that readers see. One query."""
    rows = model._default_manager.filter(used_by_the_record(model), pk__in=list(ids))
    return set(rows.values_list("pk", flat=True))


_IN_CONTEXT: dict[type[models.Model], str] = {
    Organisation: "organisations",
    Speaker: "speakers",
    Source: "sources",
    Demand: "demands",
    Measure: "measures",
}


def named_by_a_published_version(row: models.Model) -> bool:
    """Whether any version that was ever published names this row: then it can't be deleted. Three queries, and one more
    where it once was named and is found by nothing now: it may have been erased, so the versions say it.

    What readers see now is found by what it names: then only the versions are read that readers don't see any more. But
    whom a demand was addressed to on its day stands in a version only: of organisations all versions are read.
    """
    model = type(row)
    if Tally.objects.filter(of__in=_FACETS[model], target_id=row.pk).exists():
        return True
    kind, part = OldSlug.Kind(str(model._meta.model_name)), _IN_CONTEXT[model]
    slugs = [row.slug, *OldSlug.objects.filter(kind=kind, target_id=row.pk).values_list("slug", flat=True)]  # type: ignore[attr-defined]
    if not NamedOnce.objects.filter(part=part, slug__in=slugs).exists():
        return False
    versions = Version.objects.published()
    if model is not Organisation:
        versions = versions.filter(statement__in=_with_hidden_versions())
    named = Q()
    for slug in slugs:
        named |= Q(**{f"document__context__{part}__has_key": slug})
    return versions.filter(named).exists()


def _with_hidden_versions() -> models.QuerySet[Any, Any]:
    """The numbers of the statements with a published version that readers don't see now: few of all."""
    withdrawn = Statement.objects.filter(withdrawn_at__isnull=False).order_by().values("pk")
    return withdrawn.union(Version.objects.filter(public_number__gt=1).order_by().values("statement"))
