"""All that names a row of reference data, and what a merge does with it. A relation that isn't here stops merges."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.bulk import batches
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Facet,
    Figure,
    Issuer,
    Measure,
    Organisation,
    OrganisationName,
    Source,
    Speaker,
    SpeakerHandle,
    SpeakerName,
    SpeakerRole,
    Wording,
)


class Way(Enum):
    """What becomes of the rows that name the other."""

    MOVE = "they name the survivor"
    PAIR = "they name the survivor; a pair that is there already goes"
    NAMES = "they become other names of the survivor"
    UPDATES = "two of one day become one"
    INDEX = "they are made anew"


@dataclass(frozen=True)
class Relation:
    """Rows of ``model`` name it by ``column``. ``label`` is a heading above what they are called: the column ``shown``.

    ``statement`` is the path to the statement whose content they are a part of. ``pair`` is the other column of a
    table of pairs.
    """

    model: type[models.Model]
    column: str
    way: Way = Way.MOVE
    label: str | Promise = ""
    shown: str = "statement__title"
    statement: str = ""
    pair: str = ""

    def rows(self, pk: int) -> models.QuerySet[Any, Any]:
        return self.model._default_manager.filter(**{self.column: pk}).order_by("pk")


_MENTION_ADDRESSEES = DemandMention.addressees.through
_DEMAND_ADDRESSEES = Demand.addressees.through
_PARTS = _("Parts of it")

RELATIONS: dict[type[models.Model], tuple[Relation, ...]] = {
    Organisation: (
        Relation(Issuer, "organisation", Way.MOVE, _("Statements in which it has a part"), statement="statement"),
        Relation(
            _MENTION_ADDRESSEES,
            "organisation",
            Way.PAIR,
            _("Demands in statements that name it as addressee"),
            "demandmention__statement__title",
            "demandmention__statement",
            pair="demandmention",
        ),
        Relation(
            CountObservation, "attributed_to", Way.MOVE, _("Figures that are attributed to it"), statement="statement"
        ),
        Relation(
            _DEMAND_ADDRESSEES, "organisation", Way.PAIR, _("Demands addressed to it"), "demand__title", pair="demand"
        ),
        Relation(Speaker, "organisation", Way.MOVE, _("People who belong to it"), "name"),
        Relation(Organisation, "parent", Way.MOVE, _PARTS, "name"),
        Relation(OrganisationName, "owner", Way.NAMES),
        Relation(Figure, "attributed_to", Way.INDEX),
    ),
    Speaker: (
        Relation(SpeakerRole, "speaker", Way.MOVE, _("Statements in which this person speaks"), statement="statement"),
        Relation(SpeakerHandle, "speaker", Way.MOVE, _("Accounts"), "handle"),
        Relation(SpeakerName, "owner", Way.NAMES),
    ),
    Source: (
        Relation(Citation, "source", Way.MOVE, _("Statements that cite it"), statement="statement"),
        Relation(Wording, "source", Way.MOVE, _("Words that were taken from it"), statement="statement"),
        Relation(DemandUpdate, "source", Way.UPDATES, _("Updates of demands that rest on it"), "demand__title"),
    ),
    Demand: (
        Relation(DemandMention, "demand", Way.MOVE, _("Statements that make it"), statement="statement"),
        Relation(DemandUpdate, "demand", Way.UPDATES, _("Updates of its status"), "source__title"),
        Relation(_DEMAND_ADDRESSEES, "demand", Way.PAIR, _("Addressees"), "organisation__name", pair="organisation"),
        Relation(Demand, "parent", Way.MOVE, _PARTS, "title"),
    ),
    Measure: (
        Relation(CountObservation, "measure", Way.MOVE, _("Figures"), statement="statement"),
        Relation(Measure, "parent", Way.MOVE, _PARTS, "name"),
        Relation(Figure, "measure", Way.INDEX),
    ),
}

#: By what readers find statements that name such a row.
FACETS: dict[type[models.Model], tuple[Facet, ...]] = {
    Organisation: (Facet.PART, Facet.ADDRESSEE, Facet.ATTRIBUTED),
    Speaker: (Facet.SPEAKER,),
    Source: (Facet.SOURCE,),
    Demand: (Facet.DEMAND, Facet.DEMAND_AS_ADDRESSED),
    Measure: (Facet.MEASURE,),
}


def unhandled(model: type[models.Model]) -> list[str]:
    """Foreign keys to this model, those of many-to-many tables, too, of which no merge knows what to do with them."""
    known = {(relation.model, relation.column) for relation in RELATIONS[model]}
    return [
        f"{field.related_model._meta.label}.{field.field.name}"
        for field in _foreign_keys(model)
        if (field.related_model, field.field.name) not in known
    ]


def _foreign_keys(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ManyToOneRel):
            yield field


def statements_naming(model: type[models.Model], pk: int) -> set[int]:
    """The statements whose content on the desk names this row. A query for each relation of that kind."""
    found: set[int] = set()
    for relation in RELATIONS[model]:
        if relation.statement:
            found |= set(relation.rows(pk).values_list(relation.statement, flat=True))
    return found


def move(relation: Relation, *, survivor: int, other: int) -> None:
    """Let the rows name the survivor. Not those of names and updates, which have more to say."""
    rows = relation.model._default_manager.filter(**{relation.column: other})
    if relation.way is Way.PAIR:
        there = relation.model._default_manager.filter(**{relation.column: survivor})
        for batch in batches(list(there.values_list(relation.pair, flat=True))):
            rows.filter(**{f"{relation.pair}__in": batch}).delete()
    rows.update(**{relation.column: survivor})
