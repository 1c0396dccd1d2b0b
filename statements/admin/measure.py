"""Measures on the desk."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.admin.desk.rivals import RivalPages
from statements.admin.display import counted
from statements.admin.reference import ReferenceAdmin
from statements.admin.search import find_measures
from statements.forms.reference import MeasureForm
from statements.models import Measure


@admin.register(Measure)
class MeasureAdmin(ReferenceAdmin):
    form = MeasureForm
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["name", ("unit", "basis"), ("place", "country"), "definition", "parent"]}),
        (_("On public pages"), {"fields": ["position", "slug"]}),
    ]
    list_display = ["name", "unit", "basis", "place", "parent", "position", "figures"]
    list_filter = ["basis"]
    search_help_text = _("Words of its name or place.")

    figures = counted("figure_count", _("figures"))

    def get_urls(self) -> list[Any]:
        return [*RivalPages(self).urls(), *super().get_urls()]

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_measures(queryset, term)

    def option_label(self, row: Measure) -> str:
        return f"{row.name} ({row.get_basis_display()}, {row.unit})"

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()
