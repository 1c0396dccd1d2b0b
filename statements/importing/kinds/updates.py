"""Updates of demands: claims on how a demand stood on a day, identified by demand, date and source."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.importing.columns import ChoiceWidget, Column, PartialDateWidget, ReferenceWidget, TextWidget
from statements.importing.drafts import Draft
from statements.importing.kinds.base import Kind
from statements.models import Demand, DemandUpdate, Source


class DemandUpdates(Kind):
    kind_name = "demand_updates"
    purpose = gettext_lazy("How a demand stood on a day, and which source says so.")
    model = DemandUpdate

    demand = Column("demand", ReferenceWidget(Demand), required=True, example="example-release-all")
    date = Column(
        "date", PartialDateWidget(), required=True, help_text=gettext_lazy("When it stood so."), example="2022-03-01"
    )
    status = Column("status", ChoiceWidget(DemandUpdate.Status), required=True, example="partly met")
    source = Column("source", ReferenceWidget(Source), required=True, example="example-centre-2022-01-27")
    note = Column("note", TextWidget(), example="Some were freed; the centre counts the demand as partly met.")

    def identify(self, drafts: list[Draft]) -> None:
        complete = [draft for draft in drafts if all(draft.values.get(name) for name in ("demand", "date", "source"))]
        demands = {draft.values["demand"].pk for draft in complete} - {None}
        rows = DemandUpdate.objects.filter(demand__in=demands).select_related("demand", "source")
        stored = {_identity(row.demand, row.date, row.source): row for row in rows}
        seen: dict[Any, Draft] = {}
        for draft in complete:
            identity = _identity(*(draft.values[name] for name in ("demand", "date", "source")))
            if identity in seen:
                self.refuse_twice(seen[identity], draft)
                continue
            seen[identity] = draft
            self.take(draft, stored.get(identity), self.new_instance)

    def check(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            if draft.changes and draft.instance.published_at is not None:
                draft.refuse("", _("Readers see this update. A reviewer withdraws it first, then it can be changed."))


def _identity(demand: Demand, date: Any, source: Source) -> tuple[Any, ...]:
    return demand.slug, date, source.slug
