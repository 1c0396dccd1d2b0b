"""Which reference data the record uses: that is what readers see of it, and no more."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q

from statements.models import (
    Demand,
    DemandUpdate,
    Facet,
    Measure,
    OldSlug,
    Organisation,
    Source,
    Speaker,
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
    """Whether any version that was ever published names this row: then it can't be deleted. Two queries."""
    model = type(row)
    kind = OldSlug.Kind(str(model._meta.model_name))
    slugs = [row.slug, *OldSlug.objects.filter(kind=kind, target_id=row.pk).values_list("slug", flat=True)]  # type: ignore[attr-defined]
    named = Q()
    for slug in slugs:
        named |= Q(**{f"document__context__{_IN_CONTEXT[model]}__has_key": slug})
    return Version.objects.published().filter(named).exists()
