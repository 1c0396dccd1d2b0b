"""Which reference data the record uses: that is what readers see of it, and no more."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from statements.models import (
    PARTS_IN_IT,
    Demand,
    DemandUpdate,
    Facet,
    Link,
    Measure,
    OldSlug,
    Organisation,
    Source,
    Speaker,
    Version,
)

_FACETS: dict[type[models.Model], tuple[Facet, ...]] = {
    Organisation: (*PARTS_IN_IT, Facet.ADDRESSEE, Facet.ATTRIBUTED),
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
    linked = Link.objects.filter(facet__in=_FACETS[model]).values("target_id")
    condition = Q(pk__in=linked)
    demands = Link.objects.filter(facet=Facet.DEMAND).values("target_id")
    if model is Organisation:
        condition |= Q(pk__in=Demand.addressees.through.objects.filter(demand__in=demands).values("organisation"))
    if model is Source:
        condition |= Q(pk__in=DemandUpdate.objects.published().filter(demand__in=demands).values("source"))
    return condition


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
