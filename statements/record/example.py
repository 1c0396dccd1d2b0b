"""A public statement by which addresses can be explained: examples that lead somewhere on every site."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from statements.models import Demand, Entry, Facet, Figure, Link, Measure, Organisation, Speaker
from statements.record.reading import NEWEST_FIRST

#: Among so many of the newest the one is looked for that has most to show.
_AMONG = 50

_MODELS: dict[str, type[models.Model]] = {
    Facet.ISSUER: Organisation,
    Facet.SPEAKER: Speaker,
    Facet.DEMAND: Demand,
    Facet.DEMAND_AS_ADDRESSED: Demand,
    Facet.ADDRESSEE: Organisation,
    Facet.MEASURE: Measure,
}

#: Of one statement: facet -> the row that it is found by, the first one.
Rows = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """What a statement can be found by: slugs of today, one of each, and blank where it has none. ``version`` is the
    number of the version that readers see, ``figure`` the key of a figure in it.
    """

    slug: str
    title: str
    version: int
    kind: str
    language: str
    year: int
    issuer: str = ""
    country: str = ""
    speaker: str = ""
    demand: str = ""
    theme: str = ""
    addressee: str = ""
    measure: str = ""
    figure: str = ""

    @property
    def shows(self) -> int:
        """How much of it there is."""
        return sum(1 for value in vars(self).values() if value)


def example() -> Example | None:
    """None where nothing is public. At most eight queries."""
    columns = ("pk", "slug", "title", "version__public_number", "kind", "language", "issued_from")
    entries = list(Entry.objects.order_by(*NEWEST_FIRST).values_list(*columns)[:_AMONG])
    rows = _rows([row[0] for row in entries])
    examples = [
        Example(slug, title, number, kind, language, issued.year, **_found_by(rows.get(pk, {})))
        for pk, slug, title, number, kind, language, issued in entries
    ]
    # The newest of those that show as much.
    best = max(examples, key=lambda one: one.shows, default=None)
    return best and replace(best, figure=_first_figure(best.slug))


def _first_figure(slug: str) -> str:
    return Figure.objects.filter(entry__slug=slug).order_by("pk").values_list("key", flat=True).first() or ""


def _rows(entries: list[int]) -> dict[int, Rows]:
    links = Link.objects.filter(entry__in=entries, facet__in=_MODELS).order_by("pk")
    targets = list(links.values_list("entry", "facet", "target_id"))
    stored = {
        model: _with_addressees(model).in_bulk({pk for _entry, facet, pk in targets if _MODELS[facet] is model})
        for model in set(_MODELS.values())
    }
    found: dict[int, Rows] = {}
    for entry, facet, pk in targets:
        if pk in stored[_MODELS[facet]]:
            found.setdefault(entry, {}).setdefault(facet, stored[_MODELS[facet]][pk])
    return found


def _with_addressees(model: type[models.Model]) -> Any:
    return model._default_manager.prefetch_related("addressees") if model is Demand else model._default_manager


def _found_by(rows: Rows) -> dict[str, str]:
    slugs = {facet: row.slug for facet, row in rows.items()}
    addressees = []
    if Facet.DEMAND_AS_ADDRESSED in rows:
        addressees = sorted(organisation.slug for organisation in rows[Facet.DEMAND_AS_ADDRESSED].addressees.all())
    return {
        "issuer": slugs.get(Facet.ISSUER, ""),
        "country": rows[Facet.ISSUER].country if Facet.ISSUER in rows else "",
        "speaker": slugs.get(Facet.SPEAKER, ""),
        "demand": slugs.get(Facet.DEMAND, ""),
        "theme": rows[Facet.DEMAND].theme if Facet.DEMAND in rows else "",
        "addressee": slugs.get(Facet.ADDRESSEE, "") or next(iter(addressees), ""),
        "measure": slugs.get(Facet.MEASURE, ""),
    }
